"""Forms of lots and purchases; those of the fitting are the forms of orders."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.fields import BinField
from tirek.orders.fitting_forms import MoveForm, WhenForm, WhyForm
from tirek.orders.forms.shared import Numbered
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.rules import Contract
from tirek.ui.fields import DayField, NumberField, WholeField, long_text, short_text

#: Characters of words at most.
LONGEST: Final = 1000
_WHOLE: Final = {"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}


#: Months of a warranty at most, as in an offer.
_LONGEST_WARRANTY: Final = 120


def _warranty() -> WholeField:
    return WholeField(
        label=_("Warranty, months"),
        help_text=_("Counted from the receipt. Leave it empty where there is none."),
        required=False,
        min_value=0,
        max_value=_LONGEST_WARRANTY,
        widget=forms.TextInput(attrs=_WHOLE),
    )


class LotForm(forms.Form):
    """A lot that is announced: its announcement, and how many of the needs go into it."""

    count = WholeField(
        label=_("How many purchases go into the lot?"),
        help_text=_("Those that wait longest come first."),
        min_value=1,
        widget=forms.TextInput(attrs=_WHOLE),
    )
    places = forms.MultipleChoiceField(
        label=_("Districts"),
        help_text=_("Tick none for the whole region."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    announcement = short_text(_("Number of the announcement"), longest=60)
    announced_on = DayField(label=_("Day of the announcement"), latest=clock.today)
    planned = NumberField(
        label=_("Planned amount of the whole lot, tenge"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    shown_at = forms.DateTimeField(widget=forms.HiddenInput)

    # Django's own arguments
    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        """``places`` are the districts that have needs of the kind, code and words."""
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["places"].choices = places  # type: ignore[attr-defined]  # a MultipleChoiceField
        else:
            del self.fields["places"]


class ContractForm(forms.Form):
    """The contract of a lot."""

    supplier_bin = BinField(label=_("BIN of the supplier"), help_text=_("12 digits."))
    supplier_name = short_text(
        _("Name of the supplier"), _("Only where the BIN is not known here."), longest=200, required=False
    )
    supplier_phone = short_text(
        _("Telephone of the supplier"), _("People read it on the page of their purchase."), longest=16, required=False
    )
    number = short_text(_("Number of the contract"), longest=60)
    concluded_on = DayField(label=_("Day of the contract"), latest=clock.today)
    deliver_until = DayField(label=_("Last day of delivery"), earliest=clock.today)
    price = NumberField(
        label=_("Price of one piece, tenge"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    maker = short_text(_("Maker of the goods"), _("Where the contract names it."), longest=120, required=False)
    model = short_text(_("Model of the goods"), longest=120, required=False)
    warranty_months = _warranty()

    def clean(self) -> dict[str, Any]:
        """The contract as one value, where all of it was typed."""
        given = super().clean() or {}
        if self.errors:
            return given
        return {
            "contract": Contract(
                supplier=given["supplier_bin"],
                name=given["supplier_name"],
                phone=given["supplier_phone"],
                number=given["number"],
                concluded_on=given["concluded_on"],
                deliver_until=given["deliver_until"],
                price=given["price"],
                maker=given["maker"],
                model=given["model"],
                warranty_months=given["warranty_months"] or 0,
            )
        }


class FailForm(forms.Form):
    """Why a procurement failed."""

    failed = forms.ChoiceField(label=_("Why did it not succeed?"), choices=Lot.Failed.choices, widget=forms.RadioSelect)
    words = long_text(_("Note for the department"), longest=LONGEST, required=False)


class TerminateForm(forms.Form):
    """Why a contract is terminated."""

    terminated = forms.ChoiceField(
        label=_("Why is the contract terminated?"), choices=Lot.Terminated.choices, widget=forms.RadioSelect
    )
    words = long_text(_("Note for the department"), longest=LONGEST, required=False)


class CancelForm(forms.Form):
    """Why an officer ends a purchase."""

    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[(one.value, one.label) for one in Purchase.BY_OFFICE],
        widget=forms.RadioSelect,
    )
    words = long_text(_("Explain it to the recipient"), longest=LONGEST)


class GoOnForm(forms.Form):
    """What the officer notes when a purchase goes on."""

    note = long_text(_("Note for the department"), longest=LONGEST, required=False)


class RefuseForm(forms.Form):
    """Why the person does not take it."""

    words = long_text(_("What is wrong with it?"), _("The department and the supplier read it."), longest=LONGEST)


class SuitsForm(WhenForm):
    """When another time of the fitting would suit."""

    words = long_text(
        _("When and where would it suit?"),
        _("Days, hours, and what you need to get there. The department reads it and names other times."),
        longest=500,
        rows=3,
    )


class CallOffForm(MoveForm):
    """Why somebody cannot come to the fitting."""


class AgainForm(WhyForm):
    """Why another fitting is needed."""


class HandOverForm(Numbered):
    """What was handed over: its numbers where the kind has any, its maker and model, and its warranty."""

    maker = short_text(
        _("Maker of the goods"), _("It is printed on the goods or on the package."), longest=120, required=False
    )
    model = short_text(_("Model of the goods"), longest=120, required=False)
    warranty_months = _warranty()
    is_shown = forms.BooleanField(label=_("The recipient was shown how to use it"), required=False)
    note = long_text(_("What was agreed"), _("The recipient reads it."), longest=LONGEST, required=False)
    field_order = ["numbers", "maker", "model", "warranty_months", "is_shown", "note"]

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        fitted: bool = False,
        by_contract: tuple[str, str, int] = ("", "", 0),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """``fitted`` is whether the goods were made to measure, so that their use is shown; ``by_contract`` are maker,
        model and months of warranty that the contract names.
        """
        super().__init__(*args, **kwargs)
        maker, model, months = by_contract
        self.fields["maker"].initial, self.fields["model"].initial = maker, model
        self.fields["warranty_months"].initial = months or None
        self.fields["is_shown"].required = fitted
        if not fitted:
            del self.fields["is_shown"]
