"""The officer's desk: findings of an application, entries of the register, checks that are due."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.errors import DomainError, NotFound, RuleBroken, StaleState
from tirek.suppliers import checks, register
from tirek.suppliers.actions import lift_suspension, remove_supplier, suspend_supplier
from tirek.suppliers.actions.checks import examine_supplier
from tirek.suppliers.actions.registrations import DATA, examine
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.joining_forms import AnswerForm, BasisForm, FindingForm, RegisterForm, RemovalForm
from tirek.suppliers.models import Registration, Supplier
from tirek.suppliers.permissions import is_region_of, why_not_checked, why_not_examined, why_not_kept
from tirek.suppliers.queries import agreements_of, entry_for, events_of, offer_to_accept, visible_to
from tirek.suppliers.views.applicant import form_page, said_at_field
from tirek.suppliers.views.public import told
from tirek.suppliers.words import supplies_text
from tirek.ui.desks import DeskRequest, desk

_FIELDS: Final = ("finding", "words", "answered_on")


def _form_of(found: checks.Item | None, request: DeskRequest) -> FindingForm:
    sent = request.POST if request.method == "POST" else None
    is_register = found is not None and not found.is_document
    if is_register:
        return AnswerForm(sent, initial={"answered_on": clock.today()})
    return FindingForm(sent, initial={"seen": _seen(found)})


def _seen(found: checks.Item | None) -> str:
    """Which document a page has shown."""
    return str(found.check.pk) if found is not None and found.check is not None else ""


@desk("officer")
@require_http_methods(["GET", "POST"])
def finding(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """Say whether one requirement of an application, or its data, are in order."""
    case = REGISTRATIONS.opened(request.actor, number)
    if case.state not in Registration.EXAMINED:
        raise StaleState(state=case.state)
    found = None if code == DATA else checks.item(checks.items_of(case), code)
    here = REGISTRATIONS.url(case, Desk.OFFICER)
    why = why_not_examined(request.actor, case)
    if request.method == "GET" and why is not None:
        messages.warning(request, str(why.message))
        return redirect(here)
    return _found(
        request,
        found,
        about=f"{case.name}, {case.number}",
        here=here,
        act=lambda given: examine(actor=request.actor, registration=case, requirement=code, **given),
        now=lambda: checks.item(checks.items_of(case), code),
    )


def _with(request: DeskRequest, **values: str) -> QueryDict:
    """What was sent, with some of it another."""
    sent = request.POST.copy()
    for name, value in values.items():
        sent[name] = value
    return sent


def _found(
    request: DeskRequest,
    found: checks.Item | None,
    *,
    about: str,
    here: str,
    act: Callable[[dict[str, Any]], object],
    now: Callable[[], checks.Item | None],
) -> HttpResponse:
    form = _form_of(found, request)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except RuleBroken as refused:
            refusal = said_at_field(form, refused, *_FIELDS)
            if refused.code == "newer":
                # what was typed stays, beside the document that is there now
                form = FindingForm(_with(request, seen=_seen(now())))
        else:
            messages.success(request, _("Saved."))
            return redirect(here)
    return form_page(
        request,
        form,
        title=capfirst(found.requirement.name) if found is not None else _("Data of the organisation"),
        about=about,
        back_url=here,
        refusal=refusal,
        hint=found.requirement.hint if found is not None and not found.is_document else "",
    )


@desk("officer")
@require_GET
def entries(request: DeskRequest) -> HttpResponse:
    """Entries of the register of the territory, newest first."""
    form = RegisterForm(request.GET, regions=[])
    del form.fields["region"]
    wanted = form.narrowed()
    rows = register.sought(visible_to(request.actor), **wanted)
    page = register.part(rows, "registered_on", falls=True, after=request.GET.get("after", ""))
    context = {
        "filter": form,
        "is_narrowed": any(wanted.values()),
        "rows": [told(one) for one in page.rows],
        "page": page,
        "narrowing": urlencode({key: value for key, value in wanted.items() if value}),
    }
    return render(request, "suppliers/officer/entries.html", context)


@desk("officer")
@require_GET
def entry(request: DeskRequest, key: UUID) -> HttpResponse:
    """One entry: its checks, its history, and what the region can do."""
    supplier = entry_for(request.actor, key)
    is_removed = register.is_removed(supplier)
    context = {
        "supplier": supplier,
        "told": told(supplier),
        "supplies": supplies_text(supplier.supplies),
        "items": checks.items_of_supplier(supplier),
        "events": events_of(supplier),
        "agreements": agreements_of(supplier),
        "offer": offer_to_accept(supplier, clock.today()),
        "may_decide": not is_removed and why_not_kept(request.actor, supplier) is None,
        "is_removed": is_removed,
        "is_suspended": register.is_suspended(supplier),
    }
    return render(request, "suppliers/officer/entry.html", context)


_DECISIONS: Final[dict[str, tuple[Callable[..., Supplier], type[forms.Form]]]] = {
    "suspend": (suspend_supplier, BasisForm),
    "lift": (lift_suspension, BasisForm),
    "remove": (remove_supplier, RemovalForm),
}


def _words(verb: str) -> dict[str, object]:
    return {
        "suspend": {
            "question": _("Suspend the supplier?"),
            "consequence": _("It gets no new orders and sends no new offers. Open orders go on."),
            "button": _("Suspend"),
            "calm": False,
            "done": _("The supplier is suspended. We have told it."),
        },
        "lift": {
            "question": _("Lift the suspension?"),
            "consequence": _("The supplier gets orders again."),
            "button": _("Lift the suspension"),
            "calm": True,
            "done": _("The suspension is lifted. We have told the supplier."),
        },
        "remove": {
            "question": _("Remove the supplier from the register?"),
            "consequence": _(
                "Its offers leave the sale. Open orders stay and are fulfilled. A return is a new application."
            ),
            "button": _("Remove from the register"),
            "calm": False,
            "done": _("The supplier is removed from the register. We have told it."),
        },
    }[verb]


@desk("officer")
@require_http_methods(["GET", "POST"])
def decide(request: DeskRequest, key: UUID, verb: str) -> HttpResponse:
    """Suspend a supplier, lift its suspension, or remove it, with the basis."""
    supplier = entry_for(request.actor, key)
    if verb not in _DECISIONS:
        raise NotFound
    here = reverse("suppliers:officer-supplier", args=[supplier.pk])
    why = why_not_kept(request.actor, supplier)
    if request.method == "GET" and why is not None:
        messages.warning(request, str(why.message))
        return redirect(here)
    act, form_type = _DECISIONS[verb]
    form, words = form_type(request.POST if request.method == "POST" else None), _words(verb)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            act(actor=request.actor, supplier=supplier, **form.cleaned_data)
        except RuleBroken as refused:
            refusal = said_at_field(form, refused, "basis", "ground")
        else:
            messages.success(request, str(words["done"]))
            return redirect(here)
    context = words | {
        "subject": supplier.organisation.name,
        "form": form,
        "back_url": here,
        "refusal": refusal,
        "has_errors": bool(form.errors) or refusal is not None,
    }
    return render(request, "ui/confirm.html", context, status=422 if context["has_errors"] else 200)


@desk("officer")
@require_http_methods(["GET", "POST"])
def entry_finding(request: DeskRequest, key: UUID, code: str) -> HttpResponse:
    """Write down what a register answers of a supplier, or look at a newer document."""
    supplier = entry_for(request.actor, key)
    found = checks.item(checks.items_of_supplier(supplier), code)
    here = reverse("suppliers:officer-supplier", args=[supplier.pk])
    why = why_not_checked(request.actor, supplier)
    if request.method == "GET" and why is not None:
        messages.warning(request, str(why.message))
        return redirect(here)
    return _found(
        request,
        found,
        about=supplier.organisation.name,
        here=here,
        act=lambda given: examine_supplier(actor=request.actor, supplier=supplier, requirement=code, **given),
        now=lambda: checks.item(checks.items_of_supplier(supplier), code),
    )


@desk("officer")
@require_GET
def due(request: DeskRequest) -> HttpResponse:
    """Checks that are due, longest due first."""
    page = register.part(checks.due(request.actor), "due_on", falls=False, after=request.GET.get("after", ""))
    is_region = bool(request.actor.territory) and is_region_of(request.actor, request.actor.territory)
    context = {"page": page, "rows": page.rows, "is_region": is_region, "narrowing": ""}
    return render(request, "suppliers/officer/due.html", context)
