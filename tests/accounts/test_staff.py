import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.sign_in import sign_in

from tirek.accounts import personas, sessions
from tirek.accounts.actions import factors, passwords, secrets
from tirek.accounts.limits import Origin
from tirek.accounts.models import AccountEvent, SignInEvent, User
from tirek.accounts.personas import Persona
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.notices.models import SentMessage

pytestmark = pytest.mark.django_db
PASSWORD = "four words put together"
HERE = Origin(address="10.0.0.1", device="")


@pytest.fixture(autouse=True)
def _real_rules() -> Iterator[None]:
    """Outside demo mode, where the second step is a must."""
    with override_settings(DEMO=False), clock.at(make.MORNING):
        yield


@pytest.fixture
def officer() -> User:
    return User.objects.create_user(email="officer@example.kz", password=PASSWORD, language="en")


def first_step(
    client: Client, name: str = "officer@example.kz", password: str = PASSWORD, **fields: str
) -> HttpResponse:
    return client.post("/sign-in/staff", {"name": name, "password": password, **fields}, HTTP_ACCEPT_LANGUAGE="en")


def code_of(secret: str, *, ahead: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def connect_app(user: User) -> str:
    secret = factors.new_app_secret()
    # with the code of before: the present one is left for the test
    factors.enrol_app(user=user, secret=secret, code=code_of(secret, ahead=-1), origin=HERE)
    return secret


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def outcomes() -> list[str]:
    return list(SignInEvent.objects.order_by("id").values_list("outcome", flat=True))


class TestFirstSignIn:
    def test_password_alone__opens_nothing_and_a_device_must_be_connected(self, client: Client, officer: User) -> None:
        assert first_step(client, next="/roles").headers["Location"] == "/sign-in/second-step"
        assert not is_signed_in(client)
        assert client.get("/sign-in/second-step").headers["Location"] == "/sign-in/connect"
        page = client.get("/sign-in/connect", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        secret = client.session["sign_in_app"]
        assert " ".join(re.findall("....", secret)) in page
        assert "data:image/svg+xml;base64," in page
        answer = client.post("/sign-in/connect", {"way": "totp", "code": code_of(secret)})
        assert answer.headers["Location"] == "/roles"
        assert is_signed_in(client)
        assert outcomes() == ["password_right", "factor_enrolled"]

    def test_wrong_code_while_connecting__connects_nothing(self, client: Client, officer: User) -> None:
        first_step(client)
        client.get("/sign-in/connect")
        assert client.post("/sign-in/connect", {"way": "totp", "code": "000000"}).status_code == 422
        assert factors.factors_of(officer) == frozenset()
        assert not is_signed_in(client)

    def test_secret_of_the_app__is_stored_sealed(self, officer: User) -> None:
        secret = connect_app(officer)
        assert secret not in str(Authenticator.objects.get().data)

    def test_one_app__per_account(self, officer: User) -> None:
        connect_app(officer)
        secret = factors.new_app_secret()
        with pytest.raises(NotAllowed):
            factors.enrol_app(user=officer, secret=secret, code=code_of(secret), origin=HERE)

    def test_connecting__needs_a_password_a_short_while_ago(self, client: Client, officer: User) -> None:
        first_step(client)
        with clock.at(make.MORNING + timedelta(minutes=10, seconds=1)):
            assert client.get("/sign-in/connect").headers["Location"] == "/sign-in/staff"

    def test_who_signed_in_by_phone__cannot_connect_a_device_with_that_alone(
        self, client: Client, officer: User
    ) -> None:
        sign_in(client, officer, factor=False)
        assert client.get("/sign-in/second-step").headers["Location"] == "/sign-in/staff"
        assert client.get("/sign-in/connect").headers["Location"] == "/sign-in/staff"


class TestSecondStep:
    def test_code_of_the_app__opens_the_session(self, client: Client, officer: User) -> None:
        secret = connect_app(officer)
        first_step(client, next="/help", shared="on")
        before = client.session.session_key
        answer = client.post("/sign-in/second-step", {"way": "totp", "code": code_of(secret, ahead=1)})
        assert answer.headers["Location"] == "/help"
        assert client.session["_auth_user_id"] == str(officer.pk)
        assert client.session[sessions.FACTOR] is True
        assert client.session["shared_computer"] is True
        assert client.session.session_key != before

    def test_code_of_the_app__serves_once(self, officer: User) -> None:
        secret = connect_app(officer)
        code = code_of(secret)
        factors.check_app(user=officer, code=code, origin=HERE)
        with pytest.raises(factors.WrongFactor):
            factors.check_app(user=officer, code=code, origin=HERE)

    def test_codes__can_be_tried_five_times(self, client: Client, officer: User) -> None:
        connect_app(officer)
        first_step(client)
        statuses = [
            client.post("/sign-in/second-step", {"way": "totp", "code": "000000"}).status_code for _n in range(5)
        ]
        assert statuses == [422] * 4 + [429]
        assert not is_signed_in(client)

    def test_second_step_without_the_first__goes_back(self, client: Client) -> None:
        assert client.get("/sign-in/second-step").headers["Location"] == "/sign-in/staff"

    def test_somebody_signed_in__steps_up_and_goes_on(self, client: Client, officer: User) -> None:
        secret = connect_app(officer)
        sign_in(client, officer, factor=False)
        answer = client.post(
            "/sign-in/second-step", {"way": "totp", "code": code_of(secret, ahead=1), "next": "/roles"}
        )
        assert answer.headers["Location"] == "/roles"
        assert client.session[sessions.FACTOR] is True

    def test_broken_answer_of_a_key__is_refused(self, client: Client, officer: User) -> None:
        connect_app(officer)
        first_step(client)
        for credential in ("", "{}", '{"id": "x", "response": {}}', "[]", "nonsense"):
            assert client.post("/sign-in/second-step", {"way": "webauthn", "credential": credential}).status_code in (
                422,
                429,
            )
        assert not is_signed_in(client)

    def test_administrator__removes_lost_devices_of_others(self, officer: User) -> None:
        connect_app(officer)
        for actor in (Actor(desk=Desk.OFFICER), Actor(desk=Desk.ADMIN, user_id=officer.pk)):
            with pytest.raises(NotAllowed):
                factors.remove_factors(actor=actor, user=officer)
        factors.remove_factors(actor=Actor(desk=Desk.ADMIN, user_id=make.person().user_id), user=officer)
        assert factors.factors_of(officer) == frozenset()
        assert AccountEvent.objects.filter(user=officer).order_by("-id")[0].kind == "factors_removed"


class TestPassword:
    def test_wrong_password_and_unknown_name__look_the_same(self, client: Client, officer: User) -> None:
        make.person()
        recipient = User.objects.exclude(iin=None).get()
        pages, counts = set(), []
        for name, password in (
            ("officer@example.kz", "wrong"),
            ("nobody@example.kz", "wrong"),
            (recipient.iin, "wrong"),
            ("nonsense", "x"),
        ):
            with CaptureQueriesContext(connection) as asked:
                page = first_step(Client(), name, password)
            counts.append(len(asked))
            text = re.sub(r'name="(csrfmiddlewaretoken|name)" value="[^"]+"', "", page.content.decode())
            text = re.sub(r'value="[^"]*"', "", text)
            pages.add((page.status_code, text))
        assert len(pages) == 1
        assert max(counts) - min(counts) <= 1

    def test_unknown_name__takes_the_work_of_a_password(self, monkeypatch: pytest.MonkeyPatch, officer: User) -> None:
        hashed: list[str] = []
        monkeypatch.setattr("tirek.accounts.backends.make_password", hashed.append)
        with pytest.raises(passwords.WrongPassword):
            passwords.check_password(name="nobody@example.kz", password="tried", origin=HERE)
        assert hashed == ["tried"]

    def test_iin__is_a_name_too(self, client: Client) -> None:
        person = make.person()
        assert person.user is not None
        person.user.set_password(PASSWORD)
        person.user.save()
        assert first_step(client, person.iin).status_code == 302

    def test_passwords__can_be_tried_ten_times_from_one_place(self, client: Client, officer: User) -> None:
        statuses = [first_step(client, password="wrong").status_code for _n in range(11)]
        assert statuses == [422] * 10 + [429]
        assert first_step(client).status_code == 429
        assert first_step(Client(REMOTE_ADDR="10.9.9.9")).status_code == 302
        assert outcomes().count("limited") == 2

    def test_password_page__never_sends_a_password_back(self, client: Client, officer: User) -> None:
        assert "s3cret" not in first_step(client, password="s3cret").content.decode()

    def test_two_accounts__cannot_sign_in_by_one_address_but_a_family_may_share_one(self, officer: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(email="OFFICER@example.kz", password=PASSWORD)
        User.objects.create_user(email="officer@example.kz")
        User.objects.create_user(email="officer@example.kz")


class TestLink:
    def address(self) -> str:
        with override_settings(DEMO=True):
            secrets.hand_over()
        found = re.search(r"https?://[^/]+(/\S+)", SentMessage.objects.order_by("-id")[0].text)
        assert found is not None
        return found.group(1)

    def test_invited_staff__set_their_password_and_go_on_to_the_second_step(self, client: Client) -> None:
        person = make.person()
        assert person.user is not None
        passwords.invite(actor=Actor(desk=Desk.ADMIN), user=person.user, email="New@example.kz")
        address = self.address()
        page = client.get(address)
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert client.post(address, {"password": PASSWORD}).headers["Location"] == "/sign-in/staff"
        assert first_step(client, "new@example.kz").headers["Location"] == "/sign-in/second-step"
        assert client.get(address).status_code == 404

    def test_weak_password__is_refused_with_the_reason_and_the_link_lives(self, client: Client, officer: User) -> None:
        client.post("/sign-in/password", {"name": "officer@example.kz"})
        address = self.address()
        for language, told in (("kk", "12 таңба"), ("ru", "12 знаков"), ("en", "12 characters")):
            page = client.post(address, {"password": "short"}, HTTP_ACCEPT_LANGUAGE=language)
            assert page.status_code == 422
            assert told in page.content.decode()
        assert (
            "too much like"
            in client.post(address, {"password": "officer@example.k"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        )
        assert client.post(address, {"password": "another four words here"}).status_code == 302

    def test_new_password__ends_sessions_under_the_old_one(self, client: Client, officer: User) -> None:
        sign_in(client, officer, factor=False)
        Client().post("/sign-in/password", {"name": "officer@example.kz"})
        Client().post(self.address(), {"password": "another four words here"})
        assert client.get("/phone").headers["Location"].startswith("/sign-in/")

    def test_forgotten__answers_the_same_for_strangers_and_sends_them_nothing(self, officer: User) -> None:
        User.objects.create_user(email="mother@example.kz")
        seen = set()
        for name in ("officer@example.kz", "nobody@example.kz", "mother@example.kz"):
            with CaptureQueriesContext(connection) as asked:
                answer = Client().post("/sign-in/password", {"name": name})
            seen.add((answer.status_code, answer.headers["Location"], len(asked)))
        assert len(seen) == 1
        with override_settings(DEMO=True):
            assert secrets.hand_over() == 3
        assert [message.address for message in SentMessage.objects.all()] == ["officer@example.kz"]

    def test_old_and_invented_links__open_nothing(self, client: Client, officer: User) -> None:
        client.post("/sign-in/password", {"name": "officer@example.kz"})
        address = self.address()
        assert client.get(f"{address}x").status_code == 404
        with clock.at(make.MORNING + timedelta(hours=1)):
            assert client.get(address).status_code == 404

    def test_only_administrators__invite(self, officer: User) -> None:
        for desk in set(Desk) - {Desk.ADMIN, Desk.CLOCK}:
            with pytest.raises(NotAllowed):
                passwords.invite(actor=Actor(desk=desk), user=officer, email="a@example.kz")

    def test_taken_address__is_told(self, officer: User) -> None:
        other = User.objects.create_user(email="b@example.kz", password=PASSWORD)
        with pytest.raises(RuleBroken) as refused:
            passwords.invite(actor=CLOCK, user=other, email="officer@example.kz")
        assert refused.value.code == "email_taken"


class TestDemo:
    def test_persona__is_signed_in_with_one_press_and_the_role_of_the_demo(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person = make.person()
        assert person.user_id is not None
        listed = [Persona(person.user_id, "Айгүл", "about", Desk.OFFICER, {"membership": "x"})]
        monkeypatch.setattr(personas, "import_string", lambda _path: lambda: listed)
        with override_settings(DEMO=True):
            assert "Айгүл" in client.get("/sign-in/demo").content.decode()
            assert client.post("/sign-in/demo", {"user": str(person.user_id)}).status_code == 302
            assert client.session["membership"] == "x"
            assert client.session["shared_computer"] is True
        assert outcomes() == ["persona"]

    def test_persona__is_one_of_the_list_only(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(personas, "import_string", lambda _path: list)
        person = make.person()
        with override_settings(DEMO=True):
            assert client.post("/sign-in/demo", {"user": str(person.user_id)}).status_code == 404
            assert client.get("/sign-in/demo").status_code == 200
        assert not is_signed_in(client)

    def test_picker__does_not_exist_outside_demo_mode(self, client: Client) -> None:
        person = make.person()
        assert client.get("/sign-in/demo").status_code == 404
        assert client.post("/sign-in/demo", {"user": str(person.user_id)}).status_code == 404
        assert "/sign-in/demo" not in client.get("/sign-in/").content.decode()

    def test_password__is_enough_in_demo_mode_until_a_device_is_connected(self, client: Client, officer: User) -> None:
        with override_settings(DEMO=True):
            first_step(client)
            assert is_signed_in(client)
        connect_app(officer)
        other = Client()
        with override_settings(DEMO=True):
            assert first_step(other).headers["Location"] == "/sign-in/second-step"


@pytest.mark.finding("A-account")
def test_account__shows_no_iin_in_its_text_form_and_staff_have_one_too() -> None:
    person = make.person()
    assert person.user is not None
    clerk = make.member(make.organisation("centre"), "admin").user
    for user in (person.user, clerk):
        assert repr(user) == f"<User: {user.pk}>"
    assert person.iin not in f"{person.user} {person.user!r}"
