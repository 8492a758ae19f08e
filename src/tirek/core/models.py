"""Every table of the core, gathered for Django from the modules that own them."""

from tirek.core.case.deadlines import Deadline, Pause
from tirek.core.case.effects import Effect
from tirek.core.case.figures import Figure, FigureChange, FigureStart
from tirek.core.case.journal import Event, EventNote, HourSeal, Seal
from tirek.core.database.ratelimit import RateWindow
from tirek.core.drafts import Draft
from tirek.core.imports.runs import Run
from tirek.core.personal.viewlog import View
from tirek.core.reference import ReferenceValue
from tirek.core.reference.amendments import Amendment
from tirek.core.reference.workcalendar import CalendarDay, OpeningHours
from tirek.core.service.failures import Failure
from tirek.core.signing import Signature

__all__ = [
    "Amendment",
    "CalendarDay",
    "Deadline",
    "Draft",
    "Effect",
    "Event",
    "EventNote",
    "Failure",
    "Figure",
    "FigureChange",
    "FigureStart",
    "HourSeal",
    "OpeningHours",
    "Pause",
    "RateWindow",
    "ReferenceValue",
    "Run",
    "Seal",
    "Signature",
    "View",
]
