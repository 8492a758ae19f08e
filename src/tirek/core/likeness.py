"""Which of many short texts a text means: by the letters they share, and by what they mean where that is known.

Letters forgive slips, endings, other keyboards and Kazakh in Latin letters (``spelling``), in any language. Meaning
comes from sentence vectors (``vectors``), when there are any: it also finds what shares no letter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Final

from tirek.core.spelling import plain, readings

#: Letters of a part of a word, its ends included, from and to.
_SIZES: Final = range(2, 6)
#: How much of the likeness is that to the best of a subject's texts; the rest is how much of what is asked its texts
#: have together.
_OF_BEST: Final = 0.5
#: What a part that no subject has counts of one that a single subject has: it is oftener an ending than another word.
_UNKNOWN: Final = 0.5


def _parts(text: str) -> Counter[str]:
    found = Counter[str]()
    for word in text.split():
        whole = f" {word} "
        for size in _SIZES:
            found.update(whole[place : place + size] for place in range(len(whole) - size + 1))
    return found


class Letters:
    """Subjects with the short texts that name them, by the parts of their words.

    A part counts the more the fewer subjects have it (tf-idf), and the longer it is.
    """

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        """``named`` has a subject's code with each of its texts."""
        texts = [(subject, _parts(plain(text))) for subject, text in named]
        having: dict[str, set[str]] = defaultdict(set)
        for subject, parts in texts:
            for part in parts:
                having[part].add(subject)
        count = len({subject for subject, _parts_of in texts})
        self._rare = {part: log(1 + count / len(subjects)) for part, subjects in having.items()}
        self._unknown = _UNKNOWN * log(1 + count)
        self._having: Mapping[str, set[str]] = having
        self._subjects = [subject for subject, _parts_of in texts]
        self._texts: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_subject, parts) in enumerate(texts):
            for part, weight in self._weights(parts).items():
                self._texts[part].append((number, weight))

    def _weights(self, parts: Mapping[str, int]) -> dict[str, float]:
        """Weights of parts, the sum of their squares one."""
        found = {
            part: (1 + log(times)) * self._rare.get(part, self._unknown) * sqrt(len(part))
            for part, times in parts.items()
        }
        length = sqrt(sum(weight * weight for weight in found.values())) or 1.0
        return {part: weight / length for part, weight in found.items()}

    def alike(self, text: str) -> dict[str, float]:
        """How much each subject is what a text names, from 0 to 1; who shares no part is left out."""
        found: dict[str, float] = {}
        for reading in readings(text):
            for subject, likeness in self._read(reading).items():
                found[subject] = max(likeness, found.get(subject, 0.0))
        return found

    def _read(self, reading: str) -> dict[str, float]:
        asked = self._weights(_parts(reading))
        texts, had = defaultdict[int, float](float), defaultdict[str, float](float)
        for part, weight in asked.items():
            for number, other in self._texts.get(part, ()):
                texts[number] += weight * other
            for subject in self._having.get(part, ()):
                had[subject] += weight
        best: dict[str, float] = {}
        for number, likeness in texts.items():
            subject = self._subjects[number]
            best[subject] = max(likeness, best.get(subject, 0.0))
        whole = sum(asked.values()) or 1.0
        return {
            subject: _OF_BEST * likeness + (1 - _OF_BEST) * had[subject] / whole for subject, likeness in best.items()
        }


def in_order(likeness: Mapping[str, float], *, least: float = 0.0) -> Sequence[str]:
    """Subjects from the most alike down to those that are so much alike at least; equals by their code."""
    return sorted((one for one in likeness if likeness[one] >= least), key=lambda one: (-likeness[one], one))
