"""The officer's desk: a correction is filled in, checked, proposed, and signed or rejected by a second officer."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tirek.catalogue.models import Kind
from tirek.catalogue.words import Words
from tirek.core import drafts, viewlog
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.entitlements import actions, answers, pages, queries
from tirek.entitlements.forms import CorrectionForm, RejectForm
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.views.filling import begun, keep, labelled, shown_anew
from tirek.entitlements.views.officer import look
from tirek.entitlements.workflow import CORRECTION
from tirek.people.queries import names_of_users
from tirek.ui.desks import DeskRequest, desk


@dataclass(frozen=True, slots=True)
class Filled:
    """A correction that is being filled in, with what it refers to."""

    draft: Draft
    programme: Programme
    line: Line | None
    kind: Kind

    @property
    def unit(self) -> str:
        """The kind's unit in words."""
        return Words(self.kind.pk).unit

    @property
    def back(self) -> str:
        """Where the officer came from."""
        if self.line is not None:
            return reverse("entitlements:officer-line", args=[self.line.pk])
        return reverse("entitlements:officer-tasks")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _filled(request: DeskRequest, key: UUID) -> Filled:
    draft = drafts.draft_for(request.actor, key, form=answers.CORRECTION_FORM)
    values = draft.values()
    if values.get("line"):
        line = queries.line_for(request.actor, _key(values["line"]))
        return Filled(draft, line.programme, line, line.kind)
    kind = Kind.objects.filter(pk=values.get("kind", "")).first()
    if kind is None:
        raise NotFound
    return Filled(draft, queries.programme_by_key(request.actor, _key(values.get("programme", ""))), None, kind)


@desk("officer")
@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """Begin a correction of a line, or of the kind that a request is about; one that was begun goes on."""
    request_key = request.POST.get("request", "")
    if request.POST.get("line"):
        line: Line | None = queries.line_for(request.actor, _key(request.POST["line"]))
    else:
        person = queries.request_by_key(request.actor, _key(request_key)).person
        line = queries.line_of_kind(request.actor, person, request.POST.get("kind", ""))
    if line is not None:
        values = {"programme": str(line.programme_id), "line": str(line.pk), "kind": "", "request": request_key}
    else:
        programme = queries.active_programme(request.actor, person)
        values = {"programme": str(programme.pk), "line": "", "kind": request.POST.get("kind", ""), "request": request_key}
    return redirect("entitlements:correction-form", begun(request.actor, answers.CORRECTION_FORM, values).pk)


@desk("officer")
@require_http_methods(["GET", "POST"])
def fill_in(request: DeskRequest, key: UUID) -> HttpResponse:
    """By how much, why, and on what it rests; kept as it is typed."""
    filled = _filled(request, key)
    if filled.draft.state == Draft.State.SUBMITTED:
        return _propose(request, filled.draft)
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, initial=filled.draft.values(), unit=filled.unit, adds_line=filled.line is None)
    conflicts: dict[str, drafts.Conflict] = {}
    if request.method == "POST":
        conflicts = keep(request, filled.draft, form.fields)
        if form.is_valid() and not conflicts:
            return redirect("entitlements:correction-check", key)
    context = {
        "form": form,
        "filled": filled,
        "status": queries.status_of(filled.line) if filled.line else None,
        "conflicts": labelled(form, conflicts),
        "autosave_url": reverse("draft-fields", args=[key]),
        "versions": filled.draft.versions(),
        "back": filled.back,
    }
    return render(request, "entitlements/officer/correction_form.html", context, status=422 if form.errors else 409 if conflicts else 200)


def _propose(request: DeskRequest, draft: Draft) -> HttpResponse:
    found = actions.propose_correction(actor=request.actor, draft_key=draft.pk)
    messages.success(request, _("The correction waits for a second officer to sign it."))
    return redirect("entitlements:officer-correction", found.number)


@desk("officer")
@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, key: UUID) -> HttpResponse:
    """Check and propose. Pressed five times, it is one correction."""
    filled = _filled(request, key)
    viewlog.look(request.actor, filled.programme.person_id)
    refusal: RuleBroken | None = None
    if request.method == "POST" or filled.draft.state == Draft.State.SUBMITTED:
        try:
            return _propose(request, filled.draft)
        except RuleBroken as refused:
            refusal = refused
            shown_anew(request.actor, filled.draft, refused)
    context = {
        "form": forms.Form(),
        "filled": filled,
        "values": filled.draft.values(),
        "amount": answers.whole_number(filled.draft.values().get("amount", "")),
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "entitlements/officer/correction_check.html", context, status=422 if refusal else 200)


@desk("officer")
@require_http_methods(["GET", "POST"])
def discard(request: DeskRequest, key: UUID) -> HttpResponse:
    """Throw an unfinished correction away, after asking."""
    filled = _filled(request, key)
    if request.method == "POST":
        drafts.archive(request.actor, filled.draft.pk)
        messages.success(request, _("The form was deleted."))
        return redirect(filled.back)
    context = {
        "question": _("Delete this form?"),
        "consequence": _("What you typed will be gone. Nothing was sent."),
        "button": _("Delete"),
        "back_url": filled.back,
    }
    return render(request, "ui/confirm.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def one(request: DeskRequest, number: str) -> HttpResponse:
    """The whole reasoning and the ledger; a second officer signs, or rejects with a reason."""
    found = queries.correction_for(request.actor, number)
    look(request.actor, found, "correction", found.person_id)
    verb = request.POST.get("verb", "")
    reject = RejectForm(request.POST if verb == "reject" else None, prefix="reject")
    refusal: RuleBroken | None = None
    try:
        if verb == "sign":
            actions.sign_correction(actor=request.actor, correction=found)
            messages.success(request, _("Signed. It stands in the ledger, and the person was told."))
            return redirect("entitlements:officer-correction", number)
        if verb == "reject" and reject.is_valid():
            actions.reject_correction(actor=request.actor, correction=found, reason=reject.cleaned_data["reason"])
            messages.success(request, _("The correction was rejected."))
            return redirect("entitlements:officer-correction", number)
    except RuleBroken as refused:
        refusal = refused
    line = queries.line_for(request.actor, found.line_id) if found.line_id else None
    context = {
        "found": found,
        "line": line,
        "unit": Words(found.kind_id).unit,
        "status": queries.status_of(line) if line else None,
        "history": queries.history_of(line) if line else [],
        "tone": pages.tone_of(found.state),
        "happened": pages.timeline(request.actor, found),
        "may": CORRECTION.open_to(request.actor, found),
        "is_own": request.actor.user_id == found.proposed_by,
        "names": names_of_users([key for key in (found.proposed_by, found.decided_by) if key]),
        "reject": reject,
        "form": reject if reject.errors else None,
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "entitlements/officer/correction.html", context, status=422 if refusal or reject.errors else 200)
