"""What pages say of a case: every state and event has words, each reader gets what is meant for that desk."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import models
from django.utils import translation
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import MadeUp, Visit, act, begun

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import journal, registry, words
from tirek.core.case.registry import CaseType
from tirek.core.case.words import WHO, CaseWords, Next, StateWords, timeline, view_of
from tirek.core.keys import uuid7
from tirek.core.personal import export

VISITS = made_up.TYPES[Visit]
REAL = registry.all_types()
EVERY = (*REAL, *made_up.TYPES.values())
DESKS = [Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER]
CYRILLIC = re.compile("[а-яәғқңөұүһі]", re.IGNORECASE)

every_type = pytest.mark.parametrize("kind", EVERY, ids=lambda one: one.code)
real_type = pytest.mark.parametrize("kind", REAL, ids=lambda one: one.code)


@contextmanager
def worded(**changes: Any) -> Iterator[CaseType[Visit]]:
    """Visits are registered with other words."""
    with pytest.MonkeyPatch.context() as patch:
        kind = replace(VISITS, words=replace(VISITS.words, **changes))
        patch.setitem(registry._types, kind.code, kind)
        yield kind


def supplier_of(case: Visit) -> Actor:
    return Actor(desk=Desk.SUPPLIER, user_id=uuid7(), organisation_id=case.organisation_id)


def visit(clerk: Actor) -> Visit:
    made = begun(Visit, clerk)
    assert isinstance(made, Visit)
    return made


# --- nothing is without words


@every_type
def test_every_state_and_event__has_words_and_nothing_else_has(kind: CaseType[Any]) -> None:
    assert set(kind.words.states) == set(kind.model.State.values)
    assert set(kind.words.events) >= {one.name for one in kind.process.transitions}


@every_type
def test_every_state__has_a_tone_that_exists(kind: CaseType[Any]) -> None:
    assert {one.tone for one in kind.words.states.values()} <= words.TONES


@every_type
def test_an_ended_state__looks_like_nothing_that_waits_or_runs(kind: CaseType[Any]) -> None:
    assert {state: kind.words.tone(state) for state in kind.model.ENDED}.items() <= {
        (state, tone) for state in kind.model.ENDED for tone in words.TONES - {"active", "waiting"}
    }


def _all_words(kind: CaseType[Any]) -> dict[str, str]:
    """Every word that a page can say of a case of this type, by where it stands."""
    said: dict[str, object] = {}
    for state, of_state in kind.words.states.items():
        said |= {f"{state} at {desk}": kind.words.state_name(kind.model.State, state, desk) for desk in Desk}
        said[f"next of {state}"] = of_state.next.text
        said |= {f"next of {state} at {desk}": one.text for desk, one in of_state.at.items()}
        said |= {f"who acts in {state}": of_state.next.who or "-"} if of_state.next.who else {}
        said |= {f"who acts in {state} at {desk}": one.who for desk, one in of_state.at.items() if one.who}
    said |= {f"event {name}": text for name, text in kind.words.events.items()}
    said |= {f"{code} at {desk}": one.text for code, at in kind.words.tasks.items() for desk, one in at.items()}
    said |= {f"reason {one.value}": one.label for choices in kind.words.reasons for one in choices}
    said |= {f"who {desk}": text for desk, text in {**WHO, **kind.words.who}.items()}
    return {place: str(text) for place, text in said.items()}


@every_type
def test_words__are_never_empty_and_never_a_code(kind: CaseType[Any]) -> None:
    said = _all_words(kind)
    assert [place for place, text in said.items() if not text.strip() or "_" in text] == []


@real_type
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_words__are_in_the_readers_language(kind: CaseType[Any], language: str) -> None:
    with translation.override("en"):
        english = _all_words(kind)
    with translation.override(language):
        said = _all_words(kind)
    assert [place for place, text in said.items() if text == english[place] or not CYRILLIC.search(text)] == []
    assert [place for place, text in english.items() if CYRILLIC.search(text)] == []


@real_type
def test_words__are_for_desks_that_exist(kind: CaseType[Any]) -> None:
    named = {desk for one in kind.words.states.values() for desk in (*one.at, *one.name)}
    named |= {desk for at in kind.words.tasks.values() for desk in at if desk}
    assert named <= set(Desk.values)
    assert set(kind.words.who) <= set(Desk.values)


# --- states, by desk


def test_state__has_its_own_name_at_a_desk_and_its_label_elsewhere(clerk: Actor) -> None:
    states = {
        **VISITS.words.states,
        "open": StateWords("waiting", Next("Wait."), name={Desk.SUPPLIER: "to be visited"}),
    }
    with worded(states=states) as kind:
        case = visit(clerk)
        names = {desk: str(kind.words.state(case, desk)) for desk in DESKS}
        assert names == {Desk.RECIPIENT: "open", Desk.SUPPLIER: "to be visited", Desk.OFFICER: "open"}
        (listed,) = words.listed(kind, supplier_of(case), [case])
        assert (listed.state, listed.tone, listed.has_ended) == ("to be visited", "waiting", False)
        assert view_of(kind, supplier_of(case), case).state == "to be visited"


# --- what happens next


def test_next__is_said_to_each_desk_in_its_own_words(clerk: Actor) -> None:
    at = {Desk.OFFICER: Next("Go there.", "You")}
    with worded(
        states={**VISITS.words.states, "open": StateWords("active", Next("Wait.", "The office"), at=at)}
    ) as kind:
        case = visit(clerk)
        said = {desk: kind.words.next(case, desk) for desk in DESKS}
        waits = Next("Wait.", "The office")
        assert said == {Desk.RECIPIENT: waits, Desk.SUPPLIER: waits, Desk.OFFICER: Next("Go there.", "You")}


def test_next__names_the_reader_where_the_reader_may_do_it(clerk: Actor) -> None:
    next_one = Next("Somebody closes it.", "The office", yours=frozenset({"close"}))
    with worded(states={**VISITS.words.states, "open": StateWords("waiting", next_one)}) as kind:
        case = visit(clerk)
        assert words.next_step(kind, case, None, Desk.OFFICER, frozenset({"close"})).who == "Сіз"
        assert words.next_step(kind, case, None, Desk.OFFICER, frozenset({"move"})).who == "The office"
        assert words.next_step(kind, case, None, Desk.OFFICER).who == "The office"


def test_next__what_somebody_was_asked_to_do_goes_before_the_state(clerk: Actor) -> None:
    at = {Desk.OFFICER: Next("Go there.")}
    states = {**VISITS.words.states, "open": StateWords("active", Next("Wait."), at=at)}
    tasks = {
        "call": {Desk.OFFICER: Next("Call first."), "": Next("You will be called.")},
        "write": {Desk.SUPPLIER: Next("Write.")},
    }
    with worded(states=states, task=lambda case: case.remark, tasks=tasks) as kind:
        case = visit(clerk)

        def said() -> dict[Desk, str]:
            return {desk: str(kind.words.next(case, desk).text) for desk in DESKS}

        assert said() == {Desk.RECIPIENT: "Wait.", Desk.SUPPLIER: "Wait.", Desk.OFFICER: "Go there."}
        case.remark = "call"
        assert said() == {
            Desk.RECIPIENT: "You will be called.",
            Desk.SUPPLIER: "You will be called.",
            Desk.OFFICER: "Call first.",
        }
        case.remark = "write"
        assert said() == {Desk.RECIPIENT: "Wait.", Desk.SUPPLIER: "Write.", Desk.OFFICER: "Go there."}
        case.remark = "a task that nobody knows"
        assert said()[Desk.OFFICER] == "Go there."


def test_next__a_case_that_has_ended_has_no_task(clerk: Actor) -> None:
    with worded(task=lambda _case: "call", tasks={"call": {"": Next("You will be called.")}}) as kind:
        case = visit(clerk)
        assert view_of(kind, clerk, case).next_step.text == "You will be called."
        ended = act(case, "finish", actor=clerk)
        view = view_of(kind, clerk, ended)
        assert (view.next_step.text, view.next_step.by, view.next_step.deadline) == ("Next of done.", None, None)
        assert view.has_ended
        assert view.actions == frozenset()


def test_next__by_the_deadline_else_by_the_day_of_the_case(clerk: Actor) -> None:
    day = clock.today()
    with worded(day=lambda case: case.created_at.date()) as kind:
        owed = begun(Visit, clerk, last_day=day.replace(day=20))
        step = view_of(kind, clerk, owed).next_step
        assert step.by == day.replace(day=20)
        assert step.deadline is not None
        step = view_of(kind, clerk, visit(clerk)).next_step
        assert (step.by, step.deadline) == (day, None)


def test_actions__are_those_of_the_process_for_who_reads(clerk: Actor) -> None:
    case = visit(clerk)
    assert view_of(VISITS, clerk, case).actions == {"remark", "finish"}
    assert view_of(VISITS, make.recipient_of(case.person), case).actions == frozenset()


# --- what has happened


def told(kind: CaseType[Any], reader: Actor, case: MadeUp) -> list[tuple[str, str, str, str]]:
    with translation.override("en"):
        return [(str(one.text), str(one.by), str(one.reason), one.note) for one in timeline(kind, reader, case)]


def test_timeline__says_who_acted(clerk: Actor) -> None:
    case = visit(clerk)
    person = make.recipient_of(case.person)
    for actor in (person, make.recipient_of(make.person()).behalf(case.person_id), supplier_of(case), CLOCK):
        journal.record(case, "visit.remark", actor=actor)
    journal.record(case, "visit.pass", actor=CLOCK)
    assert [by for _text, by, _reason, _note in told(VISITS, clerk, case)] == [
        "Officer",
        "Recipient",
        "Representative of the recipient",
        "Supplier",
        "System",
        "System, when the time was over",
    ]
    with worded(who={Desk.SUPPLIER: "Visitor", Desk.RECIPIENT: "Host"}) as kind:
        assert [by for _text, by, _reason, _note in told(kind, person, case)] == [
            "Officer",
            "Host",
            "Representative of the recipient",
            "Visitor",
            "System",
            "System, when the time was over",
        ]


def test_timeline__an_administrator_and_others_without_words_stay_unnamed(clerk: Actor) -> None:
    case = visit(clerk)
    journal.record(case, "visit.remark", actor=Actor(desk=Desk.ADMIN, user_id=uuid7()))
    assert told(VISITS, clerk, case)[-1][1] == ""


class Why(models.TextChoices):
    """Reasons for the tests."""

    ILL = "ill", "The person was ill"


class Where(models.TextChoices):
    """Others."""

    AWAY = "away", "Nobody at home"


def test_timeline__names_reasons_of_the_lists_that_the_words_name(clerk: Actor) -> None:
    case = visit(clerk)
    for data in ({"reason": "ill"}, {"where": "away"}, {"reason": "unheard of", "where": "away"}, {"other": "ill"}, {}):
        journal.record(case, "visit.remark", actor=clerk, data=data)
    with worded(reasons=(Why, Where), reason_keys=("reason", "where")) as kind:
        assert [reason for _text, _by, reason, _note in told(kind, clerk, case)] == [
            "",
            "The person was ill",
            "Nobody at home",
            "Nobody at home",
            "",
            "",
        ]
    with worded(reasons=(Why, Where)) as kind:
        assert [reason for *_rest, reason, _note in told(kind, clerk, case)][2] == "", "only the keys that are named"


def test_timeline__an_event_that_is_no_longer_known_stands_for_itself(clerk: Actor) -> None:
    case = visit(clerk)
    journal.record(case, "visit.waved", actor=clerk)
    assert [text for text, *_rest in told(VISITS, clerk, case)] == ["It was: begin.", "visit.waved"]
    assert VISITS.words.event("well.begin") == "It was: begin."


def test_timeline__is_read_oldest_first_and_turned_for_the_page(clerk: Actor) -> None:
    case = visit(clerk)
    act(case, "remark", actor=clerk, remark="x")
    view = view_of(VISITS, clerk, case)
    assert [one.text for one in view.happened] == ["It was: begin.", "It was: remark."]
    assert [one.text for one in view.newest_first] == ["It was: remark.", "It was: begin."]


# --- who reads what was written beside an event


def noted(case: Visit, clerk: Actor) -> None:
    journal.record(case, "visit.remark", actor=clerk, note="of the officer")
    journal.record(case, "visit.remark", actor=make.recipient_of(case.person), note="of the person")
    journal.record(case, "visit.remark", actor=supplier_of(case), note="of the supplier")


@pytest.mark.parametrize(
    ("notes_for", "person", "supplier"),
    [
        (frozenset(), set(), set()),
        (frozenset({Desk.OFFICER}), set(), set()),
        (frozenset({Desk.RECIPIENT}), {"of the person", "of the supplier"}, set()),
        (frozenset({Desk.SUPPLIER}), set(), {"of the person", "of the supplier"}),
        (frozenset(Desk), {"of the person", "of the supplier"}, {"of the person", "of the supplier"}),
    ],
    ids=lambda one: "-".join(sorted(one)) if isinstance(one, frozenset) else None,
)
def test_notes__of_an_officer_stay_with_officers_and_others_go_where_the_words_say(
    clerk: Actor, notes_for: frozenset[Desk], person: set[str], supplier: set[str]
) -> None:
    case = visit(clerk)
    noted(case, clerk)
    with worded(notes_for=notes_for) as kind:

        def read(reader: Actor) -> set[str]:
            return {note for *_rest, note in told(kind, reader, case) if note}

        assert read(clerk) == {"of the officer", "of the person", "of the supplier"}
        assert read(make.recipient_of(case.person)) == person
        assert read(supplier_of(case)) == supplier
        for desk in set(Desk) - {Desk.OFFICER}:
            assert "of the officer" not in read(Actor(desk=desk, user_id=uuid7())), desk


@pytest.mark.parametrize("kind", EVERY, ids=lambda one: one.code)
def test_notes__of_an_officer_reach_nobody_else_whatever_the_words_say(kind: CaseType[Any]) -> None:
    for desk in Desk:
        for notes_for in (frozenset[Desk](), frozenset(Desk), kind.words.notes_for):
            own = replace(kind.words, notes_for=notes_for)
            assert words.may_read_note(own, Actor(desk=desk), Desk.OFFICER) is (desk is Desk.OFFICER)


def test_history_to_take_along__leaves_out_what_officers_noted(clerk: Actor) -> None:
    case = visit(clerk)
    noted(case, clerk)
    (entry,) = export.cases(VISITS, export.Subject(case.person_id, case.person.user_id), "remark")
    history = entry["history"]
    assert isinstance(history, list)
    assert [one.get("text", "") for one in history] == ["", "", "of the person", "of the supplier"]
    assert (entry["number"], entry["state"]) == (case.number, export.Word("open", "open"))
    assert export.cases(VISITS, export.Subject(uuid7(), None)) == []


def test_words__without_words_for_a_state_fail_loudly(clerk: Actor) -> None:
    case = visit(clerk)
    none = CaseWords(states={}, events={})
    with pytest.raises(KeyError):
        none.next(case, Desk.OFFICER)
    with pytest.raises(KeyError):
        none.tone("open")
