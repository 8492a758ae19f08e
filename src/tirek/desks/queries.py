"""Reads of unfinished forms, of every app."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tirek.core import drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.drafts.forms import Begun
from tirek.core.personal import viewlog
from tirek.orders.models import Order
from tirek.people.models import Person
from tirek.people.queries import represented_by
from tirek.procurement.models import Purchase
from tirek.ui.worklist import bounded

#: Forms of a page; an office that has more works off the oldest first.
MOST_FORMS = 50


def begun(actor: Actor, most: int | None = None) -> list[Begun]:
    """The unfinished forms of the actor's desk, of every app, newest first: those held by the actor, and at the
    recipient's desk those handed to the office, too.
    """
    return draft_forms.begun(list(_begun(actor)[: most or MOST_FORMS]))


def _begun(actor: Actor) -> QuerySet[Draft]:
    known = draft_forms.known(actor.desk)
    if actor.desk is Desk.OFFICER:
        return drafts.open_of(actor).filter(form__in=known, holder_id=actor.user_id)
    # what somebody fills in as an officer for strangers stays at that desk
    own = [actor.person_id, actor.subject_id, *(person.pk for person in represented_by(actor))]
    people = [one for one in own if one]
    rows = drafts.open_of(actor, people).filter(form__in=known)
    return rows.filter(Q(subject_id__isnull=True) | Q(subject_id__in=people))


def waiting_first(people: Sequence[Person]) -> list[Person]:
    """People one acts for, in their order, but first those of whose orders or purchases one waits for an answer (one
    query).
    """
    orders = Order.objects.filter(person__in=people, state__in=Order.NEEDS_PERSON)
    purchases = Purchase.objects.filter(person__in=people, state__in=Purchase.NEEDS_PERSON)
    waited = set(orders.values_list("person_id", flat=True).union(purchases.values_list("person_id", flat=True)))
    return sorted(people, key=lambda one: one.pk not in waited)


def waiting(actor: Actor, most: int | None = None) -> list[Begun]:
    """Forms handed to the office, of every app, oldest first: keys, then what is told of them."""
    rows = drafts.waiting_for_office(actor).filter(form__in=draft_forms.known(actor.desk))
    return told(list(rows.values_list("pk", flat=True)[: most or MOST_FORMS]))


def told(keys: Sequence[UUID]) -> list[Begun]:
    """Forms that the actor was told of, in this order."""
    found = Draft.objects.in_bulk(keys)
    return draft_forms.begun([found[key] for key in keys if key in found])


def first_waiting(actor: Actor, most: int) -> Iterable[tuple[UUID, datetime]]:
    """Keys of the first forms of ``waiting``, and since when they wait (one query)."""
    rows = drafts.waiting_for_office(actor).filter(form__in=draft_forms.known(actor.desk))
    return rows.values_list("pk", "updated_at")[:most]


def first_begun(actor: Actor, most: int) -> Iterable[tuple[UUID, datetime]]:
    """Keys of the first forms of ``begun``, and when they were saved last (one query)."""
    return _begun(actor).values_list("pk", "updated_at")[:most]


def count_waiting(actor: Actor) -> int:
    """How many forms wait for the office, as far as they are counted."""
    return bounded(drafts.waiting_for_office(actor).filter(form__in=draft_forms.known(actor.desk)))


def count_begun(actor: Actor) -> int:
    """How many forms ``begun`` tells of, as far as they are counted."""
    return bounded(_begun(actor))


@viewlog.open_task
def waits_in_forms(actor: Actor, person_id: UUID) -> bool:
    """Whether a form about a person waits for the office, or lies with the officer: one that was taken up there, or
    that the officer began and saved not longer ago than a form may lie (reference ``drafts.take_back_after``).
    """
    lying = Q(taken_at__isnull=False) | Q(updated_at__gte=drafts.lying_before())
    held = drafts.open_of(actor).filter(lying, holder_id=actor.user_id)
    forms = (drafts.waiting_for_office(actor), held)
    return any(rows.filter(subject_id=person_id).exists() for rows in forms)
