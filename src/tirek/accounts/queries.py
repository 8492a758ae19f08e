"""Reads of accounts."""

from datetime import datetime, timedelta

from tirek.accounts.models import User
from tirek.core import clock, reference


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
