"""Forms of the officer's pages about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.fields import IinField


class PhoneForm(forms.Form):
    """A new phone on file for somebody who is at the counter."""

    iin = IinField(label=_("IIN of the person"), help_text=_("12 digits, as on the identity card."))
    phone = forms.CharField(
        label=_("New phone number"),
        help_text=_("For example +7 701 234 56 78."),
        max_length=30,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
    )
    checked = forms.BooleanField(label=_("The person is here, and I have compared the face with the identity card"))
