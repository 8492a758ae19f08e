"""A process as a table: states, transitions, who, deadline, what happens when it passes.

``perform()`` is the only way by which a case changes its state. It runs inside an action bound to a transition::

    @ORDER.action("accept")
    def accept_order(*, actor: Actor, order: Order, ready_on: date) -> Order:
        ...
        return perform(order, data={"ready_on": ready_on})

The decorator opens the transaction, locks the case, checks who and from which state; ``perform`` then swaps state and
version, writes the journal event, closes and opens deadlines and writes the effects. From the same tables come the
permission tests, the "what happens next" panel and ``docs/reference/processes/``.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import deadlines, effects, journal, registry
from tirek.core.database import locks, rows
from tirek.core.errors import DomainError, NotAllowed, RuleBroken, StaleState, Text
from tirek.core.reference import Unit, workcalendar
from tirek.core.tables import CaseRow

C = TypeVar("C", bound=CaseRow)
P = ParamSpec("P")
R = TypeVar("R")


class TermPassed(StaleState):
    """The time for this step is over; the clock ends it at its next round."""

    code = "term_passed"
    next_step = _(
        "You do not need to do anything: the system ends this step within minutes. Open the page again to see what "
        "follows."
    )

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state, message=_("The time for this step is over."))


def _says_nothing(_actor: Actor, _case: Any) -> DomainError | None:  # noqa: ANN401 - any case
    return None


@dataclass(frozen=True)
class Party(Generic[C]):
    """Who may perform a transition: a named predicate over actor and case; joined with ``|``.

    Attributes:
        label: words for pages and process tables.
        desks: desks at which this party sits, for the permission tests.
        allows: the predicate.
        refuses: what is said to somebody of this party whom the predicate turns down; ``None``: that it is not allowed.
    """

    label: Text
    desks: frozenset[Desk]
    allows: Callable[[Actor, C], bool]
    refuses: Callable[[Actor, C], DomainError | None] = _says_nothing

    def __or__(self, other: "Party[C]") -> "Party[C]":
        return Party(
            label=format_lazy("{}, {}", self.label, other.label),  # joined when shown, in the reader's language
            desks=self.desks | other.desks,
            allows=lambda actor, case: self.allows(actor, case) or other.allows(actor, case),
            refuses=lambda actor, case: self.refuses(actor, case) or other.refuses(actor, case),
        )

    def check(self, actor: Actor, case: C) -> None:
        """Whether the actor may.

        Raises:
            NotAllowed: no; or what the party says of it.
        """
        if not self.allows(actor, case):
            raise self.refuses(actor, case) or NotAllowed()


def clock_only() -> Party[Any]:
    """The clock: nobody at a desk."""
    return Party(label=_("clock"), desks=frozenset({Desk.CLOCK}), allows=lambda actor, _case: actor == CLOCK)


def by_file() -> Party[Any]:
    """A file that an administrator imports: no press at a desk."""
    return Party(
        label=_("administrator's file"),
        desks=frozenset({Desk.ADMIN}),
        allows=lambda actor, _case: actor.is_service and actor != CLOCK,
    )


@dataclass(frozen=True, slots=True)
class ReferenceTerm:
    """A term that stands in the reference data, taken at the date the state is entered."""

    key: str


@dataclass(frozen=True, slots=True)
class LastDay:
    """A day that stands in the case itself (``attribute`` holds the last day)."""

    attribute: str


Within = ReferenceTerm | LastDay


def term(key: str) -> ReferenceTerm:
    """The term with this key of the reference data."""
    return ReferenceTerm(key)


def until(attribute: str) -> LastDay:
    """The end of the day in this attribute of the case."""
    return LastDay(attribute)


NEW: Final = ""
#: Target of a transition that leaves the state as it is (a reminder, a call).
SAME: Final = "="


@dataclass(frozen=True)
class Transition(Generic[C]):
    """One transition of a process.

    Attributes:
        name: verb; also the last part of the event's type.
        source: states it starts from; ``NEW`` when it creates the case.
        target: state it leads to, or several among which the action decides.
        by: who.
        within: the time the source state gives for it.
        otherwise: the transition the clock performs when that time has passed.
        requires: data that ``perform`` must be given.
        signed: a signature must be named in the data (``signature``).
        why: reason of an odd transition, or its source.
    """

    name: str
    source: frozenset[str]
    target: tuple[str, ...]
    by: Party[C]
    within: Within | None = None
    otherwise: str = ""
    requires: tuple[str, ...] = ()
    signed: bool = False
    why: str = ""

    @property
    def creates(self) -> bool:
        """Whether the case begins here."""
        return self.source == frozenset({NEW})

    @property
    def stays(self) -> bool:
        """Whether the state remains (a reminder, a call)."""
        return self.target == (SAME,)


def transition(  # noqa: PLR0913 - the columns of the table, each named where it is used
    name: str,
    source: str | Iterable[str],
    target: str | tuple[str, ...],
    *,
    by: Party[Any],
    within: Within | None = None,
    otherwise: str = "",
    requires: tuple[str, ...] | str = (),
    signed: bool = False,
    why: str = "",
) -> Transition[Any]:
    """A transition, written the short way."""
    return Transition(
        name=name,
        source=frozenset({source} if isinstance(source, str) else source),
        target=(target,) if isinstance(target, str) else target,
        by=by,
        within=within,
        otherwise=otherwise,
        requires=(requires,) if isinstance(requires, str) else requires,
        signed=signed,
        why=why,
    )


@dataclass
class _Call:
    """The action that is running: what ``perform`` may do, and whether it did."""

    transition: Transition[Any]
    workflow: "Workflow[Any]"
    actor: Actor
    performed: bool = False


_call: ContextVar[_Call | None] = ContextVar("tirek_action", default=None)


@dataclass
class Workflow(Generic[C]):
    """A process of one case type.

    Attributes:
        name: code of the process, first part of its events' types; equals the case type's code.
        states: the states.
        transitions: the transitions.
        end: states in which nothing is owed any more.
        title: words for the process documentation.
    """

    name: str
    states: type[models.TextChoices]
    transitions: tuple[Transition[C], ...]
    end: frozenset[str]
    title: str
    actions: dict[str, Callable[..., object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [one.name for one in self.transitions]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: two transitions of one name.")
        known = {*self.states.values, NEW, SAME}
        for one in self.transitions:
            if not (one.source | set(one.target)) <= known:
                raise ValueError(f"{self.name}.{one.name} names an unknown state.")
            if one.otherwise and one.otherwise not in names:
                raise ValueError(f"{self.name}.{one.name}: nothing is called {one.otherwise}.")
            if bool(one.otherwise) != (one.within is not None):
                raise ValueError(f"{self.name}.{one.name}: a term and what happens after it belong together.")
            if one.otherwise:
                self._check_otherwise(one, self.transition(one.otherwise))
        _workflows[self.name] = self

    def _check_otherwise(self, one: Transition[C], after: Transition[C]) -> None:
        missing = sorted(one.source - after.source)
        if missing:
            raise ValueError(
                f"{self.name}.{one.name}: {after.name} does not start from {', '.join(missing)}, where the term runs."
            )
        if Desk.CLOCK not in after.by.desks:
            raise ValueError(f"{self.name}.{one.name}: the clock may not perform {after.name}.")

    def transition(self, name: str) -> Transition[C]:
        """The transition of this name (``KeyError`` when there is none)."""
        for one in self.transitions:
            if one.name == name:
                return one
        raise KeyError(f"{self.name}.{name}")

    def leaving(self, state: str) -> tuple[Transition[C], ...]:
        """Transitions that start from a state."""
        return tuple(one for one in self.transitions if state in one.source)

    def before_term(self, key: str) -> frozenset[str]:
        """States of which a case may still come into one where the term with this key of the reference data begins."""
        return self.before(
            *(
                state
                for one in self.transitions
                if isinstance(one.within, ReferenceTerm) and one.within.key == key
                for state in one.source
            )
        )

    def before(self, *entered: str) -> frozenset[str]:
        """States of which a case may still come into one of these, by whatever way."""
        moves = [one for one in self.transitions if not one.creates and not one.stays]
        found: set[str] = set()
        wanted = set(entered)
        while sources := {state for one in moves if wanted & set(one.target) for state in one.source} - found:
            found |= sources
            wanted = sources
        return frozenset(found)

    def open_to(self, actor: Actor, case: C) -> tuple[str, ...]:
        """Names of the transitions that ``actor`` may perform on ``case`` now."""
        return tuple(one.name for one in self.leaving(case.state) if one.by.allows(actor, case))

    def action(self, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Bind a function to a transition: ``(*, actor, <case>, …)``, or ``(*, actor, …)`` when it creates the case.

        The wrapped function raises ``NotAllowed``, ``StaleState`` (``TermPassed`` when its time is over) or ``Busy``
        before its body runs.
        """
        transition = self.transition(name)

        def bind(function: Callable[P, R]) -> Callable[P, R]:
            if name in self.actions:
                raise ValueError(f"{self.name}.{name} has an action already.")
            parameters = list(inspect.signature(function).parameters.values())
            if (
                any(one.kind is not inspect.Parameter.KEYWORD_ONLY for one in parameters)
                or parameters[0].name != "actor"
            ):
                raise TypeError(f"{function.__name__} takes keywords only, the actor first.")
            case_name = "" if transition.creates else parameters[1].name

            @wraps(function)
            def run(*args: P.args, **kwargs: P.kwargs) -> R:
                actor = cast("Actor", kwargs["actor"])
                # what is gathered is neither locked nor written yet: there is nothing to take back
                alone = nullcontext() if rows.are_gathered() and not case_name else _transaction()
                with alone:
                    if case_name:
                        kwargs[case_name] = self._locked(transition, actor, cast("C", kwargs[case_name]))
                    call = _Call(transition, self, actor)
                    token = _call.set(call)
                    try:
                        result = function(*args, **kwargs)
                    finally:
                        _call.reset(token)
                    if not call.performed:
                        raise RuntimeError(f"{function.__name__} did not perform {self.name}.{name}.")
                return result

            self.actions[name] = run
            return run

        return bind

    def _locked(self, transition: Transition[C], actor: Actor, case: C) -> C:
        manager = type(case)._default_manager
        locked = manager.select_for_update(of=("self",)).get(pk=case.pk)
        transition.by.check(actor, locked)
        if locked.state not in transition.source:
            raise StaleState(state=locked.state)
        if (
            actor != CLOCK
            and self._ends_when_passed(transition)
            and deadlines.has_passed(locked, transition=transition.name)
        ):
            raise TermPassed(state=locked.state)
        return locked

    def _ends_when_passed(self, transition: Transition[C]) -> bool:
        """Whether the state is left when the transition's time has passed: then nobody may be late (the clock itself
        never is).
        """
        return bool(transition.otherwise) and not self.transition(transition.otherwise).stays

    def rows(self) -> list[tuple[str, str, str, str, str, str]]:
        """The process as rows (state, transition, target, who, within, otherwise), for documents and tests."""
        order = [NEW, *self.states.values]
        table = []
        for state in order:
            for one in self.leaving(state):
                targets = [state if target == SAME else target for target in one.target]
                within = (
                    one.within.key
                    if isinstance(one.within, ReferenceTerm)
                    else one.within.attribute
                    if one.within
                    else ""
                )
                table.append((state, one.name, " | ".join(targets), str(one.by.label), within, one.otherwise))
        return table

    def mermaid(self) -> str:
        """The process as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        for state, name, target, *_rest in self.rows():
            lines += [f"    {state or '[*]'} --> {one}: {name}" for one in target.split(" | ")]
        lines += [f"    {state} --> [*]" for state in sorted(self.end)]
        return "\n".join(lines)


@contextmanager
def _transaction() -> Iterator[None]:
    with locks.bounded(), transaction.atomic():
        yield


_workflows: dict[str, Workflow[Any]] = {}


def all_workflows() -> tuple[Workflow[Any], ...]:
    """Every process, by name."""
    return tuple(_workflows[name] for name in sorted(_workflows))


def workflow(name: str) -> Workflow[Any]:
    """The process of this name."""
    return _workflows[name]


def perform(
    case: C,
    *,
    to: str = "",
    data: Mapping[str, object] | None = None,
    note: str = "",
    changed: Iterable[str] = (),
    at: datetime | None = None,
) -> C:
    """Carry out the transition of the running action on ``case``.

    Args:
        case: the locked case, or the unsaved one when the transition creates it.
        to: the target, when the transition has several.
        data: codes and ids for the journal.
        note: personal text beside the event.
        changed: further columns of the case that the action has set and that are stored with the state.
        at: moment of the event; now, when not given.

    Raises:
        NotAllowed: the new case is not the actor's to create.
        StaleState: the case moved on although it was locked (never under correct use).
        RuleBroken: required data are missing.
    """
    call = _running()
    transition, moment, told = call.transition, at or clock.now(), dict(data or {})
    _check_complete(call.workflow, transition, told)
    before_state, before_version = case.state, case.version
    target = _target(transition, to, before_state)
    if transition.creates:
        transition.by.check(call.actor, case)
    told.update({"from": before_state if not transition.creates else NEW, "to": target})
    event = journal.append(case, f"{call.workflow.name}.{transition.name}", actor=call.actor, data=told, note=note)
    if target != before_state or transition.creates:
        case.state, case.state_since = target, moment
    if transition.stays:
        deadlines.close_one(case, at=moment, otherwise=transition.name)
    else:
        if not transition.creates:
            deadlines.close_for(case, at=moment, transition=transition.name)
        deadlines.open_for(case, _obligations(call.workflow, case, target, moment), at=moment)
    if transition.creates:
        rows.insert([case])
    else:
        _swap(case, before_state, before_version, changed)
    effects.emit(event)
    call.performed = True
    return case


def repeated(case: C) -> C:
    """The running action was carried out before (the same submission came again): there is nothing to perform."""
    _running().performed = True
    return case


def _running() -> _Call:
    call = _call.get()
    if call is None:
        raise RuntimeError("A case moves inside an action only.")
    return call


def _check_complete(process: Workflow[Any], transition: Transition[Any], told: Mapping[str, object]) -> None:
    needed = [*transition.requires, *(["signature"] if transition.signed else [])]
    missing = [name for name in needed if not told.get(name)]
    if missing:
        raise RuleBroken(f"{process.name}.{transition.name}: {', '.join(missing)}", code="missing")


def _target(transition: Transition[Any], to: str, before: str) -> str:
    target = to or transition.target[0]
    if target not in transition.target:
        raise ValueError(f"{transition.name} does not lead to {target}.")
    return before if target == SAME else target


def _swap(case: CaseRow, state: str, version: int, changed: Iterable[str]) -> None:
    columns = {"state", "state_since", "version", "journal_head", "due_at", "soon_at", *changed}
    manager = type(case)._default_manager
    swapped = manager.filter(pk=case.pk, state=state, version=version).update(
        **{name: getattr(case, name) for name in columns}
    )
    if swapped != 1:
        raise StaleState(state=state)


def _obligations(process: Workflow[Any], case: CaseRow, state: str, at: datetime) -> list[deadlines.Obligation]:
    owed = [one for one in process.leaving(state) if one.within is not None]
    if not owed:
        return []
    working = workcalendar.calendar()
    day = at.astimezone(clock.COUNTRY_ZONE).date()
    found = []
    for one in owed:
        if isinstance(one.within, ReferenceTerm):
            length = reference.term(one.within.key, at=day)
            end, unit, key = deadlines.due_at(at, length, working), length.unit, one.within.key
        elif isinstance(one.within, LastDay):
            last = getattr(case, one.within.attribute)
            if not isinstance(last, date):
                continue
            end, unit, key = deadlines.end_of_day(last), Unit.CALENDAR_DAYS, ""
            if end <= at and (
                one.otherwise == one.name or deadlines.was_called(case, otherwise=one.otherwise, due_at=end)
            ):
                continue  # a reminder of a day that is past, or the clock has called in an earlier state of the case
        else:
            continue
        found.append(deadlines.Obligation(one.name, one.otherwise, end, unit, key))
    return found


def fire(case_type: str, case_id: UUID, name: str) -> bool:
    """Call the action ``name`` of a case as the clock, if its deadline is still open and has passed.

    Returns:
        Whether something was carried out; not, when somebody came first.

    Raises:
        StaleState: the deadline is open, and the case is in a state from which the action does not start.
    """
    process = workflow(case_type)
    model = registry.case_type(case_type).model
    with transaction.atomic():
        case = model._default_manager.select_for_update(of=("self",)).get(pk=case_id)
        now = clock.now()
        if not any(
            one.otherwise == name and one.paused_at is None and one.due_at <= now for one in deadlines.open_of(case)
        ):
            return False
        transition = process.transition(name)
        parameter = list(inspect.signature(process.actions[name]).parameters)[1]
        if case.state not in transition.source:
            raise StaleState(state=case.state)
        process.actions[name](actor=CLOCK, **{parameter: case})
    return True


def sweep(*, limit: int = 500) -> int:
    """Fire every deadline that has passed; returns how many were carried out."""
    return deadlines.sweep_with(fire, limit=limit)
