"""Twice an hour: does an offer reach what somebody asked for? Once a day: what was short in stock, what is needed."""

from procrastinate.contrib.django import app

from tirek.demand import actions


@app.periodic(cron="7,37 * * * *")
@app.task(name="demand.answer", queueing_lock="demand.answer")
def answer(timestamp: int) -> None:
    """Close what is offered now, and tell who wanted to be told."""
    del timestamp
    actions.answer()


@app.periodic(cron="20 3 * * *")
@app.task(name="demand.shortages", queueing_lock="demand.shortages")
def tell_shortages(timestamp: int) -> None:
    """Suppliers hear in the morning (8:20 of the country) what people could not order for want of stock."""
    del timestamp
    actions.tell_suppliers()


@app.periodic(cron="50 19 * * *")
@app.task(name="demand.count_open", queueing_lock="demand.count_open")
def count_open(timestamp: int) -> None:
    """Counts what people have not chosen yet, at ten minutes to one at night of the country."""
    del timestamp
    actions.count_open()
