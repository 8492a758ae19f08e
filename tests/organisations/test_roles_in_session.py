from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from tests import factories as make

from tirek.accounts.sessions import FACTOR
from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.organisations.actions import end_membership
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def enter(client: Client, membership: Membership, **keys: object) -> None:
    client.force_login(membership.user)
    session = client.session
    session.update({"membership": str(membership.pk), **keys})
    session.save()


def test_role__that_is_taken_away_ends_with_the_next_page(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    enter(client, membership)
    assert client.get("/counter/phone").status_code == 200
    end_membership(actor=CLOCK, membership=membership)
    assert client.get("/counter/phone").status_code == 403


def test_role_of_somebody_else__is_not_entered(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    other = make.person()
    client.force_login(other.user)
    session = client.session
    session["membership"] = str(membership.pk)
    session.save()
    assert client.get("/counter/phone").status_code == 403


def test_desk_of_staff__asks_for_the_second_factor_outside_demo_mode(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    with override_settings(DEMO=False):
        enter(client, membership)
        assert client.get("/counter/phone").status_code == 403
        enter(client, membership, **{FACTOR: True})
        assert client.get("/counter/phone").status_code == 200
