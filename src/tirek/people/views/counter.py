"""What an officer enters for a person at the counter when no register brings it."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tirek.core import clock
from tirek.core.errors import DomainError, NotFound
from tirek.core.identifiers import Sex
from tirek.core.personal import viewlog
from tirek.people import actions, queries
from tirek.people.actions import NeedsEntered
from tirek.people.forms import (
    DeathForm,
    DisabilityForm,
    MoveForm,
    NeedsForm,
    RegisterPersonForm,
    RepresentationForm,
    WithdrawForm,
)
from tirek.people.models import Consent, Disability, Person, Representation
from tirek.people.names import Born, Name
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.ways import way

Text = str | Promise
_AFTER_WITHDRAWAL: Final[Mapping[Consent.Purpose, Text]] = {
    Consent.Purpose.PRIVACY: gettext_lazy(
        "What was done under it stays done. Nothing new can be begun for the person without a consent to the "
        "processing of personal data."
    ),
    Consent.Purpose.ORDER: gettext_lazy(
        "Orders that are under way go on. Before the next order the recipient is asked for this consent again."
    ),
}


def _entry(
    request: DeskRequest,
    form: forms.Form,
    act: Callable[[Mapping[str, Any]], Person],
    *,
    words: tuple[Text, Text, Text, Text],
    person: Person | None = None,
) -> HttpResponse:
    """Show a form, do what it says, and lead to the person's file; ``words``: title, what to know, button, done."""
    title, text, button, done = words
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            found = act(form.cleaned_data)
        except DomainError as error:
            fields: dict[str, str] = getattr(form, "FIELDS", {})
            # only a way on that was said for this refusal: the common ones speak of another page
            said = f"{error.message} {vars(error).get('next_step', '')}".strip()
            form.add_error(fields.get(error.code), ValidationError(said, code=error.code))
            status = error.status
        else:
            messages.success(request, str(done))
            return redirect(way("person", found.pk) or "/")
    elif form.errors:
        status = 422
    context = {"form": form, "person": person, "title": title, "text": text, "button": button}
    return render(request, "people/officer/entry.html", context, status=status)


def _needs(given: Mapping[str, Any]) -> NeedsEntered:
    return NeedsEntered(
        no_voice_calls=given["no_voice_calls"],
        large_print=given["large_print"],
        easy_read=given["easy_read"],
        sign_language=given["sign_language"],
        contact_language=given["contact_language"],
    )


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: DeskRequest) -> HttpResponse:
    """Register a person whom no register has brought."""
    form = RegisterPersonForm(request.POST or None, actor=request.actor)

    def act(given: Mapping[str, Any]) -> Person:
        iin = given["iin"]
        born, sex = given["birth_date"] or iin.born, given["sex"] or iin.sex
        made = actions.register_person_with_needs(
            actor=request.actor,
            iin=iin,
            name=Name(given["surname"], given["given_name"], given["patronymic"]),
            territory_code=given["place"],
            address=given["address"],
            phone=given["phone"],
            needs=_needs(given),
            born=Born(born, Sex(sex)) if born and sex else None,
        )
        viewlog.record(request.actor, subject_id=made.pk, basis=viewlog.View.Basis.PRESENT)
        return made

    words = (
        _("Register a person"),
        _("Only for a person who is in front of you with an identity card and is not found by the IIN."),
        _("Register the person"),
        _("The person is registered. With a phone on file the person can sign in by a code."),
    )
    return _entry(request, form, act, words=words)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def needs(request: DeskRequest, key: UUID) -> HttpResponse:
    """How to reach and serve a person."""
    person = queries.person_for(request.actor, key)
    known = queries.needs_of(person)
    initial = {name: getattr(known, name) for name in NeedsForm.base_fields}
    form = NeedsForm(request.POST or None, initial=initial)

    def act(given: Mapping[str, Any]) -> Person:
        actions.set_needs(actor=request.actor, person=person, needs=_needs(given))
        return person

    words = (_("How to reach and serve the person"), "", _("Save"), _("Saved."))
    return _entry(request, form, act, words=words, person=person)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: DeskRequest, key: UUID) -> HttpResponse:
    """The person lives somewhere else now."""
    person = queries.person_for(request.actor, key)
    form = MoveForm(request.POST or None, initial={"place": person.territory_id, "address": person.address})

    def act(given: Mapping[str, Any]) -> Person:
        return actions.change_residence(
            actor=request.actor, person=person, territory_code=given["place"], address=given["address"]
        )

    words = (
        _("Where the person lives now"),
        _(
            "The department of the new place serves the person from now on. Programme, open cases and waiting forms "
            "go there."
        ),
        _("Save the new address"),
        _("The new address is saved."),
    )
    if request.method == "POST" and form.is_valid() and not request.actor.covers(form.cleaned_data["place"]):
        # the file is not the officer's any more: it is not opened afterwards
        act(form.cleaned_data)
        messages.success(request, _("The new address is saved. The department of the new place serves the person now."))
        return redirect(way("officer-home") or "/")
    return _entry(request, form, act, words=words, person=person)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def representation(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter who acts for a person: a parent, a guardian (also after majority), or by power of attorney."""
    person = queries.person_for(request.actor, key)
    form = RepresentationForm(request.POST or None, initial={"since": clock.today()})

    def act(given: Mapping[str, Any]) -> Person:
        actions.add_representation(
            actor=request.actor,
            representative=queries.representative_by_iin(request.actor, given["iin"]),
            represented=person,
            basis=Representation.Basis(given["basis"]),
            document_number=given["document_number"],
            since=given["since"],
            until=given["until"],
        )
        return person

    words = (
        _("Enter who acts for the recipient"),
        _(
            "Enter it from the document that you have seen. From the 18th birthday on a parent needs a decision on "
            "guardianship."
        ),
        _("Enter the representative"),
        _("The representative is entered and can act for the person."),
    )
    return _entry(request, form, act, words=words, person=person)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def end_representation(request: DeskRequest, key: UUID, pair: UUID) -> HttpResponse:
    """Somebody acts for a person no more."""
    person = queries.person_for(request.actor, key)
    row = next((one for one in queries.representatives_of(person) if one.pk == pair), None)
    if row is None:
        raise NotFound
    back = way("person", person.pk) or "/"
    if request.method == "POST":
        actions.end_representation(actor=request.actor, representation=row)
        messages.success(request, _("The representation has ended."))
        return redirect(back)
    context = {
        "question": _("End this representation?"),
        "consequence": _("%(name)s can act for the person no more, from now on.")
        % {"name": row.representative.full_name},
        "button": _("End the representation"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def disability(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter a term of disability."""
    person = queries.person_for(request.actor, key)
    form = DisabilityForm(request.POST or None)

    def act(given: Mapping[str, Any]) -> Person:
        actions.record_disability(
            actor=request.actor,
            person=person,
            group=Disability.Group(given["group"]),
            since=given["since"],
            until=given["until"],
            reason=Disability.Reason(given["reason"]),
        )
        return person

    words = (
        _("Enter a disability"),
        _("Enter it from the conclusion of the medical and social assessment."),
        _("Enter the disability"),
        _("The disability is entered."),
    )
    return _entry(request, form, act, words=words, person=person)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def death(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter a death."""
    person = queries.person_for(request.actor, key)
    form = DeathForm(request.POST or None)

    def act(given: Mapping[str, Any]) -> Person:
        return actions.record_death(actor=request.actor, person=person, deceased_on=given["deceased_on"])

    words = (
        _("Enter a death"),
        _("The account closes now, and what runs for the person ends. This cannot be taken back here."),
        _("Enter the death"),
        _("The death is entered."),
    )
    return _entry(request, form, act, words=words, person=person)


@desk("officer")
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: DeskRequest, key: UUID, consent: UUID) -> HttpResponse:
    """The person takes a consent back at the counter."""
    person = queries.person_for(request.actor, key)
    row = next((one for one in queries.consents_of(person) if one.pk == consent and one.withdrawn_at is None), None)
    if row is None:
        raise NotFound
    form = WithdrawForm(request.POST or None)

    def act(_given: Mapping[str, Any]) -> Person:
        actions.withdraw_consent(actor=request.actor, consent=row)
        return person

    words = (
        _("Withdraw a consent: %(what)s") % {"what": row.get_purpose_display()},
        _AFTER_WITHDRAWAL[Consent.Purpose(row.purpose)],
        _("Withdraw the consent"),
        _("The consent is withdrawn."),
    )
    return _entry(request, form, act, words=words, person=person)
