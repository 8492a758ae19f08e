"""Who is told what happens to a person; and what the fields of the person's export are called."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit, begun

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.keys import uuid7
from tirek.core.personal import export
from tirek.core.tables import Row
from tirek.notices import templates
from tirek.notices.models import Notice
from tirek.people.models import Person, Representation
from tirek.people.queries import representatives_of
from tirek.people.telling import accounts_to_tell, tell_person

DAY = timedelta(days=1)
TODAY = date(2026, 11, 9)
GUARDIAN, PARENT = Representation.Basis.GUARDIAN, Representation.Basis.PARENT


@pytest.fixture
def clerk(db: None) -> Iterator[Actor]:
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield make.officer()


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_templates", dict(templates._templates))
    templates.register("visit.moved", title="Visit", body="A visit on %(day)s")


def represents(for_whom: Person, by: Person, basis: str = GUARDIAN, **columns: object) -> Representation:
    known = {"since": date(2020, 1, 1)} | columns
    return Representation.objects.create(representative=by, represented=for_whom, basis=basis, **known)


def told(case: Row, person: Person) -> set[User]:
    """Whose inbox has the notice."""
    tell_person(person.pk, "visit.moved", case=case, day=TODAY)
    rows = Notice.objects.filter(template="visit.moved", case_type="visit", case_id=case.pk)
    return set(User.objects.filter(pk__in=rows.values("user_id")))


def test_tell__the_person_and_who_represents_the_person_each_once(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    guardian, stranger = make.person(), make.person()
    represents(visit.person, guardian)
    represents(visit.person, guardian, Representation.Basis.ATTORNEY)
    represents(guardian, stranger)
    represents(stranger, visit.person)
    assert told(visit, visit.person) == {visit.person.user, guardian.user}
    assert Notice.objects.count() == 2
    assert Notice.objects.values_list("context", flat=True)[0] == {"day": TODAY.isoformat()}


def test_tell__somebody_without_an_account_has_no_inbox(clerk: Actor) -> None:
    visit, guardian, without = begun(Visit, clerk), make.person(), make.person()
    Person.objects.filter(pk__in=[visit.person_id, without.pk]).update(user=None)
    represents(visit.person, guardian)
    represents(visit.person, without)
    assert told(visit, visit.person) == {guardian.user}


@pytest.mark.parametrize(
    ("columns", "is_told"),
    [
        ({"until": TODAY}, True),
        ({"until": TODAY - DAY}, False),
        ({"since": TODAY}, True),
        ({"since": TODAY + DAY}, False),
        ({"revoked_at": make.MORNING - DAY}, False),
        ({"revoked_at": make.MORNING}, False),
        ({"revoked_at": make.MORNING - DAY, "until": TODAY + DAY}, False),
    ],
    ids=["last day", "past the last day", "first day", "not begun", "revoked", "revoked now", "revoked in its term"],
)
def test_tell__a_representation_only_while_it_is_in_force(
    clerk: Actor, columns: dict[str, object], is_told: bool
) -> None:
    visit, guardian = begun(Visit, clerk), make.person()
    represents(visit.person, guardian, **columns)
    assert (guardian.user in told(visit, visit.person)) is is_told
    assert bool(representatives_of(visit.person)) is is_told, "the rule of the queries is the same"


def test_tell__no_representative_who_has_died(clerk: Actor) -> None:
    visit, guardian = begun(Visit, clerk), make.person()
    represents(visit.person, guardian)
    Person.objects.filter(pk=guardian.pk).update(deceased_on=TODAY - DAY)
    assert told(visit, visit.person) == {visit.person.user}


@pytest.mark.parametrize(
    ("born", "basis", "is_told"),
    [
        (date(2008, 11, 10), PARENT, True),
        (date(2008, 11, 9), PARENT, False),
        (date(2000, 1, 1), PARENT, False),
        (date(2008, 11, 9), GUARDIAN, True),
    ],
    ids=["the day before the 18th birthday", "on the birthday", "grown up", "a guardian"],
)
def test_tell__a_parent_until_the_child_is_of_age(clerk: Actor, born: date, basis: str, is_told: bool) -> None:
    visit, mother = begun(Visit, clerk), make.person()
    Person.objects.filter(pk=visit.person_id).update(birth_date=born)
    represents(visit.person, mother, basis)
    visit.person.refresh_from_db()
    assert (mother.user in told(visit, visit.person)) is is_told
    assert bool(representatives_of(visit.person)) is is_told, "the rule of the queries is the same"


def test_tell__the_parent_of_one_born_on_29_february_until_1_march(clerk: Actor) -> None:
    visit, mother = begun(Visit, clerk), make.person()
    Person.objects.filter(pk=visit.person_id).update(birth_date=date(2008, 2, 29))
    represents(visit.person, mother, PARENT)
    visit.person.refresh_from_db()
    for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)):
        with clock.at(make.MORNING.replace(month=day.month, day=day.day)):
            by_rule = {one.representative.user_id for one in representatives_of(visit.person)}
            assert set(accounts_to_tell(visit.person_id, day)) == {visit.person.user_id, *by_rule}, day


def test_tell__of_a_case_that_nobody_registered_fails(clerk: Actor) -> None:
    visit = begun(Visit, clerk)
    with pytest.raises(KeyError):
        tell_person(visit.person_id, "visit.unheard of", case=visit)
    assert not Notice.objects.exists()


# --- what the fields of the export are called


@pytest.mark.usefixtures("db")
def test_titles__come_from_the_app_of_the_section(monkeypatch: pytest.MonkeyPatch) -> None:
    """One name in two apps is called as each says; the common names serve who says nothing."""
    monkeypatch.setattr(export, "_titles", {"core": {"at": "When", "quantity": "Pieces"}})
    monkeypatch.setattr(export, "_sections", {})
    export.titles("visits", quantity="Times", said="Said")
    export.titles("wells", quantity="Litres")
    sections = {
        app: export.Section(code=app, app=app, title=app, place=1, models=(), read=lambda _subject: [])
        for app in ("visits", "wells", "others")
    }
    called = {app: export.title_of(one, "quantity") for app, one in sections.items()}
    assert called == {"visits": "Times", "wells": "Litres", "others": "Pieces"}
    assert {export.title_of(one, "at") for one in sections.values()} == {"When"}
    with pytest.raises(KeyError):
        export.title_of(sections["wells"], "said")


def test_section__belongs_to_the_app_whose_room_declares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_sections", {})

    def read(_subject: export.Subject) -> list[export.Entry]:
        return [{"quantity": 3, "inner": [{"said": "x"}]}]

    read.__module__ = "tirek.visits.personal"
    export.section("visits", title="Visits", place=1)(read)
    (one,) = export.sections()
    assert one.app == "visits"
    assert export.names_in(one.read(export.Subject(uuid7(), None))) == {"quantity", "inner", "said"}


@pytest.mark.parametrize("section", export.sections(), ids=lambda one: one.code)
def test_every_section__is_declared_in_its_own_app_and_its_titles_are_translated(section: export.Section) -> None:
    assert section.read.__module__.startswith(f"tirek.{section.app}.")
    for name, title in export._titles.get(section.app, {}).items():
        with translation.override("en"):
            english = str(title)
        for language in ("kk", "ru"):
            with translation.override(language):
                assert str(title) != english, f"{section.app} {name} {language}"
