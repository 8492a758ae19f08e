"""Units of kinds, parameters and measurements in words, and quantities and values with them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import npgettext

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.rules import as_number
from tirek.ui.text import NO_BREAK, change_text, number_text, typed_number_text

_UNITS: Final[dict[str, Promise]] = {
    "cm": _lazy("cm"),
    "mm": _lazy("mm"),
    "kg": _lazy("kg"),
    "g": _lazy("g"),
    "ml": _lazy("ml"),
    "gb": _lazy("GB"),
    "db": _lazy("dB"),
    "km": _lazy("km"),
    "deg": _lazy("°"),
    "inch": _lazy("in"),
    "fr": _lazy("Fr"),
    "years": _lazy("years"),
    "gsm": _lazy("g/m²"),
    "drops": _lazy("drops"),
}
UNITS_OF_KINDS: Final[dict[str, Promise]] = {
    "piece": _lazy("pieces"),
    "pair": _lazy("pairs"),
    "set": _lazy("sets"),
    "sheet": _lazy("sheets"),
    "tube": _lazy("tubes"),
    "bottle": _lazy("bottles"),
    "course": _lazy("courses"),
    "hour": _lazy("hours"),
    "day": _lazy("days"),
}
#: The same after a number.
_COUNTED: Final[dict[str, Callable[[int], str]]] = {
    "piece": lambda n: npgettext("counted", "piece", "pieces", n),
    "pair": lambda n: npgettext("counted", "pair", "pairs", n),
    "set": lambda n: npgettext("counted", "set", "sets", n),
    "sheet": lambda n: npgettext("counted", "sheet", "sheets", n),
    "tube": lambda n: npgettext("counted", "tube", "tubes", n),
    "bottle": lambda n: npgettext("counted", "bottle", "bottles", n),
    "course": lambda n: npgettext("counted", "course", "courses", n),
    "hour": lambda n: npgettext("counted", "hour", "hours", n),
    "day": lambda n: npgettext("counted", "day", "days", n),
}


def units_text(quantity: int, unit: str) -> str:
    """A quantity of a kind with its unit: "1 460 pieces".

    Args:
        quantity: how many.
        unit: code of ``Kind.unit``.
    """
    counted = _COUNTED.get(unit)
    return f"{number_text(quantity)}{NO_BREAK}{counted(quantity)}" if counted else number_text(quantity)


def units_of_kind(quantity: int, kind_code: str) -> str:
    """A quantity of a kind with its unit (no query: kinds are kept)."""
    return units_text(quantity, next((one.unit for one in all_kinds() if one.code == kind_code), ""))


def change_in_units(quantity: int, unit: str) -> str:
    """By how much a balance grew or shrank, with the unit of the kind: "+60 pieces"."""
    return change_text(quantity).replace(number_text(abs(quantity)), units_text(abs(quantity), unit))


def unit_of(code: str, number: Decimal | None = None) -> str:
    """The unit that a code ends with, in words; "" when it has none. Years agree with the ``number`` before them."""
    unit = code.rsplit("_", 1)[-1] if "_" in code else ""
    if unit == "years" and number is not None:
        return npgettext("age", "year", "years", int(number))
    return str(_UNITS.get(unit, ""))


def with_unit(value: object, code: str) -> str:
    """A value with the unit that a code ends with: "168 cm"."""
    return number_with(value, unit_of(code, as_number(value)))


def number_with(value: object, unit: str) -> str:
    """A value with a unit in words: "168 cm"; what is no number stays as it is."""
    number = as_number(value)
    shown = str(value) if number is None else typed_number_text(number)
    return f"{shown} {unit}".strip().replace(" ", "\u00a0")
