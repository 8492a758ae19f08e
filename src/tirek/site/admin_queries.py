"""What the administrator's desk reads from several apps at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Max, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.accounts import limits
from tirek.accounts.queries import names_of_staff
from tirek.catalogue.models import Kind, KindProvision, KindTerms
from tirek.catalogue.terms import SAID
from tirek.catalogue.words import provision_in_words, terms_in_words
from tirek.core import clock, reference
from tirek.core.actors import Actor
from tirek.core.case import deadlines, proof
from tirek.core.case.journal import Seal
from tirek.core.reference import Status, Value
from tirek.core.reference.amendments import Amendment
from tirek.core.reference.dated import DatedRow
from tirek.core.service import health
from tirek.core.service.failures import Failure
from tirek.entitlements.models import Line, Programme
from tirek.notices.queries import undelivered
from tirek.orders.models import Order
from tirek.people.models import Person
from tirek.site.steps import words_of_step
from tirek.territory.queries import names

#: How far ahead a value that ends is announced.
SOON: Final = timedelta(days=60)
MOST_STEPS: Final = 5


#: Scopes that are no kinds.
_SCOPES: Final[dict[str, Promise]] = {"child": _("children")}


def words_of_value(key: str, scope: str, kinds: Mapping[str, str] | None = None) -> str:
    """What a value is in the present language, and for which kind where it is one kind's (``kinds``: names by code)."""
    if not scope:
        return reference.words_of(key)
    known = kind_names() if kinds is None else kinds
    told = _SCOPES.get(scope) or known.get(scope.removeprefix("kind:"), scope)
    return f"{reference.words_of(key)}: {told}"


def kind_names() -> dict[str, str]:
    """Names of all kinds in the present language, by code (one query)."""
    return {one.code: one.name for one in Kind.objects.all()}


@dataclass(frozen=True, slots=True)
class PresentValue:
    """One value in words: the version in force on a day, the next one, and how many there are."""

    key: str
    scope: str
    words: str
    current: Value | None
    coming: Value | None
    count: int

    @property
    def newest(self) -> Value:
        """The version that tells unit and source: in force, else coming."""
        return self.current or self.coming  # type: ignore[return-value]  # a value has one of the two, or is not listed

    @property
    def ends(self) -> date | None:
        """The last day after which nothing is in force; ``None`` when something is."""
        if self.current is None or self.current.effective_to is None:
            return None
        follows = self.coming is not None and self.coming.effective_from == self.current.effective_to + timedelta(
            days=1
        )
        return None if follows else self.current.effective_to


def _is_in_force(one: Value, day: date) -> bool:
    return one.effective_from <= day and (one.effective_to is None or day <= one.effective_to)


def present_values(versions: Iterable[Value], day: date) -> list[PresentValue]:
    """Every value as it stands on a day, by key and scope."""
    kinds = kind_names()
    grouped: dict[tuple[str, str], list[Value]] = {}
    for one in versions:
        grouped.setdefault((one.key, one.scope), []).append(one)
    found = []
    for (key, scope), known in grouped.items():
        current = next((one for one in known if _is_in_force(one, day)), None)
        coming = min(
            (one for one in known if one.effective_from > day), key=lambda one: one.effective_from, default=None
        )
        if current or coming:
            found.append(PresentValue(key, scope, words_of_value(key, scope, kinds), current, coming, len(known)))
    return found


def _source_of(one: Value) -> str:
    return reference.words_of_source(one.citation) or one.citation


def chosen(rows: Iterable[PresentValue], *, text: str, status: str) -> list[PresentValue]:
    """Values whose name or source holds ``text``, with this status of the version that is shown."""
    wanted = text.strip().lower()
    return [
        one
        for one in rows
        if (not status or one.newest.status == status)
        and (not wanted or wanted in f"{one.key} {one.scope} {one.words} {_source_of(one.newest)}".lower())
    ]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of dated data, as the table of versions shows it.

    Attributes:
        row: its days, source and status.
        lines: what it says, in words.
        standing: how it stands today (``reference.dated.standing``).
        withdraw: where one that is to come is withdrawn.
        place: where it holds; "" for what holds everywhere.
    """

    row: DatedRow
    lines: Sequence[str]
    standing: str
    withdraw: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the journal is sealed."""

    last: Seal | None
    is_late: bool


def seal_state() -> SealState:
    """The last seal; late when a day before yesterday is not sealed though something happened on it (four queries)."""
    return SealState(Seal.objects.order_by("-day").first(), proof.is_late())


@dataclass(frozen=True, slots=True)
class Failing:
    """What people were doing when it failed, how often, and when last."""

    words: str
    times: int
    last: datetime


def _failing(since: datetime) -> list[Failing]:
    met = Failure.objects.filter(at__gte=since).order_by().values_list("step")
    found: dict[str, Failing] = {}
    for step, times, last in met.annotate(met=Sum("times"), last=Max("at")):
        words = words_of_step(step)
        before = found.get(words, Failing(words, 0, last))
        found[words] = Failing(words, before.times + times, max(before.last, last))
    return sorted(found.values(), key=lambda one: (-one.times, one.words))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an administrator should look at; ``is_empty``: nobody is registered yet."""

    is_empty: bool
    demo_values: int
    ending: list[PresentValue]
    undelivered: int
    failures: int
    failing_steps: list["Failing"]
    seal: SealState
    health: health.State
    failed_jobs: int
    stuck_deadlines: int
    wrong_sign_ins: int
    many_wrong: bool


def waiting(actor: Actor) -> Waiting:
    """What waits for an administrator now.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    day = clock.today()
    lost = undelivered(actor).count()
    rows = present_values(reference.all_versions(), day)
    since = clock.now() - timedelta(days=1)
    failing = _failing(since)
    wrong = limits.wrong_of_the_last_hour()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed_jobs,) = cursor.fetchone()
    return Waiting(
        is_empty=not Person.objects.exists(),
        demo_values=sum(one.current is not None and one.current.status == Status.DEMO for one in rows),
        ending=[one for one in rows if one.ends is not None and one.ends <= day + SOON],
        undelivered=lost,
        failures=sum(one.times for one in failing),
        failing_steps=failing[:MOST_STEPS],
        seal=seal_state(),
        health=health.state(),
        failed_jobs=int(failed_jobs),
        stuck_deadlines=deadlines.stuck(),
        wrong_sign_ins=wrong,
        many_wrong=wrong >= limits.MANY_WRONG,
    )


def given_of(kind: str, region: str) -> int:
    """People whose active programme gives a kind in a region (in the whole country; one query)."""
    rows = Line.objects.filter(kind=kind, programme__state=Programme.State.ACTIVE)
    return (rows.filter(programme__territory_code__startswith=region[:2]) if region else rows).count()


def open_orders_of(kind: str, region: str) -> int:
    """Open orders of a kind in a region (in the whole country): they keep the amount of their day (one query)."""
    rows = Order.objects.filter(line__kind=kind, state__in=Order.open_states())
    return (rows.filter(territory_code__startswith=region[:2]) if region else rows).count()


def reach_of(key: str) -> str | None:
    """Open cases that a new version of a value can still reach, in words: empty for none, ``None`` where nobody has
    said which (two queries at most).
    """
    count = reference.reached(key)
    return None if count is None else reference.words_of_reached(key, count)


@dataclass(frozen=True, slots=True)
class Told:
    """An amendment as the list tells it.

    Attributes:
        row: the amendment.
        who: who made it.
        day: from which day it is, or which day it is about.
        place: region of an amount; empty for the whole country.
        reach: open cases that it could reach when it was made; empty for none, ``None`` where nobody counted.
        said: what terms of a kind, or a version of how it is provided, say, in words.
    """

    row: Amendment
    who: str
    day: date | None
    place: str
    reach: str | None
    said: str = ""


def told(rows: Iterable[Amendment]) -> list[Told]:
    """Amendments with who made them (two queries beside theirs)."""
    found = list(rows)
    who = names_of_staff(one.actor_id for one in found if one.actor_id)
    regions = {str(one.facts["region_code"]) for one in found if one.facts.get("region_code")}
    places = names(regions) if regions else {}
    return [
        Told(
            one,
            who.get(one.actor_id or one.pk, ""),
            _day_of(one),
            places.get(str(one.facts.get("region_code") or ""), ""),
            _reach_of(one),
            _said_of(one),
        )
        for one in found
    ]


def _said_of(one: Amendment) -> str:
    if one.area == Amendment.Area.PROVISION:
        return ". ".join(provision_in_words(_version_of(one)))
    if one.area != Amendment.Area.TERMS:
        return ""
    kind = Kind.objects.filter(pk=one.what.partition(" ")[0]).first()
    row = KindTerms(**{name: one.facts.get(name) for name in SAID})
    return ". ".join(terms_in_words(row, kind.unit if kind else "").all)


def _version_of(one: Amendment) -> KindProvision:
    """The version of how a kind is provided that an amendment wrote."""
    names = ("way", "conclusion_number", "conclusion_on", "effective_to")
    way, number, on, last = (str(one.facts.get(name) or "") for name in names)
    return KindProvision(
        way=way,
        conclusion_number=number,
        conclusion_on=date.fromisoformat(on) if on else None,
        effective_to=date.fromisoformat(last) if last else None,
    )


def _reach_of(one: Amendment) -> str | None:
    count = one.facts.get("reached")
    return reference.words_of_reached(one.what.partition(" ")[0], count) if isinstance(count, int) else None


def _day_of(one: Amendment) -> date | None:
    written = one.what if one.area == Amendment.Area.CALENDAR else str(one.facts.get("effective_from") or "")
    return date.fromisoformat(written) if written else None
