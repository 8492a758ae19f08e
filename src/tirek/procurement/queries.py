"""Reads of purchases and lots: what the local body buys where, what is free for a lot, how a purchase stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from tirek.catalogue.models import Kind, Period, ProvisionChannel
from tirek.catalogue.provision import provided
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.registry import code_of
from tirek.core.errors import NotFound
from tirek.core.places import covered, region_of
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.provision import provided_of
from tirek.orders import items
from tirek.orders.models import Make
from tirek.people.queries import person_for
from tirek.procurement.case_types import PURCHASES
from tirek.procurement.models import Appointment, Lot, Purchase
from tirek.suppliers.models import Supplier
from tirek.territory.queries import districts, regions

#: Numbers that a refusal names; the rest are counted.
MOST_NAMED: Final = 20
#: Lines that are read at once.
_CHUNK: Final = 500


def lines_of_region(region_code: str, kinds: Sequence[Kind]) -> QuerySet[Line]:
    """Lines of a region that its local body may buy by today, without an open purchase, by key."""
    today = clock.today()
    bought = [one.code for one in kinds if provided(one, territory_code=region_code, on=today).is_bought]
    opened = Purchase.objects.filter(person=OuterRef("person"), kind=OuterRef("kind"), state__in=Purchase.open_states())
    return (
        Line.objects.filter(
            covered(region_code, "programme__territory_code"),
            Q(channel=ProvisionChannel.PROCUREMENT) | Q(kind__in=bought),
            ~Q(channel=ProvisionChannel.EMPLOYER),
            Q(last_received_on__isnull=True) | Q(next_on__lte=today) | ~Q(window=Period.ONCE),
            Q(programme__valid_until__isnull=True) | Q(programme__valid_until__gte=today),
            ~Exists(opened),
            programme__state=Programme.State.ACTIVE,
            person__deceased_on__isnull=True,
        )
        .select_related("programme", "kind", "person")
        .order_by("pk")
    )


def lines_to_buy() -> Iterator[Line]:
    """Lines of the whole country that local bodies buy today and of which no purchase is open."""
    today, kinds = clock.today(), list(Kind.objects.all())
    for region in regions():
        for line in lines_of_region(region.code, kinds).iterator(chunk_size=_CHUNK):
            if provided_of(line, today).is_bought:
                yield line


def lines_of_programme(programme_id: UUID) -> list[Line]:
    """Lines of an active programme that the local body buys."""
    found = Line.objects.filter(programme=programme_id, programme__state=Programme.State.ACTIVE)
    today = clock.today()
    return [one for one in found.select_related("programme", "kind", "person") if provided_of(one, today).is_bought]


def line_that_gives(person_id: UUID, kind_code: str) -> Line | None:
    """The line of a kind in an active programme of a person, where the local body buys it."""
    found = Line.objects.filter(person=person_id, kind=kind_code, programme__state=Programme.State.ACTIVE)
    line = found.select_related("programme", "kind", "person").order_by("-created_at").first()
    return line if line is not None and provided_of(line, clock.today()).is_bought else None


def open_of(person_id: UUID, kind_code: str) -> Purchase | None:
    """The open purchase of a kind for a person; there is one at most."""
    return Purchase.objects.filter(person=person_id, kind=kind_code, state__in=Purchase.open_states()).first()


def free() -> QuerySet[Purchase]:
    """Needs that are in no lot."""
    return Purchase.objects.filter(state=Purchase.State.NEEDED, lot__isnull=True)


def free_of(actor: Actor, kind_code: str, places: Sequence[str], until: datetime) -> QuerySet[Purchase]:
    """Needs of a kind in the actor's region, recorded by a moment, who waits longest first; of some districts only,
    where any are named.
    """
    found = free().filter(covered(region_of(actor.territory), "territory_code"), kind=kind_code, created_at__lte=until)
    if places:
        found = found.filter(territory_code__in=places)
    return found.order_by("waits_since", "pk")


@dataclass(frozen=True, slots=True)
class Need:
    """What waits for a lot in a region, of one kind.

    Attributes:
        kind: of the classifier.
        people: purchases.
        pieces: units of the kind.
        since: day since which the first person waits.
    """

    kind: Kind
    people: int
    pieces: int
    since: object


def needs_of(actor: Actor) -> list[Need]:
    """What waits for a lot in the actor's region, by kind (two queries)."""
    found = free().filter(covered(region_of(actor.territory), "territory_code")).values("kind")
    rows = found.annotate(people=Count("pk"), units=Sum("quantity"), since=Min("waits_since")).order_by("since")
    told = list(rows)
    kinds = Kind.objects.in_bulk([one["kind"] for one in told])
    return [Need(kinds[one["kind"]], one["people"], one["units"], one["since"]) for one in told]


def by_district(actor: Actor, kind_code: str) -> list[tuple[str, str, int]]:
    """Where the needs of a kind are: code and name of the district, and how many (two queries)."""
    found = free().filter(covered(region_of(actor.territory), "territory_code"), kind=kind_code)
    counts = dict(found.values("territory_code").annotate(n=Count("pk")).values_list("territory_code", "n"))
    names = {one.code: one.name for one in districts(region_of(actor.territory))}
    return [(code, names.get(code, code), counts[code]) for code in sorted(counts, key=lambda one: names.get(one, one))]


@dataclass(frozen=True, slots=True)
class Gone:
    """A need that was free when a page was shown, and is not any more.

    Attributes:
        number: of the purchase.
        lot: number of the lot that took it; "" when it ended.
    """

    number: str
    lot: str


def gone_since(actor: Actor, kind_code: str, places: Sequence[str], since: datetime) -> list[Gone]:
    """Needs of a kind that left the actor's region's list since a page was shown: into another lot, or ended."""
    found = Purchase.objects.filter(
        covered(region_of(actor.territory), "territory_code"),
        Q(lot__created_at__gt=since) | Q(state=Purchase.State.CANCELLED, state_since__gt=since),
        kind=kind_code,
        created_at__lte=since,
    )
    if places:
        found = found.filter(territory_code__in=places)
    rows = found.order_by("number").values_list("number", F("lot__number"))
    return [Gone(number, lot or "") for number, lot in rows]


def kind_of(code: str) -> Kind:
    """A kind of the classifier.

    Raises:
        NotFound: there is none.
    """
    kind = Kind.objects.filter(code=code).first()
    if kind is None:
        raise NotFound
    return kind


def states_of(lot: Lot) -> list[tuple[str, int]]:
    """How the purchases of a lot stand: the state in words, and how many (one query)."""
    counts = dict(lot.purchases.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return [(str(Purchase.State(one).label), counts[one]) for one in Purchase.State.values if one in counts]


def lagging(lot: Lot) -> QuerySet[Purchase]:
    """Purchases of a lot that have not followed its state yet, by key."""
    behind = {
        Lot.State.ANNOUNCED.value: Q(state=Purchase.State.NEEDED),
        Lot.State.CONTRACTED.value: Q(state__in=Purchase.BEFORE_CONTRACT),
    }
    gave_back = Q(state__in=Purchase.BEFORE_CONTRACT | Purchase.UNDER_CONTRACT)
    return lot.purchases.filter(behind.get(lot.state, gave_back)).order_by("pk")


def done_lots() -> QuerySet[Lot]:
    """Lots under contract of which nothing is open any more."""
    opened = Purchase.objects.filter(lot=OuterRef("pk"), state__in=Purchase.open_states())
    return Lot.objects.filter(~Exists(opened), state=Lot.State.CONTRACTED, moving=False).order_by("pk")


def opened_on_portal() -> Iterator[Purchase]:
    """Needs in no lot whose kind people order on the portal now."""
    today = clock.today()
    rows = free().select_related("line__programme", "line__kind").order_by("pk")
    for one in rows.iterator(chunk_size=_CHUNK):
        if provided_of(one.line, today).can_be_ordered(today):
            yield one


def present(purchase: Purchase) -> Appointment | None:
    """The round of fitting that is open (one query)."""
    return purchase.fittings.filter(outcome="").first()


def line_for_need(actor: Actor, key: UUID) -> Line:
    """A line that the local body buys, for an officer who records the need.

    Raises:
        NotFound: there is none, or not for this actor, or it is not bought.
        ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
    """
    line = Line.objects.filter(pk=key).select_related("programme", "kind", "person").first()
    if line is None:
        raise NotFound
    person_for(actor, line.person_id)
    if not provided_of(line, clock.today()).is_bought:
        raise NotFound
    return line


def bought_for(person_id: UUID) -> list[Line]:
    """Lines of a person's active programmes that the local body buys and of which no purchase is open."""
    opened = Purchase.objects.filter(person=person_id, kind=OuterRef("kind"), state__in=Purchase.open_states())
    # first the programmes, which are few: a join would read all of them
    programmes = list(Programme.objects.filter(person=person_id, state=Programme.State.ACTIVE).values_list("pk"))
    found = Line.objects.filter(~Exists(opened), programme__in=[key for (key,) in programmes])
    today = clock.today()
    rows = found.select_related("programme", "kind", "person").order_by("kind__position")
    return [one for one in rows if provided_of(one, today).is_bought]


def of_person(actor: Actor, person_id: UUID) -> QuerySet[Purchase]:
    """Open purchases of a person that the actor may see, newest first."""
    found = PURCHASES.visible_to(actor).filter(person=person_id, state__in=Purchase.open_states())
    return found.order_by("-created_at")


def of_line(actor: Actor, line: Line) -> Purchase | None:
    """The newest purchase of a line that the actor may see: the open one, where there is one."""
    found = PURCHASES.visible_to(actor).filter(line=line)
    return found.filter(state__in=Purchase.open_states()).first() or found.order_by("-created_at").first()


def days_waited(purchase: Purchase) -> int:
    """Days since which the person has waited, until the receipt."""
    last = purchase.state_since.astimezone(clock.COUNTRY_ZONE).date() if purchase.state in Purchase.ENDED else None
    since = purchase.waits_since or purchase.created_at.astimezone(clock.COUNTRY_ZONE).date()
    return max(((last or clock.today()) - since).days, 0)


def price_of(lot: Lot) -> Decimal | None:
    """What all pieces of a lot cost by its contract, tenge."""
    return None if lot.price is None else lot.price * lot.pieces


def supplier_of(purchase: Purchase) -> Mapping[str, str]:
    """Name and telephone of the supplier of a purchase, where there is a contract."""
    lot = purchase.lot
    if lot is None or not lot.contract_number:
        return {}
    name = lot.organisation.name if lot.organisation is not None else lot.supplier_name
    return {"name": name, "phone": lot.supplier_phone}


def waiting_of(person_id: UUID) -> int:
    """How many purchases of a person wait for the person (one query)."""
    return Purchase.objects.filter(person=person_id, state__in=Purchase.NEEDS_PERSON).count()


def source_of(purchase: Purchase, lot: Lot, make: Make | None, months: int) -> items.Source:
    """Where the goods of a purchase come from. The supplier of the contract answers for them where it is in the
    register of suppliers here; else the local body that bought them (one query).
    """
    known = lot.organisation_id
    is_here = known is not None and Supplier.objects.filter(organisation=known).exists()
    return items.Source(
        case_type=code_of(Purchase),
        case_id=purchase.pk,
        case_number=purchase.number,
        person_id=purchase.person_id,
        line_id=purchase.line_id,
        kind_code=purchase.kind_id,
        maker=make.maker_key if make is not None else "",
        warranty_months=months,
        organisation_id=known if is_here else None,
        make_id=make.pk if make is not None else None,
    )


def must_be_numbered(purchase: Purchase) -> bool:
    """Whether the goods that the contract names are handed over only with their number: something like them is on hold
    (four queries at most).
    """
    lot = purchase.lot
    if lot is None or not lot.maker:
        return False
    make = items.known_make(purchase.kind_id, lot.maker, lot.model)
    source = source_of(purchase, lot, make, lot.warranty_months)
    return items.must_be_numbered(replace(source, maker=items.make_keys(lot.maker, lot.model)["maker_key"]))
