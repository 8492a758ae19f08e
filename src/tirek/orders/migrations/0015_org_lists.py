"""Open orders of a supplier are read newest first, and those of a region, too, in the order of their numbers, from an
index.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left

OPEN = models.Q(
    ('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])
)


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("orders", "0014_open_in_order")]
    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(Left('territory_code', 2), models.F('number'), models.F('id'), condition=OPEN, include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_number'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=OPEN, fields=['organisation', '-created_at', '-id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_new'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=OPEN, fields=['organisation', 'number', 'id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_number'),
        ),
    ]
