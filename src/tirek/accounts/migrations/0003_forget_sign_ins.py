"""Sign-ins past their period can be forgotten: by one function, oldest first, and never one of the last 90 days, whoever asks."""

from django.db import migrations

FORGET = """
CREATE FUNCTION accounts_signinevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at < now() - interval '90 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER accounts_signinevent_append_only ON accounts_signinevent;
CREATE TRIGGER accounts_signinevent_append_only BEFORE UPDATE ON accounts_signinevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
CREATE TRIGGER accounts_signinevent_young BEFORE DELETE ON accounts_signinevent FOR EACH ROW EXECUTE FUNCTION accounts_signinevent_guard();
CREATE FUNCTION accounts_forget_sign_ins(past timestamptz, most int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    gone int;
BEGIN
    DELETE FROM accounts_signinevent WHERE id IN (
        SELECT id FROM accounts_signinevent WHERE at <= past AND at < now() - interval '90 days' ORDER BY at LIMIT most
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""
KEEP = """
DROP FUNCTION accounts_forget_sign_ins(timestamptz, int);
DROP TRIGGER accounts_signinevent_young ON accounts_signinevent;
DROP TRIGGER accounts_signinevent_append_only ON accounts_signinevent;
CREATE TRIGGER accounts_signinevent_append_only BEFORE UPDATE OR DELETE ON accounts_signinevent FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DROP FUNCTION accounts_signinevent_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(FORGET, KEEP)]
