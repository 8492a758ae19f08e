"""Who sees which rows: the person, the organisation, the office of the place, and nobody else."""

from dataclasses import replace

import pytest
from django.db.models import Q
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import MadeUp, Visit, Well, begun

from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case.scope import Scope
from tirek.core.keys import uuid7

VISITS, WELLS = made_up.TYPES[Visit], made_up.TYPES[Well]
every_type = pytest.mark.parametrize("model", made_up.MODELS, ids=lambda one: one.__name__)


def seen(scope: Scope[MadeUp], actor: Actor) -> set[MadeUp]:
    """What a list shows; and, one by one, what a page opens: the same."""
    found = set(scope.visible_to(actor))
    every = list(scope.rows())
    assert {one for one in every if scope.one_visible_to(actor, number=one.number) is not None} == found
    assert {one for one in every if scope.one_visible_to(actor, pk=one.pk) is not None} == found
    return found


def test_recipient__sees_what_is_about_the_person_and_nothing_else(clerk: Actor) -> None:
    mine, _other = begun(Visit, clerk), begun(Visit, clerk)
    assert seen(VISITS.scope, make.recipient_of(mine.person)) == {mine}
    assert seen(VISITS.scope, make.recipient_of(make.person())) == set()


def test_recipient__who_acts_for_another_sees_the_others_cases_not_the_own(clerk: Actor) -> None:
    mine, theirs = begun(Visit, clerk), begun(Visit, clerk)
    assert seen(VISITS.scope, make.recipient_of(mine.person).behalf(theirs.person_id)) == {theirs}


def test_supplier__sees_what_is_for_the_organisation_wherever_it_is(clerk: Actor) -> None:
    mine, _other = begun(Visit, clerk), begun(Visit, clerk)
    someone = Actor(desk=Desk.SUPPLIER, user_id=uuid7(), organisation_id=mine.organisation_id)
    assert seen(VISITS.scope, someone) == {mine}
    assert seen(VISITS.scope, replace(someone, organisation_id=uuid7())) == set()


@every_type
def test_officer__sees_what_lies_in_the_territory(clerk: Actor, model: type[MadeUp]) -> None:
    neighbour, far = make.officer(make.district("101010000")), make.officer(make.district("311010000"))
    here, beside, away = (begun(model, one) for one in (clerk, neighbour, far))
    scope = made_up.TYPES[model].scope
    assert seen(scope, clerk) == {here}
    assert seen(scope, neighbour) == {beside}
    assert seen(scope, make.officer(make.district("100000000"))) == {here, beside}
    assert seen(scope, make.officer(make.district("310000000"))) == {away}


@every_type
def test_officer__without_a_territory_sees_nothing(clerk: Actor, model: type[MadeUp]) -> None:
    begun(model, clerk)
    assert seen(made_up.TYPES[model].scope, replace(clerk, territory="")) == set()


def test_nobody__sees_at_a_desk_what_is_not_tied_to_it(clerk: Actor) -> None:
    """A well is about nobody and for no organisation; a key that happens to be the same opens nothing."""
    well, visit = begun(Well, clerk), begun(Visit, clerk)
    everything = Actor(
        desk=Desk.OFFICER,
        user_id=clerk.user_id,
        person_id=visit.person_id,
        organisation_id=visit.organisation_id,
        territory=clerk.territory,
    )
    found = {desk: seen(WELLS.scope, replace(everything, desk=desk)) for desk in Desk}
    assert found == {desk: {well} if desk is Desk.OFFICER else set() for desk in Desk}
    three = {Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER}
    assert {desk for desk in Desk if seen(VISITS.scope, replace(everything, desk=desk))} == three


@pytest.mark.parametrize("desk", [Desk.RECIPIENT, Desk.SUPPLIER], ids=lambda one: one.value)
def test_who_is_nobody__sees_nothing(clerk: Actor, desk: Desk) -> None:
    begun(Visit, clerk)
    assert seen(VISITS.scope, Actor(desk=desk, user_id=uuid7())) == set()
    assert seen(VISITS.scope, CLOCK) == set()


def test_desk__does_not_see_by_what_counts_at_another(clerk: Actor) -> None:
    """An officer who is the person of a case in another district does not meet it at the counter."""
    far = begun(Visit, make.officer(make.district("311010000")))
    assert seen(VISITS.scope, replace(clerk, person_id=far.person_id)) == set()
    assert seen(VISITS.scope, replace(clerk, organisation_id=far.organisation_id)) == set()


def test_no_office__answers_for_a_case_without_a_territory(clerk: Actor) -> None:
    begun(Visit, clerk)
    assert seen(replace(VISITS.scope, territory=""), clerk) == set()


def test_only__hides_from_one_desk_what_others_see(clerk: Actor) -> None:
    open_one, done = begun(Visit, clerk), begun(Visit, clerk)
    made_up.act(done, "finish", actor=clerk)
    Visit._default_manager.filter(pk=done.pk).update(person_id=open_one.person_id)

    def only(actor: Actor) -> Q:
        return Q(state="done") if actor.desk is Desk.RECIPIENT else Q()

    scope = replace(VISITS.scope, only=only)
    assert seen(scope, make.recipient_of(open_one.person)) == {done}
    assert seen(scope, clerk) == {open_one, done}
    assert seen(scope, make.recipient_of(make.person())) == set(), "it narrows, and never widens"


def test_person_of__is_the_key_in_the_column_that_is_named(clerk: Actor) -> None:
    visit, well = begun(Visit, clerk), begun(Well, clerk)
    assert VISITS.scope.person_of(visit) == visit.person_id
    assert replace(VISITS.scope, person="organisation_id").person_of(visit) == visit.organisation_id
    assert WELLS.scope.person_of(well) is None
