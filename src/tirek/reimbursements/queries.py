"""Reads of a supplier's own payments: what is to be done, sums by month and state, the list a page at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils.text import capfirst

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.keys import read_key
from tirek.organisations.queries import local_body_of
from tirek.reimbursements.case_types import CLAIMS
from tirek.reimbursements.models import Claim, MonthSum
from tirek.reimbursements.words import named_for_supplier
from tirek.territory.queries import names as names_of
from tirek.ui.text import month_text

PER_PAGE: Final = 50
#: Months that can be chosen one by one, and that the sums are told of.
MONTHS: Final = 12
#: Years back that can be chosen.
YEARS: Final = 5
#: Departments that are told of as late, those that owe most first.
MOST_LATE: Final = 10
LATE: Final = "late"
#: Claims that one piece of an export reads.
AT_ONCE: Final = 500


def own(actor: Actor) -> QuerySet[Claim]:
    """The claims of the actor's own organisation; none at another desk."""
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id is None:
        return Claim.objects.none()
    return Claim.objects.filter(organisation=actor.organisation_id)


@dataclass(frozen=True, slots=True)
class Chosen:
    """By what payments are narrowed; what an address says wrongly counts as not said.

    Attributes:
        state: of ``Claim.State``, or ``LATE``; "" for all.
        first: day of receipt from which; nothing for the whole time.
        last: and up to which.
        kind: code; "" for all.
    """

    state: str = ""
    first: date | None = None
    last: date | None = None
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Chosen()


def chosen(values: Mapping[str, str]) -> Chosen:
    """The filter of an address: ``state``, ``period`` ("2026" or "2026-11") and ``kind``."""
    state, kind = values.get("state", ""), values.get("kind", "")
    first, last = _period(values.get("period", ""))
    return Chosen(
        state=state if state in {*Claim.State.values, LATE} else "",
        first=first,
        last=last,
        kind=kind if kind.isascii() and "\0" not in kind and len(kind) <= 10 else "",  # noqa: PLR2004 - of a code
    )


def _period(told: str) -> tuple[date | None, date | None]:
    year, _dash, month = told.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
        behind = first + relativedelta(years=0 if month else 1, months=1 if month else 0)
    except (ValueError, OverflowError):
        return None, None
    return first, behind - timedelta(days=1)


def periods(today: date) -> list[tuple[str, str]]:
    """Months and years of receipt to choose from: code and name, the newest first."""
    this = today.replace(day=1)
    months = [this - relativedelta(months=n) for n in range(MONTHS)]
    years = [str(today.year - n) for n in range(YEARS)]
    return [*((f"{one:%Y-%m}", capfirst(month_text(one))) for one in months), *((one, one) for one in years)]


def kinds(actor: Actor) -> list[tuple[str, str]]:
    """Kinds of which the supplier has payments: code and name (one query, a look into an index for each kind)."""
    rows = Kind.objects.filter(Exists(own(actor).filter(kind=OuterRef("pk"))))
    return [(one.code, capfirst(one.name)) for one in rows.order_by("code")]


def narrowed(actor: Actor, one: Chosen) -> QuerySet[Claim]:
    """The supplier's payments as a filter wants them, the newest receipt first."""
    rows = own(actor)
    if one.state == LATE:
        rows = rows.filter(state__in=sorted(Claim.WITH_OFFICE), pay_by__lt=clock.today())
    elif one.state:
        rows = rows.filter(state=one.state)
    if one.first and one.last:
        rows = rows.filter(received_on__range=(one.first, one.last))
    if one.kind:
        rows = rows.filter(kind=one.kind)
    return rows.order_by("-received_on", "-pk")


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of the list: the claims, and from where the next piece begins; "" at the end."""

    rows: Sequence[Claim]
    after: str


def page(actor: Actor, one: Chosen, after: str = "") -> Page:
    """The payments behind a place of the list (one query, however many there are).

    Args:
        actor: of the supplier.
        one: the filter.
        after: the place, as ``Page.after`` said it; what is no place is the beginning.
    """
    rows = narrowed(actor, one).select_related("kind", "delivery__order")
    rows = rows.filter(_behind(after))
    found = list(rows[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return Page(found[:PER_PAGE], f"{last.received_on:%Y%m%d}.{last.pk}" if last else "")


def _behind(after: str) -> Q:
    day, _dot, key = after.partition(".")
    found = read_key(key)
    try:
        at = date.fromisoformat(day)
    except ValueError:
        return Q()
    # the bound once more by itself, as the index reads it
    return Q(received_on__lte=at) & (Q(received_on__lt=at) | Q(pk__lt=found)) if found else Q()


def pieces(rows: QuerySet[Claim]) -> Iterator[list[Claim]]:
    """All payments of a filter, some at a time, each piece behind the one before: never all at once in memory."""
    rows = rows.select_related("kind", "delivery__order")
    place = Q()
    while found := list(rows.filter(place)[:AT_ONCE]):
        yield found
        last = found[-1]
        place = Q(received_on__lte=last.received_on) & (Q(received_on__lt=last.received_on) | Q(pk__lt=last.pk))


@dataclass(frozen=True, slots=True)
class Total:
    """How many payments, and how much money."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """The payments for what was received in a month: by state, and in all."""

    first: date
    by_state: Sequence[Total]
    all: Total

    @property
    def cells(self) -> list[tuple[str, Total]]:
        """The words of each state, and its sum."""
        named = named_for_supplier()
        return [(capfirst(words), one) for (_state, words), one in zip(named, self.by_state, strict=True)]


NOTHING: Final = Total(0, Decimal(0))


def first_month(today: date) -> date:
    """The first day of the oldest month that is told."""
    return today.replace(day=1) - relativedelta(months=MONTHS - 1)


def months(actor: Actor, today: date) -> list[Month]:
    """Sums of the last ``MONTHS`` months by month and state, in the order of ``Claim.State``, as they were counted last
    (one query); months without a payment are left out.
    """
    rows = MonthSum.objects.filter(month__gte=first_month(today), organisation=actor.organisation_id)
    found: dict[date, dict[str, Total]] = {}
    for one in rows if actor.desk is Desk.SUPPLIER else MonthSum.objects.none():
        found.setdefault(one.month, {})[one.state] = Total(one.count, one.amount)
    return [
        Month(month, [of.get(state, NOTHING) for state in Claim.State.values], _together(of.values()))
        for month, of in sorted(found.items(), reverse=True)
    ]


def together(listed: Sequence[Month], today: date) -> Month:
    """Sums of several months by state, as one row."""
    by_state = [_together(column) for column in zip(*(one.by_state for one in listed), strict=True)]
    return Month(today, by_state, _together(one.all for one in listed))


def _together(sums: Iterable[Total]) -> Total:
    listed = list(sums)
    return Total(sum(one.count for one in listed), sum((one.amount for one in listed), Decimal(0)))


@dataclass(frozen=True, slots=True)
class LateAt:
    """Money that a department owes and that is late.

    Attributes:
        body: name of the department; the place where none is known.
        place: where it is.
        sum: how many payments, and how much.
        days: by which the oldest is late.
        claim: the oldest: on its page one writes to the department.
    """

    body: str
    place: str
    sum: Total
    days: int
    claim: UUID


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a supplier does next for its money.

    Attributes:
        to_submit: what waits for an invoice.
        sent_back: what is to be mended.
        with_office: what the department checks or pays in time.
        late: what is late, by department, those that owe most first.
        late_in_all: all of it.
    """

    to_submit: Total
    sent_back: Total
    with_office: Total
    late: Sequence[LateAt]
    late_in_all: Total


def to_do(actor: Actor, today: date) -> ToDo:
    """What is open of a supplier's payments (three queries, and one for each department that is late)."""
    rows = own(actor).filter(state__in=Claim.open_states()).order_by()
    by_state = {
        state: Total(count, amount)
        for state, count, amount in rows.values_list("state").annotate(n=Count("*"), sum=Sum("amount"))
    }
    late = rows.filter(state__in=sorted(Claim.WITH_OFFICE), pay_by__lt=today)
    at = list(
        late.values("territory_code")
        .annotate(n=Count("*"), sum=Sum("amount"), since=Min("pay_by"))
        .order_by("-sum", "territory_code")
    )
    shown = at[:MOST_LATE]
    codes = [one["territory_code"] for one in shown]
    names = names_of(codes) if codes else {}
    first = late.filter(territory_code__in=codes).order_by("territory_code", "pay_by", "pk").distinct("territory_code")
    oldest: dict[str, UUID] = dict(first.values_list("territory_code", "pk")) if codes else {}
    in_all = Total(sum(one["n"] for one in at), sum((one["sum"] for one in at), Decimal(0)))
    with_office = _together([by_state.get(state, NOTHING) for state in Claim.WITH_OFFICE])
    return ToDo(
        by_state.get(Claim.State.TO_SUBMIT, NOTHING),
        by_state.get(Claim.State.SENT_BACK, NOTHING),
        Total(with_office.count - in_all.count, with_office.amount - in_all.amount),
        [
            LateAt(
                body.name if (body := local_body_of(one["territory_code"])) else names.get(one["territory_code"], ""),
                names.get(one["territory_code"], one["territory_code"]),
                Total(one["n"], one["sum"]),
                (today - one["since"]).days,
                oldest[one["territory_code"]],
            )
            for one in shown
        ],
        in_all,
    )


def of_order(actor: Actor, order_id: UUID) -> list[Claim]:
    """The payments of an order, in the order of its hand-overs; the caller has found the order for this actor."""
    return list(CLAIMS.visible_to(actor).filter(delivery__order=order_id).order_by("delivery__n"))
