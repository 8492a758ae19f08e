"""A morning of letters in the demo: somebody asked for notices by post, and today's envelopes wait to be printed."""

from datetime import timedelta

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.letters import actions
from tirek.letters.models import Envelope
from tirek.people.models import Person


def load(officer: Actor, person: Person) -> int:
    """The person at the counter wants notices by post; returns how many envelopes there are today."""
    with clock.at(clock.now() - timedelta(days=1)):
        actions.set_by_post(actor=officer, person=person, wanted=True)
    key = None
    while (key := actions.gather_after(key)) is not None:
        pass
    return Envelope.objects.count()
