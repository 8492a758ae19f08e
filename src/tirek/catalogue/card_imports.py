"""A supplier's file of one kind: checked without writing, then taken whole or not at all (``core.imports``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.catalogue.actions.many import write_many
from tirek.catalogue.card_files import Parsed, gather, parse
from tirek.catalogue.cards import title_of
from tirek.catalogue.changes import Difference, of_card, of_size
from tirek.catalogue.deciding import Decision, decided, ground, load
from tirek.catalogue.file_columns import columns_of
from tirek.catalogue.models import Kind, Offer
from tirek.catalogue.queries import kind_of
from tirek.catalogue.words import Words
from tirek.core.actors import Actor, Desk
from tirek.core.database import locks
from tirek.core.imports import Checked, WholeFile
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import supplier_of

#: Differences that the page of a check names, and lines with mistakes that are kept to be told.
MOST_TOLD: Final = 200
MOST_WRONG: Final = 2_000


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read: whose, of which kind."""

    supplier: Supplier
    kind: Kind
    parsed: Parsed


def _read(actor: Actor, about: str, content: bytes) -> _File:
    """Read a file; what takes the longest asks the database for places alone, and locks nothing.

    Raises:
        NotAllowed: the actor acts for no supplier.
        NotFound: there is no such kind.
        NoTable: it is none.
    """
    supplier, kind = supplier_of(actor), kind_of(about)
    return _File(supplier, kind, parse(content, columns_of(kind)))


def _come_to(file: _File, *, lock: bool = False) -> tuple[Checked, list[Decision]]:
    """What a file comes to now; the supplier's offers of the kind are locked where that is asked."""
    parsed, held = file.parsed, load(file.supplier, file.kind, lock=lock)
    read = gather(parsed, held)
    decisions = list(decided(held, read.wanted, ground(file.supplier, file.kind)))
    wrong = sorted([*read.wrong, *(one for made in decisions for one in made.wrong)], key=lambda one: one[0])
    lines_wrong = {line for line, _text in wrong}
    new, changed = set[int](), set[int]()
    for one in decisions:
        for line, before, _after in one.sizes_differ:
            (changed if before else new).add(line)
        if one.card_differs[1] and one.held is not None and not one.sizes_differ:
            changed.add(one.wanted.line)
    made, altered = len(new - lines_wrong), len(changed - lines_wrong)
    found = _told(file.kind, decisions) | {
        "names": list(parsed.names),
        "bad": [[line, str(text), list(parsed.cells.get(line, ()))] for line, text in wrong[:MOST_WRONG]],
    }
    same = parsed.lines - made - altered - len(lines_wrong)
    return Checked(parsed.lines, made, altered, max(same, 0), wrong, found), decisions


def _told(kind: Kind, decisions: Sequence[Decision]) -> dict[str, Any]:
    """What the page of the check shows: differences of cards that are there, names of new ones, and what waits."""
    words, told, untold, new, waits = Words(kind.code), list[dict[str, Any]](), 0, list[str](), 0
    for one in decisions:
        if one.wrong or not one.differs:
            continue
        if one.held is None:
            new.append(str(one.card["name_ru"]))
            continue
        waits += one.proposed is not None
        if len(told) >= MOST_TOLD:
            untold += 1
            continue
        told.append(
            {
                "title": title_of(one.held.offer),
                "key": str(one.held.offer.pk),
                "is_draft": one.held.offer.state == Offer.State.DRAFT,
                "differences": [[str(row.name), row.before, row.after, row.at_once] for row in differences(one, words)],
            }
        )
    return {
        "told": told,
        "untold": untold,
        "new": new[:MOST_TOLD],
        "new_cards": len(new),
        "waits": waits,
        "marks": {str(one.wanted.line): _mark(one) for one in decisions if one.differs},
    }


def differences(one: Decision, words: Words) -> list[Difference]:
    """Old and new of a card that is there, field by field (one query at most)."""
    found = of_card(*one.card_differs)
    for _line, before, after in one.sizes_differ:
        found += of_size(words, before, after)
    return found


def _mark(one: Decision) -> str:
    """What a card comes to, so that it is known again: fields that differ alone; what is sold meanwhile is no change of
    a price.
    """
    sizes = [
        (line, [(name, before.get(name), after[name]) for name in after if before.get(name) != after[name]])
        for line, before, after in one.sizes_differ
    ]
    return blake2b(repr((one.card_differs, sizes, one.proposed)).encode(), digest_size=8).hexdigest()


def _check(_actor: Actor, file: _File) -> Checked:
    return _come_to(file)[0]


def _take(actor: Actor, file: _File, found: Mapping[str, Any]) -> Checked:
    # two files with the same new card make it once
    locks.lock_name(f"catalogue.cards:{file.supplier.pk}")
    checked, decisions = _come_to(file, lock=True)
    if checked.wrong:
        return checked
    before, now = found.get("marks", {}), checked.found["marks"]
    moved = sorted(int(line) for line in before.keys() | now.keys() if before.get(line) != now.get(line))
    if moved:
        told = _("This has changed since the file was checked. Nothing was saved. Check the file again.")
        return replace(checked, wrong=[(line, told) for line in moved])
    write_many(actor, file.supplier, file.kind, decisions)
    return checked


CARDS: Final[WholeFile[_File]] = WholeFile(
    code="cards",
    title=gettext_lazy("Offers of a kind"),
    desk=Desk.SUPPLIER,
    read=_read,
    check=_check,
    take=_take,
)
