"""Goods of purchases stand among the things of people; a contract names maker, model and warranty."""

from django.db import migrations, models


#: The maker of what was bought was not told: its batches are those of a maker without a name.
BATCHES = """
INSERT INTO orders_batch (id, created_at, kind_id, maker, number, state)
SELECT gen_random_uuid(), now(), kind_id, '', number, 'free'
FROM (SELECT DISTINCT kind_id, number FROM procurement_piece WHERE NOT is_serial AND number <> '') AS told
ON CONFLICT (kind_id, maker, number) DO NOTHING
"""
KEEP = """
INSERT INTO orders_item (
    id, created_at, person_id, line_id, case_type, case_id, case_number, kind_id, maker, organisation_id, batch_id,
    number, quantity, use_by, handed_over_on, received_on, warranty_months, ended_because
)
SELECT piece.id, piece.created_at, bought.person_id, bought.line_id, 'purchase', bought.id, bought.number, piece.kind_id,
    '', known.organisation_id, batch.id, piece.number, piece.quantity, piece.use_by,
    (coalesce(bought.handed_over_at, piece.created_at) AT TIME ZONE 'Asia/Almaty')::date,
    CASE WHEN bought.state = 'received' THEN (bought.state_since AT TIME ZONE 'Asia/Almaty')::date END, 0, ''
FROM procurement_piece AS piece
JOIN procurement_purchase AS bought ON bought.id = piece.purchase_id
LEFT JOIN procurement_lot AS lot ON lot.id = bought.lot_id
LEFT JOIN suppliers_supplier AS known ON known.organisation_id = lot.organisation_id
LEFT JOIN orders_batch AS batch
    ON NOT piece.is_serial AND piece.number <> '' AND batch.kind_id = piece.kind_id AND batch.maker = ''
    AND batch.number = piece.number
"""


class Migration(migrations.Migration):
    """Goods of purchases become things of people, as goods of orders are."""

    dependencies = [
        ('orders', '0026_things_by_index'),
        ('procurement', '0002_tables'),
        ('suppliers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='maker',
            field=models.CharField(blank=True, db_default='', default='', help_text='Maker of the goods, as the contract names it.', max_length=120),
        ),
        migrations.AddField(
            model_name='lot',
            name='model',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='lot',
            name='warranty_months',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='From the receipt on, by the contract; 0: none is named.'),
        ),
        migrations.RunSQL(BATCHES, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='Piece',
        ),
    ]
