"""The journal: append-only, chained, sealed, readable after years."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, ProgrammingError, connection, transaction
from tests import factories as make

from tirek.core import clock, journal
from tirek.core.journal import Event, EventNote, Seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def test_journal__holds_until_a_text_is_changed(shop: make.Shop) -> None:
    assert list(journal.verify()) == []
    event = Event.objects.get(case_id=shop.programme.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
        cursor.execute("UPDATE core_event SET canonical = replace(canonical, '1460', '9999') WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
    (found,) = journal.verify()
    assert (found.case_id, found.n, found.problem) == (shop.programme.pk, 1, "hash")


def test_journal__a_removed_event_is_missed(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        for n in range(3):
            journal.record(shop.programme, "programme.looked", actor=shop.actor, data={"n": n})
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
        cursor.execute("DELETE FROM core_event WHERE case_id = %s AND n = 2", [shop.programme.pk])
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
    assert {found.problem for found in journal.verify()} >= {"missing"}


@pytest.mark.parametrize("verb", ["UPDATE core_event SET type = 'x'", "DELETE FROM core_event", "TRUNCATE core_event"])
def test_journal__the_serving_role_cannot_change_it(shop: make.Shop, app_role: Any, verb: str) -> None:
    with pytest.raises(ProgrammingError), app_role() as cursor:
        cursor.execute(verb)
    assert list(journal.verify()) == []


@pytest.mark.parametrize("verb", ["UPDATE core_event SET type = 'x'", "DELETE FROM core_event"])
def test_journal__even_the_owner_is_stopped_by_the_trigger(shop: make.Shop, verb: str) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


def test_journal__serving_role_may_insert_and_read(shop: make.Shop, app_role: Any) -> None:
    with app_role() as cursor:
        cursor.execute("SELECT count(*) FROM core_event")
        (before,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO core_event (id, case_type, case_id, n, type, at, canonical, hash) "
            "VALUES (gen_random_uuid(), 't', gen_random_uuid(), 1, 't', now(), '{}', '\\x00')"
        )
        cursor.execute("SELECT count(*) FROM core_event")
        assert cursor.fetchone() == (before + 1,)


def test_journal__personal_text_lives_beside_it_and_can_be_erased(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        event = journal.record(shop.programme, "programme.note", actor=shop.actor, note="менің сөзім")
    assert "сөзім" not in event.canonical
    EventNote.objects.filter(event_id=event.pk).delete()
    assert list(journal.verify()) == []


def test_seal__covers_each_day_and_notices_what_was_added_later(shop: make.Shop) -> None:
    with clock.at(make.MORNING + timedelta(days=1)):
        journal.record(shop.programme, "programme.looked", actor=shop.actor)
    with clock.at(make.MORNING + timedelta(days=3)):
        days = [one.day.day for one in journal.seal()]
        assert journal.seal() == []
    assert days == [9, 10, 11]
    assert list(journal.verify_seals()) == []
    with clock.at(make.MORNING):
        journal.record(shop.programme, "programme.slipped_in", actor=shop.actor)
    assert [one.day.day for one in journal.verify_seals()][0] == 9
    assert len(list(journal.seal_lines())) == Seal.objects.count() == 3


def test_seal__a_day_that_has_just_ended_waits_half_an_hour(shop: make.Shop) -> None:
    midnight = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)
    with clock.at(midnight + timedelta(minutes=20)):
        assert journal.seal() == []
    with clock.at(midnight + timedelta(minutes=40)):
        assert len(journal.seal()) == 1


def test_upcaster__an_old_event_reads_as_today(shop: make.Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_upcasters", {})
    monkeypatch.setattr(journal, "_versions", {})
    with clock.at(make.MORNING):
        old = journal.record(shop.programme, "programme.moved", actor=shop.actor, data={"to": "A"})

    @journal.upcaster("programme.moved", from_version=1)
    def _split(data: journal.Data) -> journal.Data:
        return {"place": data["to"], "street": None}

    assert Event.objects.get(pk=old.pk).data == {"place": "A", "street": None}
    with clock.at(make.MORNING):
        new = journal.record(shop.programme, "programme.moved", actor=shop.actor, data={"place": "B", "street": "C"})
    assert json.loads(new.canonical)["v"] == 2
    assert Event.objects.get(pk=new.pk).data == {"place": "B", "street": "C"}
