"""Ages, terms of representation, plausible measurements: pure functions over plain values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from dateutil.relativedelta import relativedelta

#: Version of the text on the privacy page; a new one is asked for again at the next sign-in.
PRIVACY_VERSION: Final = "2026-11"
#: Largest plausible value of a measured parameter by the unit at the end of its code.
_LARGEST: Final[Mapping[str, Decimal]] = {
    "cm": Decimal(300),
    "mm": Decimal(3000),
    "kg": Decimal(500),
    "db": Decimal(200),
}


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on ``day``; somebody born on 29 February grows older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(birth_date: date, day: date, *, majority_months: int) -> bool:
    """Whether the person is under the age of majority on ``day`` (reference ``people.majority``)."""
    return age_on(birth_date, day) < majority_months // 12


def of_age_born_by(day: date, *, majority_months: int) -> date:
    """The last day of birth of those who are of age on ``day``."""
    return day - relativedelta(years=majority_months // 12)


def holds_on(day: date, *, since: date, until: date | None) -> bool:
    """Whether a term from ``since`` to its last day ``until`` covers ``day``."""
    return since <= day and (until is None or day <= until)


def is_fresh_on(day: date, *, measured_on: date, within_months: int) -> bool:
    """Whether a measurement of ``measured_on`` is not older than some months on ``day``."""
    return day <= measured_on + relativedelta(months=within_months)


def unit_of(parameter: str) -> str:
    """The unit that stands at the end of a parameter's code; "" for a parameter in words."""
    unit = parameter.rpartition("_")[2]
    return unit if unit in _LARGEST else ""


def is_plausible(parameter: str, value: Decimal) -> bool:
    """Whether a number can be a value of ``parameter`` at all."""
    largest = _LARGEST.get(unit_of(parameter))
    return value > 0 and (largest is None or value <= largest)
