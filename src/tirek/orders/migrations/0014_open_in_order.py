"""Open orders of a desk are read in the order of their ends from an index, within a region newest first, too; a driver's
orders by the day on which they were sent.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Built while people work; the indexes before serve until the new ones are there."""

    atomic = False
    dependencies = [("orders", "0013_words_of_a_refusal")]
    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state', 'on_the_way')), fields=['organisation', '-state_since'], include=('id', 'number'), name='orders_order_under_way'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(Left('territory_code', 2), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_new'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(Left('territory_code', 2), models.F('due_at'), models.F('id'), condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), include=('state', 'soon_at', 'territory_code'), name='orders_order_region_due'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['territory_code', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at'), name='orders_order_place_due'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['organisation', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at', 'territory_code'), name='orders_order_org_due'),
        ),
        RemoveIndexConcurrently(model_name='order', name='orders_order_place_open'),
        RemoveIndexConcurrently(model_name='order', name='orders_order_org_open'),
    ]
