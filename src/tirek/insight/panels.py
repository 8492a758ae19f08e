"""What insight shows on the first page: how long people wait."""

from collections.abc import Mapping

from tirek.core.actors import Desk
from tirek.insight import waiting
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import panel


@panel("front", Desk.PUBLIC, "insight/waiting/front.html", 20)
def how_long(_request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The middle of all waits beside the target; nothing before the first count."""
    found = waiting.front()
    return {"front": found} if found and found.whole.median is not None else None
