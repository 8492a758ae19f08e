"""Suppliers keep their offers themselves: pauses with their history, an own number, words to search by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models


GUARD = """
CREATE TRIGGER catalogue_offerevent_append_only BEFORE UPDATE OR DELETE ON catalogue_offerevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON catalogue_offerevent FROM tirek_app;
    END IF;
END $$;
"""
class Migration(migrations.Migration):
    """Suppliers keep their offers themselves."""

    # indexes of tables that are in use are built beside them
    atomic = False

    dependencies = [
        ('catalogue', '0006_other_names'),
        ('suppliers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OfferEvent',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('at', models.DateTimeField(default=tirek.core.clock.now)),
                ('what', models.CharField(choices=[('paused', 'paused'), ('resumed', 'on sale again')], max_length=10)),
                ('by', models.UUIDField(help_text='Account of the supplier.', null=True)),
            ],
        ),
        migrations.AddField(
            model_name='variant',
            name='article',
            field=models.CharField(blank=True, db_default='', default='', help_text="The supplier's own number; empty: none.", max_length=40),
        ),
        migrations.AddField(
            model_name='variant',
            name='search_key',
            field=models.TextField(blank=True, db_default='', default='', help_text='Words by which the supplier finds it, in small letters.'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='offer',
            index=models.Index(fields=['supplier', '-id'], name='catalogue_offer_supplier'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='variant',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('search_key', config='simple'), name='catalogue_variant_words'),
        ),
        migrations.AddField(
            model_name='offerevent',
            name='offer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='catalogue.offer'),
        ),
        migrations.AddIndex(
            model_name='offerevent',
            index=models.Index(fields=['offer', '-at'], name='catalogue_offerevent_offer'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='offer',
                    name='supplier',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='suppliers.supplier'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_offer_supplier_id_4439d420", migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, "DROP TRIGGER catalogue_offerevent_append_only ON catalogue_offerevent"),
    ]
