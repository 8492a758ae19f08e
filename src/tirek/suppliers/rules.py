"""Pure rules of the register of suppliers."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken
from tirek.core.folding import folded
from tirek.core.identifiers import Iban
from tirek.ui.text import day_text

#: Letters of a word by which a supplier is found; what is longer begins so.
LONGEST_WORD: Final = 60
_WORD: Final = re.compile(r"\w+")


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


def words_in(text: str) -> list[str]:
    """Words of what is typed or called, folded, as they are compared."""
    return [one[:LONGEST_WORD] for one in _WORD.findall(folded(text))]


def words_of_names(*names: str) -> set[str]:
    """Words by which somebody of these names is found."""
    return {word for name in names for word in words_in(name)}


def conclusion_text(number: str, on: date) -> str:
    """A conclusion as histories keep it: the same in every language."""
    return f"№ {number}, {on:%d.%m.%Y}"


def check_may_return(removed_on: date | None, may_return_on: date | None, *, on: date) -> None:
    """Whether who has an entry in the register may apply.

    Raises:
        RuleBroken: it is in the register, or the day on which it may return has not come.
    """
    if removed_on is None or removed_on > on:
        raise RuleBroken(
            _("This organisation is in the register of suppliers already."),
            next_step=_("Ask a colleague who works for it in Tirek, or the administrator, to give you a role there."),
            code="bin",
        )
    if may_return_on is not None and may_return_on > on:
        raise RuleBroken(
            _("This organisation was removed from the register and may apply again from %(day)s.")
            % {"day": day_text(may_return_on)},
            next_step=_("What you typed is kept until then. Ask the regional department if the day is wrong."),
            code="bin",
        )
