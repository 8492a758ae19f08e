"""Pure rules of the register of suppliers."""

from dataclasses import dataclass
from datetime import date

from tirek.core.identifiers import Iban


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where a supplier is paid.

    Attributes:
        iban: account (ИИК).
        bank: name of the bank.
        bic: its code (БИК).
        kbe: code of beneficiary (КБе), two digits.
    """

    iban: Iban
    bank: str
    bic: str
    kbe: str


def may_take_orders(*, registered_on: date, suspended_since: date | None, removed_on: date | None, on: date) -> bool:
    """Whether a supplier may take new orders on a day. (Social Code art. 167(5), 167(7))"""
    if on < registered_on:
        return False
    return all(end is None or on < end for end in (suspended_since, removed_on))
