"""Why an order is prepared for a line on a day: a pure rule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

#: Codes of ``Prepared.Cause``.
OPENED, WINDOW, TERM, OUTGROWN, SIZE = "opened", "window", "term", "outgrown", "size"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether, and why, something is prepared.

    Attributes:
        period: of the quota: day, month, quarter, year, once.
        window_start: first day of the present quota window.
        opened_on: day on which the line was registered.
        next_on: first day on which the next one may be ordered, of a line without windows.
        ordered_on: day of the newest order of the line; ``None`` for none.
        outgrown_on: day of the measurement by which what was received last no longer fits; ``None`` where it fits.
        doubtful_since: last day on which a child's measurement was fresh; ``None`` where all are, or it is no child.
    """

    period: str
    window_start: date
    opened_on: date
    next_on: date | None = None
    ordered_on: date | None = None
    outgrown_on: date | None = None
    doubtful_since: date | None = None


def _opening(given: Facts) -> tuple[str, date]:
    if given.opened_on >= given.window_start:
        return OPENED, given.opened_on
    if given.period == "once" and given.next_on == given.window_start:
        return TERM, given.window_start
    return WINDOW, given.window_start


def outgrown(given: Facts, *, told: Collection[tuple[str, date]], earliest: date) -> tuple[str, date] | None:
    """The only cause while a replacement term runs: what was received no longer fits; arguments as for ``cause_of``."""
    found = (OUTGROWN, given.outgrown_on) if given.outgrown_on is not None else None
    return found if found is not None and found not in told and found[1] >= earliest else None


def cause_of(given: Facts, *, told: Collection[tuple[str, date]], earliest: date) -> tuple[str, date] | None:
    """The cause for which an order is prepared, with its day; ``None`` where there is no new one.

    A cause is told once, not to somebody who has ordered since the line opened, and not when its day lies before
    ``earliest``: what opened long ago is no news. A quota by the day opens anew every morning, which is no news either.

    Args:
        given: of a line that can be ordered now.
        told: causes that were told of this line.
        earliest: the first day of which a cause is told.
    """
    cause, since = _opening(given)
    is_news = given.period != "day" or cause == OPENED
    found = [(cause, since)] if is_news and (given.ordered_on is None or given.ordered_on < since) else []
    if given.outgrown_on is not None:
        found.append((OUTGROWN, given.outgrown_on))
    if given.doubtful_since is not None:
        found.append((SIZE, given.doubtful_since))
    return next((one for one in found if one not in told and one[1] >= earliest), None)
