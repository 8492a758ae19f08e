"""What the guards know of announcements."""

from datetime import timedelta

from tests.kit.declared import Declared
from tests.kit.world import World

from tirek.core import clock
from tirek.core.service import failures
from tirek.status import actions
from tirek.status.models import Announcement
from tirek.status.rules import Entered


def entered(**changes: object) -> Entered:
    """An incident of the whole country that stands on the page of the state only."""
    said: dict[str, object] = {
        "kind": "incident",
        "text_kk": "SMS кешігіп жатыр.",
        "text_ru": "SMS приходят с опозданием.",
        "text_en": "Text messages come late.",
        "parts": ("sms",),
        "regions": (),
        "places": (),
        "since": clock.now() - timedelta(minutes=10),
        "expected": None,
    }
    return Entered(**(said | changes))  # type: ignore[arg-type]  # the same names


def _announcement(world: World) -> Announcement:
    """An incident that lasts."""
    return actions.announce(actor=world.admin, entered=entered())


def _grow(world: World) -> None:
    """One more announcement, and one more failure that somebody met."""
    _announcement(world)
    failures.record(
        world.actor, step="orders:submit", method="POST", status=503, code="busy", language="kk", milliseconds=7
    )


DECLARED = Declared(
    makes={"announcement": _announcement},
    grow=_grow,
    small=frozenset({"status_announcement"}),
)
