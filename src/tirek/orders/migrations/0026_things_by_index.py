"""What items say of themselves is never missing, and is found by indexes that are built while people work."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

_COLUMNS = ('case_id', 'case_number', 'case_type', 'kind_id', 'line_id')
#: With a constraint that is proven, a column becomes NOT NULL without a look at the rows.
_TOLD = [
    "ALTER TABLE orders_item ADD CONSTRAINT orders_item_told CHECK ("
    + ' AND '.join(f'{one} IS NOT NULL' for one in _COLUMNS)
    + ') NOT VALID',
    'ALTER TABLE orders_item VALIDATE CONSTRAINT orders_item_told',
    'ALTER TABLE orders_item ' + ', '.join(f'ALTER COLUMN {one} SET NOT NULL' for one in _COLUMNS),
    'ALTER TABLE orders_item DROP CONSTRAINT orders_item_told',
]


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [('orders', '0025_things_filled')]
    operations = [
        *(migrations.RunSQL(one, migrations.RunSQL.noop) for one in _TOLD[:-1]),
        migrations.RunSQL(
            _TOLD[-1],
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='item',
                    name='case_id',
                    field=models.UUIDField(),
                ),
                migrations.AlterField(
                    model_name='item',
                    name='case_number',
                    field=models.CharField(max_length=32),
                ),
                migrations.AlterField(
                    model_name='item',
                    name='case_type',
                    field=models.CharField(help_text='Type of the case by which they came: order or purchase.', max_length=20),
                ),
                migrations.AlterField(
                    model_name='item',
                    name='kind',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind'),
                ),
                migrations.AlterField(
                    model_name='item',
                    name='line',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='entitlements.line'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='item',
            name='maker',
            field=models.CharField(blank=True, help_text='The maker as it is compared; empty: it was not told.', max_length=120),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['offer', 'id'], name='orders_item_offer'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['version', 'id'], name='orders_item_version'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['make', 'id'], name='orders_item_make'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['kind', 'number', 'maker'], name='orders_item_serial'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['case_id'], name='orders_item_case'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['line'], name='orders_item_line'),
        ),
        AddIndexConcurrently(
            model_name='item',
            index=models.Index(fields=['organisation', 'number'], name='orders_item_answers'),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY orders_item_bought_once ON orders_item (kind_id, maker, number) "
            "WHERE batch_id IS NULL AND ended_on IS NULL AND offer_id IS NULL AND NOT number = ''",
            'DROP INDEX CONCURRENTLY IF EXISTS orders_item_bought_once',
            state_operations=[
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.UniqueConstraint(condition=models.Q(('batch__isnull', True), ('ended_on__isnull', True), ('offer__isnull', True), models.Q(('number', ''), _negated=True)), fields=('kind', 'maker', 'number'), name='orders_item_bought_once'),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivery__isnull', True), ('offer__isnull', True), ('version__isnull', True)), models.Q(('delivery__isnull', False), ('make__isnull', True), ('offer__isnull', False), ('version__isnull', False)), _connector='OR'), name='orders_item_source'),
        ),
        ValidateConstraint(model_name='item', name='orders_item_source'),
    ]
