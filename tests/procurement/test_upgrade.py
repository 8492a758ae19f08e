"""What was handed over before things told of themselves keeps its numbers, days and holders."""

from importlib import import_module

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from tests import factories as make
from tests.aftercare.declared import held
from tests.procurement import declared as given

from tirek.core import clock
from tirek.core.keys import uuid7
from tirek.orders.models import Item

#: Columns that orders had told before.
TOLD = ("case_type", "case_id", "case_number", "kind_id", "line_id", "version_id", "organisation_id", "received_on")
#: An item as it was before.
FORGOTTEN = """
UPDATE orders_item SET case_type = NULL, case_id = NULL, case_number = NULL, kind_id = NULL, line_id = NULL,
    version_id = NULL, organisation_id = NULL, received_on = NULL, warranty_months = 0, maker = ''
"""
#: The table as ``procurement.0002_tables`` made it.
PIECES = """
CREATE TABLE procurement_piece (
    id uuid PRIMARY KEY, created_at timestamptz NOT NULL, purchase_id uuid NOT NULL, kind_id varchar(10) NOT NULL,
    number varchar(40) NOT NULL, is_serial boolean NOT NULL, quantity integer NOT NULL, use_by date,
    told_of varchar(10) NOT NULL
)
"""


@pytest.mark.django_db
def test_goods_of_orders__are_told_what_their_order_knew() -> None:
    with clock.at(make.MORNING):
        item = held(make.Shop())
    before = model_to_dict(item)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_item DROP CONSTRAINT orders_item_source")
        for name in TOLD:
            cursor.execute(f"ALTER TABLE orders_item ALTER COLUMN {name} DROP NOT NULL")
        cursor.execute(FORGOTTEN)
        cursor.execute(import_module("tirek.orders.migrations.0025_things_filled").FILL)
    assert model_to_dict(Item.objects.get()) == before


@pytest.mark.django_db
def test_goods_of_purchases__become_things_with_their_numbers() -> None:
    shop = make.Shop()
    serial, batch = given.handed_over(shop), given.handed_over(shop)
    Item.objects.all().delete()
    steps = import_module("tirek.procurement.migrations.0003_things")
    with connection.cursor() as cursor:
        cursor.execute(PIECES)
        for purchase, number, is_serial in ((serial, "S1", True), (batch, "L7", False), (batch, "", False)):
            cursor.execute(
                "INSERT INTO procurement_piece VALUES (%s, now(), %s, %s, %s, %s, 1, NULL, '')",
                [uuid7(), purchase.pk, purchase.kind_id, number, is_serial],
            )
        cursor.execute(steps.BATCHES)
        cursor.execute(steps.KEEP)
    kept = {one.number: one for one in Item.objects.select_related("batch")}
    assert sorted(kept) == ["", "L7", "S1"]
    assert (kept["S1"].case_number, kept["S1"].batch, kept["S1"].person_id) == (serial.number, None, serial.person_id)
    assert (kept["L7"].batch.number, kept["L7"].batch.maker, kept["L7"].maker) == ("L7", "", "")
    assert kept[""].batch is None
    assert {one.organisation_id for one in kept.values()} == {None}
    assert kept["S1"].handed_over_on == clock.today()
