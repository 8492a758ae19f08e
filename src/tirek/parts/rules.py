"""Who pays for a part of a thing, and until when one is ordered here: pure rules, tested by a table."""

from datetime import date
from enum import StrEnum
from typing import Final

from tirek.core.case.deadlines import add_months

#: What the reference data say of who pays after the warranty: the person, or no part is ordered here.
PERSON: Final = "person"
CLOSED: Final = "none"


class Pays(StrEnum):
    """Who pays for a part on a day."""

    WARRANTY = "warranty"
    PERSON = "person"
    ANEW = "anew"


def anew_from(
    *, received_on: date, months: int | None, last_received_on: date | None, next_on: date | None
) -> date | None:
    """The first day on which a thing of this kind can be had anew: the end of its term of use. (Social Code art. 162)

    Args:
        received_on: the day the thing was received.
        months: replacement term of its kind on that day; ``None``: none is known.
        last_received_on: the day on which the item of the programme was received last.
        next_on: the next day of that item, which an officer may have corrected.

    Returns:
        The next day of the item where nothing was received for it since; else what follows from the thing's own
        receipt. ``None`` where no term is known.
    """
    if next_on is not None and last_received_on == received_on:
        return next_on
    return add_months(received_on, months) if months else None


def pays(
    *,
    on: date,
    warranty_until: date | None,
    is_covered: bool,
    anew: date | None,
    in_term: str = PERSON,
    after_term: str = CLOSED,
) -> Pays:
    """Who pays for a part that is asked for on a day.

    Args:
        on: the day.
        warranty_until: last day of the warranty of the thing.
        is_covered: whether the supplier's warranty covers the part.
        anew: first day after the term of use; ``None``: no term is known, and it does not end.
        in_term: reference ``parts.in_term``.
        after_term: reference ``parts.after_term``.
    """
    if is_covered and warranty_until is not None and on <= warranty_until:
        return Pays.WARRANTY
    is_over = anew is not None and on >= anew
    return Pays.PERSON if (after_term if is_over else in_term) == PERSON else Pays.ANEW
