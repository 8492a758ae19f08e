"""Daily work on people: who comes of age (09:00 in the country)."""

from procrastinate.contrib.django import app

from tirek.people import actions


@app.periodic(cron="0 4 * * *")
@app.task(name="people.tell_of_majority", queueing_lock="people.tell_of_majority")
def tell_of_majority(timestamp: int) -> None:
    """Families are told before a child comes of age, and on the day."""
    del timestamp
    while actions.tell_of_majority():
        pass
