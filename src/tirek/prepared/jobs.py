"""Every night, after the windows of quotas have opened: what is over ends, and new orders are prepared."""

from procrastinate.contrib.django import app

from tirek.prepared import actions


@app.periodic(cron="40 20 * * *")
@app.task(name="prepared.prepare", queueing_lock="prepared.prepare")
def prepare(timestamp: int) -> None:
    """End what was not answered, then go through the lines piece by piece (01:40 in the country)."""
    del timestamp
    while actions.expire() or actions.close_ended():
        pass
    key = None
    while (key := actions.prepare_after(key)) is not None:
        pass
