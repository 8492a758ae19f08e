"""Until when what is left of a line can be ordered, and when the next of it begins."""

from datetime import date, timedelta

from tirek.catalogue.models import CarryOver
from tirek.catalogue.terms import terms_of
from tirek.entitlements import rules
from tirek.entitlements.models import Line, OrderingTerm


def runs(term: OrderingTerm | None) -> bool:
    """Whether a term to order runs."""
    return term is not None and term.state == OrderingTerm.State.RUNNING


def last_day_to_order(line: Line, window: rules.Window, term: OrderingTerm | None) -> date | None:
    """The last day on which what is left can be ordered: of the window, the programme, or the running term, whichever
    comes first.

    ``None`` when none of them ends. At the end of a window its rest is written off, or carried on to the end of the
    year (``entitlements.expire_windows``).
    """
    ends = [
        _rest_ends(line, window),
        line.programme.valid_until,
        term.order_by if term is not None and runs(term) else None,
    ]
    return min((day for day in ends if day is not None), default=None)


def _rest_ends(line: Line, window: rules.Window) -> date | None:
    """The last day for what is left of a window: its own, or that of its year where the rest is carried on."""
    if window.end is None:
        return None
    terms = terms_of(line.kind_id, territory_code=line.programme.territory_code, on=window.end)
    return window.end if terms.carry_over == CarryOver.NONE else date(window.end.year, 12, 31)


def next_window_from(line: Line, window: rules.Window) -> date | None:
    """First day on which a new quota begins after what is left of a window has ended; ``None`` for a window without
    end, or when the programme has ended by then.
    """
    ended, last = _rest_ends(line, window), line.programme.valid_until
    if ended is None:
        return None
    following = ended + timedelta(days=1)
    return following if last is None or following <= last else None
