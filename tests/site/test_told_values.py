"""The public page of time limits: in words and groups, without keys."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import read, words
from tests.kit.sign_in import signed_in

from tirek.catalogue.reference_data import load_guaranteed_amounts, load_kinds, load_terms_of_kinds
from tirek.core import clock, reference
from tirek.site.told_values import groups, left_out, value_in_words

pytestmark = pytest.mark.django_db


@pytest.mark.finding("J-A1")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page__names_everything_in_words(language: str) -> None:
    load_kinds()
    load_terms_of_kinds()
    client = Client(headers={"Accept-Language": language})
    page = read(client.get(reverse("entrance:terms")))
    assert page.status == 200
    for one in reference.all_versions():
        assert one.key not in page.html
    assert "kind_terms" not in page.html.lower()
    assert "child</th>" not in page.html
    assert not re.search(r"\bkind:[A-Z]{2}-\d\d\b", page.html)


def test_page__is_folded_by_its_headings_and_holds_everything(client: Client) -> None:
    load_kinds()
    page = read(client.get(reverse("entrance:terms")))
    told = groups(reference.all_versions())
    assert page.html.count('<details class="govuk-details govuk-!-margin-bottom-2 printed-whole">') == len(told)
    for title, some in told:
        assert f"{title} ({len(some)})" in page.headings


@pytest.mark.finding("J-A1")
def test_groups__hold_every_value_but_how_long_data_are_kept() -> None:
    told = [each.one.key for _title, some in groups(reference.all_versions()) for each in some]
    kept = [one.key for one in reference.all_versions() if one.key.startswith("retention.")]
    assert sorted([*told, *kept]) == sorted(one.key for one in reference.all_versions())
    assert left_out() == {"retention"}
    assert all(some for _title, some in groups(reference.all_versions()))


@pytest.mark.finding("J-A1")
@pytest.mark.parametrize(
    ("key", "scopes", "said"),
    [
        ("notices.sms_from", [], "08:00"),
        ("notices.sms_until", [], "21:00"),
        ("order.acceptance", [], "10\u00a0calendar days"),
    ],
)
def test_value__is_told_as_people_say_it(key: str, scopes: list[str], said: str) -> None:
    with translation.override("en"):
        assert value_in_words(reference.value(key, at=clock.today(), scopes=scopes)) == said
        assert value_in_words(reference.value("people.majority", at=clock.today())) == "18 years"


#: Names that stand in a source as they are.
_OWN_NAMES = re.compile(r"\b(?:Tirek|SMS|V|II|NC|RK)\b")


@pytest.mark.finding("L-8")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_sources__stand_in_the_language_of_the_page(language: str) -> None:
    load_kinds()
    load_guaranteed_amounts()
    load_terms_of_kinds()
    admin = signed_in(make.member(make.organisation("centre"), "admin"))
    for address in (
        reverse("entrance:terms"),
        "/manage/prices",
        "/manage/reference",
        "/manage/prices/GI-01",
        "/manage/terms",
    ):
        page = read(admin.get(address, headers={"Accept-Language": language}))
        assert page.status == 200
        cells = re.findall(r'data-label="(?:Дереккөзі|Источник)">(.*?)</td>', page.html, re.DOTALL)
        told = [words(found) for found in cells]
        assert told, address
        assert [text for text in told if re.search("[A-Za-z]", _OWN_NAMES.sub("", text))] == []


@pytest.mark.finding("L-8")
def test_source_typed_by_an_administrator__stands_as_typed() -> None:
    typed = replace(reference.history("order.acceptance", "")[0], effective_from=date(2027, 1, 1), citation="Order <5>")
    reference.add_version(typed)
    page = read(Client(headers={"Accept-Language": "kk"}).get(reverse("entrance:terms")))
    assert '<span lang="">Order &lt;5&gt;</span>' in page.html
