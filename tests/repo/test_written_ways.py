"""No text leaves a telephone as the only way: who cannot hear or speak is told how to write, or where to come."""

import re
from pathlib import Path

import polib
import pytest
from django.template.loader import get_template
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.core import clock
from tirek.ui.text import ways_of_help

pytestmark = pytest.mark.finding("J-B2")
HERE = Path(__file__).parents[2] / "src" / "tirek"
#: Officers who call a person are told of those who cannot be called by their own task.
CALLS = re.compile(r"1414|\b[Cc]all (?:the (?!person)|it\b|your\b)")
OTHERWISE = re.compile(
    r"\b(?:[Ww]rite|writing|on the site|tell your|tell the department|ask here|ask for more time|e-mail)\b|"
    r"at the office of your district|%\(ways\)s"
)
#: Sentences of pages that have the written way as a link beside them, by the template that shows it.
BESIDE = {
    "Questions? Call 1414.": "ui/footer.html",
    "You can also call 1414.": "404.html",
    "If you think you should be able to open it, call 1414.": "403.html",
    "Questions: call 1414, free of charge.": "accounts/public/sign_in.html",
    "Questions: call 1414, free of charge, day and night.": "site/status.html",
    "Call 1414, free of charge, day and night.": "site/help.html",
    "Call 1414 and say which page. The report goes to those who build it.": "site/accessibility.html",
    "Or call 1414": "orders/ordering/nobody_offers.html",
    "Say what is missing or wrong, here or at 1414.": "entitlements/recipient/programme.html",
}


def msgids() -> dict[str, str]:
    """Every text that people may read, with the app that has it."""
    found = {}
    for catalogue in sorted(HERE.glob("*/locale/ru/LC_MESSAGES/django.po")):
        for one in polib.pofile(str(catalogue)):
            if not one.obsolete:
                found[one.msgid] = catalogue.parents[3].name
    return found


def test_every_text_that_names_a_telephone__names_another_way() -> None:
    calling = {text: app for text, app in msgids().items() if CALLS.search(text)}
    assert len(calling) > len(BESIDE), "the pattern finds what it looks for"
    assert {text: app for text, app in calling.items() if not OTHERWISE.search(text) and text not in BESIDE} == {}
    assert set(BESIDE) <= set(calling), "what is not said any more needs no exception"


@pytest.mark.parametrize("name", sorted(set(BESIDE.values())))
def test_page_that_names_the_help_line__has_a_way_to_write(name: str) -> None:
    source = get_template(name).template.source  # type: ignore[attr-defined]
    assert re.search(r"ui/write_office\.html|frame\.write_url|\bwrite\b", source)


@pytest.mark.parametrize(
    ("language", "office"), [("kk", "кез келген бөлім"), ("ru", "любой отдел"), ("en", "any office")]
)
def test_short_messages__name_the_mail_box_or_an_office_beside_the_telephone(language: str, office: str) -> None:
    with translation.override(language):
        with override_settings(TIREK_CONTACT_EMAIL="help@example.kz"):
            assert ways_of_help() == "1414, help@example.kz"
        with override_settings(TIREK_CONTACT_EMAIL=""):
            assert ways_of_help() == f"1414, {office}"


@pytest.mark.django_db
def test_staff_and_visitors__see_the_mail_box_at_the_foot_and_beside_a_refusal() -> None:
    with clock.at(clock.now()), override_settings(TIREK_CONTACT_EMAIL="help@example.kz"):
        world = World()
        for actor in (world.officer, world.supplier_actor):
            client = world.client(actor)
            assert 'href="mailto:help@example.kz"' in open_page(client, reverse("entrance:status")).html
            refused = open_page(client, "/no-such-page", status=404)
            assert refused.html.count('href="mailto:help@example.kz"') == 2, "in the page and at its foot"
        assert "mailto:" not in open_page(world.client(world.actor), reverse("entrance:help")).html


@pytest.mark.django_db
def test_staff__without_a_mail_box_are_not_left_with_the_telephone_alone() -> None:
    with clock.at(clock.now()), override_settings(TIREK_CONTACT_EMAIL=""):
        world = World()
        page = open_page(world.client(world.officer), "/no-such-page", status=404)
        assert page.text.count("Or come to any office.") == page.html.count('href="tel:1414"') == 2
        assert "come to any office" not in open_page(world.client(world.actor), "/no-such-page", status=404).text
