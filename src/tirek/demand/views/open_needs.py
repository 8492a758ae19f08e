"""What people may choose and have not chosen yet, for suppliers and offices, by kind, region and parameter."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.demand import open_needs, rules
from tirek.demand.forms import OpenForm
from tirek.demand.shortages import DAYS
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.lists.paging import BoundedPaginator

PER_PAGE: Final = 50


@desk("supplier", "officer")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Open needs with the offers that fit, those first whom nobody serves."""
    one = open_needs.chosen(request.GET)
    page = BoundedPaginator(open_needs.listed(one), PER_PAGE).get_page(request.GET.get("page"))
    kinds, regions = open_needs.choices()
    context = {
        "filter": OpenForm(request.GET, kinds=kinds, regions=regions),
        "chosen": one,
        "rows": open_needs.shown(list(page.object_list)),
        "page_obj": page,
        "counted_on": open_needs.counted_on(),
        "fewest": rules.FEWEST,
        "days": DAYS,
    }
    return render(request, "demand/open.html", context)
