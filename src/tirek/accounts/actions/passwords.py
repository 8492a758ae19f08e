"""Passwords of staff and suppliers: checked, and set by a link that is used once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tirek.accounts import limits
from tirek.accounts.actions.account import end_sessions, note
from tirek.accounts.actions.secrets import CodeGone, NewSecret, open_link, store
from tirek.accounts.limits import Origin, Outcome
from tirek.accounts.models import OneTimeSecret, User
from tirek.core import clock, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.signing import codes
from tirek.core.typed import without_separators
from tirek.ui.addresses import full_address


class WrongPassword(RuleBroken):
    """Name and password do not belong together; which of the two is wrong is not said."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("The IIN or e-mail address and the password do not belong together."))


class WrongOwnPassword(RuleBroken):
    """Not the password of the account that is signed in."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This is not the password of your account. Type it once more."))


def check_password(*, name: str, password: str, origin: Origin) -> User:
    """The account of an IIN or e-mail address with this password.

    Raises:
        TooMany: too many tries for this name or from this address.
        WrongPassword: they do not belong together.
    """
    identifier = limits.identifier_of(name if "@" in name else without_separators(name))
    with _counted(identifier, origin):
        user = authenticate(None, name=name, password=password)
        if not isinstance(user, User):
            raise WrongPassword
    return user


def confirm_password(*, user: User, password: str, origin: Origin) -> None:
    """The password of somebody who is signed in, once more; a try counts like one of signing in.

    Raises:
        TooMany: too many tries for this account or from this address.
        WrongOwnPassword: it is another one.
    """
    with _counted(limits.identifier_of(user.email or user.iin or str(user.pk)), origin):
        if not user.check_password(password):
            raise WrongOwnPassword


@contextmanager
def _counted(identifier: str, origin: Origin) -> Iterator[None]:
    """Around one typed password: it counts until it was right, and is written down."""
    limits.count(
        "sign_in.password",
        identifier,
        origin,
        here=limits.PASSWORDS_HERE,
        anywhere=limits.PASSWORDS_ANYWHERE,
        known=limits.PASSWORDS_KNOWN,
    )
    try:
        yield
    except RuleBroken:
        limits.record(identifier, Outcome.PASSWORD_WRONG, origin)
        raise
    limits.record(identifier, Outcome.PASSWORD_RIGHT, origin)
    tries = (*limits.PASSWORDS_HERE, *limits.PASSWORDS_ANYWHERE, *limits.PASSWORDS_KNOWN)
    limits.succeeded("sign_in.password", identifier, origin, tries=tries)


def _write_link(user: User | None, *, identifier: str, text: str, lasts: timedelta) -> str:
    """Write a link to set a password; it leaves with ``text``, and is only given back where there is none."""
    asked = NewSecret(key=uuid7(), secret=codes.new_secret())
    address = full_address(reverse("accounts:new-password", args=[asked.key, asked.secret]))
    message = f"{text}\n{address}" if text else ""
    store(asked, kind=OneTimeSecret.Kind.LINK, user=user, identifier=identifier, message=message, lasts=lasts)
    return address


def ask_link(*, name: str, origin: Origin) -> None:
    """Send a link to set a new password to the e-mail address of staff; the same answer for names nobody has.

    Raises:
        TooMany: too many links for this name or from this address.
    """
    identifier = limits.identifier_of(name)
    limits.count("sign_in.link", identifier, origin, here=limits.CODES_HERE, anywhere=limits.CODES_ANYWHERE)
    user = (
        User.objects.filter(email=name.strip().lower(), is_active=True).exclude(password="").exclude(email="").first()
    )
    if user is not None and not user.has_usable_password():
        user = None
    text = ngettext(
        "Open this address within %(hours)s hour to set a new password for Tirek. If you did not ask for it, do "
        "nothing:",
        "Open this address within %(hours)s hours to set a new password for Tirek. If you did not ask for it, do "
        "nothing:",
        limits.LINK_HOURS,
    ) % {"hours": limits.LINK_HOURS}
    with transaction.atomic():
        _write_link(user, identifier=identifier, text=text, lasts=timedelta(hours=limits.LINK_HOURS))
        limits.record(identifier, Outcome.LINK_ASKED, origin)


def invitation_days() -> int:
    """For how many days an invitation is valid (reference ``accounts.invitation``)."""
    return int(reference.value("accounts.invitation", at=clock.today()).number)


def invite(*, actor: Actor, user: User, email: str) -> None:
    """Give an account an e-mail address and send it a link to set its first password; links sent before are void.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: somebody else signs in by this address.
    """
    with translation.override(user.language):
        text = ngettext(
            "You work in Tirek now. Open this address within %(days)s day to set your password:",
            "You work in Tirek now. Open this address within %(days)s days to set your password:",
            invitation_days(),
        ) % {"days": invitation_days()}
    _invite(actor, user, email, text)


def invite_by_link(*, actor: Actor, user: User, email: str) -> str:
    """As ``invite``, but no message leaves: the link is given back, for whoever stands at the machine.

    Raises:
        NotAllowed, RuleBroken: as ``invite``.
    """
    return _invite(actor, user, email, "")


def _invite(actor: Actor, user: User, email: str, text: str) -> str:
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed
    address, lasts = email.strip().lower(), timedelta(days=invitation_days())
    try:
        with transaction.atomic():
            user.email = address
            user.save(update_fields=["email"])
            _void_links(user)
            link = _write_link(user, identifier=limits.identifier_of(address), text=text, lasts=lasts)
            note(user, "invited", actor=actor)
    except IntegrityError as error:
        raise RuleBroken(_("Somebody else signs in by this e-mail address."), code="email_taken") from error
    return link


def _void_links(user: User) -> None:
    OneTimeSecret.objects.filter(user=user, kind=OneTimeSecret.Kind.LINK, used_at__isnull=True).delete()


def withdraw_invitation(*, actor: Actor, user: User) -> None:
    """The link that was sent opens nothing any more.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: the password is set already.
    """
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed
    if user.has_usable_password():
        raise RuleBroken(_("This person has set a password already. End the role instead."), code="password_set")
    with transaction.atomic():
        _void_links(user)
        note(user, "invitation_withdrawn", actor=actor)


def invited_until(user: User) -> datetime | None:
    """Until when the link of an invitation is valid; ``None`` where none is."""
    rows = OneTimeSecret.objects.filter(
        user=user, kind=OneTimeSecret.Kind.LINK, used_at__isnull=True, expires_at__gt=clock.now()
    )
    return rows.order_by("-expires_at").values_list("expires_at", flat=True).first()


#: Our own words for Django's reasons: its Kazakh ones are not whole.
_WEAK: Final = {
    "password_too_short": gettext_lazy("The password is too short: use at least 12 characters."),
    "password_too_common": gettext_lazy("Many people use this password, so it is guessed first. Choose another one."),
    "password_too_similar": gettext_lazy(
        "The password is too much like your e-mail address or IIN. Choose another one."
    ),
}


def _why_weak(error: ValidationError) -> str:
    reasons = [str(_WEAK.get(one.code or "", "")) for one in error.error_list]
    return " ".join(reason for reason in reasons if reason) or str(_WEAK["password_too_common"])


def set_password(*, key: UUID, secret: str, password: str, origin: Origin) -> User:
    """Set the password by a link; the link is used up, other links are void, and sessions under the old password end.

    Raises:
        CodeGone: the link is too old, used, or not ours.
        RuleBroken: the password is too weak (the message says why), or somebody else signs in by the address.
    """
    row = open_link(key=key, secret=secret)
    user = row.user
    if user is None:
        raise CodeGone
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(_why_weak(error), code="weak_password") from error
    try:
        with transaction.atomic():
            if not OneTimeSecret.objects.filter(pk=key, used_at__isnull=True).update(used_at=clock.now()):
                raise CodeGone
            user.set_password(password)
            user.save(update_fields=["password"])
            end_sessions(user)
            limits.record(row.identifier, Outcome.PASSWORD_SET, origin)
            note(user, "password_set", actor=CLOCK)
    except IntegrityError as error:
        raise RuleBroken(_("Somebody else signs in by this e-mail address."), code="email_taken") from error
    return user
