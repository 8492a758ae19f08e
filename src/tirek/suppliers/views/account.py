"""Where people pay: the bank details of a supplier, at its own desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tirek.accounts.confirming import Act, needs_confirming
from tirek.suppliers.actions import set_account
from tirek.suppliers.forms import AccountForm
from tirek.suppliers.queries import account_of, accounts_until_now, supplier_of
from tirek.ui.desks import DeskRequest, desk


@desk("supplier")
@needs_confirming(Act.BANK_DETAILS)
@require_http_methods(["GET", "POST"])
def account(request: DeskRequest) -> HttpResponse:
    """Show and change the bank details by which people pay their part."""
    supplier = supplier_of(request.actor)
    known = account_of(supplier.pk)
    form = AccountForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        set_account(actor=request.actor, supplier=supplier, details=form.details())
        messages.success(request, _("Saved. People who wait to pay have been told."))
        return redirect("suppliers:account")
    context = {"form": form, "supplier": supplier, "known": known, "until_now": accounts_until_now(supplier)}
    return render(request, "suppliers/account.html", context, status=422 if form.errors else 200)
