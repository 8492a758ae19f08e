"""Forms of terms to order, corrections and requests; the same fields as the draft keeps."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, ProvisionChannel
from tirek.catalogue.words import AskedInWords, Words, kinds_by_group
from tirek.core import clock
from tirek.entitlements.asking import (
    CHANNEL,
    Asked,
    asked_in,
    begun_with,
    channel_field,
    channels_of,
    default_channel,
    fields_of,
    words_of,
)
from tirek.entitlements.models import CorrectionRequest, Line, OrderingTerm, Programme
from tirek.ui.fields import WholeField, long_text, short_text
from tirek.ui.text import day_text

MOST_UNITS: Final = 100_000
_NOT_ZERO: Final = _("Enter a whole number that is not zero, for example 30 or −30.")
#: Characters of what somebody writes in own words.
LONGEST: Final = 1000
#: Field of a correction: the next one at once.
EARLIER: Final = "earlier"
_words = partial(long_text, longest=LONGEST)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction is about.

    Attributes:
        kind: of the line.
        asked: what the line asks for now; nothing of one that is added.
        channel: how it is provided now; of one that is added, as the programme says of what says nothing.
        adds_line: whether a line is added.
        next_on: the first day of the next one, while a replacement term runs.
    """

    kind: Kind
    asked: Asked
    channel: str
    adds_line: bool
    next_on: date | None = None

    @classmethod
    def of(cls, line: Line | None, kind: Kind, programme: Programme) -> "Corrected":
        """A line (its kind is loaded), or one of the kind that is added to the programme."""
        if line is None:
            return cls(kind, Asked(), default_channel(programme, kind), adds_line=True)
        runs = line.next_on is not None and line.next_on > clock.today()
        return cls(kind, Asked.of(line), line.channel, adds_line=False, next_on=line.next_on if runs else None)

    def begun(self) -> dict[str, str]:
        """What the form says before anything is typed."""
        return begun_with(self.asked) | {CHANNEL: self.channel}


class CorrectionForm(forms.Form):
    """By how much, what the line asks for from now on, how it is provided, why, and on what it rests."""

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
    def __init__(self, *args: Any, corrected: Corrected, **kwargs: Any) -> None:  # noqa: ANN401
        """A line that is added has a quantity instead of a change."""
        super().__init__(*args, **kwargs)
        self._of, words = corrected, Words(corrected.kind.pk)
        self._adds_line, unit = corrected.adds_line, words.unit
        amount = self.fields["amount"]
        if corrected.adds_line:
            amount.label = _("How much does the programme give?")
            amount.help_text = _("In the programme's own period (%(unit)s).") % {"unit": unit}
        else:
            amount.help_text = _(
                "With a minus to take away: 30 or −30 (%(unit)s). Empty where the quantity is right."
            ) % {"unit": unit}
            amount.required = False
        others = {name: self.fields.pop(name) for name in ("reason", "document")}
        if corrected.next_on is not None:
            self.fields[EARLIER] = forms.BooleanField(
                label=_("Early replacement: the next one can be ordered now, not only from %(day)s")
                % {"day": day_text(corrected.next_on)},
                help_text=_("Where it is broken and not repaired, is outgrown, or the person needs another one now."),
                required=False,
            )
        if corrected.channel in channels_of(corrected.kind):
            self.fields[CHANNEL] = channel_field(corrected.kind, str(_("How is it provided?")))
        for name, field in (*fields_of(words, ""), *others.items()):
            self.fields[name] = field

    def clean_amount(self) -> int:
        """A whole number; nothing where only something else is corrected. A new line has no minus."""
        typed = self.cleaned_data["amount"]
        if typed is None and not self._adds_line:
            return 0
        number = int(typed)
        if number == 0 or abs(number) > MOST_UNITS:
            raise forms.ValidationError(_NOT_ZERO, code="number")
        if self._adds_line and number < 0:
            raise forms.ValidationError(
                _("An item that is added has no minus. Enter how much the programme gives."), code="minus"
            )
        return number

    def clean(self) -> dict[str, Any]:
        """Something is corrected: the quantity, what the line asks for, or how it is provided."""
        given = super().clean() or {}
        asked, channel = asked_in(self), str(given.get(CHANNEL) or "")
        self.asked = asked if asked != self._of.asked else None
        self.channel = channel if channel != self._of.channel else ""
        self.earlier = bool(given.get(EARLIER))
        is_changed = given.get("amount") != 0 or self.asked is not None or self.channel or self.earlier
        if not is_changed and not self.errors:
            words = _("Nothing is corrected. Enter by how much, or change what the programme asks for.")
            self.add_error("amount", forms.ValidationError(words, code="nothing"))
        return given


@dataclass(frozen=True, slots=True)
class ChangeOfLine:
    """What a correction changes of a line beside its balance, in words.

    Attributes:
        before: what the line asks for before; ``None`` where that stays.
        after: what it asks for from now on.
        channel_before: how it is provided before; "" where that stays.
        channel_after: how from now on.
        is_earlier: whether the next one can be ordered before the replacement term ends.
        next_on: the first day of the next one as it is now; nothing where that is past.
    """

    before: AskedInWords | None = None
    after: AskedInWords | None = None
    channel_before: str = ""
    channel_after: str = ""
    is_earlier: bool = False
    next_on: date | None = None

    def __bool__(self) -> bool:
        return self.after is not None or bool(self.channel_after) or self.is_earlier


def change_in_words(
    kind_code: str, asked: Asked | None, channel: str, *, earlier: bool = False, before: Corrected | None = None
) -> ChangeOfLine:
    """What becomes of a line of a kind, in the present language.

    Args:
        kind_code: of the line.
        asked: what it asks for from now on; ``None`` as before.
        channel: how it is provided from now on; "" as before.
        earlier: whether the next one can be ordered at once.
        before: what it is now; nothing where that is past.
    """
    told = ChangeOfLine(is_earlier=earlier, next_on=before.next_on if before is not None else None)
    if asked is not None:
        told = replace(told, after=words_of(kind_code, asked))
        if before is not None:
            told = replace(told, before=words_of(kind_code, before.asked))
    if channel:
        told = replace(told, channel_after=str(ProvisionChannel(channel).label))
        if before is not None:
            told = replace(told, channel_before=str(ProvisionChannel(before.channel).label))
    return told


def _cannot_be_wrong(line: Line | None) -> set[str]:
    wrong = CorrectionRequest.Wrong
    if line is None:
        return {wrong.EARLIER, wrong.EMPLOYER}
    return {wrong.MISSING} if line.channel == ProvisionChannel.EMPLOYER else {wrong.MISSING, wrong.EMPLOYER}


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

    def __init__(self, *args: Any, line: Line | None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """A request about a line does not ask which kind, and asks only what can be wrong with it."""
        super().__init__(*args, **kwargs)
        self.fields["wrong"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            one for one in CorrectionRequest.Wrong.choices if one[0] not in _cannot_be_wrong(line)
        ]
        if line is not None:
            del self.fields["kind"]
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


class KeepForm(forms.Form):
    """Why a case is worth keeping, to check the rules by it."""

    title = short_text(
        _("What does this case show?"),
        _("For example: what was carried on is written off after the new programme. Name nobody."),
        longest=200,
    )
