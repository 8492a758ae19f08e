"""Forms of parts: of a supplier's list, of a person's order, and of the answers to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.orders.forms.person import DeliveryForm
from tirek.parts.models import Part, PartOrder
from tirek.ui.fields import DayField, NameField, NumberField, WholeField, long_text, short_text
from tirek.ui.text import day_text

ASK_FORM: Final = "part_order"
#: Raise when a field is added or changes its meaning.
FORM_VERSION: Final = 1
#: Pieces of one order at most: a plain bound.
MOST_PIECES: Final = 100
#: Days to deliver at most.
MOST_DAYS: Final = 90
#: Pieces in stock at most: a plain bound against overflow.
MOST_STOCK: Final = 1_000_000
#: Signs of a number or of words that are looked for.
LONGEST: Final = 100
_WHOLE: Final = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-5"}
_PRICE: Final = {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}


class AskForm(DeliveryForm):
    """How many of a part, and where to."""

    quantity = WholeField(
        label=_("How many?"), min_value=1, max_value=MOST_PIECES, initial=1, widget=forms.TextInput(attrs=_WHOLE)
    )
    field_order = ["quantity", "address", "phone", "comment"]

    # Django's own arguments
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, most_parts=1, **kwargs)


class FindForm(forms.Form):
    """The number by which a thing is found."""

    number = short_text(
        _("Serial number or batch number"),
        _("It is printed on the thing or on its package. Capital letters, spaces and dashes make no difference."),
        longest=LONGEST,
    )


class PartForm(forms.Form):
    """One part of a supplier's list."""

    article = short_text(_("Your article number"), longest=40)
    sort = forms.ChoiceField(label=_("What is it?"), choices=Part.Sort.choices, widget=forms.RadioSelect)
    name_kk = NameField(label=_("Name in Kazakh"), max_length=200)
    name_ru = NameField(label=_("Name in Russian"), max_length=200)
    name_en = NameField(
        label=_("Name in English"),
        help_text=_("If you leave it empty, English pages show the Russian text."),
        max_length=200,
        required=False,
    )
    description_kk = long_text(_("Description in Kazakh"), longest=500, rows=2, required=False)
    description_ru = long_text(_("Description in Russian"), longest=500, rows=2, required=False)
    description_en = long_text(_("Description in English"), longest=500, rows=2, required=False)
    price = NumberField(
        label=_("Price of one, tenge"),
        help_text=_("A new price holds for new orders only."),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs=_PRICE),
    )
    stock = WholeField(label=_("In stock"), min_value=0, max_value=MOST_STOCK, widget=forms.TextInput(attrs=_WHOLE))
    delivery_days = WholeField(
        label=_("Days to deliver"),
        help_text=_("At most, from your acceptance of an order to the door."),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs=_WHOLE),
    )
    is_covered = forms.BooleanField(label=_("Free of charge while the warranty of the goods lasts"), required=False)
    sold_from = DayField(label=_("Ordered from"))
    sold_until = DayField(label=_("Last day on which it is ordered"), required=False)
    #: The stock that the page had shown: what is ordered meanwhile is not written over.
    seen_stock = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, part: Part | None = None) -> None:
        """``part`` is the one that is changed; ``None`` for a new one."""
        known = _as_known(part) if part else {"sold_from": clock.today()}
        super().__init__(data, initial=known)

    def clean(self) -> dict[str, Any]:
        """The last day is none before the first; English is Russian where it is empty."""
        given = super().clean() or {}
        first, last = given.get("sold_from"), given.get("sold_until")
        if first and last and last < first:
            self.add_error("sold_until", _("Choose a day that is not before the first one."))
        if not given.get("name_en"):
            given["name_en"] = given.get("name_ru", "")
        return given


def _as_known(part: Part) -> dict[str, object]:
    names = (
        "article", "sort", "name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en",
        "stock", "delivery_days", "is_covered", "sold_from", "sold_until",
    )  # fmt: skip
    price = part.current.price if part.current else None
    return {name: getattr(part, name) for name in names} | {"price": price, "seen_stock": part.stock}


class FitForm(forms.Form):
    """Which offers, or sizes of them, a part fits: chosen from those that were found."""

    fits = forms.MultipleChoiceField(label=_("What does it fit?"), widget=forms.CheckboxSelectMultiple)

    # Django's own arguments
    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        """``offered`` are keys of offers and sizes with their words."""
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["fits"]).choices = offered


class AcceptForm(forms.Form):
    """By which day a part comes."""

    ready_on = DayField(label=_("By which day will it be with the recipient?"))

    # Django's own arguments
    def __init__(self, *args: Any, last: date, **kwargs: Any) -> None:  # noqa: ANN401
        """``last`` is the last day that can be promised."""
        super().__init__(*args, **kwargs)
        day = cast("DayField", self.fields["ready_on"])
        day.initial = last
        day.help_text = str(_("The last day that you can promise: %(day)s.") % {"day": day_text(last)})


class DeclineForm(forms.Form):
    """Why a supplier does not bring a part, and which one it names instead."""

    reason = forms.ChoiceField(
        label=_("Why do you decline?"), choices=PartOrder.DeclineReason.choices, widget=forms.RadioSelect
    )
    instead = forms.ChoiceField(label=_("Another part that fits"), required=False)
    words = long_text(_("Explain it to the recipient"), longest=500, required=False)

    # Django's own arguments
    def __init__(self, *args: Any, others: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        """``others`` are other parts of the same thing, with their names."""
        super().__init__(*args, **kwargs)
        choice = cast("forms.ChoiceField", self.fields["instead"])
        choice.choices = [("", _("None")), *others.items()]
        if not others:
            del self.fields["instead"]


class NoteForm(forms.Form):
    """How a part comes: by post with its number, by a courier, at the point."""

    note = long_text(
        _("How does it come?"),
        _("For example: by post, with the number of the parcel."),
        longest=300,
        rows=2,
        required=False,
    )


class NotRightForm(forms.Form):
    """What is wrong with what came."""

    words = long_text(_("What came, or did nothing come?"), longest=500)


class FileForm(forms.Form):
    """A list of parts that was taken along, changed and brought back."""

    file = forms.FileField(
        label=_("Your list of parts"),
        help_text=_("XLSX or CSV, at most 2 MB. Either every line is taken, or none."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
