"""Rules of signing in that one line each defends: without that line its test here fails."""

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, override_settings
from tests import factories as make

from tirek.accounts import limits, sessions
from tirek.accounts.actions import factors, secrets
from tirek.accounts.limits import Origin
from tirek.accounts.models import OneTimeSecret, SignInEvent, User
from tirek.core import clock
from tirek.core.database.ratelimit import Limit
from tirek.core.errors import TooMany
from tirek.core.identifiers import Iin
from tirek.core.keys import uuid7
from tirek.core.signing import codes

pytestmark = pytest.mark.django_db
PASSWORD = "four words put together"
HERE = Origin(address="10.0.0.1", device="")
CODE = "123456"


@pytest.fixture(autouse=True)
def _real_rules() -> Iterator[None]:
    """Outside demo mode, where the second step is a must."""
    with override_settings(DEMO=False), clock.at(make.MORNING):
        yield


def member() -> tuple[User, str]:
    """Somebody of the staff, with the secret of the authenticator app."""
    user = User.objects.create_user(email="officer@example.kz", password=PASSWORD)
    secret = factors.new_app_secret()
    factors.enrol_app(user=user, secret=secret, code=app_code(secret), origin=HERE)
    return user, secret


def app_code(secret: str, *, ahead: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def key_of(client: Client) -> str | None:
    return client.session.session_key


def known(key: UUID) -> UUID:
    """A code that was asked for is ``CODE`` now."""
    OneTimeSecret.objects.filter(pk=key).update(secret_hash=codes.hash_of("accounts.code", key, CODE))
    return key


def ask(user: User, *, origin: Origin = HERE) -> UUID:
    return known(secrets.ask_code(iin=Iin(user.iin or ""), origin=origin))


def by_code(client: Client, user: User, **fields: str) -> HttpResponse:
    """Sign in with a code to the phone."""
    client.post("/sign-in/", {"iin": user.iin, **fields})
    known(UUID(client.session[sessions.PENDING]["code"]))
    return client.post("/sign-in/code", {"code": CODE})


def by_password(client: Client) -> HttpResponse:
    return client.post("/sign-in/staff", {"name": "officer@example.kz", "password": PASSWORD})


def person() -> User:
    user = make.person().user
    assert user is not None
    return user


# --- a blocked account


@pytest.mark.finding("T-blocked-code")
def test_right_code__of_an_account_that_was_blocked_while_it_was_sent_opens_nothing() -> None:
    """Blocking voids the codes that there are; this one was written a moment later."""
    user = person()
    key = ask(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(secrets.WrongCode):
        secrets.use_code(key=key, typed=CODE, origin=HERE)
    assert OneTimeSecret.objects.get(pk=key).used_at is None
    assert SignInEvent.objects.latest("at", "id").outcome == SignInEvent.Outcome.CODE_WRONG


@pytest.mark.finding("T-blocked-code")
def test_new_code__is_not_sent_to_an_account_that_was_blocked_meanwhile() -> None:
    user = person()
    key = ask(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert OneTimeSecret.objects.get(pk=secrets.ask_code_again(key=key, origin=HERE)).user is None


@pytest.mark.finding("T-blocked-code")
def test_second_step__is_not_open_to_an_account_that_was_blocked_after_the_password(client: Client) -> None:
    user, secret = member()
    by_password(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post("/sign-in/second-step", {"way": "totp", "code": app_code(secret, ahead=1)})
    assert answer.headers["Location"] == "/sign-in/staff"
    assert SESSION_KEY not in client.session


# --- keys of sessions, and what comes after what


@pytest.mark.finding("T-session-key")
def test_right_password__gives_the_session_a_key_that_nobody_could_plant(client: Client) -> None:
    member()
    client.post("/sign-in/", {"iin": person().iin})
    planted = key_of(client)
    by_password(client)
    assert planted is not None
    assert key_of(client) not in {None, planted}


@pytest.mark.finding("T-session-key")
def test_second_step_of_who_is_signed_in__gives_the_session_another_key(client: Client) -> None:
    user, secret = member()
    client.force_login(user)
    before = key_of(client)
    client.post("/sign-in/second-step", {"way": "totp", "code": app_code(secret, ahead=1)})
    assert client.session[sessions.FACTOR] is True
    assert key_of(client) not in {None, before}


@pytest.mark.finding("T-session-key")
def test_sign_in_by_code__does_not_keep_the_second_step_of_the_session_before(client: Client) -> None:
    user = person()
    client.force_login(user)
    session = client.session
    session[sessions.FACTOR] = True
    session.save()
    client.post("/sign-in/", {"iin": user.iin})
    known(UUID(client.session[sessions.PENDING]["code"]))
    client.post("/sign-in/code", {"code": CODE})
    assert client.session[SESSION_KEY] == str(user.pk)
    assert client.session[sessions.FACTOR] is False


def test_sign_in_as_another__keeps_nothing_of_the_session_before(client: Client) -> None:
    first, second = person(), person()
    by_code(client, first)
    session = client.session
    session["membership"], session[sessions.FACTOR] = str(uuid7()), True
    session.save()
    by_code(client, second)
    assert client.session[SESSION_KEY] == str(second.pk)
    assert "membership" not in client.session
    assert client.session[sessions.FACTOR] is False


@pytest.mark.finding("T-session-key")
@pytest.mark.parametrize("shared", ["", "on"])
def test_sign_in__leaves_what_was_said_on_the_way_in_and_no_sign_in_under_way(client: Client, shared: str) -> None:
    by_code(client, person(), shared=shared)
    assert client.session["shared_computer"] is bool(shared)
    assert sessions.PENDING not in client.session
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in/"


def test_sign_in_by_two_steps__needs_the_second_to_be_right_before_the_session_opens(client: Client) -> None:
    _user, secret = member()
    by_password(client)
    assert client.post("/sign-in/second-step", {"way": "totp", "code": "000000"}).status_code == 422
    assert SESSION_KEY not in client.session
    assert sessions.FACTOR not in client.session
    client.post("/sign-in/second-step", {"way": "totp", "code": app_code(secret, ahead=1)})
    assert client.session[sessions.FACTOR] is True
    assert sessions.PENDING not in client.session


def test_connected_app__leaves_no_secret_in_the_session(client: Client) -> None:
    User.objects.create_user(email="officer@example.kz", password=PASSWORD)
    by_password(client)
    client.get("/sign-in/connect")
    secret = client.session["sign_in_app"]
    client.post("/sign-in/connect", {"way": "totp", "code": app_code(secret)})
    assert client.session[sessions.FACTOR] is True
    assert secret not in str(dict(client.session.items()))


@pytest.mark.finding("R-L3")
def test_code_that_connected_the_app__does_not_sign_in_once_more(client: Client) -> None:
    user = User.objects.create_user(email="officer@example.kz", password=PASSWORD)
    by_password(client)
    client.get("/sign-in/connect")
    code = app_code(client.session["sign_in_app"])
    client.post("/sign-in/connect", {"way": "totp", "code": code})
    for typed in (code, f"{code[:3]} {code[3:]}"):
        with pytest.raises(factors.WrongFactor):
            factors.check_app(user=user, code=typed, origin=HERE)


# --- tries of the second step


def _wrong(user: User, times: int) -> None:
    for _ in range(times):
        with pytest.raises(factors.WrongFactor):
            factors.check_app(user=user, code="000000", origin=HERE)


@pytest.mark.finding("T-forgiven")
def test_right_second_step__forgives_the_wrong_ones_before_it() -> None:
    user, secret = member()
    _wrong(user, 3)
    factors.check_app(user=user, code=app_code(secret, ahead=1), origin=HERE)
    _wrong(user, 5)
    with pytest.raises(TooMany):
        factors.check_app(user=user, code="000000", origin=HERE)


@pytest.mark.finding("T-forgiven")
def test_right_second_step__forgives_nobody_else() -> None:
    user, secret = member()
    other = User.objects.create_user(email="other@example.kz", password=PASSWORD)
    _wrong(other, 5)
    factors.check_app(user=user, code=app_code(secret, ahead=1), origin=HERE)
    with pytest.raises(TooMany):
        factors.check_app(user=other, code="000000", origin=HERE)


@pytest.mark.finding("T-forgiven")
def test_right_second_step__does_not_forgive_the_address_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", (Limit(4, timedelta(hours=1)),))
    user, secret = member()
    _wrong(User.objects.create_user(email="first@example.kz"), 1)
    factors.check_app(user=user, code=app_code(secret, ahead=1), origin=HERE)
    _wrong(User.objects.create_user(email="last@example.kz"), 1)
    with pytest.raises(TooMany):
        factors.check_app(user=User.objects.create_user(email="more@example.kz"), code="000000", origin=HERE)


def test_wrong_second_step__is_forgiven_by_time_alone_for_who_has_no_right_one() -> None:
    user, _secret = member()
    _wrong(user, 4)
    for minutes, refused in ((4, True), (5, False)):
        with (
            clock.at(make.MORNING + timedelta(minutes=minutes)),
            pytest.raises(TooMany if refused else factors.WrongFactor),
        ):
            factors.check_app(user=user, code="000000", origin=HERE)
