"""Size charts: from which measurement to which a size is made, by two parameters of its kind.

``waist_min_cm`` and ``waist_max_cm`` together are the span ``waist_cm``: one column of a size chart, one question where
offers are narrowed, one fact where a size is described.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.rules import as_number
from tirek.core.errors import Text


@dataclass(frozen=True, slots=True)
class Span:
    """A column of a size chart; ``code`` is that of its two parameters without "min" and "max"."""

    code: str

    def _end(self, which: str) -> str:
        name, _between, unit = self.code.rpartition("_")
        return f"{name}_{which}_{unit}"

    @property
    def low(self) -> str:
        """Code of the parameter with which it begins."""
        return self._end("min")

    @property
    def high(self) -> str:
        """Code of the parameter with which it ends."""
        return self._end("max")

    def ends(self, parameters: Mapping[str, object]) -> tuple[Decimal | None, Decimal | None]:
        """From where to where a size with these parameters is made; ``None`` for what it does not tell."""
        return as_number(parameters.get(self.low)), as_number(parameters.get(self.high))

    def holds(self, parameters: Mapping[str, object], measured: Decimal) -> bool:
        """Whether a size with these parameters is made for a measurement; one that tells no end is not known to be."""
        low, high = self.ends(parameters)
        return low is not None and high is not None and low <= measured <= high

    def is_turned(self, parameters: Mapping[str, object]) -> bool:
        """Whether it would begin behind its end."""
        low, high = self.ends(parameters)
        return low is not None and high is not None and low > high


def spans_of(codes: Collection[str]) -> list[Span]:
    """The columns of the size chart of a kind with these parameters, in their order."""
    found = (Span(code.replace("_min_", "_", 1)) for code in codes if "_min_" in code)
    return [one for one in found if one.high in codes]


def turned(low: str, high: str) -> Text:
    """What is said of a span that begins behind its end; ``low`` and ``high`` are the names of its parameters."""
    return _("“%(high)s” is smaller than “%(low)s”.") % {"low": low, "high": high}
