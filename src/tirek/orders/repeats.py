"""Ordering the same again: what was received last of a line, and what has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.queries import offers_of
from tirek.catalogue.units import units_of_kind
from tirek.core import clock
from tirek.core.database.compiled import CompiledObject
from tirek.core.errors import NotFound, RuleBroken
from tirek.entitlements.models import Line
from tirek.entitlements.queries import LineStatus
from tirek.orders.models import Order
from tirek.people.models import Person
from tirek.ui.text import number_text, paid_text, size_text, tenge_text

#: Field of an order form that names the order which it repeats.
AGAIN: Final = "again"
_GOODS: Final = ("version_of_offer__variant__offer__kind", "version_of_offer__variant__current")


_NEWEST: Final[CompiledObject[Order]] = CompiledObject(
    lambda lines: (
        Order.objects.filter(line__any_of=lines, state=Order.State.RECEIVED)
        .select_related(*_GOODS)
        .order_by("line", "-created_at", "-pk")
        .distinct("line")
    ),
    lines=list,
)


def last_received(lines: Iterable[UUID]) -> dict[UUID, Order]:
    """The newest received order of each line, by line (one query)."""
    return {one.line_id: one for one in _NEWEST.all(lines=list(lines))}


def last_received_of_kind(person_id: UUID, kind_code: str) -> Order | None:
    """The newest received order of a kind of a person, by whichever line (one query)."""
    rows = Order.objects.filter(person=person_id, kind_code=kind_code, state=Order.State.RECEIVED)
    return rows.select_related(*_GOODS).order_by("-created_at", "-pk").first()


def last_of_person(person: Person) -> Order | None:
    """The newest order of a person whose address is still kept."""
    return Order.objects.filter(person=person).exclude(address="").order_by("-created_at", "-pk").first()


def version_again(order: Order, person: Person) -> OfferVersion | None:
    """The present version of what was ordered, when it can be ordered again; ``None`` when it is gone or out of
    stock.
    """
    variant = order.version_of_offer.variant
    offers = offers_of(variant.offer.kind, on=clock.today(), territory_code=person.territory_id)
    is_offered = variant.active and variant.stock > 0 and offers.filter(pk=variant.offer_id).exists()
    return variant.current if is_offered else None


@dataclass(frozen=True, slots=True)
class Again:
    """What orders the same again.

    Attributes:
        last: the order that is repeated.
        version: what is offered of its goods now.
        quantity: units: as many as then, or as can be ordered now.
    """

    last: Order
    version: OfferVersion
    quantity: int

    @property
    def goods(self) -> str:
        """The goods with their size or model."""
        variant = self.last.version_of_offer.variant
        return f"{variant.offer.name}, {size_text(variant.label)}"

    @property
    def units(self) -> str:
        """How many, with the unit of the kind."""
        return units_of_kind(self.quantity, self.last.kind_code)

    @property
    def chosen(self) -> dict[str, str]:
        """The same as the form of an order keeps it."""
        return {"version": str(self.version.pk), "quantity": str(self.quantity), AGAIN: self.last.number}


def same_again(status: LineStatus) -> Again:
    """What was received last of a line, as it can be ordered now.

    Raises:
        NotFound: nothing of it was received yet.
        RuleBroken: nothing can be ordered now, or what was received is not offered any more.
    """
    line = status.line
    last = last_received([line.pk]).get(line.pk)
    if last is None:
        raise NotFound
    if not status.can_order:
        raise RuleBroken(status.explanation)
    version = version_again(last, line.person)
    if version is None:
        raise RuleBroken(
            _("What you received last time is not offered now."),
            next_step=_("Choose another offer: address and phone are kept."),
            code="offer_gone",
        )
    return Again(last, version, min(last.quantity, status.availability.most, version.variant.stock))


def since_last(line: Line, version: OfferVersion, quantity: int, each: Decimal, number: str) -> list[str]:
    """What has changed since the order that is repeated, a sentence each; nothing for an order that repeats none. How
    many were ordered last is of the newest order of the line: one that still comes in parts, too.

    Args:
        line: for which it is ordered; an order of another line is none that is repeated.
        version: what is ordered now.
        quantity: units.
        each: the person's part of one unit now, tenge.
        number: of the order that is repeated, "" for none.
    """
    before = Order.objects.filter(line=line, number=number).select_related("version_of_offer")
    last = before.first() if number else None
    if last is None:
        return []
    newest = Order.objects.filter(line=line).exclude(state__in=[Order.State.DECLINED, Order.State.CANCELLED])
    ordered = newest.order_by("-created_at", "-pk").values_list("quantity", flat=True).first() or last.quantity
    found = []
    if version.price != last.unit_price:
        told = {"old": tenge_text(last.unit_price), "new": tenge_text(version.price)}
        found.append(_("The price of one was %(old)s and is now %(new)s.") % told)
    if each * last.quantity != last.person_part:
        told = {"old": paid_text(last.person_part / last.quantity), "new": paid_text(each)}
        found.append(_("What you pay for one has changed: it was %(old)s, now it is %(new)s.") % told)
    if quantity != ordered:
        told = {"old": number_text(ordered), "new": number_text(quantity)}
        found.append(_("Last time you ordered %(old)s, now %(new)s.") % told)
    if version.delivery_days != last.version_of_offer.delivery_days:
        told = {"old": str(last.version_of_offer.delivery_days), "new": str(version.delivery_days)}
        found.append(_("Days to deliver: %(old)s then, %(new)s now.") % told)
    return found
