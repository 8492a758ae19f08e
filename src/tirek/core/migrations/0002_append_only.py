"""The journal and its seals are written once: a trigger refuses changes whoever asks, and the serving role may not even try."""

from django.db import migrations

GUARD = """
CREATE FUNCTION tirek_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
CREATE TRIGGER core_seal_append_only BEFORE UPDATE OR DELETE ON core_seal FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON core_event, core_seal FROM tirek_app;
    END IF;
END $$;
"""
UNGUARD = """
DROP TRIGGER core_event_append_only ON core_event;
DROP TRIGGER core_seal_append_only ON core_seal;
DROP FUNCTION tirek_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
