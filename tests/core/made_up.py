"""Two case types that no app has, to prove what the middle floor does for every one.

A *visit* is about a person and for an organisation; a *well* has a territory only. Their tables are made by the fixture
``made_up`` and are known to the core as long as it lasts.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, Final, cast

import pytest
from django.db import connection, models
from tests import factories as make

from tirek.core.actors import Actor, Desk
from tirek.core.case import registry, workflow
from tirek.core.case.parties import office
from tirek.core.case.registry import CaseType
from tirek.core.case.scope import Scope
from tirek.core.case.words import CaseWords, Next, StateWords
from tirek.core.case.workflow import NEW, SAME, Workflow, clock_only, perform, transition, until
from tirek.core.keys import uuid7
from tirek.core.tables import CaseRow
from tirek.organisations.models import Organisation
from tirek.people.models import Person


class MadeUp(CaseRow):
    """What both have: a day until which somebody has to act, and a remark that an action stores."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DONE = "done", "done"
        PASSED = "passed", "passed"

    ENDED: ClassVar[frozenset[str]] = frozenset({State.DONE, State.PASSED})

    last_day = models.DateField(null=True)
    remark = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True
        app_label = "made_up"


class Visit(MadeUp):
    """Somebody of an organisation visits a person."""

    # the tables are emptied in any order
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        app_label = "made_up"


class Well(MadeUp):
    """A well that is to be looked at."""

    class Meta:
        app_label = "made_up"


MODELS: Final[tuple[type[MadeUp], ...]] = (Visit, Well)
Meanwhile = Callable[[MadeUp], object]


def _process(name: str) -> Workflow[Any]:
    """Begin, remark as often as one likes, finish until the last day; then the clock ends it."""
    state = MadeUp.State
    process: Workflow[Any] = Workflow(
        name=name,
        title=f"A made-up {name}",
        states=state,
        end=MadeUp.ENDED,
        transitions=(
            transition("begin", NEW, state.OPEN, by=office),
            transition("remark", state.OPEN, SAME, by=office),
            transition("finish", state.OPEN, state.DONE, by=office, within=until("last_day"), otherwise="pass"),
            transition("pass", state.OPEN, state.PASSED, by=clock_only()),
        ),
    )

    @process.action("begin")
    def begin(*, actor: Actor, case: MadeUp) -> MadeUp:
        return perform(case)

    @process.action("remark")
    def remark(*, actor: Actor, case: MadeUp, remark: str, note: str = "") -> MadeUp:
        case.remark = remark
        return perform(case, note=note, changed=["remark"])

    @process.action("finish")
    def finish(*, actor: Actor, case: MadeUp, meanwhile: Meanwhile = bool) -> MadeUp:
        meanwhile(case)
        return perform(case)

    @process.action("pass")
    def end(*, actor: Actor, case: MadeUp) -> MadeUp:
        return perform(case)

    # other tests go through every process of the product
    del workflow._workflows[name]
    return process


PROCESSES: Final = {model: _process(str(model._meta.model_name)) for model in MODELS}


def _case_type(model: type[MadeUp]) -> CaseType[Any]:
    about = {"person": "person_id", "organisation": "organisation_id"} if model is Visit else {}
    states = {state: StateWords("quiet", Next(f"Next of {state}.")) for state in MadeUp.State.values}
    events = {one.name: f"It was: {one.name}." for one in PROCESSES[model].transitions}
    return CaseType(
        code=PROCESSES[model].name,
        model=model,
        process=PROCESSES[model],
        scope=Scope(model._default_manager.all, **about),
        words=CaseWords(states=states, events=events, notes_for=frozenset(Desk)),
        follows_residence=model is Visit,
    )


#: Nothing of it is registered before ``known``.
TYPES: Final = {model: _case_type(model) for model in MODELS}


@contextmanager
def known() -> Iterator[None]:
    """The made-up types are registered."""
    with pytest.MonkeyPatch.context() as patch:
        for model, kind in TYPES.items():
            patch.setitem(workflow._workflows, kind.code, kind.process)
            patch.setitem(registry._types, kind.code, kind)
            patch.setitem(registry._codes, model, kind.code)
        yield


@contextmanager
def tables() -> Iterator[None]:
    """The made-up tables are in the database; for good, or as long as the present transaction."""
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)
    try:
        yield
    finally:
        # a test's transaction takes them away by itself
        if not connection.in_atomic_block:
            with connection.schema_editor() as editor:
                for model in reversed(MODELS):
                    editor.delete_model(model)


def act(case: MadeUp, name: str, *, actor: Actor, **given: Any) -> MadeUp:
    """Call an action of a made-up case."""
    return cast("MadeUp", PROCESSES[type(case)].actions[name](actor=actor, case=case, **given))


def begun(model: type[MadeUp], officer: Actor, *, last_day: date | None = None) -> MadeUp:
    """A case that waits in the officer's territory."""
    about: dict[str, object] = {}
    if model is Visit:
        about = {"person": make.person(), "organisation": make.organisation()}
    case = model(number=f"{uuid7()}"[:32], territory_code=officer.territory, last_day=last_day, **about)
    return act(case, "begin", actor=officer)
