"""Rules of orders that one line each defends: without that line its test here fails."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.markup import folded

from tirek.catalogue.actions import set_stock
from tirek.core import clock, signing
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import effects, workflow
from tirek.core.errors import NotAllowed, RuleBroken, TooMany
from tirek.core.signing import messaging
from tirek.entitlements.actions import cancel_programme
from tirek.notices.models import Notice
from tirek.orders import actions, acts, rules
from tirek.orders.actions import settling
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for, last_delivery
from tirek.organisations.actions import end_membership
from tirek.organisations.models import Membership
from tirek.people.actions import record_death
from tirek.people.models import Person, Representation

pytestmark = pytest.mark.django_db
State, TASK = Order.State, Order.OfficeTask
TAG = re.compile(r'<strong class="govuk-tag govuk-tag--([a-z]+)">')


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def shop() -> make.Shop:
    return make.Shop()


def accepted(shop: make.Shop, *, days: int = 2) -> Order:
    """An order that the supplier took."""
    ready_on = clock.today() + timedelta(days=days)
    return actions.accept_order(actor=shop.supplier_actor, order=shop.order(30), ready_on=ready_on)


def handed_over(shop: make.Shop) -> Order:
    """An order whose goods the person has, and whose receipt is not confirmed yet."""
    order = accepted(shop)
    return actions.hand_over(actor=shop.supplier_actor, order=order, code=door_code_for(shop.actor, order))


def told(template: str) -> set[object]:
    """Accounts that got a notice."""
    return set(Notice.objects.filter(template=template).values_list("user_id", flat=True))


def stock_of(shop: make.Shop) -> int:
    shop.version.variant.refresh_from_db()
    return shop.version.variant.stock


# --- who is not there any more


def test_order_of_who_has_died__is_not_accepted_before_the_office_has_looked(shop: make.Shop) -> None:
    """Also where no officer was asked yet: the death came while the supplier had the page open."""
    order = shop.order(10)
    Person.objects.filter(pk=order.person_id).update(deceased_on=clock.today())
    order = Order.objects.get(pk=order.pk)
    assert order.office_task == ""
    with pytest.raises(RuleBroken) as refused:
        actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today())
    assert refused.value.code == "review"


def test_order_of_who_has_died__is_ended_by_the_office_and_never_offered_to_go_on(shop: make.Shop) -> None:
    order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(10), ready_on=clock.today())
    record_death(actor=make.officer(shop.place), person=order.person, deceased_on=clock.today())
    effects.run()
    page = open_page(signed_in(make.officer(shop.place)), f"/office/orders/{order.number}")
    assert "The recipient has died. Cancel the order" in page.main
    assert "Let the order go on" not in page.main
    order.refresh_from_db()
    read = str(ORDERS.words.next(order, Desk.RECIPIENT).text)
    assert "closes this order" in read, "a relative is not told of a programme that has ended"


# --- what is ordered


@pytest.mark.finding("T-kind")
def test_order__of_an_offer_of_another_kind_than_the_line_is_refused(shop: make.Shop) -> None:
    other = make.version_of(make.offer(shop.supplier, make.kind("GI-03")))
    with pytest.raises(RuleBroken) as refused:
        actions.submit_order(actor=shop.actor, draft_key=shop.draft(30, version=str(other.pk)).pk)
    assert refused.value.code == "kind"
    assert not Order.objects.exists()
    other.variant.refresh_from_db()
    assert other.variant.stock == 1000


# --- the task of the office


def late(order: Order) -> Order:
    return workflow.workflow("order").actions["warn_late"](actor=CLOCK, order=order)  # type: ignore[return-value]


@pytest.mark.finding("T-task-kept")
def test_late_order__that_is_to_be_reviewed_stays_to_be_reviewed(shop: make.Shop) -> None:
    order = settling.ask_for_review(actor=CLOCK, order=accepted(shop), cause="programme")
    assert late(order).office_task == TASK.REVIEW
    assert late(accepted(shop)).office_task == TASK.LATE


@pytest.mark.finding("T-task-kept")
def test_silent_receipt__that_is_to_be_reviewed_stays_to_be_reviewed(shop: make.Shop) -> None:
    order = settling.ask_for_review(actor=CLOCK, order=handed_over(shop), cause="programme")
    assert actions.call_office(actor=CLOCK, order=order).office_task == TASK.REVIEW
    assert actions.call_office(actor=CLOCK, order=handed_over(shop)).office_task == TASK.CONFIRMATION


@pytest.mark.finding("T-task-own-cause")
@pytest.mark.parametrize("by", ["supplier", "office"])
def test_hand_over__ends_the_task_of_lateness_and_no_other(shop: make.Shop, by: str) -> None:
    clerk = make.officer(shop.place)

    def bring(order: Order) -> Order:
        if by == "office":
            return actions.confirm_hand_over(actor=clerk, order=order, reason="lost")
        return actions.hand_over(actor=shop.supplier_actor, order=order, code=door_code_for(shop.actor, order))

    assert bring(late(accepted(shop))).office_task == ""
    reviewed = settling.ask_for_review(actor=CLOCK, order=accepted(shop), cause="programme")
    assert bring(reviewed).office_task == TASK.REVIEW


@pytest.mark.finding("T-stale-order")
def test_review__of_an_order_that_has_ended_meanwhile_stops_no_other(shop: make.Shop) -> None:
    ended, waiting = shop.order(10), shop.order(10)
    stale = Order.objects.get(pk=ended.pk)
    actions.cancel_order(actor=shop.actor, order=ended)
    assert settling.ask_for_reviews([stale, waiting], cause="death") == 1
    waiting.refresh_from_db()
    assert waiting.office_task == TASK.REVIEW


def test_end_of_a_programme__leaves_orders_that_ended_meanwhile_alone(shop: make.Shop) -> None:
    ended, waiting = shop.order(10), shop.order(10)
    actions.cancel_order(actor=shop.actor, order=ended)
    cancel_programme(actor=make.officer(shop.place), programme=shop.programme, basis="№ 7")
    while effects.run():
        pass
    assert effects.failed() == []
    assert set(Order.objects.filter(office_task=TASK.REVIEW)) == {waiting}


# --- stock and the code at the door


@pytest.mark.finding("T-own-stock")
def test_stock__is_counted_by_its_own_supplier_only(shop: make.Shop) -> None:
    stranger = make.supplier_actor(make.supplier())
    with pytest.raises(NotAllowed):
        set_stock(actor=stranger, variant=shop.version.variant, stock=1)
    assert stock_of(shop) == 1000
    set_stock(actor=shop.supplier_actor, variant=shop.version.variant, stock=7)
    assert stock_of(shop) == 7


@pytest.mark.finding("I-33")
@pytest.mark.parametrize(
    ("reason", "counted", "left"), [("no_stock", 0, 0), ("no_stock", 12, 12), ("capacity", None, 1000)]
)
def test_declined_order__leaves_on_offer_what_the_supplier_has(
    shop: make.Shop, reason: str, counted: int | None, left: int
) -> None:
    actions.decline_order(actor=shop.supplier_actor, order=shop.order(30), reason=reason, left=counted)
    assert stock_of(shop) == left


@pytest.mark.finding("I-33")
@pytest.mark.parametrize("counted", [None, 30, -1])
def test_order__is_not_declined_for_want_of_stock_without_the_real_one(shop: make.Shop, counted: int | None) -> None:
    order = shop.order(30)
    with pytest.raises(RuleBroken) as refused:
        actions.decline_order(actor=shop.supplier_actor, order=order, reason="no_stock", left=counted)
    assert refused.value.code == "left"
    assert stock_of(shop) == 970


def test_refused_goods__do_not_go_back_to_stock(shop: make.Shop) -> None:
    order = actions.refuse_delivery(actor=shop.actor, order=handed_over(shop), reason="defect")
    actions.take_back(actor=shop.supplier_actor, order=order)
    assert stock_of(shop) == 970


@pytest.mark.finding("T-own-door")
def test_code_at_the_door__is_not_tried_by_another_supplier_and_costs_no_try(shop: make.Shop) -> None:
    order, stranger = accepted(shop), make.supplier_actor(make.supplier())
    code = door_code_for(shop.actor, order)
    for _ in range(6):
        with pytest.raises(NotAllowed):
            actions.check_door_code(actor=stranger, order=order, code="000000")
    with pytest.raises(NotAllowed):
        actions.check_door_code(actor=stranger, order=order, code=code)
    for _ in range(5):
        actions.check_door_code(actor=shop.supplier_actor, order=order, code=code)
    with pytest.raises(TooMany):
        actions.check_door_code(actor=shop.supplier_actor, order=order, code=code)


@pytest.mark.finding("T-door-desk")
@pytest.mark.parametrize("desk", sorted(set(Desk) - {Desk.RECIPIENT}))
def test_code_at_the_door__is_shown_at_the_recipients_desk_alone(shop: make.Shop, desk: Desk) -> None:
    """Also to a human who is the recipient and works at another desk now."""
    order = accepted(shop)
    assert door_code_for(shop.actor, order) != ""
    assert door_code_for(replace(shop.actor, desk=desk), order) == ""


def test_code_at_the_door__is_shown_to_the_order_of_ones_own_while_it_can_be_handed_over(shop: make.Shop) -> None:
    waiting, order = shop.order(10), accepted(shop)
    assert door_code_for(shop.actor, waiting) == ""
    assert door_code_for(make.recipient_of(make.person()), order) == ""


# --- signing


def _asked(shop: make.Shop, order: Order, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The page with the code that was asked for, and the code."""
    sent: list[messaging.ShortMessage] = []
    monkeypatch.setattr(messaging, "send", sent.append)
    client = signed_in(shop.actor)
    page = client.post(f"/orders/{order.number}/confirm", {"step": "ask"}).headers["Location"]
    found = re.search(r"\b\d{6}\b", sent[-1].text)
    assert found is not None
    return page, found.group()


@pytest.mark.finding("T-expired-request")
def test_receipt__a_code_that_is_too_old_is_not_waited_for(shop: make.Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    make.agree(shop.person)
    order = handed_over(shop)
    page, code = _asked(shop, order, monkeypatch)
    client = signed_in(shop.actor)
    with clock.at(make.MORNING + timedelta(minutes=9, seconds=59)):
        assert 'name="code"' in client.get(page).content.decode()
    with clock.at(make.MORNING + timedelta(minutes=10)):
        assert 'name="code"' not in client.get(page).content.decode()
        assert client.post(page, {"step": "sign", "asked": page.rpartition("=")[2], "code": code}).status_code == 422
    order.refresh_from_db()
    assert order.state == State.AWAITING_CONFIRMATION


def _signed(shop: make.Shop, order: Order, purpose: str) -> signing.Signature:
    delivery = last_delivery(order)
    assert delivery is not None
    words = acts.receipt_text(order, delivery)
    document = signing.Document(purpose, "order", order.pk, words, acts.TEXT_VERSION, "kk")
    return signing.record_paper(make.officer(shop.place), document, signing.Signer(user_id=make.user_of(shop.actor)))


@pytest.mark.finding("T-other-signature")
def test_receipt__is_not_confirmed_by_a_signature_that_was_given_for_another_purpose(shop: make.Shop) -> None:
    order = handed_over(shop)
    for purpose in (actions.SIGN_ORDER, "", "order.receipt.other"):
        with pytest.raises(RuleBroken) as refused:
            actions.confirm_receipt(actor=shop.actor, order=order, signature_id=_signed(shop, order, purpose).pk)
        assert refused.value.code == "not_signed"
    signature = _signed(shop, order, actions.SIGN_RECEIPT)
    assert actions.confirm_receipt(actor=shop.actor, order=order, signature_id=signature.pk).state == State.RECEIVED


@pytest.mark.finding("T-other-signature")
def test_receipt__is_not_confirmed_by_the_signature_of_another_order(shop: make.Shop) -> None:
    order, other = handed_over(shop), handed_over(shop)
    signature = _signed(shop, other, actions.SIGN_RECEIPT)
    with pytest.raises(RuleBroken) as refused:
        actions.confirm_receipt(actor=shop.actor, order=order, signature_id=signature.pk)
    assert refused.value.code == "not_signed"


# --- promises

MONDAY = date(2026, 11, 9)


@pytest.mark.finding("T-promise")
@pytest.mark.parametrize(
    ("placed_on", "accepted_on", "delivery_days", "most_days", "last"),
    [
        (MONDAY, MONDAY, 7, 30, date(2026, 11, 16)),
        (MONDAY, date(2026, 11, 12), 7, 30, date(2026, 11, 19)),
        (date(2026, 11, 12), MONDAY, 7, 30, date(2026, 11, 19)),
        (MONDAY, MONDAY, 40, 30, date(2026, 12, 9)),
        (MONDAY, date(2026, 11, 12), 40, 30, date(2026, 12, 12)),
    ],
    ids=["same day", "accepted later", "clock of the supplier behind", "most that is allowed", "most, accepted later"],
)
def test_promise__runs_from_the_later_start_for_the_shorter_term(
    placed_on: date, accepted_on: date, delivery_days: int, most_days: int, last: date
) -> None:
    given = {"delivery_days": delivery_days, "most_days": most_days, "accepted_on": accepted_on}
    assert rules.last_promise(placed_on, **given) == last  # type: ignore[arg-type]  # days and counts


# --- who is told


def _guarded(shop: make.Shop, **columns: object) -> Person:
    guardian = make.person(phone="+77017654321")
    Representation.objects.create(
        represented=shop.person,
        representative=guardian,
        **{"basis": Representation.Basis.GUARDIAN, "since": date(2020, 1, 1)} | columns,
    )
    return guardian


@pytest.mark.finding("T-revoked")
def test_representative__is_told_of_orders_while_the_representation_holds(shop: make.Shop) -> None:
    holds = [_guarded(shop), _guarded(shop, until=clock.today()), _guarded(shop, since=clock.today())]
    over = [
        _guarded(shop, revoked_at=make.MORNING - timedelta(days=1)),
        _guarded(shop, until=clock.today() - timedelta(days=1)),
        _guarded(shop, since=clock.today() + timedelta(days=1)),
    ]
    shop.order(10)
    assert told("order.submitted") == {shop.person.user_id, *(one.user_id for one in holds)}
    assert not told("order.submitted") & {one.user_id for one in over}


def _colleague(shop: make.Shop, **columns: object) -> Membership:
    one = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=one.pk).update(**columns)
    one.refresh_from_db()
    return one


@pytest.mark.finding("T-membership")
def test_supplier__tells_who_works_there_up_to_the_last_day_of_the_membership(shop: make.Shop) -> None:
    today, day = clock.today(), timedelta(days=1)
    there = [_colleague(shop, until=today), _colleague(shop, since=today)]
    _colleague(shop, until=today - day)
    _colleague(shop, since=today + day)
    dismissed = _colleague(shop)
    end_membership(actor=CLOCK, membership=dismissed)
    shop.order(10)
    effects.run()
    assert told("order.new_for_supplier") == {shop.supplier_actor.user_id, *(one.user_id for one in there)}


# --- pages


@pytest.mark.finding("T-notes")
def test_order__what_an_officer_noted_is_not_shown_to_the_person_or_the_supplier(shop: make.Shop) -> None:
    clerk = make.officer(shop.place)
    order = actions.cancel_order(actor=clerk, order=shop.order(10), note="She sounded afraid of her son.")
    make.agree(shop.person)
    make.came(clerk, shop.person)
    pages = {
        "office": signed_in(clerk).get(f"/office/orders/{order.number}"),
        "person": signed_in(shop.actor).get(f"/orders/{order.number}"),
        "supplier": signed_in(shop.supplier_actor).get(f"/supply/orders/{order.number}"),
    }
    assert {answer.status_code for answer in pages.values()} == {200}
    assert [desk for desk, answer in pages.items() if "afraid of her son" in answer.content.decode()] == ["office"]


@pytest.mark.finding("T-refused-home")
def test_officers_home__lists_refused_orders(shop: make.Shop) -> None:
    order = actions.refuse_delivery(actor=shop.actor, order=handed_over(shop), reason="defect")
    quiet = handed_over(shop)
    home = signed_in(make.officer(shop.place)).get("/office").content.decode()
    assert order.office_task == ""
    assert order.number in home
    assert quiet.number not in home


@pytest.mark.finding("T-tones")
@pytest.mark.parametrize(
    ("state", "colour"),
    [(State.RECEIVED, "green"), (State.DECLINED, "red"), (State.CANCELLED, "grey"), (State.REFUSED, "red")],
)
@pytest.mark.parametrize("desk", ["orders", "supply/orders", "office/orders"])
def test_ended_order__has_a_tag_that_says_how_it_ended(shop: make.Shop, state: str, colour: str, desk: str) -> None:
    order = shop.order(10)
    Order.objects.filter(pk=order.pk).update(state=state)
    make.agree(shop.person)
    reader: dict[str, Actor] = {
        "orders": shop.actor,
        "supply/orders": shop.supplier_actor,
        "office/orders": make.officer(shop.place),
    }
    make.came(reader["office/orders"], shop.person)
    for page in (f"/{desk}?state={state}", f"/{desk}/{order.number}"):
        answer = signed_in(reader[desk]).get(page)
        assert answer.status_code == 200, page
        assert TAG.findall(folded(answer.content.decode()))[0] == colour, page


@pytest.mark.parametrize("reason", ["", "no_such_reason", "Defect"])
def test_refusal_and_decline__by_a_reason_that_is_none_write_nothing(shop: make.Shop, reason: str) -> None:
    handed, asked = handed_over(shop), shop.order(20)
    with pytest.raises(RuleBroken):
        actions.refuse_delivery(actor=shop.actor, order=handed, reason=reason)
    with pytest.raises(RuleBroken):
        actions.decline_order(actor=shop.supplier_actor, order=asked, reason=reason)
    for order, state in ((handed, State.AWAITING_CONFIRMATION), (asked, State.SUBMITTED)):
        order.refresh_from_db()
        assert order.state == state
