"""Texts of notices are seen before anybody gets one: each kind, in every language, with marks in the place of facts."""

import re

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make
from tests.kit.sign_in import for_years

from tirek.core import clock
from tirek.core.errors import NotFound
from tirek.notices import preview, rules


def test_preview__shows_every_kind_in_every_language_without_a_placeholder_left() -> None:
    assert len(preview.kinds()) > 100
    for kind in preview.kinds():
        shown = preview.shown(kind.code)
        assert [one.language for one in shown] == [code for code, _name in settings.LANGUAGES]
        for one in shown:
            assert one.title
            assert one.body
            assert not re.search(r"[{}]", one.title + one.body + one.sms), kind.code
            assert bool(one.sms) == (kind.sms is not None) == bool(one.parts)


def test_preview__writes_days_and_amounts_as_the_language_does() -> None:
    with clock.at(make.MORNING):
        kk, ru, _en = preview.shown("order.accepted_top_up")
    assert "12\xa0500" in kk.body.replace("\u202f", "\xa0").replace(" ", "\xa0")
    assert "‹number›" in ru.title
    assert kk.title != ru.title


def test_preview__of_what_nobody_registered_is_not_found() -> None:
    with pytest.raises(NotFound):
        preview.shown("order.nothing")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 135, 3),
    ],
)
def test_parts__of_a_short_message(text: str, parts: int) -> None:
    assert rules.parts_of(text) == parts


def test_parts__count_a_sign_beyond_the_first_plane_twice() -> None:
    assert rules.parts_of("😀" * 35) == 1
    assert rules.parts_of("😀" * 36) == 2


@given(st.text(max_size=400), st.text(max_size=50))
def test_parts__never_fall_when_a_text_grows(text: str, more: str) -> None:
    assert rules.parts_of(text + more) >= rules.parts_of(text)


def test_every_short_message__travels_in_few_parts() -> None:
    """Each part is paid for; facts make some longer."""
    long = {
        (kind.code, one.language): one.parts
        for kind in preview.kinds()
        for one in preview.shown(kind.code)
        if one.parts > 4
    }
    assert long == {}


@pytest.mark.django_db
def test_pages__are_for_administrators_and_analysts() -> None:
    with clock.at(make.MORNING), translation.override("en"):
        client = for_years(make.staff("centre", "admin"))
        page = client.get("/notices/texts").content.decode()
        assert all(f"/notices/texts/{kind.code}" in page for kind in preview.kinds())
        assert client.get("/notices/texts/order.accepted").status_code == 200
        assert client.get("/notices/texts/nothing").status_code == 404
        assert for_years(make.officer()).get("/notices/texts").status_code == 403
