"""A report keeps back a batch or something else, never both: proven for every row."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that added it, so that nobody waits for the proof."""

    dependencies = [('aftercare', '0003_stops')]
    operations = [ValidateConstraint(model_name='harm', name='aftercare_harm_one')]
