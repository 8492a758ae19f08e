"""Every morning: what people without phone and e-mail were told goes into the envelopes of the day."""

from procrastinate.contrib.django import app

from tirek.letters import actions


@app.periodic(cron="0 1 * * *")
@app.task(name="letters.gather", queueing_lock="letters.gather")
def gather(timestamp: int) -> None:
    """Go through the people piece by piece (06:00 in the country)."""
    del timestamp
    key = None
    while (key := actions.gather_after(key)) is not None:
        pass
