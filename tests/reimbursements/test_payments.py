"""What the budget pays a supplier: from the receipt to the payment, each way beside it, and the supplier's own page."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook
from tests import factories as make
from tests.aftercare.declared import held
from tests.kit import pages
from tests.kit.sign_in import for_years, signed_in
from tests.kit.together import at_once
from tests.kit.world import World
from tests.reimbursements.declared import checked, opened, sent_back, submitted

from tirek.core import clock
from tirek.core.case import effects, journal
from tirek.core.case.words import path_of
from tirek.core.case.workflow import sweep
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.keys import uuid7
from tirek.orders.models import Delivery
from tirek.reimbursements import actions, queries
from tirek.reimbursements.case_types import CLAIMS
from tirek.reimbursements.models import Claim

State = Claim.State
pytestmark = pytest.mark.django_db


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_payment__goes_from_the_receipt_to_the_payment_order_over_the_pages() -> None:
    world = World()
    seller, officer = world.client(world.supplier_actor), world.client(world.officer)
    assert "No payments yet" in pages.text(seller, "/supply/payments")
    item = held(world)
    effects.run()
    effects.run()
    claim = Claim.objects.get()
    order = item.delivery.order
    assert (claim.amount, claim.received_on, claim.entered_by) == (order.budget_part, clock.today(), order.placed_by)
    page = _plain(pages.text(seller, "/supply/payments"))
    for said in ("Send 1 invoice for payment", "540 ₸", claim.number, order.number, "Not sent for payment yet"):
        assert said in page
    # order and payment lead to one another
    assert claim.number in pages.text(seller, f"/supply/orders/{order.number}")
    mine = f"/supply/claims/{claim.number}"
    assert order.number in pages.open_page(seller, mine).main
    early = {"submit-invoice_number": "ESF-1"} | _day("submit-invoice_on", clock.today() - timedelta(days=9))
    refused = seller.post(f"{mine}/submit", early)
    assert (refused.status_code, len(pages.read(refused).errors)) == (422, 1)
    assert "ESF-1" in refused.content.decode()
    assert seller.post(f"{mine}/submit", early | _day("submit-invoice_on", clock.today())).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.pay_by) == (State.SUBMITTED, actions.last_day_to_pay())
    office = f"/office/payments/{claim.number}"
    assert officer.post(f"{office}/verify").status_code == 302
    # two people: who has checked it does not pay
    assert officer.post(f"{office}/pay", _payment("PO-5", clock.today())).status_code in {403, 404, 409}
    other = signed_in(make.officer(world.place))
    assert other.post(f"{office}/pay", _payment("PO-5", clock.today())).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.payment_number, claim.days_late(date(2100, 1, 1))) == (State.PAID, "PO-5", 0)
    assert f"{claim.number}: paid" in pages.text(seller, "/notices")
    assert "PO-5" in pages.text(seller, mine)
    assert "no invoice is missing" in pages.text(seller, "/supply/payments")


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def _payment(number: str, day: date) -> dict[str, str]:
    return {"pay-payment_number": number} | _day("pay-paid_on", day)


def test_payment__that_is_late_names_the_department_and_the_way_to_ask_it() -> None:
    world = World()
    seller = for_years(world.supplier_actor)
    made = submitted(world)
    claim = Claim.objects.get(pk=made.pk)
    assert claim.pay_by is not None
    with clock.at(clock.now() + timedelta(days=60)):
        sweep()
        # told once to the office, the region and the supplier; nothing is paid or checked by silence
        claim.refresh_from_db()
        assert claim.state == State.SUBMITTED
        assert f"{claim.number}: the department is late" in pages.text(seller, "/notices")
        late = (clock.today() - claim.pay_by).days
        page = pages.open_page(seller, "/supply/payments")
        assert "Ask the department that is late" in page.main
        assert f"up to {late} days late" in page.main.lower()
        assert f"/messages/claim/{claim.pk}" in page.html
        assert claim.number in pages.text(seller, "/supply/payments?state=late")
        assert pages.open_page(seller, f"/messages/claim/{claim.pk}").status == 200
        found = queries.to_do(world.supplier_actor, clock.today())
        assert (found.late_in_all.count, found.with_office.count, found.late[0].days) == (1, 0, late)


def test_payment__that_was_sent_back_says_why_and_its_term_begins_anew() -> None:
    world = World()
    claim = sent_back(world)
    seller = world.client(world.supplier_actor)
    page = pages.text(seller, "/supply/payments?state=sent_back")
    assert "The invoice is made out for another amount" in page
    assert "Mend 1 payment that was sent back" in page
    assert 'value="ESF-7"' in pages.open_page(seller, f"/supply/claims/{claim.number}").html
    assert (claim.verified_by, claim.days_late(date(2100, 1, 1))) == (None, 0)
    with clock.at(clock.now() + timedelta(days=30)):
        again = actions.submit_claim(
            actor=world.supplier_actor, claim=claim, invoice_number="ESF-8", invoice_on=clock.today()
        )
        assert (again.pay_by, again.return_reason) == (actions.last_day_to_pay(), "")


def test_steps_of_a_payment_that_was_sent_back__have_each_its_own_day() -> None:
    world = World()
    began, claim = clock.now(), opened(world)
    with clock.at(began + timedelta(days=2)):
        claim = submitted(world, claim)
    with clock.at(began + timedelta(days=4)):
        claim = actions.send_back(actor=world.officer, claim=claim, reason="amount")
        steps = path_of(CLAIMS, world.supplier_actor, claim, journal.events_of(claim))
    with translation.override("en"):
        days = [(str(one.title), one.at and (one.at - began).days, one.standing) for one in steps]
    assert days[:3] == [("Goods received", 0, "done"), ("Sent for payment", 2, "done"), ("Sent back", 4, "present")]
    assert {one[2] for one in days[3:]} == {"ahead"}


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda w, c: actions.send_back(actor=w.officer, claim=c, reason="mood"), "reason"),
        (lambda w, c: actions.send_back(actor=w.officer, claim=c, reason="other", words=" "), "words"),
        (
            lambda w, c: actions.record_payment(
                actor=w.officer, claim=c, paid_on=clock.today() + timedelta(days=1), payment_number="1"
            ),
            "paid_on",
        ),
        (
            lambda w, c: actions.record_payment(
                actor=w.officer, claim=c, paid_on=c.submitted_on - timedelta(days=1), payment_number="1"
            ),
            "paid_on",
        ),
        (
            lambda w, c: actions.record_payment(actor=w.officer, claim=c, paid_on=clock.today(), payment_number=" "),
            "payment_number",
        ),
    ],
)
def test_payment__is_refused_with_the_field_it_speaks_of(act: Callable[[World, Claim], object], code: str) -> None:
    world = World()
    with pytest.raises(RuleBroken) as refused:
        act(world, checked(world))
    assert refused.value.code == code


def test_payment__is_never_checked_by_who_entered_the_order() -> None:
    world = World()
    claim = submitted(world)
    Claim.objects.filter(pk=claim.pk).update(entered_by=make.user_of(world.officer))
    claim.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.verify_claim(actor=world.officer, claim=claim)


def test_payments__of_others_are_not_seen_or_downloaded() -> None:
    world = World()
    claim = opened(world)
    stranger = signed_in(make.supplier_actor(make.supplier()))
    assert claim.number not in pages.text(stranger, "/supply/payments")
    assert stranger.get(f"/supply/claims/{claim.number}").status_code == 404
    whole = b"".join(stranger.get("/supply/payments/file").streaming_content).decode()  # type: ignore[attr-defined]
    assert claim.number not in whole
    assert not queries.own(world.officer).exists()


def test_receipt__becomes_one_claim_by_effect_and_by_night_together() -> None:
    world = World()
    item = held(world)
    assert actions.open_missing() == 1
    effects.run()
    assert actions.open_missing() == 0
    assert Claim.objects.count() == 1
    # what the recipient pays in full is no claim
    Delivery.objects.filter(pk=item.delivery_id).update(person_part=item.delivery.order.unit_price * 3)
    delivery = Delivery.objects.select_related("order").get(pk=item.delivery_id)
    assert actions.amount_of(delivery) == 0


@pytest.mark.django_db(transaction=True)
def test_payment__is_recorded_once_when_two_officers_press_at_once() -> None:
    world = World()
    claim = checked(world)
    officers = [make.officer(world.place), make.officer(world.place)]

    def pay(n: int) -> str:
        try:
            actions.record_payment(actor=officers[n], claim=claim, paid_on=clock.today(), payment_number=f"PO-{n}")
        except StaleState:
            return "late"
        return "paid"

    assert sorted(map(str, at_once(lambda: pay(0), lambda: pay(1), at=clock.now()))) == ["late", "paid"]
    claim.refresh_from_db()
    assert claim.state == State.PAID


def test_payments__are_paged_summed_and_taken_along_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    world = World()
    delivery = held(world, quantity=1).delivery
    for n in range(2, 6):
        # further hand-overs of the same order, as parts of it are
        delivery.pk, delivery.n = uuid7(), n
        delivery.save(force_insert=True)
    assert actions.open_missing() == 5
    seller, seen, after = world.supplier_actor, list[Claim](), ""
    while True:
        with CaptureQueriesContext(connection) as asked:
            page = queries.page(seller, queries.Chosen(kind=world.kind.code), after)
        assert len(asked) == 1
        seen += page.rows
        after = page.after
        if not after:
            break
    assert [one.pk for one in seen] == list(queries.narrowed(seller, queries.Chosen()).values_list("pk", flat=True))
    assert len(seen) == 5
    this = f"{clock.today():%Y-%m}"
    assert len(queries.page(seller, queries.chosen({"period": this}), "no place").rows) == 2
    assert not queries.page(seller, queries.chosen({"period": "1999"})).rows
    for told in ("9999", "9999-12", "0", "2026-13", "²", ""):
        assert queries.chosen({"period": told}).first is None, told
    with CaptureQueriesContext(connection) as asked:
        assert queries.months(seller, clock.today()) == [], "not counted yet"
    actions.count_months()
    assert actions.count_months() == 1, "once more it is the same"
    assert queries.months(make.supplier_actor(make.supplier()), clock.today()) == []
    with CaptureQueriesContext(connection) as asked:
        months = queries.months(seller, clock.today())
    assert (len(asked), months[0].all) == (1, queries.Total(5, sum((one.amount for one in seen), Decimal(0))))
    sheet = load_workbook(io.BytesIO(signed_in(seller).get("/supply/payments/file?as=xlsx").content)).active
    assert sheet is not None
    assert sheet.max_row == 6
