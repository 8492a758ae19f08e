"""Orders that could not be sent for want of stock are kept."""

import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table."""

    dependencies = [
        ('catalogue', '0016_watched_by_index'),
        ('demand', '0003_sought_by_index'),
        ('entitlements', '0009_calls_in_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shortage',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('territory_code', models.CharField(help_text="КАТО code of the person's district.", max_length=9)),
                ('on', models.DateField()),
                ('wanted', models.PositiveIntegerField(help_text='Units, the most of the day.')),
                ('left', models.PositiveIntegerField(help_text='Units that the supplier had at the last try of the day.')),
                ('told_on', models.DateField(help_text='When the supplier was told.', null=True)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.kind')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entitlements.line')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.variant')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('told_on__isnull', True)), fields=['on'], name='demand_shortage_untold'), models.Index(fields=['variant', 'on'], name='demand_shortage_of_size'), models.Index(fields=['territory_code', 'on'], name='demand_shortage_place')],
                'constraints': [models.UniqueConstraint(fields=('line', 'variant', 'on'), name='demand_shortage_once_a_day')],
            },
        ),
    ]
