"""Imports at the administrator's desk: which files there are, a template, a file, its check, the run."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.confirming import Act, needs_confirming
from tirek.accounts.queries import names_of_staff
from tirek.core import imports as files
from tirek.core.errors import DomainError, NotFound
from tirek.core.imports import ImportTable, Run
from tirek.site.admin_forms import FileForm, show_refusal
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 20
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table(code: str) -> ImportTable:
    found = files.table_of(code)
    if found is None:
        raise NotFound
    return found


@desk("admin")
@require_GET
def imports(request: DeskRequest) -> HttpResponse:
    """Which files can be imported, in the order in which an empty installation needs them, and what was imported."""
    page = Paginator(files.runs_of(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    names = names_of_staff(one.actor_id for one in page if one.actor_id)
    rows = [(one, names.get(one.actor_id or one.pk, "")) for one in page]
    return render(request, "site/admin/imports.html", {"tables": files.all_tables(), "page": page, "rows": rows})


@desk("admin")
@require_http_methods(["GET", "POST"])
def upload(request: DeskRequest, code: str) -> HttpResponse:
    """Choose a file; it is checked, and nothing is written yet."""
    table = _table(code)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            made = files.begin(
                actor=request.actor, table=table, file_name=chosen.name or "", content=chosen.read(files.MOST_BYTES)
            )
        except DomainError as error:
            show_refusal(form, error, dict.fromkeys((error.code,), "file"))
        else:
            return redirect("manage:import-run", made.pk)
    context = {"form": form, "table": table}
    return render(request, "site/admin/import.html", context, status=422 if form.errors else 200)


@desk("admin")
@require_GET
def template(_request: DeskRequest, code: str) -> HttpResponse:
    """A workbook to fill in."""
    table = _table(code)
    response = HttpResponse(files.template(table), content_type=_WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="{table.code}.xlsx"'
    return response


@desk("admin")
@needs_confirming(Act.IMPORT)
@require_http_methods(["GET", "POST"])
def run(request: DeskRequest, key: UUID) -> HttpResponse:
    """What a file would make or change, what is wrong with it; take it, check it again, or delete it."""
    found = files.runs_of(request.actor).filter(pk=key).first()
    if found is None or found.what is None:
        raise NotFound
    if request.method == "POST":
        if "again" in request.POST:
            files.check_again(actor=request.actor, run=found)
        elif "off" in request.POST:
            files.take_off(actor=request.actor, run=found)
        else:
            done = files.confirm(actor=request.actor, run=found)
            if done.state == Run.State.DONE:
                messages.success(request, _("The file is imported."))
        return redirect("manage:import-run", found.pk)
    names = names_of_staff([found.actor_id] if found.actor_id else [])
    context = {
        "run": found,
        "table": found.what,
        "who": next(iter(names.values()), ""),
        "is_at_work": found.is_at_work,
    }
    return render(request, "site/admin/import_run.html", context)
