"""Suppliers apply, are checked, accept the public offer; what is done with an entry of the register."""

import django.db.models.deletion
import django.db.models.functions.text
import tirek.core.clock
import tirek.core.keys
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from tirek.core.numbers import Series

GUARD = "\n".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM tirek_app;
    END IF;
END $$;
"""
    for table in ("suppliers_registerevent", "suppliers_agreement")
)


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('organisations', '0002_append_only'),
        ('people', '0006_sorted_by_index'),
        ('suppliers', '0002_bank_accounts'),
    ]

    operations = [
        Series("ӨТ", "suppliers_registration_number").migration(),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('signature_id', models.UUIDField()),
                ('signed_by', models.UUIDField(help_text='Account.')),
            ],
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('place', models.CharField(blank=True, help_text='КАТО code of the region that answers for it.', max_length=9)),
                ('document_number', models.CharField(blank=True, max_length=80)),
                ('issued_on', models.DateField(null=True)),
                ('valid_until', models.DateField(help_text='Last day; empty: without an end.', null=True)),
                ('answered_on', models.DateField(help_text='Day on which the register was asked.', null=True)),
                ('finding', models.CharField(blank=True, choices=[('in_order', 'in order'), ('not', 'not in order')], max_length=10)),
                ('words', models.CharField(blank=True, help_text='Why it is not in order; what the register said.', max_length=600)),
                ('found_by', models.UUIDField(null=True)),
                ('found_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(help_text='From when the office has to ask again, or to look at it; empty: never.', null=True)),
                ('warned_on', models.DateField(help_text='When the supplier was told that it ends soon.', null=True)),
                ('lapse_told_on', models.DateField(help_text='When the region was told that it has ended.', null=True)),
                ('replaced_at', models.DateTimeField(help_text='When a newer answer came; empty while it counts.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PublicOffer',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('version', models.CharField(max_length=20, unique=True)),
                ('effective_from', models.DateField()),
                ('accept_by', models.DateField(help_text='Last day for those who accepted an earlier one.', null=True)),
                ('text_kk', models.TextField()),
                ('text_ru', models.TextField()),
                ('text_en', models.TextField()),
                ('changes_kk', models.TextField(blank=True)),
                ('changes_ru', models.TextField(blank=True)),
                ('changes_en', models.TextField(blank=True)),
                ('citation', models.CharField(max_length=300)),
                ('status', models.CharField(choices=[('approved', 'approved'), ('demo', 'demo value')], max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RegisterEvent',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('what', models.CharField(choices=[('entered', 'entered in the register'), ('returned', 'entered in the register again'), ('accepted', 'accepted the public offer'), ('suspended', 'suspended'), ('lifted', 'suspension lifted'), ('removed', 'removed from the register')], max_length=10)),
                ('at', models.DateTimeField(default=tirek.core.clock.now)),
                ('ground', models.CharField(blank=True, choices=[('own_request', "the supplier's own request"), ('end', 'death, or end of the activity'), ('procurement', 'entry in the register of unfair participants of public procurement'), ('welfare_fund', 'entry in the unfair or unreliable lists of the National Welfare Fund'), ('commission', 'conclusion of the commission after a notice that was not remedied')], max_length=12)),
                ('basis', models.CharField(blank=True, help_text='Number and date of the decision; why.', max_length=300)),
                ('actor_id', models.UUIDField(null=True)),
                ('desk', models.CharField(choices=[('public', 'Public'), ('recipient', 'Recipient'), ('supplier', 'Supplier'), ('officer', 'Officer'), ('operator', 'Operator'), ('inspector', 'Inspector'), ('analyst', 'Analyst'), ('admin', 'Administrator'), ('clock', 'System')], max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('number', models.CharField(editable=False, max_length=32, unique=True)),
                ('state', models.CharField(max_length=32)),
                ('state_since', models.DateTimeField(default=tirek.core.clock.now)),
                ('version', models.PositiveIntegerField(default=0)),
                ('journal_head', models.BinaryField(default=b'', max_length=32)),
                ('territory_code', models.CharField(help_text='КАТО code of the district that is responsible.', max_length=9)),
                ('due_at', models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True)),
                ('soon_at', models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True)),
                ('waits_since', models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True)),
                ('name_kk', models.CharField(max_length=300)),
                ('name_ru', models.CharField(max_length=300)),
                ('name_en', models.CharField(max_length=300)),
                ('is_individual', models.BooleanField(default=False, help_text="The applicant's own business, by the IIN.")),
                ('bin', models.CharField(help_text='BIN of a legal entity; IIN of an individual, never public.', max_length=12)),
                ('place_code', models.CharField(help_text='КАТО code of the district where it stands.', max_length=9)),
                ('address', models.CharField(max_length=300)),
                ('contact_phone', models.CharField(help_text='Phone for people who will order, E.164.', max_length=16)),
                ('supplies', models.JSONField(default=list, help_text='Codes of what is to be supplied.')),
                ('sent_at', models.DateTimeField(null=True)),
                ('data_remark', models.CharField(blank=True, help_text='What of the data is not in order.', max_length=600)),
                ('reason', models.CharField(blank=True, help_text='Why it was returned or refused.', max_length=600)),
                ('conclusion_number', models.CharField(blank=True, max_length=60)),
                ('conclusion_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('name_kk', models.CharField(max_length=300)),
                ('name_ru', models.CharField(max_length=300)),
                ('name_en', models.CharField(max_length=300)),
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('point', models.PositiveSmallIntegerField(help_text='Subparagraph of art. 167(6); empty for our own.', null=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('hint_kk', models.CharField(max_length=300)),
                ('hint_ru', models.CharField(max_length=300)),
                ('hint_en', models.CharField(max_length=300)),
                ('asked', models.CharField(choices=[('document', 'a document of the supplier'), ('register', 'answer of a state register'), ('offer', 'documents of each offer card')], max_length=10)),
                ('renewed', models.CharField(choices=[('expiry', 'when the document expires'), ('term', 'after a term'), ('offer', 'with each offer card')], max_length=10)),
                ('concerns', models.JSONField(default=list, help_text='Codes of what is supplied.')),
                ('of_entities_only', models.BooleanField(default=False, help_text='Not of an individual doing business.')),
                ('citation', models.CharField(max_length=300)),
                ('status', models.CharField(choices=[('approved', 'approved'), ('demo', 'demo value')], max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SupplierWord',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('word', models.CharField(max_length=60)),
            ],
        ),
        migrations.AddField(
            model_name='supplier',
            name='asked_offer',
            field=models.CharField(blank=True, db_default='', default='', help_text='Version of the public offer that it was asked to accept.', max_length=20),
        ),
        migrations.AddField(
            model_name='supplier',
            name='is_individual',
            field=models.BooleanField(db_default=False, default=False, help_text='An individual doing business: the number is an IIN, never public.'),
        ),
        migrations.AddField(
            model_name='supplier',
            name='may_return_on',
            field=models.DateField(blank=True, help_text='First day on which who was removed may apply again; empty: at any time.', null=True),
        ),
        migrations.AddField(
            model_name='supplier',
            name='removal_basis',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='supplier',
            name='removal_ground',
            field=models.CharField(blank=True, choices=[('own_request', "the supplier's own request"), ('end', 'death, or end of the activity'), ('procurement', 'entry in the register of unfair participants of public procurement'), ('welfare_fund', 'entry in the unfair or unreliable lists of the National Welfare Fund'), ('commission', 'conclusion of the commission after a notice that was not remedied')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='supplier',
            name='supplies',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='Codes of what is supplied.'),
        ),
        AddConstraintNotValid(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('removed_on__isnull', False), models.Q(('may_return_on__isnull', True), ('removal_ground', '')), _connector='OR'), name='suppliers_supplier_removal_dated'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='supplier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='check',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='check',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.publicoffer'),
        ),
        migrations.AddField(
            model_name='registerevent',
            name='supplier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='registration',
            name='applicant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='people.person'),
        ),
        migrations.AddField(
            model_name='registration',
            name='organisation',
            field=models.ForeignKey(help_text='Once it is in the register.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='check',
            name='registration',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='suppliers.registration'),
        ),
        migrations.AddField(
            model_name='check',
            name='requirement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.requirement'),
        ),
        migrations.AddField(
            model_name='supplierword',
            name='supplier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='words', to='suppliers.supplier'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('supplier', 'offer'), name='suppliers_agreement_once'),
        ),
        migrations.AddIndex(
            model_name='registerevent',
            index=models.Index(fields=['supplier', '-at'], name='suppliers_event_newest'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['applicant', '-created_at'], name='suppliers_reg_applicant'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('state'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='suppliers_reg_region'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('state__in', ['preparing', 'checking', 'commission', 'returned', 'accepting'])), include=('state', 'soon_at', 'territory_code', 'due_at'), name='suppliers_reg_region_new'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('due_at'), models.F('id'), condition=models.Q(('state__in', ['preparing', 'checking', 'commission', 'returned', 'accepting'])), include=('state', 'soon_at', 'territory_code'), name='suppliers_reg_region_due'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('number'), models.F('id'), condition=models.Q(('state__in', ['preparing', 'checking', 'commission', 'returned', 'accepting'])), include=('state', 'soon_at', 'territory_code', 'due_at'), name='suppliers_reg_region_number'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['territory_code', 'state', '-created_at', '-id'], name='suppliers_reg_place'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('state__in', ['preparing', 'checking', 'commission', 'returned', 'accepting'])), fields=['territory_code', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at'), name='suppliers_reg_place_due'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('bin__regex', '^[0-9]{12}$')), name='suppliers_reg_bin_form'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['checking', 'commission', 'returned', 'accepting'])), fields=('bin',), name='suppliers_reg_one_open'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(django.db.models.functions.text.Left('place', 2), models.F('due_on'), models.F('id'), condition=models.Q(('due_on__isnull', False), ('replaced_at__isnull', True), ('supplier__isnull', False)), name='suppliers_check_due'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(condition=models.Q(('replaced_at__isnull', True), ('supplier__isnull', False), ('valid_until__isnull', False)), fields=['valid_until'], name='suppliers_check_ends'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(condition=models.Q(('registration__isnull', False), ('replaced_at__isnull', True)), fields=('registration', 'requirement'), name='suppliers_check_of_registration'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True), ('supplier__isnull', False)), fields=('supplier', 'requirement'), name='suppliers_check_of_supplier'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('registration__isnull', False), ('supplier__isnull', False), _connector='OR'), name='suppliers_check_of_somebody'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding', 'not'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='suppliers_check_says_why'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('issued_on')), _connector='OR'), name='suppliers_check_term'),
        ),
        migrations.AddIndex(
            model_name='supplierword',
            index=models.Index(fields=['word'], name='suppliers_word_begins', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='supplierword',
            constraint=models.UniqueConstraint(fields=('supplier', 'word'), name='suppliers_word_once'),
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER suppliers_registerevent_append_only ON suppliers_registerevent; "
            "DROP TRIGGER suppliers_agreement_append_only ON suppliers_agreement",
        ),
    ]
