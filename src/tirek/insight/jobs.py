"""Every night: how long people wait, and what suppliers did."""

from procrastinate.contrib.django import app

from tirek.insight import actions


@app.periodic(cron="10 20 * * *")
@app.task(name="insight.count_waits", queueing_lock="insight.count_waits")
def count_waits(timestamp: int) -> None:
    """Counts and publishes, ten minutes past one at night of the country."""
    del timestamp
    actions.count()


@app.periodic(cron="30 20 * * *")
@app.task(name="insight.count_suppliers", queueing_lock="insight.count_suppliers")
def count_suppliers(timestamp: int) -> None:
    """Counts suppliers' own figures, at half past one at night of the country."""
    del timestamp
    actions.count_suppliers()
