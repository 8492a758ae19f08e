"""Once a night: claims that are missing, and sums by month."""

from procrastinate.contrib.django import app

from tirek.reimbursements import actions


@app.periodic(cron="40 19 * * *")
@app.task(name="reimbursements.open_missing", queueing_lock="reimbursements.open_missing")
def open_missing(timestamp: int) -> None:
    """Makes what is missing and counts the months, at twenty to one at night of the country."""
    del timestamp
    actions.open_missing()
    actions.count_months()
