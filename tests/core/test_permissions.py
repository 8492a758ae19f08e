"""Every process: every role tried on every transition, against a table of who may; and from every foreign state."""

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from tests import factories as make
from tests.entitlements import papers

from tirek.accounts.models import User
from tirek.core import clock, workflow
from tirek.core.actors import ANYONE, CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, StaleState
from tirek.core.keys import uuid7
from tirek.core.tables import CaseRow
from tirek.core.workflow import Transition, Workflow
from tirek.entitlements.models import OrderingTerm
from tirek.people.models import Person, Representation
from tirek.site import sessions
from tirek.site.middleware import actor_of

RECIPIENT: Final = {"recipient", "representative"}
SUPPLIER: Final = {"supplier"}
OFFICE: Final = {"officer here", "officer of the region", "officer close to the person"}
UNRELATED: Final = {"officer here", "officer of the region"}
THE_CLOCK: Final = {"clock"}

#: who may perform each transition, in words of portal.md; a process without its table fails
MAY: Final[dict[str, dict[str, set[str]]]] = {
    "order": {
        "submit": RECIPIENT | OFFICE,
        "accept": SUPPLIER,
        "decline": SUPPLIER,
        "lapse": THE_CLOCK,
        "record_top_up": SUPPLIER,
        "lapse_top_up": THE_CLOCK,
        "prepare": SUPPLIER,
        "dispatch": SUPPLIER,
        "hand_over": SUPPLIER,
        "confirm_hand_over": OFFICE,
        "warn_late": THE_CLOCK,
        "confirm": RECIPIENT | OFFICE,
        "refuse": RECIPIENT | OFFICE,
        "remind": THE_CLOCK,
        "call_office": THE_CLOCK,
        "take_back": SUPPLIER,
        "decide_for_person": THE_CLOCK,
        "cancel": RECIPIENT | OFFICE,
        "ask_for_review": THE_CLOCK,
        "let_go_on": OFFICE,
    },
    "programme": {
        "register": OFFICE | THE_CLOCK,
        "replace": OFFICE | THE_CLOCK,
        "expire": THE_CLOCK,
        "cancel": OFFICE,
    },
    "orderingterm": {
        "open": OFFICE | THE_CLOCK,
        "order": THE_CLOCK,
        "remind_first": THE_CLOCK,
        "remind_second": THE_CLOCK,
        "remind_third": THE_CLOCK,
        "lapse": THE_CLOCK,
        "record_call": OFFICE,
        "reopen": OFFICE,
        "resume": THE_CLOCK,
        "close": THE_CLOCK,
    },
    "correction": {
        "propose": UNRELATED | {"officer who proposed"},
        "sign": UNRELATED,
        "reject": UNRELATED,
    },
    "correctionrequest": {
        "submit": RECIPIENT,
        "explain": UNRELATED,
        "begin": UNRELATED,
        "record_fix": UNRELATED,
        "finish": UNRELATED,
        "take_up_again": UNRELATED,
        "escalate": THE_CLOCK,
    },
}


def _term(shop: make.Shop, _proposer: Actor) -> CaseRow:
    return OrderingTerm.objects.get(line=shop.line)


CASES: Final[dict[str, Callable[[make.Shop, Actor], CaseRow]]] = {
    "order": lambda shop, _proposer: shop.order(10),
    "programme": lambda shop, _proposer: shop.programme,
    "orderingterm": _term,
    "correction": papers.proposed,
    "correctionrequest": lambda shop, _proposer: papers.asked(shop),
}


def _acting_for(person: Person, *, until: date | None) -> Actor:
    """Who chose to act for ``person``, as the session's own rule establishes the actor of a request."""
    somebody = make.person()
    Representation.objects.create(representative=somebody, represented=person, basis="guardian", since=date(2020, 1, 1), until=until)
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=somebody.user_id)
    request.session = SessionStore()
    request.session[sessions.BEHALF] = str(person.pk)
    return actor_of(request)


def _everybody(shop: make.Shop) -> dict[str, Actor]:
    stranger, relative = make.person(), make.person()
    Representation.objects.create(
        representative=relative, represented=shop.person, basis="guardian", since=date(2020, 1, 1), until=date(2021, 1, 1)
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
        "officer close to the person": papers.officer_who_is(relative, shop.place),
        "analyst": Actor(desk=Desk.ANALYST, user_id=stranger.user_id),
        "inspector": Actor(desk=Desk.INSPECTOR, user_id=stranger.user_id),
        "operator": Actor(desk=Desk.OPERATOR, user_id=stranger.user_id),
        "admin": Actor(desk=Desk.ADMIN, user_id=stranger.user_id),
        "nobody": ANYONE,
        "clock": CLOCK,
    }


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
        process: set(transitions) for process, transitions in MAY.items()
    }
    assert set(CASES) == set(MAY)


@pytest.mark.django_db
@pytest.mark.parametrize(("process", "transition"), **_named(ALL))
def test_every_role__on_every_transition_of_every_process(process: Workflow[Any], transition: Transition[Any]) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        proposer = make.officer(shop.place)
        case = CASES[process.name](shop, proposer)
        roles = _everybody(shop) | ({"officer who proposed": proposer} if process.name == "correction" else {})
        assert {name for name, actor in roles.items() if transition.by.allows(actor, case)} == MAY[process.name][transition.name]
        refused = {name: actor for name, actor in roles.items() if name not in MAY[process.name][transition.name]}
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
@pytest.mark.parametrize(("process", "transition"), **_named([(process, one) for process, one in ALL if not one.creates]))
def test_every_transition__is_stale_from_every_foreign_state(process: Workflow[Any], transition: Transition[Any]) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        case = CASES[process.name](shop, make.officer(shop.place))
        actor = _everybody(shop)[sorted(MAY[process.name][transition.name])[0]]
        for state in sorted(set(process.states.values) - transition.source):
            _put(case, state)
            with pytest.raises(StaleState) as stale:
                process.actions[transition.name](**_given(process, transition.name, actor, case))
            assert stale.value.state == state
