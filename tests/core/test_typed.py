"""What people type, paste or dictate is read as it is meant, and what is none is no try."""

from datetime import date
from decimal import Decimal

import pytest

from tirek.core.identifiers import Iin, Sex, synthetic_iin
from tirek.core.signing.codes import read_code
from tirek.core.typed import as_meant, shown_amount
from tirek.ui.fields import CodeField, read_whole


@pytest.mark.finding("I-23")
@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        "123-456",
        "123 456",
        " 12 34 56 ",
        "123\u2013456",
        "123\u00a0456",
        "\u200b123456\u200b",
        "\ufeff123\u00ad456",
        "\u200e123456\u200f",
        "１２３４５６",
        "١٢٣٤٥٦",
        "Tirek: 123456 is your code to sign in, valid for 10 minutes.",
        "код: 123456.",
    ],
)
def test_code__is_read_in_whatever_form_it_was_typed_or_copied(typed: str) -> None:
    assert read_code(typed) == "123456"
    assert CodeField().clean(typed) == "123456"


@pytest.mark.finding("I-23")
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345б", "123456 654321", "абвгде"])
def test_code__that_is_none_is_not_guessed(typed: str) -> None:
    assert read_code(typed) == ""


@pytest.mark.finding("I-23")
def test_iin__is_read_without_marks_that_nobody_sees() -> None:
    digits = synthetic_iin(date(1980, 5, 17), Sex.FEMALE, 1).digits
    for typed in (f"\u200b{digits}\u200b", f"\ufeff{digits[:6]} {digits[6:]}", f"{digits[:6]}\u2212{digits[6:]}"):
        assert Iin.parse(typed).digits == digits


@pytest.mark.finding("I-1")
@pytest.mark.parametrize("typed", ["30", " 30", "30 ", "3\u00a00", "\u200b30", "+30", "３０"])
def test_whole_number__is_read_as_people_write_it(typed: str) -> None:
    assert read_whole(typed) == 30


@pytest.mark.parametrize("typed", ["", "3.5", "many", "1_0", "9" * 10])
def test_whole_number__that_is_none_is_refused(typed: str) -> None:
    assert read_whole(typed) is None


def test_text__keeps_what_can_be_seen() -> None:
    assert as_meant("Әлихан, № 5²\u00a0①") == "Әлихан, № 5² ①"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("60", Decimal(60)), ("60.00", Decimal(60)), ("6E1", Decimal(60)), ("-0.5", Decimal("-0.5"))],
)
def test_amount_that_a_page_has_shown__is_read(text: str, amount: Decimal) -> None:
    assert shown_amount(text) == amount


@pytest.mark.parametrize("text", ["", "x", "NaN", "sNaN", "Infinity", "1e999999999", "1e-999999999", "9" * 400, "٣"])
def test_what_no_page_has_ever_shown__is_no_amount(text: str) -> None:
    assert shown_amount(text) is None
