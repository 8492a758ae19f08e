"""What can be done to an account. Who may do it for a person of which place is decided above, in ``people``."""

import re
from typing import Final

import phonenumbers
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tirek.accounts.models import AccountEvent, OneTimeSecret, User
from tirek.accounts.queries import phone_signs_from
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Iin
from tirek.core.signing import messaging
from tirek.core.typed import as_meant
from tirek.ui.text import moment_text, ways_of_help

#: Words behind a number: "(мама)".
_AFTER: Final = re.compile(r"[^0-9]+\Z")


def parse_phone(text: str) -> str:
    """A telephone number as typed, in E.164 form; without a country it is one of Kazakhstan. Words may stand around it.

    An extension is refused: neither a message nor a code would reach it.

    Raises:
        RuleBroken: it is no telephone number.
    """
    try:
        number = phonenumbers.parse(_AFTER.sub("", as_meant(text)), "KZ")
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and number.extension:
        raise RuleBroken(
            gettext_lazy("A telephone number with an extension cannot be used. Enter a number without one."),
            code="phone",
        )
    if number is None or not phonenumbers.is_valid_number(number):
        raise RuleBroken(gettext_lazy("This is not a telephone number. Enter it like +7 701 234 56 78."), code="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def note(user: User, kind: str, *, actor: Actor) -> AccountEvent:
    """Write down what happened to an account."""
    return AccountEvent.objects.create(
        user=user,
        kind=kind,
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        desk=actor.desk.value,
        channel=actor.channel.value,
    )


def end_sessions(user: User) -> None:
    """Everybody who is signed in to this account is signed out with the next page; codes and links that were sent are
    void.
    """
    User.objects.filter(pk=user.pk).update(sessions_round=F("sessions_round") + 1)
    user.refresh_from_db(fields=["sessions_round"])
    OneTimeSecret.objects.filter(user=user, used_at__isnull=True).delete()


def open_account(*, actor: Actor, iin: Iin, phone: str = "", email: str = "", language: str = "kk") -> User:
    """The account of the holder of ``iin``: the one there is, or a new one that signs in by code.

    Args:
        actor: who registers the person.
        iin: whose account.
        phone: phone on file for a new account, as typed; "" for none. The phone of an account that exists stays.
        email: e-mail address for a new account.
        language: kk, ru or en, for a new account.

    Raises:
        RuleBroken: ``phone`` is no telephone number.
    """
    number = parse_phone(phone) if phone else ""
    with transaction.atomic():
        known = User.objects.filter(iin=iin.digits).first()
        if known is not None:
            return known
        user = User.objects.create_user(iin=iin.digits, phone=number, email=email, language=language)
        note(user, "opened", actor=actor)
    return user


def close_account(*, actor: Actor, user: User) -> None:
    """Nobody signs in to this account any more; running sessions end with their next page."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        end_sessions(user)
        note(user, "closed", actor=actor)
    user.is_active = False


def set_language(*, user: User, language: str) -> None:
    """Remember the language of an account's pages."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def set_display(*, user: User, display: dict[str, str]) -> None:
    """Remember what the display panel is set to (``tirek.ui.display.Display.stored``)."""
    User.objects.filter(pk=user.pk).update(display=display)
    user.display = display


def suggest_display(*, user: User, display: dict[str, str]) -> bool:
    """Set the display panel of an account that has not chosen yet; a choice of one's own is never overwritten.

    Returns:
        Whether it was set.
    """
    if not User.objects.filter(pk=user.pk, display={}).update(display=display):
        return False
    user.display = display
    return True


def change_phone(*, actor: Actor, user: User, phone: str) -> User:
    """Put a new phone on file after the officer has checked the identity card of the person at the counter.

    Both numbers are told at once. The new one signs in and signs after the waiting time (reference
    ``accounts.phone_change_wait``), the old one no more: an officer alone opens no account. Sessions
    opened by a code to the old number end: the telephone may be in other hands.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: it is no telephone number, the same one as before, or the officer's own account.
    """
    if actor != CLOCK and actor.desk is not Desk.OFFICER:
        raise NotAllowed
    number = parse_phone(phone)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.pk == actor.user_id:
            raise NotAllowed(gettext_lazy("You cannot change your own phone. Ask a colleague."), code="own_phone")
        if locked.phone == number:
            raise RuleBroken(gettext_lazy("This number is already on file."), code="same_phone")
        old = locked.phone
        locked.phone, locked.phone_since, locked.phone_changed = number, clock.now(), True
        locked.save(update_fields=["phone", "phone_since", "phone_changed"])
        end_sessions(locked)
        note(locked, "phone_changed", actor=actor)
    if old:
        _tell(locked, old, _OLD_NUMBER, purpose="accounts.phone_changed", failed="phone_change_not_told")
    _tell(locked, number, _NEW_NUMBER, purpose="accounts.phone_new", failed="phone_not_reached")
    return locked


#: What the number hears that was on file, and the one that is.
_OLD_NUMBER: Final = gettext_lazy(
    "Tirek: the phone number of your account was changed at an office. If it was not you, tell us now: %(ways)s."
)
_NEW_NUMBER: Final = gettext_lazy(
    "Tirek: this number was put on file at an office. From %(since)s on you can sign in with it. If you did not ask "
    "for it, tell us now: %(ways)s."
)


def _tell(user: User, number: str, text: Promise, *, purpose: str, failed: str) -> None:
    """Send a short message about a change of phones; one that cannot be sent is noted as ``failed``."""
    since = phone_signs_from(user)
    with translation.override(user.language):
        said = str(text) % {"since": moment_text(since) if since else "", "ways": ways_of_help()}
    try:
        messaging.send(
            messaging.ShortMessage(channel="sms", address=number, text=said, purpose=purpose, user_id=user.pk)
        )
    except messaging.Undeliverable:
        note(user, failed, actor=CLOCK)
