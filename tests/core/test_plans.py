"""Lists are planned for the desk that asks; what a submit reads stays prepared."""

import pytest
from django.db import connection
from tests import factories as make
from tests.kit.world import World

from tirek.core.database.plans import for_these_values
from tirek.orders.case_pages import LIST
from tirek.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.finding("P-G1")]


def prepared(words: str) -> int:
    """Statements with these words that the connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE position(%s IN statement) > 0", [words])
        return int(cursor.fetchone()[0])


def test_statements__are_not_prepared_in_the_block_and_are_outside() -> None:
    def read(words: str) -> None:
        for _n in range(6):
            list(Order.objects.extra(where=[f"'{words}' = '{words}'"]).values_list("pk")[:1])  # noqa: S610 - ours

    with for_these_values():
        read("planned anew")
    assert prepared("'planned anew'") == 0
    read("planned once")
    assert prepared("'planned once'") > 0


def test_block_that_fails__leaves_the_connection_as_it_was() -> None:
    connection.ensure_connection()
    before = connection.connection.prepare_threshold
    with pytest.raises(KeyError), for_these_values():
        raise KeyError
    assert connection.connection.prepare_threshold == before is not None


def test_keys_of_a_list__are_planned_for_the_desk_that_asks() -> None:
    world = World()
    world.order(1)
    client = world.client(world.officer)
    for _n in range(8):
        assert client.get("/office/orders?state=submitted").status_code == 200
    assert prepared('FROM "orders_order" WHERE ("orders_order"."territory_code" =') == 0
    assert LIST.counts(world.officer).by_state == {"submitted": 1}
    assert make.district().code == world.place.code
