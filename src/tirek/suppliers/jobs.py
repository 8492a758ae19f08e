"""Documents of suppliers end by the day; words by which suppliers are found are made ready."""

from procrastinate.contrib.django import app

from tirek.core import clock
from tirek.core.errors import DomainError
from tirek.suppliers import checks
from tirek.suppliers.actions import write_missing_words
from tirek.suppliers.actions.agreements import ask_to_accept
from tirek.suppliers.actions.checks import tell_of_lapse, warn_of_end
from tirek.suppliers.queries import current_offer, to_ask


@app.periodic(cron="7 * * * *")
@app.task(name="suppliers.documents", queueing_lock="suppliers.documents")
def documents_end(timestamp: int) -> None:
    """Suppliers are warned of documents that end soon; the region is told of those that have ended: seven minutes after
    midnight of the country, and each hour for what was in somebody's hands then.

    Raises:
        DomainError: what one of them raised; the others have had their turn.
    """
    del timestamp
    failed, today = None, clock.today()
    todo = [(warn_of_end, one) for one in checks.to_warn_of(today)]
    todo += [(tell_of_lapse, one) for one in checks.to_tell_of(today)]
    for act, key in todo:
        try:
            act(key)
        except DomainError as error:
            failed = error
    if failed is not None:
        raise failed


@app.periodic(cron="37 * * * *")
@app.task(name="suppliers.words", queueing_lock="suppliers.words")
def words(timestamp: int) -> None:
    """Write the words of names by which suppliers are found, where there are none."""
    del timestamp
    write_missing_words()


@app.periodic(cron="47 * * * *")
@app.task(name="suppliers.offer", queueing_lock="suppliers.offer")
def offer_to_accept(timestamp: int) -> None:
    """Suppliers are asked to accept the present public offer, each once for a version, some hundreds in an hour.

    Raises:
        DomainError: what one of them raised; the others have had their turn.
    """
    del timestamp
    failed, offer = None, current_offer(clock.today())
    for key in to_ask(offer):
        try:
            ask_to_accept(key, offer)
        except DomainError as error:
            failed = error
    if failed is not None:
        raise failed
