"""Who takes part in cases, over the two made-up types."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit, Well

from tirek.core import clock
from tirek.core.actors import ANYONE, CLOCK, Actor, Desk
from tirek.core.case.parties import office, recipient, supplier
from tirek.core.errors import NotAllowed
from tirek.core.keys import uuid7
from tirek.people.models import Representation
from tirek.people.parties import recipient_of_age, second_officer, unrelated_office
from tirek.people.signing import NotOfAge

HERE, REGION, ELSEWHERE = "101810000", "100000000", "311000000"


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield make.officer(make.district(HERE))


@pytest.fixture
def visit(officer: Actor) -> Visit:
    case = made_up.begun(Visit, officer)
    assert isinstance(case, Visit)
    return case


def at(desk: Desk, visit: Visit) -> Actor:
    """Somebody at a desk who has everything that the desk of the case could have."""
    return Actor(
        desk=desk,
        user_id=uuid7(),
        person_id=visit.person_id,
        organisation_id=visit.organisation_id,
        territory=visit.territory_code,
    )


def test_recipient__is_the_person_or_who_acts_for_the_person_at_that_desk_only(visit: Visit) -> None:
    own = at(Desk.RECIPIENT, visit)
    mother = replace(own, person_id=uuid7(), on_behalf_of=visit.person_id)
    assert recipient.allows(own, visit)
    assert recipient.allows(mother, visit)
    for stranger in (replace(own, person_id=uuid7()), replace(own, on_behalf_of=uuid7()), ANYONE, CLOCK):
        assert not recipient.allows(stranger, visit)
    assert [desk for desk in Desk if recipient.allows(at(desk, visit), visit)] == [Desk.RECIPIENT]


def test_supplier__is_of_the_organisation_of_the_case(visit: Visit) -> None:
    own = at(Desk.SUPPLIER, visit)
    assert supplier.allows(own, visit)
    for other in (uuid7(), None):
        assert not supplier.allows(replace(own, organisation_id=other), visit)
    assert [desk for desk in Desk if supplier.allows(at(desk, visit), visit)] == [Desk.SUPPLIER]


def test_office__is_of_the_place_of_the_case_or_above_it(officer: Actor, visit: Visit) -> None:
    well = made_up.begun(Well, officer)
    for case in (visit, well):
        assert office.allows(officer, case)
        assert office.allows(replace(officer, territory=REGION), case)
        for elsewhere in (ELSEWHERE, ""):
            assert not office.allows(replace(officer, territory=elsewhere), case)
    assert [desk for desk in Desk if office.allows(at(desk, visit), visit)] == [Desk.OFFICER]


@pytest.mark.parametrize("represents", ["the officer represented the person", "the person represented the officer"])
def test_unrelated_office__was_never_close_to_the_person(officer: Actor, visit: Visit, represents: str) -> None:
    me = make.person()
    mine = replace(officer, person_id=me.pk)
    assert unrelated_office.allows(officer, visit)
    assert unrelated_office.allows(mine, visit)
    assert not unrelated_office.allows(replace(officer, person_id=visit.person_id), visit)
    assert not unrelated_office.allows(replace(mine, territory=ELSEWHERE), visit)
    one, other = (me, visit.person) if represents.startswith("the officer") else (visit.person, me)
    Representation.objects.create(
        representative=one, represented=other, basis=Representation.Basis.GUARDIAN, since=date(2020, 1, 1)
    )
    assert not unrelated_office.allows(mine, visit)


def test_second_officer__is_not_the_first_and_not_close(officer: Actor, visit: Visit) -> None:
    second = second_officer("proposed_by")
    visit.proposed_by = officer.account  # type: ignore[attr-defined]  # a column that an app's case has
    colleague = make.officer(make.district(HERE))
    assert second.allows(colleague, visit)
    assert not second.allows(officer, visit)
    assert not second.allows(replace(colleague, user_id=None), visit)
    assert not second.allows(replace(colleague, person_id=visit.person_id), visit)
    assert not second.allows(replace(colleague, territory=ELSEWHERE), visit)


def test_parties__are_said_and_sit_at_one_desk_each() -> None:
    parties = (recipient, supplier, office, unrelated_office, second_officer("proposed_by"))
    for party in parties:
        assert str(party.label)
        assert len(party.desks) == 1
    assert len({str(party.label) for party in parties}) == len(parties)


@pytest.mark.finding("I-6")
def test_recipient_of_age__is_no_minor_alone_and_is_told_why(visit: Visit) -> None:
    own = at(Desk.RECIPIENT, visit)
    parent = replace(own, person_id=uuid7(), on_behalf_of=visit.person_id)
    recipient_of_age.check(own, visit)
    visit.person.birth_date = date(2009, 11, 9)
    with pytest.raises(NotOfAge):
        recipient_of_age.check(own, visit)
    recipient_of_age.check(parent, visit)
    with pytest.raises(NotAllowed):
        (recipient_of_age | office).check(replace(own, person_id=uuid7()), visit)
    with pytest.raises(NotOfAge):
        (recipient_of_age | office).check(own, visit)
    visit.person.birth_date = date(2008, 11, 9)
    recipient_of_age.check(own, visit)
