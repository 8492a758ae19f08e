"""Forms of the officer's desk: whom to find, and why a file is opened."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.drafts import brought
from tirek.ui.fields import long_text, short_text


class FindForm(forms.Form):
    """Find a person or a case at the counter."""

    what = short_text(
        _("Surname, phone, IIN or number of an order"),
        _("For example: a surname and a name, +7 701 234 56 78, or 12 digits of the IIN."),
        longest=100,
    )


class ReasonForm(forms.Form):
    """Why an officer opens a file in which nothing waits."""

    reason = long_text(
        _("Why do you open this file?"),
        _("It is recorded with your name, and the person sees it."),
        longest=300,
        rows=3,
    )


class FileForm(forms.Form):
    """The file of a form that could not be sent."""

    file = forms.FileField(
        label=_("The file from the person's device"),
        help_text=_("Its name begins with “tirek-”. It was made on the page of what is not sent yet."),
        error_messages={"required": _("Choose the file.")},
    )

    def clean_file(self) -> object:
        """No larger than such a file can be."""
        found = self.cleaned_data["file"]
        if (found.size or 0) > brought.LARGEST:
            raise forms.ValidationError(_("This is no file of a form that could not be sent."), code="size")
        return found
