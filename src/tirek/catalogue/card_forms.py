"""Forms of a supplier's card, part by part; and of those who decide about it.

A draft takes what is there: what is still missing is asked for when it is sent (``offers.gaps``). What is typed is
checked in the same way at any time.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.changes import SAID, is_borrowed
from tirek.catalogue.models import Offer, OfferDocument, Parameter
from tirek.catalogue.rules import StockAndPrice, VariantCard
from tirek.catalogue.spans import turned
from tirek.catalogue.units import unit_of
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core.places import region_of
from tirek.territory.queries import districts, names, regions
from tirek.ui.fields import CountryField, DayField, LineField, NameField, NumberField, WholeField, long_text, short_text

_WHOLE: Final = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-5"}
_PRICE: Final = {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}
#: Before the code of a parameter, in the names of fields.
_OF_PARAMETER: Final = "p-"


class _OfOffer(forms.Form):
    """A part of a card: begins with what is there."""

    columns: tuple[str, ...] = ()

    def __init__(self, data: Mapping[str, Any] | None, *, offer: Offer) -> None:
        texts = {name: getattr(offer, name) for name in self.columns}
        borrowed = {f"{part}_en": "" for part in SAID if is_borrowed(offer, part)}
        super().__init__(data, initial=texts | {name: borrowed[name] for name in borrowed if name in texts})
        self.offer = offer

    def given(self) -> dict[str, Any]:
        """Columns of the card as they were filled in; the form is valid."""
        return {name: self.cleaned_data[name] for name in self.columns}


class WordsForm(_OfOffer):
    """What it is called, and what it is."""

    columns = ("name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en")

    name_kk = NameField(label=_("Name in Kazakh"), max_length=200, required=False)
    name_ru = NameField(label=_("Name in Russian"), max_length=200, required=False)
    name_en = NameField(
        label=_("Name in English"),
        help_text=_("If you leave it empty, English pages show the Russian text."),
        max_length=200,
        required=False,
    )
    description_kk = long_text(
        _("Description in Kazakh"), _("What it is, for whom, and how it is used."), longest=2_000, required=False
    )
    description_ru = long_text(_("Description in Russian"), longest=2_000, required=False)
    description_en = long_text(_("Description in English"), longest=2_000, required=False)


class TermsForm(_OfOffer):
    """What is in the box, who makes it, how soon it comes, how long the warranty is."""

    columns = (
        "included_kk", "included_ru", "included_en", "maker", "country", "warranty_months", "delivery_days",
        "needs_fitting",
    )  # fmt: skip

    maker = NameField(label=_("Maker"), max_length=120, required=False)
    country = CountryField(
        label=_("Country, two letters"),
        help_text=_("Where it is made, for example KZ."),
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-2", "autocomplete": "off"}),
    )
    delivery_days = WholeField(
        label=_("Days to deliver"),
        help_text=_("At most, from your acceptance of an order to the door."),
        min_value=1,
        max_value=365,
        required=False,
        widget=forms.TextInput(_WHOLE),
    )
    warranty_months = WholeField(
        label=_("Warranty, months"),
        help_text=_("0 where there is none."),
        min_value=0,
        max_value=600,
        required=False,
        widget=forms.TextInput(_WHOLE),
    )
    needs_fitting = forms.BooleanField(
        label=_("It needs a fitting: you measure the recipient and make it to order"),
        help_text=_("Kinds that always need a fitting are fitted without this mark, too."),
        required=False,
    )
    included_kk = short_text(_("What is in the box, in Kazakh"), longest=300, required=False)
    included_ru = short_text(_("What is in the box, in Russian"), longest=300, required=False)
    included_en = short_text(_("What is in the box, in English"), longest=300, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, offer: Offer) -> None:
        """A draft that says no days yet shows none."""
        super().__init__(data, offer=offer)
        self.initial["delivery_days"] = offer.delivery_days or None

    def given(self) -> dict[str, Any]:
        """As it is kept: no number is 0."""
        found = super().given()
        return found | {name: found[name] or 0 for name in ("warranty_months", "delivery_days")}


class PlacesForm(_OfOffer):
    """Where it is delivered: whole regions, and districts of the supplier's own one."""

    whole = forms.MultipleChoiceField(label=_("Whole regions"), required=False, widget=forms.CheckboxSelectMultiple)
    parts = forms.MultipleChoiceField(
        label=_("Or only some districts and cities of your region"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, offer: Offer) -> None:
        """Districts are those of the region where the supplier stands, and what the card names already."""
        super().__init__(data, offer=offer)
        named = [str(code) for code in offer.delivers_to]
        home = region_of(offer.supplier.organisation.territory_id or "")
        near = [(one.code, one.name) for one in districts(home)] if home else []
        listed = [(one.code, one.name) for one in regions()]
        known = {code for code, _name in (*near, *listed)}
        others = names([code for code in named if code not in known])
        far = [(code, name) for code, name in others.items()]
        self.fields["whole"].choices = listed  # type: ignore[attr-defined]
        self.fields["parts"].choices = near + far  # type: ignore[attr-defined]
        if not near and not far:
            del self.fields["parts"]
        self.initial["whole"] = [code for code in named if region_of(code) == code]
        self.initial["parts"] = [code for code in named if region_of(code) != code]

    def given(self) -> dict[str, Any]:
        """The codes: a district is not named beside its whole region."""
        whole = list(self.cleaned_data["whole"])
        parts = [one for one in self.cleaned_data.get("parts", []) if region_of(one) not in whole]
        return {"delivers_to": [*whole, *parts]}


class SizeForm(forms.Form):
    """A size or model, with the parameters of its kind."""

    label = LineField(
        label=_("Size or model"),
        help_text=_("As on the package, the same in every language: M, 42, K-200."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"}),
    )
    article = LineField(
        label=_("Your article number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"}),
    )
    price = NumberField(
        label=_("Price of one, tenge"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(_PRICE),
    )
    stock = WholeField(label=_("In stock"), min_value=0, max_value=10_000_000, widget=forms.TextInput(_WHOLE))

    shown_stock = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown_price = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=14, decimal_places=2)

    def __init__(self, data: Mapping[str, Any] | None, *, words: Words, known: VariantCard | None = None) -> None:
        """Begin with a size as it is; the page says what it has shown: nothing is overwritten that nobody saw."""
        told = (
            {
                "label": known.label,
                "article": known.article,
                "price": known.price,
                "stock": known.stock,
                "shown_price": known.price,
                "shown_stock": known.stock,
            }
            if known
            else {}
        )
        super().__init__(data, initial=told)
        self._words = words
        values = known.parameters if known else {}
        for code, parameter in words.parameters.items():
            self.fields[f"{_OF_PARAMETER}{code}"] = parameter_field(parameter, words.value)
            value = values.get(code)
            self.initial[f"{_OF_PARAMETER}{code}"] = (
                Decimal(str(value)) if parameter.type == Parameter.Type.NUMBER and value is not None else value
            )
            if parameter.type == Parameter.Type.BOOL and value is not None:
                self.initial[f"{_OF_PARAMETER}{code}"] = str(value)

    def clean_label(self) -> str:
        """One blank between words."""
        return " ".join(str(self.cleaned_data["label"]).split())

    def clean(self) -> dict[str, Any]:
        """A column of the size chart does not begin behind its end."""
        given = dict(super().clean() or {})
        known = {name.removeprefix(_OF_PARAMETER): value for name, value in given.items()}
        names = self._words.parameters
        for span in self._words.spans:
            if span.is_turned(known):
                words = str(turned(names[span.low].name, names[span.high].name))
                self.add_error(f"{_OF_PARAMETER}{span.high}", forms.ValidationError(words, code="span"))
        return given

    def card(self) -> VariantCard:
        """The size as it was filled in; the form is valid."""
        typed = self.cleaned_data
        return VariantCard(typed["label"], typed["price"], typed["stock"], dict(self._parameters()), typed["article"])

    @property
    def shown(self) -> StockAndPrice | None:
        """Stock and price as the page showed them; nothing where it showed none."""
        stock, price = self.cleaned_data.get("shown_stock"), self.cleaned_data.get("shown_price")
        return StockAndPrice(stock, price) if stock is not None and price is not None else None

    def _parameters(self) -> Iterator[tuple[str, str | float | bool]]:
        for name, value in self.cleaned_data.items():
            if name.startswith(_OF_PARAMETER) and value not in (None, ""):
                yield name.removeprefix(_OF_PARAMETER), parameter_value(self.fields[name], value)


def parameter_value(field: forms.Field, value: Any) -> str | float | bool:  # noqa: ANN401 - of ``cleaned_data``
    """What was filled in into a field of a parameter, as it is kept."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value == "True" if isinstance(field, forms.TypedChoiceField) else str(value)


def parameter_field(parameter: Parameter, called: Callable[[str, object], str]) -> forms.Field:
    """The field of a parameter, by its type; none has to be filled in: a kind has more than each thing needs.

    Args:
        parameter: of a kind.
        called: the words for a value of a parameter (``Words.value``).
    """
    label, code = capfirst(parameter.name), parameter.code
    if parameter.type == Parameter.Type.NUMBER:
        told = ", ".join(part for part in (label, unit_of(code)) if part)
        return NumberField(
            label=told,
            required=False,
            min_value=Decimal(0),
            max_digits=9,
            decimal_places=2,
            widget=forms.TextInput(_PRICE),
        )
    if parameter.type == Parameter.Type.CHOICE:
        choices = [("", _("not said")), *((value, called(code, value)) for value in parameter.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if parameter.type == Parameter.Type.BOOL:
        choices = [("", _("not said")), *((str(value), called(code, value)) for value in (True, False))]
        return forms.TypedChoiceField(label=label, choices=choices, required=False)
    return forms.CharField(label=label, max_length=100, required=False)


class DocumentForm(forms.Form):
    """A document with its validity."""

    sort = forms.ChoiceField(
        label=_("Which document is it?"), choices=OfferDocument.Sort.choices, widget=forms.RadioSelect
    )
    number = short_text(_("Number of the document"), longest=80)
    issued_on = DayField(label=_("Issued on"), latest=clock.today)
    valid_until = DayField(
        label=_("Last day on which it is valid"),
        help_text=_("Leave it empty if it has no end."),
        earliest=clock.today,
        required=False,
    )
    file = forms.FileField(
        label=_("The document itself"),
        help_text=_("A PDF or a photo, at most 10 MB. The regional department and the commission see it."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )


class PhotoForm(forms.Form):
    """A photo with what it shows in words."""

    file = forms.FileField(
        label=_("The photo"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. We make it smaller and take out what the camera wrote into it."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
    )
    alt_kk = short_text(
        _("What the photo shows, in Kazakh"),
        _("For those who do not see it: shape, colour, parts. For example: a folding wheelchair with a blue seat."),
        longest=200,
    )
    alt_ru = short_text(_("What the photo shows, in Russian"), longest=200)


class ReturnForm(forms.Form):
    """Why it is returned."""

    reason = long_text(
        _("Why do you return it?"), _("The supplier reads it. Say what is to be done."), longest=600, rows=3
    )


class LiftForm(forms.Form):
    """Why the block is lifted."""

    reason = long_text(_("Why do you lift the block?"), _("The supplier reads it."), longest=600, rows=3)


class BasisForm(forms.Form):
    """On what a block rests."""

    reason = long_text(
        _("On what does it rest?"),
        _("Number and date of the decision, and what is wrong. The supplier reads it."),
        longest=600,
        rows=3,
    )


class ConclusionForm(forms.Form):
    """The commission's conclusion."""

    conclusion_number = short_text(_("Number of the conclusion"), longest=60)
    conclusion_on = DayField(label=_("Date of the conclusion"), latest=clock.today)


class RefusalForm(ConclusionForm):
    """The commission's conclusion that refuses."""

    reason = long_text(_("Why does the commission refuse it?"), _("The supplier reads it."), longest=600, rows=3)


class CardsForm(forms.Form):
    """What a list of offers is narrowed by; it stands in the address."""

    hide_optional = True

    words = forms.CharField(label=_("Name, maker or article number"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Mapping[str, Any], *, states: list[str]) -> None:
        super().__init__(data, auto_id="narrow_%s")
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            *((one, capfirst(str(Offer.State(one).label))) for one in states),
        ]

    def narrowed(self) -> dict[str, str]:
        """What is wanted; what cannot be read narrows nothing."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in ("words", "state")}
