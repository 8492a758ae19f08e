"""One search at the officer's desk: people by name, phone and IIN, cases by number, of the territory only; each look is
recorded.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import signed_in
from tests.kit.world import World
from tests.repo.test_scale import catching, pack, whole_reads

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.database import ratelimit
from tirek.core.folding import folded
from tirek.core.identifiers import Sex, synthetic_iin
from tirek.core.personal import viewlog
from tirek.core.personal.viewlog import ReasonNeeded, View
from tirek.people import finding
from tirek.people.finding import TooFewLetters, TooManyFound, by_name, by_phone
from tirek.people.models import Person, Representation

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-O6"), pytest.mark.usefixtures("_english")]


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def officer() -> Actor:
    return make.officer(make.district())


def named(surname: str, given: str, patronymic: str = "", **kept: object) -> Person:
    person = make.person(**kept)  # type: ignore[arg-type]  # what the factory takes
    person.surname, person.given_name, person.patronymic = surname, given, patronymic
    person.save()
    return person


def sought(client: Client, text: str) -> Page:
    """The answer to a search, as a browser comes to it."""
    answer = client.post("/office/people", {"what": text})
    if answer.status_code != 302:
        return read(answer)
    assert text not in answer["Location"]
    return read(client.get(answer["Location"]))


# --- names


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Серікова", "Серикова"),
        ("Серікова", "СЕРИКОВА"),
        ("Серікова", "Серiкова"),  # a Latin i
        ("Әлімұлы", "алимулы"),
        ("Қаңтарбаев", "Кантарбаев"),
        ("Өтеғұлова", "Отегулова"),
        ("Үмбетова", "умбетова"),
        ("Һарұнова", "Харунова"),
        ("Алёшина", "Алешина"),
        ("Ким-Сергеева", "ким сергеева"),
        ("Ким‑Сергеева", "Ким-Сергеева"),
        ("Omarova", "OMAROVA"),
    ],
)
def test_name__is_found_as_people_type_it(officer: Actor, name: str, typed: str) -> None:
    person = named(name, "Айгүл")
    named("Басқа", "Адам")
    assert folded(name) == folded(typed)
    assert [one.key for one in by_name(officer, typed)] == [person.pk]
    assert [one.key for one in by_name(officer, typed[:5])] == [person.pk], "a beginning is enough"


@pytest.mark.parametrize(
    "typed",
    [
        "Серикова Алия",
        "сер ал",
        "Алия Серикова",
        "Серикова Алия Ерлановна",
        "Алия Ерлановна Серикова",
        "Серикова 1957",
        "Серикова Алия 1957",
    ],
)
def test_name__with_given_name_patronymic_or_year_leaves_one(officer: Actor, typed: str) -> None:
    wanted = named("Серікова", "Әлия", "Ерланқызы Ерлановна", born=date(1957, 3, 8))
    wanted.patronymic = "Ерлановна"
    wanted.save()
    named("Серікова", "Бибігүл", "Ерлановна", born=date(1980, 3, 8))
    named("Ахметова", "Әлия", "Маратқызы", born=date(1957, 3, 8))
    assert [one.key for one in by_name(officer, typed)] == [wanted.pk]


def test_name__tells_two_apart_by_year_and_district_and_no_more(officer: Actor) -> None:
    old, young = (named("Серікова", "Әлия", born=born) for born in (date(1957, 3, 8), date(2001, 5, 6)))
    page = sought(signed_in(officer), "серикова алия")
    assert sorted(row for row in page.rows if "Серікова" in row[0]) == [
        [one.full_name, str(one.birth_date.year), one.territory.name] for one in (old, young)
    ]
    for told in (old.iin, old.address, "7011234567", "1957-", "8 March"):
        assert told not in page.main


def test_search__of_too_little_or_too_many_says_what_to_add(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_FOUND", 2)
    for born in (date(1957, 3, 8), date(1960, 3, 8), date(2001, 5, 6)):
        named("Серікова", "Әлия", born=born)
    client = signed_in(officer)
    page = sought(client, "серикова")
    assert (page.status, "Add the given name, the patronymic or the year of birth" in page.main) == (422, True)
    assert not View.objects.exists(), "nobody was shown"
    assert sought(client, "серикова 1957").status == 200
    for text in ("с", "1957", "с алия"):
        assert "Type at least two letters of the surname." in sought(client, text).main or text == "1957"
    with pytest.raises(TooManyFound):
        by_name(officer, "Серікова")
    with pytest.raises(TooFewLetters):
        by_name(officer, "%")


def test_search__finds_nobody_of_another_territory(officer: Actor) -> None:
    stranger = named("Серікова", "Әлия", place=make.district("311010000"), phone="+77017654321")
    neighbour = named("Серікова", "Мәлика", place=make.district("101010000"))
    client = signed_in(officer)
    for text in ("Серікова", "+7 701 765 43 21", stranger.iin):
        assert sought(client, text).status == 404, text
    region = make.officer(make.district("100000000"))
    assert [one.key for one in by_name(region, "Серікова")] == [neighbour.pk]
    assert not View.objects.filter(subject_id=stranger.pk).exists()
    with pytest.raises(TooFewLetters):
        by_name(make.recipient_of(stranger), "Серікова")


# --- looks


def test_search__is_recorded_with_each_who_was_shown_and_opens_no_file(officer: Actor) -> None:
    first, second = named("Серікова", "Әлия"), named("Серікова", "Бота")
    client = signed_in(officer)
    sought(client, "серикова")
    sought(client, "сериков")
    rows = View.objects.filter(user_id=officer.user_id)
    assert {(one.subject_id, one.basis) for one in rows} == {(first.pk, "search"), (second.pk, "search")}
    assert len(rows) == 2, "one look within ten minutes"
    with pytest.raises(ReasonNeeded):
        viewlog.look(officer, first.pk)
    answer = client.get(f"/office/people/{first.pk}")
    assert "reason" in answer["Location"], "found by name is not present at the counter"
    with clock.at(make.MORNING + timedelta(minutes=11)):
        by_name(officer, "серикова алия")
    assert View.objects.filter(subject_id=first.pk).count() == 2


def test_person__sees_who_found_the_name_in_a_search(officer: Actor) -> None:
    person = named("Серікова", "Әлия")
    make.agree(person)
    by_name(officer, "серикова")
    page = open_page(signed_in(make.recipient_of(person)), "/my-data")
    assert "found in a search, file not opened" in page.main


def test_search__by_the_identity_card_opens_the_file_as_before(officer: Actor) -> None:
    person = named("Серікова", "Әлия")
    spaced = f"{person.iin[:6]} {person.iin[6:]}"
    answer = signed_in(officer).post("/office/people", {"what": spaced})
    assert answer["Location"] == f"/office/people/{person.pk}"
    assert View.objects.get().basis == View.Basis.PRESENT
    page = sought(signed_in(officer), "880412401017")
    assert (page.status, len(page.errors)) == (422, 1)


def test_search__stands_in_no_address_and_can_be_gone_back_to(officer: Actor) -> None:
    named("Серікова", "Әлия")
    client = signed_in(officer)
    address = client.post("/office/people", {"what": "Серикова"})["Location"]
    assert not {"Серикова", "%D0"} & {urlsplit(address).query, address}
    assert "%D0" not in address
    assert open_page(client, address).main == open_page(client, address).main
    assert 'value="Серикова"' in open_page(client, address).html
    assert open_page(client, "/office/people?sought=nonsense").status == 200


# --- phones


@pytest.mark.parametrize("typed", ["+7 701 765-43-21", "8 (701) 765 43 21", "87017654321", "7017654321"])
def test_phone__is_found_in_any_spelling_with_whom_its_owner_represents(officer: Actor, typed: str) -> None:
    mother = named("Серікова", "Әлия", phone="+77017654321")
    son = named("Серіков", "Әлихан", born=date(2016, 4, 2), phone="")
    Representation.objects.create(representative=mother, represented=son, basis="parent", since=date(2020, 1, 1))
    page = sought(signed_in(officer), typed)
    assert {row[0] for row in page.rows if "Серіков" in row[0]} == {
        mother.full_name,
        f"{son.full_name} Represented by: {mother.full_name}",
    }
    assert "7654321" not in page.main.replace(" ", "").replace(typed, "")
    assert set(View.objects.values_list("subject_id", flat=True)) == {mother.pk, son.pk}
    elsewhere = make.officer(make.district("311010000"))
    assert by_phone(elsewhere, "+77017654321") == []


# --- numbers


def test_number__in_any_spelling_leads_to_its_case() -> None:
    world = World()
    order = world.order(3)
    client, elsewhere = signed_in(world.officer), signed_in(make.officer(make.district("311010000")))
    year, serial = order.number.split("-")[1:]
    for typed in (order.number, f"tc {year} {serial}", f"TC{year}{serial}", f"№ {int(serial)}"):
        answer = client.post("/office/people", {"what": typed})
        assert unquote(answer["Location"]) == f"/office/orders/{order.number}", typed
        assert sought(elsewhere, typed).status == 404
    asked = world.asked
    answer = client.post("/office/people", {"what": asked.number})
    assert unquote(answer["Location"]) == f"/office/requests/{asked.number}"


# --- the whole country


def test_search__reads_by_an_index() -> None:
    pack()
    world = World()
    world.grow()
    for text in ("Сынақова", "Айгүл Сынақова", "Сынақова Айгүл Ерланқызы 1980"):
        with catching() as caught:
            by_name(world.officer, text)
        assert whole_reads(caught) == []
    with catching() as caught:
        by_phone(world.officer, "+77011234567")
    assert whole_reads(caught) == []


def test_search__reads_no_district_off(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SEARCHES", (ratelimit.Limit(times=2, within=timedelta(minutes=10)),))
    person = named("Серікова", "Динара")
    client = signed_in(officer)
    for text in ("Серикова", "+7 701 000 00 99"):
        sought(client, text)
    refused = sought(client, "Серикова")
    assert refused.status == 429
    assert person.full_name not in refused.main
    assert "Серикова" in refused.html, "what was typed is kept"
    assert sought(signed_in(make.officer(person.territory)), "Серикова").status == 200


@pytest.mark.finding("A-search")
def test_search__asks_the_same_for_nobody_and_for_somebody_of_another_territory(officer: Actor) -> None:
    stranger = named("Бөтенова", "Әлия", place=make.district("311010000"), phone="+77017654321")
    nobody = synthetic_iin(date(1990, 3, 8), Sex.FEMALE, 77).digits
    client = signed_in(officer)
    for known, unknown in (("+7 701 765 43 21", "+7 701 765 43 22"), ("Бөтенова", "Жатова"), (stranger.iin, nobody)):
        answers, asked = [], []
        for text in (known, unknown):
            with CaptureQueriesContext(connection) as caught:
                page = sought(client, text)
            answers.append((page.status, page.main.replace(text, "")))
            asked.append([one["sql"].split("WHERE")[0] for one in caught if "people_" in one["sql"]])
        assert answers[0] == answers[1]
        assert asked[0] == asked[1] != [], known


@pytest.mark.finding("A-search")
def test_search__by_iin_is_counted_too_over_all_sessions(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SEARCHES", (ratelimit.Limit(times=2, within=timedelta(minutes=10)),))
    person = named("Серікова", "Динара")
    tried = [synthetic_iin(date(1990, 3, 8), Sex.FEMALE, serial).digits for serial in (71, 72)]
    assert [sought(signed_in(officer), one).status for one in tried] == [404, 404]
    for text in (person.iin, "Серикова", "+7 701 000 00 99"):
        assert sought(signed_in(officer), text).status == 429, text
    assert not View.objects.filter(subject_id=person.pk).exists()
