"""Units of the classifier below regions and districts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table; nothing that is there changes."""

    dependencies = [
        ('territory', '0002_read_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('code', models.CharField(help_text='КАТО code, 9 digits.', max_length=9, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('oblast', 'region or city of republican significance'), ('district', 'district or city'), ('sub_district', 'rural district, or town within a district'), ('settlement', 'town or village')], max_length=12)),
                ('kind', models.CharField(help_text='Kind of area in the classifier: 0 country or region, 1 urban, 2 rural, 3 town with rural places, 4 district with towns.', max_length=1)),
                ('is_settlement', models.BooleanField(help_text='People live in it and an address names it: nothing lies below it, or it is a city like a region.')),
                ('name_kk', models.CharField(max_length=300)),
                ('name_ru', models.CharField(max_length=300)),
                ('sort_kk', models.CharField(editable=False, max_length=400)),
                ('sort_ru', models.CharField(editable=False, max_length=400)),
                ('search_kk', models.CharField(db_collation='C', editable=False, help_text='The name alone, in letters as they are typed.', max_length=300)),
                ('search_ru', models.CharField(db_collation='C', editable=False, help_text='The name alone, in letters as they are typed.', max_length=300)),
                ('edition', models.CharField(help_text='Edition of the classifier that named it last.', max_length=60)),
                ('effective_from', models.DateField(blank=True, help_text='First day; empty when it stood before the list begins.', null=True)),
                ('effective_to', models.DateField(blank=True, help_text='Last day; empty while in force.', null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='territory.place')),
                ('successor', models.ForeignKey(blank=True, help_text='The unit that goes on under another code.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='precedents', to='territory.place')),
                ('territory', models.ForeignKey(help_text='The smallest region or district with an executive body of its own in which it lies.', on_delete=django.db.models.deletion.PROTECT, related_name='places', to='territory.territory')),
            ],
            options={
                'verbose_name': 'administrative unit',
                'verbose_name_plural': 'administrative units',
                'indexes': [models.Index(condition=models.Q(('is_settlement', True)), fields=['search_kk'], name='territory_place_kk'), models.Index(condition=models.Q(('is_settlement', True)), fields=['search_ru'], name='territory_place_ru')],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{9}$')), name='territory_place_code_form'), models.CheckConstraint(condition=models.Q(('effective_to__isnull', True), ('effective_from__isnull', True), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='territory_place_term'), models.CheckConstraint(condition=models.Q(models.Q(('level', 'oblast'), ('parent__isnull', True)), models.Q(models.Q(('level', 'oblast'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='territory_place_parent'), models.CheckConstraint(condition=models.Q(('successor', models.F('code')), _negated=True), name='territory_place_successor_other')],
            },
        ),
    ]
