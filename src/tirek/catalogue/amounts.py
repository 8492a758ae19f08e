"""Guaranteed amounts as dated rows: their versions, a new one, and what it would change for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import GuaranteedAmount, Kind, Offer, ProvisionChannel, Variant
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference import amendments
from tirek.core.reference.amendments import Amended, Amendment, require_admin, require_reader
from tirek.suppliers.queries import taking_orders
from tirek.territory.queries import regions

#: No amount passes it: beyond it somebody has mistyped.
MOST: Final = Decimal(100_000_000)


def name_of(kind_code: str, region_code: str) -> str:
    """How what an amount is of is called in the list of amendments."""
    return f"{kind_code} {region_code}".strip()


_AMOUNTS: Final[Amended[GuaranteedAmount]] = Amended(
    Amendment.Area.AMOUNT,
    what=lambda row: name_of(row.kind_id, row.region_code),
    said=lambda row: {"value": f"{row.amount:f}", "unit": "tenge", "region_code": row.region_code},
)


def amounts_of(actor: Actor, kind: Kind) -> list[GuaranteedAmount]:
    """Every version of a kind's amounts: of the republic first, then by region, newest first (one query).

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    require_reader(actor)
    return list(GuaranteedAmount.objects.filter(kind=kind).order_by("region_code", "-effective_from"))


def amendments_of(actor: Actor, kind: Kind, shown: Iterable[GuaranteedAmount]) -> QuerySet[Amendment]:
    """Who amended a kind's amounts, newest first; ``shown`` are its versions.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    places = {"", *(one.code for one in regions()), *(one.region_code for one in shown)}
    return amendments.amendments_of(actor, Amendment.Area.AMOUNT, [name_of(kind.code, place) for place in places])


def without_amount(actor: Actor, day: date) -> list[Kind]:
    """Kinds that people order on the portal and for which no amount is in force on a day: nobody can order them.

    Raises:
        NotAllowed: the actor is neither administrator nor analyst.
    """
    require_reader(actor)
    return list(
        Kind.objects.filter(channel=ProvisionChannel.PORTAL, orderable_from__lte=day).exclude(
            pk__in=_in_force(day).values("kind_id")
        )
    )


def _in_force(day: date) -> QuerySet[GuaranteedAmount]:
    return GuaranteedAmount.objects.filter(effective_from__lte=day).filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=day)
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
    known = {one.region_code: one.amount for one in _in_force(row.effective_from).filter(kind=row.kind_id)}
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


def check_amount(*, actor: Actor, row: GuaranteedAmount, reason: str = "") -> GuaranteedAmount:
    """What ``amend_amount`` would refuse, without writing; returns the version as it would be written.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such kind.
        RuleBroken: see ``amend_amount``.
    """
    require_admin(actor)
    if not Kind.objects.filter(pk=row.kind_id).exists():
        raise NotFound
    if not 0 < row.amount <= MOST:
        raise RuleBroken(_("The amount must be more than 0 and at most 100 000 000 tenge."), code="amount")
    if row.region_code and row.region_code not in {one.code for one in regions()}:
        raise RuleBroken(_("Choose a region from the list."), code="region")
    row.citation = amendments.check_source(row.citation)
    amendments.check_days(row, reason)
    amendments.check_room(row)
    return row


def amend_amount(*, actor: Actor, row: GuaranteedAmount, reason: str = "") -> GuaranteedAmount:
    """Add a new version of a guaranteed amount; the open version of the same kind and region ends the day before.

    Orders that were sent keep the amount of their day. A version that an administrator let begin today is replaced by
    the next one that begins today.

    Args:
        actor: an administrator.
        row: the version, not written yet.
        reason: why it reaches back, when its first day has passed.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such kind.
        RuleBroken: no amount, no source, an unknown region, a first day far away or in the past without a reason, or
            days of another version.
    """
    with transaction.atomic():
        # of two administrators who begin a region's amounts at once, the second sees what the first wrote
        list(Kind.objects.select_for_update().filter(pk=row.kind_id).values_list("pk"))
        clean = check_amount(actor=actor, row=row, reason=reason)
        return amendments.add(_AMOUNTS, actor=actor, row=clean, reason=reason)


def withdraw_amount(*, actor: Actor, key: UUID, reason: str = "") -> GuaranteedAmount:
    """Take back a version before its first day; the version that it closed is open again.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such version.
        RuleBroken: its first day has come.
    """
    require_admin(actor)
    with transaction.atomic():
        row = GuaranteedAmount.objects.select_for_update().filter(pk=key).first()
        if row is None:
            raise NotFound
        amendments.withdraw(_AMOUNTS, actor=actor, row=row, reason=reason)
    return row
