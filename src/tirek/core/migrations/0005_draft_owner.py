"""Drafts are found by who began them, too."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index, built beside the running work."""

    atomic = False
    dependencies = [("core", "0004_amendments")]
    operations = [
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(condition=models.Q(("state__in", ["open", "waiting"])), fields=["owner_id"], name="core_draft_owner"),
        ),
    ]
