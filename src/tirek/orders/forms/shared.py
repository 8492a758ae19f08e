"""Forms that more than one side fills: a note, a question, how many goods are handed over and by which numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tirek.orders.models import Order
from tirek.orders.numbers import BATCH, HOW_BATCHES, LONGEST_LIST, NEEDED, NONE, SERIAL
from tirek.ui.fields import WholeField, long_text
from tirek.ui.text import day_text, number_text

WHOLE: Final = {"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}
_NUMBERS_LABEL: Final = {SERIAL: _("Serial numbers"), BATCH: _("Batch numbers")}
_NUMBERS_HELP: Final = {
    SERIAL: _("One on a line, one for each piece. You can scan or paste them."),
    BATCH: HOW_BATCHES,
}


class NoteForm(forms.Form):
    """Words, if somebody wants to say more."""

    note = long_text(_("Anything to add"), longest=500, required=False, rows=3)


class AskForm(forms.Form):
    """What the supplier or the office has to know."""

    field = forms.ChoiceField(label=_("What do you ask about?"), choices=Order.Asked.choices, widget=forms.RadioSelect)
    words = long_text(
        _("Your question"), _("The recipient reads exactly these words beside the field."), longest=500, rows=3
    )

    # Django's own arguments
    def __init__(self, *args: Any, has_sizes: bool, **kwargs: Any) -> None:  # noqa: ANN401
        """``has_sizes``: whether goods of this kind are chosen by sizes."""
        super().__init__(*args, **kwargs)
        if not has_sizes:
            field = cast("forms.ChoiceField", self.fields["field"])
            field.choices = [one for one in Order.Asked.choices if one[0] != Order.Asked.SIZES]


class Numbered(forms.Form):
    """The numbers of goods that are handed over, where their kind has any."""

    numbers = forms.CharField(required=False, max_length=LONGEST_LIST, widget=forms.Textarea(attrs={"rows": 3}))

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        numbering: str = NONE,
        must: bool = True,
        held: bool = False,
        kept_back: Sequence[str] = (),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """``numbering`` is by what the goods are told apart, ``must`` whether serial numbers have to be known; ``held``
        is whether goods like these are on hold, so that none are handed over without their number; ``kept_back`` are
        the batches of them that are not handed over.
        """
        super().__init__(*args, **kwargs)
        if numbering not in _NUMBERS_LABEL:
            del self.fields["numbers"]
            return
        field = self.fields["numbers"]
        how = _NUMBERS_HELP[numbering]
        field.label, field.help_text = _NUMBERS_LABEL[numbering], how
        field.required = held or (must and numbering == SERIAL)
        if held:
            why, what_to_do = NEEDED[numbering]
            field.help_text = format_lazy("{} {}", why, how)
            field.error_messages["required"] = format_lazy("{} {}", why, what_to_do)
        elif numbering == BATCH:
            field.help_text = format_lazy("{} {}", how, _("Leave it empty only where no batch is printed."))
        if kept_back and numbering == BATCH:
            named = _("Not handed over now: batch %(batches)s.") % {"batches": ", ".join(kept_back)}
            field.help_text = format_lazy("{} {}", named, field.help_text)


class Delivered(Numbered):
    """How many are handed over: all that is due, when nothing else is typed."""

    quantity = WholeField(
        label=_("How many are handed over now?"), required=False, min_value=1, widget=forms.TextInput(attrs=WHOLE)
    )

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        due: int,
        rest: int,
        rest_by: date | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """``due`` are handed over now, ``rest`` at most; nothing is asked where that is one. ``rest_by`` is the last
        day of the next monthly part, where this is one.
        """
        super().__init__(*args, **kwargs)
        if rest == 1:
            del self.fields["quantity"]
            return
        field = cast("WholeField", self.fields["quantity"])
        field.initial, field.max_value = due, rest
        told = {"rest": number_text(rest)}
        if rest_by is None:
            words = _("Still to come: %(rest)s. What is not handed over now stays due by the promised day.")
        else:
            told |= {"due": number_text(due), "day": day_text(rest_by)}
            words = _("Still to come: %(rest)s. Due now: %(due)s. The next part is due by %(day)s.")
        field.help_text = words % told

    def clean(self) -> dict[str, Any]:
        """No more than is still to come."""
        given = super().clean() or {}
        most = getattr(self.fields.get("quantity"), "max_value", None)
        if most is not None and (given.get("quantity") or 0) > most:
            words = _("From 1 to %(rest)s can be handed over: that is what is still to come.")
            self.add_error("quantity", forms.ValidationError(words, params={"rest": most}, code="most"))
        return given
