"""The home of somebody who acts for many people: each has a card, who is waited for stands first."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.pages import open_page, pressed
from tests.kit.sign_in import registered
from tests.kit.world import World
from tests.procurement.declared import choosing

from tirek.core import clock
from tirek.core.sorting import sort_key
from tirek.orders.models import Order
from tirek.people.models import Person, Representation

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-wards")]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def world() -> World:
    return World()


def director_of(people: list[Person]) -> Person:
    """Somebody who acts for these, by name in this order."""
    found = make.person()
    for n, one in enumerate(people):
        name = "АБВГДЕЖЗИК"[n]
        Person.objects.filter(pk=one.pk).update(surname=name, given_name=f"Бала {n}", sort_key=sort_key(f"{name} {n}"))
        Representation.objects.create(
            representative=found, represented=one, basis="guardian", document_number="1", since=date(2020, 1, 1)
        )
    return found


def cards(director: Person) -> list[str]:
    page = open_page(registered(director), "/home")
    return [one for one in page.headings if "Бала" in one]


def test_every_ward__has_a_card_with_the_way_to_the_page(world: World) -> None:
    people = [make.person() for _n in range(6)] + [world.person]
    director = director_of(people)
    names = [f"{'АБВГДЕЖ'[n]} Бала {n}" for n in range(7)]
    assert len(cards(director)) == 7
    assert all(any(name in one for one in cards(director)) for name in names)
    sixth = pressed(open_page(registered(director), "/home"), "The page of Бала 5")
    assert sixth["person"] == str(people[5].pk)


def test_ward_of_whom_an_order_waits__stands_first(world: World) -> None:
    people = [make.person() for _n in range(6)] + [world.person]
    director = director_of(people)
    assert "Бала 0" in cards(director)[0]
    order = world.order(3)
    Order.objects.filter(pk=order.pk).update(state=next(iter(Order.NEEDS_PERSON)))
    page = open_page(registered(director), "/home")
    assert "Бала 6" in cards(director)[0]
    assert "1 order waits for you" in page.main
    there = pressed(page, "1 order waits for you")
    assert (there["person"], there["next"]) == (str(world.person.pk), "/orders")


def test_ward_whose_fitting_waits_for_a_time__stands_first(world: World) -> None:
    people = [make.person() for _n in range(6)] + [make.person(place=world.place)]
    director = director_of(people)
    choosing(world, who=people[-1])
    page = open_page(registered(director), "/home")
    assert "Бала 6" in cards(director)[0]
    assert "1 purchase waits for you" in page.main


def test_more_wards__ask_no_more_of_the_database(world: World) -> None:
    few, many = (director_of([make.person() for _n in range(count)]) for count in (6, 9))
    counts = []
    for one in (few, many):
        browser = registered(one)
        open_page(browser, "/home")
        with CaptureQueriesContext(connection) as asked:
            open_page(browser, "/home")
        counts.append(len(asked))
    assert counts[0] == counts[1]
