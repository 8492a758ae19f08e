"""The journal: append-only, chained, sealed, readable after years."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, ProgrammingError, connection, transaction
from django.utils.translation import gettext_lazy
from tests import factories as make

from tirek.core import clock
from tirek.core.case import journal, proof
from tirek.core.case.journal import Event, EventNote, Seal
from tirek.core.keys import uuid7
from tirek.entitlements.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def test_journal__holds_until_a_text_is_changed(shop: make.Shop) -> None:
    assert list(proof.verify()) == []
    event = Event.objects.get(case_id=shop.programme.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
        cursor.execute("UPDATE core_event SET canonical = replace(canonical, '1460', '9999') WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
    (found,) = proof.verify()
    assert (found.case_id, found.n, found.problem) == (shop.programme.pk, 1, "hash")


def test_journal__a_removed_event_is_missed(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        for n in range(3):
            journal.record(shop.programme, "programme.looked", actor=shop.actor, data={"n": n})
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
        cursor.execute("DELETE FROM core_event WHERE case_id = %s AND n = 2", [shop.programme.pk])
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
    assert {found.problem for found in proof.verify()} >= {"missing"}


@pytest.mark.parametrize("verb", ["UPDATE core_event SET type = 'x'", "DELETE FROM core_event", "TRUNCATE core_event"])
def test_journal__the_serving_role_cannot_change_it(shop: make.Shop, app_role: Any, verb: str) -> None:
    with pytest.raises(ProgrammingError), app_role() as cursor:
        cursor.execute(verb)
    assert list(proof.verify()) == []


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
    assert list(proof.verify()) == []


def test_event__says_who_acted_for_whom_from_where(shop: make.Shop) -> None:
    proxy = make.person(place=shop.place)
    representative = replace(make.recipient_of(proxy), on_behalf_of=shop.person.pk, device="d1", session="never told")
    officer = replace(make.officer(shop.place), device="d2")
    with clock.at(make.MORNING):
        first = journal.record(shop.programme, "programme.looked", actor=representative, data={"n": 1})
        second = journal.record(shop.programme, "programme.looked", actor=officer)
    told = {
        "v": 1,
        "case": ["programme", str(shop.programme.pk)],
        "type": "programme.looked",
        "at": make.MORNING.isoformat(),
    }
    assert json.loads(first.canonical) == told | {
        "n": 2,
        "actor": str(proxy.user_id),
        "person": str(proxy.pk),
        "for": str(shop.person.pk),
        "of": str(shop.person.pk),
        "note": None,
        "organisation": None,
        "desk": "recipient",
        "role": "recipient",
        "channel": "web",
        "device": "d1",
        "data": {"n": 1},
    }
    assert json.loads(second.canonical) == told | {
        "n": 3,
        "actor": str(officer.user_id),
        "person": None,
        "for": None,
        "of": str(shop.person.pk),
        "note": None,
        "organisation": str(officer.organisation_id),
        "desk": "officer",
        "role": "officer",
        "channel": "counter",
        "device": "d2",
        "data": {},
    }


@pytest.mark.parametrize(
    "column", [{"type": "programme.other"}, {"at": make.MORNING + timedelta(hours=1)}, {"actor_id": uuid7()}], ids=list
)
def test_journal__a_column_that_tells_another_story_than_the_text_is_found(
    shop: make.Shop, column: dict[str, object]
) -> None:
    event = Event.objects.get(case_id=shop.programme.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
        Event.objects.filter(pk=event.pk).update(**column)
        cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
    assert [(found.case_id, found.n, found.problem) for found in proof.verify()] == [(shop.programme.pk, 1, "columns")]


def test_event__takes_codes_ids_days_and_amounts(shop: make.Shop) -> None:
    key = uuid7()
    data = {
        "key": key,
        "day": date(2026, 1, 2),
        "sum": Decimal("1.50"),
        "code": Programme.State.ACTIVE,
        "list": (1, True, None),
    }
    with clock.at(make.MORNING):
        event = journal.record(shop.programme, "programme.looked", actor=shop.actor, data=data)
    assert event.data == {
        "key": str(key),
        "day": "2026-01-02",
        "sum": "1.50",
        "code": "active",
        "list": [1, True, None],
    }


@pytest.mark.parametrize(
    "value", [1.5, object(), ValueError("Айгүл"), gettext_lazy("Recipient"), b"x"], ids=lambda one: type(one).__name__
)
def test_event__refuses_whatever_brings_its_own_words(shop: make.Shop, value: object) -> None:
    with clock.at(make.MORNING), pytest.raises(TypeError, match="no place in the journal"):
        journal.record(shop.programme, "programme.looked", actor=shop.actor, data={"what": [value]})


def test_seal__covers_each_day_and_notices_what_was_added_later(shop: make.Shop) -> None:
    with clock.at(make.MORNING + timedelta(days=1)):
        journal.record(shop.programme, "programme.looked", actor=shop.actor)
    with clock.at(make.MORNING + timedelta(days=3)):
        days = [one.day.day for one in proof.seal()]
        assert proof.seal() == []
    assert days == [9, 10]
    assert list(proof.verify_seals()) == []
    with clock.at(make.MORNING):
        journal.record(shop.programme, "programme.slipped_in", actor=shop.actor)
    assert [one.day.day for one in proof.verify_seals()][0] == 9
    assert len(list(proof.seal_lines())) == Seal.objects.count() == 2


def test_seal__a_day_that_has_just_ended_waits_half_an_hour(shop: make.Shop) -> None:
    midnight = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)
    with clock.at(midnight + timedelta(minutes=20)):
        assert proof.seal() == []
    with clock.at(midnight + timedelta(minutes=40)):
        assert len(proof.seal()) == 1


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
