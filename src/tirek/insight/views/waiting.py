"""How long people wait, for everybody: a page, and the same as open data."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.core.errors import NotFound
from tirek.insight import open_data, queries, waiting
from tirek.insight.forms import CellForm
from tirek.ui.desks import DeskRequest, desk


@desk("public")
@require_GET
def page(request: DeskRequest) -> HttpResponse:
    """The figures of a kind (``kind``) in a region (``region``), the tables sorted and the map shaded by one of them
    (``by``).
    """
    kinds, regions = waiting.choices()
    kind, region, by = (request.GET.get(name, "") for name in ("kind", "region", "by"))
    by = by if by in waiting.SORTS else "median"
    view = waiting.view(kind, region, by=by)
    context = {
        "view": view,
        "filter": CellForm({"kind": kind, "region": region}, kinds=kinds, regions=regions),
        "is_narrowed": bool(kind or region),
        "kind": kind,
        "region": region,
        "by": by,
    }
    return render(request, "insight/waiting/page.html", context)


@desk("public")
@require_GET
def data(request: DeskRequest, ending: str) -> HttpResponseBase:
    """Every published figure, as CSV or JSON; with ``kind`` and ``region`` in the address those of one cell.

    Raises:
        NotFound: nothing has been counted yet, or there is no such kind or region.
    """
    count = queries.newest()
    if count is None:
        raise NotFound
    known = dict(zip(("kind", "region"), ({code for code, _name in one} for one in waiting.choices()), strict=True))
    wanted = {name: request.GET[name] for name in known if name in request.GET}
    if any(code and code not in known[name] for name, code in wanted.items()):
        raise NotFound
    figures = queries.all_published(**wanted)
    name = f"waiting-{count.day.isoformat()}.{ending}"
    if ending == "csv":
        lines, kind = open_data.as_csv(figures), "text/csv; charset=utf-8"
    else:
        lines, kind = open_data.as_json(count, figures), "application/json"
    response = StreamingHttpResponse(lines, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk("public")
@require_GET
def schema(_request: DeskRequest) -> HttpResponse:
    """What the fields of the open data mean."""
    return JsonResponse(open_data.schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})
