"""Drop indexes that others hold already, and those for searches by a beginning, which nobody makes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop indexes that others hold already, and those for searches by a beginning, which nobody makes."""

    dependencies = [
        ('people', '0003_deceased'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='measurement',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='people.person'),
                ),
                migrations.AlterField(
                    model_name='personevent',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='people.person'),
                ),
                migrations.AlterField(
                    model_name='representation',
                    name='representative',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='represents', to='people.person'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS people_measurement_person_id_495a95c7", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS people_personevent_person_id_64ff76ab", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS people_representation_representative_id_8d3318ad", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS people_person_iin_9ba25d8c_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS people_person_sort_key_816129ed_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS people_person_territory_id_19851bbe_like", migrations.RunSQL.noop),
    ]
