from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from tests import factories as make
from tests.kit.sign_in import sign_in

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.organisations.actions import end_membership
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db


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


def test_desk_of_staff__asks_for_the_second_factor_outside_demo_mode(client: Client) -> None:
    membership = make.member(make.organisation("local_body_district"), Membership.Role.OFFICER)
    with override_settings(DEMO=False):
        sign_in(client, membership, factor=False)
        assert client.get("/counter/phone").status_code == 403
        sign_in(client, membership)
        assert client.get("/counter/phone").status_code == 200
