"""Reads of organisations and memberships."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import Actor, Channel, Desk
from tirek.core.database.compiled import CompiledObject
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.languages import current
from tirek.core.places import region_of
from tirek.core.typed import as_meant
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.permissions import DESKS, is_admin

M = TypeVar("M", bound=Model)


def desk_of(role: str) -> Desk:
    """The desk at which a role sits."""
    return DESKS[role]


def active(at: date | None = None) -> QuerySet[Organisation]:
    """Organisations that exist on ``at`` (today), by name."""
    day = at or clock.today()
    rows = Organisation.objects.filter(active_from__lte=day).filter(Q(active_to__isnull=True) | Q(active_to__gte=day))
    return rows.order_by(f"sort_{current()}", "pk")


def _memberships(at: datetime) -> QuerySet[Membership]:
    return _held(at, at.astimezone(clock.COUNTRY_ZONE).date())


def _held(at: datetime, day: date) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(since__lte=day, organisation__active_from__lte=day)
        .filter(Q(until__isnull=True) | Q(until__gte=day), Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .filter(Q(organisation__active_to__isnull=True) | Q(organisation__active_to__gte=day))
    )


def memberships_of(user: User, at: datetime | None = None) -> list[Membership]:
    """Where ``user`` works at ``at`` (now), each with its ``organisation``; longest first (one query)."""
    return list(
        _memberships(at or clock.now()).filter(user=user).select_related("organisation").order_by("since", "pk")
    )


def administrators() -> int:
    """How many people are administrators now (one query)."""
    return _memberships(clock.now()).filter(role=Membership.Role.ADMIN).values("user").distinct().count()


def officers_at_work(users: Iterable[UUID]) -> frozenset[UUID]:
    """Who of ``users`` is an officer of some office now (one query)."""
    roles = [role for role, desk in DESKS.items() if desk is Desk.OFFICER]
    return frozenset(
        _memberships(clock.now()).filter(user__in=list(users), role__in=roles).values_list("user_id", flat=True)
    )


_MEMBERSHIP: Final[CompiledObject[Membership]] = CompiledObject(
    lambda at, day, user, key: _held(at, day).filter(user_id=user, pk=key).select_related("organisation"),
    at=datetime,
    day=date,
    user=UUID,
    key=UUID,
)


def membership_for(user: User, key: UUID, at: datetime | None = None) -> Membership | None:
    """One membership of ``user`` with its ``organisation`` while it holds at ``at`` (now), else ``None`` (one
    query).
    """
    moment = at or clock.now()
    return _MEMBERSHIP.get(at=moment, day=moment.astimezone(clock.COUNTRY_ZONE).date(), user=user.pk, key=key)


def actor_of(membership: Membership, *, person_id: UUID | None) -> Actor:
    """The actor of one active membership; ``device``, ``session`` and ``channel`` are the request's to add."""
    organisation = membership.organisation
    desk = desk_of(membership.role)
    return Actor(
        desk=desk,
        user_id=membership.user_id,
        person_id=person_id,
        organisation_id=organisation.pk,
        territory="" if desk is Desk.SUPPLIER else organisation.territory_id or "",
        role=membership.role,
        channel=Channel.WEB,
    )


def local_body_of(territory_code: str, at: date | None = None) -> Organisation | None:
    """The local executive body that answers for a place: of its district, else of its region (one query)."""
    rows = active(at).filter(
        kind__in=Organisation.LOCAL_BODIES, territory__in={territory_code, region_of(territory_code)}
    )
    return max(
        rows,
        key=lambda one: (one.territory_id == territory_code, one.kind == Organisation.Kind.LOCAL_BODY_DISTRICT),
        default=None,
    )


def staff_of(organisation_id: UUID, *, roles: frozenset[str], at: datetime | None = None) -> list[UUID]:
    """Accounts that work in an organisation in one of ``roles`` at ``at`` (now), for notices (one query)."""
    rows = _memberships(at or clock.now()).filter(organisation=organisation_id, role__in=roles)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def _lasting(day: date) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=day), ended_at__isnull=True)


def members_of(number: str) -> QuerySet[Membership]:
    """Who works now, or will, in the organisation of this BIN, or IIN of an individual."""
    return _lasting(clock.today()).filter(organisation__bin=number)


def names(keys: set[UUID]) -> dict[UUID, str]:
    """Names of organisations in the reader's language (one query), for lists."""
    return {one.pk: one.name for one in Organisation.objects.filter(pk__in=keys)}


def all_memberships_of(user: User) -> list[Membership]:
    """Every membership an account has or had, newest first, each with its ``organisation`` (one query). The caller has
    checked who asks.
    """
    return list(Membership.objects.filter(user=user).select_related("organisation").order_by("-since", "-pk"))


def memberships_now(actor: Actor, text: str = "") -> QuerySet[Membership]:
    """Who works where now or will, by organisation and name, for an administrator; with ``text`` those whose name,
    e-mail address or organisation holds each of its words, or whose organisation has this BIN.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if not is_admin(actor):
        raise NotAllowed
    day = clock.today()
    rows = _lasting(day).filter(Q(organisation__active_to__isnull=True) | Q(organisation__active_to__gte=day))
    rows = _holding(rows, text, *(f"organisation__{one}" for one in _NAMES), "user__name", "user__email")
    rows = rows.select_related("organisation", "user")
    return rows.order_by(f"organisation__sort_{current()}", "user__name", "user__email", "pk")


#: Columns by which an organisation is found.
_NAMES: Final = ("name_kk", "name_ru", "name_en", "bin")


def _holding(rows: QuerySet[M], text: str, *columns: str) -> QuerySet[M]:
    """Those of the rows whose columns hold each word of ``text``. Organisations and their staff are thousands: what
    they are called is read, so that no search looks into the middle of a text in the database.
    """
    words = as_meant(text).casefold().split()
    if not words:
        return rows
    found = [
        key
        for key, *cells in rows.order_by().values_list("pk", *columns)
        if all(word in " ".join(map(str, cells)).casefold() for word in words)
    ]
    return rows.filter(pk__in=found)


def find_organisations(actor: Actor, text: str = "") -> QuerySet[Organisation]:
    """Organisations that exist now or will, by name, for an administrator; with ``text`` those whose name in any
    language holds each of its words, or that have this BIN.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if not is_admin(actor):
        raise NotAllowed
    rows = Organisation.objects.filter(Q(active_to__isnull=True) | Q(active_to__gte=clock.today()))
    rows = _holding(rows, text, *_NAMES)
    return rows.select_related("territory").order_by(f"sort_{current()}", "pk")


def organisation_for(actor: Actor, key: UUID) -> Organisation:
    """An organisation, for an administrator.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
    """
    if not is_admin(actor):
        raise NotAllowed
    found = Organisation.objects.select_related("territory").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def works_anywhere(email: str) -> bool:
    """Whether an account with this e-mail address signs in by it, or works or worked somewhere."""
    holders = User.objects.filter(email=email)
    return any(one.has_usable_password() for one in holders) or Membership.objects.filter(user__in=holders).exists()


def membership_of(actor: Actor, user: User, key: UUID) -> Membership:
    """One membership of an account, for an administrator.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: the account has no such membership.
    """
    if not is_admin(actor):
        raise NotAllowed
    row = Membership.objects.filter(user=user, pk=key).select_related("organisation").first()
    if row is None:
        raise NotFound
    return row


def officers_in(organisation_id: UUID) -> QuerySet[Membership]:
    """Who works in a body now at the desk of officers."""
    roles = [role for role, desk in DESKS.items() if desk is Desk.OFFICER]
    return _memberships(clock.now()).filter(organisation=organisation_id, role__in=roles)


def trained_in(places: Collection[str]) -> list[tuple[str, int, int]]:
    """Officers of the local bodies of places: КАТО code, how many people work there, how many of them were trained in
    the work on the portal (one query).
    """
    roles = [role for role, desk in DESKS.items() if desk is Desk.OFFICER]
    rows = _memberships(clock.now()).filter(
        organisation__kind__in=Organisation.LOCAL_BODIES, organisation__territory__in=places, role__in=roles
    )
    counted = rows.values("organisation__territory").annotate(
        people=Count("user", distinct=True),
        trained=Count("user", distinct=True, filter=Q(trained_on__isnull=False)),
    )
    found = counted.order_by("organisation__territory")
    return [(one["organisation__territory"], one["people"], one["trained"]) for one in found]


def holds(membership: Membership) -> bool:
    """Whether a membership gives a desk now, or will."""
    today = clock.today()
    return membership.ended_at is None and (membership.until is None or membership.until >= today)


def staff_now(actor: Actor, organisation: Organisation) -> list[Membership]:
    """Who works in an organisation now or will, by name, each with its ``user``, for an administrator (one query).

    Raises:
        NotAllowed: the actor is no administrator.
    """
    return list(memberships_now(actor).filter(organisation=organisation)[:200])
