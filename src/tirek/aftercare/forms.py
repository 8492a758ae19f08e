"""Forms of faults and of harm; the same fields as the drafts keep."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.aftercare.models import Fault, Harm
from tirek.orders.forms.shared import Numbered
from tirek.orders.models import Stop
from tirek.orders.numbers import LONGEST_LIST
from tirek.ui.fields import DayField, NumberField, WholeField, long_text, short_text
from tirek.ui.text import day_text

FAULT_FORM: Final = "fault"
HARM_FORM: Final = "harm"
#: Raise when a field is added or changes its meaning.
FORM_VERSION: Final = 1
#: Characters of words at most, as the draft keeps them.
LONGEST: Final = 1000
#: What is kept back stays as it is.
AS_NOW: Final = "now"
#: Days of a paid repair at most.
MOST_DAYS: Final = 90


class FaultForm(forms.Form):
    """What is wrong with a thing, and where it is."""

    wrong = forms.ChoiceField(label=_("What is wrong?"), choices=Fault.Wrong.choices, widget=forms.RadioSelect)
    words = long_text(_("Tell in your own words what happens"), longest=LONGEST)
    place = short_text(
        _("Where is the thing now?"), _("An address, if it is not at home."), longest=300, required=False
    )

    # Django's own arguments
    def __init__(self, *args: Any, consumable: bool, **kwargs: Any) -> None:  # noqa: ANN401
        """``consumable``: whether goods are used up: they have no battery."""
        super().__init__(*args, **kwargs)
        if consumable:
            wrong = cast("forms.ChoiceField", self.fields["wrong"])
            wrong.choices = [one for one in Fault.Wrong.choices if one[0] != Fault.Wrong.POWER]


class HarmForm(forms.Form):
    """What goods have done to somebody."""

    what = forms.ChoiceField(label=_("What happened?"), choices=Harm.What.choices, widget=forms.RadioSelect)
    words = long_text(_("Tell in your own words what happened"), longest=LONGEST)


class PromiseForm(forms.Form):
    """How the supplier mends it, and by when."""

    way = forms.ChoiceField(label=_("What will you do?"), choices=Fault.Way.choices, widget=forms.RadioSelect)
    ready_on = DayField(label=_("By which day?"))
    has_loan = forms.BooleanField(label=_("The recipient has another one meanwhile"), required=False)

    # Django's own arguments
    def __init__(self, *args: Any, last: date, **kwargs: Any) -> None:  # noqa: ANN401
        """``last`` is the last day that can be promised."""
        super().__init__(*args, **kwargs)
        day = cast("DayField", self.fields["ready_on"])
        day.initial = last
        day.help_text = str(_("The last day that you can promise: %(day)s.") % {"day": day_text(last)})


class RepairPriceForm(forms.Form):
    """What a repair costs after the warranty."""

    price = NumberField(
        label=_("Price of the repair, tenge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    repair_days = WholeField(
        label=_("In how many days will it be done?"),
        help_text=_("Counted from the day on which the recipient accepts the price."),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}),
    )


class DeclineFaultForm(forms.Form):
    """Why a supplier does not repair it."""

    reason = forms.ChoiceField(
        label=_("Why do you decline?"), choices=Fault.DeclineReason.choices, widget=forms.RadioSelect
    )
    words = long_text(_("Explain it to the recipient"), longest=LONGEST)


class HandBackForm(Numbered):
    """What was done, and the number of what was brought instead."""

    note = long_text(_("What was done"), longest=LONGEST, required=False)
    field_order = ["numbers", "note"]


class WordsForm(forms.Form):
    """What is still wrong."""

    words = long_text(_("What is wrong now?"), longest=LONGEST)


class ToRegionForm(forms.Form):
    """Why the person does not agree with the supplier."""

    words = long_text(_("Why do you not agree?"), longest=LONGEST)


class DecisionForm(forms.Form):
    """What the region decides of a fault, and why."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Fault.Decision.choices, widget=forms.RadioSelect)
    reasons = long_text(_("Reasons"), _("The recipient and the supplier read them."), longest=LONGEST)


class ReasonsForm(forms.Form):
    """Why goods are let go, or a recall ends."""

    reasons = long_text(_("Reasons"), _("The recipient and the supplier read them."), longest=LONGEST)


class WhichForm(ReasonsForm):
    """Which goods are kept back where no batch tells them apart, and why."""

    by = forms.ChoiceField(label=_("Which goods?"), widget=forms.RadioSelect)
    serials = long_text(
        _("Serial numbers"),
        _("Only for some serial numbers: one number or range on a line. For example: 26-1001, or 26-1001 … 26-1999."),
        longest=LONGEST_LIST,
        required=False,
    )
    field_order = ["by", "serials", "reasons"]

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        ways: Sequence[tuple[str, str]] = (),
        present: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """``ways`` are those by which goods can be kept back, code and words; none: a batch tells them apart.
        ``present`` is the one by which they are now.
        """
        super().__init__(*args, **kwargs)
        if not ways:
            del self.fields["by"], self.fields["serials"]
            return
        field = cast("forms.ChoiceField", self.fields["by"])
        field.choices, field.initial = ways, present
        if Stop.By.NUMBERS not in dict(ways):
            del self.fields["serials"]

    def clean(self) -> dict[str, Any]:
        """Numbers, where they are kept back by them; the same as now is no change."""
        given = super().clean() or {}
        if given.get("by") == Stop.By.NUMBERS and not str(given.get("serials", "")).strip():
            words = _("Type the serial numbers: one number or one range on a line.")
            self.add_error("serials", forms.ValidationError(words, code="required"))
        if given.get("by") == AS_NOW:
            given["by"] = ""
        return given


class FindOutForm(forms.Form):
    """Goods of a recall that are still out, by their number."""

    number = short_text(_("Serial or batch number, or the number of the order"), longest=40, required=False)


class CameBackForm(forms.Form):
    """Whose goods of a recall came back: chosen from those that are still out."""

    item = forms.ChoiceField(label=_("Which goods came back?"), widget=forms.RadioSelect)

    # Django's own arguments
    def __init__(self, *args: Any, out: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        """``out`` are the goods that are still out, with words."""
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["item"]).choices = out
