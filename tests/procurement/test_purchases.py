"""What the local body buys: recorded by itself, put into a lot, contracted, fitted, handed over and signed for."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers
from tests.kit import pages
from tests.kit.sign_in import for_years
from tests.kit.world import World
from tests.procurement import declared as given
from tests.procurement.declared import DAY

from tirek.core import clock
from tirek.core.case import effects
from tirek.core.case.workflow import sweep
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.entitlements import actions as entitlements
from tirek.entitlements.models import LedgerEntry
from tirek.entitlements.queries import status_of
from tirek.entitlements.rules import Reason
from tirek.notices.models import Notice
from tirek.orders.models import Batch, Item
from tirek.people.actions import record_death
from tirek.people.queries import measured
from tirek.procurement import actions
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.signing import RECEIPT

pytestmark = pytest.mark.django_db
State, Why = Purchase.State, Purchase.Why


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        yield World()


def _told(person: make.Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def _fresh(one: Purchase) -> Purchase:
    one.refresh_from_db()
    return one


@pytest.mark.mission("S2.13")
def test_purchase__goes_from_the_programme_to_the_signed_receipt_and_is_consumed_once(world: World) -> None:
    person, officer = world.person, make.officer(world.place)
    line = given.line_of(person, given.kind())
    effects.run()
    purchase = Purchase.objects.get()
    assert (purchase.state, purchase.line_id, purchase.waits_since) == (State.NEEDED, line.pk, line.queue_on)
    assert actions.record_needs() == 0, "a line has one open purchase"

    given.concluded(world, given.announced(world, purchase))
    assert _fresh(purchase).state == State.CONTRACTED
    assert status_of(line).availability.balance.reserved == 1
    with pytest.raises(RuleBroken, match="not_fitted"):
        actions.hand_over(actor=officer, purchase=purchase)

    actions.propose_times(actor=officer, purchase=purchase, times=given.times())
    actions.none_suits(actor=world.actor, purchase=_fresh(purchase), words="In the afternoon.")
    actions.propose_times(actor=officer, purchase=_fresh(purchase), times=given.times())
    actions.choose_time(actor=world.actor, purchase=_fresh(purchase), choice="2-0")
    with pytest.raises(RuleBroken, match="too_early"):
        actions.hold_fitting(actor=officer, purchase=_fresh(purchase), measured={})
    with clock.at(make.MORNING + 2 * DAY + timedelta(hours=1)):
        actions.hold_fitting(
            actor=officer, purchase=_fresh(purchase), measured={"waist_cm": Decimal(80)}, note="Brown leather."
        )
        assert _fresh(purchase).state == State.MAKING
        assert measured(person.pk)["waist_cm"] == Decimal(80)
        with pytest.raises(RuleBroken, match="is_shown"):
            actions.hand_over(actor=officer, purchase=purchase, is_shown=False)
        handed = actions.hand_over(actor=officer, purchase=purchase)
        actions.refuse(actor=world.actor, purchase=handed, words="It hurts.")
        assert not Item.objects.filter(ended_on=None).exists()
        handed = actions.hand_over(actor=officer, purchase=_fresh(purchase))
        with pytest.raises(StaleState):
            actions.hand_over(actor=officer, purchase=handed)
        with pytest.raises(RuleBroken, match="two_persons"):
            actions.receive(actor=officer, purchase=handed, signature_id=RECEIPT.on_paper(officer, handed).pk)
        colleague = make.officer(world.place)
        actions.receive(actor=colleague, purchase=handed, signature_id=RECEIPT.on_paper(colleague, handed).pk)
    assert _fresh(purchase).state == State.RECEIVED
    entries = LedgerEntry.objects.filter(line=line, case_id=purchase.hold_id)
    assert sorted(entries.values_list("kind", flat=True)) == ["consume", "reserve"]
    line.refresh_from_db()
    assert line.next_on is not None
    assert line.next_on.year == 2028
    assert _told(person)[1:] == [
        "purchase.recorded",
        "purchase.in_lot",
        "purchase.contracted_fitting",
        "purchase.fitting_times",
        "purchase.fitting_times",
        "purchase.fitting_agreed",
        "purchase.fitting_held",
        "purchase.handed_over",
        "purchase.handed_over",
        "purchase.received",
    ]
    assert actions.record_needs() == 0, "the replacement term runs"
    with clock.at(make.MORNING + 800 * DAY):
        assert actions.record_needs() == 1, "the next one is due"
        assert actions.finish_lots() == 1


def test_lot__takes_all_that_were_shown_or_none_and_says_what_is_gone(world: World) -> None:
    found = [given.needed(world) for _n in range(3)]
    shown = clock.now()
    with clock.at(make.MORNING + timedelta(minutes=5)):
        first = given.announced(world, found[0])
        assert Purchase.objects.get(lot=first).pk in {one.pk for one in found}
        with pytest.raises(actions.SomeGone) as refused:
            actions.announce_lot(
                actor=given.region_of(world),
                kind=found[0].kind,
                announcement="2",
                announced_on=clock.today(),
                planned=Decimal(1),
                count=2,
                places=[],
                shown_at=shown,
            )
        assert [(one.number, one.lot) for one in refused.value.gone] == [
            (Purchase.objects.get(lot=first).number, first.number)
        ]
        assert Lot.objects.count() == 1
    with clock.at(make.MORNING + timedelta(minutes=6)), pytest.raises(RuleBroken, match="count"):
        given.announced(world, found[0], count=3)
    with pytest.raises(NotAllowed):
        actions.announce_lot(
            actor=world.officer,
            kind=found[0].kind,
            announcement="2",
            announced_on=clock.today(),
            planned=Decimal(1),
            count=1,
            places=[],
            shown_at=clock.now() + DAY,
        )


def test_lot__is_followed_some_at_a_time_and_gives_its_purchases_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tirek.procurement.actions.lots.AT_ONCE", 2)
    found = [given.needed(world) for _n in range(3)]
    lot = given.announced(world, *found)
    assert lot.moving
    assert sorted(Purchase.objects.values_list("state", flat=True)) == ["in_lot", "in_lot", "needed"]
    while actions.carry_on():
        pass
    assert set(Purchase.objects.values_list("state", flat=True)) == {"in_lot"}
    lot.refresh_from_db()
    assert not lot.moving
    actions.fail_lot(actor=given.region_of(world), lot=lot, failed="no_bids")
    while actions.carry_on():
        pass
    assert set(Purchase.objects.values_list("state", "lot")) == {("needed", None)}
    assert _told(found[0].person)[-1] == "purchase.returned_lot_failed"

    lot = given.concluded(world, given.announced(world, *found))
    while actions.carry_on():
        pass
    one = _fresh(found[0])
    assert one.state == State.CONTRACTED
    actions.propose_times(actor=make.officer(world.place), purchase=one, times=given.times())
    actions.terminate_lot(actor=given.region_of(world), lot=lot, terminated="late")
    while actions.carry_on():
        pass
    assert (_fresh(one).state, one.hold_id, one.fittings.get().outcome) == (State.NEEDED, None, "moved")
    assert status_of(one.line).availability.balance.reserved == 0
    assert _told(one.person)[-1] == "purchase.returned_contract_ended"
    given.concluded(world, given.announced(world, one))
    while actions.carry_on():
        pass
    assert _fresh(one).state == State.CONTRACTED, "the same purchase is held a second time"


def test_need__ends_or_goes_on_with_the_persons_life(world: World) -> None:
    what = given.kind(fitted=False)
    moving, dying = make.person(place=world.place), make.person(place=world.place)
    old = given.line_of(moving, what)
    effects.run()
    purchase = Purchase.objects.get(person=moving)
    new = given.line_of(moving, what)
    effects.run()
    assert (_fresh(purchase).line_id, purchase.state, purchase.waits_since) == (new.pk, State.NEEDED, old.queue_on)
    assert Purchase.objects.count() == 1

    waits, made = given.needed(world, who=dying), given.contracted(world, fitted=False, who=dying)
    record_death(actor=make.officer(world.place), person=dying, deceased_on=clock.today())
    assert (_fresh(waits).state, waits.ended_why) == (State.CANCELLED, Why.DIED)
    assert (_fresh(made).state, made.office_task) == (State.CONTRACTED, "death")
    actions.cancel_purchase(actor=make.officer(world.place), purchase=made, reason="died", words="Not made yet.")
    assert status_of(made.line).availability.balance.reserved == 0

    make.provision(what, "portal", since=clock.today(), region="")
    assert actions.close_opened() == 1
    assert (_fresh(purchase).state, purchase.ended_why) == (State.CANCELLED, Why.ON_PORTAL)
    assert status_of(new).availability.reason is Reason.AVAILABLE
    assert _told(moving)[-1] == "purchase.closed_on_portal"


def test_need__that_the_person_gave_up_is_recorded_by_an_officer_only(world: World) -> None:
    purchase = given.needed(world, who=world.person)
    actions.withdraw_purchase(actor=world.actor, purchase=purchase)
    assert actions.record_needs() == 0
    again = actions.record_need(actor=make.officer(world.place), line_id=purchase.line_id)
    assert again.state == State.NEEDED
    with pytest.raises(RuleBroken, match="open_already"):
        actions.record_need(actor=make.officer(world.place), line_id=purchase.line_id)


def test_hand_over__takes_no_goods_of_a_batch_on_hold(world: World) -> None:
    officer, purchase = make.officer(world.place), given.needed(world, fitted=False, code="GI-05")
    given.concluded(world, given.announced(world, purchase))
    purchase.refresh_from_db()
    Batch.objects.create(kind=purchase.kind, maker="orto pro", number="B7", state=Batch.State.HELD)
    with pytest.raises(RuleBroken, match="numbers") as refused:
        actions.hand_over(actor=officer, purchase=purchase, numbers="b-7")
    assert "Batch B7 is not handed over: harm by it was reported" in str(refused.value.message)
    page = pages.text(world.client(officer), f"/office/purchases/{purchase.number}")
    assert ("Batch numbers" in page, "Batch numbers (optional)" in page) == (True, False)
    with pytest.raises(RuleBroken, match="numbers") as refused:
        actions.hand_over(actor=officer, purchase=purchase, numbers="")
    assert "Without a batch number" in str(refused.value.message)
    assert (_fresh(purchase).state, Item.objects.count()) == (State.CONTRACTED, 0)
    actions.hand_over(actor=officer, purchase=purchase, numbers="B-8")
    assert Item.objects.get().number == "B8"


def test_signature__of_goods_that_were_refused_confirms_no_later_ones(world: World) -> None:
    officer, colleague = make.officer(world.place), make.officer(world.place)
    purchase = given.handed_over(world)
    early = RECEIPT.on_paper(colleague, purchase)
    actions.refuse(actor=colleague, purchase=_fresh(purchase), words="It is torn.")
    with clock.at(make.MORNING + DAY):
        again = actions.hand_over(actor=officer, purchase=_fresh(purchase), numbers="S-9")
        with pytest.raises(RuleBroken, match="not_signed"):
            actions.receive(actor=colleague, purchase=again, signature_id=early.pk)
        actions.receive(
            actor=colleague, purchase=_fresh(purchase), signature_id=RECEIPT.on_paper(colleague, _fresh(purchase)).pk
        )
    assert _fresh(purchase).state == State.RECEIVED


def test_person__is_reminded_on_the_eve_of_the_fitting_once(world: World) -> None:
    purchase = given.choosing(world)
    agreed = actions.choose_time(actor=make.officer(world.place), purchase=purchase, choice="1-0")
    fitting = agreed.fittings.get()
    for days in (0, 1, 1):
        with clock.at(make.MORNING + days * DAY):
            while sweep():
                pass
        told = _told(agreed.person).count("purchase.fitting_tomorrow")
        assert told == (1 if days else 0), f"{fitting.at}"


def test_term__that_passed_is_told_and_nothing_is_given_up(world: World) -> None:
    waits, made, handed = given.needed(world), given.contracted(world, fitted=False), given.handed_over(world)
    region = given.region_of(world)
    with clock.at(make.MORNING + 120 * DAY):
        while sweep():
            pass
        told = set(Notice.objects.values_list("user_id", "template"))
    assert {one.state for one in map(_fresh, (waits, made, handed))} == {"needed", "contracted", "handed_over"}
    assert (waits.person.user_id, "purchase.late") in told
    assert (made.person.user_id, "purchase.delivery_late") in told
    assert (handed.person.user_id, "purchase.receipt_reminder") in told
    assert {"purchase.lot_late_for_region", "lot.delivery_late"} <= {template for _user, template in told}
    assert region.user_id


def test_pages__show_the_progress_line_and_carry_the_purchase_on(world: World) -> None:
    person, officer, region = (
        world.client(world.actor),
        for_years(make.officer(world.place)),
        for_years(given.region_of(world)),
    )
    given.needed(world)
    mine = given.needed(world, who=world.person)
    line = pages.text(person, reverse("entitlements:recipient-line", args=[mine.line_id]))
    assert "Need recorded" in line
    assert mine.number in line
    for place in ("/programme", f"/purchases/{mine.number}", "/purchases"):
        assert mine.number in pages.text(person, place)

    assert "2 people wait" in pages.text(region, "/office/purchases-needed")
    form = pages.text(region, "/office/purchases-needed/PO-01")
    assert "Needs that wait for a lot now: 2" in form
    sent = {
        "count": "2",
        "announcement": "12345-1",
        "announced_on_day": "9",
        "announced_on_month": "11",
        "announced_on_year": "2026",
        "planned": "900000",
        "shown_at": clock.now().isoformat(),
    }
    refused = region.post("/office/purchases-needed/PO-01", sent | {"announcement": ""})
    assert refused.status_code == 422
    assert "900000" in refused.content.decode()
    lot_page = region.post("/office/purchases-needed/PO-01", sent).headers["Location"]
    again = region.post("/office/purchases-needed/PO-01", sent | {"shown_at": (clock.now() - DAY).isoformat()})
    assert again.status_code == 422
    contract = {
        "conclude-supplier_bin": given.BIN,
        "conclude-supplier_name": "",
        "conclude-supplier_phone": "",
        "conclude-number": "77",
        "conclude-price": "450000",
        **{f"conclude-concluded_on_{part}": n for part, n in (("day", "9"), ("month", "11"), ("year", "2026"))},
        **{f"conclude-deliver_until_{part}": n for part, n in (("day", "9"), ("month", "3"), ("year", "2027"))},
    }
    nameless = region.post(f"{lot_page}/conclude", contract)
    assert "type the name of the supplier" in nameless.content.decode()
    region.post(f"{lot_page}/conclude", contract | {"conclude-supplier_name": "Протез орталығы"})
    assert "Протез орталығы" in pages.text(region, lot_page)
    assert _fresh(mine).state == State.CONTRACTED
    assert "Протез орталығы" in pages.text(person, f"/purchases/{mine.number}")
    assert "Протез орталығы" in pages.text(officer, lot_page), "a district reads along"
    assert officer.get("/office/purchases-needed").status_code == 403
    assert mine.number in pages.text(officer, "/office/purchases-waiting")


@pytest.mark.parametrize(("day", "code"), [("concluded_on", "concluded_on"), ("deliver_until", "until")])
def test_contract__has_days_that_can_be(world: World, day: str, code: str) -> None:
    lot = given.announced(world, given.needed(world))
    with pytest.raises(RuleBroken) as refused:
        given.concluded(world, lot, **{day: clock.today() - DAY})
    assert refused.value.code == code


def test_line__is_bought_or_ordered_as_two_officers_decided(world: World) -> None:
    line = given.line_of(world.person, make.kind("SM-02", made_to_order=True))
    first, second = make.officer(world.place), make.officer(world.place)

    def provided(channel: str) -> None:
        draft = papers.correction_draft(world, first, "", line=str(line.pk), channel=channel)
        correction = entitlements.propose_correction(actor=first, draft_key=draft.pk)
        entitlements.sign_correction(actor=second, correction=correction)
        effects.run()
        line.refresh_from_db()

    assert (status_of(line).can_order, Purchase.objects.count()) == (True, 0)
    provided("procurement")
    purchase = Purchase.objects.get(line=line)
    assert (purchase.state, purchase.waits_since) == (State.NEEDED, line.queue_on), "it has its place in the queue"
    assert status_of(line).availability.reason is Reason.PROCUREMENT
    provided("portal")
    assert (_fresh(purchase).state, purchase.ended_why) == (State.CANCELLED, Why.ON_PORTAL)
    assert status_of(line).can_order
    assert actions.record_needs() == 0
