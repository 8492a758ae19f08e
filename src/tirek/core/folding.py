"""Words as people type them, folded so that they can be compared: no case, no letters that many keyboards do not have.

Who compares in the database has the same letters from here (``tirek.people.spelling``).
"""

from typing import Final

CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
#: Letters that many keyboards do not have, and what is typed in their place.
TYPED: Final = {"ә": "а", "ғ": "г", "ё": "е", "і": "и", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х"}
#: Dashes between the parts of a double name.
GAPS: Final = "-‐‑–—"
#: Sign by sign what ``FROM`` becomes is ``TO``. Indexes hold these letters: another letter needs new ones.
FROM: Final = CYRILLIC.upper() + LATIN.upper() + "".join(TYPED) + "".join(TYPED).upper() + GAPS
TO: Final = CYRILLIC + LATIN + "".join(TYPED.values()) * 2 + " " * len(GAPS)
_TABLE: Final = str.maketrans(FROM, TO)
#: Latin letters that stand in Cyrillic words, by a wrong keyboard or for want of a Kazakh one.
_LOOKALIKE: Final = str.maketrans("aeikopcyxhtmb", "аеикорсухнтмв")


def folded(text: str) -> str:
    """Words as they are compared: small letters, those of a Kazakh keyboard as they are typed on another one, double
    names in parts. A Latin letter within a Cyrillic word counts as the Cyrillic one that looks like it.
    """
    words = text.translate(_TABLE).split()
    return " ".join(one.translate(_LOOKALIKE) if any(sign in CYRILLIC for sign in one) else one for one in words)
