"""Forms of terms to order, corrections and requests; the same fields as the draft keeps."""

from functools import partial
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import kinds_by_group
from tirek.entitlements.models import CorrectionRequest, OrderingTerm
from tirek.ui.fields import WholeField, long_text, short_text

MOST_UNITS: Final = 100_000
_NOT_ZERO: Final = _("Enter a whole number that is not zero, for example 30 or −30.")
#: Characters of what somebody writes in own words.
LONGEST: Final = 1000
_words = partial(long_text, longest=LONGEST)


class CorrectionForm(forms.Form):
    """By how much, why, and on what it rests."""

    amount = WholeField(
        label=_("By how much?"),
        error_messages={"invalid": _NOT_ZERO},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-5"}),
    )
    reason = _words(_("Why is it corrected?"), _("The person reads this. Write what was wrong and what is right."))
    document = short_text(
        _("Number and date of the document"),
        _("For example: extract of the individual programme No 12 of 3 November 2026."),
        longest=100,
    )

    # Django's own arguments
    def __init__(self, *args: Any, unit: str, adds_line: bool, **kwargs: Any) -> None:  # noqa: ANN401
        """``unit`` is the kind's; a line that is added has a quantity instead of a change."""
        super().__init__(*args, **kwargs)
        self._adds_line = adds_line
        amount = self.fields["amount"]
        if adds_line:
            amount.label = _("How much does the programme give?")
            amount.help_text = _("In the programme's own period (%(unit)s).") % {"unit": unit}
        else:
            amount.help_text = _("With a minus to take away: 30 or −30 (%(unit)s).") % {"unit": unit}

    def clean_amount(self) -> int:
        """A whole number that is not zero; a new line has no minus."""
        number = int(self.cleaned_data["amount"])
        if number == 0 or abs(number) > MOST_UNITS:
            raise forms.ValidationError(_NOT_ZERO, code="number")
        if self._adds_line and number < 0:
            raise forms.ValidationError(
                _("An item that is added has no minus. Enter how much the programme gives."), code="minus"
            )
        return number


class RequestForm(forms.Form):
    """What is wrong, in the person's own words."""

    wrong = forms.ChoiceField(
        label=_("What is wrong?"), choices=CorrectionRequest.Wrong.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Which goods or service is it about?"),
        help_text=_("Leave it empty when you do not know."),
        required=False,
    )
    words = _words(
        _("Tell us in your own words"),
        _(
            "For example: the doctor's paper says diapers, but there are none in my programme. Do not write a "
            "diagnosis."
        ),
        rows=6,
    )

    def __init__(self, *args: Any, about_line: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """A request about a line does not ask which kind."""
        super().__init__(*args, **kwargs)
        if about_line:
            del self.fields["kind"]
            self.fields["wrong"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                one for one in CorrectionRequest.Wrong.choices if one[0] != CorrectionRequest.Wrong.MISSING
            ]
        else:
            none = ("", str(_("I do not know")))
            self.fields["kind"].choices = [none, *kinds_by_group()]  # type: ignore[attr-defined]  # a ChoiceField


class CallForm(forms.Form):
    """What came of a call."""

    result = forms.ChoiceField(
        label=_("I called: what came of it?"), choices=OrderingTerm.CallResult.choices, widget=forms.RadioSelect
    )
    note = _words(_("Anything to add"), required=False, rows=3)


class ReopenForm(forms.Form):
    """Why the term begins anew."""

    reason = _words(_("Why is more time given?"), _("For example: the person was in hospital."), rows=3)


class RejectForm(forms.Form):
    """Why the second officer does not sign."""

    reason = _words(_("Why do you not sign?"), rows=3)


class ExplainForm(forms.Form):
    """Why nothing is corrected."""

    answer = _words(_("Explain why nothing is corrected"), _("Simple words: the person reads this."))


class FixForm(forms.Form):
    """What was put right in the programme's data."""

    document = short_text(_("Document by which the data were put right"), longest=100)
    answer = _words(_("What was put right?"), _("Simple words: the person reads this."))


class WhichForm(forms.Form):
    """Which kind a correction is about, when the person did not say."""

    kind = forms.ChoiceField(label=_("Which goods or service is corrected?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        super().__init__(*args, **kwargs)
        none = ("", str(_("Choose from the list")))
        self.fields["kind"].choices = [none, *kinds_by_group()]  # type: ignore[attr-defined]  # a ChoiceField
