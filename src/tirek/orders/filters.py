"""What a desk's list of orders is narrowed and ordered by; the whole of it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.core.deadlines import Light
from tirek.orders.models import Order

#: Lights that orders can have, gravest first (an order's deadlines are never paused).
LIGHTS: Final = (Light.RED, Light.YELLOW, Light.GREEN)
MOST_NUMBER: Final = 32


class Sort(models.TextChoices):
    """Orders of a list; "-" is the way back."""

    NEWEST = "-day", _("newest first")
    OLDEST = "day", _("oldest first")
    DEADLINE = "deadline", _("soonest deadline first")
    DEADLINE_LAST = "-deadline", _("latest deadline first")
    NUMBER = "number", _("number, ascending")
    NUMBER_LAST = "-number", _("number, descending")
    NAME = "name", _("surname, ascending")
    NAME_LAST = "-name", _("surname, descending")


#: Orders of a list that shows names, and of one that does not.
BY_NAME: Final = frozenset({Sort.NAME, Sort.NAME_LAST})


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter as the address says it; what is unknown there counts as not said.

    Attributes:
        state: one state; "" for all open ones.
        light: one light of the deadline; "" for all.
        district: КАТО code of the person's district; "" for all.
        number: the end of a number; it is looked for in every state.
        sort: the order of the list.
    """

    state: str = ""
    light: str = ""
    district: str = ""
    number: str = ""
    sort: str = Sort.NEWEST

    @property
    def is_empty(self) -> bool:
        """Whether it is the list as it is without a filter."""
        return self == Chosen()

    @property
    def is_ended(self) -> bool:
        """Whether only orders are wanted in which nothing is owed any more."""
        return self.state in Order.ENDED

    @property
    def query(self) -> str:
        """The filter for an address, without what is not said."""
        said = {"state": self.state, "light": self.light, "district": self.district, "number": self.number, "sort": self.sort}
        plain = Chosen()
        return urlencode({name: value for name, value in said.items() if value != getattr(plain, name)})

    @property
    def suffix(self) -> str:
        """The filter as the end of an address, with its question mark; "" for the list without a filter."""
        return f"?{self.query}" if self.query else ""

    def with_light(self, light: str) -> str:
        """The same filter with another light, for an address."""
        return replace(self, light=light, number="").query

    def sorted_by(self, column: str) -> str:
        """The same filter ordered by a column, for an address; a second time the other way round."""
        return replace(self, sort=f"-{column}" if self.sort == column else column).query


def chosen(values: Mapping[str, str], *, names: bool) -> Chosen:
    """The filter that an address asks for; ``names`` says whether the list shows names."""
    state, light, sort = values.get("state", ""), values.get("light", ""), values.get("sort", "")
    district = values.get("district", "")
    known = sort in Sort.values and (names or sort not in BY_NAME)
    return Chosen(
        state=state if state in Order.State.values else "",
        light=light if light in LIGHTS and state not in Order.ENDED else "",
        district=district if district.isdigit() and len(district) == len("100000000") else "",
        number=values.get("number", "").strip().upper()[:MOST_NUMBER],
        sort=sort if known else Sort.NEWEST,
    )
