"""Reads of items: what numbers goods have, what a person holds, and what of it is kept back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.catalogue.models import Offer
from tirek.core import clock, reference
from tirek.core.case.registry import case_type, code_of
from tirek.core.tables import CaseRow
from tirek.orders.models import Batch, Delivery, Item, KeptBack, Make, Order, Stop, StoppedNumber
from tirek.orders.numbers import BATCH, SERIAL, Told, maker_key
from tirek.organisations.queries import local_body_of
from tirek.ui.text import size_text

KEY: Final = "order.numbers"
#: States before which nothing came, unless in parts.
_CAME: Final = Order.AFTER_REFUSAL | {
    Order.State.AWAITING_CONFIRMATION,
    Order.State.RECEIVED,
    Order.State.MONEY_OWED,
    Order.State.CANCELLED,
}
#: What the words and the page of an item read.
SHOWN: Final = ("kind", "make", "version__variant__offer", "organisation__supplier", "batch")
#: Serial numbers that a page names.
_MOST_SHOWN: Final = 20
#: Batches that are named to who orders.
_MOST_BATCHES: Final = 3
#: What says the most of goods, least first.
_GRAVITY: Final = (KeptBack.State.OVER, KeptBack.State.HELD, KeptBack.State.RECALLED)


@dataclass(frozen=True, slots=True)
class Source:
    """Where goods come from, as their items keep it: an order, or a purchase of the local body.

    Attributes:
        case_type: code of the type of the case.
        case_id: its key.
        case_number: its number.
        person_id: who gets them.
        line_id: the line of the programme by which they are given.
        kind_code: of the classifier.
        maker: as makers are compared; "" where none was told.
        warranty_months: from the receipt on; 0: none.
        organisation_id: the supplier that answers for them at its desk; ``None``: the local body that bought them.
        offer_id: of an order.
        version_id: of the offer that was ordered.
        delivery_id: the hand-over of an order.
        make_id: maker and model of what was bought.
    """

    case_type: str
    case_id: UUID
    case_number: str
    person_id: UUID
    line_id: UUID
    kind_code: str
    maker: str
    warranty_months: int
    organisation_id: UUID | None = None
    offer_id: UUID | None = None
    version_id: UUID | None = None
    delivery_id: UUID | None = None
    make_id: UUID | None = None


def of_an_order(order: Order, delivery: Delivery | None = None) -> Source:
    """Goods of an order, with the hand-over by which they come."""
    version = order.version_of_offer
    offer = version.variant.offer
    return Source(
        case_type=code_of(Order),
        case_id=order.pk,
        case_number=order.number,
        person_id=order.person_id,
        line_id=order.line_id,
        kind_code=order.kind_code,
        maker=maker_key(offer.maker, offer.pk),
        warranty_months=version.warranty_months,
        organisation_id=order.organisation_id,
        offer_id=offer.pk,
        version_id=version.pk,
        delivery_id=delivery.pk if delivery is not None else None,
    )


def like(item: Item) -> Source:
    """Other goods in exchange for an item: by the same case, from the same maker."""
    return Source(
        case_type=item.case_type,
        case_id=item.case_id,
        case_number=item.case_number,
        person_id=item.person_id,
        line_id=item.line_id,
        kind_code=item.kind_id,
        maker=item.maker,
        warranty_months=item.warranty_months,
        organisation_id=item.organisation_id,
        offer_id=item.offer_id,
        version_id=item.version_id,
        delivery_id=item.delivery_id,
        make_id=item.make_id,
    )


def numbering(kind_code: str, *, at: date) -> str:
    """By what goods of a kind are told apart on a day: serial, batch or none (dated reference data)."""
    return reference.value(KEY, at=at, scopes=[f"kind:{kind_code}"]).text


def make_keys(maker: str, model: str) -> dict[str, str]:
    """Maker and model of what was bought as they are compared, by field."""
    return {"maker_key": maker_key(maker, ""), "model_key": maker_key(model, "") if model.strip() else ""}


def known_make(kind_code: str, maker: str, model: str) -> Make | None:
    """Maker and model of what is bought, where such goods came before (one query)."""
    return Make.objects.filter(kind=kind_code, **make_keys(maker, model)).first() if maker.strip() else None


def rows() -> QuerySet[Item]:
    """Items with the goods, who answers for them, and the person."""
    return Item.objects.select_related(*SHOWN, "person")


def of_order(order: Order) -> list[Item]:
    """Items of an order, first hand-over first (one query)."""
    return list(Item.objects.filter(case_id=order.pk).select_related("batch").order_by("delivery__n", "id"))


def of_case(case_id: UUID) -> list[Item]:
    """Items that came by a case and that the person still has, first handed over first (one query)."""
    found = Item.objects.filter(case_id=case_id, ended_on__isnull=True)
    return list(found.select_related("batch", "make").order_by("id"))


def cases_of(found: Iterable[Item]) -> dict[UUID, CaseRow]:
    """The cases by which some items came, by key (one query for each type)."""
    wanted: dict[str, set[UUID]] = {}
    for one in found:
        wanted.setdefault(one.case_type, set()).add(one.case_id)
    return {
        key: case
        for code, keys in wanted.items()
        for key, case in case_type(code).model._default_manager.in_bulk(keys).items()
    }


def goods(item: Item) -> str:
    """What an item is: the offer with its size or model; of what was bought its kind, maker and model."""
    if item.version is not None:
        variant = item.version.variant
        return f"{variant.offer.name}, {size_text(variant.label)}"
    make = item.make
    parts = [capfirst(item.kind.name), *([make.maker, make.model] if make is not None else [])]
    return ", ".join(one for one in parts if one)


def maker_of(item: Item) -> str:
    """The maker of an item in words; "" where none was told."""
    if item.version is not None:
        return item.version.variant.offer.maker
    return item.make.maker if item.make is not None else ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers for an item.

    Attributes:
        name: of the supplier, or of the local body that bought it.
        phone: where to ask; "" where none is known.
        is_body: whether it is the local body.
    """

    name: str
    phone: str
    is_body: bool


def who_answers(item: Item, territory_code: str) -> Answers:
    """Who answers for an item: its supplier, or the body of the person's district (a query at most)."""
    if item.organisation is not None:
        supplier = getattr(item.organisation, "supplier", None)
        return Answers(item.organisation.name, supplier.contact_phone if supplier else "", is_body=False)
    body = local_body_of(territory_code)
    return Answers(body.name if body else "", body.phone if body else "", is_body=True)


def number_words(item: Item) -> str:
    """The number of an item in words; "" where none was told."""
    if not item.number:
        return ""
    return (_("batch %(number)s") if item.batch_id else _("serial number %(number)s")) % {"number": item.number}


def shown(order: Order) -> list[dict[str, object]]:
    """What a page of an order says of its goods: number, warranty, and how many days of it are left (one query, and
    none before anything came).
    """
    came = order.state in _CAME or order.received_so_far > 0
    found = of_order(order) if came else []
    today = clock.today()
    return [{"item": one, "words": number_words(one), "left": days_left(one, today)} for one in found]


def days_left(item: Item, today: date) -> int:
    """Days of warranty that are left, the last one counted; 0 when it is over or was never given."""
    return max((item.warranty_until - today).days + 1, 0) if item.warranty_until else 0


def goods_lines(kind_code: str, told: Sequence[Told]) -> list[str]:
    """What a signed sheet says of the numbers of goods; nothing where none was told."""
    shown = [one for one in told if one.number]
    if not shown:
        return []
    if numbering(kind_code, at=clock.today()) == SERIAL:
        return [_("Serial numbers: %(numbers)s") % {"numbers": ", ".join(one.number for one in shown)}]
    return [_("Batches: %(numbers)s") % {"numbers": ", ".join(f"{one.number} ({one.quantity})" for one in shown)}]


def lines_of(delivery: Delivery) -> list[str]:
    """What a signed sheet says of the numbers of goods that were handed over before (one query)."""
    found = delivery.items.order_by("id")
    serial = [one.number for one in found if one.number and one.batch_id is None]
    of_batch = [f"{one.number} ({one.quantity})" for one in found if one.batch_id]
    return [
        *([_("Serial numbers: %(numbers)s") % {"numbers": ", ".join(serial)}] if serial else []),
        *([_("Batches: %(numbers)s") % {"numbers": ", ".join(of_batch)}] if of_batch else []),
    ]


# --- what is kept back


def is_any_held(kind_code: str, maker: str) -> bool:
    """Whether some batch of a kind and maker is looked for now: on hold, or in a recall that is not over."""
    return Batch.objects.filter(kind=kind_code, maker=maker, state__in=Batch.LOOKED_FOR).exists()


def are_numbers_held(kind_code: str, maker: str) -> bool:
    """Whether some serial numbers of a kind and maker are looked for now."""
    found = Stop.objects.filter(kind=kind_code, by=Stop.By.NUMBERS, state__in=Stop.LOOKED_FOR)
    return found.filter(maker__in=[maker, ""]).exists()


def must_be_numbered(source: Source) -> bool:
    """Whether goods of a source are handed over only with their number: something like them is on hold or recalled, or
    was reported to harm (two queries at most).
    """
    told_apart_by = numbering(source.kind_code, at=clock.today())
    if told_apart_by == BATCH:
        stopped = stops_of(source, ()).filter(state__in=Stop.LOOKED_FOR)
        return is_any_held(source.kind_code, source.maker) or stopped.exists()
    return told_apart_by == SERIAL and are_numbers_held(source.kind_code, source.maker)


def has_stops(kind_code: str) -> bool:
    """Whether goods of a kind are kept back by offer, model or serial number, not by batch."""
    return numbering(kind_code, at=clock.today()) != BATCH


def stops_of(source: Source, told: Iterable[str]) -> QuerySet[Stop]:
    """What keeps goods back now that come from a source under some serial numbers."""
    wanted = Q(pk__in=StoppedNumber.objects.filter(number__in=[one for one in told if one]).values("stop"))
    named = Q(by=Stop.By.NUMBERS) & wanted
    # who does not know the maker compares the number alone
    named &= Q(maker__in=[source.maker, ""]) if source.maker else Q()
    keys = {"offer": source.offer_id, "version": source.version_id, "make": source.make_id}
    for name, key in keys.items():
        if key is not None:
            named |= Q(**{name: key})
    return Stop.objects.filter(named, kind=source.kind_code).exclude(state=Stop.State.FREE)


def batches_kept_back(offer: Offer) -> list[str]:
    """Numbers of the batches of an offer's goods that are on hold or recalled now, the newest first, a few at most (one
    query).
    """
    found = Batch.objects.filter(kind=offer.kind_id, maker=maker_key(offer.maker, offer.pk), state__in=Batch.LOOKED_FOR)
    return list(found.order_by("-held_since", "number").values_list("number", flat=True)[:_MOST_BATCHES])


def kept_by(kept: Batch | Stop) -> QuerySet[Item]:
    """Items that are kept back together; with a batch also those of its number whose maker was never told."""
    if isinstance(kept, Batch):
        same = Batch.objects.filter(kind=kept.kind_id, number=kept.number, maker__in={kept.maker, ""})
        return Item.objects.filter(batch__in=list(same.values_list("pk", flat=True)))
    if kept.by != Stop.By.NUMBERS:
        key = {"offer": kept.offer_id, "version": kept.version_id, "make": kept.make_id}[kept.by]
        # what has a batch is kept back by it, not by what came without one
        return Item.objects.filter(**{kept.by: key}, batch__isnull=True)
    found = Item.objects.filter(kind=kept.kind_id, number__in=kept.numbers.values("number"), batch__isnull=True)
    return found.filter(maker__in=[kept.maker, ""]) if kept.maker else found


def standing(found: Sequence[Item]) -> dict[UUID, Batch | Stop]:
    """What keeps each of some items back, the gravest of it, by their keys; an item that is missing may be used (three
    queries at most).
    """
    told: dict[UUID, Batch | Stop] = {}

    def keep(item: Item, kept: Batch | Stop) -> None:
        known = told.get(item.pk)
        if known is None or _gravity(kept) > _gravity(known):
            told[item.pk] = kept

    _by_batch(found, keep)
    others = [one for one in found if one.batch_id is None]
    if not others:
        return told
    keys = {name: {getattr(one, f"{name}_id") for one in others} - {None} for name in ("offer", "version", "make")}
    stopped = Stop.objects.exclude(state=Stop.State.FREE).filter(kind__in={one.kind_id for one in others})
    for stop in stopped.filter(Q(offer__in=keys["offer"]) | Q(version__in=keys["version"]) | Q(make__in=keys["make"])):
        for one in others:
            if stop.by != Stop.By.NUMBERS and getattr(one, f"{stop.by}_id") == getattr(stop, f"{stop.by}_id"):
                keep(one, stop)
    numbered = [one for one in others if one.number]
    named = StoppedNumber.objects.filter(number__in={one.number for one in numbered}, stop__in=stopped)
    for row in named.select_related("stop") if numbered else ():
        for one in numbered:
            is_same = (one.number, one.kind_id) == (row.number, row.stop.kind_id)
            if is_same and (not row.stop.maker or one.maker in {row.stop.maker, ""}):
                keep(one, row.stop)
    return told


def _by_batch(found: Sequence[Item], keep: Callable[[Item, Batch | Stop], None]) -> None:
    for one in found:
        if one.batch is not None and one.batch.state != Batch.State.FREE:
            keep(one, one.batch)
    unknown = [one for one in found if one.batch is not None and not one.batch.maker]
    if not unknown:
        return
    others = Batch.objects.exclude(state=Batch.State.FREE).filter(
        kind__in={one.kind_id for one in unknown}, number__in={one.number for one in unknown}
    )
    for batch in others:
        for one in unknown:
            if (one.kind_id, one.number) == (batch.kind_id, batch.number):
                keep(one, batch)


def _gravity(kept: Batch | Stop) -> int:
    return _GRAVITY.index(KeptBack.State(kept.state))


def by_words(stop: Stop) -> str:
    """By what goods are kept back together, in words (no query)."""
    return str(Stop.By(stop.by).label) if has_stops(stop.kind_id) else _("what came without a batch number")


def scope_words(stop: Stop) -> str:
    """What is kept back together, in words (a query at most)."""
    if stop.by == Stop.By.NUMBERS:
        shown = list(stop.numbers.order_by("number").values_list("number", flat=True)[: _MOST_SHOWN + 1])
        words = ", ".join(shown[:_MOST_SHOWN])
        return _("serial numbers: %(numbers)s") % {"numbers": f"{words}, …" if len(shown) > _MOST_SHOWN else words}
    return by_words(stop)
