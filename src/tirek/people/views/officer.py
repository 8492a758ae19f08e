"""What an officer enters about a person at the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tirek.accounts.queries import phone_signs_from
from tirek.core.errors import DomainError
from tirek.people import actions, queries
from tirek.people.forms import PhoneForm
from tirek.people.models import Consent
from tirek.people.rules import PRIVACY_VERSION
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.ways import way


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: DeskRequest) -> HttpResponse:
    """Put a new phone on file."""
    form = PhoneForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        given, field = form.cleaned_data, "iin"
        try:
            person = queries.find_by_iin(request.actor, given["iin"])
            field = "phone"
            user = actions.change_phone(actor=request.actor, person=person, phone=given["phone"])
        except DomainError as error:
            form.add_error(field, str(error.message))
            status = error.status
        else:
            context = {"phone": user.masked_phone(), "signs_from": phone_signs_from(user)}
            return render(request, "people/officer/phone_changed.html", context)
    elif form.errors:
        status = 422
    return render(request, "people/officer/phone.html", {"form": form}, status=status)


@desk("officer")
@only_post(lambda _request, key: way("person", key) or "/")
def agree(request: DeskRequest, key: UUID) -> HttpResponse:
    """The person stands at the counter, has read the text about personal data and agrees."""
    person = queries.person_for(request.actor, key)
    actions.give_consent(
        actor=request.actor, person=person, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION
    )
    messages.success(request, _("The agreement is recorded. The person sees it under “My data”."))
    return redirect(way("person", key) or "/")
