"""Unread messages of a supplier are counted on every page: by an index of the unread ones alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("correspondence", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("desk", "supplier"), ("read_at__isnull", True)),
                fields=["organisation_id", "-created_at"],
                name="correspondence_firm_unread",
            ),
        ),
    ]
