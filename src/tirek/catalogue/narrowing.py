"""What a person narrows the offers of a kind by; the whole of it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from tirek.catalogue.rules import as_number
from tirek.catalogue.spans import Span


class Sort(StrEnum):
    """An order of offers."""

    FIT = "fit"
    PAYS = "pays"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from one to another, both included; nothing where there is no end."""

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: object) -> bool:
        """Whether a value is a number within."""
        number = as_number(value)
        if number is None:
            return False
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is wanted of offers; nothing wanted means all.

    Attributes:
        words: of the name, the maker or the supplier.
        values: parameter code → values one of which an offer has, as texts ("True" for a yes).
        ranges: parameter code → within what an offer's number lies.
        spans: code of a column of the size chart → measurement for which a size is made (``spans.Span``).
        fits: only what is known to fit.
        free: only what costs the person nothing.
        in_stock: only what can be had now.
        sort: the order.
    """

    words: str = ""
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    spans: Mapping[str, Decimal] = field(default_factory=dict)
    fits: bool = False
    free: bool = False
    in_stock: bool = False
    sort: Sort = Sort.FIT

    @property
    def is_empty(self) -> bool:
        """Whether every offer is wanted, in the order in which they stand by themselves."""
        return self == Narrowed()

    @property
    def by_parameters(self) -> bool:
        """Whether an offer's parameters tell whether it is wanted."""
        return bool(self.values or self.ranges or self.spans)

    def takes(self, parameters: Mapping[str, object]) -> bool:
        """Whether these parameters of a size are wanted: what it does not tell, it does not have."""
        return (
            all(str(parameters.get(code)) in wanted for code, wanted in self.values.items())
            and all(wanted.holds(parameters.get(code)) for code, wanted in self.ranges.items())
            and all(Span(code).holds(parameters, measured) for code, measured in self.spans.items())
        )


ALL: Final = Narrowed()
#: What is wanted of parameters as it is stored: by sort of condition and code.
Stored = Mapping[str, Mapping[str, list[str | None]]]


def kept(narrowed: Narrowed) -> Stored:
    """What is wanted of the parameters, as it is stored: codes, values and numbers as texts, in one order."""
    return {
        "values": {code: [*sorted(wanted)] for code, wanted in sorted(narrowed.values.items())},
        "ranges": {
            code: [None if end is None else f"{end:f}" for end in (one.low, one.high)]
            for code, one in sorted(narrowed.ranges.items())
        },
        "spans": {code: [f"{measured:f}"] for code, measured in sorted(narrowed.spans.items())},
    }


def read(stored: Stored) -> Narrowed:
    """What was wanted of the parameters, from what was stored by ``kept``."""
    return Narrowed(
        values={code: frozenset(filter(None, one)) for code, one in stored.get("values", {}).items()},
        ranges={
            code: Range(*(None if end is None else Decimal(end) for end in one))
            for code, one in stored.get("ranges", {}).items()
        },
        spans={code: Decimal(measured) for code, [measured] in stored.get("spans", {}).items() if measured},
    )
