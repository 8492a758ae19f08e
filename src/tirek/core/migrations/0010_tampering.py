"""Seals of hours; what may be erased but never changed: a note beside an event, a look at a file, a given signature."""

from django.db import migrations, models

import tirek.core.clock
import tirek.core.keys

GUARD = """
CREATE FUNCTION tirek_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_hourseal_append_only BEFORE UPDATE OR DELETE ON core_hourseal FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
CREATE TRIGGER core_eventnote_never_changed BEFORE UPDATE ON core_eventnote FOR EACH ROW EXECUTE FUNCTION tirek_never_changed();
CREATE TRIGGER core_view_never_changed BEFORE UPDATE ON core_view FOR EACH ROW EXECUTE FUNCTION tirek_never_changed();
CREATE FUNCTION tirek_signed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.text := CASE WHEN NEW.text = ''::bytea THEN OLD.text ELSE NEW.text END;
    NEW.device := CASE WHEN NEW.device = '' THEN OLD.device ELSE NEW.device END;
    NEW.phone_end := CASE WHEN NEW.phone_end = '' THEN OLD.phone_end ELSE NEW.phone_end END;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a signature that was given is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER core_signature_signed_once AFTER UPDATE ON core_signature FOR EACH ROW
    WHEN (OLD.state = 'signed') EXECUTE FUNCTION tirek_signed_once();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON core_hourseal FROM tirek_app;
        REVOKE UPDATE, TRUNCATE ON core_eventnote, core_view FROM tirek_app;
    END IF;
END $$;
"""
UNGUARD = """
DROP TRIGGER core_signature_signed_once ON core_signature;
DROP FUNCTION tirek_signed_once();
DROP TRIGGER core_view_never_changed ON core_view;
DROP TRIGGER core_eventnote_never_changed ON core_eventnote;
DROP TRIGGER core_hourseal_append_only ON core_hourseal;
DROP FUNCTION tirek_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_draft_end_reason")]
    operations = [
        migrations.CreateModel(
            name="HourSeal",
            fields=[
                ("id", models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ("start", models.DateTimeField(unique=True)),
                ("cases", models.PositiveIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(default=b"", max_length=32)),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="eventnote", name="salt", field=models.BinaryField(db_default=b"", default=b"", max_length=16)
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
