"""Goods may come in parts and other ones for refused ones; a question may be open, a refusal with the commission: such
orders are among the open ones, and the indexes of open orders are built anew.
"""

from collections.abc import Iterator

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models.functions import Left

STATES = (
    'submitted', 'clarifying', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation',
    'refused', 'disputed', 'replacing', 'money_owed',
)  # fmt: skip
OPEN = models.Q(('state__in', list(STATES)))
INDEXES = (
    models.Index(condition=models.Q(models.Q(models.Q(('office_task', ''), _negated=True), ('state__in', ['disputed', 'refused']), _connector='OR'), ('state__in', STATES)), fields=['territory_code', 'state_since'], include=('id',), name='orders_order_for_office'),
    models.Index(condition=models.Q(models.Q(('state__in', ['accepted', 'in_preparation', 'money_owed', 'on_the_way', 'refused', 'replacing', 'submitted']), models.Q(('pay_to__isnull', True), ('state', 'awaiting_top_up')), _connector='OR'), models.Q(('office_task', 'review'), _negated=True)), fields=['organisation', 'due_at', 'created_at', 'id'], name='orders_order_for_supplier'),
    models.Index(condition=models.Q(('state__in', STATES)), fields=['version_of_offer', 'state'], include=('quantity', 'received_so_far'), name='orders_order_held'),
    models.Index(condition=models.Q(('state__in', STATES)), fields=['person', 'territory_code'], include=('state', 'id'), name='orders_order_person_open'),
    models.Index(Left('territory_code', 2), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=OPEN, include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_new'),
    models.Index(Left('territory_code', 2), models.F('due_at'), models.F('id'), condition=OPEN, include=('state', 'soon_at', 'territory_code'), name='orders_order_region_due'),
    models.Index(Left('territory_code', 2), models.F('number'), models.F('id'), condition=OPEN, include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_region_number'),
    models.Index(condition=OPEN, fields=['territory_code', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at'), name='orders_order_place_due'),
    models.Index(condition=OPEN, fields=['organisation', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at', 'territory_code'), name='orders_order_org_due'),
    models.Index(condition=OPEN, fields=['organisation', '-created_at', '-id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_new'),
    models.Index(condition=OPEN, fields=['organisation', 'number', 'id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='orders_order_org_number'),
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
    dependencies = [("orders", "0015_org_lists")]
    operations = [
        migrations.AddField(
            model_name='delivery',
            name='person_part',
            field=models.DecimalField(decimal_places=2, help_text='What the person pays of it, tenge; empty: of the order.', max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='refused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='asked_about',
            field=models.CharField(blank=True, choices=[('address', 'where to deliver'), ('phone', 'the phone for the delivery'), ('comment', 'the message for the courier'), ('sizes', 'the sizes of the recipient'), ('document', 'a photo or a document'), ('words', 'something else, in words')], db_default='', default='', help_text='What the person is asked about; the question stands in the journal.', max_length=20),
        ),
        migrations.AddField(
            model_name='order',
            name='monthly_parts',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='In how many parts, one a month, the person wants the goods.'),
        ),
        migrations.AddField(
            model_name='order',
            name='received_so_far',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Units received while others are still to come.'),
        ),
        migrations.AddField(
            model_name='order',
            name='replace_by',
            field=models.DateField(help_text='The last day on which the supplier brings other goods.', null=True),
        ),
        migrations.AlterField(
            model_name='order',
            name='cancel_reason',
            field=models.CharField(blank=True, choices=[('person', 'cancelled by the person'), ('lapsed', 'the supplier did not answer in time'), ('top_up', 'the payment did not come in time'), ('taken_back', 'the supplier took it back'), ('no_answer', 'decided for the person: the supplier did not answer the refusal'), ('commission', 'decided for the person by the commission'), ('not_replaced', 'the supplier did not bring other goods in time')], max_length=20),
        ),
        migrations.AlterField(
            model_name='order',
            name='office_task',
            field=models.CharField(blank=True, choices=[('confirmation', 'contact the person'), ('late', 'late: ask the supplier'), ('review', 'look whether it goes on'), ('of_age', 'came of age: who acts now?'), ('money', 'see that the payment is returned'), ('question', "the supplier's question is not answered"), ('dispute', "the commission's decision is late")], db_default='', default='', help_text='What an officer is asked to do.', max_length=20),
        ),
        *(step for index in INDEXES for step in anew(index)),
        AddConstraintNotValid(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('refused_at__isnull', True), _connector='OR'), name='orders_delivery_one_answer'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('monthly_parts__gte', 1), ('received_so_far__lt', models.F('quantity'))), name='orders_order_parts'),
        ),
        ValidateConstraint('delivery', 'orders_delivery_one_answer'),
        ValidateConstraint('order', 'orders_order_parts'),
    ]
