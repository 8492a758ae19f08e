"""Daily work on the ledger: new windows open, ended ones close (01:10 and 01:20 in the country); terms to order begin
where a kind has opened on the portal (07:40, so that nobody is woken by a notice).
"""

from procrastinate.contrib.django import app

from tirek.entitlements import actions


@app.periodic(cron="10 20 * * *")
@app.task(name="entitlements.open_windows", queueing_lock="entitlements.open_windows")
def open_windows(timestamp: int) -> None:
    """Grant the present window of every active line."""
    del timestamp
    actions.open_windows()


@app.periodic(cron="20 20 * * *")
@app.task(name="entitlements.expire_windows", queueing_lock="entitlements.expire_windows")
def expire_windows(timestamp: int) -> None:
    """Write off what was left in windows that have ended."""
    del timestamp
    while actions.expire_windows():
        pass


@app.periodic(cron="40 2 * * *")
@app.task(name="entitlements.open_terms", queueing_lock="entitlements.open_terms")
def open_terms(timestamp: int) -> None:
    """Terms to order begin, and people are told, where a kind has opened on the portal in their region."""
    del timestamp
    while actions.open_terms_of_opened():
        pass
