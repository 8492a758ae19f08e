"""Numbers by which goods are told apart: a serial number for each piece, or the batch that is printed on a package.

Pure rules: one parser reads what a supplier types, pastes or scans.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken, Text
from tirek.core.typed import as_meant

#: By what goods of a kind are told apart.
SERIAL: Final = "serial"
BATCH: Final = "batch"
NONE: Final = "none"
#: Signs of a number at most.
LONGEST: Final = 40
#: Characters of what is typed at most: two hundred serial numbers.
LONGEST_LIST: Final = 10_000
#: Cyrillic letters that look like Latin ones: a number is typed on either keyboard.
_LOOKALIKE: Final = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u2212\u00ad]+")
_NUMBER: Final = re.compile(r"[^\W_]+(?:[./#_][^\W_]+)*")
#: Serial numbers of one hold or recall at most.
MOST_STOPPED: Final = 5_000
#: Between the first and the last number of a range: dots, or a dash with spaces around it.
_TO: Final = re.compile(r"\s*(?:\.{2,3}|\u2026)\s*|\s+[\-\u2010-\u2015\u2212]\s+")
#: A number as its beginning and the digits that count.
_COUNTED: Final = re.compile(r"(.*?)([0-9]{1,12})")
#: Why goods need their number while something like them is on hold or recalled, and what to do.
NEEDED: Final = {
    SERIAL: (
        _("Some goods of this maker are on hold. Without serial numbers these cannot be handed over."),
        _("Type the serial number of each piece."),
    ),
    BATCH: (
        _("Some goods of this maker are on hold. Without a batch number these cannot be handed over."),
        _("Type the batch number from the package."),
    ),
}
#: How batches are typed.
HOW_BATCHES: Final = _(
    "One line for each batch: number; how many; last day of use. For example: L-204; 60; 31.12.2027."
)
_DAY: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Told:
    """Goods under one number.

    Attributes:
        number: as it is compared; "" where none was told.
        quantity: units.
        use_by: the last day of use that is printed on them.
    """

    number: str
    quantity: int
    use_by: date | None = None


def normal(text: str) -> str:
    """A number as it is compared: capital letters, no spaces, dashes and unseen marks, Latin letters for those that
    look alike; "" where it is none.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", as_meant(text))).upper().translate(_LOOKALIKE)
    return plain if len(plain) <= LONGEST and _NUMBER.fullmatch(plain) else ""


def _read(text: str) -> str:
    number = normal(text)
    if not number:
        raise RuleBroken(
            _("“%(text)s” is no number: it has letters and digits, at most 40.") % {"text": text.strip()[:LONGEST]},
            next_step=_("Copy it from the goods or from the package."),
            code="numbers",
        )
    return number


def _lines(text: str, between: str) -> list[str]:
    if len(text) > LONGEST_LIST:
        raise _refused(_("There are too many numbers for one hand-over."), _("Hand over a part first, then the rest."))
    return [one for one in (part.strip() for part in re.split(between, text)) if one]


def _refused(message: Text, way_out: Text) -> RuleBroken:
    return RuleBroken(message, next_step=way_out, code="numbers")


def serials(text: str, count: int) -> list[Told]:
    """Serial numbers, one for each piece: one on a line, or between commas.

    Raises:
        RuleBroken: they are not as many as pieces, one stands there twice, or one is no number.
    """
    found = [_read(one) for one in _lines(text, r"[\n\r\t,;]+")]
    twice = sorted({one for one in found if found.count(one) > 1}) if len(set(found)) < len(found) else []
    if twice:
        raise _refused(
            _("%(number)s is typed twice.") % {"number": twice[0]}, _("Each piece has a serial number of its own.")
        )
    if len(found) != count:
        raise _refused(
            _("Serial numbers: %(typed)s. Pieces: %(count)s.") % {"typed": len(found), "count": count},
            _("Type the serial number of each piece, one on a line."),
        )
    return [Told(one, 1) for one in found]


_HOW_RANGE: Final = _("One number or one range on a line. For example: 26-1001, or 26-1001 … 26-1999.")


def serial_set(text: str) -> list[str]:
    """Serial numbers that are kept back together: single ones, and ranges from the first to the last, one on a line or
    between commas. ``WC-1001 … 1999`` is short for ``WC-1001 … WC-1999``.

    Raises:
        RuleBroken: nothing is typed; one is no number; a range has two beginnings, or ends before it begins; there are
            more than 5,000.
    """
    found: dict[str, None] = {}
    for line in _lines(text, r"[\n\r\t,;]+"):
        # a run of blanks would be tried from each of them
        ends = _TO.split(" ".join(line.split()))
        if len(ends) > 2:  # noqa: PLR2004 - a first and a last
            raise _refused(_("“%(text)s” is no range.") % {"text": line[:LONGEST]}, _HOW_RANGE)
        for one in _counted(_read(ends[0]), _read(ends[1]), line, MOST_STOPPED) if len(ends) > 1 else [_read(line)]:
            found[one] = None
        if len(found) > MOST_STOPPED:
            raise _too_many()
    if not found:
        raise _refused(_("Type the serial numbers."), _HOW_RANGE)
    return list(found)


def _too_many() -> RuleBroken:
    return _refused(
        _("There are more than %(most)s numbers.") % {"most": MOST_STOPPED},
        _("Keep all goods of the offer, or of the maker and model, back instead."),
    )


def _counted(first: str, last: str, line: str, most: int) -> list[str]:
    """The numbers from the first to the last, as wide as the first one is written."""
    begins, ends = _COUNTED.fullmatch(first), _COUNTED.fullmatch(last)
    if begins is None or ends is None:
        message = _("A range counts digits, and “%(text)s” ends without any.") % {"text": line[:LONGEST]}
        raise _refused(message, _HOW_RANGE)
    prefix, width = begins[1], len(begins[2])
    if ends[1] not in {"", prefix}:
        raise _refused(
            _("“%(text)s” has two beginnings: only the digits at the end are counted.") % {"text": line[:LONGEST]},
            _HOW_RANGE,
        )
    low, high = int(begins[2]), int(ends[2])
    if high < low:
        raise _refused(_("“%(text)s” ends before it begins.") % {"text": line[:LONGEST]}, _HOW_RANGE)
    if high - low >= most:
        raise _too_many()
    return [f"{prefix}{one:0{width}d}" for one in range(low, high + 1)]


def _day(text: str) -> date:
    """A last day of use, as it is printed: 31.12.2027."""
    day, month, year = found.groups() if (found := _DAY.fullmatch(text)) else ("0", "0", "0")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _refused(
            _("“%(text)s” is no day.") % {"text": text[:LONGEST]}, _("Write the last day of use like this: 31.12.2027.")
        ) from None


def _batch(line: str) -> tuple[str, int | None, date | None]:
    number, *rest = [one.strip() for one in re.split(r"[;\t,]", line)]
    rest = [one for one in rest if one]
    count: int | None = None
    if rest and rest[0].isascii() and rest[0].isdigit():
        count = int(rest.pop(0)[:9])
    last = _day(rest.pop(0)) if rest else None
    if rest:
        raise _refused(_("“%(text)s” is too much on one line.") % {"text": line[:LONGEST]}, HOW_BATCHES)
    return _read(number), count, last


def batches(text: str, count: int) -> list[Told]:
    """Batches with how many of each, one on a line; one batch needs no quantity. Nothing typed: no batch was told.

    Raises:
        RuleBroken: the quantities do not make up what is handed over, or something is no number.
    """
    lines = [_batch(one) for one in _lines(text, r"[\n\r]+")]
    if not lines:
        return [Told("", count)]
    if len(lines) == 1 and lines[0][1] is None:
        lines = [(lines[0][0], count, lines[0][2])]
    if any(not quantity for _number, quantity, _last in lines):
        raise _refused(_("Say how many are of each batch."), HOW_BATCHES)
    told = [Told(number, quantity or 0, last) for number, quantity, last in lines]
    if len({one.number for one in told}) < len(told):
        raise _refused(_("One batch is typed twice."), HOW_BATCHES)
    if sum(one.quantity for one in told) != count:
        raise _refused(
            _("The batches make up %(typed)s, handed over are %(count)s.")
            % {"typed": sum(one.quantity for one in told), "count": count},
            HOW_BATCHES,
        )
    return told


def maker_key(maker: str, offer: object) -> str:
    """A maker as it is compared; an offer that names none is a maker of its own."""
    return " ".join(unicodedata.normalize("NFKC", maker).casefold().split())[:120] or f"offer:{offer}"


def in_words(told: Iterable[Told]) -> list[str]:
    """Numbers for a sheet; what came without one is not named."""
    return [one.number for one in told if one.number]
