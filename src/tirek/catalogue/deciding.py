"""What becomes of many sizes of a supplier at once, by the rules of the pages that change one: what holds now, what is
proposed, what is refused. Reads, and writes nothing (``actions.many`` writes it).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.catalogue.changes import CARD, GROUPS, NEVER_EMPTY, NEW, SOLD, as_told, is_safe, next_key, told_of
from tirek.catalogue.models import Admission, Kind, Offer, Parameter, Proposal, Variant
from tirek.catalogue.offers import check_may_offer, moved
from tirek.catalogue.queries import known_parameters
from tirek.catalogue.rules import VariantCard
from tirek.catalogue.spans import spans_of, turned
from tirek.core.errors import RuleBroken, Text
from tirek.suppliers.models import Supplier

State = Offer.State
_ENGLISH: Final = ("name", "description", "included")
#: What a card is made with.
_BLANK: Final[Mapping[str, Any]] = dict.fromkeys(CARD, "") | {
    "country": "KZ",
    "warranty_months": 0,
    "delivery_days": 0,
    "needs_fitting": False,
    "delivers_to": [],
}
_SHOWN: Final[Mapping[str, Text]] = {
    "price": gettext_lazy("price"),
    "stock": gettext_lazy("in stock"),
    "article": gettext_lazy("Your article number"),
}


@dataclass(slots=True)
class HeldSize:
    """A size as it is: ``n`` is the number of its present version."""

    key: UUID
    card: VariantCard
    active: bool
    version: UUID | None
    n: int


@dataclass(slots=True)
class Held:
    """An offer as it is, with its sizes, its open proposal, and whether that is before the commission."""

    offer: Offer
    sizes: dict[UUID, HeldSize] = field(default_factory=dict)
    proposal: Proposal | None = None
    waits: bool = False
    labels: dict[str, UUID] = field(default_factory=dict)

    def labelled(self, label: str) -> HeldSize | None:
        """The size with this label, taken off or not."""
        return self.sizes[self.labels[label]] if label in self.labels else None

    @property
    def wanted_card(self) -> dict[str, Any]:
        """The columns of the card as the supplier wants them: with what is proposed."""
        proposed = self.proposal.card if self.proposal else {}
        return {name: getattr(self.offer, name) for name in CARD} | proposed

    def wanted_size(self, size: HeldSize) -> VariantCard:
        """A size as the supplier wants it."""
        proposed = self.proposal.sizes.get(str(size.key)) if self.proposal else None
        return replace(size.card, **proposed) if proposed else size.card

    def new_sizes(self) -> Iterator[tuple[str, VariantCard]]:
        """Sizes that are proposed, with the key under which the proposal keeps them."""
        for key, one in (self.proposal.sizes if self.proposal else {}).items():
            if key.startswith(NEW):
                told = dict(one) | {"price": Decimal(one["price"])}
                yield key, VariantCard(**told)


@dataclass(slots=True)
class WantedSize:
    """A line: what a size is to be. What is not named stays; ``shown`` is what a page has shown of it."""

    line: int
    key: UUID | None
    values: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class WantedOffer:
    """What a card is to be, with its sizes; a card without a key is a new one."""

    line: int
    key: UUID | None
    card: dict[str, Any]
    sizes: list[WantedSize]
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SizeToWrite:
    """A size that is written at once; without a key it is a new one."""

    line: int
    key: UUID | None
    before: VariantCard | None
    after: VariantCard


@dataclass(slots=True)
class Decision:
    """What becomes of a card.

    Attributes:
        wanted: by which it is changed.
        held: as it is; none for a new one.
        card: columns that are written at once.
        sizes: sizes that are written at once.
        proposed: columns and sizes of its proposal from now on; none where that stays.
        card_differs: columns that differ as the supplier sees them: before, after.
        sizes_differ: sizes that differ: line, before, after; no before for a new one.
        wrong: lines with what is wrong with them.
    """

    wanted: WantedOffer
    held: Held | None
    card: dict[str, Any] = field(default_factory=dict)
    sizes: list[SizeToWrite] = field(default_factory=list)
    proposed: tuple[dict[str, Any], dict[str, Any]] | None = None
    card_differs: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    sizes_differ: list[tuple[int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    wrong: list[tuple[int, Text]] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether it changes anything."""
        return bool(self.card_differs[1] or self.sizes_differ)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all decisions rest on: fields that hold at once; why the supplier offers nothing new, "" where it may; the
    parameters of the kind by code.
    """

    safe: frozenset[str]
    refusal: Text
    parameters: Mapping[str, Parameter]


def ground(supplier: Supplier, kind: Kind) -> Ground:
    """What holds today for a supplier's offers of a kind."""
    refusal: Text = ""
    try:
        check_may_offer(supplier)
    except RuleBroken as refused:
        refusal = refused.message
    return Ground(frozenset(name for name in GROUPS if is_safe(name)), refusal, known_parameters(kind.pk))


def load(
    supplier: Supplier, kind: Kind, *, only: Collection[UUID] | None = None, lock: bool = False
) -> dict[UUID, Held]:
    """The supplier's offers of a kind as they are, their rows locked where that is asked (four queries)."""
    rows = Offer.objects.filter(supplier=supplier, kind=kind)
    if only is not None:
        rows = rows.filter(pk__in=only)
    rows = rows.order_by("pk")
    held = {}
    for offer in rows.select_for_update(of=("self",)) if lock else rows:
        offer.supplier, offer.kind = supplier, kind
        held[offer.pk] = Held(offer)
    own = {"offer__in": list(held)} if only is not None else {"offer__supplier": supplier, "offer__kind": kind}
    sizes = Variant.objects.filter(**own).order_by("created_at", "pk")
    columns = ("offer", "pk", "label", "stock", "article", "active", "current", "current__n", "current__price")
    for offer_key, key, label, stock, article, active, version, n, price, told in sizes.values_list(
        *columns, "current__parameters"
    ).iterator():
        if offer_key in held:
            card = VariantCard(label, price or Decimal(0), stock, told or {}, article)
            held[offer_key].sizes[key] = HeldSize(key, card, active, version, n or 0)
            held[offer_key].labels[label] = key
    for proposal in Proposal.objects.filter(**own, closed_at__isnull=True):
        if proposal.offer_id in held:
            held[proposal.offer_id].proposal = proposal
    waiting = Admission.objects.filter(**own, state__in=[Admission.State.CHECKING, Admission.State.COMMISSION])
    for offer_key in waiting.values_list("offer", flat=True):
        if offer_key in held:
            held[offer_key].waits = True
    return held


def decide(held: Held | None, wanted: WantedOffer, on: Ground) -> Decision:
    """What becomes of a card as it is wanted."""
    made = Decision(wanted, held)
    if held is None:
        _new(made, on)
        return made
    stood, card = held.wanted_card, _filled(wanted.card, held.wanted_card)
    _not_moved(made, wanted.line, card, wanted.shown, stood, {"delivery_days": _("Days to deliver")})
    after = {name: value for name, value in card.items() if not _same(name, value, stood[name])}
    made.card_differs = {name: stood[name] for name in after}, after
    sizes = dict(held.proposal.sizes) if held.proposal else {}
    writes = _sizes(made, held, on, sizes)
    if not made.differs:
        return made
    if held.offer.state == State.DRAFT:
        made.card, made.sizes = after, writes
    elif held.offer.state in SOLD:
        made.sizes = writes
        _of_sold(made, held, after, sizes, on)
    else:
        told = _("This offer is in another state meanwhile: %(state)s.") % {"state": held.offer.get_state_display()}
        made.wrong.append((wanted.line, told))
    return made


def decided(held: dict[UUID, Held], wanted: Iterable[WantedOffer], on: Ground) -> Iterator[Decision]:
    """What becomes of each card."""
    for one in wanted:
        yield decide(held.get(one.key) if one.key else None, one, on)


def _filled(card: Mapping[str, Any], stood: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as they are kept: what is not said in English is read in Russian."""
    found = dict(card)
    for one in _ENGLISH:
        if not found.get(f"{one}_en", True):
            found[f"{one}_en"] = found.get(f"{one}_ru", stood[f"{one}_ru"])
    return found


def _same(name: str, left: Any, right: Any) -> bool:  # noqa: ANN401 - any column
    return sorted(left) == sorted(right) if name == "delivers_to" else left == right


def _not_moved(
    made: Decision,
    line: int,
    values: dict[str, Any],
    shown: Mapping[str, Any],
    stands: Mapping[str, Any],
    names: Mapping[str, Text],
) -> None:
    """What was left as it was shown is not wanted; what has changed meanwhile is not overwritten."""
    for name, told in names.items():
        if name not in shown or name not in values:
            continue
        if values[name] == shown[name]:
            del values[name]
        elif stands[name] not in {shown[name], values[name]}:
            why = moved(told, shown[name], stands[name], values[name], code="moved")
            made.wrong.append((line, why.message))


def _new(made: Decision, on: Ground) -> None:
    """A new draft."""
    wanted = made.wanted
    if on.refusal:
        made.wrong.append((wanted.line, on.refusal))
    made.card = dict(_BLANK) | _filled(wanted.card, _BLANK)
    made.card_differs = {}, {name: value for name, value in made.card.items() if value not in ("", 0, [])}
    for one in wanted.sizes:
        after = _after(made, one, None, on)
        if one.key is not None:
            made.wrong.append((one.line, _nothing_here()))
        if after is not None:
            made.sizes.append(SizeToWrite(one.line, None, None, after))
            made.sizes_differ.append((one.line, {}, as_told(after)))


def _nothing_here() -> str:
    return _("There are no goods of yours with this code.")


def _after(made: Decision, one: WantedSize, base: VariantCard | None, on: Ground) -> VariantCard | None:
    """A size as it is wanted; nothing where something is missing that a new one needs, or a column of the size chart
    would begin behind its end.
    """
    told: dict[str, Any] = {}
    if base is not None:
        told = {"label": base.label, "price": base.price, "stock": base.stock, "article": base.article}
    told |= one.values
    missing = {"label": _("Size or model"), "price": _("Price of one, tenge"), "stock": _("In stock")}
    absent = [str(words) for name, words in missing.items() if told.get(name) in (None, "")]
    if absent:
        made.wrong.append((one.line, _("Something is missing: %(what)s.") % {"what": ", ".join(absent)}))
        return None
    values = dict(base.parameters) if base else {}
    for code, value in one.parameters.items():
        values.pop(code, None)
        if value is not None:
            values[code] = value
    # what stands turned already is no mistake of this line
    wrong = [
        span for span in spans_of(values) if {span.low, span.high} & set(one.parameters) and span.is_turned(values)
    ]
    if wrong:
        names = on.parameters
        made.wrong += [(one.line, turned(names[span.low].name, names[span.high].name)) for span in wrong]
        return None
    return VariantCard(told["label"], told["price"], told["stock"], values, told.get("article", ""))


@dataclass(slots=True)
class _Target:
    """The size that a line is about: one that is there, or the key of one that is proposed; and as it is wanted now."""

    size: HeldSize | None = None
    proposed: str = ""
    base: VariantCard | None = None


def _target(held: Held, one: WantedSize) -> _Target | None:
    """The size that a line is about: by its code, else by its label; nothing where the code is of none."""
    if one.key is not None:
        size = held.sizes.get(one.key)
        return _Target(size, "", held.wanted_size(size)) if size is not None and size.active else None
    label = one.values.get("label")
    size = held.labelled(label or "")
    if size is not None and size.active:
        return _Target(size, "", held.wanted_size(size))
    # taken off: one of this label is a new one, and in a draft the same row
    proposed = next(((key, card) for key, card in held.new_sizes() if card.label == label), None)
    if proposed is not None:
        return _Target(None, *proposed)
    return _Target(size if held.offer.state == State.DRAFT else None)


def _sizes(made: Decision, held: Held, on: Ground, proposed: dict[str, Any]) -> list[SizeToWrite]:
    """What becomes of the sizes of a card that is there; ``proposed`` is changed to what is proposed of them."""
    writes, met = list[SizeToWrite](), set[object]()
    for one in made.wanted.sizes:
        target = _target(held, one)
        if target is None:
            made.wrong.append((one.line, _nothing_here()))
            continue
        size, label = target.size, one.values.get("label", "")
        if (size.key if size else label) in met:
            told = _("“%(value)s” is there twice in the column “%(name)s”.")
            made.wrong.append((one.line, told % {"value": label, "name": _("Size or model")}))
            continue
        met.add(size.key if size else label)
        if target.base is not None:
            stands = {name: getattr(target.base, name) for name in _SHOWN}
            _not_moved(made, one.line, one.values, one.shown, stands, _SHOWN)
        after = _after(made, one, target.base, on)
        if after is None or after == target.base:
            continue
        if not _has_free_label(held, after.label, size, proposed):
            made.wrong.append((one.line, _("This offer has a size or model with this label already.")))
            continue
        made.sizes_differ.append((one.line, as_told(target.base) if target.base else {}, as_told(after)))
        if held.offer.state == State.DRAFT:
            writes.append(SizeToWrite(one.line, size.key if size else None, size.card if size else None, after))
        elif size is not None:
            _of_sold_size(writes, one.line, size, after, proposed, on)
        else:
            _new_of_sold(writes, held, one.line, after, target.proposed, proposed, on)
    return writes


def _new_of_sold(
    writes: list[SizeToWrite],
    held: Held,
    line: int,
    after: VariantCard,
    known: str,
    proposed: dict[str, Any],
    on: Ground,
) -> None:
    """A new size of an offer that was admitted: proposed, unless reference data say that sizes are safe."""
    if "label" in on.safe:
        back = held.labelled(after.label)
        writes.append(SizeToWrite(line, back.key if back else None, back.card if back else None, after))
    else:
        proposed[known or next_key(proposed, after.label)] = told_of(after) | {"price": str(after.price)}


def _has_free_label(held: Held, label: str, size: HeldSize | None, proposed: Mapping[str, Any]) -> bool:
    """Whether a size may have this label: no other has it, or is to have it; one that was taken off is replaced."""
    other = held.labelled(label)
    if other is not None and (other.active if size is None else other.key != size.key):
        return False
    own = {str(size.key)} if size is not None else {key for key in proposed if key.startswith(NEW)}
    return not any(one.get("label") == label for key, one in proposed.items() if key not in own)


def _of_sold_size(
    writes: list[SizeToWrite],
    line: int,
    size: HeldSize,
    after: VariantCard,
    proposed: dict[str, Any],
    on: Ground,
) -> None:
    """A size of an offer that was admitted: price and what is safe hold at once, the rest is proposed."""
    typed, stands = told_of(after), told_of(size.card)
    now = replace(size.card, price=after.price, **{name: typed[name] for name in typed if name in on.safe})
    if now != size.card:
        writes.append(SizeToWrite(line, size.key, size.card, now))
    wanted = {name: value for name, value in typed.items() if name not in on.safe and value != stands[name]}
    proposed.pop(str(size.key), None)
    if wanted:
        proposed[str(size.key)] = wanted


def _of_sold(made: Decision, held: Held, given: Mapping[str, Any], sizes: dict[str, Any], on: Ground) -> None:
    """A card that was admitted: what is safe holds at once, the rest is proposed."""
    for name in NEVER_EMPTY:
        if name in given and not given[name] and getattr(held.offer, name):
            made.wrong.append((made.wanted.line, _("People see this offer: this cannot be left empty.")))
            break
    made.card = {name: value for name, value in given.items() if name in on.safe and getattr(held.offer, name) != value}
    known = (dict(held.proposal.card), dict(held.proposal.sizes)) if held.proposal else ({}, {})
    card = {name: value for name, value in known[0].items() if name not in given}
    card |= {name: value for name, value in given.items() if name not in on.safe and getattr(held.offer, name) != value}
    if (card, sizes) != known:
        made.proposed = card, sizes
        if held.waits:
            told, way_out = _("A change of this offer is before the commission."), _("Withdraw it first.")
            made.wrong.append((made.wanted.line, f"{told} {way_out}"))
