"""Who of an organisation is told: its staff in force now, never somebody whose membership has ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Well, begun

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.tables import Row
from tirek.notices import templates
from tirek.notices.actions import deliver
from tirek.notices.models import Notice, SentMessage
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.telling import OFFICERS, SUPPLIERS, tell_office, tell_region, tell_staff

DAY = timedelta(days=1)
TODAY = date(2026, 11, 9)
Role = Membership.Role
KURCHATOV, SEMEY, ABAI = "101810000", "101010000", "100000000"


@pytest.fixture
def well(db: None) -> Iterator[Row]:
    """A well; who began it works for no office of the tests."""
    with clock.at(make.MORNING), made_up.tables(), made_up.known():
        yield begun(Well, make.officer(make.district("311010000")))


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_templates", dict(templates._templates))
    templates.register("well.dry", title="Well", body="A well is dry since %(day)s")


@pytest.fixture
def firm(well: Row) -> Organisation:
    return make.organisation()


def told() -> set[UUID]:
    return set(Notice.objects.filter(template="well.dry").values_list("user_id", flat=True))


def say(to: Organisation, well: Row, roles: frozenset[str] = SUPPLIERS) -> set[UUID]:
    tell_staff(to.pk, "well.dry", roles=roles, case=well, day=TODAY)
    return told()


def test_staff__of_the_roles_and_of_no_other_house(well: Row, firm: Organisation) -> None:
    manager, second = make.member(firm, Role.SUPPLIER_MANAGER), make.member(firm, Role.SUPPLIER_MANAGER)
    make.member(firm, Role.OFFICER)
    make.member(make.organisation(), Role.SUPPLIER_MANAGER)
    assert say(firm, well) == {manager.user_id, second.user_id}
    one = Notice.objects.get(user_id=manager.user_id)
    assert (one.case_type, one.case_id, one.context) == ("well", well.pk, {"day": TODAY.isoformat()})


@pytest.mark.parametrize(
    ("columns", "is_told"),
    [
        ({"ended_at": make.MORNING - DAY}, False),
        ({"ended_at": make.MORNING}, False),
        ({"ended_at": make.MORNING - DAY, "until": TODAY + DAY}, False),
        ({"ended_at": make.MORNING + DAY}, True),
        ({"until": TODAY - DAY}, False),
        ({"until": TODAY}, True),
        ({"since": TODAY + DAY}, False),
        ({"since": TODAY}, True),
    ],
    ids=["ended", "ended now", "ended before its last day", "ends later", "past", "last day", "not begun", "first day"],
)
def test_staff__only_while_they_work_there(
    well: Row, firm: Organisation, columns: dict[str, object], is_told: bool
) -> None:
    stays, other = make.member(firm, Role.SUPPLIER_MANAGER), make.member(firm, Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=other.pk).update(**columns)
    assert say(firm, well) == {stays.user_id} | ({other.user_id} if is_told else set())


def test_staff__who_works_there_in_two_roles_is_told_once(well: Row, firm: Organisation) -> None:
    one = make.member(firm, Role.OFFICER)
    Membership.objects.create(user=one.user, organisation=firm, role=Role.HEAD_OFFICER, since=date(2020, 1, 1))
    assert say(firm, well, OFFICERS) == {one.user_id}
    assert Notice.objects.count() == 1


def test_staff__who_was_dismissed_and_taken_on_again_is_told(well: Row, firm: Organisation) -> None:
    one = make.member(firm, Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=one.pk).update(ended_at=make.MORNING - DAY)
    assert say(firm, well) == set()
    Membership.objects.create(user=one.user, organisation=firm, role=Role.SUPPLIER_MANAGER, since=TODAY)
    assert say(firm, well) == {one.user_id}


def test_staff__of_an_organisation_that_has_closed_are_told_nothing(well: Row, firm: Organisation) -> None:
    make.member(firm, Role.SUPPLIER_MANAGER)
    Organisation.objects.filter(pk=firm.pk).update(active_to=TODAY - DAY)
    assert say(firm, well) == set()


def test_staff__when_nobody_works_there_nobody_is_told(well: Row, firm: Organisation) -> None:
    assert say(firm, well) == set()


# --- the office of a place


@pytest.fixture
def offices(well: Row) -> dict[str, Membership]:
    """An officer of a district and one of its region."""
    district = make.organisation("local_body_district", make.district(KURCHATOV))
    region = make.organisation("local_body_region", make.district(ABAI))
    return {"district": make.member(district, Role.OFFICER), "region": make.member(region, Role.HEAD_OFFICER)}


def test_office__the_officers_of_the_district_are_told_and_not_the_region(
    well: Row, offices: dict[str, Membership]
) -> None:
    finance = make.member(offices["district"].organisation, Role.FINANCE)
    tell_office(KURCHATOV, "well.dry", case=well, day=TODAY)
    assert told() == {offices["district"].user_id}
    assert finance.user_id not in told()


def test_office__of_a_district_without_one_is_that_of_its_region(well: Row, offices: dict[str, Membership]) -> None:
    make.district(SEMEY)
    tell_office(SEMEY, "well.dry", case=well, day=TODAY)
    assert told() == {offices["region"].user_id}


def test_region__the_officers_of_the_region_are_told_and_not_the_district(
    well: Row, offices: dict[str, Membership]
) -> None:
    tell_region(KURCHATOV, "well.dry", case=well, day=TODAY)
    assert told() == {offices["region"].user_id}


@pytest.mark.parametrize("place", ["", "750000000"])
def test_office__nobody_is_told_where_nobody_answers(well: Row, offices: dict[str, Membership], place: str) -> None:
    tell_office(place, "well.dry", case=well, day=TODAY)
    tell_region(place, "well.dry", case=well, day=TODAY)
    assert told() == set()


def test_office__an_officer_who_was_dismissed_is_told_nothing(well: Row, offices: dict[str, Membership]) -> None:
    Membership.objects.update(ended_at=make.MORNING - DAY)
    tell_office(KURCHATOV, "well.dry", case=well, day=TODAY)
    tell_region(KURCHATOV, "well.dry", case=well, day=TODAY)
    assert told() == set()


def test_office__no_firm_is_an_office(well: Row) -> None:
    make.member(make.organisation("supplier", make.district(KURCHATOV)), Role.OFFICER)
    tell_office(KURCHATOV, "well.dry", case=well, day=TODAY)
    assert told() == set()


@pytest.mark.finding("I-32")
def test_staff__are_told_by_e_mail_too(well: Row, firm: Organisation) -> None:
    manager = make.member(firm, Role.SUPPLIER_MANAGER)
    say(firm, well)
    deliver()
    [sent] = SentMessage.objects.filter(channel="email")
    assert (sent.address, sent.subject) == (manager.user.email, "Well")
    User.objects.filter(pk=manager.user_id).update(email="new@example.kz")
    say(firm, well)
    deliver()
    assert SentMessage.objects.filter(channel="email").order_by("-id")[0].address == "new@example.kz"
