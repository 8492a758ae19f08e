"""Serial numbers that are kept back together: single ones and ranges, one parser, clear errors, a bound."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from tirek.core.errors import RuleBroken
from tirek.orders import numbers


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("WC-1001", ["WC1001"]),
        ("wc-1001, WC 1002;\nWC–1001", ["WC1001", "WC1002"]),
        ("WC-0998 … WC-1001", ["WC0998", "WC0999", "WC1000", "WC1001"]),
        ("WC-8 .. 10", ["WC8", "WC9", "WC10"]),
        ("WC-8 – WC-9\nK/7", ["WC8", "WC9", "K/7"]),
        ("2026.5...7", ["2026.5", "2026.6", "2026.7"]),
        ("WC-5 - 5", ["WC5"]),
    ],
)
def test_serial_numbers__are_read_one_by_one_and_as_ranges(typed: str, read: list[str]) -> None:
    assert numbers.serial_set(typed) == read


def test_blanks_between_serial_numbers__are_one_before_a_range_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    split = numbers._TO.split
    monkeypatch.setattr(numbers, "_TO", SimpleNamespace(split=lambda text: looked.append(text) or split(text)))
    assert numbers.serial_set(f"a{' ' * 9_000}b") == ["AB"]
    assert numbers.serial_set(f"WC-8{' ' * 4_000}…{' ' * 4_000}WC-9") == ["WC8", "WC9"]
    assert looked == ["a b", "WC-8 … WC-9"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" \n", "Type the serial numbers"),
        ("<b>", "is no number"),
        ("WC-1 … WC-2 … WC-3", "is no range"),
        ("WC-1 … KL-2", "two beginnings"),
        ("WC-A … WC-B", "ends without any"),
        ("WC-9 … WC-1", "ends before it begins"),
        ("WC-0 … WC-5000", "more than 5000"),
        ("WC-1 … WC-4000\nKL-1 … KL-4000", "more than 5000"),
        ("1 … 999999999999", "more than 5000"),
    ],
)
def test_serial_numbers__that_cannot_be_read_are_named_with_a_way_out(typed: str, said: str) -> None:
    with pytest.raises(RuleBroken) as refused, translation.override("en"):
        numbers.serial_set(typed)
    with translation.override("en"):
        assert said in str(refused.value.message)
        assert str(refused.value.next_step)
    assert refused.value.code == "numbers"
