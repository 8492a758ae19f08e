"""Work of accounts without a person waiting for it: codes leave, old secrets go."""

from procrastinate.contrib.django import app

from tirek.accounts.actions import secrets
from tirek.core import rounds


@rounds.every_second("accounts.hand_over")
def hand_over() -> int:
    """Hands codes and links to their channels."""
    return secrets.hand_over()


@app.periodic(cron="40 20 * * *")
@app.task(name="accounts.purge", queueing_lock="accounts.purge")
def purge(timestamp: int) -> None:
    """Deletes secrets that ended a day ago."""
    del timestamp
    secrets.purge()
