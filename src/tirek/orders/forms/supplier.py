"""Forms of orders that the supplier fills."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.errors import Text
from tirek.orders.forms.shared import WHOLE, Delivered, NoteForm, Numbered
from tirek.orders.models import Order
from tirek.ui.fields import CodeField, DayField, HintedRadios, LineField, WholeField, long_text
from tirek.ui.text import day_text


class AcceptForm(forms.Form):
    """The supplier promises a day: the last that is allowed stands there already."""

    ready_on = DayField(label=_("By which day will you deliver it?"))

    # Django's own arguments
    def __init__(self, *args: Any, last: date, why: Text, **kwargs: Any) -> None:  # noqa: ANN401
        """``last`` is the last day that can be promised, ``why`` says so and what bounds it."""
        super().__init__(*args, **kwargs)
        day = cast("DayField", self.fields["ready_on"])
        day.initial, day.help_text = last, str(why)


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
        widget=forms.TextInput(attrs=WHOLE),
    )
    field_order = ["reason", "left", "note"]


class TopUpForm(forms.Form):
    """The receipt of the person's part."""

    receipt = LineField(label=_("Number of the fiscal receipt"), max_length=60)


class ReplacedForm(Numbered):
    """The code told at the door, when other goods are brought for refused ones."""

    code = CodeField(
        label=_("Code that the recipient tells you"),
        help_text=_("Six digits; the recipient sees them on the order's page and in the message."),
    )


class HandOverForm(Delivered, ReplacedForm):
    """The code told at the door, and how many are handed over."""

    field_order = ["quantity", "numbers", "code"]


class ReplaceForm(forms.Form):
    """By when the supplier brings other goods: the last day that is allowed stands there already."""

    replace_by = DayField(label=_("By which day will you bring other goods?"))

    # Django's own arguments
    def __init__(self, *args: Any, last: date, **kwargs: Any) -> None:  # noqa: ANN401
        """``last`` is the last day that can be promised."""
        super().__init__(*args, **kwargs)
        day = cast("DayField", self.fields["replace_by"])
        day.initial = last
        day.help_text = str(_("The last day that you can promise: %(day)s.") % {"day": day_text(last)})


class DisputeForm(forms.Form):
    """Why the supplier does not agree with the refusal."""

    words = long_text(
        _("Why do you not agree?"),
        _("The commission, the office and the recipient read it. What shows it: a photo in a message on the order."),
        longest=500,
    )


class MoneyBackForm(forms.Form):
    """The receipt of what was returned."""

    receipt = LineField(label=_("Number of the receipt for the returned payment"), max_length=60)
