"""What became of orders, for everybody: a page, and the same as open data."""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from tirek.insight import outcomes
from tirek.insight.views.published import as_data, as_page
from tirek.ui.desks import DeskRequest, desk


@desk("public")
@require_GET
def page(request: DeskRequest) -> HttpResponse:
    """Received, ended by the clock, declined and refused, by kind and region, as they were counted last."""
    return as_page(request, "insight/outcomes.html", outcomes.tables())


@desk("public")
@require_GET
def data(_request: DeskRequest) -> HttpResponseBase:
    """Every published figure as CSV.

    Raises:
        NotFound: nothing has been counted yet.
    """
    return as_data("orders", outcomes.as_csv)
