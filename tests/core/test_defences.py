"""Rules of the core that one line each defends: without that line its test here fails.

What holds for every case is proven over two case types that no app has.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import MadeUp, act, begun

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines, effects, journal, proof, words
from tirek.core.case.deadlines import Deadline
from tirek.core.case.effects import Effect
from tirek.core.case.journal import Event, Seal
from tirek.core.database import locks
from tirek.core.errors import Busy, StaleState
from tirek.core.keys import uuid7
from tirek.core.personal import retention, viewlog
from tirek.core.personal.viewlog import ReasonNeeded, View
from tirek.core.signing import Signature
from tirek.orders import actions as orders

every_type = pytest.mark.parametrize("model", made_up.MODELS, ids=lambda one: one.__name__)
DAY = timedelta(days=1)


@pytest.fixture
def clerk(db: None) -> Iterator[Actor]:
    """An officer in whose district the made-up cases are; their tables go with the test's transaction."""
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield make.officer()


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Actor]:
    """The same, for what several connections see."""
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield make.officer()


@contextmanager
def unprotected(table: str) -> Iterator[None]:
    """Somebody who owns the database has taken the guard of an append-only table away."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def elsewhere(job: Callable[[Callable[[], None]], object]) -> Iterator[None]:
    """Another connection runs ``job(stop)`` up to where it calls ``stop()``, and goes on when the block ends."""
    arrived, go_on = threading.Event(), threading.Event()

    def stop() -> None:
        arrived.set()
        go_on.wait(timeout=30)

    def run() -> None:
        try:
            with clock.at(make.MORNING):
                job(stop)
        finally:
            close_old_connections()
            connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    try:
        assert arrived.wait(timeout=20)
        yield
    finally:
        go_on.set()
        worker.join(timeout=60)


@contextmanager
def short_waits() -> Iterator[None]:
    """This connection waits a moment for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute("SET lock_timeout = '100ms'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{usual}'")


# --- the process: swap and locks


@pytest.mark.finding("T-swap")
@every_type
@pytest.mark.parametrize("moved", [{"version": F("version") + 1}, {"state": "passed"}], ids=["version", "state"])
def test_swap__refuses_a_case_that_moved_on_although_it_was_locked(
    clerk: Actor, model: type[MadeUp], moved: dict[str, Any]
) -> None:
    case = begun(model, clerk)

    def meanwhile(locked: MadeUp) -> None:
        model._default_manager.filter(pk=locked.pk).update(**moved)

    with pytest.raises(StaleState), transaction.atomic():
        act(case, "finish", actor=clerk, meanwhile=meanwhile)
    case.refresh_from_db()
    assert (case.state, case.version) == ("open", 1)
    assert [event.type for event in journal.events_of(case)] == [f"{model._meta.model_name}.begin"]
    assert act(case, "finish", actor=clerk).state == "done"


@pytest.mark.finding("T-swap")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@every_type
def test_swap__refuses_what_another_connection_moved_where_no_lock_kept_it_out(
    committed: Actor, model: type[MadeUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = begun(model, committed)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)

    def moved(stop: Callable[[], None]) -> None:
        model._default_manager.filter(pk=case.pk).update(state="passed")
        stop()

    def meanwhile(_read: MadeUp) -> None:
        with elsewhere(moved):
            pass

    with pytest.raises(StaleState):
        act(case, "finish", actor=committed, meanwhile=meanwhile)
    case.refresh_from_db()
    assert (case.state, case.version) == ("passed", 1)
    assert len(journal.events_of(case)) == 1


def _held_by_another(case: MadeUp, clerk: Actor) -> object:
    """Finish a case that another connection is just finishing and does not let go."""
    with (
        elsewhere(lambda stop: act(case, "finish", actor=clerk, meanwhile=lambda _locked: stop())),
        short_waits(),
    ):
        return act(case, "finish", actor=clerk)


@pytest.mark.finding("T-busy")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@every_type
def test_action__on_a_case_that_somebody_holds_too_long_is_busy(committed: Actor, model: type[MadeUp]) -> None:
    case = begun(model, committed)
    with pytest.raises(Busy):
        _held_by_another(case, committed)
    case.refresh_from_db()
    assert (case.state, case.version) == ("done", 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_action__without_the_bound_ends_in_an_error_of_the_database(
    committed: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "bounded", nullcontext)
    with pytest.raises(OperationalError):
        _held_by_another(begun(made_up.Well, committed), committed)


@pytest.mark.finding("T-busy")
@pytest.mark.django_db
def test_connection__waits_for_a_lock_for_seconds_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'")
        (milliseconds,) = cursor.fetchone()
    assert 0 < milliseconds <= 10_000


# --- deadlines


@pytest.mark.finding("T-stuck")
@every_type
def test_stuck__counts_what_has_passed_was_tried_and_is_not_paused(clerk: Actor, model: type[MadeUp]) -> None:
    tried, paused, waiting, ended = (begun(model, clerk, last_day=clock.today()) for _ in range(4))
    begun(model, clerk, last_day=clock.today() + 9 * DAY)
    deadlines.pause(paused)
    act(ended, "finish", actor=clerk)
    with clock.at(make.MORNING + DAY):
        assert deadlines.stuck() == 0, "nobody has tried yet"
        for case in (tried, paused, ended):
            deadlines.postpone(Deadline.objects.get(case_id=case.pk))
        assert deadlines.stuck() == 1
        deadlines.postpone(Deadline.objects.get(case_id=waiting.pk))
        assert deadlines.stuck() == 2
        deadlines.resume(paused)
        assert deadlines.stuck() == 2, "a pause of a day moved the end by a day"
    with clock.at(make.MORNING + 3 * DAY):
        assert deadlines.stuck() == 3


# --- the journal


def _breaks() -> list[tuple[UUID, int, str]]:
    return [(found.case_id, found.n, found.problem) for found in proof.verify()]


@pytest.mark.finding("T-tail")
@every_type
@pytest.mark.parametrize("kept", [2, 1, 0])
def test_verify__finds_the_tail_that_was_cut_off(clerk: Actor, model: type[MadeUp], kept: int) -> None:
    case, whole = begun(model, clerk), begun(model, clerk)
    for text in ("first", "second"):
        act(case, "remark", actor=clerk, remark=text)
        act(whole, "remark", actor=clerk, remark=text)
    assert _breaks() == []
    with unprotected("core_event"):
        Event.objects.filter(case_id=case.pk, n__gt=kept).delete()
    assert _breaks() == [(case.pk, 3, "tail")]


@pytest.mark.finding("T-chain")
@every_type
def test_verify__finds_a_text_that_was_changed_with_its_own_hash(clerk: Actor, model: type[MadeUp]) -> None:
    """Each event alone is right; it no longer follows from the one before."""
    case = begun(model, clerk)
    act(case, "remark", actor=clerk, remark="one")
    act(case, "remark", actor=clerk, remark="two")
    second = journal.events_of(case)[1]
    text = second.canonical.replace(f'"{clerk.organisation_id}"', f'"{uuid7()}"')
    with unprotected("core_event"):
        first = journal.events_of(case)[0]
        Event.objects.filter(pk=second.pk).update(canonical=text, hash=journal.link(bytes(first.hash), text))
    assert _breaks() == [(case.pk, 3, "hash")]
    with unprotected("core_event"):
        Event.objects.filter(pk=second.pk).update(canonical=second.canonical, hash=journal.link(b"", second.canonical))
    assert _breaks() == [(case.pk, 2, "hash"), (case.pk, 3, "hash")]


def _sealed(clerk: Actor) -> MadeUp:
    """A case, and seals of three days in each of which it moved."""
    case = begun(made_up.Well, clerk)
    for days in (1, 2):
        with clock.at(make.MORNING + days * DAY):
            act(case, "remark", actor=clerk, remark=str(days))
    with clock.at(make.MORNING + 3 * DAY):
        assert len(proof.seal()) == 3
    assert list(proof.verify_seals()) == []
    return case


@pytest.mark.finding("T-seal")
@pytest.mark.parametrize(
    "column", [{"case_type": "visit"}, {"case_id": uuid7()}, {"n": 7}], ids=["type", "case", "number"]
)
def test_seal__covers_case_type_and_number_of_each_head(clerk: Actor, column: dict[str, Any]) -> None:
    case = _sealed(clerk)
    with unprotected("core_event"):
        Event.objects.filter(case_id=case.pk, n=3).update(**column)
    assert [one.day for one in proof.verify_seals()] == [(make.MORNING + 2 * DAY).date()]


@pytest.mark.finding("T-seal")
def test_seal__that_does_not_name_the_seal_before_it_is_found(clerk: Actor) -> None:
    _sealed(clerk)
    second = Seal.objects.order_by("day")[1]
    with unprotected("core_seal"):
        Seal.objects.filter(pk=second.pk).update(previous=b"x" * 32)
    assert [one.day for one in proof.verify_seals()] == [second.day]


def test_seal__of_a_day_that_was_made_anew_breaks_the_next(clerk: Actor) -> None:
    case = _sealed(clerk)
    first, second, _third = Seal.objects.order_by("day")
    with unprotected("core_event"), unprotected("core_seal"):
        Event.objects.filter(case_id=case.pk, n=1).update(hash=b"y" * 32)
        _count, digest = proof._sealed_hash(proof._start_of(first.day), proof._start_of(second.day), b"")
        Seal.objects.filter(pk=first.pk).update(hash=digest)
        Seal.objects.filter(pk=second.pk).update(previous=digest)
    assert [one.day for one in proof.verify_seals()] == [second.day]


# --- what a history tells


@pytest.mark.finding("T-notes")
@every_type
def test_timeline__what_an_officer_noted_is_for_officers_whatever_the_words_say(
    clerk: Actor, model: type[MadeUp]
) -> None:
    case = act(begun(model, clerk), "remark", actor=clerk, remark="seen", note="She sounded afraid.")
    kind = made_up.TYPES[model]
    assert kind.words.notes_for == frozenset(Desk)
    read = {desk: [one.note for one in words.timeline(kind, replace(clerk, desk=desk), case)] for desk in Desk}
    assert read.pop(Desk.OFFICER) == ["", "She sounded afraid."]
    assert set(map(tuple, read.values())) == {("", "")}


# --- effects


@pytest.fixture
def nobody_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "_subscribers", {})
    monkeypatch.setattr(effects, "_by_event", {})


def _state_of(subscriber: str) -> tuple[str, int]:
    one = Effect.objects.get(subscriber=subscriber)
    return one.state, one.tries


@pytest.mark.finding("T-effect-alone")
@every_type
@pytest.mark.usefixtures("nobody_hears")
def test_effect__that_fails_leaves_nothing_of_what_it_wrote(clerk: Actor, model: type[MadeUp]) -> None:
    kind = f"{model._meta.model_name}.begin"

    @effects.subscribe(kind, name="test.fails")
    def _fails(event: Event) -> None:
        model._default_manager.filter(pk=event.case_id).update(remark="half done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    @effects.subscribe(kind, name="test.works")
    def _works(event: Event) -> None:
        model._default_manager.filter(pk=event.case_id).update(last_day=clock.today())

    case = begun(model, clerk)
    assert effects.run() == 2
    case.refresh_from_db()
    assert (case.remark, case.last_day) == ("", clock.today())
    assert (_state_of("test.fails"), _state_of("test.works")) == (("pending", 1), ("done", 1))


class PowerCut(BaseException):
    """The worker ends in the middle."""


@pytest.mark.finding("T-effect-alone")
@every_type
@pytest.mark.usefixtures("nobody_hears")
def test_effect__that_is_done_stays_done_when_the_worker_ends_in_the_next(clerk: Actor, model: type[MadeUp]) -> None:
    @effects.subscribe(f"{model._meta.model_name}.begin", name="test.works")
    def _works(event: Event) -> None:
        model._default_manager.filter(pk=event.case_id).update(remark="done")

    @effects.subscribe(f"{model._meta.model_name}.finish", name="test.ends")
    def _ends(event: Event) -> None:
        raise PowerCut

    case = begun(model, clerk)
    with clock.at(make.MORNING + timedelta(seconds=1)):
        act(case, "finish", actor=clerk)
        with pytest.raises(PowerCut):
            effects.run()
    case.refresh_from_db()
    assert case.remark == "done"
    assert (_state_of("test.works"), _state_of("test.ends")) == (("done", 1), ("pending", 0))


def _both_work(clerk: Actor) -> int:
    """How many effects a second worker, who does not wait, carries out while the first is in the middle of its own."""
    stops: list[Callable[[], None]] = []

    @effects.subscribe("well.begin", name="test.slow")
    def _slow(event: Event) -> None:
        stops[0]()

    @effects.subscribe("well.finish", name="test.quick")
    def _quick(event: Event) -> None:
        pass

    def first_worker(stop: Callable[[], None]) -> None:
        stops.append(stop)
        effects.run(limit=1)

    case = begun(made_up.Well, clerk)
    with clock.at(make.MORNING + timedelta(seconds=1)):
        act(case, "finish", actor=clerk)
        with elsewhere(first_worker), short_waits():
            return effects.run()


@pytest.mark.finding("T-effect-held")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_hears")
def test_effect__that_another_worker_holds_is_passed_over(committed: Actor) -> None:
    assert _both_work(committed) == 1
    assert (_state_of("test.slow"), _state_of("test.quick")) == (("done", 1), ("done", 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_hears")
def test_effect__without_passing_over_one_slow_worker_stops_the_others(
    committed: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: plain(rows))
    with pytest.raises(OperationalError):
        _both_work(committed)


# --- looks at a person's file


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """People for whom something waits for an officer."""
    people: list[UUID] = []
    monkeypatch.setattr(viewlog, "_tasks", [lambda _actor, person: person in people])
    return people


def _looks(basis: View.Basis) -> int:
    return View.objects.filter(basis=basis).count()


@pytest.mark.finding("T-look-task")
def test_look__a_task_that_is_done_opens_nothing_more(clerk: Actor, tasks: list[UUID]) -> None:
    visit = begun(made_up.Visit, clerk)
    assert isinstance(visit, made_up.Visit)
    other, about = uuid7(), {"case_type": "visit", "case_id": visit.pk}
    tasks.append(visit.person_id)
    viewlog.look(clerk, visit.person_id, **about)
    assert _looks(View.Basis.TASK) == 1
    tasks.clear()
    viewlog.look(clerk, visit.person_id, **about)
    with pytest.raises(ReasonNeeded):
        viewlog.look(clerk, visit.person_id, case_type="visit", case_id=other)
    with clock.at(make.MORNING + viewlog.ONE_LOOK), pytest.raises(ReasonNeeded):
        viewlog.look(clerk, visit.person_id, **about)
    assert View.objects.count() == 1


@pytest.mark.finding("T-look-opens")
@pytest.mark.parametrize("basis", [View.Basis.REASON, View.Basis.PRESENT])
def test_look__a_reason_or_the_presence_of_the_person_opens_the_file_for_eight_hours(
    clerk: Actor, tasks: list[UUID], basis: View.Basis
) -> None:
    visit = begun(made_up.Visit, clerk)
    assert isinstance(visit, made_up.Visit)
    viewlog.record(clerk, subject_id=visit.person_id, basis=basis, reason="Inspection")
    with clock.at(make.MORNING + timedelta(hours=7, minutes=59)):
        viewlog.look(clerk, visit.person_id, case_type="visit", case_id=visit.pk)
    newest = View.objects.latest("at")
    assert (newest.basis, newest.reason, newest.case_id) == (basis, "Inspection", visit.pk)
    View.objects.filter(pk=newest.pk).delete()
    with clock.at(make.MORNING + timedelta(hours=8)), pytest.raises(ReasonNeeded):
        viewlog.look(clerk, visit.person_id, case_type="visit", case_id=visit.pk)


@pytest.mark.finding("T-look-task")
def test_look__on_another_basis_is_no_reason_that_was_given(clerk: Actor) -> None:
    person = make.person().pk
    for basis in (View.Basis.TASK, View.Basis.PRESENT):
        viewlog.record(clerk, subject_id=person, basis=basis)
    assert not viewlog.has_given_reason(clerk, person, since=make.MORNING - DAY)
    with clock.at(make.MORNING + timedelta(minutes=1)):
        viewlog.record(clerk, subject_id=person, basis=View.Basis.REASON, reason="Inspection")
    assert viewlog.has_given_reason(clerk, person, since=make.MORNING + timedelta(minutes=1))
    assert not viewlog.has_given_reason(clerk, person, since=make.MORNING + timedelta(minutes=2))
    assert not viewlog.has_given_reason(make.officer(), person, since=make.MORNING - DAY)


# --- what is forgotten of a signature


def _signature(**columns: Any) -> Signature:
    given = {
        "purpose": "visit.report",
        "case_type": "visit",
        "case_id": uuid7(),
        "strength": Signature.Strength.CODE,
        "state": Signature.State.SIGNED,
        "text": b"I was there.",
        "text_hash": b"h" * 32,
        "text_version": "1",
        "language": "en",
        "signer_user_id": uuid7(),
        "recorded_by": uuid7(),
        "phone_end": "4567",
        "device": "d" * 64,
        "channel": "web",
        "expires_at": make.MORNING,
        "signed_at": make.MORNING,
    }
    return Signature.objects.create(**given | columns)


def _kept(one: Signature) -> tuple[bytes, str, str]:
    one.refresh_from_db()
    return bytes(one.text), one.device, one.phone_end


@pytest.mark.finding("T-signed-forgotten")
@pytest.mark.django_db
def test_signature__loses_device_and_phone_with_its_text() -> None:
    with clock.at(make.MORNING):
        whole = _signature()
        emptied = _signature(text=b"")
    with clock.at(make.MORNING + 365 * 4 * DAY):
        retention.run()
    assert _kept(whole) == (b"I was there.", "d" * 64, "4567")
    with clock.at(make.MORNING + 365 * 6 * DAY):
        retention.run()
    assert _kept(whole) == _kept(emptied) == (b"", "", "")
    assert bytes(whole.text_hash) == b"h" * 32


@pytest.mark.finding("T-signed-forgotten")
@pytest.mark.django_db
def test_agreement_at_the_counter__loses_device_and_phone_with_its_text() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        orders.cancel_order(actor=shop.actor, order=shop.order(3, actor=make.officer(shop.place)))
        agreed = Signature.objects.get()
        with unprotected("core_signature"):
            Signature.objects.update(device="d" * 64, phone_end="4567")
    with clock.at(make.MORNING + 800 * DAY):
        retention.run()
    assert _kept(agreed) == (b"", "", "")
