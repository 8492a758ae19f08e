"""The recipient asks for a correction: form, check, receipt, and what became of it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.catalogue.models import Kind
from tirek.core import drafts
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.entitlements import actions, answers, pages, queries
from tirek.entitlements.forms import RequestForm
from tirek.entitlements.models import CorrectionRequest, Line
from tirek.entitlements.views.filling import begun, keep, labelled, shown_anew
from tirek.ui.desks import DeskRequest, desk

PER_PAGE = 20


def _draft(request: DeskRequest, key: UUID) -> Draft:
    return drafts.draft_for(request.actor, key, form=answers.REQUEST_FORM)


def _line(request: DeskRequest, draft: Draft) -> Line | None:
    typed = draft.values().get("line", "")
    try:
        return queries.line_for(request.actor, UUID(typed)) if typed else None
    except ValueError as error:
        raise NotFound from error


@desk("recipient")
@require_POST
def ask(request: DeskRequest) -> HttpResponse:
    """Begin a request, about a line or about the programme; one that was begun goes on."""
    subject = request.actor.subject_id
    if subject is None:
        raise NotFound
    values = {"line": ""}
    if request.POST.get("line"):
        try:
            values["line"] = str(queries.line_for(request.actor, UUID(request.POST["line"])).pk)
        except ValueError as error:
            raise NotFound from error
    draft = begun(request.actor, answers.REQUEST_FORM, values, subject_id=subject)
    return redirect("entitlements:request-form", draft.pk)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def fill_in(request: DeskRequest, key: UUID) -> HttpResponse:
    """What is wrong; kept as it is typed."""
    draft = _draft(request, key)
    if draft.state == Draft.State.SUBMITTED:
        return _to_request(request, draft)
    line = _line(request, draft)
    form = RequestForm(request.POST if request.method == "POST" else None, initial=draft.values(), about_line=line is not None)
    conflicts: dict[str, drafts.Conflict] = {}
    if request.method == "POST":
        conflicts = keep(request, draft, form.fields)
        if form.is_valid() and not conflicts:
            return redirect("entitlements:request-check", key)
    context = {
        "form": form,
        "line": line,
        "conflicts": labelled(form, conflicts),
        "autosave_url": reverse("draft-fields", args=[key]),
        "versions": draft.versions(),
        "back": reverse("entitlements:recipient-line", args=[line.pk]) if line else reverse("entitlements:recipient-programme"),
    }
    return render(request, "entitlements/recipient/request_form.html", context, status=422 if form.errors else 409 if conflicts else 200)


def _to_request(request: DeskRequest, draft: Draft) -> HttpResponse:
    return redirect("entitlements:request-receipt", actions.submit_request(actor=request.actor, draft_key=draft.pk).number)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, key: UUID) -> HttpResponse:
    """Check the answers and send. Pressed five times, it is one request."""
    draft = _draft(request, key)
    if draft.state == Draft.State.SUBMITTED:
        return _to_request(request, draft)
    refusal: RuleBroken | None = None
    if request.method == "POST":
        try:
            return _to_request(request, draft)
        except RuleBroken as refused:
            refusal = refused
            shown_anew(request.actor, draft, refused)
    values, line = draft.values(), _line(request, draft)
    kind = line.kind if line else Kind.objects.filter(pk=values.get("kind", "")).first()
    context = {
        "form": forms.Form(),
        "draft": draft,
        "line": line,
        "kind": kind,
        "values": values,
        "wrong": dict(CorrectionRequest.Wrong.choices).get(values.get("wrong", "")),
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "entitlements/recipient/request_check.html", context, status=422 if refusal else 200)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def discard(request: DeskRequest, key: UUID) -> HttpResponse:
    """Throw an unfinished request away, after asking."""
    draft = _draft(request, key)
    if request.method == "POST":
        drafts.archive(request.actor, draft.pk)
        messages.success(request, _("The form was deleted."))
        return redirect("entitlements:recipient-programme")
    context = {
        "question": _("Delete this form?"),
        "consequence": _("What you typed will be gone. Nothing was sent."),
        "button": _("Delete"),
        "back_url": reverse("entitlements:request-form", args=[key]),
    }
    return render(request, "ui/confirm.html", context)


@desk("recipient")
@require_GET
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt: number, what happens next, by when, whom to call."""
    found = queries.request_for(request.actor, number)
    return render(request, "entitlements/recipient/request_receipt.html", {"asked": found, "next_step": pages.next_of_request(found)})


@desk("recipient")
@require_GET
def all_requests(request: DeskRequest) -> HttpResponse:
    """The person's requests, newest first."""
    page = Paginator(queries.requests_visible_to(request.actor).order_by("-created_at"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, pages.tone_of(one.request.state)) for one in queries.listed(page.object_list)]
    return render(request, "entitlements/recipient/requests.html", {"page_obj": page, "rows": rows})


@desk("recipient")
@require_GET
def one(request: DeskRequest, number: str) -> HttpResponse:
    """One request: state, next step, date, who acts, the answer, what has happened."""
    found = queries.request_for(request.actor, number)
    context = {
        "asked": found,
        "tone": pages.tone_of(found.state),
        "next_step": pages.next_of_request(found),
        "happened": pages.timeline(request.actor, found),
        "corrections": queries.corrections_of(request.actor, found),
    }
    return render(request, "entitlements/recipient/request.html", context)
