"""IIN and BIN: parse, check digits, what the digits tell, mask; numbers of bank accounts and banks.

Source: order of the Minister of Internal Affairs № 521 of 29.06.2023 (IIN); what sex and birth date the digits tell is
a hint, not a fact that overrules the register. Neither value shows itself in logs: its text form is masked.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.errors import RuleBroken, Text
from tirek.core.typed import without_separators

LENGTH: Final = 12
_FIRST_WEIGHTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_NEVER_ISSUED: Final = 10
_DIGITS: Final = re.compile(r"[0-9]+\Z")
_SERIALS: Final = 1000


class InvalidIdentifier(RuleBroken):
    """The text is no IIN or BIN; ``code`` says why: digits, length, date, future, kind or check_digit."""

    next_step = _("Compare the number with your identity card, digit by digit.")


class InvalidAccount(RuleBroken):
    """The text is no account or bank of Kazakhstan; ``code`` says why: iban, length, country, check_digits, bic."""

    next_step = _("Compare it with the contract with your bank, sign by sign.")


class Sex(StrEnum):
    """Sex as the seventh digit of an IIN tells it."""

    FEMALE = "female"
    MALE = "male"


class BusinessKind(StrEnum):
    """What the fifth digit of a BIN tells."""

    RESIDENT = "resident"
    NON_RESIDENT = "non_resident"
    JOINT_PROPRIETORSHIP = "joint_proprietorship"


class BusinessPart(StrEnum):
    """What the sixth digit of a BIN tells."""

    HEAD = "head"
    BRANCH = "branch"
    REPRESENTATIVE_OFFICE = "representative_office"
    OTHER = "other"


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of an IIN or BIN, or ``None`` when a number with these eleven digits is never issued."""
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, weights, strict=True)) % 11
        if rest != _NEVER_ISSUED:
            return rest
    return None


def _refuse(code: str, message: Text) -> InvalidIdentifier:
    return InvalidIdentifier(message, code=code)


def _check_form(digits: str, *, length: Text, wrong: Text) -> None:
    if not _DIGITS.match(digits):
        raise _refuse("digits", _("Use the digits 0 to 9 only."))
    if len(digits) != LENGTH:
        raise _refuse("length", length)
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise _refuse("check_digit", wrong)


def _masked(digits: str) -> str:
    return f"{digits[:4]}{'•' * 7}{digits[-1]}"


#: Seventh digit of some foreigners: it tells neither century nor sex.
_NO_CENTURY: Final = "0"
#: Seventh digit → first year of the century and sex.
_CENTURIES: Final = {
    "1": (1800, Sex.MALE),
    "2": (1800, Sex.FEMALE),
    "3": (1900, Sex.MALE),
    "4": (1900, Sex.FEMALE),
    "5": (2000, Sex.MALE),
    "6": (2000, Sex.FEMALE),
}


@dataclass(frozen=True, slots=True)
class Iin:
    """An individual identification number that passes its own check.

    Attributes:
        digits: the twelve digits; for storing and comparing, never for showing.
    """

    digits: str

    def __post_init__(self) -> None:
        _check_form(
            self.digits,
            length=_("An IIN has 12 digits."),
            wrong=_("This IIN does not add up: one of its digits is wrong."),
        )
        if self.digits[6] == _NO_CENTURY and settings.TIREK_IIN_OF_FOREIGNERS:
            return
        if self.digits[6] not in _CENTURIES:
            raise _refuse("kind", _("This is not the IIN of a person: its seventh digit is wrong."))
        try:
            _born(self.digits)
        except ValueError as error:
            raise _refuse("date", _("The first six digits of this IIN are not a date of birth.")) from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """An IIN as a person typed it; spaces and dashes are left out.

        Raises:
            InvalidIdentifier: the message says what is wrong.
        """
        iin = cls(without_separators(text))
        if iin.born is not None and iin.born > clock.today():
            raise _refuse("future", _("The date of birth in this IIN lies in the future."))
        return iin

    @property
    def born(self) -> date | None:
        """Date of birth that the digits tell; ``None`` where they tell none."""
        return None if self.digits[6] == _NO_CENTURY else _born(self.digits)

    @property
    def sex(self) -> Sex | None:
        """Sex that the digits tell; ``None`` where they tell none."""
        return None if self.digits[6] == _NO_CENTURY else _CENTURIES[self.digits[6]][1]

    @property
    def masked(self) -> str:
        """The number with its middle hidden, for lists and messages."""
        return _masked(self.digits)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Iin({self.masked})"


def _born(digits: str) -> date:
    century, _sex = _CENTURIES[digits[6]]
    return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))


_BUSINESS_KINDS: Final = {
    "4": BusinessKind.RESIDENT,
    "5": BusinessKind.NON_RESIDENT,
    "6": BusinessKind.JOINT_PROPRIETORSHIP,
}
_BUSINESS_PARTS: Final = {
    "0": BusinessPart.HEAD,
    "1": BusinessPart.BRANCH,
    "2": BusinessPart.REPRESENTATIVE_OFFICE,
    "3": BusinessPart.OTHER,
}


@dataclass(frozen=True, slots=True)
class Bin:
    """A business identification number that passes its own check.

    Attributes:
        digits: the twelve digits. A BIN is public.
    """

    digits: str

    def __post_init__(self) -> None:
        _check_form(
            self.digits,
            length=_("A BIN has 12 digits."),
            wrong=_("This BIN does not add up: one of its digits is wrong."),
        )
        if not 1 <= int(self.digits[2:4]) <= 12:  # noqa: PLR2004 - months
            raise _refuse("date", _("The first four digits of this BIN are not a year and a month."))
        if self.digits[4] not in _BUSINESS_KINDS or self.digits[5] not in _BUSINESS_PARTS:
            raise _refuse("kind", _("This is not the BIN of an organisation: its fifth or sixth digit is wrong."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """A BIN as a person typed it; spaces and dashes are left out.

        Raises:
            InvalidIdentifier: the message says what is wrong.
        """
        number = cls(without_separators(text))
        if number.registered > clock.today():
            raise _refuse("future", _("The month of registration in this BIN lies in the future."))
        return number

    @property
    def registered(self) -> date:
        """First day of the month of registration that the digits tell; years from 90 on are of the last century."""
        year = int(self.digits[:2])
        # no BIN is older than the republic
        return date(year + (1900 if year >= 90 else 2000), int(self.digits[2:4]), 1)  # noqa: PLR2004

    @property
    def kind(self) -> BusinessKind:
        """Kind of business that the digits tell."""
        return _BUSINESS_KINDS[self.digits[4]]

    @property
    def part(self) -> BusinessPart:
        """Head, branch or office, as the digits tell."""
        return _BUSINESS_PARTS[self.digits[5]]

    def __str__(self) -> str:
        return self.digits


def is_of_individual(digits: str) -> bool:
    """Whether the number under which a business stands is the IIN of an individual: no day of birth begins like the
    kind of a business.
    """
    return digits[4:5] not in _BUSINESS_KINDS


def masked(digits: str) -> str:
    """A number with its middle hidden, for lists and messages."""
    return _masked(digits)


#: Of Kazakhstan: the country, two check digits, three digits of the bank, thirteen signs of the account.
_IBAN: Final = re.compile(r"KZ[0-9]{5}[0-9A-Z]{13}\Z")
_IBAN_LENGTH: Final = 20
#: Four letters of the bank, the country, two signs of the place, three of a branch where it has one (ISO 9362).
_BIC: Final = re.compile(r"[A-Z]{4}KZ[0-9A-Z]{2}([0-9A-Z]{3})?\Z")


def _spelled(text: str) -> str:
    return without_separators(text).upper()


@dataclass(frozen=True, slots=True)
class Iban:
    """A bank account of Kazakhstan (ИИК, ЖСК) that passes its own check: 20 signs (ISO 13616, check by ISO 7064 MOD
    97-10).

    Attributes:
        signs: as it is stored: no blanks, capital letters.
    """

    signs: str

    def __post_init__(self) -> None:
        if self.signs[:2] != "KZ":
            raise InvalidAccount(_("An account in Kazakhstan begins with KZ."), code="country")
        if len(self.signs) != _IBAN_LENGTH:
            raise InvalidAccount(_("An account number has 20 signs."), code="length")
        if not _IBAN.match(self.signs):
            raise InvalidAccount(_("Use the digits 0 to 9 and Latin letters only."), code="iban")
        # the first four go to the end, a letter counts as two digits: A is 10
        if int("".join(str(int(sign, 36)) for sign in self.signs[4:] + self.signs[:4])) % 97 != 1:
            raise InvalidAccount(
                _("This account number does not add up: one of its signs is wrong."), code="check_digits"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """An account as somebody typed it; blanks and dashes are left out.

        Raises:
            InvalidAccount: the message says what is wrong.
        """
        return cls(_spelled(text))

    def __str__(self) -> str:
        return " ".join(self.signs[at : at + 4] for at in range(0, _IBAN_LENGTH, 4))


def parse_bic(text: str) -> str:
    """The code of a bank of Kazakhstan (БИК, БСК) as somebody typed it: 8 or 11 capital letters and digits.

    Raises:
        InvalidAccount: it is none.
    """
    found = _spelled(text)
    if not _BIC.match(found):
        raise InvalidAccount(
            _("The code of a bank has 8 or 11 signs, the fifth and sixth are KZ: for example KKMFKZ2A."), code="bic"
        )
    return found


def synthetic_iin(born: date, sex: Sex, serial: int) -> Iin:
    """An IIN of nobody, for demo people and tests, with a right check digit.

    Args:
        born: date of birth, from 1800 to 2099.
        sex: sex.
        serial: 0 to 999; different serials give different numbers.

    Raises:
        ValueError: ``serial`` is out of range.
    """
    if not 0 <= serial < _SERIALS:
        raise ValueError("The serial of a synthetic IIN is 0 to 999.")
    century = next(
        digit for digit, (first, whose) in _CENTURIES.items() if first == born.year // 100 * 100 and whose == sex
    )
    for thousand in range(10):
        eleven = f"{born:%y%m%d}{century}{thousand * _SERIALS + serial:04d}"
        last = check_digit(eleven)
        if last is not None:
            return Iin(f"{eleven}{last}")
    raise ValueError("No IIN is issued for this date and serial.")
