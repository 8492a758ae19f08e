"""The public register is read newest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("suppliers", "0003_joining")]
    operations = [
        AddIndexConcurrently(
            model_name="supplier",
            index=models.Index(fields=['-registered_on', '-id'], name='suppliers_supplier_newest'),
        ),
    ]
