"""Personal data of accounts: what a person sees of them, and how long they are kept."""

from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import connection
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import factors, secrets
from tirek.accounts.limits import identifier_of
from tirek.accounts.models import AccountEvent, SignInEvent, User
from tirek.accounts.words import EVENTS
from tirek.core.crypto import sealed_elsewhere
from tirek.core.errors import Text
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject, Word
from tirek.ui.display import Display

Outcome = SignInEvent.Outcome
#: What came of a try to sign in, for who reads the own data.
OUTCOMES: Final[dict[str, Text]] = {
    Outcome.CODE_ASKED: _("Code asked for"),
    Outcome.CODE_RIGHT: _("Signed in with a code"),
    Outcome.CODE_WRONG: _("Wrong code"),
    Outcome.PASSWORD_RIGHT: _("Right password"),
    Outcome.PASSWORD_WRONG: _("Wrong password"),
    Outcome.PASSWORD_SET: _("Password set"),
    Outcome.LINK_ASKED: _("Link for a new password asked for"),
    Outcome.FACTOR_RIGHT: _("Second step of sign-in passed"),
    Outcome.FACTOR_WRONG: _("Second step of sign-in failed"),
    Outcome.FACTOR_ENROLLED: _("Second step of sign-in set up"),
    Outcome.PERSONA: _("Entered as a demo person"),
    Outcome.LIMITED: _("Refused after too many tries"),
    Outcome.SIGNED_OUT: _("Signed out"),
}

export.titles(
    "accounts",
    name=_("Name at work"),
    phone=_("Phone on file"),
    phone_since=_("Phone on file since"),
    email=_("E-mail address"),
    display=_("How pages look"),
    first_signed_in_at=_("First sign-in"),
    is_active=_("Account is open"),
    last_used_at=_("Last used"),
)


sealed_elsewhere(factors.reseal_factors)


def _words(known: dict[str, Text], code: str) -> Word:
    return Word(code, str(known.get(code, code)))


@export.section("account", "accounts.User", title=_("Account"), place=20)
def _account(subject: Subject) -> list[Entry]:
    return [
        export.entry(
            user, "name", "phone", "phone_since", "email", "language", "is_active", "created_at", "first_signed_in_at"
        )
        | {"display": Display.chosen(user.display).words}
        for user in User.objects.filter(pk__in=subject.accounts)
    ]


@export.section("factors", "mfa.Authenticator", title=_("Second steps of sign-in"), place=22)
def _factors(subject: Subject) -> list[Entry]:
    rows = Authenticator.objects.filter(user__in=subject.accounts).order_by("created_at", "pk")
    return [{"kind": str(one.type), "created_at": one.created_at, "last_used_at": one.last_used_at} for one in rows]


@export.section("account_events", "accounts.AccountEvent", title=_("What happened to the account"), place=24)
def _account_events(subject: Subject) -> list[Entry]:
    rows = AccountEvent.objects.filter(user__in=subject.accounts).order_by("at", "pk")
    return [{"at": one.at, "kind": _words(EVENTS, one.kind), **export.entry(one, "desk", "channel")} for one in rows]


@export.section("sign_ins", "accounts.SignInEvent", title=_("Sign-ins"), place=26)
def _sign_ins(subject: Subject) -> list[Entry]:
    user = User.objects.filter(pk__in=subject.accounts).first()
    if user is None:
        return []
    typed = [identifier_of(one) for one in (str(user.pk), user.iin, user.email) if one]
    rows = SignInEvent.objects.filter(identifier__in=typed).order_by("at", "pk")
    return [{"at": one.at, "kind": _words(OUTCOMES, one.outcome)} for one in rows]


export.leaves_out("a code or link that lives for minutes; only its fingerprint is kept", "accounts.OneTimeSecret")


@retention.forgets(
    "retention.one_time_secrets",
    "accounts.OneTimeSecret",
    what=_("Codes and links for signing in"),
    since=_("from the end of their validity"),
)
def _forget_secrets(before: datetime, limit: int) -> int:
    return secrets.purge(before=before, limit=limit)


@retention.forgets(
    "retention.sign_ins",
    "accounts.SignInEvent",
    what=_("Sign-ins and tries to sign in, with the mark of the device"),
    since=_("from the try"),
)
def _forget_sign_ins(before: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_forget_sign_ins(%s, %s)", [before, limit])
        (count,) = cursor.fetchone()
    return int(count)


retention.keeps(
    "The account lasts as long as the person's entry in the register.", "accounts.User", "mfa.Authenticator"
)
retention.keeps("What happened to an account: codes and ids only, append-only.", "accounts.AccountEvent")
