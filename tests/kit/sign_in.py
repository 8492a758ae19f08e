"""One way to be signed in: the session is made directly, as the last step of a sign-in leaves it.

The sign-in itself, with its codes and passwords, is tested in ``tests/accounts``.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests import factories as make

from tirek.accounts.actions import secrets
from tirek.accounts.models import User
from tirek.accounts.sessions import CONFIRMED, FACTOR
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.notices.models import SentMessage
from tirek.organisations.models import Membership
from tirek.people.models import Person
from tirek.site import sessions

#: Whoever may be signed in: an account, a person, somebody at work, or the actor that one of them is.
Somebody = User | Person | Membership | Actor
_TEN_YEARS = 10 * 365 * 86_400


def _account_of(who: Somebody) -> User:
    if isinstance(who, User):
        return who
    if isinstance(who, Actor):
        return User.objects.get(pk=who.account)
    assert who.user is not None
    return who.user


def _membership_of(who: Somebody) -> Membership | None:
    if isinstance(who, Membership):
        return who
    if isinstance(who, Actor) and who.organisation_id is not None:
        return Membership.objects.get(user_id=who.account, organisation_id=who.organisation_id)
    return None


def new_session(who: Somebody, *, factor: bool = True, seconds: int | None = None, **more: object) -> SessionBase:
    """A session in the database, in which ``who`` works.

    Args:
        who: an actor or a membership works in its role, a person or an account at the recipient's desk.
        factor: the second factor was right.
        seconds: how long it lasts without a request, when not as usual.
        more: what else the session holds.
    """
    account, membership = _account_of(who), _membership_of(who)
    made: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    made[SESSION_KEY] = str(account.pk)
    made[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = account.get_session_auth_hash()
    made[FACTOR] = factor
    if factor:
        made[CONFIRMED] = clock.now().timestamp()
    if membership is not None:
        made[sessions.MEMBERSHIP] = str(membership.pk)
    if seconds is not None:
        made.set_expiry(seconds)
    made.update(more)
    made.create()
    return made


def sign_in(client: Client, who: Somebody, *, factor: bool = True, seconds: int | None = None, **more: object) -> None:
    """From now on ``who`` works in this browser (see ``new_session``)."""
    made = new_session(who, factor=factor, seconds=seconds, **more)
    client.cookies[settings.SESSION_COOKIE_NAME] = made.session_key or ""


def signed_in(
    who: Somebody, *, language: str = "en", factor: bool = True, seconds: int | None = None, **more: object
) -> Client:
    """A browser of its own in which ``who`` works; without ``language`` it asks for none."""
    client = Client(headers={"Accept-Language": language} if language else {})
    sign_in(client, who, factor=factor, seconds=seconds, **more)
    return client


def for_years(who: Somebody) -> Client:
    """A browser whose session does not end while a story jumps months ahead."""
    return signed_in(who, seconds=_TEN_YEARS)


def registered(
    person: Person, *, language: str = "en", factor: bool = False, seconds: int | None = None, **more: object
) -> Client:
    """A browser of a person who has answered the welcome page."""
    make.agree(person)
    return signed_in(person, language=language, factor=factor, seconds=seconds, **more)


def through_the_pages(client: Client, person: Person, *, shared: bool = False) -> Client:
    """The whole way, with the code that the demo channel kept: for what the pages of signing in do on the way."""
    cache.clear()
    given = {"iin": person.iin, "next": "/help"} | ({"shared": "on"} if shared else {})
    client.post(reverse("accounts:sign-in"), given)
    secrets.hand_over()
    newest = SentMessage.objects.filter(address=person.user.phone if person.user else "").order_by("-at", "-pk").first()
    assert newest is not None
    words = [word.strip(".,") for word in newest.text.split()]
    code = next(word for word in words if word.isdecimal() and len(word) == 6)
    done = client.post(reverse("accounts:code"), {"code": code})
    assert done.status_code == 302, done.content.decode()[:300]
    return client
