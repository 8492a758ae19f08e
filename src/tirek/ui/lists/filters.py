"""What a desk's list of cases is narrowed and ordered by; the whole of it stands in the address."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.case.deadlines import Light
from tirek.core.case.registry import CaseType
from tirek.core.errors import Text

MOST_NUMBER: Final = 32
#: Lights, gravest first.
LIGHTS: Final = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)
#: Those that are told of even where no case has them.
RUNNING: Final = (Light.RED.value, Light.YELLOW.value, Light.GREEN.value)
_CODE: Final = re.compile("[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order in which a list can stand.

    Attributes:
        name: as in the address; "-" before it is the way back.
        column: of the rows.
        rising: words for the order, smallest first.
        falling: words for the way back.
    """

    name: str
    column: str
    rising: Text
    falling: Text


#: Orders that every list of cases has.
DAY: Final = Sorting("day", "created_at", _("oldest first"), _("newest first"))
DEADLINE: Final = Sorting("deadline", "due_at", _("soonest deadline first"), _("latest deadline first"))
NUMBER: Final = Sorting("number", "number", _("number, ascending"), _("number, descending"))
NEWEST: Final = "-day"
#: Lights of cases that press: they stand by their deadline, the longest overdue first.
_PRESSING: Final = (Light.RED.value, Light.YELLOW.value)


def plain_sort(light: str) -> str:
    """The order of a list of which nobody has asked for another one."""
    return DEADLINE.name if light in _PRESSING else NEWEST


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter as the address says it; what is unknown there counts as not said.

    Attributes:
        state: one state; "" for all open ones.
        light: one light of the deadline; "" for all.
        district: КАТО code of the district; "" for all.
        number: a number, or its end; it is looked for in every state.
        sort: the order of the list.
    """

    state: str = ""
    light: str = ""
    district: str = ""
    number: str = ""
    sort: str = NEWEST

    @property
    def is_empty(self) -> bool:
        """Whether it is the list as it is without a filter."""
        return self == Chosen()

    @property
    def query(self) -> str:
        """The filter for an address, without what is not said."""
        plain = Chosen(sort=plain_sort(self.light))
        said = {name: getattr(self, name) for name in ("state", "light", "district", "number", "sort")}
        return urlencode({name: value for name, value in said.items() if value != getattr(plain, name)})

    @property
    def suffix(self) -> str:
        """The filter as the end of an address, with its question mark; "" for the list without a filter."""
        return f"?{self.query}" if self.query else ""

    def with_light(self, light: str) -> str:
        """The same filter with another light, for an address."""
        sort = plain_sort(light) if self.sort == plain_sort(self.light) else self.sort
        return replace(self, light=light, number="", sort=sort).query

    def sorted_by(self, name: str) -> str:
        """The same filter in another order, for an address; a second time the other way round."""
        return replace(self, sort=f"-{name}" if self.sort == name else name).query

    def direction(self, name: str) -> str:
        """How the list is ordered by a sorting, as ``aria-sort`` says it; "" when it is not."""
        if self.sort.removeprefix("-") != name:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"


def chosen(kind: CaseType[Any], values: Mapping[str, str], sortings: Collection[Sorting]) -> Chosen:
    """The filter of a list of cases that an address asks for."""
    state, light, sort = values.get("state", ""), values.get("light", ""), values.get("sort", "")
    district = values.get("district", "")
    ended = state in kind.model.ENDED
    number = values.get("number", "").strip().upper()[:MOST_NUMBER]
    light = light if light in LIGHTS and not ended else ""
    return Chosen(
        state=state if state in kind.model.State.values else "",
        light=light,
        district=district if _CODE.fullmatch(district) else "",
        number="" if "\0" in number else number,  # a kept filter is decoded once more than the address it came by
        sort=sort if sort.removeprefix("-") in {one.name for one in sortings} else plain_sort(light),
    )


class FilterForm(forms.Form):
    """Filter of a desk's list of cases."""

    hide_optional = True

    state = forms.ChoiceField(label=_("State"), required=False)
    light = forms.ChoiceField(label=_("Deadline"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    number = forms.CharField(label=_("Number"), required=False, max_length=MOST_NUMBER)
    sort = forms.ChoiceField(label=_("Order of the list"), required=False)

    def __init__(
        self,
        chosen: Chosen,
        *,
        states: Sequence[tuple[str, Text]],
        districts: Sequence[tuple[str, str]],
        sortings: Collection[Sorting],
        lights: Sequence[Light],
    ) -> None:
        """The filter as it is ``chosen`` now; the district is asked where there are several."""
        super().__init__(
            initial={name: getattr(chosen, name) for name in ("state", "light", "district", "number", "sort")},
            auto_id="filter_%s",
        )
        sorts = [
            (f"{way}{one.name}", words)
            for one in sortings
            # what is sought most stands first: the newest, the soonest, the smallest
            for way, words in sorted((("", one.rising), ("-", one.falling)), reverse=one == DAY)
        ]
        for name, choices in (
            ("state", [("", _("all that is not over")), *states]),
            ("light", [("", _("all")), *((one.value, one.label) for one in lights)]),
            ("district", [("", _("all")), *districts]),
            ("sort", sorts),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not districts:
            del self.fields["district"]


class SaveFilterForm(forms.Form):
    """The name under which a filter is kept."""

    name = forms.CharField(
        label=_("Name of the filter"),
        help_text=_("For example: overdue in Ayagoz. No names of people."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
