"""What is compared with the offers again is found by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("demand", "0002_as_it_is_needed")]
    operations = [
        AddIndexConcurrently(
            model_name="demand",
            index=models.Index(
                fields=["looked_at"],
                name="demand_sought",
                condition=models.Q(answered_on__isnull=True, by_parameters=True),
            ),
        ),
    ]
