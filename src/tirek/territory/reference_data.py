"""Loads the regions and districts that the product ships, and the file of the whole classifier.

The list is made of facts of the classifier КАТО (НК РК 11-2025). A later file adds territories and ends old ones; a
code never changes its meaning, and no row is ever deleted. What a file of the classifier has brought is not undone by
the list that the product ships.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import DateField, Q, Value
from django.db.models.functions import Coalesce, Greatest

from tirek.core import reference
from tirek.core.database import locks
from tirek.core.sorting import sort_key
from tirek.territory import classifier
from tirek.territory.classifier import Classifier, Refusal, Unit
from tirek.territory.models import Level, Place, Rank, Succession, Territory

_FOLDER: Final = Path(__file__).parent / "reference"
_LONGEST_KEY: Final = 400


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _territory(row: dict[str, str]) -> Territory:
    territory = Territory(
        code=row["code"],
        level=row["level"],
        parent_id=row["parent"] or None,
        effective_from=_day(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        citation=row["citation"],
    )
    return _called(territory, kk=row["name_kk"], ru=row["name_ru"], en=row["name_en"])


def _sorted_by(name: str) -> str:
    """A key of letters from elsewhere is longer than the name; its beginning is enough."""
    return sort_key(name)[:_LONGEST_KEY]


def _called(territory: Territory, *, kk: str, ru: str, en: str = "") -> Territory:
    """The territory under these names; one that nobody has translated into English is read in Kazakh there."""
    territory.name_kk, territory.name_ru, territory.name_en = kk, ru, en
    territory.sort_kk, territory.sort_ru, territory.sort_en = _sorted_by(kk), _sorted_by(ru), _sorted_by(en or kk)
    return territory


_TERRITORIES: Final = _FOLDER / "territories.csv"
reference.table(
    _TERRITORIES,
    columns={
        "code": reference.filled,
        "level": reference.one_of(*Level.values),
        "parent": str,
        "name_kk": reference.filled,
        "name_ru": reference.filled,
        "name_en": reference.filled,
        "effective_from": reference.or_empty(date.fromisoformat),
        "effective_to": reference.or_empty(date.fromisoformat),
        "citation": reference.filled,
    },
    key=("code",),
    points_at={"parent": (_TERRITORIES, "code")},
)
reference.table(
    _FOLDER / "successions.csv",
    columns={
        "predecessor": reference.filled,
        "successor": reference.filled,
        "on": date.fromisoformat,
        "citation": reference.filled,
    },
    key=("predecessor", "successor"),
    points_at={"predecessor": (_TERRITORIES, "code"), "successor": (_TERRITORIES, "code")},
)


def _write_territories(rows: Iterable[Territory]) -> None:
    columns = [one.name for one in Territory._meta.concrete_fields if not one.primary_key]
    Territory.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _keep_what_the_classifier_says(rows: Iterable[Territory]) -> None:
    """Names and ends that a file of the classifier has brought stay."""
    units = Place.objects.filter(Q(level__in=(Rank.REGION, Rank.DISTRICT)) | Q(parent__level=Rank.REGION))
    names = {one.code: classifier.in_words(name_kk=one.name_kk, name_ru=one.name_ru) for one in units}
    if not names:
        return
    ends = dict(Territory.objects.filter(effective_to__isnull=False).values_list("code", "effective_to"))
    for row in rows:
        row.effective_to = row.effective_to or ends.get(row.code)
        kk, ru = names.get(row.code, (row.name_kk, row.name_ru))
        if (kk, ru) != (row.name_kk, row.name_ru):
            _called(row, kk=kk, ru=ru)


@reference.loader("territories")
def load() -> int:
    """Write the shipped territories and successions; returns the number of territories."""
    rows = [_territory(row) for _line, row in reference.read_rows(_FOLDER / "territories.csv")]
    _keep_what_the_classifier_says(rows)
    _write_territories(rows)
    Succession.objects.bulk_create(
        [
            Succession(
                predecessor_id=row["predecessor"],
                successor_id=row["successor"],
                on=date.fromisoformat(row["on"]),
                citation=row["citation"],
            )
            for _line, row in reference.read_rows(_FOLDER / "successions.csv")
        ],
        ignore_conflicts=True,
    )
    return len(rows)


#: So many units of the classifier end without a question; no region and no district does.
ENDS_UNASKED: Final = 100
_PIECE: Final = 1000
_AT_WORK: Final = "territory.classifier"


class TooManyEnds(ValueError):
    """The file lacks more units than end in a year, or a region or a district: it may be a part of the classifier.

    Attributes:
        count: how many it lacks.
        territories: codes of the regions and districts among them.
    """

    def __init__(self, count: int, territories: list[str]) -> None:
        super().__init__(f"The file lacks {count} units.")
        self.count = count
        self.territories = territories


class AnotherLoads(RuntimeError):
    """Somebody loads a file of the classifier in this moment."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Attributes:
        counts: units that were added, renamed, changed (they lie elsewhere, or are of another kind), ended, went on
            under another code (succeeded), stayed as they are (unchanged).
        territories: what became of regions and districts, a sentence for each.
        refusals: lines that were not taken.
        ends_wait: lines without a readable code; until they are put right, nothing ends.
    """

    counts: Counter[str] = field(default_factory=Counter)
    territories: list[str] = field(default_factory=list)
    refusals: tuple[Refusal, ...] = ()
    ends_wait: bool = False


def load_classifier(content: bytes, *, since: date, ends: int = 0) -> Taken:
    """Take a file of the classifier, whole in one transaction; the same file again changes nothing.

    Lines that cannot be taken leave the units that they name as they are. A unit that no line names has its last day
    before ``since``. Where one ends and another of the same names begins, the other is its successor.

    Args:
        content: of the file, CSV or XLSX.
        since: first day of what is new in it.
        ends: so many units may end, regions and districts among them; 0 where nobody has said so.

    Raises:
        NotTheClassifier: it is another file.
        TooManyEnds: more would end than may.
        AnotherLoads: somebody else loads one.
    """
    with locks.at_work(_AT_WORK) as is_ours:
        if not is_ours:
            raise AnotherLoads
        with transaction.atomic():
            return _Loading(since=since).take(content, ends)


class _Loading:
    """One file on its way in."""

    def __init__(self, *, since: date) -> None:
        self.since = since
        self.known = Place.objects.in_bulk()
        self.open = {code for code, one in self.known.items() if one.effective_to is None}
        self.territories = Territory.objects.in_bulk()

    def take(self, content: bytes, ends: int) -> Taken:
        """Compare and write."""
        file = classifier.read(content, self.open)
        taken = Taken(refusals=file.refusals, ends_wait=not file.is_whole)
        gone = sorted(self.open - file.named) if file.is_whole else []
        gone_territories = self._gone_territories(file) if file.is_whole else []
        self._refuse_too_many(gone, gone_territories, ends)
        written = list(self._territories_of(file, taken))
        _write_territories(written)
        self.territories |= {one.code: one for one in written}
        added = self._places_of(file, set(gone), taken)
        self._end(gone, gone_territories, taken)
        self._succeed(gone, added, taken)
        return taken

    def _refuse_too_many(self, gone: list[str], gone_territories: list[str], ends: int) -> None:
        count = len({*gone, *gone_territories})
        if count > ends and (gone_territories or count > ENDS_UNASKED):
            raise TooManyEnds(count, gone_territories)

    # --- regions and districts

    def _gone_territories(self, file: Classifier) -> list[str]:
        return sorted(code for code, one in self.territories.items() if not one.effective_to and code not in file.named)

    def _territories_of(self, file: Classifier, taken: Taken) -> Iterator[Territory]:
        """Those that are new or have another name; regions first."""
        for one in file.units.values():
            if not one.is_territory:
                continue
            kk, ru = classifier.in_words(name_kk=one.name_kk, name_ru=one.name_ru)
            known = self.territories.get(one.code)
            if known is None:
                taken.territories.append(f"{one.code} is new: {kk}, {ru}")
                yield self._new_territory(one, kk, ru)
            elif known.effective_to is not None:
                taken.territories.append(f"{one.code} is there again: {kk}, {ru}")
                known.effective_to = None
                yield _called(known, kk=kk, ru=ru, en=known.name_en if known.name_kk == kk else "")
            elif (known.name_kk, known.name_ru) != (kk, ru):
                taken.territories.append(f"{one.code} is renamed: {known.name_kk}, {known.name_ru} → {kk}, {ru}")
                yield _called(known, kk=kk, ru=ru, en=known.name_en if known.name_kk == kk else "")

    def _new_territory(self, one: Unit, kk: str, ru: str) -> Territory:
        territory = Territory(
            code=one.code,
            level=Level.REGION if one.level is Rank.REGION else Level.DISTRICT,
            parent_id=one.parent or None,
            effective_from=self.since,
            citation=f"КАТО, {one.edition}",
        )
        return _called(territory, kk=kk, ru=ru)

    # --- units

    def _places_of(self, file: Classifier, gone: set[str], taken: Taken) -> list[Place]:
        """Write what is new or has changed; returns the new ones."""
        kept = self.open - gone - file.units.keys()
        parents = {one.parent for one in file.units.values()} | {self.known[code].parent_id for code in kept}
        added, write = [], []
        first = not self.known
        for one in file.units.values():
            known = self.known.get(one.code)
            place = self._place(one, has_parts=one.code in parents)
            self.known[one.code] = place
            if known is None:
                place.effective_from = None if first else self.since
                added.append(place)
                taken.counts["added"] += 1
            else:
                place.effective_from = known.effective_from
                taken.counts[_what_changed(known, place)] += 1
                if known.effective_to is None and _values(known) == _values(place):
                    continue
            write.append(place)
        columns = [one.name for one in Place._meta.concrete_fields if not one.primary_key]
        Place.objects.bulk_create(
            write, batch_size=_PIECE, update_conflicts=True, unique_fields=["code"], update_fields=columns
        )
        return added

    def _place(self, one: Unit, *, has_parts: bool) -> Place:
        is_city = one.level is Rank.REGION and one.kind == "1"
        is_below = one.level in {Rank.SUB_DISTRICT, Rank.SETTLEMENT}
        kk, ru = classifier.bare(one.name_kk), classifier.bare(one.name_ru)
        return Place(
            code=one.code,
            parent_id=one.parent or None,
            territory_id=one.code if one.is_territory else self.known[one.parent].territory_id,
            level=one.level.value,
            kind=one.kind,
            is_settlement=is_city or (is_below and not has_parts),
            name_kk=one.name_kk,
            name_ru=one.name_ru,
            sort_kk=_sorted_by(kk),
            sort_ru=_sorted_by(ru),
            search_kk=classifier.search_key(one.name_kk),
            search_ru=classifier.search_key(one.name_ru),
            edition=one.edition,
        )

    def _end(self, gone: list[str], gone_territories: list[str], taken: Taken) -> None:
        last = Value(self.since - timedelta(days=1), output_field=DateField())
        # what began on that very day has one day
        term = Greatest(Coalesce("effective_from", last), last)
        Place.objects.filter(pk__in=gone).update(effective_to=term)
        Territory.objects.filter(pk__in=gone_territories).update(effective_to=term)
        taken.counts["ended"] += len(gone)
        for code in gone_territories:
            one = self.territories[code]
            taken.territories.append(f"{code} has ended: {one.name_kk}, {one.name_ru}")

    def _succeed(self, gone: list[str], added: list[Place], taken: Taken) -> None:
        """A unit that ended goes on in the new one of its level, name and district; or of its level and name, where
        there is but one.
        """
        left, heirs = {code: self.known[code] for code in gone}, {one.code: one for one in added}
        for nearby in (True, False):
            before, after = self._by_names(left.values(), nearby=nearby), self._by_names(heirs.values(), nearby=nearby)
            for names, codes in before.items():
                if len(codes) == len(after.get(names, ())) == 1:
                    old, new = left.pop(codes[0]), heirs.pop(after[names][0])
                    Place.objects.filter(pk=old.pk).update(successor=new)
                    taken.counts["succeeded"] += 1
                    if old.territory_id == old.pk and new.territory_id == new.pk:
                        self._succession(old.pk, new)

    def _by_names(self, places: Iterable[Place], *, nearby: bool) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for one in places:
            district = self.territories[one.territory_id]
            # what is a district itself is nearby where its region is called the same
            around = self.territories.get(district.parent_id or "", district) if one.pk == district.pk else district
            key = (one.level, one.name_kk, one.name_ru, around.name_kk if nearby else "")
            found.setdefault(key, []).append(one.pk)
        return found

    def _succession(self, old: str, new: Place) -> None:
        Succession.objects.bulk_create(
            [Succession(predecessor_id=old, successor_id=new.pk, on=self.since, citation=f"КАТО, {new.edition}")],
            ignore_conflicts=True,
        )


def _values(place: Place) -> Mapping[str, object]:
    return {one.attname: getattr(place, one.attname) for one in Place._meta.concrete_fields}


def _what_changed(known: Place, place: Place) -> str:
    if known.effective_to is not None:
        return "added"
    if (known.name_kk, known.name_ru) != (place.name_kk, place.name_ru):
        return "renamed"
    is_same = (known.parent_id, known.level, known.kind) == (place.parent_id, place.level, place.kind)
    return "unchanged" if is_same else "changed"
