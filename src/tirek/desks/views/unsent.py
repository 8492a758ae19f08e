"""What could not be sent from a device: seen on the device, and taken in at a counter as a file."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.actors import Desk
from tirek.core.drafts import brought
from tirek.core.drafts import forms as draft_forms
from tirek.core.drafts.left_out import left_out_text
from tirek.core.errors import DomainError
from tirek.desks.forms import FileForm
from tirek.people.queries import person_for
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.ways import way

_FORMS: Final = {Desk.RECIPIENT: "recipient-forms", Desk.OFFICER: "officer-forms"}


@desk("recipient", "supplier", "officer", "admin")
@require_GET
def unsent(request: DeskRequest) -> HttpResponse:
    """What waits on this device; the browser alone knows, and fills the page."""
    name = _FORMS.get(request.actor.desk, "")
    return render(request, "desks/unsent.html", {"forms_url": way(name) if name else ""})


@desk("officer")
@require_http_methods(["GET", "POST"])
def bring(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take in the file of a form that a person could not send, and go on with it together."""
    person = person_for(request.actor, key)
    form = FileForm(request.POST or None, request.FILES or None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            taken = brought.take_in(
                request.actor,
                brought.read(form.cleaned_data["file"].read()),
                person_id=person.pk,
                territory_code=person.territory_id,
                forms=draft_forms.known(Desk.OFFICER),
            )
        except DomainError as refused:
            refusal = refused
        else:
            told = _("The form is here with what was typed. Look through the answers together; the person agrees here.")
            messages.success(request, told)
            if taken.left_out:
                messages.warning(request, left_out_text(taken.left_out))
            return redirect(draft_forms.form_of(taken.draft.form).url(taken.draft.pk))
    context = {
        "person": person,
        "form": form,
        "refusal": refusal,
        "has_errors": refusal is not None,
        "back": reverse("desks:officer-person", args=[person.pk]),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "desks/officer/bring.html", context, status=status)
