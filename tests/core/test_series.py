"""Public numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make

from tirek.core import clock
from tirek.core.numbers import Series

ORDERS = Series("ТС", "order_number")
WHOLE = ["ТС-2026-0000042"]
# the same letters on a Latin keyboard
LATIN = "TC"


def read(typed: str, since: int = 2026) -> list[str]:
    with clock.at(make.MORNING):
        return ORDERS.read(typed, since=since)


@pytest.mark.parametrize(
    "typed",
    [
        "ТС-2026-0000042",
        "2026-0000042",
        "20260000042",
        "тс-2026-0000042",
        "Тс 2026 42",
        "ТС2026042",
        "ТС 2026-42",
        f"{LATIN}-2026-0000042",
        f"{LATIN.lower()}20260000042",
        "Т" + "C-2026-42",
        "T" + "С-2026-42",
        "ТС–2026–0000042",
        "ТС—2026—42",
        "ТС‑2026−42",
        "ТС/2026/42",
        "№ ТС-2026-0000042",
        "  ТС \t-2026-\n0000042 ",
        "ТС 2026 42",
        # marks that nobody sees, as a copied text brings them
        "\ufeffТС\u200b-2026-\u00ad0000042\u202c\x00",
    ],
)
def test_read__understands_a_whole_number_in_any_spelling(typed: str) -> None:
    assert read(typed) == WHOLE


@pytest.mark.parametrize("typed", ["42", "0000042", "0042", "№42", "ТС-42", f"{LATIN} 0042", " 4 2 "])
def test_read__the_end_of_a_number_is_looked_for_in_every_year(typed: str) -> None:
    assert read(typed) == WHOLE
    assert read(typed, since=2024) == ["ТС-2026-0000042", "ТС-2025-0000042", "ТС-2024-0000042"]


@pytest.mark.parametrize("typed", ["ТС-12345", "тс 0012345"])
def test_read__the_end_of_a_number_with_its_letters_is_taken_for_no_year(typed: str) -> None:
    assert read(typed) == ["ТС-2026-0012345"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "№",
        "ТС",
        "ТС-",
        "ТС-ТС-42",
        "Айгүл",
        "42а",
        "4.2",
        "+42",
        "ЗК-2026-0000042",
        "٤٢",
        "４２",
        "²",
        "ТС-2026-00000000042",
        "1234567890",
        "9" * 400,
    ],
)
def test_read__what_is_no_number_finds_nothing(typed: str) -> None:
    assert read(typed) == []


@given(
    st.integers(min_value=1, max_value=9_999_999),
    st.lists(st.sampled_from(["", " ", "-", "—", "/", " - "]), min_size=2, max_size=2),
    st.sampled_from(["ТС", "тс", "TC", "tc", "Тc"]),
    st.integers(min_value=0, max_value=2),
)
def test_read__finds_what_was_given_whatever_stands_between(
    value: int, between: list[str], prefix: str, noughts: int
) -> None:
    typed = f"{prefix}{between[0]}2026{between[1]}{'0' * noughts}{value}"
    assert f"ТС-2026-{value:07d}" in read(typed)
    assert read(str(value)) == [f"ТС-2026-{value:07d}"]


@given(st.text(max_size=40))
def test_read__never_fails_and_gives_numbers_of_the_series_only(typed: str) -> None:
    for found in read(typed, since=2024):
        prefix, year, digits = found.split("-")
        assert prefix == "ТС"
        assert len(year) == 4
        assert digits.isdecimal()


def test_series__has_a_sequence_with_a_plain_name() -> None:
    with pytest.raises(ValueError, match="no name of a sequence"):
        Series("ТС", 'x"; DROP TABLE')
