"""Figures that everybody may read: how their pages and their open data are answered."""

from collections.abc import Callable, Iterator, Sequence

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from tirek.core.errors import NotFound
from tirek.insight import queries
from tirek.insight.published import Table
from tirek.ui.desks import DeskRequest


def as_page(request: DeskRequest, template: str, tables: Sequence[Table]) -> HttpResponse:
    """Tables as they were counted last."""
    return render(request, template, {"tables": tables, "count": queries.newest()})


def as_data(name: str, lines: Callable[[], Iterator[str]]) -> HttpResponseBase:
    """Every published figure as CSV; the day of the count stands in the file's name.

    Raises:
        NotFound: nothing has been counted yet.
    """
    count = queries.newest()
    if count is None:
        raise NotFound
    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{count.day.isoformat()}.csv"'
    return response
