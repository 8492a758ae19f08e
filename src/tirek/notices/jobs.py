"""Work of notices without a person waiting for it."""

from typing import Final

from procrastinate.contrib.django import app

from tirek.core.service import rounds
from tirek.notices import actions

#: So few that a slow channel does not keep sign-in codes waiting, which leave in the same loop.
AT_ONCE: Final = 5


@rounds.every_second("notices.deliver")
def deliver() -> int:
    """Carries waiting notices out of the portal."""
    return actions.deliver(AT_ONCE)


@app.periodic(cron="0 5 * * *")
@app.task(name="notices.remind_of_drafts", queueing_lock="notices.remind_of_drafts")
def remind_of_drafts(timestamp: int) -> None:
    """Reminds owners of unfinished forms before they are archived (10:00 in the country)."""
    del timestamp
    while actions.remind_of_drafts():
        pass
