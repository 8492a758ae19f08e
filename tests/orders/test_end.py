"""The end of an order: its way in five steps, the signed act, warranty, next time, what to do when it breaks."""

import io
from collections.abc import Iterator
from datetime import timedelta

import page as pdf_rules
import pikepdf
import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World
from tests.orders.declared import accepted, handed_over, received

from tirek.catalogue.models import Offer
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.words import view_of
from tirek.orders import actions
from tirek.orders.act_sheet import signed_act
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def way(order: Order, who: Actor) -> list[tuple[str, str, bool]]:
    with translation.override("en"):
        found = view_of(ORDERS, who, ORDERS.find(who, order.number)).path
        return [(str(one.title), one.standing, one.at is not None) for one in found]


@pytest.mark.finding("J-M13")
def test_way__shows_what_was_reached_and_what_lies_ahead(world: World) -> None:
    order = accepted(world)
    assert way(order, world.actor) == [
        ("Sent", "done", True),
        ("Accepted", "present", True),
        ("On the way", "ahead", False),
        ("Handed over", "ahead", False),
        ("Received", "ahead", False),
    ]


@pytest.mark.finding("J-M13")
def test_way__that_skips_a_step_is_whole_at_its_end(world: World) -> None:
    assert way(received(world), world.actor) == [
        ("Sent", "done", True),
        ("Accepted", "done", True),
        ("On the way", "done", False),
        ("Handed over", "done", True),
        ("Received", "done", True),
    ]


@pytest.mark.finding("J-M13")
def test_way__that_ended_early_says_how(world: World) -> None:
    order = actions.cancel_order(actor=world.actor, order=accepted(world), note="")
    assert way(order, world.actor) == [
        ("Sent", "done", True),
        ("Accepted", "done", True),
        ("cancelled", "stopped", True),
    ]


@pytest.mark.finding("J-M13")
def test_way__stands_on_the_page_with_its_days(world: World) -> None:
    order = handed_over(world)
    page = open_page(world.client(world.actor), reverse("orders:recipient-order", args=[order.number]))
    assert 'aria-current="step"' in page.html
    assert "Handed over 9 November" in page.main.replace("\u00a0", " ")


@pytest.mark.finding("J-M12")
def test_end__tells_act_warranty_next_time_and_what_to_do_when_it_breaks(world: World) -> None:
    world.offer = make.offer(world.supplier, world.kind, warranty=24)
    world.version = make.version_of(world.offer)
    order = received(world)
    page = open_page(world.client(world.actor), reverse("orders:recipient-order", args=[order.number]))
    links = {link.text: link.address for link in page.links}
    assert links["Signed act (PDF)"] == reverse("orders:act", args=[order.number])
    assert "Warranty: last day 9 November 2028" in page.main
    assert "You can order again now." in page.main
    assert links["It broke or does not work: write"].startswith(
        reverse("correspondence:thread", args=["order", order.pk]) + "?topic=broken"
    )


@pytest.mark.finding("J-M12")
def test_end__tells_from_when_the_next_one_can_be_ordered() -> None:
    with clock.at(make.MORNING):
        world = World(quantity=3, months=24, kind_code="TI-01")
        order = received(world)
        page = open_page(world.client(world.actor), reverse("orders:recipient-order", args=[order.number]))
    assert "You can order again now." not in page.main
    assert "The next one can be ordered from 9 November 2028" in page.main


def described(document: bytes) -> str:
    """Title and language of a tagged document."""
    with pikepdf.open(io.BytesIO(document)) as found:
        assert found.Root.MarkInfo.Marked
        return str(found.docinfo.get("/Title", "")) + str(found.Root.get("/Lang", ""))


@pytest.mark.finding("J-M12")
def test_act__is_a_document_that_a_screen_reader_reads(world: World) -> None:
    document = signed_act(received(world))
    assert document.startswith(b"%PDF-1.7")
    assert "kk" in described(document)
    report = pdf_rules.validate_pdf_bytes(document, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [one.message for one in report.failures]


def test_act__is_made_whatever_a_name_is_written_with(world: World) -> None:
    order = received(world)
    given = "#panic() ../x \\u0007 小 😀 \x07"
    Offer.objects.filter(pk=world.offer.pk).update(name_kk=given, name_ru=given)
    Person.objects.filter(pk=world.person.pk).update(surname="Ли 李")
    document = signed_act(ORDERS.find(world.actor, order.number))
    report = pdf_rules.validate_pdf_bytes(document, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [one.message for one in report.failures]


def test_act__is_given_to_those_of_the_order_alone(world: World) -> None:
    order = received(world)
    address = reverse("orders:act", args=[order.number])
    for who in (world.actor, world.supplier_actor):
        answer = world.client(who).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    stranger = make.recipient_of(make.person(place=world.place))
    make.agree(make.person(place=world.place))
    assert world.client(stranger).get(address).status_code in {302, 404}
    assert world.client(make.supplier_actor(make.supplier())).get(address).status_code == 404


def test_act__does_not_exist_before_it_is_signed(world: World) -> None:
    address = reverse("orders:act", args=[handed_over(world).number])
    with clock.at(make.MORNING + timedelta(hours=1)):
        assert world.client(world.actor).get(address).status_code == 404
