"""Who signs for a person: age and representation decide, and at the counter who is there."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests import factories as make

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed
from tirek.people.actions import add_representation, end_representation, record_death
from tirek.people.models import Person, Representation
from tirek.people.signing import (
    NobodyToSign,
    NotOfAge,
    candidates,
    signer_of,
    signer_on_paper,
)
from tirek.territory.models import Territory

pytestmark = pytest.mark.django_db
BORN = date(2019, 6, 10)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def place() -> Territory:
    return make.district()


@pytest.fixture
def officer(place: Territory) -> Actor:
    return make.officer(place)


@pytest.fixture
def child(place: Territory) -> Person:
    """A child with a phone on file."""
    return make.person(place=place, born=BORN, phone="+77051112233")


def parent(officer: Actor, child: Person, phone: str = "+77011234567") -> Person:
    who = make.person(place=child.territory, born=date(1990, 1, 1), phone=phone)
    represent(officer, who, child)
    return who


def represent(officer: Actor, who: Person, child: Person) -> Representation:
    return add_representation(
        actor=officer,
        representative=who,
        represented=child,
        basis=Representation.Basis.PARENT,
        document_number="АА 1",
        since=date(2020, 1, 1),
    )


@pytest.mark.finding("I-6")
def test_child_with_a_phone__is_signed_for_by_the_parent(officer: Actor, child: Person) -> None:
    mother = parent(officer, child)
    for signer in (signer_of(officer, child.pk), signer_on_paper(officer, child.pk)):
        assert (signer.user_id, signer.on_behalf_of) == (mother.user_id, child.pk)
    assert [one.key for one in candidates(child.pk)] == [mother.pk]
    with pytest.raises(NotAllowed):
        signer_of(officer, child.pk, child.pk)


@pytest.mark.finding("I-6")
def test_child__never_signs_alone(officer: Actor, child: Person) -> None:
    with pytest.raises(NotOfAge):
        signer_of(make.recipient_of(child), child.pk)
    for ask in (signer_of, signer_on_paper):
        with pytest.raises(NobodyToSign):
            ask(officer, child.pk)


@pytest.mark.finding("I-6")
def test_child__signs_on_the_birthday_of_majority_and_the_parent_no_more(officer: Actor, child: Person) -> None:
    mother = parent(officer, child)
    acting = make.recipient_of(mother).behalf(child.pk)
    eve, birthday = (make.MORNING.replace(year=2037, month=6, day=day) for day in (9, 10))
    with clock.at(eve):
        assert signer_of(acting, child.pk).on_behalf_of == child.pk
        assert signer_of(officer, child.pk).person_id == mother.pk
    with clock.at(birthday):
        assert signer_of(make.recipient_of(child), child.pk).person_id == child.pk
        assert signer_of(officer, child.pk).person_id == child.pk
        with pytest.raises(NotAllowed):
            signer_of(acting, child.pk)


@pytest.mark.finding("I-29")
def test_two_parents__the_officer_says_who_is_here_else_one_with_a_phone(officer: Actor, child: Person) -> None:
    father = parent(officer, child, phone="")
    mother = parent(officer, child)
    assert [one.key for one in candidates(child.pk)] == [mother.pk, father.pk]
    assert signer_of(officer, child.pk).person_id == mother.pk
    assert signer_on_paper(officer, child.pk, father.pk).person_id == father.pk
    with pytest.raises(NotAllowed):
        signer_on_paper(officer, child.pk, make.person().pk)


@pytest.mark.finding("I-29")
def test_phone_that_is_too_new__does_not_come_before_one_that_signs(officer: Actor, child: Person) -> None:
    father = parent(officer, child, phone="+77050000001")
    User.objects.filter(pk=father.user_id).update(phone_since=make.MORNING - timedelta(hours=1), phone_changed=True)
    mother = parent(officer, child)
    assert signer_of(officer, child.pk).person_id == mother.pk


def test_representation__that_has_ended_signs_nothing(officer: Actor, child: Person) -> None:
    mother = make.person(place=child.territory)
    ended = represent(officer, mother, child)
    end_representation(actor=officer, representation=ended)
    with pytest.raises(NobodyToSign):
        signer_of(officer, child.pk)
    with pytest.raises(NotAllowed):
        signer_of(make.recipient_of(mother).behalf(child.pk), child.pk)


@pytest.mark.finding("I-5")
def test_person_who_has_died__signs_nothing(officer: Actor, place: Territory) -> None:
    person = make.person(place=place)
    record_death(actor=officer, person=person, deceased_on=clock.today())
    with pytest.raises(NobodyToSign):
        signer_on_paper(officer, person.pk)
