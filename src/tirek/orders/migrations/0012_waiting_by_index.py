"""What waits for a supplier, what is held of an offer, and the orders of people in the order of their names are read
from indexes alone, however many orders there are.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("orders", "0011_paying")]
    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(models.Q(('state__in', ['accepted', 'in_preparation', 'money_owed', 'on_the_way', 'refused', 'submitted']), models.Q(('pay_to__isnull', True), ('state', 'awaiting_top_up')), _connector='OR'), models.Q(('office_task', 'review'), _negated=True)), fields=['organisation', 'due_at', 'created_at', 'id'], name='orders_order_for_supplier'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ('submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'))), fields=['version_of_offer', 'state'], include=('quantity',), name='orders_order_held'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ('submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'))), fields=['person', 'territory_code'], include=('state', 'id'), name='orders_order_person_open'),
        ),
    ]
