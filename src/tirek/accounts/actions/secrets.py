"""One-time codes and links: asked for, handed over by the worker, used once.

Asking answers the same, and does the same work, whether the account exists or not: a row is written either way and the
message leaves later, from the worker (``hand_over``), so that neither text, status nor time tells who is known.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts import limits
from tirek.accounts.limits import Origin, Outcome
from tirek.accounts.models import OneTimeSecret, User
from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock
from tirek.core.errors import RuleBroken
from tirek.core.identifiers import Iin
from tirek.core.keys import uuid7
from tirek.core.personal.retention import delete_some
from tirek.core.signing import codes, messaging
from tirek.ui.text import time_text

log = logging.getLogger(__name__)
_CHANNELS: Final = {OneTimeSecret.Kind.CODE: "sms", OneTimeSecret.Kind.LINK: "email"}


class WrongCode(RuleBroken):
    """It is not the code that was sent."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This is not the code we sent. Check the six digits in the message."))


class OlderCode(RuleBroken):
    """It is the code of an earlier message; a newer one was sent since."""

    code = "older_code"

    def __init__(self, sent_at: datetime) -> None:
        super().__init__(
            gettext_lazy("This code is from an earlier message. A newer one was sent at %(time)s.")
            % {"time": time_text(sent_at)},
            next_step=gettext_lazy("Type the six digits of the newest message."),
        )


class CodeGone(RuleBroken):
    """The code is too old, used, or was wrong five times."""

    code = "code_gone"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This code is no longer valid. Ask for a new one."))


def purpose_of(kind: OneTimeSecret.Kind) -> str:
    """What the stored hash of a secret is bound to."""
    return f"accounts.{kind.value}"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A new secret before it is stored; ``key`` names it in the session or in the link."""

    key: UUID
    secret: str


def store(
    asked: NewSecret, *, kind: OneTimeSecret.Kind, user: User | None, identifier: str, message: str, lasts: timedelta
) -> None:
    """Write a secret to be handed over; with ``user=None`` it looks the same and nobody gets it."""
    now = clock.now()
    OneTimeSecret.objects.create(
        id=asked.key,
        kind=kind,
        user=user,
        identifier=identifier,
        secret_hash=codes.hash_of(purpose_of(kind), asked.key, asked.secret),
        message=message,
        created_at=now,
        expires_at=now + lasts,
    )


def _count(identifier: str, origin: Origin) -> None:
    limits.count(
        "sign_in.code",
        identifier,
        origin,
        here=limits.CODES_HERE,
        anywhere=limits.CODES_ANYWHERE,
        known=limits.CODES_KNOWN,
    )


def ask_code(*, iin: Iin, origin: Origin) -> UUID:
    """Send a six-digit code to the phone on file of the holder of ``iin``, in the language of the page. Nobody gets it
    where there is no phone, or one whose waiting time after a change is not over.

    Returns:
        Key of the code, to keep in the session. There is one for unknown IINs too.

    Raises:
        TooMany: too many codes for this IIN or from this address.
    """
    identifier = limits.identifier_of(iin.digits)
    _count(identifier, origin)
    user = User.objects.filter(iin=iin.digits).first()
    return _write_code(_reached(user), identifier=identifier, origin=origin)


def ask_code_again(*, key: UUID, origin: Origin) -> UUID:
    """Send another code to whom an earlier one was for; the earlier one no longer counts.

    Returns:
        Key of the new code.

    Raises:
        TooMany: too many codes for this IIN or from this address.
        CodeGone: the earlier code has been deleted: ask with the IIN.
    """
    row = (
        OneTimeSecret.objects.select_related("user")
        .filter(pk=key, kind=OneTimeSecret.Kind.CODE, used_at__isnull=True)
        .first()
    )
    if row is None:
        raise CodeGone
    _count(row.identifier, origin)
    OneTimeSecret.objects.filter(pk=key).update(expires_at=clock.now())
    return _write_code(_reached(row.user), identifier=row.identifier, origin=origin)


def _reached(user: User | None) -> User | None:
    """The account, where a code to its phone may open it: not to a number that an officer has just put on file. Until
    its waiting time is over the one who gave the number is served at the counter (docs/adr/0002-sign-in.md).
    """
    if user is None or not user.is_active or not may_sign_with_phone(user, clock.now()):
        return None
    return user


def _write_code(user: User | None, *, identifier: str, origin: Origin) -> UUID:
    asked = NewSecret(key=uuid7(), secret=codes.new_code())
    message = _(
        "Tirek: %(code)s is your code to sign in, valid for %(minutes)s minutes. Do not tell it to anyone, not even "
        "to staff."
    ) % {
        "code": asked.secret,
        "minutes": codes.CODE_MINUTES,
    }
    with transaction.atomic():
        lasts = timedelta(minutes=codes.CODE_MINUTES)
        store(asked, kind=OneTimeSecret.Kind.CODE, user=user, identifier=identifier, message=message, lasts=lasts)
        limits.record(identifier, Outcome.CODE_ASKED, origin)
    return asked.key


def use_code(*, key: UUID, typed: str, origin: Origin) -> User:
    """The account that a code signs in to; the code is used up.

    Raises:
        WrongCode: not the code; after five of them it is gone. What is no code at all is no try.
        OlderCode: the code of an earlier message; no try either.
        CodeGone: too old, used, or wrong five times.
        TooMany: too many wrong codes came from this address, for whomever.
    """
    typed = codes.read_code(typed)
    if not typed:
        raise WrongCode
    with limits.not_guessing(limits.identifier_of(str(key)), origin):
        return _used(key, typed, origin)


def _used(key: UUID, typed: str, origin: Origin) -> User:
    now = clock.now()
    if not codes.take_try(OneTimeSecret.objects.filter(pk=key, kind=OneTimeSecret.Kind.CODE, used_at__isnull=True)):
        raise CodeGone
    row = OneTimeSecret.objects.select_related("user").get(pk=key)
    is_right = codes.is_right(row.secret_hash, purpose_of(OneTimeSecret.Kind.CODE), key, typed)
    user = row.user
    if not is_right or user is None or not user.is_active:
        if _is_older(row, typed):
            codes.give_back_try(OneTimeSecret.objects.filter(pk=key))
            raise OlderCode(row.created_at)
        limits.record(row.identifier, Outcome.CODE_WRONG, origin)
        raise WrongCode
    with transaction.atomic():
        if not OneTimeSecret.objects.filter(pk=key, used_at__isnull=True).update(used_at=now):
            raise CodeGone
        limits.record(row.identifier, Outcome.CODE_RIGHT, origin)
    limits.succeeded("sign_in.code", row.identifier, origin)
    return user


def _is_older(row: OneTimeSecret, typed: str) -> bool:
    """Whether somebody typed the code of an earlier message, which a newer one has replaced."""
    before = OneTimeSecret.objects.filter(
        kind=row.kind,
        identifier=row.identifier,
        created_at__lt=row.created_at,
        created_at__gt=row.created_at - codes.REMEMBERED,
        used_at__isnull=True,
    )
    hashes = before.order_by("-created_at").values_list("pk", "secret_hash")[: codes.MOST_OLDER]
    return codes.is_of(hashes, purpose_of(OneTimeSecret.Kind.CODE), typed)


def open_link(*, key: UUID, secret: str) -> OneTimeSecret:
    """The link that was followed, still unused, with its ``user``.

    Raises:
        CodeGone: it is too old, used, or not ours.
    """
    row = (
        OneTimeSecret.objects.select_related("user")
        .filter(
            pk=key, kind=OneTimeSecret.Kind.LINK, used_at__isnull=True, expires_at__gt=clock.now(), user__is_active=True
        )
        .first()
    )
    if row is None or not codes.is_right(row.secret_hash, purpose_of(OneTimeSecret.Kind.LINK), key, secret):
        raise CodeGone
    return row


def hand_over(limit: int = 50) -> int:
    """Give waiting codes and links to their channels, each at most once. The worker calls this every second.

    Returns:
        How many rows were worked on.
    """
    now = clock.now()
    with transaction.atomic():
        rows = list(
            OneTimeSecret.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(handed_over_at__isnull=True)
            .select_related("user")
            .order_by("created_at")[:limit]
        )
        OneTimeSecret.objects.filter(pk__in=[row.pk for row in rows]).update(handed_over_at=now, message=None)
    for row in rows:
        if row.user is not None and row.message and row.expires_at > now:
            _send(row, row.user, row.message)
    return len(rows)


def _send(row: OneTimeSecret, user: User, text: str) -> None:
    kind = OneTimeSecret.Kind(row.kind)
    address = user.phone if kind is OneTimeSecret.Kind.CODE else user.email
    message = messaging.ShortMessage(
        channel=_CHANNELS[kind], address=address, text=text, purpose=f"accounts.sign_in_{kind.value}", user_id=user.pk
    )
    try:
        messaging.send(message)
    except Exception:  # one message that does not leave must not stop the others; the person asks for a new one
        log.exception("one-time secret %s did not leave", row.pk)


def purge(*, before: datetime, limit: int) -> int:
    """Delete secrets whose validity ended before a moment, at most ``limit``; returns how many."""
    return delete_some(OneTimeSecret.objects.filter(expires_at__lte=before), limit)
