"""Holders of a batch are told in the background, some at a time, from where it stopped."""

from procrastinate.contrib.django import app

from tirek.aftercare.actions import tell_holders


@app.periodic(cron="* * * * *")
@app.task(name="aftercare.tell_holders", queueing_lock="aftercare.tell_holders")
def tell(timestamp: int) -> None:
    """Tell everybody who has goods of a batch that was put on hold, let go or recalled."""
    del timestamp
    while tell_holders():
        pass
