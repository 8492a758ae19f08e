"""What pages say of a case: its state, what has happened, what happens next and who acts, for each kind of reader.

An app declares the words once; timeline, next step, tags and lists are made of them for every desk. What an officer
noted is read by officers only, whatever the words of an app say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines, journal
from tirek.core.case.deadlines import Deadline
from tirek.core.case.registry import CaseType
from tirek.core.errors import Text
from tirek.core.tables import CaseRow

#: Tones of a state's tag.
TONES: Final = frozenset({"quiet", "active", "waiting", "done", "stopped"})
#: Who acted, where an app has no words of its own.
WHO: Final[Mapping[str, Text]] = {
    Desk.RECIPIENT: _("Recipient"),
    Desk.SUPPLIER: _("Supplier"),
    Desk.OFFICER: _("Officer"),
    Desk.CLOCK: _("System"),
}
_YOU: Final = _("You")
_TERM_ENDED: Final = _("System, when the time was over")
_REPRESENTATIVE: Final = _("Representative of the recipient")


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next, and who acts; "" when nobody has to.

    Attributes:
        text: what happens next.
        who: who acts, by name.
        yours: transitions; who may carry out one of them reads "You" in the place of the name.
    """

    text: Text
    who: Text = ""
    yours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StateWords:
    """Words of one state.

    Attributes:
        tone: of its tag.
        next: what happens next, as everybody reads it.
        at: what happens next as the reader at a desk is told.
        name: the state's name as the reader at a desk is told; others read the state's own label.
    """

    tone: str
    next: Next
    at: Mapping[str, Next] = field(default_factory=dict)
    name: Mapping[str, Text] = field(default_factory=dict)


def _always(_case: Any) -> bool:  # noqa: ANN401 - any case
    return True


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the few steps by which people follow a case.

    Attributes:
        title: its name.
        states: those in which it is the present one.
        belongs: whether it is a step of this case at all.
    """

    title: Text
    states: frozenset[str]
    belongs: Callable[[Any], bool] = _always


def _no_task(_case: Any) -> str:  # noqa: ANN401 - any case
    return ""


def _no_day(_case: Any) -> None:  # noqa: ANN401 - any case
    return None


def _no_other_day(_case: Any, _desk: str) -> None:  # noqa: ANN401 - any case
    return None


@dataclass(frozen=True, slots=True)
class CaseWords:
    """Words of one case type.

    Attributes:
        states: by state; every state has words.
        events: what has happened, by the name of the transition; every transition has words.
        reasons: lists of reasons that an event may name in its data, under ``reason_keys``.
        reason_keys: names in an event's data whose value is a reason.
        task: code of what somebody was asked to do with a case beside its state; "" for nothing.
        tasks: what happens next where there is such a task, by its code and by desk; "" for everybody else.
        day: the last day that counts, where no deadline tells it.
        day_at: the last day that a desk is told, where its own is not that of the deadline: ``(case, desk)``.
        notes: what is written beside an event, by the name of the transition, where it is no words of somebody's own.
        notes_for: desks that read what people and suppliers wrote beside an event.
        open_notes: events whose note is written to all who see the case, at whatever desk.
        who: who acted, by desk, in the place of ``WHO``.
        path: the steps from beginning to end, in order; a state in none of them ends the way before its end.
    """

    states: Mapping[str, StateWords]
    events: Mapping[str, Text]
    reasons: Sequence[type[models.TextChoices]] = ()
    reason_keys: Sequence[str] = ("reason",)
    task: Callable[[Any], str] = _no_task
    tasks: Mapping[str, Mapping[str, Next]] = field(default_factory=dict)
    day: Callable[[Any], date | None] = _no_day
    day_at: Callable[[Any, str], date | None] = _no_other_day
    notes: Mapping[str, Text] = field(default_factory=dict)
    notes_for: frozenset[Desk] = frozenset({Desk.OFFICER})
    open_notes: frozenset[str] = frozenset()
    who: Mapping[str, Text] = field(default_factory=dict)
    path: Sequence[Stage] = ()

    def tone(self, state: str) -> str:
        """The tone of the tag of a state."""
        return self.states[state].tone

    def state(self, case: CaseRow, desk: str) -> Text:
        """The state of a case in the words of who reads it at a desk."""
        return self.state_name(type(case).State, case.state, desk)

    def state_name(self, states: type[models.TextChoices], state: str, desk: str) -> Text:
        """A state in the words of who reads it at a desk."""
        return self.states[state].name.get(desk) or states(state).label

    def event(self, kind: str) -> str:
        """What an event of a history is called; one that is no longer known stands for itself."""
        return str(self.events.get(kind.rpartition(".")[2], kind))

    def next(self, case: CaseRow, desk: str) -> Next:
        """What happens next with a case, for who reads it: what somebody was asked to do goes before the state."""
        words = self.states[case.state]
        asked = {} if case.state in case.ENDED else self.tasks.get(self.task(case), {})
        return asked.get(desk) or asked.get("") or words.at.get(desk) or words.next


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a timeline."""

    text: Text
    at: datetime
    by: Text
    reason: Text
    note: str
    note_is: Text = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way of a case, as it stands.

    Attributes:
        title: its name.
        at: when it was reached; nothing for one that was passed over, or lies ahead.
        standing: ``done``, ``present``, ``ahead``, or ``stopped`` for the state that ended the way.
    """

    title: Text
    at: datetime | None
    standing: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, who acts, by which day, and the deadline behind it, which may have passed."""

    text: Text
    who: Text
    by: date | None
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in a list, with how it stands, in the words of the reader's desk."""

    case: CaseRow
    deadline: Deadline | None
    state: Text
    tone: str

    @property
    def has_ended(self) -> bool:
        """Whether nothing is owed any more."""
        return self.case.state in self.case.ENDED


@dataclass(frozen=True, slots=True)
class CaseView:
    """What every page of a case shows beside the case itself."""

    case: CaseRow
    state: Text
    tone: str
    happened: Sequence[Happened]
    next_step: NextStep
    actions: frozenset[str]
    path: Sequence[Step] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing is owed any more."""
        return self.case.state in self.case.ENDED

    @property
    def newest_first(self) -> Sequence[Happened]:
        """The timeline, newest entry first."""
        return tuple(reversed(self.happened))


def may_read_note(words: CaseWords, actor: Actor, written_at: str, event: str = "") -> bool:
    """Whether the reader may see what was written beside an event at a desk: an officer's words are for officers,
    unless the ``event`` is one by which they are written to everybody.
    """
    if actor.desk is Desk.OFFICER or event.rpartition(".")[2] in words.open_notes:
        return True
    return written_at != Desk.OFFICER and actor.desk in words.notes_for


def timeline(kind: CaseType[Any], actor: Actor, case: CaseRow) -> list[Happened]:
    """What has happened to a case, oldest first, as the reader may know it (two queries)."""
    return _timeline(kind, actor, journal.events_of(case))


def _timeline(kind: CaseType[Any], actor: Actor, events: list[journal.Event]) -> list[Happened]:
    words = kind.words
    notes = journal.notes_of(events)
    reasons = {value: label for choices in words.reasons for value, label in choices.choices}
    # what the clock does because a term has passed, a reminder apart
    ends = {f"{kind.code}.{one.otherwise}" for one in kind.process.transitions if one.otherwise != one.name}
    found = []
    for event in events:
        desk = str(event.content["desk"])
        chosen = (reasons.get(str(event.data.get(key, ""))) for key in words.reason_keys)
        for_another = desk == Desk.RECIPIENT and bool(event.content["for"])
        by = words.who.get(desk) or (_TERM_ENDED if desk == Desk.CLOCK and event.type in ends else WHO.get(desk, ""))
        found.append(
            Happened(
                text=words.event(event.type),
                at=event.at,
                by=_REPRESENTATIVE if for_another else by,
                reason=next((one for one in chosen if one), ""),
                note=notes.get(event.pk, "") if may_read_note(words, actor, desk, event.type) else "",
                note_is=words.notes.get(event.type.rpartition(".")[2], ""),
            )
        )
    return found


def path_of(kind: CaseType[Any], actor: Actor, case: CaseRow, events: list[journal.Event]) -> list[Step]:
    """The steps of a case with the day on which each was reached; where the way ended early, how it ended."""
    stages = [stage for stage in kind.words.path if stage.belongs(case)]
    reached = [_reached(stage, events) for stage in stages]
    present = next((n for n, stage in enumerate(stages) if case.state in stage.states), None)
    if present is None:
        done = [Step(one.title, at, "done") for one, at in zip(stages, reached, strict=True) if at is not None]
        return [*done, Step(kind.words.state(case, actor.desk), case.state_since, "stopped")] if stages else []
    has_ended = case.state in case.ENDED
    return [
        Step(
            stage.title,
            at if n <= present else None,
            "ahead" if n > present else "present" if n == present and not has_ended else "done",
        )
        for n, (stage, at) in enumerate(zip(stages, reached, strict=True))
    ]


def _reached(stage: Stage, events: Sequence[journal.Event]) -> datetime | None:
    """When the stage was entered last, out of a state of another one."""
    moved = [(one.at, one.data["from"], one.data["to"]) for one in events if "to" in one.data]
    entered = [at for at, before, after in moved if after in stage.states and before not in stage.states]
    return entered[-1] if entered else None


def next_step(
    kind: CaseType[Any], case: CaseRow, owed: Deadline | None, desk: str, open_to: frozenset[str] = frozenset()
) -> NextStep:
    """What happens next with a case, by its state, its task and how it stands, for who reads it.

    ``open_to`` holds the transitions that the reader may carry out now.
    """
    what = kind.words.next(case, desk)
    day = kind.words.day_at(case, desk) or (kind.words.day(case) if owed is None else owed.last_day)
    return NextStep(text=what.text, who=_YOU if what.yours & open_to else what.who, by=day, deadline=owed)


def listed(kind: CaseType[Any], actor: Actor, cases: Iterable[CaseRow]) -> list[ListedCase]:
    """Cases of a page as the actor's desk lists them (one query more)."""
    rows, words = list(cases), kind.words
    standing = deadlines.standing_of(kind.code, rows)
    return [ListedCase(one, standing.get(one.pk), words.state(one, actor.desk), words.tone(one.state)) for one in rows]


def view_of(kind: CaseType[Any], actor: Actor, case: CaseRow) -> CaseView:
    """The page of a case for a reader (three queries)."""
    owed = deadlines.standing_of(kind.code, [case]).get(case.pk)
    events = journal.events_of(case)
    open_to = frozenset(kind.process.open_to(actor, case))
    return CaseView(
        case=case,
        state=kind.words.state(case, actor.desk),
        tone=kind.words.tone(case.state),
        happened=_timeline(kind, actor, events),
        next_step=next_step(kind, case, owed, actor.desk, open_to),
        actions=open_to,
        path=path_of(kind, actor, case, events),
    )
