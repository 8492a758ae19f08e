"""Events are written once: a trigger refuses changes whoever asks, and the serving role may not even try."""

from django.db import migrations

GUARD = """
CREATE TRIGGER accounts_signinevent_append_only BEFORE UPDATE OR DELETE ON accounts_signinevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
CREATE TRIGGER accounts_accountevent_append_only BEFORE UPDATE OR DELETE ON accounts_accountevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON accounts_signinevent, accounts_accountevent FROM tirek_app;
    END IF;
END $$;
"""
UNGUARD = """
DROP TRIGGER accounts_signinevent_append_only ON accounts_signinevent;
DROP TRIGGER accounts_accountevent_append_only ON accounts_accountevent;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
