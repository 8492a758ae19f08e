"""What the search of the catalogue needs is made ready beside everything else; documents of offers end by the day."""

from procrastinate.contrib.django import app

from tirek.catalogue import actions, documents
from tirek.catalogue.actions.documents import expire_offer, warn_of_end
from tirek.core import clock
from tirek.core.errors import DomainError


@app.periodic(cron="23 * * * *")
@app.task(name="catalogue.search_keys", queueing_lock="catalogue.search_keys")
def search_keys(timestamp: int) -> None:
    """Write the words by which sizes are found, where there are none."""
    del timestamp
    actions.write_search_keys()


@app.periodic(cron="*/5 * * * *")
@app.task(name="catalogue.offer_words", queueing_lock="catalogue.offer_words")
def offer_words(timestamp: int) -> None:
    """Write the words by which people find offers, where names or maker are new."""
    del timestamp
    while actions.write_offer_words():
        pass


@app.periodic(cron="*/5 * * * *")
@app.task(name="catalogue.meanings", queueing_lock="catalogue.meanings")
def meanings(timestamp: int) -> None:
    """Tell what the names of kinds mean, where it is not told yet."""
    del timestamp
    actions.tell_meanings()


@app.periodic(cron="5 * * * *")
@app.task(name="catalogue.documents", queueing_lock="catalogue.documents")
def documents_end(timestamp: int) -> None:
    """Offers of which a document has expired are paused, suppliers are warned of those that expire soon: five minutes
    after midnight of the country, and each hour for what was in somebody's hands then.

    Raises:
        DomainError: what one of them raised; the others have had their turn.
    """
    del timestamp
    failed = None
    todo = [(expire_offer, one) for one in documents.with_expired(clock.today())]
    todo += [(warn_of_end, one) for one in documents.to_warn_of(clock.today())]
    for act, key in todo:
        try:
            act(key)
        except DomainError as error:
            failed = error
    if failed is not None:
        raise failed
