"""Forms of orders that the department fills."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.orders.forms.shared import Delivered, NoteForm
from tirek.orders.models import Order
from tirek.ui.fields import DayField, HintedRadios, long_text, short_text


class HandedOverForm(Delivered, NoteForm):
    """Why a hand-over is confirmed without the code."""

    reason = forms.ChoiceField(
        label=_("Why was there no code?"), choices=Order.NoCodeReason.choices, widget=forms.RadioSelect
    )
    field_order = ["quantity", "numbers", "reason", "note"]


class DecideForm(forms.Form):
    """What the commission has decided of a refusal."""

    decision = forms.ChoiceField(
        label=_("What has the commission decided?"),
        choices=Order.Decision.choices,
        widget=HintedRadios(
            hints={
                Order.Decision.FOR_PERSON: _("The order ends, and the recipient keeps the full entitlement."),
                Order.Decision.REPLACE: _("The supplier has the longest time that is allowed for it."),
                Order.Decision.FOR_SUPPLIER: _("The recipient is asked again to confirm the receipt."),
            }
        ),
    )
    number = short_text(_("Number of the conclusion"), longest=60)
    day = DayField(label=_("Day of the conclusion"), latest=clock.today)
    reasons = long_text(_("The commission's reasons"), _("Both sides read them."), longest=500)
