"""Items say by themselves what they are and by which case they came; goods are kept back by offer or number, too."""

import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns are empty until the next migration has filled them."""

    dependencies = [
        ('catalogue', '0019_offer_words'),
        ('entitlements', '0009_calls_in_order'),
        ('orders', '0023_batch_not_free'),
        ('organisations', '0002_append_only'),
        ('people', '0006_sorted_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('maker', models.CharField(help_text='The maker as it is compared.', max_length=120)),
                ('state', models.CharField(choices=[('free', 'handed over as usual'), ('held', 'on hold until it is checked'), ('recalled', 'recalled'), ('over', 'recalled, and the recall is over')], default='free', max_length=10)),
                ('held_since', models.DateTimeField(null=True)),
                ('by', models.CharField(choices=[('offer', 'all goods of the offer'), ('version', 'goods ordered by one version of the offer'), ('make', 'all goods of this maker and model'), ('numbers', 'some serial numbers')], max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='StoppedNumber',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('number', models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name='item',
            name='case_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='case_number',
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='case_type',
            field=models.CharField(help_text='Type of the case by which they came: order or purchase.', max_length=20, null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='kind',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind'),
        ),
        migrations.AddField(
            model_name='item',
            name='line',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='entitlements.line'),
        ),
        migrations.AddField(
            model_name='item',
            name='maker',
            field=models.CharField(blank=True, default='', help_text='The maker as it is compared; empty: it was not told.', max_length=120),
        ),
        migrations.AddField(
            model_name='item',
            name='organisation',
            field=models.ForeignKey(db_index=False, help_text='The supplier that answers for them at its desk; empty: the local body that bought them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='item',
            name='received_on',
            field=models.DateField(help_text='The day the receipt was signed.', null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='version',
            field=models.ForeignKey(db_index=False, help_text='Empty: bought.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.offerversion'),
        ),
        migrations.AddField(
            model_name='item',
            name='warranty_months',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_item ALTER COLUMN delivery_id DROP NOT NULL",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='item',
                    name='delivery',
                    field=models.ForeignKey(help_text='Of an order.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='orders.delivery'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='item',
            name='ended_because',
            field=models.CharField(blank=True, choices=[('refused', 'refused at receipt'), ('exchanged', 'exchanged for other goods'), ('recalled', 'given back after a recall'), ('taken_back', 'taken back: the purchase was ended')], max_length=10),
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_item ALTER COLUMN offer_id DROP NOT NULL",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    model_name='item',
                    name='offer',
                    field=models.ForeignKey(db_index=False, help_text='Empty: bought.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.offer'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Make',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('maker', models.CharField(help_text='As it was told first.', max_length=120)),
                ('model', models.CharField(blank=True, max_length=120)),
                ('maker_key', models.CharField(help_text='The maker as it is compared.', max_length=120)),
                ('model_key', models.CharField(blank=True, max_length=120)),
                ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind')),
            ],
        ),
        migrations.AddField(
            model_name='item',
            name='make',
            field=models.ForeignKey(db_index=False, help_text='Of what was bought.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='orders.make'),
        ),
        migrations.AddField(
            model_name='stop',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind'),
        ),
        migrations.AddField(
            model_name='stop',
            name='make',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.make'),
        ),
        migrations.AddField(
            model_name='stop',
            name='offer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.offer'),
        ),
        migrations.AddField(
            model_name='stop',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.offerversion'),
        ),
        migrations.AddField(
            model_name='stoppednumber',
            name='stop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='orders.stop'),
        ),
        migrations.AddConstraint(
            model_name='make',
            constraint=models.UniqueConstraint(fields=('kind', 'maker_key', 'model_key'), name='orders_make_once'),
        ),
        migrations.AddConstraint(
            model_name='make',
            constraint=models.CheckConstraint(condition=models.Q(('maker_key', ''), _negated=True), name='orders_make_named'),
        ),
        migrations.AddIndex(
            model_name='stop',
            index=models.Index(fields=['kind', 'state'], name='orders_stop_kind'),
        ),
        migrations.AddConstraint(
            model_name='stop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by', 'offer'), ('make__isnull', True), ('offer__isnull', False), ('version__isnull', True)), models.Q(('by', 'version'), ('make__isnull', True), ('offer__isnull', True), ('version__isnull', False)), models.Q(('by', 'make'), ('make__isnull', False), ('offer__isnull', True), ('version__isnull', True)), models.Q(('by', 'numbers'), ('make__isnull', True), ('offer__isnull', True), ('version__isnull', True)), _connector='OR'), name='orders_stop_by'),
        ),
        migrations.AddIndex(
            model_name='stoppednumber',
            index=models.Index(fields=['number'], name='orders_stopped_number'),
        ),
        migrations.AddConstraint(
            model_name='stoppednumber',
            constraint=models.UniqueConstraint(fields=('stop', 'number'), name='orders_stopped_once'),
        ),
    ]
