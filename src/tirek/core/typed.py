"""What people type, paste or dictate, brought to the signs that are meant before anything reads it."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

#: Marks that a keyboard puts behind a sign to choose its picture; nobody sees them.
_VARIANTS: Final = frozenset(map(chr, range(0xFE00, 0xFE10))) | {"\u20e3"}
#: Beginnings of what the tables of Unicode say of wide, narrow and unbreakable forms of a sign.
_WIDTHS: Final = frozenset({"<wi", "<na", "<no"})
#: Kinds of signs that people put between the digits of a number, or that come along from a message: blanks and dashes.
_BETWEEN: Final = ("Z", "Pd", "C")


def as_meant(text: str) -> str:
    """The text without what only a screen or a copy adds: wide and narrow forms become plain signs, marks that nobody
    sees fall away (a joiner, a mark of direction, a soft hyphen, the mark at the beginning of a file).
    """
    seen = (one for one in text if unicodedata.category(one) != "Cf" and one not in _VARIANTS)
    return unicodedata.normalize("NFC", "".join(map(_plain, seen)))


def _plain(sign: str) -> str:
    # not the whole of NFKC: a raised 2 is no 2, and № is not "No"
    return unicodedata.normalize("NFKC", sign) if unicodedata.decomposition(sign)[:3] in _WIDTHS else sign


#: Longest amount that a page has ever shown, with its mark and tiyn.
_LONGEST_AMOUNT: Final = 20


def shown_amount(text: str) -> Decimal | None:
    """An amount of tenge that a page has shown and sends back; ``None`` where it is no such amount."""
    if len(text) > _LONGEST_AMOUNT or not text.isascii():
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < _LONGEST_AMOUNT else None


def without_separators(text: str) -> str:
    """A typed number as it is read: without the blanks, dashes and unseen marks that stand between digits."""
    meant = as_meant(text)
    return "".join(one for one in meant if not unicodedata.category(one).startswith(_BETWEEN) and one != "\u2212")
