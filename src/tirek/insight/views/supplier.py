"""A supplier's own figures: orders, hand-overs and faults by month and kind, beside the pace of the region."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from tirek.catalogue.finding import all_kinds
from tirek.insight import suppliers
from tirek.insight.forms import CellForm
from tirek.insight.suppliers import FEWEST, FEWEST_SELLERS, MONTHS, Cell, View
from tirek.orders.models import Order
from tirek.territory.queries import regions
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import month_text

#: Height of a row of the drawing, and length of its longest bar.
_BAR, _FULL = 28, 150
#: Kinds and regions of the table, those with the most orders.
MOST: Final = 50


@desk("supplier")
@require_GET
def page(request: DeskRequest) -> HttpResponse:
    """Own figures of the last months, of a kind or a region where the address names one."""
    kinds = {one.code: capfirst(one.name) for one in all_kinds()}
    names = {one.code: one.name for one in regions()}
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    kind, region = kind if kind in kinds else "", region if region in names else ""
    found = suppliers.view(request.actor, kind=kind, region=region)
    of_kind, of_region = found.known
    context = {
        "view": found,
        "filter": CellForm(
            request.GET,
            kinds=[one for one in kinds.items() if one[0] in of_kind],
            regions=[one for one in names.items() if one[0] in of_region],
        ),
        "is_narrowed": bool(kind or region),
        "bars": bars(found),
        "height": _BAR * len(found.months),
        "reasons": reasons(found.whole),
        "rows": [(kinds.get(one.kind, one.kind), names.get(one.region, one.region), one) for one in found.kinds[:MOST]],
        "left_out": max(len(found.kinds) - MOST, 0),
        "fewest": FEWEST,
        "sellers": FEWEST_SELLERS,
        "months": MONTHS,
    }
    return render(request, "insight/supplier/page.html", context)


def bars(found: View) -> list[dict[str, object]]:
    """Rows of the drawing, the oldest month first: how many orders came, and how many of them were accepted."""
    most = max((one.cell.sent for one in found.months), default=0) or 1
    return [
        {
            "month": month_text(one.first),
            "y": place * _BAR,
            "sent": one.cell.sent,
            "accepted": one.cell.accepted,
            "whole": _FULL * one.cell.sent // most,
            "share": _FULL * one.cell.accepted // most,
        }
        for place, one in enumerate(reversed(found.months))
    ]


def reasons(whole: Cell) -> list[tuple[str, str, int]]:
    """Why orders were declined and goods refused: who, the reason in words, how many; the most frequent first."""
    declined = [("declined", str(Order.DeclineReason(code).label), n) for code, n in whole.declined.most_common()]
    refused = [
        ("refused", str(Order.RefusalReason(code).label), n)
        for code, n in whole.refused.most_common()
        if code in Order.RefusalReason.values
    ]
    return [*declined, *refused]
