"""What is ready to be ordered in a region, for everybody: officers begin with their own."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tirek.core.actors import Desk
from tirek.core.places import region_of
from tirek.insight import readiness
from tirek.ui.desks import DeskRequest, desk


@desk("public")
@require_GET
def regions(request: DeskRequest) -> HttpResponse:
    """The regions to choose from; an officer is led to the own one."""
    own = region_of(request.actor.territory) if request.actor.desk is Desk.OFFICER else ""
    if own and "all" not in request.GET:
        return redirect("insight:readiness-of", own)
    return render(request, "insight/readiness/regions.html", {"regions": readiness.names()})


@desk("public")
@require_GET
def of_region(request: DeskRequest, code: str) -> HttpResponse:
    """Each kind in a region, and what is missing for it; with ``state`` those that are ready, or not, or bought."""
    state = request.GET.get("state", "")
    state = state if state in readiness.STATES else ""
    context = {"view": readiness.view(code, state=state), "state": state}
    return render(request, "insight/readiness/page.html", context)
