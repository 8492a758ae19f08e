"""Parts of home pages and of a person's file that are made of a list of cases: its counters, a short table of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from tirek.core.actors import Actor, Desk
from tirek.core.errors import Text
from tirek.ui.desks import DeskRequest
from tirek.ui.lists.lists import CaseList, Counts
from tirek.ui.lists.paging import taken
from tirek.ui.panels import panel

#: Cases of a table that is a part of a page.
MOST: Final = 20


#: Lists whose open cases are counted on the home page of a desk, by their place in it.
_counted: dict[Desk, dict[int, tuple[CaseList, Text]]] = {}
#: Place of the counters among the parts of a home page.
_PLACE: Final = 10


def counters_part(cases: CaseList, at: Desk, order: int, *, title: Text) -> None:
    """Count the open cases of a list on the home page of a desk, in one part with the other lists that are counted
    there: by deadline, the gravest first, and by state; only what is above zero.

    Args:
        cases: the list.
        at: the desk.
        order: of the list among the others.
        title: what is counted: "Orders".

    Raises:
        ValueError: another list has this order there.
    """
    known = _counted.setdefault(at, {})
    if order in known:
        raise ValueError(f"The counters of {at} have a list with order {order} already: {known[order][1]}.")
    if not known:
        panel("home", at, "ui/lists/counters_part.html", _PLACE)(_counters)
    known[order] = cases, title


def _counters(request: DeskRequest, _nobody: object) -> Mapping[str, object] | None:
    """The counters of every list of the reader's desk (a query for each list)."""
    actor = request.actor
    found = []
    for _order, (cases, title) in sorted(_counted[actor.desk].items()):
        counts = cases.counts(actor)
        if not counts.by_state:
            continue
        counts = Counts(counts.by_state, {light: count for light, count in counts.by_light.items() if count})
        found.append(
            {
                "title": title,
                "url": cases.url(actor.desk),
                "by_light": cases.light_counters(actor, counts) if counts.by_light else None,
                "by_state": cases.state_counters(actor, counts),
            }
        )
    return {"lists": found} if found else None


def table_part(
    cases: CaseList,
    place: str,
    at: Desk,
    order: int,
    *,
    title: Text,
    rows: Callable[[Actor, Any], QuerySet[Any]],
    empty: tuple[Text, Text, Text, str] | Text,
    most: int = MOST,
) -> None:
    """Declare a table of some cases as a part of a place.

    Args:
        cases: the list whose columns it has.
        place: "home" or "person" (``ui.panels``); a person's file does not name the person again.
        at: the desk.
        order: of the part among others.
        title: heading and caption.
        rows: ``(actor, person of the file) -> cases``, in their order.
        empty: what is said when there is none: one sentence, or title, text, words of the way on, name of its address.
        most: how many it shows.
    """

    @panel(place, at, "ui/lists/table_part.html", order)
    def table(request: DeskRequest, subject: Any) -> Mapping[str, object]:  # noqa: ANN401 - whom the page is about
        found = taken(cases.case, rows(request.actor, subject), 0, most)
        shown = cases.table(request.actor, found, caption=title, of_person=place == "person")
        head, text, link, route = empty if isinstance(empty, tuple) else ("", empty, "", "")
        told = {"title": head, "text": text, "link": link, "url": reverse(route) if route else ""}
        return {"title": title, "table": shown, "empty": told}


def soonest_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same cases, soonest deadline first; what owes nothing stands last."""
    return rows.order_by("due_at", "created_at", "pk")
