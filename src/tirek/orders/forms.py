"""Forms of orders: one question group per page; the same fields as the draft keeps."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import parse_phone
from tirek.catalogue.models import Kind, Offer
from tirek.catalogue.sheets import Size
from tirek.core.errors import RuleBroken, Text
from tirek.orders.models import Order
from tirek.ui.fields import CodeField, DayField, HintedRadios, NumberField, WholeField, long_text
from tirek.ui.text import NO_BREAK, number_text

CONSENT_VERSION: Final = "2026-12"
#: What was agreed to, by version; old versions stay, because people read what they once agreed to.
CONSENT_WORDS: Final = {
    "2026-11": _(
        "The supplier may see my name, address, phone and the sizes that this order needs. No diagnosis is passed on."
    ),
    "2026-12": _(
        "The supplier may see the recipient's name, address, phone and the sizes that this order needs. "
        "No diagnosis is passed on."
    ),
}
#: A plain bound against overflow.
MOST_UNITS: Final = 100_000
_WHOLE: Final = {"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}


class QuantityForm(forms.Form):
    """How many."""

    quantity = WholeField(label=_("How many?"), min_value=1, widget=forms.TextInput(attrs=_WHOLE))

    # Django's own arguments
    def __init__(self, *args: Any, most: int, unit: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        """``most`` is what can be ordered now, in ``unit``."""
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = _("At most now: %(quantity)s") % {
            "quantity": f"{number_text(most)}{NO_BREAK}{unit}".strip()
        }
        self.fields["quantity"].max_value = most  # type: ignore[attr-defined]  # an IntegerField
        self._most = most

    def clean_quantity(self) -> int:
        """No more than can be ordered."""
        quantity = int(self.cleaned_data["quantity"])
        if quantity > self._most:
            message = _("At most %(most)s can be ordered now. Enter a smaller number.")
            raise forms.ValidationError(message, params={"most": self._most}, code="most")
        return quantity


def _why(one: Size, among: Sequence[Size]) -> str:
    """Why a size fits or not, with its ruler; what the person pays for it where sizes differ in that."""
    differs = len({each.each for each in among}) > 1
    return render_to_string("orders/ordering/size.html", {"one": one, "price": one.price if differs else None})


class ChooseForm(QuantityForm):
    """Which size or model, and how many; what is not to be chosen is not asked."""

    version = forms.ChoiceField(label=_("Which size or model?"), widget=HintedRadios)
    field_order = ["version", "quantity"]

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own arguments
        sizes: Sequence[Size],
        most: int,
        unit: str = "",
        held: Mapping[str, str] | None = None,
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        """``sizes`` can be chosen, the first of them is meant when nothing is said; ``most`` can be ordered of all;
        ``held`` was chosen before, and is asked anew where it is not what can be chosen now.
        """
        super().__init__(*args, most=min(most, max((one.stock for one in sizes), default=0)), unit=unit, **kwargs)
        self._stock = {str(one.version.pk): one.stock for one in sizes}
        version = cast("forms.ChoiceField", self.fields["version"])
        version.choices = [(str(one.version.pk), one.label) for one in sizes]
        version.widget.hints = {str(one.version.pk): _why(one, sizes) for one in sizes}
        if sizes and sizes[0].fits:
            version.initial = str(sizes[0].version.pk)
        version.widget.data = {str(one.version.pk): {"each": str(one.each)} for one in sizes}
        before = held or {}
        if len(sizes) <= 1 and before.get("version", "") in {"", *self._stock}:
            del self.fields["version"]
        if self._most == 1 and before.get("quantity", "") in {"", "1"}:
            del self.fields["quantity"]

    def clean(self) -> dict[str, Any]:
        """No more than there is of the chosen size."""
        given = super().clean() or {}
        stock = self._stock.get(given.get("version") or next(iter(self._stock), ""), 0)
        if given.get("quantity", 0) > stock:
            words = _("There are %(stock)s in stock. Enter a smaller number, or choose another size.")
            self.add_error("quantity", forms.ValidationError(words, params={"stock": stock}, code="stock"))
        return given


class DeliveryForm(forms.Form):
    """Where to, and whom to call."""

    address = long_text(
        _("Where should it be delivered?"),
        _("Town or village; street, house and flat where there are any."),
        # a village without streets: its name is the whole address, and some have two letters
        shortest=2,
        longest=300,
        rows=3,
        autocomplete="street-address",
    )
    phone = forms.CharField(
        label=_("Phone for the delivery"),
        help_text=_("For example +7 701 123 45 67. The courier calls or writes to this number."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    comment = long_text(
        _("Message for the courier"),
        _("For example: ring twice, there is no lift."),
        longest=500,
        required=False,
        rows=2,
    )

    def clean_address(self) -> str:
        """On one line: a courier's list has no room for more."""
        return " ".join(str(self.cleaned_data["address"]).split())

    def clean_phone(self) -> str:
        """A phone that exists, in E.164 form."""
        try:
            return parse_phone(str(self.cleaned_data["phone"]))
        except RuleBroken as error:
            raise forms.ValidationError(str(error.message), code="phone") from error


class MeasurementsForm(forms.Form):
    """The measurements by which this kind is chosen: checked again before each order."""

    # Django's own arguments
    def __init__(self, *args: Any, measurements: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        """``measurements`` maps a code to its words."""
        super().__init__(*args, **kwargs)
        for code, words in measurements.items():
            self.fields[code] = NumberField(
                label=words, required=False, min_value=Decimal(0), max_digits=7, decimal_places=2
            )


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

    def clean_consent(self) -> bool:
        """Agreed to the present words: a draft keeps the version of the words that were agreed to."""
        typed = str(self.data.get("consent", ""))
        if typed != CONSENT_VERSION and typed in CONSENT_WORDS:
            raise forms.ValidationError(self.fields["consent"].error_messages["required"], code="required")
        return bool(self.cleaned_data["consent"])

    def answers(self) -> dict[str, str]:
        """What was agreed to by this press, as the draft's values; what was ticked before is none of it."""
        return {
            "consent": CONSENT_VERSION if self.cleaned_data.get("consent") else "",
            "fit_acknowledged": "yes" if self.cleaned_data.get("fit_acknowledged") else "",
        }


class NoteForm(forms.Form):
    """Words, if somebody wants to say more."""

    note = long_text(_("Anything to add"), longest=500, required=False, rows=3)


class RefuseForm(NoteForm):
    """Why the goods are refused."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Order.RefusalReason.choices, widget=forms.RadioSelect)
    photo = forms.FileField(
        label=_("A photo of what is wrong"),
        help_text=_("If it helps: a photo or a PDF, at most 10 MB. The supplier and the department see it."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )
    field_order = ["reason", "note", "photo"]


class HandedOverForm(NoteForm):
    """Why a hand-over is confirmed without the code."""

    reason = forms.ChoiceField(
        label=_("Why was there no code?"), choices=Order.NoCodeReason.choices, widget=forms.RadioSelect
    )
    field_order = ["reason", "note"]


class AcceptForm(forms.Form):
    """The supplier promises a day: the last that is allowed stands there already."""

    ready_on = DayField(label=_("By which day will you deliver it?"))

    # Django's own arguments
    def __init__(self, *args: Any, last: date, why: Text, **kwargs: Any) -> None:  # noqa: ANN401
        """``last`` is the last day that can be promised, ``why`` says so and what bounds it."""
        super().__init__(*args, **kwargs)
        day = cast("DayField", self.fields["ready_on"])
        day.initial, day.help_text = last, str(why)


class DeclineForm(NoteForm):
    """Why the supplier does not take the order."""

    reason = forms.ChoiceField(
        label=_("Why do you decline?"), choices=Order.DeclineReason.choices, widget=forms.RadioSelect
    )
    left = WholeField(
        label=_("How many are really in stock?"),
        help_text=_("Only where the goods are not in stock: so many stay on offer."),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs=_WHOLE),
    )
    field_order = ["reason", "left", "note"]


class TopUpForm(forms.Form):
    """The receipt of the person's part."""

    receipt = forms.CharField(label=_("Number of the fiscal receipt"), max_length=60)


class MoneyBackForm(forms.Form):
    """The receipt of what was returned."""

    receipt = forms.CharField(label=_("Number of the receipt for the returned payment"), max_length=60)


class HandOverForm(forms.Form):
    """The code told at the door."""

    code = CodeField(
        label=_("Code that the recipient tells you"),
        help_text=_("Six digits; the recipient sees them on the order's page and in the message."),
    )


class AcceptManyForm(forms.Form):
    """The promised days of the ticked orders."""

    hide_optional = True
    EACH, ONE = "each", "one"
    by = forms.ChoiceField(
        label=_("By which day will you deliver them?"),
        choices=((EACH, _("Each by its own last day")), (ONE, _("All by one day"))),
        widget=HintedRadios(hints={EACH: _("The last day that your offer allows; the next page shows it for each.")}),
        initial=EACH,
        required=False,
    )
    ready_on = DayField(
        label=_("The day for all of them"), help_text=_("Only where you chose one day for all."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """A day where one is meant for all, and none where each has its own; a day alone is meant for all."""
        given = super().clean() or {}
        typed = given.get("ready_on") or "ready_on" in self.errors
        by = given.get("by") or (self.ONE if typed else "")
        if not by and "by" not in self.errors:
            self.add_error("by", forms.ValidationError(self.fields["by"].error_messages["required"], code="required"))
        elif by == self.EACH and typed and "ready_on" not in self.errors:
            words = _("You typed a day, but chose that each has its own. Choose “All by one day”, or remove the day.")
            self.add_error("by", forms.ValidationError(words, code="two_answers"))
        elif by == self.ONE and not typed:
            self.add_error("ready_on", forms.ValidationError(_("Enter the day for all of them."), code="required"))
        return {**given, "by": by}


class VariantForm(forms.Form):
    """Stock and price of a size."""

    stock = WholeField(
        label=_("Free for new orders"), min_value=0, max_value=10_000_000, widget=forms.TextInput(attrs=_WHOLE)
    )
    price = NumberField(label=_("Price of one, tenge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    shown_stock = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown_price = forms.DecimalField(widget=forms.HiddenInput, required=False)


class ItemForm(VariantForm):
    """Stock and price of one size among many on a page: what is wrong names the goods."""

    # Django's own arguments
    def __init__(self, *args: Any, goods: str, **kwargs: Any) -> None:  # noqa: ANN401
        """``goods`` names the size."""
        super().__init__(*args, **kwargs)
        for name in ("stock", "price"):
            field = self.fields[name]
            field.label = f"{goods}: {field.label}"
            field.widget.attrs |= {"aria-label": field.label, "class": "govuk-input--width-5"}


class WantedForm(forms.Form):
    """What a supplier narrows the own offers by."""

    hide_optional = True

    words = forms.CharField(label=_("Name, maker or article number"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *Offer.State.choices], initial=""
    )
    stock = forms.ChoiceField(
        label=_("Stock"),
        required=False,
        choices=[("", _("all")), ("some", _("something is free")), ("none", _("nothing is free"))],
    )

    def __init__(self, sent: Mapping[str, Any], *, kinds: Sequence[Kind]) -> None:
        """``kinds`` are those of which there are offers."""
        super().__init__(sent, auto_id="filter_%s")
        choices = [("", _("all")), *((one.code, capfirst(one.name)) for one in kinds)]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices


class TableForm(forms.Form):
    """The table of offers, changed."""

    file = forms.FileField(label=_("The changed table, XLSX or CSV"))
