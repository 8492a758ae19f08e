"""Kazakh order of letters, the same on every server whatever its locale.

The database compares by code points, where І comes before А and Ә after Я. A ``sort_key`` column holds what is made
here and is compared by its plain ASCII characters: spaces, digits, the 42 letters of the Kazakh alphabet (the 33 of the
Russian among them), then Latin letters.
"""

import unicodedata
from typing import Final

KAZAKH_ALPHABET: Final = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_FIRST: Final = ord("!")
_KEYS: Final = {letter: chr(_FIRST + place) for place, letter in enumerate(_DIGITS + KAZAKH_ALPHABET + _LATIN)}
_OTHER_LETTER: Final = "~"
_GAPS: Final = frozenset("-‐‑‒–—/")


def _key_of(character: str) -> str:
    known = _KEYS.get(character)
    if known is not None:
        return known
    if character.isspace() or character in _GAPS:
        return " "
    plain = unicodedata.normalize("NFKD", character)[0]
    if plain != character:
        return _key_of(plain)
    return f"{_OTHER_LETTER}{ord(character):06x}" if character.isalpha() else ""


def sort_key(text: str) -> str:
    """A key in ASCII whose plain order is the Kazakh order of ``text``; case, marks and punctuation do not count."""
    letters = unicodedata.normalize("NFC", text).casefold()
    return " ".join("".join(_key_of(character) for character in letters).split())
