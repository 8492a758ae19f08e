"""Whoever changes the journal, or a case past it, is found: each way that was tried, by whom it is open to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests import factories as make

from tirek.core import clock
from tirek.core.case import journal, proof
from tirek.core.case.journal import Event, EventNote, HourSeal, Seal
from tirek.core.keys import uuid7
from tirek.core.personal.viewlog import View
from tirek.orders import actions
from tirek.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.finding("R-H4")]
LATER = make.MORNING + timedelta(days=3)


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


@pytest.fixture
def order(shop: make.Shop) -> Order:
    with clock.at(make.MORNING):
        placed = shop.order(3)
        return actions.decline_order(
            actor=shop.supplier_actor, order=placed, reason="no_stock", note="склад пуст", left=0
        )


@pytest.fixture
def sealed(order: Order) -> list[str]:
    """Lines of the seals, as they were printed."""
    with clock.at(LATER):
        proof.seal()
        proof.seal_hours()
        assert list(proof.verify()) == []
        assert list(proof.verify_seals()) == []
        return list(proof.seal_lines())


@contextmanager
def owner() -> Iterator[Any]:
    """Somebody who owns the database."""
    tables = ("core_event", "core_seal", "core_hourseal", "core_eventnote")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def problems() -> set[str]:
    return {one.problem for one in proof.verify()}


def seal_problems(printed: list[str] | None = None) -> set[str]:
    with clock.at(LATER):
        return {one.problem for one in proof.verify_seals(printed or [])}


def made_anew(order: Order, old: str, new: str) -> None:
    """Every text of a case changed, and its chain and head made anew."""
    head = b""
    for event in Event.objects.filter(case_id=order.pk).order_by("n"):
        text = event.canonical.replace(old, new)
        head = journal.link(head, text)
        Event.objects.filter(pk=event.pk).update(canonical=text, hash=head)
    Order.objects.filter(pk=order.pk).update(journal_head=head)


def sealed_anew() -> None:
    Seal.objects.all().delete()
    HourSeal.objects.all().delete()
    with clock.at(LATER):
        proof.seal()
        proof.seal_hours()


def test_chain_made_anew__is_found_by_the_seals_of_day_and_hour(order: Order, sealed: list[str]) -> None:
    with owner():
        made_anew(order, "no_stock", "other")
    assert problems() == set()
    assert seal_problems() == {"changed"}
    with clock.at(LATER):
        assert {len(one.name) for one in proof.verify_seals()} == {len("2026-11-09"), len("2026-11-09T04Z")}


def test_chain_and_seals_made_anew__are_found_by_what_was_printed(order: Order, sealed: list[str]) -> None:
    with owner():
        made_anew(order, "no_stock", "other")
        sealed_anew()
    assert problems() == set()
    assert seal_problems() == set()
    assert seal_problems(sealed) == {"printed"}
    # as in the log of a worker, which an operator ships elsewhere
    log = [f"2026-11-12 19:40:01 WARNING tirek.core.case.proof seal of the journal: {line}" for line in sealed]
    assert seal_problems(log) == {"printed"}


def test_chain_deleted_with_its_case__is_found_though_the_seals_are_gone_too(order: Order, sealed: list[str]) -> None:
    with owner() as cursor:
        cursor.execute("DELETE FROM core_event WHERE case_id = %s", [order.pk])
        cursor.execute("DELETE FROM core_eventnote")
        cursor.execute("DELETE FROM core_deadline WHERE case_id = %s", [order.pk])
        cursor.execute("DELETE FROM orders_order WHERE id = %s", [order.pk])
        assert seal_problems() == {"changed"}
        Seal.objects.all().delete()
    assert "missing" in seal_problems()
    with owner():
        sealed_anew()
    assert seal_problems() == set()
    assert seal_problems(sealed) >= {"printed"}


def test_last_seal_deleted__is_missed(sealed: list[str]) -> None:
    with owner():
        Seal.objects.order_by("-day")[:1].get().delete()
    assert seal_problems() == {"missing"}
    assert seal_problems(sealed) == {"missing", "lost"}


def test_day_between_two_seals__is_missed(shop: make.Shop) -> None:
    for days in (1, 2):
        with clock.at(make.MORNING + timedelta(days=days)):
            journal.record(shop.programme, "programme.looked", actor=shop.actor)
    with clock.at(make.MORNING + timedelta(days=4)):
        proof.seal()
    with owner():
        Seal.objects.order_by("day")[1].delete()
    with clock.at(make.MORNING + timedelta(days=4)):
        assert "missing" in {one.problem for one in proof.verify_seals()}


def test_chain_deleted_and_the_version_set_to_nothing__is_a_case_without_its_journal(order: Order) -> None:
    with owner() as cursor:
        cursor.execute("DELETE FROM core_event WHERE case_id = %s", [order.pk])
        cursor.execute("DELETE FROM core_eventnote")
        Order.objects.filter(pk=order.pk).update(version=0, journal_head=b"")
    assert problems() == {"tail"}


@pytest.mark.parametrize("text", ["no json", "[]", '{"case": 1}', "[" * 100_000])
def test_text_that_is_none_of_ours__does_not_stop_the_walk(order: Order, shop: make.Shop, text: str) -> None:
    first = Event.objects.order_by("case_type", "case_id", "n")[0]
    last = Event.objects.order_by("-case_type", "-case_id", "-n")[0]
    with owner():
        Event.objects.filter(pk=first.pk).update(canonical=text)
        Event.objects.filter(pk=last.pk).update(type="order.other")
    found = {(one.case_id, one.problem) for one in proof.verify()}
    assert (first.case_id, "unreadable") in found
    assert (last.case_id, "columns") in found


def test_serving_role__that_changes_a_case_past_its_journal_is_found(order: Order, shop: make.Shop) -> None:
    """The rights of the serving role allow it: no trigger stands there."""
    other = make.person(place=shop.place)
    assert problems() == set()
    for change, problem in (({"state": "received"}, "state"), ({"person": other}, "person")):
        with transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**change)
            assert problems() == {problem}
            transaction.set_rollback(True)


def test_serving_role__that_deletes_a_case_leaves_a_chain_without_one(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM orders_order WHERE id = %s", [order.pk])
    assert [(one.case_id, one.problem) for one in proof.verify()] == [(order.pk, "case")]


def test_note__is_erased_but_never_changed(order: Order, app_role: Any) -> None:
    with pytest.raises(DatabaseError), app_role() as cursor:
        cursor.execute("UPDATE core_eventnote SET text = 'x'")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        EventNote.objects.update(text="x")
    with owner():
        EventNote.objects.update(text="x")
    assert problems() == {"note"}
    EventNote.objects.all().delete()
    assert problems() == set()


def test_note__that_was_put_beside_an_event_later_is_found(order: Order) -> None:
    without = Event.objects.filter(case_id=order.pk).order_by("n")[0]
    EventNote.objects.create(event_id=without.pk, text="сам согласился")
    assert problems() == {"note"}
    EventNote.objects.filter(pk=without.pk).delete()
    EventNote.objects.create(event_id=uuid7(), text="nobody's")
    assert problems() == {"note"}


def test_note__that_was_erased_cannot_be_found_by_trying_its_text(order: Order) -> None:
    (note,) = EventNote.objects.all()
    event = Event.objects.get(pk=note.pk)
    assert event.content["note"] == journal.note_hash(bytes(note.salt), note.text)
    assert len(bytes(note.salt)) == 16
    assert journal.note_hash(b"", note.text) not in event.canonical


@pytest.mark.finding("A-A11")
def test_looks__are_erased_but_never_changed(shop: make.Shop, app_role: Any) -> None:
    View.objects.create(user_id=uuid7(), desk="officer", subject_id=shop.person.pk, basis="task")
    for statement in ("UPDATE core_view SET user_id = gen_random_uuid()", "TRUNCATE core_view"):
        with pytest.raises(DatabaseError), app_role() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        View.objects.update(reason="x")


@pytest.mark.finding("R-M7")
def test_clock_that_runs_ahead__seals_nothing_that_is_still_to_come(
    shop: make.Shop, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty days ahead once, when sealing runs: later events of those days would break their seals for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    with clock.at(there - timedelta(days=2)):
        journal.record(shop.programme, "programme.looked", actor=shop.actor)
    monkeypatch.setattr(clock, "now", lambda: there + timedelta(days=20))
    assert max(one.day for one in proof.seal()) < there.astimezone(clock.COUNTRY_ZONE).date()
    assert all(one.start < there for one in proof.seal_hours())


@pytest.mark.finding("R-M7")
def test_days_without_events__are_sealed_when_a_later_one_has_some(shop: make.Shop) -> None:
    with clock.at(make.MORNING + timedelta(days=20)):
        assert [one.day.day for one in proof.seal()] == [9]
        assert proof.unsealed_days() == []
        journal.record(shop.programme, "programme.looked", actor=shop.actor)
    with clock.at(make.MORNING + timedelta(days=21)):
        assert len(proof.seal()) == 20
        assert list(proof.verify_seals()) == []


def test_hour__is_sealed_within_minutes_of_its_end(shop: make.Shop) -> None:
    with clock.at(make.MORNING + timedelta(hours=1, minutes=4)):
        assert proof.seal_hours() == []
    with clock.at(make.MORNING + timedelta(hours=1, minutes=6)):
        assert [one.start for one in proof.seal_hours()] == [make.MORNING]
        assert proof.seal_hours() == []
