"""The only place that asks for the time. Tests, demo data and "preview as of" set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

#: One time for the whole country since 1 March 2024 (UTC+5).
COUNTRY_ZONE = ZoneInfo("Asia/Almaty")

#: Since then the zone data must know it; older ones give every day another end.
_ONE_TIME_SINCE = datetime(2024, 3, 1, 12, tzinfo=UTC)

_frozen: ContextVar[datetime | None] = ContextVar("tirek_clock", default=None)


def knows_the_country(zone: ZoneInfo = COUNTRY_ZONE) -> bool:
    """Whether the zone data of this machine are of 2024 or newer: then the country is at UTC+5."""
    return _ONE_TIME_SINCE.astimezone(zone).utcoffset() == timedelta(hours=5)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def is_set() -> bool:
    """Whether somebody has set the clock: it stands, and is not the machine's."""
    return _frozen.get() is not None


def today(zone: ZoneInfo = COUNTRY_ZONE) -> date:
    """The date of the present moment in ``zone``."""
    return now().astimezone(zone).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block the clock stands at ``moment`` (aware)."""
    if moment.tzinfo is None:
        raise ValueError("The clock takes an aware moment.")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
