"""Reads of accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tirek.accounts.models import AccountEvent, User
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound


def phone_signs_from(user: User) -> datetime | None:
    """From when codes to the phone on file count as a signature; ``None`` without a phone.

    The phone given at registration counts at once, one that came later after the waiting time (reference
    ``accounts.phone_change_wait``, hours).
    """
    if not user.phone or user.phone_since is None:
        return None
    if not user.phone_changed:
        return user.phone_since
    wait = reference.value("accounts.phone_change_wait", at=user.phone_since.astimezone(clock.COUNTRY_ZONE).date())
    return user.phone_since + timedelta(hours=float(wait.number))


def may_sign_with_phone(user: User, at: datetime) -> bool:
    """Whether a code to the phone on file is a signature at ``at``."""
    since = phone_signs_from(user)
    return since is not None and at >= since


def phone_of(key: UUID) -> str:
    """The phone on file of an account, E.164; "" for none. The caller has checked who asks."""
    return User.objects.filter(pk=key).values_list("phone", flat=True).first() or ""


def account_for(actor: Actor, key: UUID) -> User:
    """An account, for an administrator. Whether a reason is needed for it is asked above, where roles are known.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    user = User.objects.filter(pk=key).first()
    if user is None:
        raise NotFound
    return user


def account_by_login(actor: Actor, login: str) -> User | None:
    """The account that signs in by this e-mail address (staff and suppliers) or IIN, for an administrator.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    typed = login.strip().lower()
    if "@" in typed:
        # the mark of an unusable one
        holders = User.objects.filter(email=typed).exclude(password="").exclude(password__startswith="!")  # noqa: S106
        return holders.first()
    return User.objects.filter(iin=typed).first()


def events_of(user: User, limit: int = 30) -> list[AccountEvent]:
    """What happened to an account, newest first (one query). The caller has checked who asks."""
    return list(AccountEvent.objects.filter(user=user).order_by("-at", "-pk")[:limit])


def names_of_staff(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Name or e-mail address of accounts at work (one query), for pages that say who did something."""
    rows = User.objects.filter(pk__in=set(keys)).only("name", "email")
    return {one.pk: one.name or one.email for one in rows}
