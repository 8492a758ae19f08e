"""Reads of parts: which fit a thing and what they cost today, a thing by its number, a supplier's own list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.offers import narrowed as narrowed_offers
from tirek.catalogue.terms import terms_of
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound
from tirek.core.reference import words_of_source
from tirek.core.typed import as_meant
from tirek.orders import items
from tirek.orders.models import Item, Make
from tirek.orders.numbers import normal
from tirek.parts.models import Part, PartFit, PartOrder, PartPrice
from tirek.parts.rules import Pays, anew_from, pays
from tirek.people.queries import person_for
from tirek.suppliers.queries import may_take_orders, supplier_of
from tirek.ui.text import size_text

#: Things that are shown of one number: goods of one batch that came several times.
MOST_FOUND: Final = 20
#: Parts of a thing that its supplier is shown, or may name instead of another.
MOST_PARTS: Final = 100
#: Offers that are shown at once to say what a part fits.
MOST_OFFERS: Final = 20
IN_TERM: Final = "parts.in_term"
AFTER_TERM: Final = "parts.after_term"


# --- what fits a thing


def _sold(on: date, prefix: str = "") -> Q:
    """That a part is ordered on a day."""
    until = Q(**{f"{prefix}sold_until__isnull": True}) | Q(**{f"{prefix}sold_until__gte": on})
    return until & Q(**{f"{prefix}sold_from__lte": on, f"{prefix}current__isnull": False})


def fitting(item: Item) -> QuerySet[Part]:
    """Parts that fit a thing and are ordered today; of what was bought those of its own supplier."""
    if item.version is not None:
        fits = PartFit.objects.filter(Q(variant__isnull=True) | Q(variant=item.version.variant_id), offer=item.offer_id)
    else:
        fits = PartFit.objects.filter(make=item.make_id, part__supplier__organisation=item.organisation_id)
    return Part.objects.filter(_sold(clock.today()), pk__in=fits.values("part")).select_related("current")


def counts(found: Sequence[Item]) -> dict[UUID, int]:
    """How many parts fit each of some things, for those that are still held (one query)."""
    held = [one for one in found if one.ended_on is None]
    if not held:
        return {}
    offers, makes = ({getattr(one, name) for one in held} - {None} for name in ("offer_id", "make_id"))
    fits = PartFit.objects.filter(Q(offer__in=offers) | Q(make__in=makes), _sold(clock.today(), "part__"))
    known = list(fits.values_list("offer_id", "variant_id", "make_id", "part__supplier__organisation_id", "part_id"))
    counted = {}
    for one in held:
        size = one.version.variant_id if one.version is not None else None
        parts = {
            part
            for offer, variant, make, organisation, part in known
            if (offer is not None and offer == one.offer_id and variant in {None, size})
            or (make is not None and (make, organisation) == (one.make_id, one.organisation_id))
        }
        if parts:
            counted[one.pk] = len(parts)
    return counted


@dataclass(frozen=True, slots=True)
class Rule:
    """By which rule a part is paid, in words.

    Attributes:
        pays: who pays.
        anew: first day on which the thing can be had anew; ``None``: no term is known.
        source: where that is said; "" where the supplier's warranty says it.
    """

    pays: Pays
    anew: date | None
    source: str

    @property
    def is_over(self) -> bool:
        """Whether the term of use of the thing is over today."""
        return self.anew is not None and self.anew <= clock.today()


def received_on(item: Item) -> date:
    """The day on which a thing was received; that of the hand-over while nobody has confirmed it."""
    return item.received_on or item.handed_over_on


def anew_on(item: Item) -> date | None:
    """The first day on which a thing can be had anew; ``None`` where no term is known."""
    line, received = item.line, received_on(item)
    terms = terms_of(line.kind_id, territory_code=line.programme.territory_code, on=received)
    return anew_from(
        received_on=received,
        months=terms.replacement_months,
        last_received_on=line.last_received_on,
        next_on=line.next_on,
    )


def rule_of(item: Item, part: Part) -> Rule:
    """Who pays for a part of a thing today, and by which rule."""
    today = clock.today()
    in_term, after_term = (reference.value(key, at=today) for key in (IN_TERM, AFTER_TERM))
    anew = anew_on(item)
    found = pays(
        on=today,
        warranty_until=item.warranty_until,
        is_covered=part.is_covered,
        anew=anew,
        in_term=in_term.text,
        after_term=after_term.text,
    )
    used = after_term if anew is not None and anew <= today else in_term
    source = "" if found is Pays.WARRANTY else words_of_source(used.citation) or used.citation
    return Rule(found, anew, source)


def person_part(part_price: Decimal, quantity: int, rule: Rule) -> Decimal:
    """What the person pays for so many of a part, tenge."""
    return Decimal(0) if rule.pays is Pays.WARRANTY else part_price * quantity


@dataclass(frozen=True, slots=True)
class Choice:
    """A part as who holds the thing sees it.

    Attributes:
        part: the part.
        rule: who pays, and why.
        price: of one, tenge.
        order: an order of it for this thing that is open.
    """

    part: Part
    rule: Rule
    price: Decimal
    order: PartOrder | None


@dataclass(frozen=True, slots=True)
class PartsOfThing:
    """The parts of a thing.

    Attributes:
        item: the thing.
        goods: in words.
        number: in words; "" where none was told.
        days_left: of the warranty.
        choices: parts that fit.
        takes_orders: whether its supplier takes orders now.
    """

    item: Item
    goods: str
    number: str
    days_left: int
    choices: list[Choice]
    takes_orders: bool


def rows_of_things() -> QuerySet[Item]:
    """Things with all that the rule of who pays reads."""
    return items.rows().select_related(*items.SHOWN, "line__programme", "person")


def thing_for(actor: Actor, key: UUID) -> Item:
    """A thing with all that the rule of who pays reads, for whom it concerns: the person, who acts for the person, or
    an officer of the place (``aftercare.queries.item_for``).

    Raises:
        NotFound: there is none, or not for this actor.
        ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
    """
    item = rows_of_things().filter(pk=key).first()
    if item is None:
        raise NotFound
    person_for(actor, item.person_id)
    return item


def takes_orders(item: Item) -> bool:
    """Whether the supplier that answers for a thing takes orders now; where none has a desk here, nobody does."""
    supplier = getattr(item.organisation, "supplier", None) if item.organisation is not None else None
    return supplier is not None and may_take_orders(supplier, clock.today())


def parts_of(item: Item, found: Sequence[Part]) -> PartsOfThing:
    """Some parts of a thing (of ``fitting``), with what each costs today (one query)."""
    today = clock.today()
    orders = PartOrder.objects.filter(item=item, part__in=found, state__in=PartOrder.open_states())
    open_ones = {one.part_id: one for one in orders}
    choices = [
        Choice(one, rule_of(item, one), one.current.price, open_ones.get(one.pk)) for one in found if one.current
    ]
    return PartsOfThing(
        item=item,
        goods=items.goods(item),
        number=items.number_words(item),
        days_left=items.days_left(item, today),
        choices=choices,
        takes_orders=takes_orders(item),
    )


# --- a thing by its number


def _by_number(rows: QuerySet[Item], typed: str) -> list[Item]:
    number = normal(typed)
    if not number:
        return []
    # those that are still held before those that came back; what else is shown is read by their keys
    found = rows.filter(number=number).order_by(F("ended_on").desc(nulls_first=True), "-id")
    keys = list(found.values_list("pk", flat=True)[:MOST_FOUND])
    read = rows_of_things().in_bulk(keys)
    return [read[key] for key in keys if key in read]


def of_person_by_number(person_id: UUID, typed: str) -> list[Item]:
    """Things of a person with a serial or batch number, as it was typed; those still held first."""
    return _by_number(Item.objects.filter(person=person_id), typed)


def of_supplier_by_number(actor: Actor, typed: str) -> list[Item]:
    """Things that a supplier has handed over, by number; of other suppliers none.

    Raises:
        NotAllowed: the actor acts for no supplier.
    """
    return _by_number(Item.objects.filter(organisation=supplier_of(actor).organisation_id), typed)


# --- a supplier's list


def list_of(actor: Actor) -> QuerySet[Part]:
    """The parts of a supplier.

    Raises:
        NotAllowed: the actor acts for no supplier.
    """
    return Part.objects.filter(supplier=supplier_of(actor)).select_related("current")


def part_for(actor: Actor, key: UUID) -> Part:
    """A part of the actor's own list.

    Raises:
        NotFound: there is none, or it is another supplier's.
    """
    if actor.desk is not Desk.SUPPLIER:
        raise NotFound
    found = list_of(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def narrowed(rows: QuerySet[Part], article: str) -> QuerySet[Part]:
    """Parts whose article number begins like this; "" narrows nothing."""
    typed = as_meant(article).strip()
    return rows.filter(article__startswith=typed) if typed else rows


def prices_of(part: Part) -> list[PartPrice]:
    """Prices of a part, newest first; 20 at most (one query)."""
    return list(part.prices.order_by("-n")[:20])


@dataclass(frozen=True, slots=True)
class Fit:
    """What a part fits.

    Attributes:
        key: by which it is taken off.
        words: an offer, one size of it, or what local bodies have bought.
    """

    key: UUID
    words: str


def fits_of(part: Part) -> list[Fit]:
    """What a part fits (one query)."""
    found = part.fits.select_related("offer", "variant", "make__kind").order_by("id")
    return [Fit(one.pk, _fit_words(one)) for one in found]


def _fit_words(fit: PartFit) -> str:
    if fit.make is not None:
        return make_words(fit.make)
    offer = fit.offer.name if fit.offer is not None else ""
    size = size_text(fit.variant.label) if fit.variant is not None else _("every size")
    return f"{offer}, {size}"


def admitted_of(supplier_id: UUID) -> QuerySet[Offer]:
    """Offers of a supplier that were admitted once: people may hold goods of them."""
    return Offer.objects.filter(supplier=supplier_id).exclude(state__in=Offer.BEFORE)


def bought_of(supplier_id: UUID) -> QuerySet[Make]:
    """Maker and model of what local bodies have bought from a supplier."""
    own = Item.objects.filter(organisation__supplier=supplier_id, make__isnull=False)
    return Make.objects.filter(pk__in=own.values("make")).select_related("kind")


def make_words(make: Make) -> str:
    """Maker and model of what was bought, in words."""
    told = ", ".join(one for one in (make.maker, make.model) if one)
    return _("bought by a department: %(kind)s, %(make)s") % {"kind": make.kind.name, "make": told}


def may_fit(part: Part, words: str = "") -> list[tuple[str, str]]:
    """What a part can be said to fit, as keys and words: newest offers, or those found by words of a size; and what
    local bodies have bought from the supplier (four queries).
    """
    rows = admitted_of(part.supplier_id)
    # a word narrows by an index of sizes
    found = list((narrowed_offers(rows, words=words) if words else rows).order_by("-id")[:MOST_OFFERS])
    sizes: dict[UUID, list[Variant]] = {}
    for one in Variant.objects.filter(offer__in=found).order_by("label"):
        sizes.setdefault(one.offer_id, []).append(one)
    fits = list(part.fits.all())
    known, makes = {(one.offer_id, one.variant_id) for one in fits}, {one.make_id for one in fits}
    told: list[tuple[str, str]] = []
    for offer in found:
        if (offer.pk, None) in known:
            continue
        told.append((f"offer:{offer.pk}", _("%(offer)s: every size") % {"offer": offer.name}))
        told += [
            (f"variant:{one.pk}", f"{offer.name}, {size_text(one.label)}")
            for one in sizes.get(offer.pk, [])
            if (offer.pk, one.pk) not in known
        ]
    bought = bought_of(part.supplier_id).order_by("-id")[:MOST_OFFERS] if not words else ()
    told += [(f"make:{one.pk}", make_words(one)) for one in bought if one.pk not in makes]
    return told


def others_of(order: PartOrder) -> dict[str, str]:
    """Other parts of the thing of an order, by key, with their names (one query)."""
    found = fitting(order.item).exclude(pk=order.part_id).order_by("article")[:MOST_PARTS]
    return {str(one.pk): f"{one.article}, {one.name}" for one in found}
