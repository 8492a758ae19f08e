"""Rows of entitlements_ledgerentry are written once (the function is the core's)."""

from django.db import migrations

GUARD = """
CREATE TRIGGER entitlements_ledgerentry_append_only BEFORE UPDATE OR DELETE ON entitlements_ledgerentry FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON entitlements_ledgerentry FROM tirek_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0002_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER entitlements_ledgerentry_append_only ON entitlements_ledgerentry")]
