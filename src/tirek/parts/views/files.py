"""The supplier's desk: the list of parts as a file that is taken along and brought back."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.errors import RuleBroken
from tirek.parts import book as books
from tirek.parts import queries
from tirek.parts.actions import take_list
from tirek.parts.forms import FileForm
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk

_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk("supplier")
@require_GET
def book(request: DeskRequest) -> HttpResponse:
    """The list as a workbook, or as CSV."""
    found = queries.list_of(request.actor).prefetch_related("fits__variant").order_by("article")[: books.MOST_LINES]
    rows = books.lines(found)
    is_csv = request.GET.get("format") == "csv"
    content = books.as_csv(rows).encode() if is_csv else books.as_workbook(rows)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if is_csv else _BOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="parts.{"csv" if is_csv else "xlsx"}"'
    return answer


@desk("supplier")
@require_http_methods(["GET", "POST"])
def brought(request: DeskRequest) -> HttpResponse:
    """Bring a file: every line is taken, or none, and each mistake is told with its line."""
    queries.list_of(request.actor)
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    wrong: list[tuple[int, object]] = []
    refusal: RuleBroken | None = None
    if form.is_valid():
        try:
            read = books.read(form.cleaned_data["file"].read())
            wrong, taken = list(read.wrong), 0
            if not wrong:
                taken, refused = take_list(actor=request.actor, wanted=read.wanted)
                wrong = list(refused)
        except RuleBroken as broken:
            refusal = None if told_at_field(form, broken, dict.fromkeys((broken.code,), "file")) else broken
        else:
            if not wrong:
                done = ngettext("%(n)s part was taken over.", "%(n)s parts were taken over.", taken) % {"n": taken}
                messages.success(request, done)
                return redirect("parts:supplier-parts")
    context = {
        "form": form,
        "wrong": wrong,
        "most": books.MOST_LINES,
        "back_url": reverse("parts:supplier-parts"),
        "refusal": refusal,
        "has_errors": bool(form.errors or wrong) or refusal is not None,
    }
    return render(request, "parts/cabinet/file.html", context, status=422 if context["has_errors"] else 200)
