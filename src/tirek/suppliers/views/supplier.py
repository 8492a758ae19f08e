"""The supplier's desk: what is renewed and when, a newer document, the public offer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.suppliers import checks
from tirek.suppliers.actions.checks import renew_document
from tirek.suppliers.joining_forms import PaperForm
from tirek.suppliers.models import Registration
from tirek.suppliers.queries import agreements_of, offer_to_accept, supplier_of
from tirek.suppliers.signing import AGAIN, Again
from tirek.suppliers.views.applicant import form_page, said_at_field
from tirek.ui.desks import DeskRequest, desk


@desk("supplier")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """What is asked of the supplier, with the days that are left."""
    supplier = supplier_of(request.actor)
    context = {
        "supplier": supplier,
        "items": checks.items_of_supplier(supplier),
        "offer": offer_to_accept(supplier, clock.today()),
        "registration": Registration.objects.filter(organisation=supplier.organisation_id)
        .order_by("-created_at")
        .first(),
    }
    return render(request, "suppliers/supplier/checks.html", context)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def paper(request: DeskRequest, code: str) -> HttpResponse:
    """Bring a newer document."""
    supplier = supplier_of(request.actor)
    found = checks.item(checks.items_of_supplier(supplier), code)
    if not found.is_document:
        raise NotFound
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    refusal: DomainError | None = None
    here = reverse("suppliers:supplier-checks")
    if form.is_valid():
        try:
            renew_document(actor=request.actor, supplier=supplier, requirement=code, **form.cleaned_data)
        except RuleBroken as refused:
            refusal = said_at_field(form, refused, "valid_until")
        else:
            messages.success(request, _("The document was added."))
            return redirect(here)
    return form_page(
        request,
        form,
        title=found.requirement.name,
        about=supplier.organisation.name,
        back_url=here,
        refusal=refusal,
        hint=found.requirement.hint,
        remark=found.check.words if found.check is not None and found.is_wrong else "",
        button=_("Add the document"),
    )


@desk("supplier")
@require_http_methods(["GET", "POST"])
def agreement(request: DeskRequest) -> HttpResponse:
    """The public offer: signed anew where there is a new version, else to read with what was accepted."""
    supplier, user = supplier_of(request.actor), request.user
    offer = offer_to_accept(supplier, clock.today())
    back = reverse("suppliers:supplier-checks")
    if offer is None or not isinstance(user, User):
        context = {"supplier": supplier, "agreements": agreements_of(supplier), "back": back}
        return render(request, "suppliers/supplier/agreed.html", context)
    return AGAIN.answer(
        request,
        Again(supplier, offer, user),
        here=reverse("suppliers:supplier-agreement"),
        back=back,
        offer=offer,
    )
