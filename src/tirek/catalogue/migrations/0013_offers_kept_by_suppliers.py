"""Suppliers make and change offers, and the region admits them: its cases, what is proposed, documents and photos, and
all that is done with an offer as its history.
"""

import django.db.models.deletion
import django.db.models.functions.text
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models

from tirek.core.numbers import Series


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0012_kind_names'),
        ('files', '0001_initial'),
        ('organisations', '0002_append_only'),
    ]

    operations = [
        Series("ҰЖ", "catalogue_admission_number").migration(),
        migrations.AddField(
            model_name='offer',
            name='blocked_from',
            field=models.CharField(blank=True, db_default='', default='', help_text='State before the block; empty: not blocked.', max_length=12),
        ),
        migrations.AddField(
            model_name='offer',
            name='paused_by_clock',
            field=models.BooleanField(db_default=False, default=False, help_text='A document has expired: a valid one brings it back to sale.'),
        ),
        migrations.AddField(
            model_name='offer',
            name='shown_photos',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='What people see of its photos: key, size, text alternatives.'),
        ),
        migrations.AddField(
            model_name='offerevent',
            name='desk',
            field=models.CharField(choices=[('public', 'Public'), ('recipient', 'Recipient'), ('supplier', 'Supplier'), ('officer', 'Officer'), ('operator', 'Operator'), ('inspector', 'Inspector'), ('analyst', 'Analyst'), ('admin', 'Administrator'), ('clock', 'System')], db_default='supplier', default='supplier', help_text='At which it was done.', max_length=12),
        ),
        migrations.AddField(
            model_name='offerevent',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', help_text='Why, for the supplier to read; empty: not said.', max_length=700),
        ),
        migrations.AlterField(
            model_name='offerevent',
            name='by',
            field=models.UUIDField(help_text='Account; empty for the clock.', null=True),
        ),
        migrations.AlterField(
            model_name='offerevent',
            name='what',
            field=models.CharField(choices=[('made', 'draft begun'), ('sent', 'sent for admission'), ('taken_back', 'taken back by the supplier'), ('returned', 'returned for correction'), ('admitted', 'admitted'), ('refused', 'refused'), ('paused', 'paused'), ('resumed', 'on sale again'), ('expired', 'paused: a document has expired'), ('renewed', 'on sale again: the documents are valid'), ('blocked', 'blocked'), ('lifted', 'block lifted'), ('ch_sent', 'change sent for admission'), ('ch_back', 'change taken back by the supplier'), ('ch_return', 'change returned for correction'), ('ch_admit', 'change admitted'), ('ch_refuse', 'change refused'), ('changed', 'changed by the supplier, without admission'), ('archived', 'archived')], max_length=10),
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('card', models.JSONField(default=dict, help_text='Columns of the card → what they are to be.')),
                ('sizes', models.JSONField(default=dict, help_text='Key of a size, or new-1, new-2 → what it is to be.')),
                ('before', models.JSONField(default=dict, help_text='What stood there when it was sent, in the same shape.')),
                ('closed_at', models.DateTimeField(help_text='Admitted, refused or given up; empty while it is prepared.', null=True)),
                ('offer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='catalogue.offer')),
            ],
        ),
        migrations.CreateModel(
            name='Admission',
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
                ('sent_by', models.UUIDField(help_text='Account that sent it.')),
                ('conclusion_number', models.CharField(blank=True, max_length=60)),
                ('conclusion_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it was returned or refused.', max_length=600)),
                ('offer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='catalogue.offer')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('proposal', models.ForeignKey(help_text='The change that it is about; empty: the whole offer.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='catalogue.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='OfferDocument',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('sort', models.CharField(choices=[('certificate', 'certificate of conformity'), ('declaration', 'declaration of conformity'), ('medical', 'registration certificate of a medical device'), ('classifier', 'document that it meets the classifier'), ('origin', 'document on origin, characteristics and price'), ('other', 'other document')], max_length=12)),
                ('number', models.CharField(max_length=80)),
                ('issued_on', models.DateField()),
                ('valid_until', models.DateField(help_text='Last day; empty: without an end.', null=True)),
                ('warned_on', models.DateField(help_text='When the supplier was told that it expires soon.', null=True)),
                ('withdrawn_at', models.DateTimeField(help_text='Taken away by the supplier; empty while it counts.', null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='catalogue.offer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('valid_until__isnull', False), ('withdrawn_at__isnull', True)), fields=['valid_until'], name='catalogue_document_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('issued_on')), _connector='OR'), name='catalogue_document_term')],
            },
        ),
        migrations.CreateModel(
            name='OfferPhoto',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('alt_kk', models.CharField(max_length=200)),
                ('alt_ru', models.CharField(max_length=200)),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('admitted', models.BooleanField(default=False, help_text='The commission has seen it: people see it.')),
                ('withdrawn_at', models.DateTimeField(help_text='Taken away by the supplier; empty while it counts.', null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='catalogue.offer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('alt_kk', ''), _negated=True), models.Q(('alt_ru', ''), _negated=True)), name='catalogue_photo_in_words')],
            },
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['offer', '-id'], name='catalogue_proposal_offer'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('offer',), name='catalogue_proposal_one_open'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(fields=['offer', '-created_at'], name='catalogue_admission_offer'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('state'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='catalogue_admit_region'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('state__in', ['checking', 'commission'])), include=('state', 'soon_at', 'territory_code', 'due_at'), name='catalogue_admit_region_new'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('due_at'), models.F('id'), condition=models.Q(('state__in', ['checking', 'commission'])), include=('state', 'soon_at', 'territory_code'), name='catalogue_admit_region_due'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(django.db.models.functions.text.Left('territory_code', 2), models.F('number'), models.F('id'), condition=models.Q(('state__in', ['checking', 'commission'])), include=('state', 'soon_at', 'territory_code', 'due_at'), name='catalogue_admit_region_number'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(fields=['territory_code', 'state', '-created_at', '-id'], name='catalogue_admit_place'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'commission'])), fields=['territory_code', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at'), name='catalogue_admit_place_due'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(fields=['organisation', 'state', '-created_at', '-id'], name='catalogue_admit_org'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'commission'])), fields=['organisation', 'due_at', 'id'], include=('created_at', 'number', 'state', 'soon_at', 'territory_code'), name='catalogue_admit_org_due'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'commission'])), fields=['organisation', '-created_at', '-id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='catalogue_admit_org_new'),
        ),
        migrations.AddIndex(
            model_name='admission',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'commission'])), fields=['organisation', 'number', 'id'], include=('state', 'soon_at', 'territory_code', 'due_at'), name='catalogue_admit_org_number'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['checking', 'commission'])), fields=('offer',), name='catalogue_admission_one_open'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('conclusion_number', ''), ('conclusion_on__isnull', True)), models.Q(models.Q(('conclusion_number', ''), _negated=True), ('conclusion_on__isnull', False)), _connector='OR'), name='catalogue_admission_conclusion'),
        ),
    ]
