"""From a line of the programme to the receipt in few pages; the same again in three presses."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import Page, open_page, words
from tests.kit.world import World

from tirek.catalogue.actions import add_sizes, change_price
from tirek.catalogue.models import Offer
from tirek.catalogue.rules import VariantCard
from tirek.core import clock, drafts
from tirek.core.drafts import Draft
from tirek.entitlements.queries import opened_status
from tirek.orders import actions
from tirek.orders.draft_forms import FORM_OF_ORDER
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.repeats import AGAIN
from tirek.orders.signing import RECEIPT
from tirek.people.actions import change_residence, record_measurement
from tirek.people.models import Measurement, Representation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        shop = World()
        measure(shop, clock.today())
        yield shop


@pytest.fixture
def client(world: World) -> Client:
    return world.client(world.actor)


def measure(world: World, day: object) -> None:
    """A waist that fits."""
    Measurement.objects.filter(person=world.person).delete()
    record_measurement(
        actor=world.actor,
        person=world.person,
        parameter="waist_cm",
        value=Decimal(90),
        measured_on=day,
        source=Measurement.Source.SELF,
    )


def offer(world: World) -> str:
    return reverse("orders:offer", args=[world.line.pk, world.offer.pk])


def check(draft: Draft) -> str:
    return FORM_OF_ORDER.url("step", draft.pk, "check")


def choose(client: Client, world: World, quantity: str = "30") -> str:
    """Press "Continue" on the offer; where one is led in the end."""
    return str(client.post(offer(world), {"quantity": quantity}, follow=True).request["PATH_INFO"])


def received(world: World, quantity: int = 30) -> Order:
    """An order that was received."""
    order = world.order(quantity)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
    paper = RECEIPT.on_paper(world.officer, order)
    return actions.confirm_receipt(actor=world.officer, order=order, signature_id=paper.pk)


@pytest.mark.finding("J-M15", "J-M20")
def test_offer__is_chosen_with_its_quantity_and_leads_to_the_check_page(world: World, client: Client) -> None:
    page = open_page(client, offer(world))
    most = opened_status(world.actor, world.line.pk).availability.quantity
    assert f'value="{most}"' in page.html, "all that the programme gives is proposed"
    assert choose(client, world) == check(Draft.objects.get())
    assert Draft.objects.get().values()["quantity"] == "30"


@pytest.mark.finding("J-M15")
def test_sizes__that_fit_stand_first_and_the_first_of_them_is_chosen(world: World, client: Client) -> None:
    wide = VariantCard("XL", Decimal(180), 50, {"waist_min_cm": 120, "waist_max_cm": 150})
    add_sizes(actor=world.supplier_actor, offer=world.offer, cards=[wide])
    Measurement.objects.filter(person=world.person).delete()
    record_measurement(
        actor=world.actor,
        person=world.person,
        parameter="waist_cm",
        value=Decimal(130),
        measured_on=clock.today(),
        source=Measurement.Source.SELF,
    )
    page = open_page(client, offer(world))
    assert page.main.index("XL") < page.main.index("does not fit")
    fitting = world.offer.variants.get(label="XL").current
    assert re.search(rf'value="{fitting.pk}"[^>]*checked', page.html)


@pytest.mark.finding("J-M20")
def test_quantity__is_not_asked_where_only_one_is_possible(world: World, client: Client) -> None:
    world.offer.variants.update(stock=1)
    page = open_page(client, offer(world))
    assert 'name="quantity"' not in page.html
    assert client.post(offer(world), {}, follow=True).request["PATH_INFO"] == check(Draft.objects.get())
    assert Draft.objects.get().values()["quantity"] == "1"


@pytest.mark.parametrize(("months", "asked"), [(0, False), (23, False), (25, True)])
def test_measurement__is_asked_again_when_it_is_old(world: World, client: Client, months: int, *, asked: bool) -> None:
    measure(world, clock.today() - timedelta(days=round(months * 30.4)))
    assert choose(client, world).endswith("/size" if asked else "/check")


def test_form__asks_anew_where_what_was_chosen_is_not_there_any_more(world: World, client: Client) -> None:
    choose(client, world)
    draft = Draft.objects.get()
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(170))
    world.offer.variants.update(stock=1)
    step, now = FORM_OF_ORDER.url("step", draft.pk, "quantity"), str(make.version_of(world.offer).pk)
    page = open_page(client, step).html
    assert 'name="version"' in page
    assert 'name="quantity"' in page
    assert client.post(step, {"version": now, "quantity": "1"})["Location"] == check(draft)
    draft.refresh_from_db()
    assert (draft.values()["version"], draft.values()["quantity"]) == (now, "1")
    sent = client.post(FORM_OF_ORDER.url("submit", draft.pk), make.as_shown(draft))
    assert sent["Location"].startswith("/order/done/")


@pytest.mark.finding("J-M3")
def test_another_product__goes_on_with_the_same_form(world: World, client: Client) -> None:
    choose(client, world)
    draft = Draft.objects.get()
    typed = {"address": drafts.Typed("Another 7", 9), "comment": drafts.Typed("Ring twice", 9)}
    drafts.save_fields(world.actor, draft.pk, typed)
    other = make.offer(world.supplier, world.kind, price=Decimal(170), to="100000000")
    address = reverse("orders:offer", args=[world.line.pk, other.pk])
    assert client.post(address, {"quantity": "20"}, follow=True).request["PATH_INFO"] == check(draft)
    draft.refresh_from_db()
    assert Draft.objects.count() == 1
    assert draft.values()["version"] == str(make.version_of(other).pk)
    assert (draft.values()["quantity"], draft.values()["comment"]) == ("20", "Ring twice")


@pytest.mark.finding("J-M4")
@pytest.mark.parametrize(
    ("name", "sent"),
    [("quantity", {"quantity": "12"}), ("delivery", {"address": "Абай 9", "phone": "87011234567", "comment": ""})],
)
def test_change__comes_back_to_the_check_page(world: World, client: Client, name: str, sent: dict[str, str]) -> None:
    draft = world.draft(30)
    links = {link.address for link in open_page(client, check(draft)).links}
    change = f"{FORM_OF_ORDER.url('step', draft.pk, name)}?from=check"
    assert change in links
    page = open_page(client, change)
    assert {link.text: link.address for link in page.links}["Back"] == check(draft)
    assert client.post(change, sent)["Location"] == check(draft)


@pytest.mark.finding("J-M4")
def test_change_that_is_refused__still_comes_back(world: World, client: Client) -> None:
    draft = world.draft(30)
    change = f"{FORM_OF_ORDER.url('step', draft.pk, 'quantity')}?from=check"
    assert client.post(change, {"quantity": "0"}).status_code == 422
    assert client.post(change, {"quantity": "4"})["Location"] == check(draft)


@pytest.mark.finding("J-M8")
def test_delivery__is_known_from_the_last_order_or_from_who_orders(world: World) -> None:
    mother = make.person(place=world.place, phone="+77051112233")
    Representation.objects.create(
        representative=mother, represented=world.person, basis="guardian", document_number="1", since=clock.today()
    )
    make.agree(mother)
    client = world.client(make.recipient_of(mother))
    client.post(reverse("entrance:use-person"), {"person": str(world.person.pk)})
    choose(client, world)
    assert Draft.objects.get().values()["phone"] == "+77051112233"
    last = world.order(3)
    Draft.objects.all().delete()
    Order.objects.filter(pk=last.pk).update(phone="+77059998877", address="Last 1")
    choose(client, world)
    values = Draft.objects.get().values()
    assert (values["phone"], values["address"]) == ("+77059998877", "Last 1")


def test_delivery__goes_to_where_a_person_who_has_moved_lives_now(world: World, client: Client) -> None:
    last = world.order(3)
    with clock.at(make.MORNING + timedelta(days=1)):
        place = make.district("311000000")
        change_residence(actor=world.officer, person=world.person, territory_code=place.code, address="New 5")
        moved = make.offer(world.supplier, world.kind, price=Decimal(170), to=place.code)
        client.post(reverse("orders:offer", args=[world.line.pk, moved.pk]), {"quantity": "3"})
        values = Draft.objects.filter(state=Draft.State.OPEN).get().values()
    assert (values["address"], values["phone"]) == ("New 5", last.phone)
    assert "comment" not in values


# --- the same again


def again(world: World) -> str:
    return reverse("orders:again", args=[world.line.pk])


@pytest.mark.finding("J-M23")
def test_same_again__is_one_press_from_home_to_the_check_page(world: World, client: Client) -> None:
    last = received(world)
    assert again(world) in open_page(client, reverse("desks:recipient-home")).html
    led = client.post(again(world), follow=True)
    draft = Draft.objects.filter(state=Draft.State.OPEN).get()
    assert led.request["PATH_INFO"] == check(draft)
    values = draft.values()
    assert (values["quantity"], values["address"], values["phone"]) == ("30", last.address, last.phone)
    assert "Changed since" not in open_page(client, check(draft)).main
    sent = client.post(FORM_OF_ORDER.url("submit", draft.pk), make.as_shown(draft))
    assert sent["Location"].startswith("/order/done/")


def test_form__takes_the_newest_address_that_is_still_kept(world: World, client: Client) -> None:
    """What ended long ago has lost its address; a form does not begin with none."""
    kept, forgotten = received(world, 5), received(world, 5)
    Order.objects.filter(pk=kept.pk).update(address="Abai 7")
    Order.objects.filter(pk=forgotten.pk).update(address="", phone="", comment="")
    client.post(again(world))
    assert Draft.objects.filter(state=Draft.State.OPEN).get().values()["address"] == "Abai 7"


@pytest.mark.finding("J-M23")
def test_same_again__says_what_has_changed(world: World, client: Client) -> None:
    received(world)
    change_price(actor=world.supplier_actor, variant=world.version.variant, price=Decimal(190))
    world.offer.variants.update(stock=10)
    client.post(again(world))
    page = open_page(client, check(Draft.objects.filter(state=Draft.State.OPEN).get()))
    told = page.main.replace("\u00a0", " ")
    assert "Changed since your last order:" in told
    assert "The price of one was 180 ₸ and is now 190 ₸." in told
    assert "Last time you ordered 30, now 10." in told


def test_same_again__compares_with_the_newest_order_also_while_it_still_comes(world: World, client: Client) -> None:
    received(world)
    world.order(20)
    world.offer.variants.update(stock=10)
    client.post(again(world))
    page = open_page(client, check(Draft.objects.filter(state=Draft.State.OPEN).get()))
    assert "Last time you ordered 20, now 10." in page.main.replace("\u00a0", " ")


def test_same_again__says_that_it_takes_longer_now(world: World, client: Client) -> None:
    last = received(world)
    before = last.version_of_offer
    slower = before.delivery_days + 3
    Offer.objects.filter(pk=world.offer.pk).update(delivery_days=slower)
    change_price(actor=world.supplier_actor, variant=make.version_of(world.offer).variant, price=Decimal(180))
    client.post(again(world))
    page = open_page(client, check(Draft.objects.filter(state=Draft.State.OPEN).get()))
    assert f"Days to deliver: {before.delivery_days} then, {slower} now." in page.main


def test_same_again__orders_no_more_than_is_left(world: World, client: Client) -> None:
    received(world, 20)
    world.order(world.line.quantity - 20 - 5)
    client.post(again(world))
    draft = Draft.objects.filter(state=Draft.State.OPEN).get()
    assert draft.values()["quantity"] == "5"
    told = f"Last time you ordered {world.line.quantity - 20 - 5}, now 5."
    assert told in open_page(client, check(draft)).main


def test_same_again__tells_nothing_of_the_order_of_another_person(world: World, client: Client) -> None:
    other = make.programme(make.person(place=world.place), world.kind, quantity=5).lines.get()
    theirs = world.order(3)
    Order.objects.filter(pk=theirs.pk).update(person=other.person, line=other, unit_price=7, budget_part=21)
    received(world, 20)
    client.post(again(world))
    draft = Draft.objects.filter(state=Draft.State.OPEN).get()
    drafts.save_fields(world.actor, draft.pk, {AGAIN: drafts.Typed(theirs.number, 1)})
    draft.refresh_from_db()
    assert draft.values()[AGAIN] == theirs.number
    assert "Changed since" not in open_page(client, check(draft)).main


@pytest.mark.finding("J-M23")
def test_same_again__that_is_gone_leads_to_the_other_offers(world: World, client: Client) -> None:
    received(world)
    world.offer.variants.update(stock=0)
    led = client.post(again(world), follow=True)
    assert led.request["PATH_INFO"] == reverse("orders:offers", args=[world.line.pk])
    assert "What you received last time is not offered now." in led.content.decode()
    assert not Draft.objects.filter(state=Draft.State.OPEN).exists()


def test_same_again__asks_first_where_another_form_of_the_item_is_begun(world: World, client: Client) -> None:
    received(world)
    begun = world.draft(120)
    before = begun.values()
    asked = client.post(again(world))
    assert asked["Location"] == reverse("orders:unfinished", args=[world.line.pk])
    page = open_page(client, asked["Location"])
    assert (": 120 pieces" in page.main, ": 30 pieces" in page.main, "Saved" in page.main) == (True, True, True)
    assert reverse("orders:form", args=[begun.pk]) in [one.address for one in page.links]
    assert Draft.objects.filter(state=Draft.State.OPEN).get().values() == before
    led = client.post(again(world), {"new": "yes"}, follow=True)
    new = Draft.objects.filter(state=Draft.State.OPEN).exclude(pk=begun.pk).get()
    assert (led.request["PATH_INFO"], new.values()["quantity"]) == (check(new), "30")
    begun.refresh_from_db()
    assert begun.values() == before
    assert client.post(again(world))["Location"] == reverse("orders:form", args=[new.pk]), "it says just that"


def test_unfinished_forms_of_an_item__are_no_page_where_there_is_none(world: World, client: Client) -> None:
    received(world)
    page = reverse("orders:unfinished", args=[world.line.pk])
    offers = reverse("orders:offers", args=[world.line.pk])
    assert client.get(page)["Location"] == offers
    world.draft(120)
    assert client.get(page).status_code == 200
    assert client.get(offers).status_code == 200
    world.offer.variants.update(stock=0)
    assert client.get(page)["Location"] == offers


def test_same_again__is_not_offered_before_anything_was_received(world: World, client: Client) -> None:
    world.order(3)
    assert again(world) not in open_page(client, reverse("desks:recipient-home")).html
    assert client.post(again(world)).status_code == 404


# --- whom one acts for


@pytest.fixture
def mother(world: World) -> Client:
    parent = make.person(place=world.place)
    Representation.objects.create(
        representative=parent, represented=world.person, basis="guardian", document_number="1", since=clock.today()
    )
    make.agree(parent)
    return world.client(make.recipient_of(parent))


def home(client: Client) -> Page:
    return open_page(client, reverse("desks:recipient-home"))


@pytest.mark.finding("L-119")
@pytest.mark.finding("J-M1", "J-nothing-for-whom")
def test_home__begins_with_who_has_something_to_order(world: World, mother: Client) -> None:
    page = home(mother)
    assert page.main.index(world.person.full_name) < page.main.index("Nothing to order for yourself today")
    assert "You can order now" not in page.main, "a heading says what stands under it"
    assert "Choose and order" in page.main
    assert "You can order now" not in page.headings, "nothing stands under it"
    form = {"person": str(world.person.pk), "next": reverse("orders:offers", args=[world.line.pk])}
    led = mother.post(reverse("entrance:use-person"), form, follow=True)
    assert led.status_code == 200
    assert led.request["PATH_INFO"] == form["next"]


@pytest.mark.finding("J-M1")
def test_home__tells_what_waits_for_whom_one_acts_for(world: World, mother: Client) -> None:
    assert "waits for you" not in home(mother).main
    order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
    actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
    assert "1 order waits for you" in home(mother).main


# --- side by side


@pytest.mark.finding("J-M16")
def test_comparison__shows_only_what_differs_on_request(world: World, client: Client) -> None:
    other = make.offer(make.supplier(), world.kind, price=Decimal(180), to="100000000", days=20)
    query = f"offer={world.offer.pk}&offer={other.pk}"
    address = f"{reverse('orders:compare', args=[world.line.pk])}?{query}"
    whole, short = open_page(client, address), open_page(client, f"{address}&differences=1")
    assert "Price of one" in whole.main
    assert "Price of one" not in short.main
    assert "Days to deliver" in short.main
    assert ("Show only what differs" in whole.main, "Show all rows" in short.main) == (True, True)
    assert whole.main.count("Choose this") == 2
    assert "Free for you" in whole.main


def test_receipt__names_the_goods_and_how_many_beside_the_number(world: World) -> None:
    order = world.order(3)
    page = open_page(world.client(world.actor), reverse("orders:receipt", args=[order.number]))
    seen = words(page.html.partition("<details")[0]).replace("\u00a0", " ")
    assert order.number in seen
    assert f"{world.offer.name}, " in seen
    assert ": 3 pieces" in seen
