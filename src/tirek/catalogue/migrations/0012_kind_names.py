"""Words by which kinds are looked for have rows of their own. The column that had them before stays until the next but
one version: what ran before still writes it.
"""

import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_offer_places")]
    operations = [
        migrations.CreateModel(
            name='KindName',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('text', models.CharField(max_length=120)),
                ('vector', models.BinaryField(help_text='What it means (``core.vectors``); empty: not told yet.', null=True)),
                ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='names', to='catalogue.kind')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'text'), name='catalogue_kindname_once')],
            },
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField(model_name='kind', name='also')]),
    ]
