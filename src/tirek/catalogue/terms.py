"""Terms of kinds as dated rows: how much a programme gives, in which parts, what one order takes, when the next one is
due (portal.md section 3).
"""

from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import CarryOver, KindTerms, Period
from tirek.catalogue.regional import Regional
from tirek.core.errors import RuleBroken
from tirek.core.reference.amendments import Amendment, Facts

#: No quantity passes it, and no term in months: beyond them somebody has mistyped.
MOST_UNITS: Final = 100_000
MOST_MONTHS: Final = 360
#: Parts in the shortest year.
PARTS_OF_YEAR: Final = {Period.DAY: 365, Period.MONTH: 12, Period.QUARTER: 4}
_COUNTED: Final = ("norm", "part_quantity", "max_per_order")


def _refused(words: Promise, code: str) -> RuleBroken:
    return RuleBroken(words, code=code)


def _rule(row: KindTerms) -> None:
    """Whether what a version says holds together.

    Raises:
        RuleBroken: it does not; the code is the name of the column.
    """
    for name in _COUNTED:
        given = getattr(row, name)
        if given is not None and not 0 < given <= MOST_UNITS:
            raise _refused(_("A quantity must be more than 0 and at most 100 000."), name)
    if row.replacement_months is not None and not 0 < row.replacement_months <= MOST_MONTHS:
        raise _refused(_("The term must be from 1 to 360 months."), "replacement_months")
    if row.replacement_months is not None and row.period != Period.ONCE:
        raise _refused(_("Only what is given once for the programme has a term to the next one."), "replacement_months")
    if row.part and (row.period != Period.YEAR or row.part not in PARTS_OF_YEAR):
        raise _refused(_("Only the quantity of a year is given out in parts: by the day, month or quarter."), "part")
    if row.part_quantity is not None and not row.part:
        raise _refused(_("Choose the parts in which the quantity is given out."), "part_quantity")
    if row.carry_over != CarryOver.NONE and row.window not in PARTS_OF_YEAR:
        raise _refused(
            _("Only what is given by the day, month or quarter is carried on to the end of the year."), "carry_over"
        )


def said_of(row: KindTerms) -> Facts:
    """What a version says, by column."""
    return {name: getattr(row, name) for name in SAID}


#: The columns that a version says something in.
SAID: Final = ("period", "norm", "part", "part_quantity", "carry_over", "max_per_order", "replacement_months")
#: The terms of kinds. What a programme has given keeps its quantity and its parts; what one order takes, what is
#: carried on and when the next one is due count from the day of the order, of the end of the part, and of the receipt.
TERMS: Final[Regional[KindTerms]] = Regional(KindTerms, Amendment.Area.TERMS, said=said_of, rule=_rule)
#: What holds while nothing is known: once for the programme, as much as it says.
UNKNOWN: Final = KindTerms(period=Period.ONCE)


def terms_of(kind_code: str, *, territory_code: str, on: date) -> KindTerms:
    """The terms of a kind in a region, else in the republic, on a day (``core.snapshot``); ``UNKNOWN`` where none are
    in force.
    """
    return TERMS.at(kind_code, territory_code=territory_code, on=on) or UNKNOWN


def quota_of(terms: KindTerms, quantity: int) -> tuple[Period, int, int | None]:
    """Window, units per window and year's norm of what a programme gives.

    Parts let the year's quantity out and never take from it: where those of a year come to less than the programme
    gives, they are larger.
    """
    if not terms.part:
        return Period(terms.period), quantity, None
    part = Period(terms.part)
    return part, max(terms.part_quantity or 0, -(-quantity // PARTS_OF_YEAR[part])), quantity
