"""Where the person was told to pay to; and orders whose payment is to be returned are among the open ones."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [('orders', '0010_figures')]
    operations = [
        migrations.AddField(
            model_name='order',
            name='pay_to',
            field=models.UUIDField(help_text="Row of the supplier's bank details that the person was shown.", null=True),
        ),
        RemoveIndexConcurrently(model_name='order', name='orders_order_for_office'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(models.Q(models.Q(('office_task', ''), _negated=True), ('state', 'refused'), _connector='OR'), ('state__in', ('submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'))), fields=['territory_code', 'state_since'], include=('id',), name='orders_order_for_office'),
        ),
        RemoveIndexConcurrently(model_name='order', name='orders_order_place_open'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['territory_code', 'state', 'due_at', 'soon_at'], include=('created_at', 'id'), name='orders_order_place_open'),
        ),
        RemoveIndexConcurrently(model_name='order', name='orders_order_org_open'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['organisation', 'state', 'due_at', 'soon_at'], include=('created_at', 'id', 'territory_code'), name='orders_order_org_open'),
        ),
    ]
