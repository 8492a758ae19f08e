"""Second factors of staff and suppliers: an authenticator app (TOTP) or a security key (WebAuthn).

The cryptography and the table are django-allauth's; the pages, limits and the journal are ours.
"""

import base64
from collections.abc import Iterator
from typing import Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.accounts import limits
from tirek.accounts.actions.account import end_sessions, note
from tirek.accounts.limits import Origin, Outcome
from tirek.accounts.models import User
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.crypto import resealed
from tirek.core.database import ratelimit
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.typed import without_separators

Json = dict[str, object]
APP: Final = "totp"
KEY: Final = "webauthn"
#: Seconds in which a code of the app is right: its own thirty, and one period before and after.
CODE_SECONDS: Final = 90


class WrongFactor(RuleBroken):
    """The second step did not succeed."""

    code = "wrong_factor"

    def __init__(self) -> None:
        super().__init__(_("This did not work. Check the six digits in the app, or touch the key again."))


def factors_of(user: User) -> frozenset[str]:
    """Kinds of second factors the account has: ``totp``, ``webauthn`` (one query)."""
    return frozenset(Authenticator.objects.filter(user=user, type__in=[APP, KEY]).values_list("type", flat=True))


def _identifier(user: User) -> str:
    return limits.identifier_of(str(user.pk))


def _count(user: User, origin: Origin) -> None:
    limits.count("sign_in.factor", _identifier(user), origin, anywhere=limits.FACTORS)


def _right(user: User, origin: Origin) -> None:
    limits.record(_identifier(user), Outcome.FACTOR_RIGHT, origin)
    ratelimit.forgive("sign_in.factor.anywhere", _identifier(user), limits=limits.FACTORS)


def _wrong(user: User, origin: Origin) -> WrongFactor:
    limits.record(_identifier(user), Outcome.FACTOR_WRONG, origin)
    return WrongFactor()


def _is_fresh(user: User, code: str) -> bool:
    """Take a code of the app: each serves once, for connecting the app as for signing in."""
    return bool(cache.add(f"accounts.totp.{user.pk}.{code}", "used", timeout=CODE_SECONDS))


def new_app_secret() -> str:
    """A new secret for an authenticator app, to be kept in the session until the first right code."""
    return str(totp.generate_totp_secret())


def app_address(user: User, secret: str) -> str:
    """What an authenticator app reads from the square code (``otpauth://…``)."""
    return str(get_adapter().build_totp_url(user, secret))


def app_square(user: User, secret: str) -> str:
    """The square code as the address of an image (``data:``)."""
    svg = str(get_adapter().build_totp_svg(app_address(user, secret)))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def enrol_app(*, user: User, secret: str, code: str, origin: Origin) -> None:
    """Connect an authenticator app after its first right code.

    Raises:
        TooMany: too many wrong codes.
        WrongFactor: the code does not belong to the secret.
        NotAllowed: the account has an app already.
    """
    _count(user, origin)
    digits = without_separators(code)
    if not totp.validate_totp_code(secret, digits) or not _is_fresh(user, digits):
        raise _wrong(user, origin)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if APP in factors_of(user):
            raise NotAllowed
        totp.TOTP.activate(user, secret)
        note(user, "factor_enrolled", actor=CLOCK)
        limits.record(_identifier(user), Outcome.FACTOR_ENROLLED, origin)


def check_app(*, user: User, code: str, origin: Origin) -> None:
    """Check a code of the authenticator app; each code serves once.

    Raises:
        TooMany: too many wrong codes.
        WrongFactor: not the code of this moment, or used before.
    """
    _count(user, origin)
    device = Authenticator.objects.filter(user=user, type=APP).first()
    digits = without_separators(code)
    if device is None or not device.wrap().validate_code(digits) or not _is_fresh(user, digits):
        raise _wrong(user, origin)
    device.record_usage()
    _right(user, origin)


def begin_key(user: User) -> Json:
    """Options for registering a security key in the browser; the challenge is kept in the session."""
    return dict(webauthn.begin_registration(user, passwordless=False))


def enrol_key(*, user: User, credential: Json, name: str, origin: Origin) -> None:
    """Register the security key that answered the challenge.

    Raises:
        TooMany: too many tries.
        WrongFactor: the answer does not belong to the challenge.
    """
    _count(user, origin)
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise _wrong(user, origin) from error
    with transaction.atomic():
        webauthn.WebAuthn.add(user, name, credential)
        note(user, "factor_enrolled", actor=CLOCK)
        limits.record(_identifier(user), Outcome.FACTOR_ENROLLED, origin)


def ask_key(user: User) -> Json:
    """Options for using a registered security key in the browser."""
    return dict(webauthn.begin_authentication(user))


def check_key(*, user: User, credential: Json, origin: Origin) -> None:
    """Check the security key's answer.

    Raises:
        TooMany: too many tries.
        WrongFactor: the answer does not belong to the challenge or to a key of this account.
    """
    _count(user, origin)
    try:
        webauthn.parse_authentication_response(credential)
        device = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise _wrong(user, origin) from error
    device.record_usage()
    _right(user, origin)


def remove_factors(*, actor: Actor, user: User) -> None:
    """An administrator takes lost devices off an account, after checking who asks; the next sign-in enrols a new one.

    Running sessions end: one of them may be open in the hands of who has the device.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
    """
    if actor != CLOCK and (actor.desk is not Desk.ADMIN or actor.user_id == user.pk):
        raise NotAllowed
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        note(user, "factors_removed", actor=actor)


def reseal_factors() -> Iterator[tuple[str, int]]:
    """Write the secrets of authenticator apps anew with the newest key: the library keeps them as text in its JSON.

    Yields:
        Table and rows written.
    """
    written = 0
    for key in Authenticator.objects.filter(type=APP).values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            sealed = row.data.get("secret") if row is not None else None
            if row is None or not isinstance(sealed, str):
                continue
            row.data["secret"] = resealed(sealed.encode()).decode()
            row.save(update_fields=["data"])
            written += 1
    yield Authenticator._meta.db_table, written
