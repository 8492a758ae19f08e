from django.db import migrations

HAND_OVER = [
    "ALTER TABLE orders_savedfilter RENAME TO ui_savedfilter",
    # the key to the account was of this app; the common pages know accounts by their key only
    """
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN SELECT conname FROM pg_constraint
            WHERE conrelid = 'ui_savedfilter'::regclass AND contype IN ('f', 'u')
        LOOP
            EXECUTE format('ALTER TABLE ui_savedfilter DROP CONSTRAINT %I', found.conname);
        END LOOP;
        FOR found IN SELECT indexrelid::regclass::text AS name FROM pg_index
            WHERE indrelid = 'ui_savedfilter'::regclass AND NOT indisprimary
        LOOP
            EXECUTE 'DROP INDEX ' || found.name;
        END LOOP;
    END $$
    """,
    "ALTER TABLE ui_savedfilter ADD COLUMN list varchar(40) NOT NULL DEFAULT 'order'",
    "ALTER TABLE ui_savedfilter ADD CONSTRAINT ui_saved_filter_name UNIQUE (user_id, desk, list, name)",
]


class Migration(migrations.Migration):
    """Saved filters go to the common pages, with their rows."""

    dependencies = [("orders", "0005_office_task"), ("ui", "0001_saved_filter")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SavedFilter")]),
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
    ]
