"""Orders that are fitted are among the open ones: the indexes of open orders are built anew."""

from collections.abc import Iterator

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left

STATES = (
    'submitted', 'clarifying', 'awaiting_top_up', 'fitting', 'fitting_times', 'fitting_agreed',
    'fitting_check', 'accepted', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'disputed', 'replacing', 'money_owed',
)  # fmt: skip
INDEXES = (
    models.Index(condition=models.Q(models.Q(models.Q(('office_task', ''), _negated=True), ('state__in', ['disputed', 'refused']), _connector='OR'), ('state__in', STATES)), fields=['territory_code', 'state_since'], include=('id',), name='orders_order_for_office'),
    models.Index(condition=models.Q(models.Q(('state__in', ['accepted', 'fitting', 'fitting_agreed', 'in_preparation', 'money_owed', 'on_the_way', 'refused', 'replacing', 'submitted']), models.Q(('pay_to__isnull', True), ('state', 'awaiting_top_up')), _connector='OR'), models.Q(('office_task', 'review'), _negated=True)), fields=['organisation', 'due_at', 'created_at', 'id'], name='orders_order_for_supplier'),
    models.Index(condition=models.Q(('state__in', STATES)), fields=['version_of_offer', 'state'], include=('quantity', 'received_so_far'), name='orders_order_held'),
    models.Index(condition=models.Q(('state__in', STATES)), fields=['person', 'territory_code'], include=('state', 'id'), name='orders_order_person_open'),
    models.Index(Left('territory_code', 2), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('state__in', list(STATES))), include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_new'),
    models.Index(Left('territory_code', 2), models.F('due_at'), models.F('id'), condition=models.Q(('state__in', list(STATES))), include=('state', 'soon_at', 'territory_code'), name='orders_order_region_due'),
    models.Index(Left('territory_code', 2), models.F('number'), models.F('id'), condition=models.Q(('state__in', list(STATES))), include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_number'),
    models.Index(condition=models.Q(('state__in', list(STATES))), fields=['territory_code', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at'), name='orders_order_place_due'),
    models.Index(condition=models.Q(('state__in', list(STATES))), fields=['organisation', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at', 'territory_code'), name='orders_order_org_due'),
    models.Index(condition=models.Q(('state__in', list(STATES))), fields=['organisation', '-created_at', '-id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_new'),
    models.Index(condition=models.Q(('state__in', list(STATES))), fields=['organisation', 'number', 'id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_number'),
)


def anew(index: models.Index) -> Iterator[migrations.operations.base.Operation]:
    """The old index serves under another name until the new one is there: lists stay quick meanwhile."""
    old = f"{index.name}_old"
    yield migrations.RunSQL(
        f"ALTER INDEX IF EXISTS {index.name} RENAME TO {old}", f"ALTER INDEX IF EXISTS {old} RENAME TO {index.name}"
    )
    yield migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveIndex('order', index.name)])
    yield AddIndexConcurrently('order', index)
    yield migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {old}", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("orders", "0021_fitting")]
    operations = [operation for index in INDEXES for operation in anew(index)]
