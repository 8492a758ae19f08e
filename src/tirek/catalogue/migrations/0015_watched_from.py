"""Which place watches an offer stands in the offer itself, so that an office reads its list from an index."""

from django.db import migrations, models

#: Where the supplier stands, else the first region to which the offer is delivered.
KEEP = """
CREATE FUNCTION catalogue_watched_from(supplier uuid, delivers_to jsonb) RETURNS varchar LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT organisation.territory_id FROM suppliers_supplier AS registered
            JOIN organisations_organisation AS organisation ON organisation.id = registered.organisation_id
            WHERE registered.id = supplier),
        left(delivers_to ->> 0, 2) || '0000000',
        ''
    )
$$;
CREATE FUNCTION catalogue_keep_watched_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.watched_from := catalogue_watched_from(NEW.supplier_id, NEW.delivers_to);
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_offer_watched_made BEFORE INSERT ON catalogue_offer
    FOR EACH ROW EXECUTE FUNCTION catalogue_keep_watched_from();
CREATE TRIGGER catalogue_offer_watched_kept BEFORE UPDATE ON catalogue_offer FOR EACH ROW
    WHEN ((OLD.supplier_id, OLD.delivers_to, OLD.watched_from)
        IS DISTINCT FROM (NEW.supplier_id, NEW.delivers_to, NEW.watched_from))
    EXECUTE FUNCTION catalogue_keep_watched_from();
CREATE FUNCTION catalogue_organisation_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_offer SET watched_from = catalogue_watched_from(supplier_id, delivers_to)
    WHERE supplier_id IN (SELECT id FROM suppliers_supplier WHERE organisation_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_organisation_moved AFTER UPDATE OF territory_id ON organisations_organisation FOR EACH ROW
    WHEN (OLD.territory_id IS DISTINCT FROM NEW.territory_id)
    EXECUTE FUNCTION catalogue_organisation_moved();
"""
LEAVE = """
DROP TRIGGER catalogue_organisation_moved ON organisations_organisation;
DROP TRIGGER catalogue_offer_watched_kept ON catalogue_offer;
DROP TRIGGER catalogue_offer_watched_made ON catalogue_offer;
DROP FUNCTION catalogue_organisation_moved();
DROP FUNCTION catalogue_keep_watched_from();
DROP FUNCTION catalogue_watched_from(uuid, jsonb);
"""


class Migration(migrations.Migration):
    """A column without a value, and triggers: no row is written while the table is held."""

    dependencies = [("catalogue", "0014_admission_by_whole_number"), ("suppliers", "0002_bank_accounts")]
    operations = [
        migrations.AddField(
            model_name="offer",
            name="watched_from",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="КАТО code of the place whose region admits it; only the database writes it.",
                max_length=9,
            ),
        ),
        migrations.RunSQL(KEEP, LEAVE),
    ]
