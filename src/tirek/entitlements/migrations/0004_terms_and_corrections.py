
import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


from tirek.core.numbers import Series


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_append_only'),
        ('entitlements', '0003_append_only'),
        ('people', '0002_append_only'),
    ]

    operations = [
        # no page wrote corrections before they became cases: the table is empty
        migrations.DeleteModel(name='Correction'),
        Series("МЗ", "entitlements_term_number").migration(),
        Series("ТЗ", "entitlements_correction_number").migration(),
        Series("ТӨ", "entitlements_request_number").migration(),
        migrations.AddField(
            model_name='line',
            name='term_passed_on',
            field=models.DateField(help_text='Last day of the term to order that passed without an order; empty while it runs.', null=True),
        ),
        migrations.CreateModel(
            name='CorrectionRequest',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('number', models.CharField(editable=False, max_length=32, unique=True)),
                ('state', models.CharField(max_length=32)),
                ('state_since', models.DateTimeField(default=tirek.core.clock.now)),
                ('version', models.PositiveIntegerField(default=0)),
                ('journal_head', models.BinaryField(default=b'', max_length=32)),
                ('territory_code', models.CharField(help_text='КАТО code of the district that is responsible.', max_length=9)),
                ('wrong', models.CharField(choices=[('missing', 'something that I need is missing'), ('quantity', 'the quantity is wrong'), ('term', 'the term or the date is wrong'), ('received', 'it says that I received something that I did not receive'), ('other', 'something else is wrong')], max_length=20)),
                ('words', models.TextField(help_text="In the person's own words.")),
                ('asked_by', models.UUIDField(help_text='Account that sent it.')),
                ('escalated_at', models.DateTimeField(help_text='When the region was told that no answer came in time.', null=True)),
                ('answer', models.TextField(blank=True, help_text='What the office answered.')),
                ('kind', models.ForeignKey(help_text='The kind it is about, when known.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind')),
                ('line', models.ForeignKey(help_text='Empty when a kind is missing.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entitlements.line')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('number', models.CharField(editable=False, max_length=32, unique=True)),
                ('state', models.CharField(max_length=32)),
                ('state_since', models.DateTimeField(default=tirek.core.clock.now)),
                ('version', models.PositiveIntegerField(default=0)),
                ('journal_head', models.BinaryField(default=b'', max_length=32)),
                ('territory_code', models.CharField(help_text='КАТО code of the district that is responsible.', max_length=9)),
                ('amount', models.IntegerField(help_text='Units to add to the present window or take from it; the quantity of a new line.')),
                ('reason', models.CharField(max_length=1000)),
                ('document', models.CharField(help_text='Number and date of the document it rests on.', max_length=100)),
                ('proposed_by', models.UUIDField()),
                ('decided_by', models.UUIDField(null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=1000)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind')),
                ('line', models.ForeignKey(help_text='Empty when a line is added.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='entitlements.line')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='entitlements.programme')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='entitlements.correctionrequest')),
            ],
        ),
        migrations.CreateModel(
            name='OrderingTerm',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('number', models.CharField(editable=False, max_length=32, unique=True)),
                ('state', models.CharField(max_length=32)),
                ('state_since', models.DateTimeField(default=tirek.core.clock.now)),
                ('version', models.PositiveIntegerField(default=0)),
                ('journal_head', models.BinaryField(default=b'', max_length=32)),
                ('territory_code', models.CharField(help_text='КАТО code of the district that is responsible.', max_length=9)),
                ('started_on', models.DateField(help_text='Day of the notice, or of the reopening.')),
                ('order_by', models.DateField(help_text='Last day to order.')),
                ('first_reminder', models.DateField(help_text='The day before the first reminder: reminders are sent when a day has ended.')),
                ('second_reminder', models.DateField(help_text='The day before the second reminder.')),
                ('third_reminder', models.DateField(help_text='The day before the third reminder.')),
                ('call_waits', models.BooleanField(default=False, help_text='An officer is asked to call the person.')),
                ('call_result', models.CharField(blank=True, choices=[('will_order', 'reached: the person wants to order'), ('help_at_office', 'reached: the person comes to the office'), ('not_wanted', 'reached: the person does not want it now'), ('not_reached', 'not reached after several tries')], max_length=20)),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='term', to='entitlements.line')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='correctionrequest',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'correcting'])), fields=['territory_code', 'state_since'], name='entitlements_request_open'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(condition=models.Q(('state', 'proposed')), fields=['territory_code', 'state_since'], name='entitlements_correction_open'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='entitlements_correction_two_officers'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), _negated=True), models.Q(('line__isnull', False), ('amount__gt', 0), _connector='OR')), name='entitlements_correction_amount'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('line',), name='entitlements_correction_one_open'),
        ),
        migrations.AddIndex(
            model_name='orderingterm',
            index=models.Index(condition=models.Q(('call_waits', True)), fields=['territory_code', 'state_since'], name='entitlements_term_calls'),
        ),
    ]
