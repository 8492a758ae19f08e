"""Finding a kind by the words people use, in any of the languages, with or without Kazakh letters, and with a slip."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from tirek.catalogue.models import Group, Kind
from tirek.core.folding import folded
from tirek.core.reference.snapshot import Snapshot

#: People leave out the bow over the letter, too.
_BOW: Final = str.maketrans("й", "и")
_WORDS: Final = re.compile(r"[^\W_]+")
#: Words of fewer letters are compared whole.
_SHORT: Final = 4
#: Letters of an ending that may differ: «коляску» finds «коляска».
_ENDING: Final = 3
#: How alike two words are that differ by a slip.
_ALIKE: Final = 0.78
_EQUAL, _BEGINS, _STEM, _INSIDE, _SLIP = 5.0, 4.0, 3.0, 2.0, 1.0
#: Words that say nothing of what is looked for.
_EMPTY: Final = frozenset(
    {
        "для",
        "и",
        "на",
        "с",
        "в",
        "мне",
        "нужен",
        "нужна",
        "нужны",
        "хочу",
        "есть",
        "ли",
        "мен",
        "маган",
        "керек",
        "ушин",
    }
    | {"бар", "ма", "ме", "the", "a", "an", "for", "i", "need", "with", "of"}
)


def words_of(text: str) -> list[str]:
    """The words of a text in the letters that everybody can type, without those that say nothing."""
    words = _WORDS.findall(unicodedata.normalize("NFC", text).casefold())
    return [one for one in (folded(word).translate(_BOW) for word in words) if one not in _EMPTY]


def _alike(asked: str, word: str) -> float:
    """How well a word answers the word that was asked; 0 when not at all."""
    if asked == word:
        return _EQUAL
    if len(asked) < _SHORT or len(word) < _SHORT:
        return _BEGINS if len(asked) > 1 and word.startswith(asked) else 0.0
    if word.startswith(asked) or asked.startswith(word):
        return _BEGINS
    stem = max(_SHORT, min(len(asked), len(word)) - _ENDING)
    if asked[:stem] == word[:stem]:
        return _STEM
    if asked in word:
        return _INSIDE
    return _SLIP if SequenceMatcher(None, asked, word).ratio() >= _ALIKE else 0.0


def _load() -> list[tuple[Kind, list[str]]]:
    groups = dict(Group.choices)
    return [
        (kind, words_of(f"{kind.name_kk} {kind.name_ru} {kind.name_en} {kind.also} {groups[kind.group]}"))
        for kind in Kind.objects.order_by("position")
    ]


_kinds = Snapshot(_load)


def all_kinds() -> list[Kind]:
    """Every kind of the classifier in its order (``core.snapshot``)."""
    return [kind for kind, _words in _kinds.get()]


def found(text: str) -> list[Kind]:
    """Kinds that a text names, the best answer first; every kind for a text without a word.

    Each word of the text has to be answered by a name of the kind or by one of its other names; where no kind answers
    all of them, those that answer most of them.
    """
    asked = words_of(text)
    if not asked:
        return all_kinds()
    rated = [(kind, [_best(word, words) for word in asked]) for kind, words in _kinds.get()]
    most = max((sum(score > 0 for score in scores) for _kind, scores in rated), default=0)
    answering = [(sum(scores), kind) for kind, scores in rated if most and sum(score > 0 for score in scores) == most]
    return [kind for _score, kind in sorted(answering, key=lambda one: (-one[0], one[1].position))]


def _best(asked: str, words: Iterable[str]) -> float:
    return max((_alike(asked, word) for word in words), default=0.0)


def by_group(kinds: Sequence[Kind]) -> list[tuple[Group, list[Kind]]]:
    """Kinds under their groups, both in the order of the classifier."""
    return [(group, listed) for group in Group if (listed := [one for one in kinds if one.group == group])]
