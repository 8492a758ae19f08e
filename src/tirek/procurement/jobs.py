"""Needs are recorded and lots end (06:50 in the country); purchases follow their lots each minute."""

from procrastinate.contrib.django import app

from tirek.procurement import actions


@app.periodic(cron="50 1 * * *")
@app.task(name="procurement.needs", queueing_lock="procurement.needs")
def needs(timestamp: int) -> None:
    """Needs of kinds that are ordered on the portal again end; those that are to be bought are recorded; lots of which
    nothing is open end.
    """
    del timestamp
    actions.close_opened()
    actions.record_needs()
    actions.finish_lots()


@app.periodic(cron="* * * * *")
@app.task(name="procurement.follow", queueing_lock="procurement.follow")
def follow(timestamp: int) -> None:
    """Purchases follow the state of their lot, some at a time."""
    del timestamp
    while actions.carry_on():
        pass
