"""Goods without a batch are kept back, too; the local body answers where a supplier has no desk."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aftercare', '0002_tables'),
        ('orders', '0024_things'),
        ('organisations', '0002_append_only'),
        ('people', '0006_sorted_by_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='harm',
            name='stop',
            field=models.ForeignKey(help_text='What is kept back without a batch.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='harms', to='orders.stop'),
        ),
        migrations.AddField(
            model_name='telling',
            name='but',
            field=models.ForeignKey(help_text='Whose holders know it already.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.stop'),
        ),
        migrations.AddField(
            model_name='telling',
            name='stop',
            field=models.ForeignKey(help_text='Whose holders are told; empty: those of the batch.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.stop'),
        ),
        migrations.RunSQL(
            'ALTER TABLE aftercare_fault ALTER COLUMN organisation_id DROP NOT NULL',
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='fault',
                    name='organisation',
                    field=models.ForeignKey(db_index=False, help_text='The supplier that answers; empty: the local body that bought it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
                ),
            ],
        ),
        migrations.RunSQL(
            'ALTER TABLE aftercare_harm ALTER COLUMN organisation_id DROP NOT NULL',
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='harm',
                    name='organisation',
                    field=models.ForeignKey(db_index=False, help_text='The supplier that answers; empty: the local body that bought it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='telling',
            name='what',
            field=models.CharField(choices=[('held', 'on hold until it is checked'), ('cleared', 'checked, nothing harmful found'), ('left_out', 'not among those that are kept back'), ('recalled', 'the goods are recalled')], max_length=10),
        ),
        AddConstraintNotValid(
            model_name='harm',
            constraint=models.CheckConstraint(condition=models.Q(('batch__isnull', True), ('stop__isnull', True), _connector='OR'), name='aftercare_harm_one'),
        ),
    ]
