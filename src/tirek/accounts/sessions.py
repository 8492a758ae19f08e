"""What a sign-in leaves in the session."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest

from tirek.accounts import limits
from tirek.accounts.actions.account import suggest_display
from tirek.accounts.limits import Origin, Outcome
from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.service.network import address_of
from tirek.ui import display
from tirek.ui.browser import SHARED

#: Key that holds ``True`` once the second factor of this session was right.
FACTOR: Final = "second_factor"
#: Key of the moment, as a timestamp, in which the second factor (or the password of who has none) was right last.
CONFIRMED: Final = "confirmed"
#: Key of a sign-in that is under way: where to go after, shared computer, code, account that waits for its second step.
PENDING: Final = "sign_in"


def origin_of(request: HttpRequest) -> Origin:
    """Where a try to sign in comes from."""
    actor = getattr(request, "actor", None)
    return Origin(address=address_of(request), device=actor.device if isinstance(actor, Actor) else "")


def sign_in(
    request: HttpRequest, user: User, *, shared: bool, factor: bool, extra: Mapping[str, str] | None = None
) -> bool:
    """Open a session for ``user`` under a new key.

    Args:
        request: the request of the last step.
        user: whose session.
        shared: others use this computer too: nothing is stored in the browser.
        factor: the second factor was right.
        extra: what else the session holds.

    Returns:
        Whether it is the first sign-in of this account.
    """
    request.session.pop(PENDING, None)
    login(request, user)
    look = display.of_browser(request)
    if not shared and look != display.Display():
        # chosen on the way in, on one's own device: from now on it comes along
        suggest_display(user=user, display=look.stored())
    request.session[SHARED] = shared
    request.session[FACTOR] = factor
    if factor:
        note_confirmed(request)
    for name, value in (extra or {}).items():
        request.session[name] = value
    return bool(User.objects.filter(pk=user.pk, first_signed_in_at__isnull=True).update(first_signed_in_at=clock.now()))


def note_confirmed(request: HttpRequest) -> None:
    """Keep that the person has confirmed just now who they are."""
    request.session[CONFIRMED] = clock.now().timestamp()


def note_signed_out(user: User, origin: Origin) -> None:
    """Write down that a session was ended by its owner."""
    limits.record(limits.identifier_of(str(user.pk)), Outcome.SIGNED_OUT, origin)


def note_persona(user: User, origin: Origin) -> None:
    """Write down that a demo account was entered by the picker."""
    limits.record(limits.identifier_of(str(user.pk)), Outcome.PERSONA, origin)
