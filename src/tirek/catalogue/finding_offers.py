"""Finding an offer by the words of its name or its maker, in any language, with slips, in Latin letters or without
Kazakh ones.

Every offer has its words with what they become when a letter of them is left out, and with their beginnings; what is
typed is looked up by the same, so that the number of offers does not matter (the deletions of SymSpell, Wolf Garbe,
2012).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from django.db.models import Q

from tirek.catalogue import finding, rules
from tirek.catalogue.finding import Found, names_of, words_of
from tirek.catalogue.models import Offer, OfferWords
from tirek.core.spelling import in_cyrillic, plain, readings
from tirek.suppliers.queries import taking_orders

#: Offers that are told; where more have the words, only how many there are is said, and of which kinds.
MOST: Final = 20
#: Offers that are compared with what was typed; among more the words say too little.
_COMPARED: Final = 100
#: Words that are looked for; what follows them is not read, so that no text costs more than these.
_MOST_WORDS: Final = 6
#: From this length on a word may have a slip, and from this one on two.
_ONE_SLIP: Final = 4
_TWO_SLIPS: Final = 8
#: The shortest beginning of a word by which it is found.
_BEGINNING: Final = 3
_LATIN: Final = re.compile(r"[a-z]+")


def words_told(offer: Offer) -> str:
    """The text by which an offer is found: its names and its maker."""
    return f"{offer.name_kk}\n{offer.name_ru}\n{offer.name_en}\n{offer.maker}"


def words_in(told: str) -> list[str]:
    """The words of an offer in letters that everybody can type; one in Latin letters also by its sound."""
    words = plain(told).split()
    return list(dict.fromkeys([*words, *(in_cyrillic(one) for one in words if _LATIN.fullmatch(one))]))


def _shortened(word: str) -> set[str]:
    """A word, and what it becomes when one of its letters is left out, where it is long enough for a slip."""
    if len(word) < _ONE_SLIP:
        return {word}
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def forms_of(told: str) -> list[str]:
    """Everything by which an offer with these names and this maker is looked up."""
    found = set[str]()
    for word in words_in(told):
        found |= _shortened(word)
        found |= {word[:n] for n in range(_BEGINNING, len(word))}
    return sorted(found)


def distance(one: str, other: str, most: int) -> int:
    """How many letters of a word are added, left out, changed, or changed places with the next one, to make another
    one; ``most`` + 1 where there are more (the optimal string alignment distance).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = list[int](), list(range(len(other) + 1))
    for n, letter in enumerate(one, 1):
        now = [n]
        for m, against in enumerate(other, 1):
            least = min(last[m] + 1, now[m - 1] + 1, last[m - 1] + (letter != against))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == against:
                least = min(least, before[m - 2] + 1)
            now.append(least)
        before, last = last, now
    return min(last[-1], most + 1)


def _slips(typed: str) -> int:
    return 2 if len(typed) >= _TWO_SLIPS else 1 if len(typed) >= _ONE_SLIP else 0


def _of_word(typed: str, words: Iterable[str]) -> float | None:
    """How far a typed word is from the nearest of the words: 0 for the same one; ``None`` where none is meant."""
    most, found = _slips(typed), list[float]()
    for word in words:
        if word == typed:
            return 0.0
        if len(typed) >= _BEGINNING and word.startswith(typed):
            found.append(0.5)
        elif most and (far := distance(typed, word, most)) <= most:
            found.append(far)
    return min(found, default=None)


def how_far(typed: Iterable[str], words: Iterable[str]) -> float | None:
    """How far typed words are from those of an offer, together; ``None`` where one of them is none of these."""
    known, whole = list(words), 0.0
    for one in typed:
        far = _of_word(one, known)
        if far is None:
            return None
        whole += far
    return whole


class OffersFound(NamedTuple):
    """Offers that a text names.

    Attributes:
        offers: the nearest first, with their kinds and suppliers; none where there are more than can be told.
        are_many: whether more have the words than can be told.
        are_called_so: whether the words, or their beginnings, are just those of the offers, without a slip.
    """

    offers: list[Offer]
    are_many: bool
    are_called_so: bool = False


def offers_found(text: str, *, on: date) -> OffersFound:
    """Offers on sale that a text names by words of name and maker, every word of it, by suppliers that take orders on a
    day (two queries; none where the text says nothing).
    """
    read = (list(dict.fromkeys(words_of(reading)))[:_MOST_WORDS] for reading in readings(text))
    asked = [words for words in read if words]
    if not asked:
        return OffersFound([], are_many=False)
    named = Q()
    for words in asked:
        every = Q()
        for one in words:
            every &= Q(forms__overlap=sorted(_shortened(one)))
        named |= every
    sold = Q(offer__state=Offer.State.ACTIVE, offer__supplier__in=taking_orders(on))
    rows = list(OfferWords.objects.filter(named, sold).values_list("offer", "told")[: _COMPARED + 1])
    if len(rows) > _COMPARED:
        return OffersFound([], are_many=True)
    near = list[tuple[float, bytes, object]]()
    for key, told in rows:
        words = words_in(told)
        far = min((each for typed in asked if (each := how_far(typed, words)) is not None), default=None)
        if far is not None:
            near.append((far, rules.turn(str(key), on), key))
    # only offers that are as near as the nearest are meant where it is just what was typed
    are_called_so = bool(near) and min(near)[0] < 1
    if are_called_so:
        near = [one for one in near if one[0] < 1]
    if len(near) > MOST:
        return OffersFound([], are_many=True)
    keys = [key for *_place, key in sorted(near, key=lambda one: one[:2])]
    found = Offer.objects.select_related("kind", "supplier__organisation").in_bulk(keys)
    return OffersFound([found[key] for key in keys if key in found], are_many=False, are_called_so=are_called_so)


def meant(text: str, kinds: Found, offers: OffersFound) -> Found:
    """The kinds that a text means, now that the offers are known that are called so: by the word of a maker or a model,
    a kind is no more than perhaps meant whose own names do not have it and of which no such offer is.
    """
    if not (offers.offers and offers.are_called_so):
        return kinds
    asked = [words for reading in readings(text) if (words := words_of(reading)[:_MOST_WORDS])]
    known = {one.kind_id for one in offers.offers}
    sure = [one for one in kinds.sure if one.code in known or _is_called(one.code, asked)]
    left = [one for one in kinds.sure if one not in sure]
    return Found(sure, [*left, *kinds.perhaps][: max(finding.MOST - len(sure), 0)])


def _is_called(code: str, asked: Sequence[Sequence[str]]) -> bool:
    names = [words_in(one) for one in names_of(code)]
    return any(how_far(typed, words) is not None for typed in asked for words in names)
