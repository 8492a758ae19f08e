"""A file of the register of suppliers."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.fields import BinField
from tirek.core.imports import Cells, Column, ImportTable, Outcome, register
from tirek.organisations.models import Organisation
from tirek.suppliers.actions import register_supplier, set_account, set_contact_phone
from tirek.suppliers.forms import AccountForm, optional_fields
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import account_of, entry_of
from tirek.suppliers.rules import BankDetails
from tirek.ui.fields import DayField


def _take(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    organisation = Organisation.objects.filter(bin=one["bin"].digits).first()
    if organisation is None:
        raise RuleBroken(_("No organisation has this BIN. Import the organisations first."), code="organisation")
    known = entry_of(organisation)
    if known is None:
        known = register_supplier(
            actor=actor,
            organisation=organisation,
            registered_on=one["registered_on"],
            conclusion_number=one["conclusion_number"],
            conclusion_on=one["conclusion_on"],
            contact_phone=one["contact_phone"],
        )
        _account_of(actor, known, one)
        return Outcome.MADE
    outcome = Outcome.SAME
    if known.contact_phone != one["contact_phone"]:
        set_contact_phone(actor=actor, supplier=known, phone=one["contact_phone"])
        outcome = Outcome.CHANGED
    return Outcome.CHANGED if _account_of(actor, known, one) else outcome


def _account_of(actor: Actor, supplier: Supplier, one: Cells) -> bool:
    """Enter the bank details of a line; whether they changed. A line without any leaves those that are known."""
    given = {name: one[name] for name in AccountForm.NAMES}
    if not any(given.values()):
        return False
    if not all(given.values()):
        raise RuleBroken(_("Fill in all four bank details, or none of them."), code="account")
    before = account_of(supplier.pk)
    return set_account(actor=actor, supplier=supplier, details=BankDetails(**given)) != before


register(
    ImportTable(
        code="suppliers",
        title=_("Register of suppliers"),
        columns=(
            Column("bin", BinField(label=_("BIN")), "200140000051"),
            Column(
                "conclusion_number",
                forms.CharField(label=_("Number of the commission's conclusion"), max_length=60),
                "1",
            ),
            Column("conclusion_on", DayField(label=_("Day of the conclusion")), "2026-01-15"),
            Column("registered_on", DayField(label=_("Registered on")), "2026-02-01"),
            Column("contact_phone", PhoneField(label=_("Phone for people who have ordered")), "+7 722 252 00 02"),
            *(Column(name, field, "") for name, field in optional_fields().items()),
        ),
        key=("bin",),
        take=_take,
        order=20,
    )
)
