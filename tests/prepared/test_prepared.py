"""Orders that are prepared: for which cause, what stands in them, and what a press does."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests import factories as make
from tests.entitlements.papers import correction_draft
from tests.kit.filling import forms_of, sent
from tests.kit.pages import open_page, read
from tests.kit.sign_in import for_years
from tests.kit.world import World

from tirek.catalogue.actions import change_price, put_sizes
from tirek.catalogue.models import FitRule, Variant
from tirek.catalogue.rules import VariantCard
from tirek.core import clock, drafts, reference
from tirek.core.case import effects
from tirek.core.drafts import Draft
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.places import region_of
from tirek.entitlements.actions import propose_correction, sign_correction
from tirek.entitlements.models import CorrectionRequest, LedgerEntry, Line
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.orders import actions as ordering
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.requests import FORM
from tirek.orders.signing import RECEIPT
from tirek.people.actions import record_death, record_measurement
from tirek.people.models import Person
from tirek.prepared import actions, jobs, queries, rules
from tirek.prepared.models import Prepared, Unwanted

pytestmark = pytest.mark.django_db
State, Cause = Prepared.State, Prepared.Cause
#: The first morning of the next quarter: a new period of the quota.
JANUARY = make.MORNING.replace(year=2027, month=1, day=4)


def night() -> None:
    """The whole nightly job."""
    jobs.prepare(timestamp=0)


def receive(world: World, quantity: int = 5) -> Order:
    """An order of the shop that was received."""
    order = ordering.accept_order(actor=world.supplier_actor, order=world.order(quantity), ready_on=clock.today())
    order = ordering.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
    paper = RECEIPT.on_paper(world.officer, order).pk
    return ordering.confirm_receipt(actor=world.officer, order=order, signature_id=paper)


@pytest.fixture
def world() -> Iterator[World]:
    """Goods were received in November; it is January, and a new period has begun."""
    with clock.at(make.MORNING):
        shop = World()
        measure(shop, 90)
        receive(shop)
        effects.run()
    with clock.at(JANUARY):
        yield shop


@pytest.fixture
def ready(world: World) -> Prepared:
    night()
    return Prepared.objects.get()


def _page(one: Prepared) -> str:
    return reverse("prepared:one", args=[one.pk])


def seen(one: Prepared) -> dict[str, str]:
    """What the form of the page would send."""
    look = queries.look_at(one)
    assert look.version is not None
    return {"version": str(look.version.pk), "quantity": str(look.quantity), "person_part": look.person_part}


# --- the cause: a pure rule

_TODAY = date(2027, 1, 4)
_EARLIEST = _TODAY - timedelta(days=30)


def _cause(told: set[tuple[str, date]] | None = None, **facts: object) -> tuple[str, date] | None:
    given = {"period": "quarter", "window_start": date(2027, 1, 1), "opened_on": date(2026, 1, 12)} | facts
    return rules.cause_of(rules.Facts(**given), told=told or set(), earliest=_EARLIEST)  # type: ignore[arg-type]


def test_cause__is_told_once_while_it_is_new() -> None:
    january = date(2027, 1, 1)
    assert _cause() == ("window", january)
    assert _cause(opened_on=date(2027, 1, 3)) == ("opened", date(2027, 1, 3))
    ended = {"period": "once", "window_start": date(2026, 12, 20), "next_on": date(2026, 12, 20)}
    assert _cause(**ended) == ("term", date(2026, 12, 20))
    assert _cause(told={("window", january)}) is None
    assert _cause(window_start=date(2026, 10, 1)) is None, "what opened long ago is no news"
    assert _cause(ordered_on=january) is None, "who has ordered since knows"
    assert _cause(period="day", window_start=_TODAY) is None, "nor is every morning"
    grown = {"told": {("window", january)}, "outgrown_on": date(2027, 1, 2), "doubtful_since": date(2027, 1, 1)}
    assert _cause(**grown) == ("outgrown", date(2027, 1, 2))
    grown["told"] = {("window", january), ("outgrown", date(2027, 1, 2))}
    assert _cause(**grown) == ("size", january)


# --- prepared by the clock


def test_new_line__is_told_of_with_the_way_to_the_choice() -> None:
    with clock.at(make.MORNING):
        world = World()
        night()
        night()
        one = Prepared.objects.get()
        assert (one.cause, one.version, one.quantity) == (Cause.OPENED, None, 365)
        assert Notice.objects.filter(template="prepared.choose").count() == 1
        client = for_years(world.actor)
        assert "Choose an offer" in open_page(client, _page(one)).main
        assert client.post(reverse("prepared:form", args=[one.pk]))["Location"] == f"/order/{world.line.pk}"
        assert not Draft.objects.filter(form=FORM, state="open").exists()


def test_first_order__is_prepared_where_one_offer_fits_and_left_to_the_person_where_two_do() -> None:
    with clock.at(make.MORNING):
        world = World()
        measure(world, 90)
        # neither a size that is too small nor one that nobody has is a choice
        make.offer(world.supplier, world.kind, parameters={"waist_min_cm": 40, "waist_max_cm": 60})
        make.offer(world.supplier, world.kind, stock=0)
        night()
        one = Prepared.objects.get()
        assert one.version == world.version
        assert (one.cause, one.quantity, one.repeats) == (Cause.OPENED, 365, "")
        assert Notice.objects.get(case_id=one.pk).template == "prepared.only"
        client, someone = for_years(world.actor), Person.objects.filter(pk=world.person.pk)
        someone.update(address="")
        page = open_page(client, _page(one)).main
        assert "It is the only offer in your district" in page
        assert "Order this" not in page, "nobody has said where it is to be brought"
        assert "Give the address" in page
        someone.update(address="Семей, Абай көшесі 10")
        assert "Order this" in open_page(client, _page(one)).main
        sent, second = seen(one), make.offer(world.supplier, world.kind)
        refused = read(client.post(reverse("prepared:take", args=[one.pk]), sent))
        assert refused.status == 422, "there is a choice now"
        assert "Choose an offer" in refused.main
        Variant.objects.filter(offer=second).update(stock=0)
        assert client.post(reverse("prepared:take", args=[one.pk]), sent).status_code == 302
        order = Order.objects.get()
        assert (order.version_of_offer, order.quantity) == (world.version, 365)


def test_first_order__of_what_is_compared_with_nothing_or_of_which_there_is_too_little_is_chosen_by_the_person() -> (
    None
):
    with clock.at(make.MORNING):
        world = World(stock=300)
        measure(world, 90)
        night()
        assert Prepared.objects.get().version is None, "365 can be ordered, 300 are there"
        Prepared.objects.all().delete()
        Variant.objects.update(stock=1000)
        FitRule.objects.all().delete()
        reference.forget()
        night()
        assert Prepared.objects.get().version is None


def test_several_of_one_person__are_told_of_at_once_and_lead_to_each_other() -> None:
    with clock.at(make.MORNING):
        world = World()
        pads = make.kind("GI-02", name_en="pads")
        make.offer(make.supplier(), pads, parameters={})
        make.programme(world.person, pads)
        other = World()
        make.programme(other.person, pads)
        while_one = queries.lines_after(None, 3)
        assert [len(lines) for lines in while_one.values()] == [2], "whose lines may go on has the next turn"
        assert len(queries.lines_after(max(while_one), 3)) == 1
        night()
        assert Prepared.objects.count() == 4
        (told,) = Notice.objects.filter(user_id=world.actor.user_id, template__startswith="prepared.")
        assert (told.template, told.context["kinds"]) == ("prepared.several", "GI-01 GI-02")
        one, two = Prepared.objects.filter(person=world.person).order_by("kind")
        page = open_page(for_years(world.actor), _page(one))
        assert _page(two) in [link.address for link in page.links]
        notice = open_page(for_years(world.actor), reverse("notices:notice", args=[told.pk])).main
        assert "They are prepared for you: adult diapers, pads." in notice


def test_what_nobody_delivers__is_prepared_when_somebody_does() -> None:
    with clock.at(make.MORNING):
        world = World()
        pads = make.kind("GI-02", name_en="pads")
        make.programme(world.person, pads)
        night()
        assert not Prepared.objects.filter(kind=pads).exists(), "there would be nothing to choose"
        make.offer(make.supplier(), pads, parameters={})
        night()
        one = Prepared.objects.get(kind=pads)
        page = open_page(for_years(world.actor), _page(one)).main
        assert "You have not received this before, so choose the offer yourself." in page


def test_kind_that_opens_in_a_region__is_news_there_and_nowhere_else() -> None:
    with clock.at(make.MORNING):
        closed = make.kind("PO-01", orderable_from=None)
        world = World()
        make.offer(make.supplier(), closed, parameters={})
        elsewhere = make.district("751000000")
        made = make.programme(world.person, closed)
        long_ago = make.MORNING - timedelta(days=200)
        Line.objects.filter(programme=made).update(created_at=long_ago)
        night()
        assert not Prepared.objects.filter(kind=closed).exists()
        make.provision(closed, "portal", since=clock.today() - timedelta(days=3), region=region_of(elsewhere.code))
        night()
        assert not Prepared.objects.filter(kind=closed).exists()
        make.provision(closed, "portal", since=clock.today() - timedelta(days=2), region=region_of(world.place.code))
        night()
        one = Prepared.objects.get(kind=closed)
        assert (one.cause, one.since) == (Cause.OPENED, clock.today() - timedelta(days=2))


def test_new_period__is_prepared_with_what_was_received_and_nothing_is_reserved(world: World, ready: Prepared) -> None:
    night()
    assert Prepared.objects.count() == 1, "the same night twice"
    assert (ready.cause, ready.since, ready.quantity) == (Cause.WINDOW, date(2027, 1, 1), 5)
    assert ready.version is not None
    assert ready.version.variant_id == world.version.variant_id
    assert Notice.objects.filter(template="prepared.ready", case_id=ready.pk).count() == 1
    assert not LedgerEntry.objects.filter(line=world.line, kind="reserve", window_start=date(2027, 1, 1)).exists()
    assert Order.objects.count() == 1


def test_page__shows_everything_before_one_press_orders_it_and_leads_to_the_receipt(
    world: World, ready: Prepared
) -> None:
    client = for_years(world.actor)
    home = open_page(client, reverse("desks:recipient-home"))
    assert "Prepared for you" in home.main
    called: dict[str, set[str]] = {}
    for link in home.links:
        called.setdefault(link.text, set()).add(link.address)
    assert [text for text, addresses in called.items() if len(addresses) > 1] == [], "one name, one place"
    page = open_page(client, _page(ready)).main
    version = ready.version
    assert version is not None
    offer = version.variant.offer
    for words in (offer.name, offer.supplier.organisation.name, "5 pieces", "180 ₸ × 5 = 900 ₸", "Delivery to", "Free"):
        assert words in page, words
    shown = seen(ready)
    answers = [client.post(reverse("prepared:take", args=[ready.pk]), shown) for _press in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"], "a second press gives the same order"
    assert "The order was sent" in read(client.get(answers[0]["Location"], follow=True)).text
    effects.run()
    ready.refresh_from_db()
    assert (ready.state, ready.as_prepared, ready.ended_on) == (State.TAKEN, True, _TODAY)
    assert Order.objects.filter(line=world.line).count() == 2
    assert ready.order is not None
    assert ready.order.number in open_page(client, _page(ready)).main


def test_price_that_changed__is_shown_again_and_nothing_is_sent(world: World, ready: Prepared) -> None:
    client = for_years(world.actor)
    shown = seen(ready)
    change_price(actor=world.supplier_actor, variant=Variant.objects.get(), price=Decimal(300))
    answer = client.post(reverse("prepared:take", args=[ready.pk]), shown)
    assert answer.status_code == 422
    page = read(answer)
    assert "has changed this offer" in page.text
    assert "The price of one was 180 ₸ and is now 300 ₸" in page.main.replace("\xa0", " ")
    assert "100 ₸ each, 500 ₸ for 5" in page.main.replace("\xa0", " "), "the own part is said before"
    assert Order.objects.count() == 1
    again = client.post(reverse("prepared:take", args=[ready.pk]), seen(ready))
    assert again.status_code == 302
    part = client.post(reverse("prepared:take", args=[ready.pk]), shown | {"person_part": "0"})
    assert part.status_code == 302, "it is taken already"
    assert Order.objects.count() == 2


def test_nothing_else__is_put_in_the_place_of_what_is_not_there(world: World) -> None:
    Variant.objects.update(stock=4)
    make.offer(world.supplier, world.kind)
    night()
    one = Prepared.objects.get()
    assert (one.cause, one.version) == (Cause.WINDOW, None)
    assert Notice.objects.filter(template="prepared.choose").exists()


def test_stock_that_has_gone_meanwhile__leads_to_the_choice(world: World, ready: Prepared) -> None:
    client = for_years(world.actor)
    shown = seen(ready)
    Variant.objects.update(stock=0)
    page = read(client.post(reverse("prepared:take", args=[ready.pk]), shown))
    assert page.status == 422
    assert "Choose an offer" in page.main
    assert Order.objects.count() == 1


def measure(world: World, waist: int, on: date | None = None) -> None:
    record_measurement(
        actor=world.officer,
        person=world.person,
        parameter="waist_cm",
        value=Decimal(waist),
        measured_on=on or clock.today(),
    )


def test_outgrown__after_a_new_measurement_the_person_is_led_to_the_choice(world: World, ready: Prepared) -> None:
    actions.decline(actor=world.actor, prepared=ready)
    measure(world, 140)
    night()
    assert Prepared.objects.count() == 1, "quiet after not now"
    with clock.at(JANUARY + timedelta(days=70)):
        measure(world, 141)
        night()
        grown = Prepared.objects.get(state=State.OPEN)
        assert (grown.cause, grown.since, grown.version) == (Cause.OUTGROWN, clock.today(), None)


def test_outgrown__the_one_size_of_the_same_goods_that_fits_is_prepared_and_sent_by_one_press(
    world: World, ready: Prepared
) -> None:
    actions.decline(actor=world.actor, prepared=ready)
    put_sizes(world.offer, [VariantCard("XXL", Decimal(200), 50, {"waist_min_cm": 130, "waist_max_cm": 160})])
    larger = Variant.objects.get(label="XXL")
    with clock.at(JANUARY + timedelta(days=70)):
        measure(world, 141)
        night()
        grown = Prepared.objects.get(state=State.OPEN)
        assert (grown.cause, grown.version) == (Cause.OUTGROWN, larger.current)
        assert Notice.objects.get(case_id=grown.pk).template == "prepared.grown"
        page = open_page(for_years(world.actor), _page(grown))
        assert "it is the one that fits the new measurements" in page.main
        assert "XXL" in page.main
        assert "no longer fits" in page.main
        taken = actions.take(actor=world.actor, prepared=grown, seen=seen(grown))
        assert taken is not None
        # where two fit, or nothing is left, the person chooses
        Variant.objects.filter(pk=larger.pk).update(stock=0)
        assert queries.look_at(Prepared.objects.get(pk=grown.pk)).version is None


def test_outgrown_while_the_replacement_term_runs__an_earlier_one_is_asked_for_decided_on_and_ordered() -> None:
    with clock.at(make.MORNING):
        world = World(quantity=1, months=24)
        measure(world, 90)
        receive(world, 1)
        effects.run()
        night()
        assert not Prepared.objects.exists(), "what was received fits"
        world.line.refresh_from_db()
        until = world.line.next_on
        assert until == date(2028, 11, 9)
    with clock.at(JANUARY):
        measure(world, 140)
        night()
        night()
        one = Prepared.objects.get()
        assert (one.cause, one.since, one.version, one.quantity) == (Cause.OUTGROWN, clock.today(), None, 1)
        assert Notice.objects.get(case_id=one.pk).template == "prepared.earlier"
        client = for_years(world.actor)
        page = open_page(client, _page(one))
        (form,) = [found for found in forms_of(page, _page(one)) if "wrong" in found.fields]
        begun, answers = sent(client, form, form.as_served())
        assert "what I received no longer fits. " in answers.html
        assert "The next one can be ordered from 9 November 2028" in page.main
        check = client.post(begun, {"wrong": "earlier", "words": "It no longer fits."})
        assert client.post(check["Location"]).status_code == 302
        request = CorrectionRequest.objects.get()
        assert (request.wrong, request.line) == ("earlier", world.line)
        first, second = make.officer(world.place), make.officer(world.place)
        draft = correction_draft(world, first, "", earlier="on", request=str(request.pk))
        correction = propose_correction(actor=first, draft_key=draft.pk)
        assert (correction.earlier, correction.amount) == (True, 0)
        waiting = open_page(for_years(second), f"/office/corrections/{correction.number}").main
        assert "Next one from 9 November 2028" in waiting
        assert "The next one can be ordered as soon as the correction is signed." in waiting
        sign_correction(actor=second, correction=correction)
        world.line.refresh_from_db()
        assert world.line.next_on == clock.today()
        request.refresh_from_db()
        assert request.state == CorrectionRequest.State.CORRECTED
        again = open_page(client, _page(one)).main
        assert "Choose an offer" in again
        assert "Ask for the next one earlier" not in again
        draft = world.draft(1)
        final = make.as_shown(draft, fit_acknowledged="yes")
        ordering.submit_order(actor=world.actor, draft_key=draft.pk, final=final)
        effects.run()
        one.refresh_from_db()
        assert one.state == State.TAKEN
        left = status_of(Line.objects.get(pk=world.line.pk)).availability
        assert left.reason == "all_held", "one, and not two"


def test_child_with_old_measurements__confirms_them_first_and_nothing_is_guessed(world: World) -> None:
    Person.objects.filter(pk=world.person.pk).update(birth_date=date(2019, 6, 10))
    with clock.at(JANUARY + timedelta(days=150)):
        night()
        one = Prepared.objects.get()
        assert one.cause == Cause.SIZE
        assert Notice.objects.filter(template="prepared.size").count() == 1
        look = queries.look_at(one)
        assert look.asks_size
        assert not look.is_ready
        make.came(world.officer, world.person)
        page = open_page(for_years(world.officer), _page(one)).main
        assert "Confirm the measurements" in page


# --- answered


def test_not_now__is_quiet_for_a_while_and_the_next_period_is_told_again(world: World, ready: Prepared) -> None:
    client = for_years(world.actor)
    assert client.post(reverse("prepared:decline", args=[ready.pk])).status_code == 302
    ready.refresh_from_db()
    assert (ready.state, ready.answered_by) == (State.DECLINED, world.actor.user_id)
    refused = read(client.post(reverse("prepared:take", args=[ready.pk]), {"version": str(ready.version_id)}))
    assert (refused.status, "answered already" in refused.text) == (422, True)
    with clock.at(JANUARY + timedelta(days=90)):
        night()
        assert Prepared.objects.get(state=State.OPEN).since == date(2027, 4, 1)


def test_wish__nothing_is_prepared_until_the_person_says_otherwise(world: World, ready: Prepared) -> None:
    client, wish = for_years(world.actor), reverse("prepared:wish", args=[world.person.pk])
    assert "Prepare no orders" in open_page(client, "/prepared").main
    client.post(wish, {"wanted": "no"})
    ready.refresh_from_db()
    assert ready.state == State.DECLINED
    Prepared.objects.all().delete()
    night()
    assert not Prepared.objects.exists()
    assert "Prepare orders again" in open_page(client, "/prepared").main
    make.came(world.officer, world.person)
    assert for_years(world.officer).post(wish, {"wanted": "yes"}).status_code == 302
    assert not Unwanted.objects.exists()
    night()
    assert Prepared.objects.filter(state=State.OPEN).exists()


def test_time_that_is_over__ends_it_and_the_same_cause_is_not_told_again(world: World, ready: Prepared) -> None:
    with clock.at(JANUARY + timedelta(days=31)):
        assert not queries.look_at(ready).waits
        night()
        ready.refresh_from_db()
        assert (ready.state, Prepared.objects.count()) == (State.EXPIRED, 1)


def test_begun_form__that_differs_is_never_overwritten(world: World, ready: Prepared) -> None:
    begun = world.draft(7)
    client = for_years(world.actor)
    assert "Go on with that form" in open_page(client, _page(ready)).main
    made = [client.post(reverse("prepared:form", args=[ready.pk]))["Location"] for _press in range(2)]
    assert made[0] == made[1] != reverse("orders:form", args=[begun.pk])
    client.post(reverse("prepared:take", args=[ready.pk]), seen(ready))
    begun.refresh_from_db()
    assert (begun.state, begun.values()["quantity"]) == (Draft.State.OPEN, "7")


def test_counter__the_person_agrees_by_the_form_of_orders_and_the_order_takes_it(world: World, ready: Prepared) -> None:
    make.came(world.officer, world.person)
    clerk = for_years(world.officer)
    page = open_page(clerk, _page(ready)).main
    assert "Prepare it for signing" in page
    assert "Order this" not in page
    form = clerk.post(reverse("prepared:form", args=[ready.pk]))["Location"]
    assert "The person agrees to exactly these words" in read(clerk.get(form, follow=True)).text
    with pytest.raises(NotAllowed):
        actions.take(actor=world.officer, prepared=ready, seen={})
    order = world.order(5, actor=world.officer)
    effects.run()
    ready.refresh_from_db()
    assert (ready.state, ready.order_id, ready.as_prepared) == (State.TAKEN, order.pk, True)


def test_minor__alone_is_refused_and_nothing_is_ordered(world: World, ready: Prepared) -> None:
    Person.objects.filter(pk=world.person.pk).update(birth_date=date(2012, 6, 10))
    answer = read(for_years(world.actor).post(reverse("prepared:take", args=[ready.pk]), seen(ready)))
    assert (answer.status, "parent or guardian" in answer.text) == (422, True)
    assert not drafts.open_of(world.actor).filter(form=FORM, state=Draft.State.OPEN).exists(), "no form is left behind"


def test_death_and_the_end_of_a_programme__end_what_waits(world: World, ready: Prepared) -> None:
    record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
    ready.refresh_from_db()
    assert ready.state == State.ENDED
    night()
    assert Prepared.objects.count() == 1


def test_strangers__find_nothing(world: World, ready: Prepared) -> None:
    elsewhere = make.officer(make.district("751010000"))
    for actor in (make.recipient_of(make.person(place=world.place, phone="+77010000009")), elsewhere):
        with pytest.raises(NotFound):
            queries.prepared_for(actor, ready.pk)
