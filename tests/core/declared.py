"""What the guards know of the core: its tables, and dated data that are amended."""

from dataclasses import replace
from datetime import date, timedelta

from tests.kit.declared import Declared
from tests.kit.world import World

from tirek.core import reference
from tirek.core.reference import amendments


def _grow(world: World) -> None:
    """One more value, version, amendment and moved day."""
    first = reference.Value(
        f"t.{world.steps}", "", "10", reference.Unit.HOURS, date(2020, 1, 1), None, "Order", reference.Status.DEMO
    )
    reference.add_version(first)
    day = date(2027, 1, 1) + timedelta(days=world.steps)
    amendments.amend_value(actor=world.admin, one=replace(first, effective_from=day, text="9"))
    amendments.amend_value(
        actor=world.admin, one=replace(reference.history("order.delivery", "")[0], effective_from=day)
    )
    saturday = date(2027, 1, 2) + timedelta(weeks=1 + world.steps)
    amendments.add_day(actor=world.admin, one=amendments.DayEntered(saturday, True, "Decree"))


DECLARED = Declared(
    grow=_grow,
    big=frozenset(
        {
            "core_deadline",
            "core_draft",
            "core_effect",
            "core_event",
            "core_signature",
            "core_view",
            "django_session",
        }
    ),
    small=frozenset(
        {
            "core_amendment",
            "core_calendarday",
            "core_eventnote",
            "core_failure",
            "core_figure",
            "core_figurechange",
            "core_figurestart",
            "core_openinghours",
            "core_pause",
            "core_ratewindow",
            "core_referencevalue",
            "core_run",
            "core_hourseal",
            "core_seal",
        }
    ),
)
