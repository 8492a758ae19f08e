"""Drop indexes that others hold already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop indexes that others hold already."""

    dependencies = [
        ('catalogue', '0004_kind_illustration'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='guaranteedamount',
                    name='kind',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='guaranteed_amounts', to='catalogue.kind'),
                ),
                migrations.AlterField(
                    model_name='offer',
                    name='kind',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='catalogue.kind'),
                ),
                migrations.AlterField(
                    model_name='offerversion',
                    name='variant',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.variant'),
                ),
                migrations.AlterField(
                    model_name='parameter',
                    name='kind',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parameters', to='catalogue.kind'),
                ),
                migrations.AlterField(
                    model_name='variant',
                    name='offer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='catalogue.offer'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_guaranteedamount_kind_id_77f41cd5", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_offer_kind_id_231e4bb7", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_offerversion_variant_id_ccc65841", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_parameter_kind_id_bd87ff91", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_variant_offer_id_5969ff97", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_guaranteedamount_kind_id_77f41cd5_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_offer_kind_id_231e4bb7_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_parameter_kind_id_bd87ff91_like", migrations.RunSQL.noop),
    ]
