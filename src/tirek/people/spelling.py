"""Names as people type them: how a name is folded for a search, the same in Python and in the database."""

from typing import Final

from django.db.models import Func, TextField
from django.db.models.functions import Collate

_CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
#: Letters that many keyboards do not have, and what is typed in their place.
_TYPED: Final = {"ә": "а", "ғ": "г", "ё": "е", "і": "и", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х"}
#: Dashes between the parts of a double name.
_GAPS: Final = "-‐‑–—"
# the index over ``Folded`` holds these letters: another letter needs a new index
_FROM: Final = _CYRILLIC.upper() + _LATIN.upper() + "".join(_TYPED) + "".join(_TYPED).upper() + _GAPS
_TO: Final = _CYRILLIC + _LATIN + "".join(_TYPED.values()) * 2 + " " * len(_GAPS)
_TABLE: Final = str.maketrans(_FROM, _TO)
#: Latin letters that stand in Cyrillic words, by a wrong keyboard or for want of a Kazakh one.
_LOOKALIKE: Final = str.maketrans("aeikopcyxhtmb", "аеикорсухнтмв")


def folded(name: str) -> str:
    """A name as it is compared: small letters, those of a Kazakh keyboard as they are typed on another one, double
    names in parts. A Latin letter within a Cyrillic word counts as the Cyrillic one that looks like it.
    """
    words = name.translate(_TABLE).split()
    return " ".join(one.translate(_LOOKALIKE) if any(sign in _CYRILLIC for sign in one) else one for one in words)


class Folded(Func):
    """A column of names in the letters of ``folded``, compared by code points: a beginning is found by an index."""

    function = "TRANSLATE"
    template = f"%(function)s(%(expressions)s, '{_FROM}', '{_TO}')"
    output_field = TextField()


def by_letters(column: str) -> Collate:
    """The folded column, in an order that does not depend on the server."""
    return Collate(Folded(column), "C")
