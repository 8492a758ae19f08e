"""What follows when a supplier's bank details change: apps say what they do, in the same transaction.

Declared in the room ``subscriptions`` of an app.
"""

from collections.abc import Callable

from tirek.core.actors import Actor
from tirek.suppliers.models import BankAccount

#: ``(who changed them, the new details)``.
Follow = Callable[[Actor, BankAccount], object]
_followers: list[Follow] = []


def when_account_changes(follow: Follow) -> Follow:
    """Have a function called with each new account."""
    _followers.append(follow)
    return follow


def follow(actor: Actor, account: BankAccount) -> None:
    """There is a new account: every app does what it has to do. The caller is in a transaction."""
    for one in _followers:
        one(actor, account)
