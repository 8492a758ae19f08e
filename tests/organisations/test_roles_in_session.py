from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import sign_in

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.organisations.actions import add_member, end_membership
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db


def links(client: Client) -> set[str]:
    """Where a page of the officer leads."""
    return {one.address for one in open_page(client, "/counter/phone").links}


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def test_role__that_is_taken_away_ends_with_the_next_page(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    sign_in(client, membership, factor=False)
    assert client.get("/counter/phone").status_code == 200
    end_membership(actor=CLOCK, membership=membership)
    assert client.get("/counter/phone").status_code == 403


def test_role_of_somebody_else__is_not_entered(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    other = make.person()
    sign_in(client, other, membership=str(membership.pk))
    assert client.get("/counter/phone").status_code == 403


@pytest.mark.finding("J-role-given")
def test_role__that_is_given_during_a_session_is_offered_without_a_new_sign_in(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    sign_in(client, membership)
    assert "/roles" not in links(client)
    second = add_member(
        actor=CLOCK,
        user=membership.user,
        organisation=make.organisation("centre"),
        role=Membership.Role.ANALYST,
        since=clock.today(),
    )
    with clock.at(make.MORNING + timedelta(minutes=1)):
        assert "/roles" in links(client)
        with CaptureQueriesContext(connection) as asked:
            assert "/roles" in links(client)
        about_roles = [one["sql"] for one in asked if "organisations_membership" in one["sql"]]
        assert len(about_roles) == 1, "the role in which the reader works, and no count of the others"
        end_membership(actor=CLOCK, membership=second)
    with clock.at(make.MORNING + timedelta(minutes=2)):
        assert "/roles" not in links(client)


def test_desk_of_staff__asks_for_the_second_factor_outside_demo_mode(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    with override_settings(DEMO=False):
        sign_in(client, membership, factor=False)
        assert client.get("/counter/phone").status_code == 403
        sign_in(client, membership)
        assert client.get("/counter/phone").status_code == 200
