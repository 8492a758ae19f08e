"""Guaranteed amounts as dated rows: their versions, a new one, and what it would change for people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import GuaranteedAmount, Kind, Offer, ProvisionChannel, Variant
from tirek.catalogue.provision import PROVISIONS, Way
from tirek.catalogue.regional import Regional
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.reference.amendments import Amendment, require_reader
from tirek.suppliers.queries import taking_orders

#: No amount passes it: beyond it somebody has mistyped.
MOST: Final = Decimal(100_000_000)


def _rule(row: GuaranteedAmount) -> None:
    if not 0 < row.amount <= MOST:
        raise RuleBroken(_("The amount must be more than 0 and at most 100 000 000 tenge."), code="amount")


#: The guaranteed amounts. Orders that were sent keep the amount of their day.
AMOUNTS: Final[Regional[GuaranteedAmount]] = Regional(
    GuaranteedAmount,
    Amendment.Area.AMOUNT,
    said=lambda row: {"value": f"{row.amount:f}", "unit": "tenge"},
    rule=_rule,
)


def without_amount(actor: Actor, day: date) -> list[Kind]:
    """Kinds that people order on the portal and for which no amount is in force on a day: nobody can order them.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    require_reader(actor)
    return list(
        Kind.objects.filter(
            Q(channel=ProvisionChannel.PORTAL, orderable_from__lte=day)
            | Q(pk__in=PROVISIONS.in_force(day).filter(way=Way.PORTAL).values("kind_id"))
        ).exclude(pk__in=AMOUNTS.in_force(day).values("kind_id"))
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new amount would change for people, if all offers stayed as they are today.

    Attributes:
        before: the amount that would else be in force on its first day, tenge per unit; ``None`` where there is none.
        offers: offers of the kind that are delivered where the amount holds.
        dearer: of them, those for which people would pay more themselves.
        cheaper: of them, those for which people would pay less themselves.
        free: of them, those that would cost nothing, in every size.
    """

    before: Decimal | None
    offers: int
    dearer: int
    cheaper: int
    free: int


def effect_of(row: GuaranteedAmount) -> Effect:
    """What a new version would change (four queries)."""
    known = {one.region_code: one.amount for one in AMOUNTS.in_force(row.effective_from).filter(kind=row.kind_id)}
    own = known.get(row.region_code)
    before = own if own is not None else known.get("")
    # the amount of the republic holds where a region has none of its own
    elsewhere = {code[:2] for code in known if code} if not row.region_code else set()
    prices = _prices(row.kind_id, region=row.region_code[:2], without=elsewhere)
    old = {key: [_own_part(price, before) for price in found] for key, found in prices.items()}
    new = {key: [_own_part(price, row.amount) for price in found] for key, found in prices.items()}
    pairs = [list(zip(old[key], new[key], strict=True)) for key in prices]
    return Effect(
        before=before,
        offers=len(prices),
        dearer=sum(any(was < will for was, will in one) for one in pairs) if before is not None else 0,
        cheaper=sum(any(was > will for was, will in one) for one in pairs) if before is not None else 0,
        free=sum(not any(found) for found in new.values()),
    )


def _own_part(price: Decimal, limit: Decimal | None) -> Decimal:
    return price if limit is None else max(Decimal(0), price - limit)


def _prices(kind_code: str, *, region: str, without: set[str]) -> dict[UUID, list[Decimal]]:
    """Prices of the sizes of every offer of a kind that reaches a region (any region that is not ``without``)."""
    offers = Offer.objects.filter(state=Offer.State.ACTIVE, supplier__in=taking_orders(clock.today()), kind=kind_code)
    found: dict[UUID, list[Decimal]] = {}
    sizes = Variant.objects.filter(active=True, current__isnull=False, offer__in=offers)
    for key, places, price in sizes.values_list("offer_id", "offer__delivers_to", "current__price"):
        reached = {str(place)[:2] for place in places}
        if region in reached if region else reached - without:
            found.setdefault(key, []).append(price)
    return found
