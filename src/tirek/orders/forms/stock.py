"""Forms that the supplier fills about the own offers: stock, price, what the list is narrowed by."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Offer
from tirek.orders.forms.shared import WHOLE
from tirek.ui.fields import NumberField, WholeField


class VariantForm(forms.Form):
    """Stock and price of a size."""

    stock = WholeField(
        label=_("Free for new orders"), min_value=0, max_value=10_000_000, widget=forms.TextInput(attrs=WHOLE)
    )
    price = NumberField(label=_("Price of one, tenge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    shown_stock = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown_price = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=14, decimal_places=2)


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
        label=_("State"),
        required=False,
        choices=[("", _("all")), *(one for one in Offer.State.choices if one[0] not in Offer.BEFORE)],
        initial="",
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
