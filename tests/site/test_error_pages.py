"""Whatever goes wrong, the page says so in the reader's language and names a way out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page

from tirek.core import clock
from tirek.core.errors import Busy, DomainError, NotFound, TooMany
from tirek.core.service import failures
from tirek.core.service.failures import Failure
from tirek.site.middleware import refusal
from tirek.site.views import public
from tirek.status import keeping, known

pytestmark = pytest.mark.django_db

LANGUAGES = ("kk", "ru", "en")
HOME = {"kk": "Басты бетке өту", "ru": "Перейти на главную страницу", "en": "Go to your home page"}


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found is not None
    return found.group(1).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_that_does_not_exist__says_so_and_leads_home(language: str) -> None:
    answer = Client().get("/no-such-page", headers={"Accept-Language": language})
    html = answer.content.decode()
    assert answer.status_code == 404
    assert f'lang="{language}"' in html
    assert HOME[language] in html
    assert "1414" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_without_a_token__says_how_to_send_it_again(language: str) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"iin": "1"}, headers={"Accept-Language": language})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert f'<html lang="{language}"' in html
    assert HOME[language] in html


@pytest.mark.finding("L-202")
@pytest.mark.parametrize("language", LANGUAGES)
def test_title_of_a_refusal__ends_without_a_full_stop(language: str) -> None:
    request = Client().get("/no-such-page").wsgi_request
    with translation.override(language):
        html = refusal(request, NotFound()).content.decode()
        said = str(NotFound().message)
    assert said.endswith(".")
    assert f"<title>{said.removesuffix('.')} –" in html
    assert said in html


@pytest.mark.parametrize("error", [TooMany(retry_after=60), Busy()], ids=["429", "503"])
def test_too_many_and_busy__speak_each_language_and_lead_on(error: DomainError) -> None:
    request = Client().get("/no-such-page").wsgi_request
    pages = {}
    for language in LANGUAGES:
        with translation.override(language):
            answer = refusal(request, error)
        assert answer.status_code == error.status
        pages[language] = answer.content.decode()
    assert len({heading(html) for html in pages.values()}) == len(LANGUAGES)
    assert all(HOME[language] in html for language, html in pages.items())


def test_more_than_we_take__is_a_page_in_three_languages() -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        answer = Client().post("/sign-in/", {"iin": "1" * 2000}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert [f'<section lang="{language}">' in answer.content.decode() for language in LANGUAGES] == [True] * 3


def test_request_that_cannot_be_read__is_a_page_in_three_languages() -> None:
    answer = public.unreadable(RequestFactory().get("/"), SuspiciousOperation())
    assert answer.status_code == 400
    assert [f'<section lang="{language}">' in answer.content.decode() for language in LANGUAGES] == [True] * 3


@pytest.mark.finding("R-M4")
def test_refusals_of_whoever_is_not_signed_in__are_counted_and_make_no_row_each() -> None:
    failures.SHED.forget()
    strict = Client(enforce_csrf_checks=True)
    for _n in range(30):
        assert strict.post("/sign-in/", {"iin": "1"}).status_code == 403
        assert strict.generic("TRACE", "/help").status_code == 405
    assert not Failure.objects.exists()
    with clock.at(clock.now() + timedelta(minutes=2)):
        failures.SHED.keep(lambda path: (path, "public"))
    kept = Failure.objects.values_list("step", "status", "times")
    assert {(step, status, times) for step, status, times in kept} == {("/sign-in/", 403, 30), ("/help", 405, 30)}


@pytest.mark.finding("R-M4")
def test_refusals__of_thousand_addresses_take_no_memory_without_end() -> None:
    failures.SHED.forget()
    for n in range(2000):
        failures.SHED.count("GET", f"/{n}", status=405, code="")
    counts = failures.SHED.forget()
    assert len(counts) <= 501
    assert counts.total() == 2000


# --- pages for everybody that say how things are


@pytest.mark.finding("J-status")
def test_state_of_the_service__says_of_when_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "place", lambda: tmp_path / "known.json")
    keeping.MEMORY.forget()
    with clock.at(make.MORNING):
        keeping.refresh()
        page = open_page(Client(headers={"Accept-Language": "kk"}), reverse("entrance:status"))
    keeping.MEMORY.forget()
    assert "Тексерілген уақыты: 2026 жылғы 9 қараша, 09:00." in page.main.replace("\u00a0", " ")


@pytest.mark.finding("J-privacy")
def test_privacy__tells_what_one_may_do_before_the_table_of_periods() -> None:
    headings = open_page(Client(headers={"Accept-Language": "en"}), reverse("entrance:privacy")).headings
    order = ["What is kept", "Who sees it", "Your rights", "On your device", "How long it is kept"]
    assert [one for one in headings if one in order] == order
