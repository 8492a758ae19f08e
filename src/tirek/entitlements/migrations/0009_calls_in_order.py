"""Calls that wait in a region are read in their order from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("entitlements", "0008_figures")]
    operations = [
        AddIndexConcurrently(
            model_name='orderingterm',
            index=models.Index(fields=['state_since', 'id'], include=('territory_code',), name='entitlements_term_call_order', condition=Q(call_waits=True)),
        ),
    ]
