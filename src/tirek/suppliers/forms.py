"""Forms of suppliers."""

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tirek.core.fields import BicField, IbanField
from tirek.suppliers.rules import BankDetails
from tirek.ui.fields import NameField, filled_in_by_hand

if TYPE_CHECKING:
    from tirek.suppliers.models import BankAccount


class AccountForm(forms.Form):
    """Where a supplier is paid."""

    iban = IbanField(label=_("Account (IBAN)"), help_text=_("20 signs, it begins with KZ."))
    bank = NameField(label=_("Name of the bank"), max_length=200)
    bic = BicField(label=_("Code of the bank (BIC)"), help_text=_("For example KKMFKZ2A."))
    kbe = forms.CharField(
        label=_("Code of beneficiary (Kbe)"),
        help_text=_("Two digits: 17 for most firms, 19 for individual entrepreneurs."),
        max_length=2,
        validators=[RegexValidator(r"^[12][0-9]\Z", _("Enter two digits; the first is 1 or 2."), code="kbe")],
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-2"}),
    )

    NAMES: Final = ("iban", "bank", "bic", "kbe")

    def __init__(self, sent: QueryDict | None = None, *, known: "BankAccount | None") -> None:
        """Begin with the details that hold now."""
        initial = {name: getattr(known, name) for name in self.NAMES} if known is not None else {}
        super().__init__(sent, initial=initial)
        filled_in_by_hand(self)

    def details(self) -> BankDetails:
        """What was entered; the form is valid."""
        return BankDetails(**self.cleaned_data)


def optional_fields() -> dict[str, forms.Field]:
    """The fields of the form by name, as columns of a file that may be left empty."""
    found = {name: deepcopy(AccountForm.base_fields[name]) for name in AccountForm.NAMES}
    for field in found.values():
        field.required = False
    return found
