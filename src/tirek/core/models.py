"""Every table of the core, gathered for Django from the modules that own them."""

from tirek.core.amendments import Amendment
from tirek.core.deadlines import Deadline, Pause
from tirek.core.drafts import Draft
from tirek.core.effects import Effect
from tirek.core.failures import Failure
from tirek.core.journal import Event, EventNote, Seal
from tirek.core.ratelimit import RateWindow
from tirek.core.reference import ReferenceValue
from tirek.core.signing import Signature
from tirek.core.viewlog import View
from tirek.core.workcalendar import CalendarDay, OpeningHours

__all__ = [
    "Amendment",
    "CalendarDay",
    "Deadline",
    "Draft",
    "Effect",
    "Event",
    "EventNote",
    "Failure",
    "OpeningHours",
    "Pause",
    "RateWindow",
    "ReferenceValue",
    "Seal",
    "Signature",
    "View",
]
