"""A fitting goes before the making: arranged in writing, held or missed, checked by the person; nothing is lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import for_years
from tests.kit.together import FREE, KEPT_OUT, at_once, meeting
from tests.kit.world import World

from tirek.catalogue.models import Kind, Parameter
from tirek.core import clock
from tirek.core.case import effects, workflow
from tirek.core.errors import Busy, DomainError, RuleBroken, StaleState
from tirek.entitlements.queries import status_of
from tirek.notices.models import Notice
from tirek.orders import actions, fittings, queries
from tirek.orders.fittings import Place, Time
from tirek.orders.models import Fitting, Order
from tirek.orders.promises import last_promise
from tirek.people.models import Measurement
from tirek.people.queries import measured

pytestmark = pytest.mark.django_db
State, Outcome = Order.State, Fitting.Outcome
DAY = timedelta(days=1)
#: Two times of the day after the order.
FIRST = make.MORNING + 3 * DAY


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        made = World()
        made.kind.needs_fitting = True
        made.kind.save(update_fields=["needs_fitting"])
        yield made


def times(first: datetime = FIRST) -> list[Time]:
    return [
        Time(first, Place.SUPPLIER, "Абай көшесі 5", "Ramp, door 90 cm"),
        Time(first + timedelta(hours=2), Place.HOME),
    ]


def accepted(world: World) -> Order:
    return actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today() + 5 * DAY)


def proposed(world: World) -> Order:
    return actions.propose_times(actor=world.supplier_actor, order=accepted(world), times=times())


def agreed(world: World) -> Order:
    return actions.choose_time(actor=world.actor, order=proposed(world), choice="1-0")


def measured_order(world: World) -> Order:
    order = agreed(world)
    with clock.at(FIRST + timedelta(hours=1)):
        return actions.hold_fitting(
            actor=world.supplier_actor, order=order, measured={"waist_cm": Decimal(84)}, note="Soft"
        )


def told(template: str) -> int:
    return Notice.objects.filter(template=template).count()


@pytest.mark.parametrize(("is_fitted", "days"), [(True, 60), (False, 30)])
def test_what_is_made_to_order__may_take_longer(world: World, is_fitted: bool, days: int) -> None:
    Kind.objects.filter(pk=world.kind.pk).update(needs_fitting=is_fitted)
    slow = make.version_of(make.offer(world.supplier, world.kind, days=90))
    order = actions.submit_order(actor=world.actor, draft_key=world.draft(3, version=str(slow.pk)).pk)
    last = clock.today() + days * DAY
    assert last_promise(order) == last
    with pytest.raises(RuleBroken, match="promise"):
        actions.accept_order(actor=world.supplier_actor, order=order, ready_on=last + DAY)
    accepted_one = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=last)
    assert accepted_one.needs_fitting is is_fitted


@pytest.mark.mission("S2.13")
def test_fitting__goes_before_the_making_and_the_promised_day_moves_by_it(world: World) -> None:
    order = accepted(world)
    assert (order.state, order.needs_fitting, queries.door_code_for(world.actor, order)) == (State.FITTING, True, "")
    assert told("order.accepted_fitting") == 1
    for early in (actions.prepare_order, actions.dispatch_order):
        with pytest.raises(StaleState):
            early(actor=world.supplier_actor, order=order)
    with pytest.raises(StaleState):
        actions.hand_over(actor=world.supplier_actor, order=order, code="000000")
    promised = order.ready_on
    order = actions.propose_times(actor=world.supplier_actor, order=order, times=times())
    order = actions.choose_time(actor=world.actor, order=order, choice="1-1")
    assert (order.state, told("order.fitting_agreed"), told("order.fitting_agreed_for_supplier")) == (
        State.FITTING_AGREED,
        1,
        1,
    )
    with clock.at(FIRST + timedelta(hours=4)):
        order = actions.hold_fitting(
            actor=world.supplier_actor, order=order, measured={"waist_cm": Decimal(84)}, note=""
        )
        with pytest.raises(StaleState):
            actions.prepare_order(actor=world.supplier_actor, order=order)
    assert not Measurement.objects.filter(person=world.person).exists(), "it is the person's to check first"
    with clock.at(FIRST + DAY):
        order = actions.check_measurements(actor=world.actor, order=order, given={"waist_cm": Decimal(84)})
        assert promised is not None
        assert (order.state, order.ready_on) == (State.ACCEPTED, promised + 4 * DAY)
        order = actions.prepare_order(actor=world.supplier_actor, order=order)
        order = actions.hand_over(
            actor=world.supplier_actor, order=order, code=queries.door_code_for(world.actor, order)
        )
    assert order.state == State.AWAITING_CONFIRMATION
    assert status_of(world.line).availability.balance.reserved == 3


def test_measurements__belong_to_the_person_with_the_day_and_who_measured(world: World) -> None:
    order = measured_order(world)
    with clock.at(FIRST + 2 * DAY):
        actions.check_measurements(actor=world.actor, order=order, given={"waist_cm": Decimal(84)})
    kept = Measurement.objects.get(person=world.person)
    assert (kept.source, kept.measured_by, kept.measured_on) == (
        Measurement.Source.SUPPLIER,
        world.supplier_actor.user_id,
        FIRST.date(),
    )
    order = measured_order(world)
    with clock.at(FIRST + 2 * DAY):
        with pytest.raises(RuleBroken) as refused:
            actions.check_measurements(actor=world.actor, order=order, given={"waist_cm": Decimal(9000)})
        assert refused.value.code == "waist_cm"
        actions.check_measurements(actor=world.officer, order=order, given={"waist_cm": Decimal("85.5")})
    # what the supplier measured and what was corrected are written at one moment
    newest = Measurement.objects.filter(person=world.person).latest("created_at", "pk")
    assert (newest.source, measured(world.person.pk)["waist_cm"]) == (Measurement.Source.OFFICER, Decimal("85.5"))
    assert told("order.fitting_corrected") == 1


def test_time__that_does_not_suit_is_refused_in_writing_and_others_are_named(world: World) -> None:
    order = proposed(world)
    with pytest.raises(RuleBroken):
        actions.none_suits(actor=world.actor, order=order, words=" ")
    order = actions.none_suits(actor=world.officer, order=order, words="Only in the evening")
    assert (order.state, told("order.fitting_none_suits"), told("order.fitting_answered_for_you")) == (
        State.FITTING,
        1,
        1,
    )
    order = actions.propose_times(actor=world.supplier_actor, order=order, times=times())
    with pytest.raises(RuleBroken):
        actions.choose_time(actor=world.actor, order=order, choice="1-0")
    order = actions.choose_time(actor=world.actor, order=order, choice="2-0")
    order = actions.move_fitting(actor=world.actor, order=order, words="I am in hospital")
    assert (order.state, [one.outcome for one in order.fittings.order_by("n")]) == (
        State.FITTING,
        [Outcome.NONE_SUITED, Outcome.MOVED],
    )


def test_times__that_have_passed_unchosen_are_replaced_by_others(world: World) -> None:
    order = proposed(world)
    with pytest.raises(RuleBroken):
        actions.replace_times(actor=world.supplier_actor, order=order, times=times())
    with clock.at(FIRST + DAY):
        with pytest.raises(RuleBroken):
            actions.choose_time(actor=world.actor, order=order, choice="1-0")
        assert "Name other times" in pages.text(for_years(world.supplier_actor), f"/supply/orders/{order.number}")
        order = actions.replace_times(actor=world.supplier_actor, order=order, times=times(FIRST + 3 * DAY))
        order = actions.choose_time(actor=world.actor, order=order, choice="2-1")
    assert (order.state, told("order.fitting_times")) == (State.FITTING_AGREED, 2)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([], "times"),
        (times() * 2, "times"),
        ([Time(make.MORNING - DAY, Place.HOME)], "times"),
        ([Time(make.MORNING + 90 * DAY, Place.HOME)], "times"),
        ([Time(FIRST, Place.HOME), Time(FIRST, Place.HOME)], "times"),
        ([Time(FIRST, Place.SUPPLIER, "Абай 5", "")], "address"),
    ],
)
def test_times__that_nobody_could_choose_are_not_sent(wrong: list[Time], code: str) -> None:
    with clock.at(make.MORNING), pytest.raises(RuleBroken) as refused:
        fittings.check_times(wrong)
    assert refused.value.code == code


def test_missed_fitting__is_kept_and_never_ends_the_order(world: World) -> None:
    order, at = accepted(world), FIRST
    for n in (1, 2):
        with clock.at(at - DAY):
            order = actions.propose_times(actor=world.supplier_actor, order=order, times=times(at))
            order = actions.choose_time(actor=world.actor, order=order, choice=f"{n}-0")
            with pytest.raises(RuleBroken):
                actions.miss_fitting(actor=world.supplier_actor, order=order, who="missed_person")
        with clock.at(at + timedelta(hours=1)):
            order = actions.miss_fitting(actor=world.supplier_actor, order=order, who="missed_person")
        assert (order.state, order.office_task) == (State.FITTING, Order.OfficeTask.FITTING if n == 2 else "")
        at += 7 * DAY
    with clock.at(at - DAY):
        assert order in queries.needing(world.officer)
        order = actions.propose_times(actor=world.supplier_actor, order=order, times=times(at))
        assert order.office_task == ""
        order = actions.choose_time(actor=world.actor, order=order, choice="3-0")
    with clock.at(at + timedelta(hours=1)):
        order = actions.miss_fitting(actor=world.actor, order=order, who="missed_supplier", note="I waited an hour")
        assert told("order.fitting_missed_supplier") == 1
        shown = fittings.shown(order)
    assert shown is not None
    assert [one.rpartition(": ")[2] for one in shown.missed] == [
        "the recipient did not come",
        "the recipient did not come",
        "the supplier did not come",
    ]


def test_fitting__that_shows_it_cannot_fit_gives_all_back(world: World) -> None:
    order = agreed(world)
    with pytest.raises(RuleBroken):
        actions.cannot_fit(actor=world.supplier_actor, order=order, words="Too narrow")
    with clock.at(FIRST):
        order = actions.cannot_fit(actor=world.supplier_actor, order=order, words="Too narrow for a brace")
    assert (order.state, order.cancel_reason) == (State.CANCELLED, Order.CancelReason.CANNOT_FIT)
    assert status_of(world.line).availability.balance.reserved == 0
    assert told("order.cannot_fit") == 1


def test_kind_without_measurements__is_made_when_its_fitting_was_held(world: World) -> None:
    Parameter.objects.filter(kind=world.kind, code__startswith="waist").delete()
    order = actions.choose_time(actor=world.officer, order=proposed(world), choice="1-0")
    promised = order.ready_on
    with clock.at(FIRST + timedelta(hours=1)):
        order = actions.hold_fitting(actor=world.supplier_actor, order=order, measured={}, note="")
    assert promised is not None
    assert (order.state, order.ready_on) == (State.ACCEPTED, promised + 3 * DAY)
    assert told("order.fitting_done") == 1


def test_supplier__sees_what_was_measured_as_long_as_the_order_is_open(world: World) -> None:
    order = measured_order(world)
    seller, page = for_years(world.supplier_actor), f"/supply/orders/{order.number}"
    shown = pages.text(seller, page)
    assert "Measured at the fitting" in shown
    assert "Waist: 84 cm" in shown
    actions.cancel_order(actor=world.actor, order=order)
    assert "Measured at the fitting" not in pages.text(seller, page)


def test_another_fitting__is_arranged_with_its_reason_before_anything_is_made(world: World) -> None:
    order = agreed(world)
    with clock.at(FIRST):
        order = actions.fit_again(actor=world.supplier_actor, order=order, words="The plaster has to come off")
        page = pages.text(world.client(world.actor), f"/orders/{order.number}")
    assert order.state == State.FITTING
    assert "The plaster has to come off" in page


def test_fitting__that_is_paid_for_is_awaited_after_the_payment_and_owed_when_it_fails(world: World) -> None:
    make.account(world.supplier)
    order = world.order(3)
    Order.objects.filter(pk=order.pk).update(unit_price=250, person_part=150, budget_part=600)
    order.refresh_from_db()
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    order = actions.record_top_up(actor=world.supplier_actor, order=order, receipt="17")
    assert (order.state, told("order.top_up_paid_fitting")) == (State.FITTING, 1)
    order = actions.cancel_order(actor=world.actor, order=order)
    assert (order.state, order.owed) == (State.MONEY_OWED, Decimal(150))


def test_time_out__reminds_who_has_to_act_and_then_asks_the_office(world: World) -> None:
    order = accepted(world)
    with clock.at(make.MORNING + 8 * DAY):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.office_task, told("order.fitting_reminder_for_supplier")) == ("", 1)
    with clock.at(make.MORNING + 15 * DAY):
        workflow.sweep()
        order.refresh_from_db()
        assert (order.state, order.office_task) == (State.FITTING, Order.OfficeTask.FITTING)
        order = actions.propose_times(actor=world.supplier_actor, order=order, times=times(make.MORNING + 30 * DAY))
    with clock.at(make.MORNING + 23 * DAY):
        workflow.sweep()
        assert told("order.fitting_reminder") == 1


def test_arranged_fitting__is_told_of_on_the_day_before_and_asked_about_when_nobody_records_it(world: World) -> None:
    order = agreed(world)
    workflow.sweep()
    assert told("order.fitting_tomorrow") == 0
    with clock.at(FIRST - DAY):
        workflow.sweep()
        assert (told("order.fitting_tomorrow"), told("order.fitting_tomorrow_for_supplier")) == (1, 1)
        assert "12 November" in pages.text(world.client(world.actor), f"/orders/{order.number}")
    with clock.at(FIRST + 5 * DAY):
        workflow.sweep()
        assert told("order.fitting_reminder_for_supplier") == 1
    with clock.at(FIRST + 14 * DAY):
        workflow.sweep()
        order.refresh_from_db()
    assert (order.state, order.office_task) == (State.FITTING_AGREED, Order.OfficeTask.FITTING)


def test_order__that_was_accepted_before_goes_on_without_a_fitting(world: World) -> None:
    world.kind.needs_fitting = False
    world.kind.save(update_fields=["needs_fitting"])
    order = accepted(world)
    world.kind.needs_fitting = True
    world.kind.save(update_fields=["needs_fitting"])
    order = actions.prepare_order(actor=world.supplier_actor, order=order)
    assert (order.state, order.needs_fitting) == (State.IN_PREPARATION, False)
    with clock.at(datetime(2026, 8, 31, 12, tzinfo=clock.COUNTRY_ZONE)):
        assert not fittings.is_demanded(order, on=clock.today())


def test_offer__that_needs_a_fitting_has_one_whatever_its_kind(world: World) -> None:
    world.kind.needs_fitting = False
    world.kind.save(update_fields=["needs_fitting"])
    world.offer.needs_fitting = True
    world.offer.save(update_fields=["needs_fitting"])
    assert accepted(world).state == State.FITTING


def _sent(client: Client, page: str, verb: str, values: dict[str, str]) -> int:
    return client.post(f"{page}/{verb}", {f"{verb}-{name}": value for name, value in values.items()}).status_code


def test_pages__of_three_desks_carry_a_fitting_from_the_proposal_to_the_measurements(world: World) -> None:
    order = accepted(world)
    seller, person, officer = (for_years(one) for one in (world.supplier_actor, world.actor, world.officer))
    supply, mine, office = (f"/{desk}/{order.number}" for desk in ("supply/orders", "orders", "office/orders"))
    day = {"day_1_day": str(FIRST.day), "day_1_month": str(FIRST.month), "day_1_year": str(FIRST.year)}
    wrong = seller.post(
        f"{supply}/propose_times",
        {f"propose_times-{name}": value for name, value in {**day, "hour_1": "10:00", "place_1": "supplier"}.items()},
    )
    assert (wrong.status_code, len(pages.read(wrong).errors)) == (422, 2), pages.read(wrong).errors
    given = {**day, "hour_1": "10:00", "place_1": "supplier", "address": "Абай 5", "access": "Ramp, no steps"}
    assert _sent(seller, supply, "propose_times", given) == 302
    for client, page in ((person, mine), (officer, office)):
        shown = pages.text(client, page)
        assert "Ramp, no steps" in shown
        assert "Abai" in shown or "Абай 5" in shown
    assert _sent(person, mine, "choose_time", {"choice": "9-9"}) == 422
    assert _sent(person, mine, "choose_time", {"choice": "1-0"}) == 302
    with clock.at(FIRST + timedelta(hours=3)):
        seller, person, officer = (for_years(one) for one in (world.supplier_actor, world.actor, world.officer))
        assert _sent(seller, supply, "hold_fitting", {"waist_cm": "84,5", "note": "Blue"}) == 302
        shown = pages.text(person, mine)
        assert "Blue" in shown
        assert "Are the measurements right?" in shown
        assert _sent(person, mine, "check_measurements", {"waist_cm": ""}) == 422
        assert _sent(person, mine, "check_measurements", {"waist_cm": "84.5"}) == 302
        effects.run()
        assert "Being made" in pages.text(officer, office)
    assert Measurement.objects.get(person=world.person).number == Decimal("84.5")


def _raced(world: make.Shop, *jobs: object) -> list[object]:
    del world
    return at_once(*jobs, at=FIRST + timedelta(minutes=1))  # type: ignore[arg-type]


def _shop_with(step: str) -> tuple[make.Shop, Order]:
    """A shop with an order before a choice, or with an arranged fitting."""
    with clock.at(make.MORNING):
        shop = make.Shop()
        shop.kind.needs_fitting = True
        shop.kind.save(update_fields=["needs_fitting"])
        order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(3), ready_on=clock.today() + 5 * DAY)
        first = FIRST + DAY if step == "choose" else FIRST
        order = actions.propose_times(actor=shop.supplier_actor, order=order, times=times(first))
        if step == "agreed":
            order = actions.choose_time(actor=shop.actor, order=order, choice="1-0")
    return shop, order


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_choices_at_once__one_counts() -> None:
    shop, order = _shop_with("choose")
    with meeting(fittings, "present", seconds=KEPT_OUT):
        results = _raced(
            shop,
            lambda: actions.choose_time(actor=shop.actor, order=order, choice="1-0"),
            lambda: actions.choose_time(actor=shop.actor, order=order, choice="1-1"),
        )
    assert sum(isinstance(one, Order) for one in results) == 1, results
    assert sum(isinstance(one, StaleState | Busy) for one in results) == 1, results
    assert Fitting.objects.get(order=order).chosen is not None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_choices_at_once__without_the_lock_only_the_journal_stops_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, order = _shop_with("choose")

    def written(case: Any, _state: str, _version: int, changed: Any) -> None:
        columns = {"state", "state_since", "version", "journal_head", *changed}
        Order.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in columns})

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_of: rows)
    monkeypatch.setattr(workflow, "_swap", written)
    with meeting(fittings, "present", seconds=FREE):
        results = _raced(
            shop,
            lambda: actions.choose_time(actor=shop.actor, order=order, choice="1-0"),
            lambda: actions.choose_time(actor=shop.actor, order=order, choice="1-1"),
        )
    assert sum(isinstance(one, IntegrityError) for one in results) == 1, results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_cancel_against_a_held_fitting__exactly_one_happens_or_the_cancel_comes_after() -> None:
    shop, order = _shop_with("agreed")
    cancelled, held = _raced(
        shop,
        lambda: actions.cancel_order(actor=shop.actor, order=order),
        lambda: actions.hold_fitting(
            actor=shop.supplier_actor, order=order, measured={"waist_cm": Decimal(84)}, note=""
        ),
    )
    order.refresh_from_db()
    if isinstance(cancelled, Order):
        assert order.state == State.CANCELLED
        assert isinstance(held, Order | StaleState | Busy)
    else:
        assert isinstance(cancelled, DomainError)
        assert order.state == State.FITTING_CHECK
    outcomes = list(Fitting.objects.filter(order=order).values_list("outcome", flat=True))
    assert outcomes == [Outcome.HELD if isinstance(held, Order) else ""]
