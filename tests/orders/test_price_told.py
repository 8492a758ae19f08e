"""What a person pays is told once, for all that is ordered, and never otherwise than it is sent."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page, pressed, read
from tests.kit.world import World

from tirek.catalogue import queries as catalogue
from tirek.catalogue import ranking
from tirek.catalogue.actions import change_price
from tirek.catalogue.models import Offer
from tirek.catalogue.words import told_price
from tirek.core import clock, drafts
from tirek.core.drafts import Draft
from tirek.entitlements.queries import status_of
from tirek.orders.actions import submit_order
from tirek.orders.models import Order
from tirek.people.actions import add_representation, record_measurement
from tirek.people.models import Measurement, Person, Representation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """Two offers that fit: the quicker one costs 20 above the guaranteed amount, the other one nothing."""
    with clock.at(make.MORNING):
        shop = World(price=Decimal(220))
        shop.costly = shop.offer
        shop.free = make.offer(make.supplier(), shop.kind, price=Decimal(180), to="100000000", days=20)
        yield shop


@pytest.fixture
def client(world: World) -> Client:
    return world.client(world.actor)


def plain(page: Page) -> str:
    """The words of a page, with plain spaces."""
    return page.main.replace("\u00a0", " ")


@pytest.mark.finding("J-B1")
@pytest.mark.parametrize(
    ("each", "quantity", "person", "officer"),
    [
        ("0", 245, "Free for you", "Free for the person"),
        ("20", 245, "You pay 20 ₸ each, 4 900 ₸ for 245", "The person pays 20 ₸ each, 4 900 ₸ for 245"),
        ("20.50", 1, "You pay 20.50 ₸ for one", "The person pays 20.50 ₸ for one"),
        ("20", 0, "You pay 20 ₸ for one", "The person pays 20 ₸ for one"),
    ],
)
def test_price__of_one_is_never_told_as_that_of_all(each: str, quantity: int, person: str, officer: str) -> None:
    with translation.override("en"):
        for at_counter, words in ((False, person), (True, officer)):
            told = told_price(Decimal(each), quantity, at_counter=at_counter)
            assert (told.text.replace("\u00a0", " "), told.is_free) == (words, each == "0")


@pytest.mark.finding("J-B1")
def test_offers__that_are_free_stand_first_among_those_that_fit_equally(world: World, client: Client) -> None:
    listed = ranking.offers_that_fit(world.person, catalogue.Requirement(world.kind.code, {}))
    assert [one.offer.pk for one in listed] == [world.free.pk, world.costly.pk]
    page = plain(open_page(client, reverse("orders:offers", args=[world.line.pk])))
    assert page.index("Free for you") < page.index("You pay 20 ₸ each, 7 300 ₸ for 365 pieces")


def test_offers__that_are_equal_take_turns_from_day_to_day(world: World) -> None:
    for _nth in range(3):
        make.offer(make.supplier(), world.kind, price=Decimal(180), to="100000000", days=20)
    asked, today = catalogue.Requirement(world.kind.code, {}), clock.today()
    orders = [tuple(ranking.ranking(world.person, asked, on=today + timedelta(days=n))) for n in range(8)]
    assert {one[-1] for one in orders} == {world.costly.pk}
    assert len(set(orders)) > 1


def test_offers__that_are_free_and_do_not_fit_stand_after_those_that_fit(world: World) -> None:
    make.offer(
        make.supplier(),
        world.kind,
        price=Decimal(100),
        to="100000000",
        days=1,
        parameters={"waist_min_cm": 20, "waist_max_cm": 30},
    )
    record_measurement(
        actor=world.actor,
        person=world.person,
        parameter="waist_cm",
        value=Decimal(90),
        measured_on=clock.today(),
        source=Measurement.Source.SELF,
    )
    listed = ranking.offers_that_fit(world.person, catalogue.Requirement(world.kind.code, {}))
    assert [one.person_pays > 0 for one in listed] == [False, True, False]
    assert [one.fit.verdict.value for one in listed] == ["fits", "fits", "does_not_fit"]


@pytest.mark.finding("J-B1")
def test_every_page_before_the_form__tells_the_whole_price(world: World, client: Client) -> None:
    whole = "You pay 20 ₸ each, 7 300 ₸ for 365 pieces"
    for address in (
        reverse("orders:offers", args=[world.line.pk]),
        reverse("orders:offer", args=[world.line.pk, world.costly.pk]),
        f"{reverse('orders:compare', args=[world.line.pk])}?offer={world.costly.pk}&offer={world.free.pk}",
    ):
        page = plain(open_page(client, address))
        assert whole in page
        assert re.findall(r"You pay (?!20 ₸ each, 7 300 ₸ for 365)\d[^.]*₸", page) == []


@pytest.mark.parametrize(("goods", "pays"), [("free", "Free for you"), ("costly", "You pay 60 ₸")])
def test_pages_after_the_form__tell_the_same_price_to_the_person_and_show_the_goods(
    world: World, client: Client, goods: str, pays: str
) -> None:
    offer = getattr(world, goods)
    Offer.objects.filter(pk=offer.pk).update(illustration="cane")
    order = submit_order(actor=world.actor, draft_key=world.draft(3, version=str(make.version_of(offer).pk)).pk)
    for address in (
        reverse("orders:receipt", args=[order.number]),
        reverse("orders:recipient-order", args=[order.number]),
    ):
        page = open_page(client, address)
        assert pays in plain(page)
        assert "The person pays" not in page.main
        assert "illustrations/cane" in page.html


@pytest.mark.finding("J-M17")
def test_offer_that_stands_alone__has_nothing_to_compare(world: World, client: Client) -> None:
    offers = reverse("orders:offers", args=[world.line.pk])
    assert open_page(client, offers).html.count('name="offer"') == 2
    world.free.supplier.offers.update(state="paused")
    page = open_page(client, offers)
    assert 'type="checkbox"' not in page.html, "nothing to narrow, either"
    assert "Compare" not in page.main


# --- beside the quantity, and on the check page


def test_quantity__is_asked_with_the_price_of_one_beside_it(world: World, client: Client) -> None:
    page = open_page(client, reverse("orders:step", args=[world.draft(3, version=_version(world)).pk, "quantity"]))
    assert 'data-total-of="quantity" data-each="20.00"' in page.html
    assert "You pay 20 ₸ each, 60 ₸ for 3" in plain(page)


@pytest.mark.finding("J-told-twice")
def test_check__tells_each_and_all_and_nothing_of_a_number_that_is_missing(world: World, client: Client) -> None:
    draft = world.draft(3, version=_version(world))
    check = reverse("orders:step", args=[draft.pk, "check"])
    assert "220 ₸ × 3 = 660 ₸" in plain(open_page(client, check))
    assert "You pay 20 ₸ each, 60 ₸ for 3" in plain(open_page(client, check))
    assert plain(open_page(client, check)).count("You pay") == 1, "the label says it"
    empty = world.draft(3, version=_version(world), quantity="")
    page = plain(open_page(client, reverse("orders:step", args=[empty.pk, "check"])))
    assert "× 0" not in page
    assert "0 ₸" not in re.sub(r"\d[\d ]*0 ₸", "", page)


def _version(world: World) -> str:
    return str(make.version_of(world.costly).pk)


def _press(client: Client, draft: Draft, **seen: str) -> Page:
    """A press of the check page, with what was shown then in place of what holds now."""
    return read(client.post(reverse("orders:submit", args=[draft.pk]), make.as_shown(draft, **seen)))


@pytest.mark.finding("I-2")
def test_amount_that_changed_meanwhile__is_refused_once_with_both(world: World, client: Client) -> None:
    draft = world.draft(3, version=_version(world))
    page = open_page(client, reverse("orders:step", args=[draft.pk, "check"]))
    assert 'name="seen_person_part" value="60.00"' in page.html
    refused = _press(client, draft, seen_person_part="30.00")
    assert refused.status == 422
    said = "What is to be paid has changed: it was 30 ₸, now it is 60 ₸."
    assert said in refused.text.replace("\u00a0", " ")
    assert 'name="seen_person_part" value="60.00"' in refused.html, "the next press sends what is shown now"
    assert not Order.objects.exists()
    sent = _press(client, draft, seen_person_part="60.00")
    assert sent.status == 302
    assert Order.objects.get().person_part == Decimal(60)


@pytest.mark.finding("I-2")
def test_price_that_changed_meanwhile__is_refused_once_with_both(world: World, client: Client) -> None:
    version = make.version_of(world.costly)
    draft = world.draft(3, version=str(version.pk))
    here, shown = reverse("orders:submit", args=[draft.pk]), make.as_shown(draft)
    change_price(actor=world.supplier_actor, variant=version.variant, price=Decimal(240))
    # the script of the page asks first: nobody has seen that answer
    unseen = client.post(here, shown, headers={"Accept": "application/json"})
    assert unseen.status_code == 422
    refused = read(client.post(here, shown))
    assert refused.status == 422
    assert "The price of one was 220 ₸ and is now 240 ₸." in plain(refused)
    assert "What is to be paid has changed: it was 60 ₸, now it is 120 ₸." in plain(refused)
    assert "240 ₸ × 3 = 720 ₸" in plain(refused), "the page shows what holds now"
    assert not Order.objects.exists()
    sent = _press(client, draft, seen_person_part="120.00")
    assert sent.status == 302
    assert Order.objects.get().unit_price == Decimal(240)


@pytest.mark.finding("I-2")
def test_quota_that_is_less_meanwhile__is_refused_once_with_both(world: World, client: Client) -> None:
    most = status_of(world.line).availability.most
    draft = world.draft(most, version=_version(world))
    page = open_page(client, reverse("orders:step", args=[draft.pk, "check"]))
    assert f'name="seen_quantity" value="{most}"' in page.html
    world.order(most - 4)
    refused = _press(client, draft, seen_quantity=str(most))
    assert refused.status == 422
    assert f"The quantity has changed: it was {most}, now it is 4." in plain(refused)
    assert 'name="seen_quantity" value="4"' in refused.html, "the page shows what holds now"
    assert Order.objects.count() == 1
    assert _press(client, draft, seen_quantity="4").status == 302
    assert set(Order.objects.values_list("quantity", flat=True)) == {most - 4, 4}


@pytest.mark.finding("I-2")
def test_quantity_of_another_tab__is_not_sent_unseen(world: World, client: Client) -> None:
    draft = world.draft(3)
    drafts.save_fields(world.actor, draft.pk, {"quantity": drafts.Typed("30", draft.versions().get("quantity", 0))})
    refused = _press(client, draft, seen_quantity="3")
    assert refused.status == 422
    assert "The quantity has changed: it was 3, now it is 30." in plain(refused)
    assert not Order.objects.exists()
    assert _press(client, draft, seen_quantity="30").status == 302


@pytest.mark.finding("I-2")
def test_price_that_changed_at_the_counter__is_told_before_anybody_agrees(world: World) -> None:
    officer, version = world.officer, make.version_of(world.costly)
    draft = world.draft(3, actor=officer, version=str(version.pk))
    change_price(actor=world.supplier_actor, variant=version.variant, price=Decimal(240))
    asked = read(world.client(officer).post(reverse("orders:sign", args=[draft.pk]), {"step": "ask"}))
    assert "The price of one was 220 ₸ and is now 240 ₸." in plain(asked)
    assert "240 ₸ × 3 = 720 ₸" in plain(asked)


@pytest.mark.parametrize("seen", ["60", "60.00", "6E1"])
def test_amount_that_was_seen__is_compared_as_a_number(world: World, client: Client, seen: str) -> None:
    draft = world.draft(3, version=_version(world))
    assert _press(client, draft, seen_person_part=seen).status == 302


@pytest.mark.finding("I-unseen")
@pytest.mark.parametrize("name", ["seen_person_part", "seen_quantity"])
@pytest.mark.parametrize("sent", [None, "", "x", "NaN", "Infinity", "1e999999999", "9" * 400])
def test_press_that_does_not_say_what_was_shown__is_refused_once_with_the_amounts(
    world: World, client: Client, name: str, sent: str | None
) -> None:
    draft = world.draft(3, version=_version(world))
    crafted = {key: value for key, value in make.as_shown(draft).items() if key != name}
    crafted |= {} if sent is None else {name: sent}
    here = reverse("orders:submit", args=[draft.pk])
    script = client.post(here, crafted, headers={"Accept": "application/json"})
    assert (script.status_code, script.json()["code"]) == (422, "amounts")
    refused = read(client.post(here, crafted))
    assert refused.status == 422
    assert "The amounts were not shown before this was sent." in refused.main
    assert "You pay 20 ₸ each, 60 ₸ for 3" in plain(refused)
    assert not Order.objects.exists()
    again = pressed(refused, "Send the order")
    assert client.post(here, again | {"consent": make.CONSENT_VERSION}).status_code == 302
    assert client.post(here, crafted).status_code == 302, "what is sent leads to its receipt, whatever is pressed"
    assert Order.objects.count() == 1


def _representative(world: World) -> Person:
    """Somebody who acts for the person of the programme, and for oneself at the moment."""
    who = make.person(place=world.place)
    make.agree(who)
    add_representation(
        actor=world.officer,
        representative=who,
        represented=world.person,
        basis=Representation.Basis.ATTORNEY,
        document_number="АА 1",
        since=clock.today(),
    )
    return who


@pytest.mark.finding("I-unseen")
def test_press_for_another_person__says_what_was_shown_too(world: World) -> None:
    mother = _representative(world)
    acting = make.recipient_of(mother).behalf(world.person.pk)
    draft = world.draft(3, actor=acting, version=_version(world))
    client, here = world.client(make.recipient_of(mother)), reverse("orders:submit", args=[draft.pk])
    client.post(reverse("entrance:use-person"), {"person": str(world.person.pk)})
    refused = client.post(here, {"consent": make.CONSENT_VERSION})
    assert (refused.status_code, Order.objects.count()) == (422, 0)
    sent = client.post(here, make.as_shown(draft))
    assert (sent.status_code, Order.objects.count()) == (302, 1)


def test_page_of_another_persons_form__keeps_what_was_typed_and_nothing_made_up(world: World) -> None:
    mother = _representative(world)
    draft = world.draft(3, actor=make.recipient_of(mother).behalf(world.person.pk))
    client, before = world.client(make.recipient_of(mother)), draft.values()
    sent = {"comment": "Ring twice", "v_comment": "0", "made_up": "x" * 9, "v_made_up": "0"}
    client.post(reverse("orders:step", args=[draft.pk, "delivery"]), sent)
    draft.refresh_from_db()
    assert draft.values() == before | {"comment": "Ring twice"}
