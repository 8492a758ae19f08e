"""The overview of heads and analysts: regions and districts side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.places import region_of
from tirek.desks import overview
from tirek.ui.desks import DeskRequest, desk


@desk("officer", "analyst", "admin")
@require_GET
def side_by_side(request: DeskRequest, code: str = "") -> HttpResponse:
    """Places side by side, by one type of cases (``of``), sorted and shaded by one measure (``by``): counts of cases,
    nothing of people, so that each office sees how it stands among the others.
    """
    kinds = overview.kinds()
    kind = next((one for one in kinds if one.code == request.GET.get("of")), kinds[0])
    by = request.GET.get("by", "")
    view = overview.overview(kind, code, by=by if by in overview.MEASURES else "overdue")
    context = {
        "view": view,
        "kinds": kinds,
        "by": by if by in overview.MEASURES else "overdue",
        "own": region_of(request.actor.territory) if request.actor.desk is Desk.OFFICER else "",
        "place": request.actor.territory,
        "at": clock.now(),
        "fewest": overview.FEWEST,
    }
    return render(request, "desks/overview/page.html", context)
