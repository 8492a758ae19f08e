"""What items were told by their order stands with them."""

from django.db import migrations

#: The maker is written as ``orders.numbers.maker_key`` writes it.
FILL = """
UPDATE orders_item AS item
SET case_type = 'order', case_id = ordered.id, case_number = ordered.number, kind_id = ordered.kind_code,
    line_id = ordered.line_id, version_id = ordered.version_of_offer_id, organisation_id = ordered.organisation_id,
    received_on = (came.confirmed_at AT TIME ZONE 'Asia/Almaty')::date, warranty_months = version.warranty_months,
    maker = coalesce(
        nullif(left(lower(btrim(regexp_replace(normalize(offer.maker, NFKC), '\\s+', ' ', 'g'))), 120), ''),
        'offer:' || offer.id
    )
FROM orders_delivery AS came
JOIN orders_order AS ordered ON ordered.id = came.order_id
JOIN catalogue_offerversion AS version ON version.id = ordered.version_of_offer_id
JOIN catalogue_variant AS size ON size.id = version.variant_id
JOIN catalogue_offer AS offer ON offer.id = size.offer_id
WHERE came.id = item.delivery_id
"""


class Migration(migrations.Migration):
    """A transaction of its own: what was just written is not altered."""

    dependencies = [("orders", "0024_things")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
