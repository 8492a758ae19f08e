"""Who could not order is counted over all regions by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("demand", "0004_shortages")]
    operations = [
        AddIndexConcurrently(
            model_name="shortage",
            index=models.Index(fields=["on"], include=["kind", "territory_code", "line"], name="demand_shortage_counted"),
        ),
    ]
