"""What stands where on the pages of orders, and by which name: regained once, kept by these tests."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.core import clock
from tirek.core.personal import export
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def handed_over(world: World) -> Order:
    order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
    return actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))


@pytest.mark.parametrize(
    ("desk", "confirm", "refuse"),
    [
        ("orders", "Confirm the receipt", "Something is wrong: refuse"),
        ("office/orders", "Confirm with the person present", "Record a refusal"),
    ],
)
def test_refusal__stands_beside_the_confirmation_before_the_facts(
    world: World, desk: str, confirm: str, refuse: str
) -> None:
    order = handed_over(world)
    client = world.client(world.actor if desk == "orders" else world.officer)
    page = open_page(client, f"/{desk}/{order.number}").main
    assert page.index(confirm) < page.index(refuse) < page.index("Delivery to")
    assert "Order" in open_page(client, f"/{desk}/{order.number}").headings


def test_words_to_agree_to__have_a_heading_of_their_own(world: World) -> None:
    draft = world.draft(3, actor=world.officer)
    make.came(world.officer, world.person)
    page = open_page(world.client(world.officer), reverse("orders:step", args=[draft.pk, "check"]))
    assert "The person agrees to exactly these words" in page.headings


@pytest.mark.parametrize("desk", ["office", "supply"])
def test_list__is_ordered_by_the_day_it_was_sent_and_says_so(world: World, desk: str) -> None:
    world.order(3)
    client = world.client(world.officer if desk == "office" else world.supplier_actor)
    page = open_page(client, f"/{desk}/orders")
    assert [one.address for one in page.links if one.text.startswith("Sent on")] == ["?sort=day"]
    assert 'aria-sort="descending"' in page.html


def test_own_data__name_what_was_measured_and_begin_with_what_it_is(world: World) -> None:
    assert str(export.question("order", "waist_cm")) != "waist_cm"
    assert getattr(export.question("order", "waist_cm"), "text", "") in {"Waist", "Бел айналымы", "Талия"}
    world.order(3)
    found = export.held_about(export.Subject(world.person.pk, world.person.user_id))
    (entries,) = [entries for section, entries in found if section.code == "orders"]
    names = list(entries[0])
    assert names[:4] == ["number", "state", "goods", "supplier"]
    assert names[-2:] == ["deliveries", "history"]
