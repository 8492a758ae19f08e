"""Once a night: content of files that no row knows any more."""

from procrastinate.contrib.django import app

from tirek.files import actions


@app.periodic(cron="41 2 * * *")
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Take away what failed transactions and broken servers have left."""
    del timestamp
    actions.sweep()
