"""The columns of a supplier's file of one kind: the same fields as the pages have, with the parameters of the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.card_forms import SizeForm, TermsForm, WordsForm
from tirek.catalogue.changes import LABELS
from tirek.catalogue.models import Kind, Parameter
from tirek.catalogue.units import unit_of
from tirek.catalogue.words import Words
from tirek.core.errors import Text
from tirek.core.languages import LANGUAGES
from tirek.core.places import region_of
from tirek.core.typed import as_meant
from tirek.territory.fields import PlaceField
from tirek.territory.queries import regions
from tirek.ui.fields import CountryField, NumberField
from tirek.ui.text import COUNTRIES, country_text

CODE: Final = "code"
WAS: Final = "was"
#: Before the code of a parameter, in the names of columns.
OF_PARAMETER: Final = "p-"
#: Columns of the card: lines of one card agree in them.
OF_CARD: Final = (
    "name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en", "included_kk", "included_ru",
    "included_en", "maker", "country", "warranty_months", "delivery_days", "delivers_to",
)  # fmt: skip
OF_SIZE: Final = ("label", "article", "price", "stock")
_MOST_TOLD: Final = 40


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column.

    Attributes:
        name: stands in the second line of a file, the same in every language.
        label: stands in the first line.
        told: what is filled in, in plain words.
        field: reads a cell as a page reads the answer.
        choices: words that a spreadsheet offers; others may be typed where ``is_open``.
    """

    name: str
    label: Text
    told: Text
    field: forms.Field
    choices: Sequence[str] = ()
    is_open: bool = False


class CountryWordsField(CountryField):
    """A country by its two letters or by its name in any language."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The code.

        Raises:
            ValidationError: ``country``.
        """
        typed = as_meant(str(value or "")).strip()
        return super().clean(_countries().get(typed.casefold(), typed))


@cache
def _countries() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {country_text(code).casefold(): code for code in COUNTRIES}
    return known


class PlacesWordsField(forms.Field):
    """Regions and districts by code or name, with semicolons between them; ``cleaned_data`` holds their codes."""

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401 - as Django declares it
        """The codes: a district is not named beside its whole region.

        Raises:
            ValidationError: there is no such place, or several have the name.
        """
        named = [one for one in str(value or "").replace("\n", ";").split(";") if one.strip()]
        codes = list(dict.fromkeys(PlaceField().clean(one) for one in named))
        return [one for one in codes if region_of(one) == one or region_of(one) not in codes]


class ValueField(forms.Field):
    """One of the values of a parameter, by its code or its words in any language; nothing where the cell is empty."""

    def __init__(self, *, values: Mapping[str, object], words: Sequence[str]) -> None:
        """``values`` are known by codes and words in small letters; ``words`` are those that are told."""
        super().__init__(required=False)
        self.values, self.words = values, words

    def clean(self, value: Any) -> object:  # noqa: ANN401 - as Django declares it
        """The value.

        Raises:
            ValidationError: nobody knows this word.
        """
        typed = " ".join(as_meant(str(value or "")).split())
        if not typed:
            return None
        if typed.casefold() not in self.values:
            told = {"typed": Truncator(typed).chars(_MOST_TOLD), "words": ", ".join(self.words)}
            raise ValidationError(_("“%(typed)s” is none of: %(words)s."), code="none_of", params=told)
        return self.values[typed.casefold()]


class MeasureField(NumberField):
    """A number of a parameter, as a version keeps it: whole where it is."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """The number; nothing where the cell is empty.

        Raises:
            ValidationError: it is none.
        """
        found = super().clean(value)
        if not isinstance(found, Decimal):
            return None
        return int(found) if found == int(found) else float(found)


class LineField(forms.CharField):
    """A text of one line; nothing typed is none where it may be empty."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """The text.

        Raises:
            ValidationError: it is too long.
        """
        return " ".join(str(super().clean(value)).split()) or None


_TOLD: Final[Mapping[str, Text]] = {
    "name_ru": _("Lines with the same name are one card. A new card needs it."),
    "name_kk": _("A card is sent for admission with its name in Kazakh and in Russian."),
    "description_kk": _("What it is, for whom, and how it is used."),
    "country": _("Where it is made: the name of the country or its two letters."),
    "warranty_months": _("0 where there is none."),
    "delivery_days": _("At most, from your acceptance of an order to the door."),
    "delivers_to": _("Regions, or districts by name or КАТО code, with semicolons between them."),
    "label": _("As on the package, the same in every language: M, 42, K-200."),
    "price": _("A number above zero; a comma or a point before the tiyn."),
    "stock": _("A whole number; 0 where nothing is free."),
}


def columns_of(kind: Kind) -> list[FileColumn]:
    """The columns of a file of a kind, in their order (three queries)."""
    words = Words(kind.code)
    found = [
        FileColumn(
            CODE,
            _("Code (leave as it is)"),
            _("Names a size that is there already. In a new line it stays empty."),
            forms.CharField(required=False),
        )
    ]
    fields = {**WordsForm.base_fields, **TermsForm.base_fields, **SizeForm.base_fields}
    fields |= {"country": CountryWordsField(required=False), "delivers_to": PlacesWordsField(required=False)}
    countries, places = sorted({country_text(code) for code in COUNTRIES}), [one.name for one in regions()]
    for name in (*OF_CARD, *OF_SIZE):
        choices = {"country": countries, "delivers_to": places}.get(name, [])
        label = fields[name].label if name == "price" else LABELS[name]
        found.append(
            FileColumn(name, label or "", _TOLD.get(name, ""), fields[name], choices, is_open=name == "delivers_to")
        )
    found += [_of_parameter(one, words) for one in words.parameters.values()]
    was = FileColumn(
        WAS,
        _("As downloaded (leave as it is)"),
        _("Stock and price as they were when you downloaded the table: what you leave so is not changed."),
        forms.CharField(required=False),
    )
    return [*found, was]


def _of_parameter(parameter: Parameter, words: Words) -> FileColumn:
    label = ", ".join(part for part in (capfirst(parameter.name), unit_of(parameter.code)) if part)
    name, kinds = f"{OF_PARAMETER}{parameter.code}", Parameter.Type
    told: Text = ""
    choices: list[str] = []
    if parameter.type == kinds.NUMBER:
        field: forms.Field = MeasureField(required=False, max_digits=9, decimal_places=2)
        told = _("A number.")
    elif parameter.type in {kinds.CHOICE, kinds.BOOL}:
        given: Sequence[object] = parameter.choices if parameter.type == kinds.CHOICE else (True, False)
        known = {str(value).casefold(): value for value in given}
        for language in LANGUAGES:
            with translation.override(language):
                known |= {words.value(parameter.code, value).casefold(): value for value in given}
        choices = [words.value(parameter.code, value) for value in given]
        field, told = ValueField(values=known, words=choices), _("One of the list.")
    else:
        field = LineField(required=False, max_length=100)
    return FileColumn(name, label, told, field, choices)
