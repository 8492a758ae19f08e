"""Work on orders by the clock: orders of people who have died are looked at the same day."""

from procrastinate.contrib.django import app

from tirek.core import clock
from tirek.orders.actions.settling import ask_for_reviews
from tirek.orders.queries import to_review


@app.periodic(cron="*/10 * * * *")
@app.task(name="orders.review_of_the_dead", queueing_lock="orders.review_of_the_dead")
def review_of_the_dead(timestamp: int) -> None:
    """Ask officers to look at open orders of people whose death was entered."""
    del timestamp
    ask_for_reviews(to_review(clock.today()), cause="death")
