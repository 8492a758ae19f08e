"""What an officer sees of a person: measurements with who measured, and how to reach and serve the person."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from tests import factories as make
from tests.entitlements.test_terms import LAST_DAY, noon, passed
from tests.kit.pages import open_page
from tests.kit.sign_in import for_years
from tests.kit.world import World

from tirek.core import clock
from tirek.entitlements.models import OrderingTerm
from tirek.notices.templates import render_many
from tirek.orders.models import Order
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement, Needs

pytestmark = pytest.mark.django_db
WRITE = "Do not call: write"


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


def text(world: World, address: str, *, officer: bool = True, language: str = "en") -> str:
    make.came(world.officer, world.person)
    client = world.client(world.officer if officer else world.actor)
    client.cookies["tirek_language"] = language
    return open_page(client, address).text


def measure(world: World, *, at_counter: bool) -> None:
    record_measurement(
        actor=world.officer if at_counter else world.actor,
        person=world.person,
        parameter="waist_cm",
        value=Decimal("98.50"),
        measured_on=clock.today(),
        source=Measurement.Source.OFFICER,
    )


def needs(world: World, **recorded: bool) -> None:
    Needs.objects.create(person=world.person, contact_language="ru", **recorded)


@pytest.mark.parametrize(("language", "number"), [("en", "98.5 cm"), ("ru", "98,5 см"), ("kk", "98,5 см")])
def test_file__shows_each_measurement_with_unit_day_and_who_measured(world: World, language: str, number: str) -> None:
    with clock.at(make.MORNING):
        measure(world, at_counter=False)
        page = text(world, f"/office/people/{world.person.pk}", language=language)
    assert number in page
    assert f": {world.person.full_name}" in page
    if language == "en":
        assert "Waist 98.5 cm · 9 November 2026 Measured by: the person or the family" in page


def test_file__says_that_nothing_was_measured_yet(world: World) -> None:
    with clock.at(make.MORNING):
        assert "They are asked for when something is ordered." in text(world, f"/office/people/{world.person.pk}")


def test_own_data__say_who_measured(world: World) -> None:
    with clock.at(make.MORNING):
        measure(world, at_counter=True)
        page = text(world, "/my-data", officer=False)
    assert "98.5 cm · 9 November 2026 Measured by: officer at the counter" in page


def test_file__says_how_to_reach_and_serve_the_person(world: World) -> None:
    with clock.at(make.MORNING):
        needs(world, no_voice_calls=True, sign_language=True)
        page = text(world, f"/office/people/{world.person.pk}")
    assert re.search(rf"Phone on file \S[^A-Za-z]* {WRITE}", page)
    assert f"How to reach and serve the person {WRITE} Uses sign language Language: Русский" in page


def test_file__of_somebody_without_needs_asks_for_nothing(world: World) -> None:
    with clock.at(make.MORNING):
        assert WRITE not in text(world, f"/office/people/{world.person.pk}")


@pytest.mark.parametrize("quiet", [True, False])
def test_task_to_call__says_write_where_the_person_asked_for_it(world: World, *, quiet: bool) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        Order.objects.filter(pk=order.pk).update(office_task=Order.OfficeTask.CONFIRMATION)
        needs(world, no_voice_calls=quiet, large_print=True)
        pages = [
            text(world, f"/office/{path}") for path in ("orders", f"orders/{order.number}", f"people/{world.person.pk}")
        ]
    said, other = ("write to the person", "call the person") if quiet else ("call the person", "write to the person")
    for page in pages:
        assert said in page.lower()
        assert other not in page.lower()
    assert (f"+7 701 123 45 67 {WRITE}" in pages[1].replace("\xa0", " ")) is quiet
    assert "Needs large print" in pages[1]


def test_home__says_write_on_the_task(world: World) -> None:
    with clock.at(make.MORNING):
        world.grow()
        Order.objects.filter(state=Order.State.AWAITING_CONFIRMATION).update(office_task=Order.OfficeTask.CONFIRMATION)
        assert "Call: has the order come?" in text(world, "/office")
        needs(world, no_voice_calls=True)
        page = text(world, "/office")
    assert "Write: has the order come?" in page
    assert "Call: has the order come?" not in page


def test_supplier__sees_that_the_person_is_not_called_and_no_other_need(world: World) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        needs(world, no_voice_calls=True, sign_language=True)
        mine = text(world, f"/orders/{order.number}", officer=False)
        theirs = world.client(world.supplier_actor).get(f"/supply/orders/{order.number}").content.decode()
    assert WRITE not in mine
    assert WRITE in theirs
    assert f"tel:{order.phone}" not in theirs
    assert "Uses sign language" not in theirs


def test_people_who_did_not_order_in_time__are_written_to_where_they_asked_for_it(world: World) -> None:
    term, client = passed(world), for_years(world.officer)
    with clock.at(noon(LAST_DAY.replace(day=13))):
        page, called = "/office/tasks", client.get(f"/office/terms/{term.number}").content.decode()
        assert WRITE not in client.get(page).content.decode()
        needs(world, no_voice_calls=True)
        assert WRITE in client.get(page).content.decode()
        html = client.get(f"/office/terms/{term.number}").content.decode()
    assert 'href="tel:+77011234567"' in called
    assert WRITE in html
    assert 'href="tel:+77011234567"' not in html


def test_time_out__promises_no_call_to_somebody_who_may_have_asked_for_none(world: World) -> None:
    term = OrderingTerm.objects.get(person=world.person)
    with translation.override("en"):
        (told,) = render_many("term.passed", [{"kind": "GI-01", "day": term.order_by.isoformat()}])
    for one in (told.body, told.sms):
        assert "will contact you" in one
        assert "will call you" not in one
