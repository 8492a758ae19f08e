"""A person's own cases of one type at the recipient's desk: cards, newest first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.case.words import listed
from tirek.core.errors import Text
from tirek.core.tables import CaseRow
from tirek.ui.desks import DeskRequest, Wrapped, desk
from tirek.ui.lists.paging import CasePaginator

PER_PAGE: Final = 20


@dataclass(frozen=True)
class OwnList:
    """The cases of one type that a person sees as the person's own.

    Attributes:
        case: the case type.
        title: heading of the page.
        route: name of its address (``orders:recipient-orders``).
        card: what a case is called on its card.
        empty: what is said when there is none: title, text, words of the way on.
        leads_to: name of the address of that way.
        back: name of the address of the page before, where this one stands in no menu.
    """

    case: CaseType[Any]
    title: Text
    route: str
    card: Callable[[Any], str]
    empty: tuple[Text, Text, Text]
    leads_to: str
    back: str = ""

    def cards(self, actor: Actor, cases: Iterable[CaseRow]) -> list[dict[str, object]]:
        """Cases for ``ui/lists/cards.html`` (two queries at most)."""
        return [
            {
                "url": self.case.url(one.case, actor.desk),
                "title": self.card(one.case),
                "number": one.case.number,
                "begun_at": one.case.created_at,
                "state": one.state,
                "tone": one.tone,
                "deadline": one.deadline,
            }
            for one in listed(self.case, actor, list(cases))
        ]

    def _view(self) -> Wrapped[[]]:
        @desk(Desk.RECIPIENT.value)
        @require_GET
        def own(request: DeskRequest) -> HttpResponse:
            """The person's cases, newest first."""
            rows = self.case.visible_to(request.actor).order_by("-created_at")
            page = CasePaginator(self.case, rows, PER_PAGE).get_page(request.GET.get("page"))
            title, text, link = self.empty
            context = {
                "title": self.title,
                "back": reverse(self.back) if self.back else "",
                "page_obj": page,
                "cards": self.cards(request.actor, page.object_list),
                "empty": {"title": title, "text": text, "link": link, "url": reverse(self.leads_to)},
            }
            return render(request, "ui/lists/own.html", context)

        return own

    def urls(self, place: str) -> list[URLPattern]:
        """The address of the page."""
        return [path(place, self._view(), name=self.route.partition(":")[2])]
