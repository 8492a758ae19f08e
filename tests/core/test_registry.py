"""The registry of case types: codes are explicit, a case is reached by who may see it, a look is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit, Well, begun

from tirek.core.actors import Actor, Desk
from tirek.core.case import registry
from tirek.core.case.registry import CaseType, address_of, code_of, follow_residence, route, waits_in_cases
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound
from tirek.core.keys import uuid7
from tirek.core.personal.viewlog import ReasonNeeded, View
from tirek.people.queries import person_for

VISITS, WELLS = made_up.TYPES[Visit], made_up.TYPES[Well]
AYAGOZ = "103610000"
every_type = pytest.mark.parametrize("kind", registry.all_types(), ids=lambda one: one.code)


@contextmanager
def visits_as(**changes: Any) -> Iterator[CaseType[Visit]]:
    """Visits are registered with some other words."""
    with pytest.MonkeyPatch.context() as patch:
        kind = replace(VISITS, **changes)
        patch.setitem(registry._types, kind.code, kind)
        yield kind


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is known to nobody else."""
    monkeypatch.setattr(registry, "_types", dict(registry._types))
    monkeypatch.setattr(registry, "_codes", dict(registry._codes))
    monkeypatch.setattr(registry, "_addresses", dict(registry._addresses))
    return


# --- codes


@pytest.mark.usefixtures("empty")
def test_code__is_what_was_registered_and_nothing_is_guessed_from_the_table() -> None:
    with pytest.raises(KeyError):
        code_of(Visit)
    with pytest.raises(KeyError):
        registry.case_type("visit")
    assert registry.register(VISITS) is VISITS
    assert code_of(Visit) == "visit"
    assert registry.case_type("visit") is VISITS
    assert VISITS in registry.all_types()
    with pytest.raises(KeyError):
        code_of(Well)


@pytest.mark.usefixtures("empty")
def test_code__is_what_the_type_says_also_where_its_table_is_called_otherwise() -> None:
    kind = replace(VISITS, code="call")
    # a copy of the process would be known to every other test
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VISITS.process, "name", "call")
        registry.register(kind)
    assert code_of(Visit) == "call"
    assert registry.case_type("call") is kind
    with pytest.raises(KeyError):
        registry.case_type("visit")


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "other",
    [
        replace(WELLS, code="visit", process=VISITS.process),
        replace(VISITS, code="well", process=WELLS.process),
        replace(VISITS, follows_residence=False),
    ],
    ids=["code of another table", "table of another code", "the same once more"],
)
def test_register__refuses_what_is_known_already_and_keeps_what_was(other: CaseType[Any]) -> None:
    registry.register(VISITS)
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(other)
    assert registry.case_type("visit") is VISITS
    assert code_of(Visit) == "visit"
    assert Well not in registry._codes


@pytest.mark.usefixtures("empty")
def test_register__refuses_a_process_of_another_name_and_keeps_nothing_of_it() -> None:
    with pytest.raises(ValueError, match="is called well"):
        registry.register(replace(VISITS, process=WELLS.process))
    assert "visit" not in registry._types
    assert Visit not in registry._codes


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("what", ["follows_residence", "opens_file"])
def test_register__refuses_a_case_that_needs_a_person_and_is_about_nobody(what: str) -> None:
    with pytest.raises(ValueError, match="about nobody"):
        registry.register(replace(WELLS, **{what: True}))  # type: ignore[arg-type]  # one of its flags
    assert "well" not in registry._types


@pytest.mark.usefixtures("empty")
def test_register_address__takes_no_code_and_no_table_of_a_case() -> None:
    registry.register(VISITS)
    for code, model in (("paper", Visit), ("visit", Well)):
        with pytest.raises(ValueError, match="registered twice"):
            registry.register_address(code, model, lambda _actor, _key: "")
    assert code_of(Visit) == "visit"
    assert code_of(Draft) == "draft"


@every_type
def test_every_case_type__ends_where_its_process_ends(kind: CaseType[Any]) -> None:
    assert kind.process.end == kind.model.ENDED
    assert kind.process.name == kind.code
    assert set(kind.process.states.values) == set(kind.model.State.values)
    assert {state for state in kind.model.State.values if not kind.process.leaving(state)} <= kind.process.end


@every_type
def test_every_case_type__has_pages_only_at_desks_that_see_it(kind: CaseType[Any]) -> None:
    sees = {
        Desk.RECIPIENT: bool(kind.scope.person),
        Desk.SUPPLIER: bool(kind.scope.organisation),
        Desk.OFFICER: bool(kind.scope.territory),
    }
    assert all(sees.get(desk, False) for desk in kind.pages)


# --- finding


def test_find__gives_a_case_by_its_number_or_key_and_leaves_no_look(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    assert VISITS.find(clerk, visit.number) == visit
    assert VISITS.by_key(clerk, visit.pk) == visit
    assert list(VISITS.visible_to(clerk)) == [visit]
    assert not View.objects.exists()


def test_find__what_is_not_there_and_what_is_not_the_actors_look_alike(clerk: Actor) -> None:
    visit, stranger = begun(Visit, clerk), make.officer(make.district("311010000"))
    for actor, number, key in ((stranger, visit.number, visit.pk), (clerk, "0", uuid7())):
        said = []
        for ask in (
            lambda a=actor, n=number: VISITS.find(a, n),
            lambda a=actor, n=number: VISITS.opened(a, n),
            lambda a=actor, k=key: VISITS.by_key(a, k),
            lambda a=actor, k=key: address_of("visit", a, k),
        ):
            with pytest.raises(NotFound) as refused:
                ask()
            said.append(str(refused.value.message))
        assert len(set(said)) == 1
    assert not View.objects.exists()


# --- looks


def test_opened__asks_an_officer_without_a_task_for_a_reason_and_records_nothing(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    with pytest.raises(ReasonNeeded) as asked:
        VISITS.opened(clerk, visit.number)
    assert asked.value.subject_id == visit.person_id
    assert not View.objects.exists()


def test_opened__records_the_look_with_the_case_and_its_ground(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    make.came(clerk, visit.person)
    assert VISITS.opened(clerk, visit.number) == visit
    look = View.objects.get(case_id=visit.pk)
    assert (look.case_type, look.subject_id, look.user_id, look.basis) == (
        "visit",
        visit.person_id,
        clerk.user_id,
        View.Basis.PRESENT,
    )


def test_opened__records_the_look_of_an_organisation(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    someone = Actor(desk=Desk.SUPPLIER, user_id=uuid7(), organisation_id=visit.organisation_id)
    VISITS.opened(someone, visit.number)
    assert View.objects.get().subject_id == visit.person_id


def test_opened__by_the_person_is_no_look_of_a_stranger(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    VISITS.opened(make.recipient_of(visit.person), visit.number)
    representative = make.recipient_of(make.person()).behalf(visit.person_id)
    VISITS.opened(representative, visit.number)
    assert not View.objects.exists()


def test_opened__a_case_without_a_person_is_nobodys_file(clerk: Actor) -> None:
    well = begun(Well, clerk)
    assert WELLS.opened(clerk, well.number) == well
    WELLS.look(clerk, well)
    assert not View.objects.exists()


# --- an open case opens the person's file


def test_open_case__opens_the_file_where_its_type_says_so_until_it_ends(clerk: Actor) -> None:
    visit, other = begun(Visit, clerk), make.person()
    assert not waits_in_cases(clerk, visit.person_id), "visits open no file by themselves"
    with pytest.raises(ReasonNeeded):
        person_for(clerk, visit.person_id)
    with visits_as(opens_file=True):
        assert waits_in_cases(clerk, visit.person_id)
        assert not waits_in_cases(clerk, other.pk)
        assert person_for(clerk, visit.person_id) == visit.person
        made_up.act(visit, "finish", actor=clerk)
        assert not waits_in_cases(clerk, visit.person_id)
    assert View.objects.get().basis == View.Basis.TASK


def test_open_case__of_another_office_opens_no_file_here(clerk: Actor) -> None:
    elsewhere = make.officer(make.district("311010000"))
    visit = begun(Visit, elsewhere)
    with visits_as(opens_file=True):
        assert waits_in_cases(elsewhere, visit.person_id)
        assert not waits_in_cases(clerk, visit.person_id)
        with pytest.raises(ReasonNeeded):
            person_for(clerk, visit.person_id)
        seller = Actor(desk=Desk.SUPPLIER, user_id=uuid7(), organisation_id=uuid7())
        assert not waits_in_cases(seller, visit.person_id)
    assert not View.objects.exists()


# --- addresses


def test_url__is_the_page_of_the_desk_or_nothing(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    pages = {Desk.OFFICER: route("desks:officer-person", "person_id"), Desk.RECIPIENT: route("entrance:help", "")}
    kind = replace(VISITS, pages=pages)
    assert kind.url(visit, Desk.OFFICER) == reverse("desks:officer-person", args=[visit.person_id])
    assert kind.url(visit, Desk.RECIPIENT) == reverse("entrance:help")
    assert kind.url(visit, Desk.SUPPLIER) == ""
    assert VISITS.title(visit) == visit.number


def test_address_of__leads_to_the_actors_own_page_and_checks_the_actor(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    with visits_as(pages={Desk.OFFICER: route("desks:officer-person", "person_id")}):
        assert address_of("visit", clerk, visit.pk) == reverse("desks:officer-person", args=[visit.person_id])
        assert address_of("visit", make.recipient_of(visit.person), visit.pk) == ""
        with pytest.raises(NotFound):
            address_of("visit", make.recipient_of(make.person()), visit.pk)
    with pytest.raises(KeyError):
        address_of("nothing", clerk, visit.pk)


# --- who moves takes cases along


def test_follow_residence__takes_along_the_cases_of_the_person_and_no_others(clerk: Actor) -> None:
    mine, other, well = begun(Visit, clerk), begun(Visit, clerk), begun(Well, clerk)
    follow_residence(mine.person_id, AYAGOZ)
    for case in (mine, other, well):
        case.refresh_from_db()
    assert (mine.territory_code, other.territory_code, well.territory_code) == (
        AYAGOZ,
        clerk.territory,
        clerk.territory,
    )


def test_follow_residence__leaves_types_that_do_not_say_so(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    with visits_as(follows_residence=False):
        follow_residence(visit.person_id, AYAGOZ)
    visit.refresh_from_db()
    assert visit.territory_code == clerk.territory


def test_follow_residence__goes_by_the_column_that_the_type_names(clerk: Actor) -> None:
    """A column called ``person`` says nothing: here the case is about whom another column names."""
    visit = begun(Visit, clerk)
    with visits_as(scope=replace(VISITS.scope, person="organisation_id")):
        follow_residence(visit.person_id, AYAGOZ)
        visit.refresh_from_db()
        assert visit.territory_code == clerk.territory
        follow_residence(visit.organisation_id, AYAGOZ)
    visit.refresh_from_db()
    assert visit.territory_code == AYAGOZ


def test_follow_residence__is_one_statement_for_each_type_that_follows(
    clerk: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visits = [begun(Visit, clerk) for _n in range(2)]
    Visit._default_manager.update(person_id=visits[0].person_id)
    follows = [kind for kind in registry.all_types() if kind.follows_residence]
    with django_assert_num_queries(len(follows) + len(registry._followers)):
        follow_residence(visits[0].person_id, AYAGOZ)
    assert Visit._default_manager.filter(territory_code=AYAGOZ).count() == 2
