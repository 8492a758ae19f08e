"""Parts fit what local bodies have bought."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [('orders', '0026_things_by_index'), ('parts', '0002_tables')]
    operations = [
        migrations.AddField(
            model_name='partfit',
            name='make',
            field=models.ForeignKey(db_index=False, help_text='Of what local bodies have bought.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='part_fits', to='orders.make'),
        ),
        migrations.RunSQL(
            'ALTER TABLE parts_partfit ALTER COLUMN offer_id DROP NOT NULL',
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='partfit',
                    name='offer',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='part_fits', to='catalogue.offer'),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name='partfit',
            index=models.Index(fields=['make'], include=('part',), name='parts_fit_make'),
        ),
        migrations.RunSQL(
            'CREATE UNIQUE INDEX CONCURRENTLY parts_fit_make_once ON parts_partfit (part_id, make_id) '
            'WHERE make_id IS NOT NULL',
            'DROP INDEX CONCURRENTLY IF EXISTS parts_fit_make_once',
            state_operations=[
                migrations.AddConstraint(
                    model_name='partfit',
                    constraint=models.UniqueConstraint(condition=models.Q(('make__isnull', False)), fields=('part', 'make'), name='parts_fit_make_once'),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name='partfit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('make__isnull', True), ('offer__isnull', False)), models.Q(('make__isnull', False), ('offer__isnull', True), ('variant__isnull', True)), _connector='OR'), name='parts_fit_one'),
        ),
        ValidateConstraint(model_name='partfit', name='parts_fit_one'),
    ]
