"""Every process: every role tried on every transition, against a table of who may; and from every foreign state."""

import inspect
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from tests import factories as make
from tests.kit import declared
from tests.kit.world import World

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import ANYONE, CLOCK, Actor, Desk
from tirek.core.case import workflow
from tirek.core.case.workflow import Transition, Workflow
from tirek.core.errors import NotAllowed, StaleState
from tirek.core.keys import uuid7
from tirek.core.tables import CaseRow
from tirek.people.models import Person, Representation
from tirek.site import sessions
from tirek.site.middleware import actor_of


def _acting_for(person: Person, *, until: date | None) -> Actor:
    """Who chose to act for ``person``, as the session's own rule establishes the actor of a request."""
    somebody = make.person()
    Representation.objects.create(
        representative=somebody, represented=person, basis="guardian", since=date(2020, 1, 1), until=until
    )
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=somebody.user_id)
    request.session = SessionStore()
    request.session[sessions.BEHALF] = str(person.pk)
    return actor_of(request)


def _everybody(shop: make.Shop) -> dict[str, Actor]:
    stranger, relative = make.person(), make.person()
    Representation.objects.create(
        representative=relative,
        represented=shop.person,
        basis="guardian",
        since=date(2020, 1, 1),
        until=date(2021, 1, 1),
    )
    return {
        "recipient": shop.actor,
        "other recipient": make.recipient_of(stranger),
        "representative": _acting_for(shop.person, until=None),
        "ended representative": _acting_for(shop.person, until=date(2026, 11, 8)),
        "supplier": shop.supplier_actor,
        "other supplier": make.supplier_actor(make.supplier()),
        "officer here": make.officer(shop.place),
        "officer of another district": make.officer(make.district("311000000")),
        "officer of the region": make.officer(make.district(f"{shop.place.code[:2]}0000000")),
        "officer of another region": make.officer(make.district("310000000")),
        "officer without a territory": Actor(desk=Desk.OFFICER, user_id=stranger.user_id, role="officer"),
        "officer close to the person": replace(make.officer(shop.place), person_id=relative.pk),
        "analyst": Actor(desk=Desk.ANALYST, user_id=stranger.user_id),
        "inspector": Actor(desk=Desk.INSPECTOR, user_id=stranger.user_id),
        "operator": Actor(desk=Desk.OPERATOR, user_id=stranger.user_id),
        "admin": Actor(desk=Desk.ADMIN, user_id=stranger.user_id),
        "nobody": ANYONE,
        "clock": CLOCK,
    }


def _of_the_process(process: Workflow[Any], case: CaseRow) -> dict[str, Actor]:
    """Who is somebody in this process only."""
    own = declared.own_roles().get(process.name)
    return dict(own(case)) if own else {}


ALL: Final = [(process, one) for process in workflow.all_workflows() for one in process.transitions]


def _named(pairs: list[tuple[Workflow[Any], Transition[Any]]]) -> dict[str, Any]:
    return {"argvalues": pairs, "ids": [f"{process.name}.{one.name}" for process, one in pairs]}


def _given(process: Workflow[Any], name: str, actor: Actor, case: CaseRow) -> dict[str, Any]:
    """Arguments of an action that is refused before its body reads them."""
    _actor, its_case, *others = inspect.signature(process.actions[name]).parameters
    return {"actor": actor, its_case: case, **dict.fromkeys(others)}


def _put(case: CaseRow, state: str) -> None:
    type(case)._default_manager.filter(pk=case.pk).update(state=state)


def test_tables__name_every_process_and_every_transition() -> None:
    assert {process.name: {one.name for one in process.transitions} for process in workflow.all_workflows()} == {
        process: set(transitions) for process, transitions in declared.may().items()
    }
    assert set(declared.cases()) == set(declared.may())
    assert set(declared.own_roles()) <= set(declared.may())


@pytest.mark.django_db
@pytest.mark.parametrize(("process", "transition"), **_named(ALL))
def test_every_role__on_every_transition_of_every_process(process: Workflow[Any], transition: Transition[Any]) -> None:
    with clock.at(make.MORNING):
        world, may = World(), declared.may()[process.name][transition.name]
        case = declared.cases()[process.name](world)
        roles = _everybody(world) | _of_the_process(process, case)
        assert {name for name, actor in roles.items() if transition.by.allows(actor, case)} == may
        refused = {name: actor for name, actor in roles.items() if name not in may}
        if transition.creates:
            for actor in refused.values():
                _create(process, transition, actor, case)
            return
        state = sorted(transition.source)[0]
        _put(case, state)
        for actor in refused.values():
            with pytest.raises(NotAllowed):
                process.actions[transition.name](**_given(process, transition.name, actor, case))
        case.refresh_from_db()
        assert case.state == state


def _create(process: Workflow[Any], transition: Transition[Any], actor: Actor, like: CaseRow) -> None:
    """A case that is not the actor's to begin is refused by ``perform`` itself, whatever the action has checked."""
    fresh = type(like)._default_manager.get(pk=like.pk)
    fresh.pk, fresh.state, fresh.version, fresh.journal_head = uuid7(), "", 0, b""
    token = workflow._call.set(workflow._Call(transition, process, actor))
    try:
        with pytest.raises(NotAllowed):
            workflow.perform(fresh)
    finally:
        workflow._call.reset(token)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("process", "transition"), **_named([(process, one) for process, one in ALL if not one.creates])
)
def test_every_transition__is_stale_from_every_foreign_state(
    process: Workflow[Any], transition: Transition[Any]
) -> None:
    with clock.at(make.MORNING):
        world = World()
        case = declared.cases()[process.name](world)
        actor = _everybody(world)[sorted(declared.may()[process.name][transition.name])[0]]
        for state in sorted(set(process.states.values) - transition.source):
            _put(case, state)
            with pytest.raises(StaleState) as stale:
                process.actions[transition.name](**_given(process, transition.name, actor, case))
            assert stale.value.state == state
