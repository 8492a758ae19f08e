"""Forms of orders: one question group per page; the same fields as the draft keeps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import parse_phone
from tirek.core.actors import Desk
from tirek.core.errors import DomainError, RuleBroken
from tirek.core.fields import IinField
from tirek.orders.filters import BY_NAME, LIGHTS, MOST_NUMBER, Chosen, Sort
from tirek.orders.models import Order
from tirek.orders.pages import words_of_state
from tirek.orders.requests import CONSENT_VERSION, CONSENT_WORDS
from tirek.territory.models import Territory
from tirek.ui.fields import DayField, NumberField


def told_at_field(form: forms.Form, refusal: DomainError, fields: Mapping[str, str]) -> bool:
    """Say a rule's refusal, with the way out, at the field it speaks of; False when it speaks of none of the form's.

    ``fields`` maps the code of a refusal to the name of a field.
    """
    name = fields.get(refusal.code, "")
    if name not in form.fields:
        return False
    # the general way out leads back to the form, where the person is already
    way_out = "" if refusal.next_step is DomainError.next_step else f" {refusal.next_step}"
    form.add_error(name, forms.ValidationError(f"{refusal.message}{way_out}", code=refusal.code))
    return True


class QuantityForm(forms.Form):
    """How many."""

    quantity = forms.IntegerField(label=_("How many do you order?"), min_value=1)

    def __init__(self, *args: Any, most: int, unit: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """``most`` is what can be ordered now, in ``unit``."""
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = _("You can order up to %(most)s (%(unit)s).") % {"most": most, "unit": unit}
        self.fields["quantity"].max_value = most  # type: ignore[attr-defined]  # an IntegerField
        self._most = most

    def clean_quantity(self) -> int:
        """No more than can be ordered."""
        quantity = int(self.cleaned_data["quantity"])
        if quantity > self._most:
            message = _("You can order up to %(most)s now. Enter a smaller number.")
            raise forms.ValidationError(message, params={"most": self._most}, code="most")
        return quantity


class DeliveryForm(forms.Form):
    """Where to, and whom to call."""

    address = forms.CharField(
        label=_("Where should it be delivered?"),
        help_text=_("Street, house, flat; village or town."),
        min_length=5,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label=_("Phone for the delivery"),
        help_text=_("For example +7 701 123 45 67. The courier calls or writes to this number."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    comment = forms.CharField(
        label=_("Message for the courier"),
        help_text=_("For example: ring twice, there is no lift."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """A phone that exists, in E.164 form."""
        try:
            return parse_phone(str(self.cleaned_data["phone"]))
        except RuleBroken as error:
            raise forms.ValidationError(str(error.message), code="phone") from error


class MeasurementsForm(forms.Form):
    """The measurements by which this kind is chosen: checked again before each order."""

    def __init__(self, *args: Any, measurements: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """``measurements`` maps a code to its words."""
        super().__init__(*args, **kwargs)
        for code, words in measurements.items():
            self.fields[code] = NumberField(label=words, required=False, min_value=Decimal(0), max_digits=7, decimal_places=2)


class CheckForm(forms.Form):
    """The last page: agree and send."""

    consent = forms.BooleanField(
        label=CONSENT_WORDS[CONSENT_VERSION],
        error_messages={"required": _("Tick that the supplier may see what this order needs.")},
    )
    fit_acknowledged = forms.BooleanField(
        label=_("I know that it does not fit the measurements, and I order it all the same."),
        error_messages={"required": _("Choose another size, or tick that you want to order it all the same.")},
    )

    def __init__(self, *args: Any, does_not_fit: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Only what does not fit asks for the acknowledgement."""
        super().__init__(*args, **kwargs)
        if not does_not_fit:
            del self.fields["fit_acknowledged"]

    def answers(self) -> dict[str, str]:
        """What was agreed to, as the draft's values."""
        agreed = {"consent": CONSENT_VERSION if self.cleaned_data.get("consent") else ""}
        if self.cleaned_data.get("fit_acknowledged"):
            agreed["fit_acknowledged"] = "yes"
        return agreed


class CodeForm(forms.Form):
    """Six digits from a message."""

    #: which field a refusal of the rules belongs to
    FIELDS: Final = {"code_wrong": "code"}

    code = forms.CharField(
        label=_("Code from the message"),
        help_text=_("Six digits."),
        min_length=6,
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class NoteForm(forms.Form):
    """Words, if somebody wants to say more."""

    note = forms.CharField(label=_("Anything to add"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why an officer opens a file in which nothing waits."""

    reason = forms.CharField(
        label=_("Why do you open this file?"),
        help_text=_("It is recorded with your name, and the person sees it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(NoteForm):
    """Why the goods are refused."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Order.RefusalReason.choices, widget=forms.RadioSelect)
    field_order = ["reason", "note"]


class HandedOverForm(NoteForm):
    """Why a hand-over is confirmed without the code."""

    reason = forms.ChoiceField(label=_("Why was there no code?"), choices=Order.NoCodeReason.choices, widget=forms.RadioSelect)
    field_order = ["reason", "note"]


class AcceptForm(forms.Form):
    """The supplier promises a day."""

    ready_on = DayField(label=_("By which day will you deliver it?"))


class DeclineForm(NoteForm):
    """Why the supplier does not take the order."""

    reason = forms.ChoiceField(label=_("Why do you decline?"), choices=Order.DeclineReason.choices, widget=forms.RadioSelect)
    field_order = ["reason", "note"]


class TopUpForm(forms.Form):
    """The receipt of the person's part."""

    receipt = forms.CharField(label=_("Number of the fiscal receipt"), max_length=60)


class HandOverForm(forms.Form):
    """The code told at the door."""

    code = forms.CharField(
        label=_("Code that the recipient tells you"),
        help_text=_("Six digits; the recipient sees them on the order's page and in the message."),
        min_length=6,
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class OrderFilter(forms.Form):
    """Filter of a desk's list of orders."""

    hide_optional = True

    state = forms.ChoiceField(label=_("State"), required=False)
    light = forms.ChoiceField(label=_("Deadline"), required=False, choices=[("", _("all")), *((one.value, one.label) for one in LIGHTS)])
    district = forms.ChoiceField(label=_("District"), required=False)
    number = forms.CharField(label=_("Number of the order"), required=False, max_length=MOST_NUMBER)
    sort = forms.ChoiceField(label=_("Order of the list"), required=False)

    def __init__(self, chosen: Chosen, *, desk: str, districts: Sequence[Territory]) -> None:
        """The filter of a desk as it is ``chosen`` now; the district is asked where there are several."""
        super().__init__(
            initial={name: getattr(chosen, name) for name in ("state", "light", "district", "number", "sort")}, auto_id="filter_%s"
        )
        states = [(state.value, words_of_state(state, desk)) for state in Order.State]
        places = [(one.code, one.name) for one in districts]
        sorts = [(value, label) for value, label in Sort.choices if desk == Desk.OFFICER or value not in BY_NAME]
        for name, choices in (("state", [("", _("all open")), *states]), ("district", [("", _("all")), *places]), ("sort", sorts)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not districts:
            del self.fields["district"]


class SaveFilterForm(forms.Form):
    """The name under which a filter is kept."""

    name = forms.CharField(
        label=_("Name of the filter"),
        help_text=_("For example: overdue in Ayagoz. No names of people."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)


class AcceptManyForm(forms.Form):
    """One promised day for the ticked orders."""

    ready_on = DayField(label=_("By which day will you deliver all of them?"))


class VariantForm(forms.Form):
    """Stock and price of a size."""

    stock = forms.IntegerField(label=_("In stock"), min_value=0, max_value=10_000_000)
    price = NumberField(label=_("Price of one, tenge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)


class FindForm(forms.Form):
    """Find a person at the counter."""

    iin = IinField(label=_("IIN of the person"), help_text=_("12 digits from the identity card."))
