"""What became of prepared orders, for everybody: a page, and the same as open data."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core.errors import NotFound
from tirek.insight import prepared, queries
from tirek.ui.desks import DeskRequest, desk


@desk("public")
@require_GET
def page(request: DeskRequest) -> HttpResponse:
    """Offered, taken, declined and not answered, by cause, kind and region, as they were counted last."""
    return render(request, "insight/prepared/page.html", {"tables": prepared.tables(), "count": queries.newest()})


@desk("public")
@require_GET
def data(_request: DeskRequest) -> HttpResponseBase:
    """Every published figure as CSV.

    Raises:
        NotFound: nothing has been counted yet.
    """
    count = queries.newest()
    if count is None:
        raise NotFound
    response = StreamingHttpResponse(prepared.as_csv(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="prepared-orders-{count.day.isoformat()}.csv"'
    return response
