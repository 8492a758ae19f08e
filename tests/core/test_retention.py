"""What is past its period is erased: each class at its own day, in batches, and only counts are told."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.backends.utils import CursorWrapper
from tests import factories as make

from tirek.accounts.models import SignInEvent
from tirek.core import clock, drafts, signing
from tirek.core.case import journal, proof
from tirek.core.case.effects import Effect
from tirek.core.case.journal import Event, EventNote
from tirek.core.database import ratelimit
from tirek.core.database.ratelimit import RateWindow
from tirek.core.drafts import Draft
from tirek.core.keys import uuid7
from tirek.core.personal import retention
from tirek.core.personal.viewlog import View
from tirek.core.reference import Term, Unit
from tirek.core.service.failures import Failure
from tirek.core.signing import Signature
from tirek.notices.models import Delivery, Notice, SentMessage
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for

pytestmark = pytest.mark.django_db
MORNING = make.MORNING


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(MORNING):
        return make.Shop()


def erased(key: str, at: datetime) -> int:
    """Rows of one class that a run at a moment erases."""
    with clock.at(at):
        return retention.run()[key]


def just_before_and_at(key: str, end: datetime) -> tuple[int, int]:
    """What runs a second before the end of a period, and at its end, erase."""
    return erased(key, end - timedelta(seconds=1)), erased(key, end)


# --- periods


@pytest.mark.parametrize(
    ("term", "before"),
    [
        (Term(30, Unit.CALENDAR_DAYS), datetime(2026, 10, 10, 4, 0, tzinfo=UTC)),
        (Term(12, Unit.MONTHS), datetime(2025, 11, 9, 4, 0, tzinfo=UTC)),
    ],
)
def test_period__reaches_back_from_now(term: Term, before: datetime) -> None:
    assert retention.moment_before(term, MORNING) == before


def test_period__in_working_days_is_none() -> None:
    with pytest.raises(ValueError, match="working_days"):
        retention.moment_before(Term(3, Unit.WORKING_DAYS), MORNING)


# --- each class


def test_draft__that_was_sent_is_emptied_and_still_answers_with_its_order(shop: make.Shop) -> None:
    with clock.at(MORNING):
        draft = shop.draft(10)
        order = actions.submit_order(actor=shop.actor, draft_key=draft.pk)
        other = shop.draft(10)
        drafts.archive(shop.actor, other.pk)
    assert just_before_and_at("retention.drafts", MORNING + timedelta(days=30)) == (0, 2)
    assert [one.fields for one in Draft.objects.all()] == [{}, {}]
    with clock.at(MORNING + timedelta(days=31)):
        assert actions.submit_order(actor=shop.actor, draft_key=draft.pk) == order


def test_draft__that_is_open_ends_at_its_own_day_and_is_emptied_later(shop: make.Shop) -> None:
    with clock.at(MORNING):
        draft = shop.draft(10)
    end = MORNING + timedelta(days=180)
    assert just_before_and_at("drafts.keep", end) == (0, 1)
    draft.refresh_from_db()
    assert draft.state == Draft.State.ARCHIVED
    assert draft.fields
    assert just_before_and_at("retention.drafts", end + timedelta(days=30)) == (0, 1)
    draft.refresh_from_db()
    assert draft.fields == {}


def _received(shop: make.Shop) -> Order:
    order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(10), ready_on=clock.today())
    order = actions.hand_over(actor=shop.supplier_actor, order=order, code=door_code_for(shop.actor, order))
    document = signing.Document(actions.SIGN_RECEIPT, "order", order.pk, "Сөз", "1", "kk")
    signature = signing.record_paper(
        make.officer(shop.place), document, signing.Signer(user_id=make.user_of(shop.actor))
    )
    return actions.confirm_receipt(actor=shop.actor, order=order, signature_id=signature.pk)


def test_order__that_ended_loses_address_phone_and_remarks_and_keeps_its_history(shop: make.Shop) -> None:
    with clock.at(MORNING):
        ended = shop.order(10)
        actions.cancel_order(actor=shop.actor, order=ended, note="өз сөзім")
        running = shop.order(10)
    assert just_before_and_at("retention.order_contacts", datetime(2027, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)
    ended.refresh_from_db()
    running.refresh_from_db()
    assert (ended.address, ended.phone, ended.comment) == ("", "", "")
    assert not EventNote.objects.exists()
    assert running.address
    assert [one.type for one in journal.events_of(ended)] == ["order.submit", "order.cancel"]
    assert list(proof.verify()) == []


def test_notes__beside_the_journal_go_at_the_latest_after_three_years(shop: make.Shop) -> None:
    with clock.at(MORNING):
        order = shop.order(10)
        journal.record(order, "order.remark", actor=shop.actor, note="сөз")
    assert just_before_and_at("retention.notes", datetime(2029, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)
    assert Event.objects.filter(type="order.remark").exists()


def test_acts_and_signed_texts__go_after_five_years_and_their_hashes_stay(shop: make.Shop) -> None:
    with clock.at(MORNING):
        order = _received(shop)
    end = datetime(2031, 11, 9, 4, 0, tzinfo=UTC)
    assert just_before_and_at("retention.acts", end) == (0, 1)
    signature, delivery = Signature.objects.get(), order.deliveries.get()
    assert (bytes(signature.text), signature.device, signature.phone_end) == (b"", "", "")
    assert len(bytes(signature.text_hash)) == len(bytes(delivery.act_hash)) == 32
    assert bytes(delivery.act) == b""


def test_unsigned__texts_go_after_a_month(shop: make.Shop) -> None:
    with clock.at(MORNING):
        document = signing.Document("x", "order", uuid7(), "Сөз", "1", "kk")
        signing.request_code(
            shop.actor, document, signing.Signer(user_id=make.user_of(shop.actor), phone="+77011234567")
        )
    assert just_before_and_at("retention.unsigned", MORNING + timedelta(days=30)) == (0, 1)
    assert not Signature.objects.exists()


def test_looks_failures_effects_and_sessions__go_at_their_own_day(shop: make.Shop) -> None:
    with clock.at(MORNING):
        View.objects.create(user_id=uuid7(), desk="officer", subject_id=shop.person.pk, basis="task")
        Failure.objects.create(
            step="x", method="GET", status=500, desk="recipient", channel="web", language="kk", milliseconds=1
        )
        Effect.objects.create(subscriber="x", event_id=uuid7(), state=Effect.State.DONE)
        waiting = Effect.objects.create(subscriber="y", event_id=uuid7(), try_after=MORNING + timedelta(days=9999))
        Session.objects.create(session_key="x", session_data="", expire_date=MORNING)
        ratelimit.hit("a", "1", limits=(ratelimit.Limit(times=3, within=timedelta(minutes=1)),))
    assert just_before_and_at("retention.sessions", MORNING + timedelta(days=1)) == (0, 1)
    assert just_before_and_at("retention.rate_windows", RateWindow.objects.get().ends_at + timedelta(days=1)) == (0, 1)
    assert just_before_and_at("retention.effects", MORNING + timedelta(days=30)) == (0, 1)
    assert list(Effect.objects.filter(subscriber__in=["x", "y"])) == [waiting]
    assert just_before_and_at("retention.failures", datetime(2027, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)
    assert just_before_and_at("retention.views", datetime(2029, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)


def test_notices__their_addresses_first_and_then_themselves(shop: make.Shop) -> None:
    with clock.at(MORNING):
        notice = Notice.objects.create(user_id=make.user_of(shop.actor), template="x", dispatched_at=MORNING)
        Delivery.objects.create(notice=notice, channel="sms", address="+77011234567", language="kk", state="sent")
        Delivery.objects.create(
            notice=notice, channel="email", address="a@b.kz", language="kk", try_after=datetime(2099, 1, 1, tzinfo=UTC)
        )
        SentMessage.objects.create(channel="sms", address="+77011234567", text="сөз", purpose="x")
    assert just_before_and_at("retention.sent_messages", MORNING + timedelta(days=30)) == (0, 1)
    assert just_before_and_at("retention.message_addresses", datetime(2027, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)
    assert sorted(Delivery.objects.values_list("address", flat=True)) == ["", "a@b.kz"]
    assert just_before_and_at("retention.notices", datetime(2028, 11, 9, 4, 0, tzinfo=UTC)) == (0, 1)
    assert not Delivery.objects.exists()


def test_sign_ins__go_by_their_one_function_and_young_ones_by_none(shop: make.Shop) -> None:
    old = SignInEvent.objects.create(
        at=datetime(2020, 1, 1, tzinfo=UTC), identifier="x", outcome="code_right", device="d"
    )
    young = SignInEvent.objects.create(identifier="x", outcome="code_right", device="d")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        SignInEvent.objects.filter(pk=young.pk).delete()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        SignInEvent.objects.filter(pk=old.pk).update(device="")
    assert retention.run()["retention.sign_ins"] == 1
    assert SignInEvent.objects.get() == young


def test_sign_ins__of_the_last_months_stay_whatever_the_period_says() -> None:
    (period,) = [one for one in retention.periods() if one.key == "retention.sign_ins"]
    SignInEvent.objects.create(identifier="x", outcome="code_right", device="d")
    assert period.purge(datetime(2999, 1, 1, tzinfo=UTC), 10) == 0
    assert SignInEvent.objects.count() == 1


def test_purge__is_allowed_to_the_role_that_serves_and_the_bare_deletion_is_not(
    shop: make.Shop, app_role: Callable[[], AbstractContextManager[CursorWrapper]]
) -> None:
    SignInEvent.objects.create(at=datetime(2020, 1, 1, tzinfo=UTC), identifier="x", outcome="code_right", device="d")
    with app_role() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'accounts_signinevent', 'DELETE')")
        assert cursor.fetchone() == (False,)
    with app_role():
        done = retention.run()
    assert done["retention.sign_ins"] == 1


# --- the run


def test_run__works_in_batches_and_tells_counts_only(
    shop: make.Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _n in range(5):
        View.objects.create(
            at=datetime(2020, 1, 1, tzinfo=UTC),
            user_id=uuid7(),
            desk="officer",
            subject_id=shop.person.pk,
            basis="task",
        )
    with caplog.at_level(logging.INFO, logger="tirek.core.personal.retention"):
        assert retention.run()["retention.views"] == 5
    assert "retention.views: 5 rows" in caplog.text
    assert str(shop.person.pk) not in caplog.text
    assert retention.run()["retention.views"] == 0


def test_run__a_class_that_fails_does_not_stop_the_others(shop: make.Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_before: datetime, _limit: int) -> int:
        raise RuntimeError("broken")

    period = retention.Period("drafts.keep", "x", "y", ("core.Draft",), broken)
    monkeypatch.setitem(retention._periods, "drafts.keep", period)
    View.objects.create(
        at=datetime(2020, 1, 1, tzinfo=UTC), user_id=uuid7(), desk="officer", subject_id=shop.person.pk, basis="task"
    )
    with pytest.raises(retention.Unfinished, match=r"drafts\.keep"):
        retention.run()
    assert not View.objects.exists()


@pytest.mark.usefixtures("no_values")
def test_run__does_nothing_without_reference_data_and_says_so() -> None:
    with pytest.raises(retention.Unfinished):
        retention.run()
