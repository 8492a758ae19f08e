"""Once an hour: sizes that came into the catalogue before suppliers could search get their words."""

from procrastinate.contrib.django import app

from tirek.catalogue import actions


@app.periodic(cron="23 * * * *")
@app.task(name="catalogue.search_keys", queueing_lock="catalogue.search_keys")
def search_keys(timestamp: int) -> None:
    """Write the words by which sizes are found, where there are none."""
    del timestamp
    actions.write_search_keys()
