"""Forms of the officer's desk: whom to find, and why a file is opened."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.fields import IinField
from tirek.ui.fields import long_text


class FindForm(forms.Form):
    """Find a person at the counter."""

    iin = IinField(label=_("IIN of the person"), help_text=_("12 digits from the identity card."))


class ReasonForm(forms.Form):
    """Why an officer opens a file in which nothing waits."""

    reason = long_text(
        _("Why do you open this file?"),
        _("It is recorded with your name, and the person sees it."),
        longest=300,
        rows=3,
    )
