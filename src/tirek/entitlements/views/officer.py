"""The officer's desk of entitlements: a line with its ledger."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.case.words import listed
from tirek.core.errors import DomainError, RuleBroken
from tirek.entitlements import actions, queries, under_way
from tirek.entitlements.actions.kept import ComesOutOtherwise, keep_case
from tirek.entitlements.actions.programmes import EndsItems
from tirek.entitlements.asking import Asked, words_of
from tirek.entitlements.case_types import CORRECTIONS
from tirek.entitlements.forms import KeepForm
from tirek.entitlements.programme_form import ProgrammeForm
from tirek.entitlements.scenario_of import scenario_of
from tirek.people.queries import person_for
from tirek.ui import panels
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.ways import way


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def new_programme(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter a programme that no register has brought; by other presses the page asks what the programme says of the
    kinds that are chosen, or takes more items.
    """
    person = person_for(request.actor, key)
    form = ProgrammeForm(request.POST or None, place=person.territory_id)
    if form.is_looked_at:
        form.show_fields()
        return render(request, "entitlements/officer/new_programme.html", {"form": form, "person": person})
    status = 422 if form.is_bound and not form.is_valid() else 200
    context: dict[str, object] = {"form": form, "person": person}
    if form.is_bound and status == HTTPStatus.OK:
        given = form.cleaned_data
        try:
            actions.register_programme(
                actor=request.actor,
                person=person,
                issued_by=given["issued_by"],
                issued_on=given["issued_on"],
                valid_until=given["valid_until"],
                employer_pays=given["employer_pays"],
                lines=form.lines(),
                ends_shown=form.shown(),
            )
        except EndsItems as error:
            # the next press says that it was read
            sent = request.POST.copy()
            sent["ends_shown"] = " ".join(str(one.pk) for one in error.lines)
            form.data = sent
            ends = under_way.beside(request.actor, error.lines)
            context |= {"refusal": error, "has_errors": True, "ends": ends}
            context["any_under_way"] = any(cases for _line, cases in ends)
            status = error.status
        except DomainError as error:
            form.add_error(form.FIELDS.get(error.code), str(error.message))
            status = error.status
        else:
            messages.success(request, _("The programme is entered. We tell the person what can be ordered."))
            return redirect(way("person", person.pk) or "/")
    return render(request, "entitlements/officer/new_programme.html", context, status=status)


@desk("officer")
@never_cache
@require_GET
def line_scenario(request: DeskRequest, key: UUID) -> HttpResponse:
    """The line as a scenario for the check of the rules, without personal data."""
    status = queries.opened_status(request.actor, key)
    response = HttpResponse(scenario_of(status), content_type="application/yaml; charset=utf-8")
    name = f"scenario-{status.line.kind_id}-{clock.today().isoformat()}.yml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def keep_scenario(request: DeskRequest, key: UUID) -> HttpResponse:
    """Keep the line as a scenario that is played whenever rules change: what is kept, and why."""
    status = queries.opened_status(request.actor, key)
    form = KeepForm(request.POST or None)
    context: dict[str, object] = {"form": form, "line": status.line}
    answer = 422 if form.is_bound and not form.is_valid() else 200
    if form.is_bound and answer == HTTPStatus.OK:
        try:
            keep_case(actor=request.actor, status=status, title=form.cleaned_data["title"])
        except ComesOutOtherwise as error:
            [(_scenario, context["differences"])] = error.found
            context |= {"refusal": error, "has_errors": True}
            answer = error.status
        except RuleBroken as error:
            form.add_error("title" if error.code == "title" else None, str(error.message))
            answer = error.status
        else:
            messages.success(request, _("It is kept. Whoever changes a rule sees whether it still comes out so."))
            return redirect("entitlements:officer-line", key)
    context["text"] = scenario_of(status)
    return render(request, "entitlements/officer/keep_scenario.html", context, status=answer)


@desk("officer")
@require_GET
def line(request: DeskRequest, key: UUID) -> HttpResponse:
    """One line of a person: what it gives, its term, every movement, and the corrections."""
    status = queries.opened_status(request.actor, key)
    found = status.line
    context = {
        "line": found,
        "status": status,
        "newer": queries.line_instead(found),
        "held_by": under_way.held_by(request.actor, [status])[0][1],
        "asked": words_of(found.kind_id, Asked.of(found)),
        "history": queries.history_of(found),
        "corrections": listed(CORRECTIONS, request.actor, queries.corrections_of_line(request.actor, found)),
        "panels": panels.shown(request, "line", found),
    }
    return render(request, "entitlements/officer/line.html", context)
