"""Districts and regions that active offers reach, as rows which the database keeps."""

import django.db.models.deletion
from django.db import migrations, models

#: An offer stands in the table while it is active; what a change leaves as it was is not written.
KEEP = """
CREATE FUNCTION catalogue_keep_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM catalogue_offerplace WHERE offer_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'active' THEN
        INSERT INTO catalogue_offerplace (offer_id, place, kind_id, supplier_id)
        SELECT NEW.id, place, NEW.kind_id, NEW.supplier_id
        FROM (SELECT DISTINCT jsonb_array_elements_text(NEW.delivers_to) AS place) AS reached;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_offer_places_made AFTER INSERT OR DELETE ON catalogue_offer
    FOR EACH ROW EXECUTE FUNCTION catalogue_keep_places();
CREATE TRIGGER catalogue_offer_places_kept AFTER UPDATE ON catalogue_offer FOR EACH ROW
    WHEN ((OLD.state, OLD.delivers_to, OLD.kind_id, OLD.supplier_id)
        IS DISTINCT FROM (NEW.state, NEW.delivers_to, NEW.kind_id, NEW.supplier_id))
    EXECUTE FUNCTION catalogue_keep_places();
INSERT INTO catalogue_offerplace (offer_id, place, kind_id, supplier_id)
SELECT DISTINCT id, jsonb_array_elements_text(delivers_to), kind_id, supplier_id
FROM catalogue_offer WHERE state = 'active';
"""
LEAVE = """
DROP TRIGGER catalogue_offer_places_made ON catalogue_offer;
DROP TRIGGER catalogue_offer_places_kept ON catalogue_offer;
DROP FUNCTION catalogue_keep_places();
"""


class Migration(migrations.Migration):
    """The triggers come before the rows that are there: an offer that changes meanwhile waits for both."""

    dependencies = [("catalogue", "0010_sold_by_index"), ("suppliers", "0002_bank_accounts")]
    operations = [
        migrations.CreateModel(
            name='OfferPlace',
            fields=[
                ('pk', models.CompositePrimaryKey('offer_id', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(help_text='КАТО code.', max_length=9)),
                ('kind', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.kind')),
                ('offer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='places', to='catalogue.offer')),
                ('supplier', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='suppliers.supplier')),
            ],
            options={
                'indexes': [models.Index(fields=['place', 'kind'], include=('supplier', 'offer'), name='catalogue_offerplace_reaching')],
            },
        ),
        migrations.RunSQL(KEEP, LEAVE),
    ]
