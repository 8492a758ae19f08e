"""The page around the content: language switch, menu, session, display."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client, RequestFactory
from tests.markup import folded

from tirek.core.actors import Actor, Desk
from tirek.ui import browser, display, navigation
from tirek.ui.context import Frame, page

SOMEBODY = UUID("00000000-0000-7000-8000-0000000000aa")


def html_of(client: Client, path: str, **options: Any) -> str:
    return folded(client.get(path, **options).content.decode())


def test_language__is_remembered_and_comes_back_to_page_and_query(client: Client) -> None:
    html = html_of(client, "/?page=3&q=a+b")
    link = re.search(r'href="([^"]+)" lang="ru"', html)
    assert link
    response = client.get(link[1].replace("&amp;", "&"))
    assert response.headers["Location"] == "/?page=3&q=a+b"
    assert client.cookies["tirek_language"].value == "ru"
    assert '<html lang="ru"' in html_of(client, "/?page=3")


def test_language__never_leads_to_another_site(client: Client) -> None:
    assert client.get("/language/kk?next=https://evil.example/").headers["Location"] == "/"
    assert client.get("/language/kk?next=//evil.example/").headers["Location"] == "/"
    assert client.get("/language/de").status_code == 404


def test_language__after_an_answer_with_errors_comes_back_to_the_page_of_the_form(client: Client) -> None:
    response = client.post("/form", {}, headers={"Referer": "http://testserver/form?step=2", "Accept-Language": "en"})
    assert "next=%2Fform%3Fstep%3D2" in response.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page__has_language_title_and_one_main(client: Client, language: str) -> None:
    html = html_of(client, "/", headers={"Accept-Language": language})
    assert f'<html lang="{language}"' in html
    assert html.count("<main") == 1
    assert re.search(r"<title>Gallery – \S", html)


def test_anonymous_page__asks_the_database_nothing(client: Client, world: Any) -> None:
    # without the `db` fixture any statement would fail the test
    world.signed_in = None
    html = html_of(client, "/plain")
    assert "data-who" not in html
    assert "session-dialog" not in html
    assert "/sign-in?next=%2Fplain" in html


def test_signed_in_page__tells_its_script_who_how_long_and_the_key(client: Client, world: Any) -> None:
    html = html_of(client, "/plain")
    assert f'data-who="{browser.who(world.signed_in)}"' in html
    assert f'data-store-key="{browser.store_key(world.signed_in)}"' in html
    seconds = re.search(r'data-session-seconds-left="(\d+)"', html)
    assert seconds
    assert 1700 < int(seconds[1]) <= 1800


def test_shared_computer__gets_no_key(client: Client, world: Any) -> None:
    world.shared = True
    html = html_of(client, "/plain")
    assert 'data-shared="true"' in html
    assert "data-store-key" not in html


def test_store_key__is_the_persons_own() -> None:
    other = UUID("00000000-0000-7000-8000-0000000000bb")
    assert browser.store_key(SOMEBODY) == browser.store_key(SOMEBODY)
    assert browser.store_key(SOMEBODY) != browser.store_key(other)
    assert browser.who(SOMEBODY) != browser.who(other)
    assert SOMEBODY.hex not in browser.who(SOMEBODY)


def test_session__ended_looks_like_anonymous(client: Client, world: Any) -> None:
    world.ends_at = datetime.now(UTC) - timedelta(seconds=1)
    assert "data-who" not in html_of(client, "/plain")


def test_menu__shows_the_desk_in_order_marks_the_section_and_counts(client: Client, world: Any) -> None:
    html = html_of(client, "/form", headers={"Accept-Language": "en"})
    labels = re.findall(r'govuk-service-navigation__link"[^>]*>(?:<strong[^>]*>)?([^<]+)', html)
    assert [label.strip() for label in labels] == ["My programme", "My orders", "My details"]
    current = re.search(r'href="([^"]+)" aria-current="true"', html)
    assert current
    assert current[1] == "/form"
    world.desk = Desk.SUPPLIER
    assert "govuk-service-navigation__item" not in html_of(client, "/form")


def test_menu__entry_whose_page_does_not_exist_is_left_out(client: Client, world: Any) -> None:
    navigation.register(Desk.RECIPIENT, "Nowhere", "nowhere:page", 1)
    assert "Nowhere" not in html_of(client, "/plain")


def test_menu__section_opens_its_pages_and_one_with_a_single_page_is_that_page(client: Client, world: Any) -> None:
    for label, name, order in (("Near", "plain", 41), ("Far", "receipt", 42)):
        navigation.register(Desk.RECIPIENT, label, name, order, count=lambda _request: 2, section=navigation.FIGURES)
    navigation.register(Desk.RECIPIENT, "Alone", "check", 5, section=navigation.GOODS)
    html = html_of(client, "/plain", headers={"Accept-Language": "en"})
    labels = re.findall(r'govuk-service-navigation__link[^"]*"[^>]*>\s*(?:<strong[^>]*>)?([^<]+)', html)
    told = ["Alone", "My programme", "My orders", "My details", "Figures", "Near", "Far"]
    assert [label.strip() for label in labels] == told
    opened = re.search(r'menu-section--open">\s*<a[^>]+href="([^"]+)"(.*?)</a>', html, re.DOTALL)
    assert opened
    assert opened[1] == "/plain"
    assert '<span class="count">4</span>' in opened[2]
    assert re.findall(r'href="([^"]+)"\s+aria-current="true"', html) == ["/plain"], "the page, not its section"
    assert "menu-section--open" not in html_of(client, "/form")


def test_standing__says_for_whom_the_person_acts(client: Client, world: Any) -> None:
    assert "You act for Aiym S." in html_of(client, "/plain")
    world.signed_in = None
    assert "You act for Aiym S." not in html_of(client, "/plain")


def test_frame__of_a_request_without_actor_is_that_of_anybody() -> None:
    request = RequestFactory().get("/x")
    frame = page(request)["frame"]
    assert not frame.is_signed_in
    assert frame.navigation == [link for link in frame.navigation if link.url]
    assert frame.unread == 0


def test_frame__takes_the_term_of_the_session_when_nobody_tells_what_is_left(settings: Any) -> None:
    request = RequestFactory().get("/x")
    request.actor = Actor(desk=Desk.RECIPIENT, user_id=SOMEBODY)  # type: ignore[attr-defined]
    assert Frame(request).seconds_left == settings.SESSION_COOKIE_AGE


def test_display__is_remembered_and_becomes_classes(client: Client) -> None:
    chosen = {
        "size": "150",
        "contrast": "dark",
        "spacing": "wide",
        "pictures": "hidden",
        "next": "/?page=3",
    }
    response = client.post("/display", chosen)
    assert response.headers["Location"] == "/?page=3"
    html = html_of(client, "/")
    assert "display-size-150 display-contrast-dark display-spacing-wide display-pictures-hidden" in html
    assert "<img" not in html
    assert "Drawing of a walking frame" in html


def test_display__shows_what_is_chosen_and_forgets_it_on_request(client: Client) -> None:
    client.post("/display", {"size": "200", "contrast": "usual", "spacing": "usual", "pictures": "shown"})
    assert 'value="200" id="id_size_3" checked' in html_of(client, "/display")
    client.post("/display", {"usual": "1"})
    assert "display-size" not in html_of(client, "/")


def test_display__refuses_what_is_not_on_the_list(client: Client) -> None:
    assert client.post("/display", {"size": "999"}).status_code == 422


def test_display__reads_cookies_of_other_versions() -> None:
    assert display.Display.parse("size=150.smell=roses.contrast=pink") == display.Display(size=display.Size.LARGER)
    assert display.Display.parse("") == display.Display()
    assert (
        display.Display.parse(display.Display(contrast=display.Contrast.YELLOW).dump()).contrast
        == display.Contrast.YELLOW
    )


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_error_pages__lead_on(client: Client, status: int) -> None:
    html = html_of(client, f"/broken/{status}", headers={"Accept-Language": "en"})
    assert "1414" in html
    assert 'href="/"' in html


@pytest.mark.parametrize("name", ["400.html", "413.html", "500.html", "503.html"])
def test_pages_of_a_broken_server__need_no_context_and_speak_three_languages(name: str) -> None:
    html = get_template(name).render()
    words = re.findall(r'<section lang="(kk|ru|en)">(.*?)</section>', html, re.DOTALL)
    assert [language for language, _text in words] == ["kk", "ru", "en"]
    assert all("1414" in text and 'href="/"' in text for _language, text in words)
    assert "·" in html.partition("<title>")[2].partition(" – ")[0]


def test_pagination__keeps_the_query_and_marks_the_page(client: Client) -> None:
    html = html_of(client, "/?page=3&q=a", headers={"Accept-Language": "en"})
    assert 'href="?page=2&amp;q=a" rel="prev"' in html
    assert 'aria-label="Page 3" aria-current="page"' in html


def test_confirmation_and_refusal__say_what_and_how_to_go_on(client: Client) -> None:
    assert "No, go back" in html_of(client, "/confirm", headers={"Accept-Language": "en"})
    html = html_of(client, "/refusal", headers={"Accept-Language": "en"})
    assert "You can order again from 1 January." in html


def test_wiping_page__says_so_to_its_script(client: Client) -> None:
    assert "data-wipe-store" in html_of(client, "/plain?wipe=1")


def test_page__speaks_kazakh(client: Client) -> None:
    html = html_of(client, "/plain", headers={"Accept-Language": "kk"})
    assert "Әлеуметтік көрсетілетін қызметтер порталы" in html
    assert "Негізгі мазмұнға өту" in html


@pytest.mark.finding("A-A9")
@pytest.mark.django_db
def test_scripts_of_a_page__are_our_own_two_and_nothing_that_no_page_uses() -> None:
    html = Client().get("/help").content.decode()
    loaded = re.findall(r'<script[^>]* src="[^"]*/([\w-]+)(?:\.[0-9a-f]+)?\.js"', html)
    assert loaded == ["boot", "tirek"]
    bundled = Path(finders.find("tirek/tirek.js")).read_text(encoding="utf-8")
    assert "htmx" not in bundled
