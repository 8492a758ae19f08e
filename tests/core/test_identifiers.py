from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tirek.core import clock
from tirek.core.identifiers import (
    Bin,
    BusinessKind,
    BusinessPart,
    Iin,
    InvalidIdentifier,
    Sex,
    check_digit,
    synthetic_iin,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("digits", "born", "sex"),
    [
        ("900101300017", date(1990, 1, 1), Sex.MALE),
        ("900101300811", date(1990, 1, 1), Sex.MALE),
        ("050315500503", date(2005, 3, 15), Sex.MALE),
        ("720617400100", date(1972, 6, 17), Sex.FEMALE),
        ("040229500015", date(2004, 2, 29), Sex.MALE),
    ],
)
def test_iin__tells_birth_date_and_sex(digits: str, born: date, sex: Sex) -> None:
    iin = Iin.parse(digits)
    assert (iin.born, iin.sex) == (born, sex)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("010229500016", "date"),
        ("991231600012", "future"),
        ("000000000000", "kind"),
        ("123456789012", "check_digit"),
        ("123123123123", "check_digit"),
        ("90010130001", "length"),
        ("9001013000177", "length"),
        ("", "digits"),
        ("90010130001x", "digits"),
        ("٩٠٠١٠١٣٠٠٠١٧", "digits"),
        ("900101300017\n900101300017", "length"),
        ("150340000109", "kind"),
    ],
)
def test_iin__is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        Iin.parse(typed)
    assert refused.value.code == why


@pytest.mark.parametrize(
    "typed", [" 900101 300017", "900101-300017", "900101\u00a0300017", "9001 0130 0017\n", "９００１０１３００017"]
)
def test_iin__may_be_typed_with_spaces_and_dashes(typed: str) -> None:
    assert Iin.parse(typed).digits == "900101300017"


def test_iin__is_strict_where_a_program_gives_it() -> None:
    with pytest.raises(InvalidIdentifier):
        Iin(" 900101 300017")


def test_iin__never_shows_itself_in_a_log() -> None:
    iin = Iin("900101300017")
    assert iin.masked == "9001•••••••7"
    assert "010130001" not in f"{iin} {iin!r} {[iin]}"


def test_refusal__is_told_in_three_languages() -> None:
    told = set()
    for language in ("kk", "ru", "en"):
        with translation.override(language), pytest.raises(InvalidIdentifier) as refused:
            Iin.parse("123")
        with translation.override(language):
            told.add(str(refused.value.message))
    assert len(told) == 3


@pytest.mark.parametrize("eleven", ["90010130080", "05031550059"])
def test_check_digit__some_numbers_are_never_issued(eleven: str) -> None:
    assert check_digit(eleven) is None
    for last in range(10):
        with pytest.raises(InvalidIdentifier):
            Iin(f"{eleven}{last}")


@pytest.mark.parametrize(
    ("digits", "part"),
    [("150340000109", BusinessPart.HEAD), ("150241000041", BusinessPart.BRANCH), ("150343000056", BusinessPart.OTHER)],
)
def test_bin__tells_kind_part_and_month(digits: str, part: BusinessPart) -> None:
    number = Bin.parse(digits)
    assert (number.kind, number.part) == (BusinessKind.RESIDENT, part)
    assert number.registered.year == 2015


@pytest.mark.parametrize(
    ("typed", "why"),
    [("151340000072", "date"), ("900101300017", "kind"), ("150340000108", "check_digit"), ("15034000010", "length")],
)
def test_bin__is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        Bin.parse(typed)
    assert refused.value.code == why


def test_bin__of_a_month_to_come_is_refused() -> None:
    eleven = "26124000001"
    with pytest.raises(InvalidIdentifier) as refused:
        Bin.parse(f"{eleven}{check_digit(eleven)}")
    assert refused.value.code == "future"


@given(born=st.dates(date(1850, 1, 1), date(2026, 11, 21)), sex=st.sampled_from(Sex), serial=st.integers(0, 999))
def test_synthetic_iin__is_valid_and_tells_what_it_was_made_of(born: date, sex: Sex, serial: int) -> None:
    iin = synthetic_iin(born, sex, serial)
    assert (Iin(iin.digits).born, iin.sex) == (born, sex)
    assert int(iin.digits[8:11]) == serial


@given(born=st.dates(date(1900, 1, 1), date(2026, 11, 21)), sex=st.sampled_from(Sex))
def test_synthetic_iin__differs_by_serial(born: date, sex: Sex) -> None:
    assert len({synthetic_iin(born, sex, serial) for serial in range(200)}) == 200


@given(
    iin=st.builds(
        synthetic_iin, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.sampled_from(Sex), st.integers(0, 999)
    ),
    other=st.integers(1, 9),
)
def test_check_digit__a_wrong_last_digit_is_always_found(iin: Iin, other: int) -> None:
    wrong = str((int(iin.digits[-1]) + other) % 10)
    with pytest.raises(InvalidIdentifier) as refused:
        Iin(iin.digits[:-1] + wrong)
    assert refused.value.code == "check_digit"


@given(st.text(max_size=20))
def test_parse__never_fails_otherwise_than_with_a_reason(typed: str) -> None:
    for kind in (Iin, Bin):
        with suppress(InvalidIdentifier):
            kind.parse(typed)


@pytest.mark.finding("I-22")
def test_iin__of_some_foreigners_is_one_by_setting_and_tells_neither_date_nor_sex() -> None:
    digits = f"90010100001{check_digit('90010100001')}"
    with pytest.raises(InvalidIdentifier):
        Iin.parse(digits)
    with override_settings(TIREK_IIN_OF_FOREIGNERS=True):
        iin = Iin.parse(digits)
        assert (iin.born, iin.sex) == (None, None)
