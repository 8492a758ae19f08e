"""Batches that are not handed over are found by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [('orders', '0022_fitting_by_index')]
    operations = [
        AddIndexConcurrently(
            model_name='batch',
            index=models.Index(condition=models.Q(('state', 'free'), _negated=True), fields=['kind', 'number'], name='orders_batch_not_free'),
        ),
    ]
