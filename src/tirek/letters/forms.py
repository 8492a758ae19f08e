"""Forms of letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.letters.models import Envelope
from tirek.ui.fields import DayField


class DayForm(forms.Form):
    """Of which day the letters are shown."""

    day = DayField(label=_("Day"))


class ReturnForm(forms.Form):
    """Why a letter came back."""

    reason = forms.ChoiceField(
        label=_("Why did the letter come back?"),
        choices=[one for one in Envelope.Reason.choices if one[0] != Envelope.Reason.NO_ADDRESS],
        widget=forms.RadioSelect,
    )
