"""Steps of an application: its data, and a document that a requirement asks for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tirek.core.errors import DomainError, NotFound, RuleBroken, StaleState
from tirek.files.rules import Unsuitable
from tirek.suppliers import checks
from tirek.suppliers.actions.registrations import amend_registration, provide_document
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.joining_forms import DataForm, PaperForm
from tirek.suppliers.models import Registration
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk


def said_at_field(form: Any, refused: RuleBroken, *names: str) -> DomainError | None:  # noqa: ANN401 - any form
    """What cannot be said at a field of the form; a file that is not taken is said at its field."""
    if isinstance(refused, Unsuitable):
        form.add_error("file", f"{refused.message} {refused.next_step}")
        return None
    return None if told_at_field(form, refused, {name: name for name in names}) else refused


def form_page(  # noqa: PLR0913 - what the page shows
    request: DeskRequest,
    form: Any,  # noqa: ANN401 - any form
    *,
    title: str,
    about: str,
    back_url: str,
    refusal: DomainError | None,
    hint: str = "",
    remark: str = "",
    button: str = "",
) -> HttpResponse:
    """A page with one form of the register."""
    context = {
        "form": form,
        "title": title,
        "about": about,
        "hint": hint,
        "remark": remark,
        "back_url": back_url,
        "refusal": refusal,
        "button": button,
        "has_errors": bool(form.errors) or refusal is not None,
    }
    return render(request, "suppliers/form.html", context, status=422 if context["has_errors"] else 200)


def _changed(request: DeskRequest, number: str) -> Registration:
    """The application, while the applicant changes it.

    Raises:
        NotFound: it is not the actor's.
        StaleState: it is sent, or ended.
    """
    found = REGISTRATIONS.opened(request.actor, number)
    if found.state not in Registration.CHANGED:
        raise StaleState(state=found.state)
    return found


@desk("recipient")
@require_http_methods(["GET", "POST"])
def data(request: DeskRequest, number: str) -> HttpResponse:
    """Correct the data of an application."""
    case = _changed(request, number)
    known = {name: getattr(case, name) for name in DataForm.base_fields}
    form = DataForm(request.POST if request.method == "POST" else None, initial=known)
    refusal: DomainError | None = None
    here = REGISTRATIONS.url(case, request.actor.desk)
    if form.is_valid():
        try:
            amend_registration(actor=request.actor, registration=case, given=form.cleaned_data)
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, _("Saved."))
            return redirect(here)
    return form_page(
        request,
        form,
        title=_("Data of the organisation"),
        about=case.number,
        back_url=here,
        refusal=refusal,
        remark=case.data_remark,
    )


@desk("recipient")
@require_http_methods(["GET", "POST"])
def paper(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """Add a document that a requirement asks for."""
    case = _changed(request, number)
    found = checks.item(checks.items_of(case), code)
    if not found.is_document:
        raise NotFound
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    refusal: DomainError | None = None
    here = REGISTRATIONS.url(case, request.actor.desk)
    if form.is_valid():
        try:
            provide_document(actor=request.actor, registration=case, requirement=code, **form.cleaned_data)
        except RuleBroken as refused:
            refusal = said_at_field(form, refused, "valid_until")
        else:
            messages.success(request, _("The document was added."))
            return redirect(here)
    return form_page(
        request,
        form,
        title=found.requirement.name,
        about=case.number,
        back_url=here,
        refusal=refusal,
        hint=found.requirement.hint,
        remark=found.check.words if found.check is not None and found.is_wrong else "",
        button=_("Add the document"),
    )
