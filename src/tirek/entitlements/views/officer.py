"""The officer's desk of entitlements: what waits, a line with its ledger, terms to order, and requests."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import drafts, viewlog
from tirek.core.actors import Actor
from tirek.core.tables import CaseRow
from tirek.entitlements import actions, answers, pages, queries
from tirek.entitlements.forms import CallForm, ExplainForm, FixForm, ReopenForm, WhichForm
from tirek.entitlements.models import CorrectionRequest, OrderingTerm
from tirek.entitlements.workflow import REQUEST, TERM
from tirek.people.queries import needs_of, not_to_be_called
from tirek.people.words import needs_in_words
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 50


def look(actor: Actor, case: CaseRow, case_type: str, person_id: UUID) -> None:
    """The officer's look at a person's case is recorded."""
    viewlog.look(actor, person_id, case_type=case_type, case_id=case.pk)


@desk("officer")
@require_GET
def tasks(request: DeskRequest) -> HttpResponse:
    """Whom to call, what to sign, which requests to answer, and the corrections begun."""
    calls = list(queries.calls(request.actor)[:PER_PAGE])
    context = {
        "counts": queries.office_tasks(request.actor),
        "calls": calls,
        "write_to": not_to_be_called(one.person_id for one in calls),
        "proposed": [(one, one.proposed_by == request.actor.user_id) for one in queries.proposed(request.actor)[:PER_PAGE]],
        "requests": [(one, pages.tone_of(one.request.state)) for one in queries.listed(queries.open_requests(request.actor)[:PER_PAGE])],
        "begun": drafts.open_of(request.actor).filter(form=answers.CORRECTION_FORM)[:PER_PAGE],
    }
    return render(request, "entitlements/officer/tasks.html", context)


@desk("officer")
@require_GET
def line(request: DeskRequest, key: UUID) -> HttpResponse:
    """One line of a person: what it gives, its term, every movement, and the corrections."""
    found = queries.line_for(request.actor, key)
    viewlog.look(request.actor, found.person_id)
    context = {
        "line": found,
        "status": queries.status_of(found),
        "history": queries.history_of(found),
        "corrections": [(one, pages.tone_of(one.state)) for one in queries.corrections_of_line(request.actor, found)],
    }
    return render(request, "entitlements/officer/line.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def term(request: DeskRequest, number: str) -> HttpResponse:
    """One term to order: record the call, or open it again with a reason."""
    found = queries.term_for(request.actor, number)
    look(request.actor, found, "orderingterm", found.person_id)
    verb = request.POST.get("verb", "")
    call = CallForm(request.POST if verb == "call" else None, prefix="call")
    again = ReopenForm(request.POST if verb == "reopen" else None, prefix="reopen")
    if verb == "call" and call.is_valid():
        actions.record_call(actor=request.actor, term=found, result=call.cleaned_data["result"], note=call.cleaned_data["note"])
        messages.success(request, _("The call was recorded. The task is done."))
        return redirect("entitlements:officer-term", number)
    if verb == "reopen" and again.is_valid():
        actions.reopen_term(actor=request.actor, term=found, reason=again.cleaned_data["reason"])
        messages.success(request, _("The term is open again. The person was told."))
        return redirect("entitlements:officer-term", number)
    return _term_page(request, found, call, again)


def _term_page(request: DeskRequest, found: OrderingTerm, call: CallForm, again: ReopenForm) -> HttpResponse:
    wrong, needs = next((form for form in (call, again) if form.errors), None), needs_of(found.line.person)
    context = {
        "term": found,
        "person": found.line.person,
        "needs": needs,
        "needed": needs_in_words(needs),
        "tone": pages.tone_of(found.state),
        "next_step": pages.next_of_term(found),
        "happened": pages.timeline(request.actor, found),
        "may": TERM.open_to(request.actor, found),
        "call_form": call,
        "again": again,
        "form": wrong,
    }
    return render(request, "entitlements/officer/term.html", context, status=422 if wrong else 200)


@desk("officer")
@require_http_methods(["GET", "POST"])
def asked(request: DeskRequest, number: str) -> HttpResponse:
    """One request: explain, record that the data were put right, or begin a correction."""
    found = queries.request_for(request.actor, number)
    look(request.actor, found, "correctionrequest", found.person_id)
    verb = request.POST.get("verb", "")
    explain = ExplainForm(request.POST if verb == "explain" else None, prefix="explain")
    fix = FixForm(request.POST if verb == "fix" else None, prefix="fix")
    if verb == "explain" and explain.is_valid():
        actions.explain_request(actor=request.actor, request=found, answer=explain.cleaned_data["answer"])
        messages.success(request, _("The answer was sent to the person."))
        return redirect("entitlements:officer-request", number)
    if verb == "fix" and fix.is_valid():
        given = fix.cleaned_data
        actions.record_fix(actor=request.actor, request=found, document=given["document"], answer=given["answer"])
        messages.success(request, _("Recorded. The person was told."))
        return redirect("entitlements:officer-request", number)
    return _request_page(request, found, explain, fix)


def _request_page(request: DeskRequest, found: CorrectionRequest, explain: forms.Form, fix: forms.Form) -> HttpResponse:
    wrong = next((form for form in (explain, fix) if form.errors), None)
    context = {
        "asked": found,
        "tone": pages.tone_of(found.state),
        "next_step": pages.next_of_request(found),
        "happened": pages.timeline(request.actor, found),
        "corrections": queries.corrections_of(request.actor, found),
        "status": queries.status_of(queries.line_for(request.actor, found.line_id)) if found.line_id else None,
        "may": REQUEST.open_to(request.actor, found),
        "explain": explain,
        "fix": fix,
        "which": WhichForm(initial={"kind": found.kind_id or ""}),
        "form": wrong,
    }
    return render(request, "entitlements/officer/request.html", context, status=422 if wrong else 200)
