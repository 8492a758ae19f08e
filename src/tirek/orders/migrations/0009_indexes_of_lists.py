"""The indexes by which the lists of orders are read, however many there are."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("orders", "0008_read_by_index")]
    operations = [
        RemoveIndexConcurrently(
            model_name='order',
            name='orders_order_supplier',
        ),
        RemoveIndexConcurrently(
            model_name='order',
            name='orders_order_place',
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(models.Q(models.Q(('office_task', ''), _negated=True), ('state', 'refused'), _connector='OR'), ('state__in', ('submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused'))), fields=['territory_code', 'state_since'], include=('id',), name='orders_order_for_office'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(Left('territory_code', 2), models.F('state'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='orders_order_region'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['territory_code', 'state', '-created_at', '-id'], name='orders_order_place'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused'])), fields=['territory_code', 'state', 'due_at', 'soon_at'], include=('created_at', 'id'), name='orders_order_place_open'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['organisation', 'state', '-created_at', '-id'], name='orders_order_org'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused'])), fields=['organisation', 'state', 'due_at', 'soon_at'], include=('created_at', 'id', 'territory_code'), name='orders_order_org_open'),
        ),
    ]
