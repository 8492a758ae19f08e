"""What is meant for the person does not stand at the officer's desk."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.entitlements import queries, reasons, rules
from tirek.entitlements.models import Line
from tirek.entitlements.reasons import Reader
from tirek.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-O2"), pytest.mark.usefixtures("_english")]
#: Said to the person, never to who serves the person.
TO_PERSON = re.compile(
    r"You can order|you order|You have received|stays yours|Your (?:open order|programme|employer|answers|local)|"
    r"We write to you|you lose|You lose|tell me when|what you need|call 1414 or|your clinic|your department arranges"
)


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def world() -> World:
    made = World()
    Person.objects.filter(pk=made.person.pk).update(language="en")
    return made


def test_pages_of_the_counter__speak_of_the_recipient(world: World) -> None:
    client, line = signed_in(world.officer), world.line
    order, draft = world.order(1, actor=world.officer), world.officer_draft
    nobody = make.kind("SM-11")
    make.programme(world.person, nobody)
    lonely = Line.objects.get(person=world.person, kind=nobody)
    pages = {
        "file": f"/office/people/{world.person.pk}",
        "line": f"/office/lines/{line.pk}",
        "offers": f"/order/{line.pk}",
        "offer": f"/order/{line.pk}/offers/{world.offer.pk}",
        "no offers": f"/order/{lonely.pk}",
        "quantity": reverse("orders:step", args=[draft.pk, "quantity"]),
        "check": reverse("orders:step", args=[draft.pk, "check"]),
        "receipt": reverse("orders:receipt", args=[order.number]),
        "request": f"/office/requests/{world.asked.number}",
        "tasks": "/office/tasks",
    }
    found: dict[str, Page] = {name: open_page(client, address) for name, address in pages.items()}
    # an officer reads there what the person reads, and is told so
    seen = found["request"].main.partition("The person sees now:")
    found["request"] = Page(200, f"<main>{seen[0]}</main>")
    assert {name: TO_PERSON.findall(page.main) for name, page in found.items() if TO_PERSON.search(page.main)} == {}
    assert "Check the answers" in found["check"].headings
    assert "We write to the recipient at every step." in found["receipt"].main
    assert "Waits for an answer" in found["tasks"].main
    mine = open_page(signed_in(world.actor), f"/order/{lonely.pk}")
    assert "Tell the department, and tell me when there is one" in mine.main, "the person reads as before"


def test_line__says_to_the_office_why_nothing_can_be_ordered_in_its_own_words(world: World) -> None:
    line = world.line
    for reason in rules.Reason:
        for day in (None, clock.today()):
            state = rules.availability(queries.circumstances(line, clock.today()), [], on=clock.today(), taken=0)
            state = type(state)(**{**{name: getattr(state, name) for name in state.__slots__}, "reason": reason})
            if day is None:
                state = type(state)(**{**{name: getattr(state, name) for name in state.__slots__}, "from_day": None})
            try:
                answer = reasons.of_line(line, state, reader=Reader.OFFICE)
                told = f"{answer.sentence} {answer.next_step}"
            except KeyError:
                with pytest.raises(KeyError):
                    reasons.of_line(line, state)
                continue
            assert not TO_PERSON.search(told), told
            assert not re.search(r"\b[Yy]ou\b", told), told


def test_menu__marks_home_on_its_own_page_and_on_no_other(world: World) -> None:
    client = signed_in(world.officer)

    def marked(address: str) -> list[str]:
        menu = open_page(client, address).html.partition("<main")[0]
        return re.findall(r'href="([^"]+)"\s+aria-current="true"', menu)

    assert marked("/office") == ["/office"]
    assert marked(f"/office/requests/{world.asked.number}") == []
    assert marked(f"/office/orders/{world.placed.number}") == ["/office/orders"]
