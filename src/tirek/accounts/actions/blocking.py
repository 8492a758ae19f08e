"""What administrators do with an account: block it, open it again, take lost devices off it. The person is told each
time.
"""

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import factors
from tirek.accounts.actions.account import end_sessions, note
from tirek.accounts.models import AccountEvent, User
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.signing import messaging
from tirek.ui.text import ways_of_help


def _require_other_admin(actor: Actor, user: User) -> None:
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    if actor.user_id == user.pk:
        raise NotAllowed(_("You cannot do this to your own account. Ask another administrator."), code="own_account")


def _tell(user: User, sentence: Promise, purpose: str) -> None:
    """By e-mail where there is one, else by text message; what did not leave is written down."""
    channel, address = ("email", user.email) if user.email else ("sms", user.phone)
    with translation.override(user.language):
        text = str(sentence) % {"ways": ways_of_help()}
    if not address:
        note(user, f"{purpose.partition('.')[2]}_not_told", actor=CLOCK)
        return
    try:
        messaging.send(
            messaging.ShortMessage(channel=channel, address=address, text=text, purpose=purpose, user_id=user.pk)
        )
    except messaging.Undeliverable:
        note(user, f"{purpose.partition('.')[2]}_not_told", actor=CLOCK)


def block_account(*, actor: Actor, user: User) -> User:
    """Nobody signs in to this account until it is opened again; running sessions end with their next page, codes and
    links are void.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
        RuleBroken: it is blocked or closed already.
    """
    _require_other_admin(actor, user)
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise RuleBroken(_("This account is blocked or closed already."), code="blocked")
        end_sessions(user)
        note(user, "blocked", actor=actor)
    user.is_active = False
    _tell(user, _("Tirek: your account was blocked by an administrator. Questions: %(ways)s."), "accounts.blocked")
    return user


def unblock_account(*, actor: Actor, user: User) -> User:
    """The owner may sign in again.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
        RuleBroken: it is not blocked, or was closed for good.
    """
    _require_other_admin(actor, user)
    with transaction.atomic():
        last = (
            AccountEvent.objects.filter(user=user, kind__in=["blocked", "unblocked", "closed"])
            .order_by("-at", "-pk")
            .first()
        )
        if last is None or last.kind != "blocked":
            raise RuleBroken(
                _("Only an account that an administrator has blocked can be opened again."), code="not_blocked"
            )
        User.objects.filter(pk=user.pk).update(is_active=True)
        note(user, "unblocked", actor=actor)
    user.is_active = True
    _tell(user, _("Tirek: your account is open again. You can sign in."), "accounts.unblocked")
    return user


def reset_factors(*, actor: Actor, user: User) -> None:
    """Take all devices of the second step off an account whose owner has lost them; the next sign-in connects a new
    one.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
        RuleBroken: the account has none.
    """
    _require_other_admin(actor, user)
    if not factors.factors_of(user):
        raise RuleBroken(_("This account has no device of the second step."), code="no_factor")
    factors.remove_factors(actor=actor, user=user)
    _tell(
        user,
        _(
            "Tirek: an administrator removed the second-step devices from your account. If you did not ask for it, "
            "tell us now: %(ways)s."
        ),
        "accounts.factors_removed",
    )
