"""Reads of prepared orders: what can be sent now, for whom, and how many were taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.models import GuaranteedAmount, OfferVersion, Period, ProvisionChannel
from tirek.catalogue.provision import can_be_ordered, opened_between
from tirek.catalogue.queries import fit_for, guaranteed_amount
from tirek.catalogue.ranking import only_one_that_fits, other_size_that_fits
from tirek.catalogue.rules import Fit, Verdict
from tirek.catalogue.units import units_text
from tirek.catalogue.words import PriceTold, ReasonInWords, Words, told_price
from tirek.core import acting, clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import add_months
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.personal import viewlog
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.provision import provided_of
from tirek.entitlements.queries import LineStatus, status_of
from tirek.entitlements.reasons import Answer, Reader, of_split
from tirek.entitlements.rules import PriceSplit, Reason, split_price, window_of
from tirek.orders.models import Order
from tirek.orders.repeats import last_received_of_kind, since_last, version_again
from tirek.people.models import Measurement, Person
from tirek.people.queries import is_fresh, is_minor, majority_months, measurements
from tirek.people.rules import of_age_born_by
from tirek.prepared import rules
from tirek.prepared.models import Prepared, Unwanted
from tirek.ui.text import day_text

#: Prepared orders in a person's file and at home.
MOST: Final = 10


def days(key: str) -> int:
    """Days of a term of this app that is in force today (reference ``prepared.*``)."""
    return reference.term(f"prepared.{key}", at=clock.today()).amount


def is_unwanted(person_id: UUID) -> bool:
    """Whether a person wants no orders to be prepared (one query)."""
    return Unwanted.objects.filter(person=person_id).exists()


# --- what is prepared


@dataclass(frozen=True, slots=True)
class Size:
    """What was received last against the person's measurements.

    Attributes:
        fit: of the offer as it is now.
        needed: words of the measurements that it is compared with, by code.
        is_sure: whether each of them is on file and fresh (reference ``people.measured_within``).
        outgrown_on: day of the newest measurement by which it does not fit and that is newer than the order.
        doubtful_since: last day on which a child's measurement was fresh that is old now.
    """

    fit: Fit
    needed: dict[str, str]
    is_sure: bool
    outgrown_on: date | None
    doubtful_since: date | None


def size_of(line: Line, version: OfferVersion, ordered_on: date) -> Size:
    """How what was ordered on a day fits the person of a line (loaded) today."""
    today, person = clock.today(), line.person
    fit = fit_for(person, line.asked, version.parameters, on=today)
    needed = Words(line.kind_id).measurements([one.measurement for one in fit.reasons])
    newest: dict[str, Measurement] = measurements(person) if needed else {}
    stale = [newest[code] for code in needed if code in newest and not is_fresh(newest[code], person, today)]
    grown = [
        newest[one.measurement].measured_on
        for one in fit.reasons
        if one.verdict is Verdict.DOES_NOT_FIT and one.measurement in newest
    ]
    outgrown = max(grown, default=None)
    return Size(
        fit=fit,
        needed=needed,
        is_sure=not stale and all(code in newest for code in needed),
        outgrown_on=outgrown if outgrown is not None and outgrown > ordered_on else None,
        doubtful_since=_doubt(person, stale),
    )


def _doubt(person: Person, stale: list[Measurement]) -> date | None:
    """The last day on which the oldest of a child's measurements was fresh; ``None`` where none is old, or it is no
    child.
    """
    today = clock.today()
    if not stale or not is_minor(person, today):
        return None
    months = int(reference.value("people.measured_within", at=today, scopes=["child"]).number)
    return add_months(min(one.measured_on for one in stale), months)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is prepared for a line.

    Attributes:
        last: what was received last; ``None`` for nothing yet.
        version: the same goods as they are offered now, another size of them where that one alone fits what has
            changed, or the only ones that fit where nothing was received yet: they fit, reach the place and are in
            stock. ``None`` where the person chooses.
        quantity: units.
        size: of the goods that are prepared; where there are none, of what was received last.
        grown: of what was received last, where another size of it is prepared.
    """

    last: Order | None
    version: OfferVersion | None
    quantity: int
    size: Size | None
    grown: Size | None = None

    @property
    def of_last(self) -> Size | None:
        """How what was received last fits today."""
        return self.grown or self.size

    @property
    def asks_size(self) -> bool:
        """Whether the person is asked for measurements before anything is sent: nothing is guessed."""
        return self.size is not None and not self.size.is_sure


def choice_for(status: LineStatus) -> Choice:
    """What can be prepared of a line that can be ordered now: nothing else is put in the place of what was received
    but the one size of it that fits who has outgrown the last, and of a first order only what leaves no choice.
    """
    line, most = status.line, status.availability.most
    last = last_received_of_kind(line.person_id, line.kind_id)
    if last is None:
        only = _only_one(line, most)
        size = size_of(line, only, clock.today()) if only is not None else None
        return Choice(None, only, most, size)
    ordered_on = last.created_at.astimezone(clock.COUNTRY_ZONE).date()
    known = last.version_of_offer.variant.current or last.version_of_offer
    size = size_of(line, known, ordered_on)
    version = version_again(last, line.person)
    quantity = min(last.quantity, most)
    if size.outgrown_on is not None:
        other = other_size_that_fits(known, line.person, line.asked, quantity)
        if other is not None:
            return Choice(last, other, quantity, size_of(line, other, ordered_on), grown=size)
    # only what is known to fit, what nothing speaks against, or what will be known when sizes are told
    asks_sizes = not size.is_sure and size.fit.verdict is not Verdict.DOES_NOT_FIT
    is_known = size.fit.verdict in {Verdict.FITS, Verdict.NOT_COMPARED} or asks_sizes
    if version is None or version.variant.stock < quantity or not is_known:
        version = None
    return Choice(last, version, quantity, size)


def _only_one(line: Line, quantity: int) -> OfferVersion | None:
    try:
        return only_one_that_fits(line.person, line.asked, quantity)
    except RuleBroken:
        return None


def facts_of(status: LineStatus, choice: Choice) -> rules.Facts:
    """What decides whether something is prepared, as plain values."""
    line, size = status.line, choice.of_last
    registered = line.created_at.astimezone(clock.COUNTRY_ZONE).date()
    ordered = Order.objects.filter(line=line).order_by("-placed_on").values_list("placed_on", flat=True).first()
    return rules.Facts(
        period=line.window,
        window_start=status.availability.window.start,
        opened_on=max(registered, provided_of(line, clock.today()).orderable_from or registered),
        next_on=line.next_on,
        ordered_on=ordered,
        outgrown_on=size.outgrown_on if size else None,
        doubtful_since=size.doubtful_since if size else None,
    )


def _may_be_news(today: date) -> Q:
    """Which lines a cause of ``rules.cause_of`` may be new for: registered, due or begun anew of late, of a kind that
    opened in the region of late, of somebody who was measured of late, or of a child.
    """
    earliest = today - timedelta(days=days("look_back"))
    begun = [one for one in Period.values if window_of(one, today, programme_start=date.min).start >= earliest]
    measured = Measurement.objects.filter(person=OuterRef("person"), measured_on__gte=earliest)
    child = Q(person__birth_date__gt=of_age_born_by(today, majority_months=majority_months(today)))
    registered = datetime.combine(earliest, time(), clock.COUNTRY_ZONE)
    news = Q(created_at__gte=registered) | Q(next_on__gte=earliest) | Q(window__in=begun) | Exists(measured) | child
    regions: dict[str, set[str]] = {}
    for kind, region in opened_between(earliest, today):
        regions.setdefault(kind.code, set()).add(region[:2])
    for code, found in regions.items():
        news |= Q(kind=code, programme__territory_code__region__in=sorted(found))
    return news


def lines_after(person: UUID | None, limit: int) -> dict[UUID, list[UUID]]:
    """The next lines for which something may be prepared, by person, behind ``person`` in the order of the keys of
    people (a query beside those for the kinds that opened of late): of a living person who wants it, orderable on the
    portal today, something new about it, nothing open, and not said "not now" to lately.

    Of a line whose replacement term runs something is prepared where what was received is outgrown.

    Args:
        person: the last one looked at; the first ones follow where there is none.
        limit: lines, more than one person has; a person whose lines may go on behind them has the next turn.
    """
    today = clock.today()
    earliest = today - timedelta(days=days("look_back"))
    measured = Exists(Measurement.objects.filter(person=OuterRef("person"), measured_on__gte=earliest))
    rows = Line.objects.filter(
        # while a replacement term runs, only a new measurement can be news: what was received is outgrown
        Q(next_on__isnull=True) | Q(next_on__lte=today) | measured,
        Q(programme__valid_until__isnull=True) | Q(programme__valid_until__gte=today),
        programme__state=Programme.State.ACTIVE,
        person__deceased_on__isnull=True,
        kind__in=[one.code for one in all_kinds() if can_be_ordered(one, on=today)],
        term_passed_on__isnull=True,
    )
    rows = rows.filter(_may_be_news(today)).exclude(channel=ProvisionChannel.EMPLOYER)
    quiet = today - timedelta(days=days("quiet"))
    of_line = Prepared.objects.filter(line=OuterRef("pk"))
    rows = rows.exclude(Exists(of_line.filter(state=Prepared.State.OPEN)))
    rows = rows.exclude(Exists(of_line.filter(state=Prepared.State.DECLINED, ended_on__gt=quiet)))
    rows = rows.exclude(Exists(Unwanted.objects.filter(person=OuterRef("person"))))
    if person is not None:
        rows = rows.filter(person__gt=person)
    found: dict[UUID, list[UUID]] = {}
    pairs = list(rows.order_by("person", "pk").values_list("person", "pk")[:limit])
    for whose, line in pairs:
        found.setdefault(whose, []).append(line)
    if len(pairs) == limit and len(found) > 1:
        found.popitem()
    return found


# --- whose it is


def prepared_for(actor: Actor, key: UUID) -> Prepared:
    """A prepared order for who may see it: the person, a representative who acts for that person now, an officer of the
    place, whose look is recorded.

    Raises:
        OtherPerson: the human may act for the person, and acts for another one.
        NotFound: there is none, or not for this actor.
    """
    rows = Prepared.objects.select_related(
        "line__programme", "line__kind", "line__person__territory", "version", "order"
    )
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    if actor.desk is Desk.OFFICER:
        if not actor.covers(found.line.person.territory_id):
            raise NotFound
        viewlog.look(actor, found.person_id)
    elif actor.desk is Desk.RECIPIENT:
        acting.check_subject(actor, found.person_id)
    else:
        raise NotFound
    return found


def address_of(actor: Actor, key: UUID) -> str:
    """Page of a prepared order.

    Raises:
        OtherPerson, NotFound: as ``prepared_for``.
    """
    return reverse("prepared:one", args=[prepared_for(actor, key).pk])


def open_of(person_id: UUID) -> QuerySet[Prepared]:
    """Those that wait for the answer of a person, the one that ends first before the others."""
    rows = Prepared.objects.filter(person=person_id, state=Prepared.State.OPEN, open_until__gte=clock.today())
    return rows.select_related("kind").order_by("open_until", "pk")


def of_person(person_id: UUID) -> QuerySet[Prepared]:
    """Every one of a person, newest first."""
    return Prepared.objects.filter(person=person_id).select_related("kind", "order").order_by("-offered_on", "-pk")


# --- what its page shows


@dataclass(frozen=True, slots=True)
class Look:
    """A prepared order as it stands now.

    Attributes:
        prepared: the row.
        status: what can be ordered of its line.
        version: the goods that one press orders; ``None`` where that cannot be.
        quantity: units.
        asks_size: whether measurements come first.
        limit: the guaranteed amount; ``None`` where nothing can be ordered by one press.
        split: who pays what; likewise.
        changed: what has changed since the last order and since it was prepared, a sentence each.
        reasons: why it fits, in words.
        is_grown: whether it is another size of what was received last.
    """

    prepared: Prepared
    status: LineStatus
    version: OfferVersion | None
    quantity: int
    asks_size: bool
    limit: GuaranteedAmount | None
    split: PriceSplit | None
    changed: list[str]
    reasons: list[ReasonInWords]
    at_counter: bool
    is_grown: bool = False

    @property
    def waits(self) -> bool:
        """Whether it can be answered still."""
        return self.prepared.state == Prepared.State.OPEN and self.prepared.open_until >= clock.today()

    @property
    def is_ready(self) -> bool:
        """Whether one press orders it."""
        return self.waits and self.status.can_order and self.split is not None and not self.asks_size

    @property
    def is_only_one(self) -> bool:
        """Whether it is a first order of the only goods that fit."""
        return self.version is not None and not self.prepared.repeats

    @property
    def units(self) -> str:
        """How many, with the unit of the kind."""
        return units_text(self.quantity, self.prepared.line.kind.unit)

    @property
    def person_part(self) -> str:
        """What the person pays for all, tenge, as the page sends it back."""
        return str(self.split.person) if self.split else ""

    @property
    def price(self) -> PriceTold:
        """What the person pays, in words."""
        each = self.version.price - self.limit.amount if self.version and self.limit else Decimal(0)
        unit = self.prepared.line.kind.unit
        return told_price(max(each, Decimal(0)), self.quantity, at_counter=self.at_counter, unit=unit)

    @property
    def why(self) -> Answer | None:
        """Why who pays what."""
        if self.split is None or self.limit is None:
            return None
        return of_split(self.split, self.limit, reader=Reader.OFFICE if self.at_counter else Reader.PERSON)


def look_at(prepared: Prepared, *, at_counter: bool = False) -> Look:
    """A prepared order with what holds of it now: goods, price, what the person pays."""
    line, version, changed, asks, grown = prepared.line, None, list[str](), False, False
    reasons: list[ReasonInWords] = []
    status, quantity = status_of(line), prepared.quantity
    limit = split = None
    if prepared.state == Prepared.State.OPEN and status.can_order:
        choice = choice_for(status)
        quantity = min(prepared.quantity, status.availability.most)
        asks, grown = choice.asks_size, choice.grown is not None
        # the goods that were prepared, and none that were received meanwhile
        if prepared.version is not None and choice.version is not None:
            version = choice.version if choice.version.variant_id == prepared.version.variant_id else None
        if version is not None and choice.size is not None:
            reasons = Words(line.kind_id).reasons(choice.size.fit)
            limit = _limit(line)
            split = split_price(price=version.price, quantity=quantity, guaranteed=limit.amount) if limit else None
            each = max(version.price - limit.amount, Decimal(0)) if limit else Decimal(0)
            changed = since_last(line, version, quantity, each, prepared.repeats)
    return Look(
        prepared=prepared,
        status=status,
        version=version,
        quantity=quantity,
        asks_size=asks,
        limit=limit,
        split=split,
        changed=changed,
        reasons=reasons,
        at_counter=at_counter,
        is_grown=grown,
    )


def why_earlier(prepared: Prepared, look: Look) -> str:
    """Why the next one is needed before the replacement term ends, as the request says it; "" where it is not."""
    if look.status.availability.reason is not Reason.TERM_NOT_OVER or prepared.cause != Prepared.Cause.OUTGROWN:
        return ""
    choice = choice_for(look.status)
    if choice.of_last is None or choice.of_last.fit.verdict is not Verdict.DOES_NOT_FIT:
        return ""
    worst = Words(look.status.line.kind_id).reasons(choice.of_last.fit)[0].text
    told = gettext("By the measurement of %(day)s, what I received no longer fits.") % {"day": day_text(prepared.since)}
    return f"{told} {worst}"


def _limit(line: Line) -> GuaranteedAmount | None:
    try:
        return guaranteed_amount(line.kind_id, territory_code=line.person.territory_id, on=clock.today())
    except RuleBroken:
        return None


# --- how many


@dataclass(frozen=True, slots=True)
class Counted:
    """A prepared order as the figures see it."""

    cause: str
    kind_code: str
    territory_code: str
    state: str
    days: int


def counted(since: date) -> Iterator[Counted]:
    """Everything that was offered from a day on, for the nightly figures."""
    rows = Prepared.objects.filter(offered_on__gte=since).order_by()
    found = rows.values_list("cause", "kind_id", "territory_code", "state", "offered_on", "ended_on")
    for cause, kind, place, state, offered_on, ended_on in found.iterator(chunk_size=5000):
        yield Counted(cause, kind, place, state, ((ended_on or offered_on) - offered_on).days)
