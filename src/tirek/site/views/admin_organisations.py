"""Organisations at the administrator's desk: find, enter, contacts, the register of suppliers, invite staff."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.confirming import Act, needs_confirming
from tirek.core import clock
from tirek.core.errors import DomainError, NotFound
from tirek.organisations import actions
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.permissions import roles_given
from tirek.organisations.queries import find_organisations, officers_in, organisation_for, staff_now
from tirek.people.queries import names_of_users
from tirek.site.admin_forms import (
    ContactForm,
    InviteForm,
    NamedForm,
    OrganisationForm,
    RegisterForm,
    SupplierPhoneForm,
    TrainingForm,
    show_refusal,
)
from tirek.suppliers import actions as suppliers
from tirek.suppliers.forms import AccountForm
from tirek.suppliers.queries import account_of, accounts_until_now, entry_of
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 50


def _page(
    request: DeskRequest, form: Form, found: Organisation | None, *, title: str, button: str, text: str = ""
) -> HttpResponse:
    """The page of a form about an organisation, or about one that is new; its way back is where one came from."""
    context = {
        "form": form,
        "title": title,
        "about": found.name if found else "",
        "text": text,
        "button": button,
        "back": reverse("manage:organisation", args=[found.pk]) if found else reverse("manage:organisations"),
    }
    return render(request, "site/admin/form.html", context, status=422 if form.errors else 200)


@desk("admin")
@require_GET
def organisations(request: DeskRequest) -> HttpResponse:
    """Organisations by name; found by a part of it or by BIN."""
    form = NamedForm(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    page = Paginator(find_organisations(request.actor, text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/admin/organisations.html", {"filter": form, "page": page, "text": text})


@desk("admin")
@require_GET
def organisation(request: DeskRequest, key: UUID) -> HttpResponse:
    """One organisation: what it is, where it is found, who works there."""
    found = organisation_for(request.actor, key)
    supplier, staff = entry_of(found), staff_now(request.actor, found)
    names = names_of_users(row.user_id for row in staff)
    context = {
        "organisation": found,
        "supplier": supplier,
        "until_now": accounts_until_now(supplier) if supplier else [],
        "staff": [(row, row.user.name or names.get(row.user_id, "")) for row in staff],
        "takes_staff": bool(roles_given(found.kind)),
        "is_trained": found.kind in Organisation.LOCAL_BODIES and bool(staff),
    }
    return render(request, "site/admin/organisation.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def new_organisation(request: DeskRequest) -> HttpResponse:
    """Enter an organisation."""
    form = OrganisationForm(request.POST or None, initial={"active_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.enter_organisation(
                actor=request.actor,
                kind=Organisation.Kind(given["kind"]),
                number=given["number"],
                names=(given["name_kk"], given["name_ru"], given["name_en"]),
                active_from=given["active_from"],
                territory_code=given["place"],
                address=given["address"],
                phone=given["phone"],
            )
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("The organisation is entered."))
            return redirect("manage:organisation", made.pk)
    return _page(request, form, None, title=_("Enter an organisation"), button=_("Enter the organisation"))


@desk("admin")
@require_http_methods(["GET", "POST"])
def contact(request: DeskRequest, key: UUID) -> HttpResponse:
    """Change address and phone."""
    found = organisation_for(request.actor, key)
    form = ContactForm(request.POST or None, initial={"address": found.address, "phone": found.phone})
    if request.method == "POST" and form.is_valid():
        actions.set_contact(actor=request.actor, organisation=found, **form.cleaned_data)
        messages.success(request, _("Address and phone are saved."))
        return redirect("manage:organisation", found.pk)
    return _page(request, form, found, title=_("Address and phone"), button=_("Save"))


@desk("admin")
@require_http_methods(["GET", "POST"])
def register(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter an organisation into the register of suppliers; change the phone of one that is there."""
    found = organisation_for(request.actor, key)
    known = entry_of(found)
    form: RegisterForm | SupplierPhoneForm
    if known is not None:
        form = SupplierPhoneForm(request.POST or None, initial={"contact_phone": known.contact_phone})
    else:
        form = RegisterForm(request.POST or None, initial={"registered_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            if known is not None:
                suppliers.set_contact_phone(
                    actor=request.actor, supplier=known, phone=form.cleaned_data["contact_phone"]
                )
            else:
                suppliers.register_supplier(actor=request.actor, organisation=found, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error, RegisterForm.FIELDS)
        else:
            messages.success(request, _("The register of suppliers is changed."))
            return redirect("manage:organisation", found.pk)
    return _page(request, form, found, title=_("Register of suppliers"), button=_("Save"))


@desk("admin")
@needs_confirming(Act.BANK_DETAILS)
@require_http_methods(["GET", "POST"])
def account(request: DeskRequest, key: UUID) -> HttpResponse:
    """Enter or change the bank details by which recipients pay a supplier; the supplier's people are told.

    Raises:
        NotFound: the organisation is not in the register of suppliers.
    """
    found = organisation_for(request.actor, key)
    supplier = entry_of(found)
    if supplier is None:
        raise NotFound
    form = AccountForm(request.POST or None, known=account_of(supplier.pk))
    if request.method == "POST" and form.is_valid():
        suppliers.set_account(actor=request.actor, supplier=supplier, details=form.details())
        messages.success(request, _("The bank details are saved. The supplier has been told."))
        return redirect("manage:organisation", found.pk)
    text = _("Enter them from a paper of the supplier, never from a letter or a call that you cannot check.")
    return _page(request, form, found, title=_("Bank details for payments of recipients"), button=_("Save"), text=text)


@desk("admin")
@needs_confirming(Act.ROLE)
@require_http_methods(["GET", "POST"])
def invite(request: DeskRequest, key: UUID) -> HttpResponse:
    """Invite somebody new to work in an organisation."""
    found = organisation_for(request.actor, key)
    initial = {"since": clock.today(), "language": "kk"}
    form = InviteForm(request.POST or None, kind=found.kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Membership.Role(form.cleaned_data["role"])}
        try:
            made = actions.invite_member(actor=request.actor, organisation=found, **given)
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("manage:user", made.user_id)
    return _page(request, form, found, title=_("Invite somebody to work here"), button=_("Send the invitation"))


@desk("admin")
@require_http_methods(["GET", "POST"])
def training(request: DeskRequest, key: UUID) -> HttpResponse:
    """Record who of a local body was trained in the work on the portal, all of one day in one press.

    Raises:
        NotFound: it is no local body.
    """
    found = organisation_for(request.actor, key)
    if found.kind not in Organisation.LOCAL_BODIES:
        raise NotFound
    staff = list(officers_in(found.pk).select_related("user").order_by("user__name", "pk"))
    names = names_of_users(row.user_id for row in staff)
    form = TrainingForm(
        request.POST or None,
        staff=[(row, row.user.name or names.get(row.user_id, "")) for row in staff],
        initial={"on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.record_training(
                actor=request.actor, organisation=found, members=[UUID(one) for one in given["members"]], on=given["on"]
            )
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("The training is recorded."))
            return redirect("manage:organisation", found.pk)
    text = _("The page about what is ready in each region shows how many were trained.")
    return _page(request, form, found, title=_("Training in the work on the portal"), button=_("Save"), text=text)
