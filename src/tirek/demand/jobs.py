"""Twice an hour: does an offer reach what somebody asked for?"""

from procrastinate.contrib.django import app

from tirek.demand import actions


@app.periodic(cron="7,37 * * * *")
@app.task(name="demand.answer", queueing_lock="demand.answer")
def answer(timestamp: int) -> None:
    """Close what is offered now, and tell who wanted to be told."""
    del timestamp
    actions.answer()
