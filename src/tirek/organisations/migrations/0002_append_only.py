"""Events are written once: a trigger refuses changes whoever asks, and the serving role may not even try."""

from django.db import migrations

GUARD = """
CREATE TRIGGER organisations_membershipevent_append_only BEFORE UPDATE OR DELETE ON organisations_membershipevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON organisations_membershipevent FROM tirek_app;
    END IF;
END $$;
"""
UNGUARD = """
DROP TRIGGER organisations_membershipevent_append_only ON organisations_membershipevent;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
