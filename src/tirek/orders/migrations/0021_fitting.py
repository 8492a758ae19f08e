"""Goods that need it are fitted before they are made: what an order knows of it, and its rounds of fitting."""

import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with a value of the database: no row is written."""

    dependencies = [("catalogue", "0018_offer_needs_fitting"), ("orders", "0020_recall_over")]

    operations = [
        migrations.CreateModel(
            name='Fitting',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('n', models.PositiveSmallIntegerField()),
                ('times', models.JSONField(help_text='Up to three: moment, place, address and how one gets in.')),
                ('chosen', models.PositiveSmallIntegerField(help_text='Which of the times, from 0.', null=True)),
                ('at', models.DateTimeField(help_text='The chosen moment.', null=True)),
                ('chosen_by', models.UUIDField(help_text='Account that chose.', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('held', 'held'), ('again', 'held, another one is needed'), ('cannot', 'held, the goods cannot be made to fit'), ('none_suited', 'no time suited'), ('passed', 'passed before one was chosen'), ('moved', 'called off to another time'), ('missed_person', 'the recipient did not come'), ('missed_supplier', 'the supplier did not come')], max_length=20)),
                ('told_by', models.UUIDField(help_text='Account that recorded the outcome.', null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('told_desk', models.CharField(blank=True, help_text='Desk at which the outcome was recorded.', max_length=12)),
                ('measured', models.JSONField(default=dict, help_text='What was measured: code of the measurement → number.')),
            ],
        ),
        migrations.AddField(
            model_name='order',
            name='fitting_by',
            field=models.DateField(help_text='The last day on which the supplier records the fitting.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='fitting_call_by',
            field=models.DateField(help_text='The day after which the office asks about the fitting.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='fitting_eve',
            field=models.DateField(help_text='The day at whose end both are reminded of the fitting.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='fitting_since',
            field=models.DateField(help_text='From which day on the fitting is awaited.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='needs_fitting',
            field=models.BooleanField(db_default=False, default=False, help_text='Whether a fitting goes before the making; as it was at acceptance.'),
        ),
        migrations.AlterField(
            model_name='order',
            name='cancel_reason',
            field=models.CharField(blank=True, choices=[('person', 'cancelled by the person'), ('lapsed', 'the supplier did not answer in time'), ('top_up', 'the payment did not come in time'), ('taken_back', 'the supplier took it back'), ('no_answer', 'decided for the person: the supplier did not answer the refusal'), ('commission', 'decided for the person by the commission'), ('not_replaced', 'the supplier did not bring other goods in time'), ('cannot_fit', 'the fitting showed that the goods cannot be made to fit')], max_length=20),
        ),
        migrations.AlterField(
            model_name='order',
            name='office_task',
            field=models.CharField(blank=True, choices=[('confirmation', 'contact the person'), ('late', 'late: ask the supplier'), ('review', 'look whether it goes on'), ('of_age', 'came of age: who acts now?'), ('money', 'see that the payment is returned'), ('question', "the supplier's question is not answered"), ('dispute', "the commission's decision is late"), ('fitting', 'help with the fitting')], db_default='', default='', help_text='What an officer is asked to do.', max_length=20),
        ),
        migrations.AddField(
            model_name='fitting',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='fittings', to='orders.order'),
        ),
        migrations.AddConstraint(
            model_name='fitting',
            constraint=models.UniqueConstraint(fields=('order', 'n'), name='orders_fitting_n'),
        ),
        migrations.AddConstraint(
            model_name='fitting',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('order',), name='orders_fitting_one_open'),
        ),
        migrations.AddConstraint(
            model_name='fitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('chosen__isnull', True)), models.Q(('at__isnull', False), ('chosen__isnull', False)), _connector='OR'), name='orders_fitting_chosen'),
        ),
    ]
