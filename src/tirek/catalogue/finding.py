"""Finding a kind by the words people use: in any language, with slips, by a name or by what troubles them; and by a
code of ISO 9999.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tirek.catalogue.models import Group, Kind, KindName
from tirek.core import vectors
from tirek.core.likeness import Letters, in_order
from tirek.core.reference.snapshot import Snapshot
from tirek.core.spelling import plain

#: Words that say nothing of what is looked for.
_EMPTY: Final = frozenset(
    plain(
        "для и на с в у к от по мне мой моя моему меня нужен нужна нужно нужны надо хочу есть ли как где можно "
        "получить заказать купить пожалуйста дайте мен маған менің керек үшін бар ма ме бе алу алсам алуға қалай қайда "
        "болады тапсырыс беру өтінемін the a an for i my me need want with of to get order please where how can"
    ).split()
)
#: Likeness from which a kind is meant, and the share of the best one's that the others have to have, too.
SURE: Final = 0.45
SHARE: Final = 0.5
#: Likeness from which a kind may be meant, and how many are told then, with those that are.
PERHAPS: Final = 0.25
MOST: Final = 5
#: How much the meaning adds where it is known, and from what nearness of two meanings on it tells anything.
_OF_MEANING: Final = 0.9
_UNRELATED: Final = 0.82


class Found(NamedTuple):
    """Kinds that a text names, the best answer first.

    Attributes:
        sure: those that are meant.
        perhaps: those that may be meant, so that there are five with the others.
    """

    sure: list[Kind]
    perhaps: list[Kind]


def words_of(text: str) -> list[str]:
    """The words of a text in the letters that everybody can type, without those that say nothing."""
    return [one for one in plain(text).split() if one not in _EMPTY]


_Names = tuple[tuple[str, str, bytes | None], ...]


def _load_names() -> _Names:
    rows = KindName.objects.order_by("kind_id", "pk").values_list("kind_id", "text", "vector")
    return tuple((code, text, bytes(vector) if vector else None) for code, text, vector in rows)


_kinds = Snapshot(lambda: list(Kind.objects.order_by("position")))
#: A megabyte with the meanings: read by who searches alone.
_names = Snapshot(_load_names)


@lru_cache(maxsize=1)
def _letters(names: _Names) -> Letters:
    return Letters((code, text) for code, text, _vector in names)


@lru_cache(maxsize=1)
def _meanings(names: _Names) -> vectors.Meanings | None:
    told = [vector for _code, _text, vector in names if vector]
    return vectors.Meanings(told) if told and len(told) == len(names) and vectors.available() else None


def all_kinds() -> list[Kind]:
    """Every kind of the classifier in its order (``core.snapshot``)."""
    return _kinds.get()


def names_of(code: str) -> list[str]:
    """Every name of a kind that is looked through, in any language."""
    return [text for kind, text, _vector in _names.get() if kind == code]


def likeness(text: str) -> dict[str, float]:
    """How much each kind is what a text names, by code; from about 0 to 2."""
    names = _names.get()
    asked = " ".join(words_of(text))
    found = _letters(names).alike(asked) if asked else {}
    meanings = _meanings(names)
    if asked and meanings is not None:
        near: dict[str, float] = {}
        for (code, _text, _vector), one in zip(names, meanings.alike(text), strict=True):
            near[code] = max(one, near.get(code, 0.0))
        for code, one in near.items():
            told = (one - _UNRELATED) / (1 - _UNRELATED)
            found[code] = found.get(code, 0.0) + _OF_MEANING * max(told, 0.0)
    return found


#: A code of ISO 9999 as people write it: "12 22 03", "12.22.03", "122203", or the subclass alone.
_ISO: Final = re.compile(r"(?:iso\s*9999\S*\s+)?(\d\d)[ .\-]?(\d\d)(?:[ .\-]?(\d\d))?", re.IGNORECASE)


def by_iso(text: str) -> Found | None:
    """The kinds that a code of ISO 9999 names: those of just this code, or of its divisions; those of the subclass it
    lies in may be meant, too. ``None`` where a text is no such code.
    """
    read = _ISO.fullmatch(text.strip())
    if read is None:
        return None
    code = " ".join(part for part in read.groups() if part)
    sure = [one for one in all_kinds() if one.iso_code.startswith(code)]
    perhaps = [one for one in all_kinds() if one.iso_code and code.startswith(one.iso_code) and one not in sure]
    return Found(sure, perhaps)


def found(text: str) -> Found:
    """What a text names; every kind for one without a word that says anything."""
    coded = by_iso(text)
    if coded is not None and any(coded):
        return coded
    if not words_of(text):
        return Found(all_kinds(), [])
    alike, kinds = likeness(text), {one.code: one for one in all_kinds()}
    least = max(SURE, SHARE * max(alike.values(), default=0.0))
    ordered = [code for code in in_order(alike, least=PERHAPS) if code in kinds]
    sure = [kinds[code] for code in ordered if alike[code] >= least]
    return Found(sure, [kinds[code] for code in ordered[len(sure) : MOST]])


def by_group(kinds: Sequence[Kind]) -> list[tuple[Group, list[Kind]]]:
    """Kinds under their groups, both in the order of the classifier."""
    return [(group, listed) for group in Group if (listed := [one for one in kinds if one.group == group])]
