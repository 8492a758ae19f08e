"""Work of notices without a person waiting for it."""

from typing import Final

from tirek.core import rounds
from tirek.notices import actions

#: So few that a slow channel does not keep sign-in codes waiting, which leave in the same loop.
AT_ONCE: Final = 5


@rounds.every_second("notices.deliver")
def deliver() -> int:
    """Carries waiting notices out of the portal."""
    return actions.deliver(AT_ONCE)
