from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make
from tests.kit.together import at_once, meeting

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Bin, check_digit
from tirek.organisations import actions, queries
from tirek.organisations.models import Membership, MembershipEvent, Organisation
from tirek.organisations.permissions import DESKS, ROLES

pytestmark = pytest.mark.django_db
Role, Kind = Membership.Role, Organisation.Kind


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def admin() -> Actor:
    user = User.objects.create_user(email="admin@example.kz", password="long enough for all")
    return Actor(desk=Desk.ADMIN, user_id=user.pk, role="admin")


def number(n: int = 1) -> Bin:
    for serial in range(n, n + 900, 100):
        eleven = f"150340{serial:05d}"
        last = check_digit(eleven)
        if last is not None:
            return Bin(f"{eleven}{last}")
    raise AssertionError


def body(kind: str = Kind.LOCAL_BODY_DISTRICT, place: str = "101810000", n: int = 1) -> Organisation:
    make.district(place)
    return actions.register_organisation(
        actor=CLOCK,
        kind=kind,
        number=number(n),
        name_kk=f"Бөлім {n}",
        name_ru=f"Отдел {n}",
        name_en=f"Office {n}",
        active_from=date(2020, 1, 1),
        territory_code=place,
    )


@pytest.fixture
def user() -> User:
    return User.objects.create_user(email="officer@example.kz", password="long enough for all")


def join(
    admin: Actor,
    user: User,
    organisation: Organisation,
    role: str = Role.OFFICER,
    since: date = date(2026, 1, 1),
    until: date | None = None,
) -> Membership:
    return actions.add_member(actor=admin, user=user, organisation=organisation, role=role, since=since, until=until)


def test_every_role__has_a_desk_and_an_organisation_that_has_it() -> None:
    assert set(DESKS) == set(Role.values)
    assert set().union(*ROLES.values()) == set(Role.values)
    assert set(ROLES) == set(Kind.values)


def test_membership__holds_from_its_first_day_to_its_last(admin: Actor, user: User) -> None:
    membership = join(admin, user, body(), since=date(2026, 11, 10), until=date(2026, 11, 11))
    noons = [datetime(2026, 11, day, 7, tzinfo=UTC) for day in (9, 10, 11, 12)]
    assert [bool(queries.memberships_of(user, noon)) for noon in noons] == [False, True, True, False]
    assert [queries.membership_for(user, membership.pk, noon) is not None for noon in noons] == [
        False,
        True,
        True,
        False,
    ]


def test_membership_of_somebody_else__is_not_given(admin: Actor, user: User) -> None:
    membership = join(admin, user, body())
    other = User.objects.create_user(email="b@example.kz", password="long enough for all")
    assert queries.membership_for(user, membership.pk) == membership
    assert queries.membership_for(other, membership.pk) is None


def test_ended_membership__gives_no_desk_from_that_moment_even_on_its_first_day(admin: Actor, user: User) -> None:
    membership = join(admin, user, body(), since=clock.today())
    actions.end_membership(actor=admin, membership=membership)
    assert queries.memberships_of(user) == []
    assert queries.memberships_of(user, clock.now() - timedelta(seconds=1)) == [membership]
    join(admin, user, membership.organisation)
    assert len(queries.memberships_of(user)) == 1
    assert list(MembershipEvent.objects.order_by("id").values_list("kind", "actor_id")) == [
        ("added", admin.user_id),
        ("ended", admin.user_id),
        ("added", admin.user_id),
    ]


def test_closed_organisation__gives_no_desk(admin: Actor, user: User) -> None:
    organisation = body()
    join(admin, user, organisation)
    actions.close_organisation(actor=admin, organisation=organisation, last_day=clock.today())
    assert queries.memberships_of(user)
    assert queries.memberships_of(user, clock.now() + timedelta(days=1)) == []


def test_list_of_memberships__is_one_query_for_one_and_for_three(admin: Actor, user: User) -> None:
    counts = []
    for n, more in ((1, 1), (2, 2)):
        for each in range(more):
            join(admin, user, body(n=10 * n + each))
        with CaptureQueriesContext(connection) as asked:
            shown = [one.organisation.name for one in queries.memberships_of(user)]
        counts.append(len(asked))
    assert len(shown) == 3
    assert counts == [1, 1]


def test_roles__are_given_by_administrators_and_never_to_oneself(admin: Actor, user: User) -> None:
    organisation = body(Kind.CENTRE)
    for desk in set(Desk) - {Desk.ADMIN, Desk.CLOCK}:
        with pytest.raises(NotAllowed):
            join(Actor(desk=desk, user_id=admin.user_id), user, organisation, Role.ANALYST)
    with pytest.raises(NotAllowed) as refused:
        join(admin, User.objects.get(pk=admin.user_id), organisation, Role.ANALYST)
    assert refused.value.code == "own_role"
    membership = join(admin, user, organisation, Role.ANALYST)
    with pytest.raises(NotAllowed):
        actions.end_membership(actor=Actor(desk=Desk.OFFICER), membership=membership)


@pytest.mark.parametrize(
    ("kind", "role"),
    [(Kind.SUPPLIER, Role.OFFICER), (Kind.LOCAL_BODY_DISTRICT, Role.ADMIN), (Kind.MINISTRY, Role.OFFICER)],
)
def test_role__must_exist_in_an_organisation_of_the_kind(admin: Actor, user: User, kind: str, role: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        join(admin, user, body(kind), role)
    assert refused.value.code == "role"


def test_same_membership_and_same_bin__stand_once(admin: Actor, user: User) -> None:
    organisation = body()
    join(admin, user, organisation)
    with pytest.raises(RuleBroken) as refused:
        join(admin, user, organisation)
    assert refused.value.code == "already_entered"
    with pytest.raises(RuleBroken) as refused:
        body()
    assert refused.value.code == "already_entered"


def test_local_body__needs_a_territory() -> None:
    with pytest.raises(RuleBroken) as refused:
        actions.register_organisation(
            actor=CLOCK,
            kind=Kind.LOCAL_BODY_REGION,
            number=number(),
            name_kk="А",
            name_ru="А",
            name_en="A",
            active_from=date(2020, 1, 1),
        )
    assert refused.value.code == "territory"


def test_officer__covers_the_own_territory_only(admin: Actor, user: User) -> None:
    officer = queries.actor_of(join(admin, user, body()), person_id=None)
    assert officer.covers("101810000")
    assert not officer.covers("101010000")


def test_local_body__of_a_place_is_the_districts_else_the_regions() -> None:
    region = body(Kind.LOCAL_BODY_REGION, "100000000", 1)
    district = body(Kind.LOCAL_BODY_DISTRICT, "101810000", 2)
    body(Kind.LOCAL_BODY_DISTRICT, "110010000", 3)
    assert queries.local_body_of("101810000") == district
    assert queries.local_body_of("101010000") == region
    assert queries.local_body_of("750000000") is None


def test_staff__who_work_there_now_in_these_roles(admin: Actor, user: User) -> None:
    organisation = body()
    head = User.objects.create_user(email="head@example.kz", password="long enough for all")
    join(admin, user, organisation)
    join(admin, head, organisation, Role.HEAD_OFFICER)
    join(admin, head, organisation, Role.FINANCE, until=date(2026, 2, 1))
    assert set(queries.staff_of(organisation.pk, roles=frozenset({Role.OFFICER, Role.HEAD_OFFICER}))) == {
        user.pk,
        head.pk,
    }
    assert queries.staff_of(organisation.pk, roles=frozenset({Role.FINANCE})) == []


def test_organisations__stand_in_kazakh_order() -> None:
    names = ["Үміт", "Қамқор", "Әділет", "Ақниет", "Іскер"]
    for n, name in enumerate(names):
        actions.register_organisation(
            actor=CLOCK,
            kind=Kind.SUPPLIER,
            number=number(n),
            name_kk=name,
            name_ru=name,
            name_en=name,
            active_from=date(2020, 1, 1),
        )
    with translation.override("kk"):
        assert [one.name for one in queries.active()] == ["Ақниет", "Әділет", "Қамқор", "Үміт", "Іскер"]


def test_events__are_written_once(admin: Actor, user: User) -> None:
    join(admin, user, body())
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        MembershipEvent.objects.update(kind="x")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_invitation__pressed_twice_at_once_makes_one_account() -> None:
    admin, organisation = Actor(desk=Desk.ADMIN), make.organisation("local_body_district")

    def invite() -> Membership:
        return actions.invite_member(
            actor=admin,
            email="new@example.kz",
            name="Ахметова Айгүл",
            organisation=organisation,
            role=Membership.Role.OFFICER,
            since=clock.today(),
        )

    with meeting(actions, "works_anywhere", seconds=1):
        results = at_once(invite, invite)
    assert [repr(one) for one in results if not isinstance(one, RuleBroken | Membership)] == []
    assert Membership.objects.filter(organisation=organisation).count() == 1
    [refused] = [one for one in results if isinstance(one, RuleBroken)]
    assert refused.code == "email_taken"
