"""The form by which offers of a kind are narrowed, made of the kind's own parameters."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Parameter
from tirek.catalogue.narrowing import Narrowed, Range, Sort
from tirek.catalogue.queries import comparisons
from tirek.catalogue.rules import Requirement
from tirek.catalogue.units import unit_of
from tirek.catalogue.words import Words, range_text
from tirek.ui.fields import NumberField, RangeField
from tirek.ui.text import typed_number_text

#: Before the code of a parameter, in the address.
_OF_PARAMETER: Final = "p-"
_FITS, _FREE, _IN_STOCK = "fits", "free", "stock"
_MOST_WORDS: Final = 60


class NarrowForm(forms.Form):
    """What offers of a kind are narrowed and ordered by; it stands in the address."""

    hide_optional = True

    words = forms.CharField(label=_("Name, maker or supplier"), required=False, max_length=_MOST_WORDS)
    only = forms.MultipleChoiceField(label=_("Only"), required=False, widget=forms.CheckboxSelectMultiple)
    sort = forms.ChoiceField(label=_("Order of the list"), required=False)

    def __init__(self, data: QueryDict, words: Words, *, at_counter: bool, asked: Requirement | None) -> None:
        """``data`` is the query of the address; what fits is asked where something tells of it: a measurement, or what
        the programme asks for. Without ``asked`` nobody is known whom it could fit.
        """
        super().__init__(data, auto_id="narrow_%s")
        self._query, self._words = data, words
        free = _("free for the person") if at_counter else _("free for me")
        fits = _("what fits the person") if at_counter else _("what fits me")
        now = _("what can be had now")
        told = asked is not None and (
            bool(asked.recommended) or any(one.parameter in words.parameters for one in comparisons(asked.kind_code))
        )
        only = [*([(_FITS, fits)] if told else []), (_FREE, free), (_IN_STOCK, now)]
        self.fields["only"].choices = only  # type: ignore[attr-defined]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (Sort.FIT.value, _("what fits and is free first") if asked is not None else _("what is free first")),
            (Sort.PAYS.value, _("smallest own part first")),
            (Sort.DAYS.value, _("quickest first")),
        ]
        sort = self.fields.pop("sort")
        by_low = {one.low: one for one in words.spans}
        ends = {code for one in words.spans for code in (one.low, one.high)}
        for code, parameter in words.parameters.items():
            if code in by_low:
                self.fields[f"{_OF_PARAMETER}{by_low[code].code}"] = NumberField(
                    label=words.span(by_low[code]),
                    required=False,
                    min_value=Decimal(0),
                    max_digits=9,
                    decimal_places=2,
                    widget=forms.TextInput({"inputmode": "decimal", "class": "govuk-input--width-5"}),
                )
            elif code not in ends:
                self._ask(f"{_OF_PARAMETER}{code}", parameter)
        self.fields["sort"] = sort

    def _ask(self, name: str, parameter: Parameter) -> None:
        called, code = capfirst(parameter.name), parameter.code
        if parameter.type == Parameter.Type.CHOICE:
            choices = [(value, self._words.value(code, value)) for value in parameter.choices]
            self.fields[name] = forms.MultipleChoiceField(
                label=called, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        elif parameter.type == Parameter.Type.BOOL:
            choices = [(str(value), self._words.value(code, value)) for value in (True, False)]
            self.fields[name] = forms.MultipleChoiceField(
                label=called, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        elif parameter.type == Parameter.Type.NUMBER:
            label = ", ".join(part for part in (called, unit_of(code)) if part)
            self.fields[name] = RangeField(label=label, required=False)

    @property
    def narrowed(self) -> Narrowed:
        """What is wanted; a field that cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        only = set(given.get("only", []))
        by = {name.removeprefix(_OF_PARAMETER): one for name, one in given.items() if name.startswith(_OF_PARAMETER)}
        return Narrowed(
            words=given.get("words", ""),
            values={code: frozenset(one) for code, one in by.items() if isinstance(one, list) and one},
            ranges={code: Range(*one) for code, one in by.items() if isinstance(one, tuple)},
            spans={code: one for code, one in by.items() if isinstance(one, Decimal)},
            fits=_FITS in only,
            free=_FREE in only,
            in_stock=_IN_STOCK in only,
            sort=Sort(given.get("sort") or Sort.FIT),
        )

    def told(self) -> Iterator[tuple[str, str]]:
        """What the list is narrowed by, each in words, with the query that leaves it out."""
        for name in self.fields:
            # one that cannot be read narrows nothing, and is told beside its field
            value = None if name == "sort" or name in self.errors else self.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            label = str(self.fields[name].label)
            if isinstance(value, list):
                choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]  # of several answers
                for one in value:
                    others = [other for other in value if other != one]
                    yield f"{label}: {choices[one]}", self._without(name, but=others)
            elif isinstance(value, tuple):
                yield f"{label}: {range_text(*value)}", self._without(f"{name}_from", f"{name}_to")
            elif isinstance(value, Decimal):
                yield f"{label}: {typed_number_text(value)}", self._without(name)
            else:
                yield f"{label}: {value}", self._without(name)

    def _without(self, *names: str, but: Sequence[str] = ()) -> str:
        query = self._query.copy()
        for name in ("page", *names):
            query.pop(name, None)
        if but:
            query.setlist(names[0], list(but))
        return query.urlencode()
