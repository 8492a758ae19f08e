"""Dates and money as people read them in three languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from string import ascii_uppercase

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from tirek.core.case.deadlines import Light
from tirek.ui import text
from tirek.ui.templatetags.ui import LIGHTS, TONES

MOMENT = datetime(2026, 11, 21, 19, 2, tzinfo=UTC)  # 00:02 of the next day in Kazakhstan


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "2026_жылғы 22_қараша"), ("ru", "22_ноября 2026_года"), ("en", "22_November_2026")],
)
def test_day__is_written_in_words_that_stay_on_one_line(language: str, words: str) -> None:
    """Kazakh and Russian dates may break beside the year: they are longer than a line of twice the size on a phone."""
    with translation.override(language):
        assert text.day_text(date(2026, 11, 22)) == words.replace("_", "\u00a0")


@pytest.mark.parametrize("month", range(1, 13))
def test_day__every_month_has_its_name_in_every_language(month: int) -> None:
    for language, names in text.MONTHS.items():
        with translation.override(language):
            assert names[month - 1] in text.day_text(date(2026, month, 1))


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "2026_жылғы 22_қарашаға"), ("ru", "22_ноября 2026_года"), ("en", "22_November_2026")],
)
def test_until__kazakh_puts_the_month_in_the_dative(language: str, words: str) -> None:
    with translation.override(language):
        assert text.until_text(date(2026, 11, 22)) == words.replace("_", "\u00a0")


def test_until__the_dative_follows_the_vowels_and_the_last_sound_of_the_month() -> None:
    with translation.override("kk"):
        ends = [text.until_text(date(2026, month, 1))[-2:] for month in range(1, 13)]
    assert ends == ["ға", "ға", "ға", "ге", "ға", "ға", "ге", "ға", "ке", "ға", "ға", "ға"]


def test_moment__is_that_of_kazakhstan_and_changes_the_date() -> None:
    with translation.override("en"):
        assert text.moment_text(MOMENT) == "22\u00a0November\u00a02026, 00:02"
        assert text.day_text(MOMENT) == "22\u00a0November\u00a02026"
        assert text.time_text(MOMENT) == "00:02"


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("kk", Decimal(12500), "12 500 ₸"),
        ("ru", Decimal("12500.50"), "12 500,50 ₸"),
        ("en", Decimal("12500.50"), "12 500.50 ₸"),
        ("en", 0, "0 ₸"),
        ("en", Decimal(-1234567), "−1 234 567 ₸"),
        ("en", "999", "999 ₸"),
    ],
)
def test_tenge__groups_thousands_and_shows_tiyn_only_when_there_are_any(
    language: str, amount: Decimal, words: str
) -> None:
    with translation.override(language):
        assert text.tenge_text(amount) == words.replace(" ", "\u00a0")


def test_tenge__refuses_what_is_no_amount() -> None:
    with pytest.raises(ValueError, match="Not an amount"):
        text.tenge_text("many")


def test_number__takes_the_marks_of_the_language() -> None:
    with translation.override("kk"):
        assert text.number_text(Decimal("1234.5")) == "1\u00a0234,5"
    with translation.override("en"):
        assert text.number_text(1234) == "1\u00a0234"


def rendered(source: str, **values: object) -> str:
    with translation.override("en"):
        return Template(source).render(Context(values))


def test_filters__show_nothing_for_nothing() -> None:
    assert rendered("{{ a|tenge }}{{ a|day }}{{ a|moment }}{{ a|time_of_day }}{{ b|tenge }}", a=None, b="") == ""


def test_filters__show_values() -> None:
    shown = rendered("{{ a|tenge }} {{ d|day }} {{ m|moment }} {{ m|time_of_day }}", a=5, d=date(2026, 1, 2), m=MOMENT)
    assert shown.replace("\u00a0", " ") == "5 ₸ 2 January 2026 22 November 2026, 00:02 00:02"


def test_state_tag__has_words_with_a_capital_and_refuses_an_unknown_tone() -> None:
    assert (
        rendered("{{ label|state_tag:'done' }}", label="a <b>")
        == '<strong class="govuk-tag govuk-tag--green">A &lt;b&gt;</strong>'
    )
    with pytest.raises(KeyError):
        rendered("{{ 'A'|state_tag:'pink' }}")


@pytest.mark.finding("J-tags")
@pytest.mark.parametrize(
    ("light", "colour"), [("green", "green"), ("yellow", "yellow"), ("red", "red"), ("paused", "grey")]
)
def test_light_of_a_deadline__has_one_colour_in_lists_and_on_pages(light: str, colour: str) -> None:
    class Owed:
        present_light = Light(light)

    page = render_to_string("ui/light.html", {"deadline": Owed})
    assert f"govuk-tag--{colour}" in page
    assert TONES[LIGHTS.get(light, "quiet")] == colour


def test_icon__is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in rendered("{% icon 'bell' %}")


@pytest.mark.finding("L-201")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("month", range(1, 13))
def test_formats__of_django_write_a_date_as_we_do(language: str, month: int) -> None:
    day = date(2026, month, 2)
    with translation.override(language):
        shown = Template("{{ d|date }} {{ d|date:'SHORT_DATE_FORMAT' }}").render(Context({"d": day}))
        ours = text.day_text(day).replace("\u00a0", " ")
    assert shown == f"{ours} 02.{month:02}.2026"


@pytest.mark.finding("L-141")
@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("kk", ["Қазақстан", "Түркия", "Қытай"]),
        ("ru", ["Казахстан", "Турция", "Китай"]),
        ("en", ["Kazakhstan", "Türkiye", "China"]),
    ],
)
def test_country__has_its_name(language: str, names: list[str]) -> None:
    with translation.override(language):
        assert [text.country_text(code) for code in ("KZ", "TR", "CN")] == names
        assert text.country_text("Q?") == "Q?"


@pytest.mark.finding("L-words")
@pytest.mark.parametrize(("value", "words"), [(1365, "+1 365"), (-60, "−60"), (0, "0")])
def test_change__has_its_sign_and_a_minus_that_is_no_hyphen(value: int, words: str) -> None:
    with translation.override("kk"):
        shown = Template("{% load ui %}{{ value|change }}").render(Context({"value": value}))
    assert shown == words.replace(" ", "\u00a0")


def test_back_link__does_not_take_the_words_of_its_page() -> None:
    page = Template("{% include 'ui/back_link.html' with url='/office' %}")
    with translation.override("ru"):
        shown = page.render(Context({"text": "Только для человека, который стоит перед вами."}))
    assert ">Назад<" in shown


@pytest.mark.finding("L-63")
@pytest.mark.parametrize("typed", ["+77222000001", "+77012345678"])
def test_phone__of_the_country_is_in_groups_of_three_three_two_two(typed: str) -> None:
    assert text.phone_text(typed).replace("\u00a0", " ") == f"+7 {typed[2:5]} {typed[5:8]} {typed[8:10]} {typed[10:]}"


@pytest.mark.finding("R-offers-file")
def test_countries__are_those_of_iso_3166() -> None:
    pairs = map("".join, product(ascii_uppercase, repeat=2))
    assert sum(text.is_country(one) for one in pairs) == 249
    assert not any(text.is_country(one) for one in ("", "kz", "KAZ", "001", "ZZ"))


@pytest.mark.finding("J-whole-figures")
@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("60 × 90", "60_×_90"),
        ("6 (16–30)", "6_(16–|30)"),
        ("75–98", "75–|98"),
        ("M", "M"),
        ("Сол жақ 2 (ұзын)", "Сол жақ 2_(ұзын)"),
    ],
)
def test_size__does_not_break_within_its_figures(label: str, shown: str) -> None:
    assert text.size_text(label) == shown.replace("_", text.NO_BREAK).replace("|", text.JOINED)


@pytest.mark.parametrize(
    ("language", "said"),
    [("kk", "2025 ж. желтоқсан"), ("ru", "декабрь 2025 г."), ("en", "December 2025")],
)
def test_month__stands_by_itself(language: str, said: str) -> None:
    with translation.override(language):
        assert text.month_text(date(2025, 12, 1)).replace("\u00a0", " ") == said
