"""What the search of the catalogue needs is made ready beside everything else."""

from procrastinate.contrib.django import app

from tirek.catalogue import actions


@app.periodic(cron="23 * * * *")
@app.task(name="catalogue.search_keys", queueing_lock="catalogue.search_keys")
def search_keys(timestamp: int) -> None:
    """Write the words by which sizes are found, where there are none."""
    del timestamp
    actions.write_search_keys()


@app.periodic(cron="*/5 * * * *")
@app.task(name="catalogue.meanings", queueing_lock="catalogue.meanings")
def meanings(timestamp: int) -> None:
    """Tell what the names of kinds mean, where it is not told yet."""
    del timestamp
    actions.tell_meanings()
