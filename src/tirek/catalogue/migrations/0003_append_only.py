"""Rows of catalogue_offerversion are written once (the function is the core's)."""

from django.db import migrations

GUARD = """
CREATE TRIGGER catalogue_offerversion_append_only BEFORE UPDATE OR DELETE ON catalogue_offerversion FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON catalogue_offerversion FROM tirek_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER catalogue_offerversion_append_only ON catalogue_offerversion")]
