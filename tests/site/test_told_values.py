"""The public page of time limits: in words and groups, without keys."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.kit.pages import read

from tirek.catalogue.reference_data import load_kinds
from tirek.core import clock, reference
from tirek.site.told_values import groups, left_out, value_in_words

pytestmark = pytest.mark.django_db


@pytest.mark.finding("J-A1")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page__names_everything_in_words(language: str) -> None:
    load_kinds()
    client = Client(headers={"Accept-Language": language})
    page = read(client.get(reverse("entrance:terms")))
    assert page.status == 200
    for one in reference.all_versions():
        assert one.key not in page.html
    assert "child</th>" not in page.html
    assert not re.search(r"\bkind:[A-Z]{2}-\d\d\b", page.html)


@pytest.mark.finding("J-A1")
def test_groups__hold_every_value_but_how_long_data_are_kept() -> None:
    told = [each.one.key for _title, some in groups(reference.all_versions()) for each in some]
    kept = [one.key for one in reference.all_versions() if one.key.startswith("retention.")]
    assert sorted([*told, *kept]) == sorted(one.key for one in reference.all_versions())
    assert left_out() == {"retention"}
    assert all(some for _title, some in groups(reference.all_versions()))


@pytest.mark.finding("J-A1")
@pytest.mark.parametrize(
    ("key", "scopes", "words"),
    [
        ("notices.sms_from", [], "08:00"),
        ("notices.sms_until", [], "21:00"),
        ("order.acceptance", [], "10 calendar days"),
    ],
)
def test_value__is_told_as_people_say_it(key: str, scopes: list[str], words: str) -> None:
    with translation.override("en"):
        assert value_in_words(reference.value(key, at=clock.today(), scopes=scopes)) == words
