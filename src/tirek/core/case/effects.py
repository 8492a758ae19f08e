"""What one app does when something happened in another: one row per subscriber, written with the event, run by the
worker.

At least once, claimed with SKIP LOCKED; a subscriber is idempotent by (subscriber, event). Subscribers are declared in
each app's ``subscriptions.py``.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from tirek.core import clock
from tirek.core.case.journal import Event
from tirek.core.database import rows
from tirek.core.tables import Row

log = logging.getLogger(__name__)
MAX_TRIES: Final = 12
#: Effects whose events are read together.
AT_ONCE: Final = 100
Subscriber = Callable[[Event], None]

_subscribers: dict[str, Subscriber] = {}
_by_event: dict[str, list[str]] = {}


class Effect(Row):
    """A subscriber that is to learn of an event."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    subscriber = models.CharField(max_length=80)
    event_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(default=clock.now)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "event_id"], name="core_effect_once")]
        indexes = [models.Index(fields=["try_after"], name="core_effect_pending", condition=Q(state="pending"))]


def subscribe(*event_types: str, name: str) -> Callable[[Subscriber], Subscriber]:
    """Declare a subscriber of event types; ``name`` is stable, for example ``suppliers.count_lapse``."""

    def known(function: Subscriber) -> Subscriber:
        _subscribers[name] = function
        for kind in event_types:
            names = _by_event.setdefault(kind, [])
            if name not in names:
                names.append(name)
        return function

    return known


def subscribers_of(event_type: str) -> tuple[str, ...]:
    """Names of the subscribers of an event type."""
    return tuple(_by_event.get(event_type, ()))


def emit(event: Event) -> None:
    """Write the effect rows of an event, in the event's transaction."""
    rows.insert([Effect(subscriber=name, event_id=event.pk) for name in subscribers_of(event.type)])


def _due(limit: int) -> dict[UUID, Event | None]:
    """Keys of pending effects in their turn, each with its event (two queries)."""
    due = Effect.objects.filter(state=Effect.State.PENDING, try_after__lte=clock.now())
    keys = dict(due.order_by("try_after").values_list("pk", "event_id")[:limit])
    events = Event.objects.in_bulk(set(keys.values()))
    return {key: events.get(event) for key, event in keys.items()}


def _run_one(key: UUID, event: Event | None) -> bool:
    """Carry out one effect in a transaction of its own, so that it holds nobody up; ``False`` when another has it."""
    with transaction.atomic():
        effect = (
            Effect.objects.select_for_update(skip_locked=True)
            .filter(pk=key, state=Effect.State.PENDING, try_after__lte=clock.now())
            .first()
        )
        if effect is None:
            return False
        effect.tries += 1
        try:
            with transaction.atomic():
                _subscribers[effect.subscriber](event or Event.objects.get(pk=effect.event_id))
        except Exception as error:  # whatever a subscriber raises must not stop the others; it is kept and shown
            effect.problem = f"{type(error).__name__}: {error}"[:300]
            effect.try_after = clock.now() + timedelta(seconds=min(2**effect.tries, 3600))
            if effect.tries >= MAX_TRIES:
                effect.state = Effect.State.FAILED
            log.exception("effect %s of event %s failed", effect.subscriber, effect.event_id)
        else:
            effect.state = Effect.State.DONE
            effect.problem = ""
        effect.save(update_fields=["tries", "state", "try_after", "problem"])
    return True


def run(*, limit: int = 500) -> int:
    """Carry out pending effects, ``AT_ONCE`` read at a time; returns how many were taken up."""
    done = 0
    while done < limit:
        due = _due(min(AT_ONCE, limit - done))
        taken = sum(_run_one(key, event) for key, event in due.items())
        done += taken
        # what another worker has taken is that worker's to do
        if taken == 0:
            break
    return done


def failed() -> list[tuple[str, UUID, str]]:
    """Effects that were given up: subscriber, event, problem (shown to staff)."""
    return list(Effect.objects.filter(state=Effect.State.FAILED).values_list("subscriber", "event_id", "problem"))
