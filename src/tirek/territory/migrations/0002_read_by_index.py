"""Drop indexes that others hold already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop indexes that others hold already."""

    dependencies = [
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='succession',
                    name='predecessor',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='territory.territory'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS territory_succession_predecessor_id_807ee92a", migrations.RunSQL.noop),
    ]
