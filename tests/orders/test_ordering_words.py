"""Whom the pages of ordering speak to, and what they promise."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from tests import factories as make
from tests.kit.pages import Link, open_page, read
from tests.kit.world import World

from tirek.catalogue.actions import change_price
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.keys import uuid7
from tirek.core.reference.amendments import amend_value
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World(price=Decimal(350))


def text(client: Client, address: str) -> str:
    return open_page(client, address).main


def cheap(world: World) -> Order:
    """An order that the budget pays in full."""
    change_price(actor=world.supplier_actor, variant=world.offer.variants.get(), price=Decimal(150))
    world.version = make.version_of(world.offer)
    return world.order(3)


def pages(world: World) -> list[str]:
    return [
        reverse("orders:offers", args=[world.line.pk]),
        reverse("orders:offer", args=[world.line.pk, world.offer.pk]),
        f"{reverse('orders:compare', args=[world.line.pk])}?offer={world.offer.pk}",
    ]


@pytest.mark.parametrize("guaranteed", [Decimal(200), Decimal(400)])
def test_counter__says_for_whom_and_who_pays(guaranteed: Decimal) -> None:
    with clock.at(make.MORNING):
        make.kind(guaranteed=guaranteed)
        world = World(price=Decimal(350))
        make.came(world.officer, world.person)
        client = world.client(world.officer)
        for address in pages(world):
            page = text(client, address)
            assert f"For: {world.person.full_name}" in page
            assert ("The person pays" if guaranteed < 350 else "Free for the person") in page
            assert not re.search(r"\b[Yy]ou pay", page)
            assert not re.search(r"\b[Yy]our measurement", page)


def test_counter__says_for_whom_in_the_form(world: World) -> None:
    with clock.at(make.MORNING):
        draft = world.draft(3, actor=world.officer)
        for step in ("size", "quantity", "delivery"):
            assert f"For: {world.person.full_name}" in text(
                world.client(world.officer), reverse("orders:step", args=[draft.pk, step])
            )


def test_person__is_spoken_to_as_who_pays(world: World) -> None:
    with clock.at(make.MORNING):
        client = world.client(world.actor)
        for address in pages(world):
            page = text(client, address)
            assert "You pay" in page
            assert world.person.full_name not in page


def test_nothing_offered__promises_nothing_and_says_what_to_do(world: World) -> None:
    with clock.at(make.MORNING):
        world.supplier.offers.update(state="hidden")
        page = text(world.client(world.actor), pages(world)[0])
    assert "Nobody delivers this to your district yet" in page
    assert "Tell the department, and tell me when there is one" in page
    assert "call 1414" in page
    for promise in ("must act", "sees to it"):
        assert promise not in page
        assert promise not in text(Client(headers={"Accept-Language": "en"}), reverse("entrance:help"))


def test_top_up__is_told_with_its_last_day_and_what_happens_otherwise(world: World) -> None:
    with clock.at(make.MORNING):
        order = actions.accept_order(
            actor=world.supplier_actor, order=world.order(3), ready_on=clock.today() + timedelta(days=3)
        )
        client, address = world.client(world.actor), reverse("orders:recipient-order", args=[order.number])
        page, html = text(client, address), client.get(address).content.decode()
    assert "Pay 450 ₸ to the supplier by 19 November 2026." in page
    assert "the order is cancelled. You keep your right to these goods" in page
    inset = html[html.index("govuk-inset-text") :]
    assert f'href="tel:{world.supplier.contact_phone}"' in inset[: inset.index("</div>")]


def test_unknown_iin__leads_on_to_where_the_person_is_registered(world: World) -> None:
    with clock.at(make.MORNING):
        answer = world.client(world.officer).post(
            reverse("desks:officer-find"), {"what": make.person(place=make.district("311000000")).iin}
        )
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert answer.status_code == 404
    assert "register the person here" in page
    assert f'href="{reverse("people:register")}"' in answer.content.decode()


@pytest.mark.parametrize("desk", ["recipient", "officer"])
def test_refusal__tells_the_suppliers_term_that_is_in_force(world: World, desk: str) -> None:
    actor = world.actor if desk == "recipient" else world.officer
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=world.supplier_actor, order=cheap(world), ready_on=clock.today())
        actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
        address = reverse(f"orders:{desk}-order-act", args=[order.number, "refuse"])
        told = text(world.client(actor), address).replace("\u00a0", " ")
        assert "Time for the supplier to answer: 5 working days, the last day is 16 November 2026." in told
        (known,) = reference.history("order.refusal_answer", "")
        admin = Actor(desk=Desk.ADMIN, user_id=uuid7(), role="admin")
        amend_value(actor=admin, one=replace(known, text="7", effective_from=date(2026, 11, 12), citation="Order 2"))
    with clock.at(make.MORNING + timedelta(days=3)):
        client = world.client(actor)
        assert "Time for the supplier to answer: 7 working days, the last day is" in text(client, address)
        answer = client.post(address, {"refuse-reason": "does_not_fit", "refuse-note": ""}, follow=True)
    assert "Time for the supplier to answer: 7\u00a0working days, the last day is" in answer.content.decode()


@pytest.mark.finding("L-kinds-inside")
def test_kind__begins_small_inside_a_sentence_and_large_where_it_stands_alone(world: World) -> None:
    client = world.client(world.actor)
    with clock.at(make.MORNING):
        draft, name = world.draft(3), world.kind.name_en
        capital = capfirst(name)
        assert name != capital
        for address in (reverse("desks:recipient-forms"), reverse("desks:recipient-home")):
            page = open_page(client, address)
            assert any(one.startswith(capital) for one in (*page.headings, *(link.text for link in page.links)))
        assert f"{capital}, Order form" in text(client, reverse("orders:discard", args=[draft.pk]))
        client.post(reverse("orders:hand", args=[draft.pk]))
        worklist = text(world.client(world.officer), reverse("desks:officer-home"))
    assert f"Take up the form : {world.person.full_name}, {name}" in worklist


@pytest.mark.finding("J-back")
def test_offers__lead_back_to_where_the_person_came_from(world: World) -> None:
    client, offers = world.client(world.actor), reverse("orders:offers", args=[world.line.pk])
    home, programme = reverse("desks:recipient-home"), reverse("entitlements:recipient-programme")
    for referer, back in (
        (f"http://testserver{home}", home),
        (f"http://testserver{programme}", programme),
        (f"http://elsewhere{home}", programme),
        ("", programme),
    ):
        page = read(client.get(offers, headers={"Referer": referer}))
        assert Link("Back", back) in page.links, referer


@pytest.mark.finding("J-S1")
@pytest.mark.finding("L-146")
def test_number__in_the_address_may_be_typed_in_look_alike_letters(world: World) -> None:
    client = world.client(world.actor)
    with clock.at(make.MORNING):
        order = world.order(3)
        page = reverse("orders:recipient-order", args=[order.number])
        for typed in (order.number.replace("ТС", "TC"), order.number.lower()):
            answer = client.get(reverse("orders:recipient-order", args=[typed]))
            assert (answer.status_code, answer["Location"]) == (302, page)
        assert order.number in text(client, page)
        for wrong in ("TC-2026-9999999", "ТС-2026-9999999"):
            assert client.get(reverse("orders:recipient-order", args=[wrong]), follow=True).status_code == 404
