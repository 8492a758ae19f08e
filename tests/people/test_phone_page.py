from collections.abc import Iterator

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.sign_in import sign_in

from tirek.accounts.models import User
from tirek.core import clock
from tirek.organisations.models import Membership
from tirek.people.models import Person

pytestmark = pytest.mark.django_db
NEW = "+7 702 555 44 33"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def person() -> Person:
    return make.person()


@pytest.fixture
def officer(client: Client, person: Person) -> Client:
    membership = make.member(make.organisation("local_body_district", person.territory), Membership.Role.OFFICER)
    sign_in(client, membership, factor=False)
    return client


def change(client: Client, iin: str, **fields: str) -> tuple[int, str]:
    answer = client.post(
        "/counter/phone", {"iin": iin, "phone": NEW, "checked": "on", **fields}, HTTP_ACCEPT_LANGUAGE="en"
    )
    return answer.status_code, answer.content.decode().replace("\u00a0", " ")


def test_officer__puts_a_new_number_on_file_and_is_told_from_when_it_signs(officer: Client, person: Person) -> None:
    status, page = change(officer, person.iin)
    assert status == 200
    assert "10 November 2026, 09:00" in page
    assert person.iin not in page
    assert User.objects.get(pk=person.user_id).phone == "+77025554433"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"checked": ""}, "Tick"),
        ({"phone": "12"}, "not a telephone number"),
        ({"iin": "900101300017"}, "no person with this IIN"),
        ({"iin": "1"}, "12 digits"),
    ],
)
def test_mistakes__are_told_by_the_field(officer: Client, person: Person, fields: dict[str, str], told: str) -> None:
    status, page = change(officer, **{"iin": person.iin, **fields})
    assert status in (404, 422)
    assert told in page
    assert User.objects.get(pk=person.user_id).phone == "+77011234567"


def test_page__is_for_officers(client: Client, person: Person) -> None:
    assert client.get("/counter/phone").headers["Location"].startswith("/sign-in/")
    sign_in(client, person, factor=False)
    assert client.get("/counter/phone").status_code == 403
