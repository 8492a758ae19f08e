"""Verbs of letters: gathered once a day, printed, posted, come back, settled."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.letters import queries
from tirek.letters.models import ByPost, Envelope, Letter
from tirek.letters.queries import State
from tirek.notices.models import Notice
from tirek.people.models import Person
from tirek.people.permissions import is_officer_for
from tirek.people.queries import is_minor, needs_of, representatives_of

#: People of one piece of the daily job.
AT_ONCE: Final = 200
#: Called with a notice that was posted, and the day on which it counts as received.
Follow = Callable[[Notice, date], None]
_followers: Final[list[Follow]] = []


def when_posted(follow: Follow) -> Follow:
    """Say what follows when a notice was posted, for terms that begin by a notice; from an app's room
    ``subscriptions``.
    """
    _followers.append(follow)
    return follow


def set_by_post(*, actor: Actor, person: Person, wanted: bool) -> None:
    """An officer enters at the counter whether the person wants notices by post.

    Raises:
        NotAllowed: the actor is no officer of the place.
    """
    if not is_officer_for(actor, person.territory_id):
        raise NotAllowed
    if wanted:
        ByPost.objects.get_or_create(person=person, defaults={"said_to": actor.account})
    else:
        ByPost.objects.filter(person=person).delete()


def gather_after(key: UUID | None, limit: int = AT_ONCE) -> UUID | None:
    """Put the notices of the next people behind ``key`` into their envelopes of today; returns the last person,
    ``None`` when there was none left. The same day twice puts nothing in twice.
    """
    found = queries.readers_after(key, limit)
    for person in found:
        gather(person)
    return found[-1].pk if found else None


def gather(person: Person) -> Envelope | None:
    """The envelope of today with all that a person was told and that did not go by post yet; ``None`` where there is
    nothing, or where today's envelope is printed already: then it goes tomorrow.
    """
    with transaction.atomic():
        # the person's row stands between two jobs at once
        locked = Person.objects.select_for_update().get(pk=person.pk)
        notices = queries.unsent_of(locked)
        if not notices:
            return None
        if _is_read_by_others(locked):
            return None
        needs = needs_of(locked)
        has_address = bool(locked.address.strip())
        envelope, _is_new = Envelope.objects.select_for_update().get_or_create(
            person=locked,
            day=clock.today(),
            defaults={
                "territory_code": locked.territory_id,
                "address": locked.address.strip(),
                "language": needs.contact_language,
                "is_large": needs.large_print,
                **({} if has_address else _came_back(Envelope.Reason.NO_ADDRESS)),
            },
        )
        is_without = envelope.reason == Envelope.Reason.NO_ADDRESS and envelope.settled_at is None
        if envelope.state != State.QUEUED and not is_without:
            return None
        Letter.objects.bulk_create(Letter(envelope=envelope, notice=one) for one in notices)
    return envelope


def _is_read_by_others(person: Person) -> bool:
    """Whether a child's notices are read by who represents the child, who gets the same ones, unless letters were asked
    for.
    """
    is_child = is_minor(person, clock.today()) and bool(representatives_of(person))
    return is_child and not queries.wants_post(person.pk)


def _came_back(reason: Envelope.Reason) -> dict[str, object]:
    return {"state": State.RETURNED, "reason": reason, "returned_on": clock.today()}


def print_day(*, actor: Actor, day: date) -> list[Envelope]:
    """Take the next envelopes of a day to print; from here on nothing more is put into them, and they are printed again
    and posted together.

    Returns:
        At most ``queries.PER_PRINT`` envelopes, with their people.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: there is nothing to print.
    """
    with transaction.atomic():
        rows = queries.of_office(actor).filter(day=day).select_for_update(of=("self",)).select_related("person")
        ordered = rows.order_by("territory_code", "pk")
        found = list(ordered.filter(state=State.QUEUED)[: queries.PER_PRINT])
        Envelope.objects.filter(pk__in=[one.pk for one in found]).update(
            state=State.PRINTED, printed_in=uuid7(), printed_at=clock.now()
        )
    if not found:
        raise RuleBroken(_("There is nothing to print on this day."), code="nothing")
    return found


def print_again(*, actor: Actor, day: date, batch: UUID) -> list[Envelope]:
    """The envelopes of one print once more, with their people, in the same order: where the document or the paper was
    lost. Nothing changes.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: they are posted already.
    """
    found = queries.printed_in(actor, day, batch).select_related("person")
    envelopes = list(found.order_by("territory_code", "pk"))
    if not envelopes:
        raise RuleBroken(_("These letters are posted already."), code="nothing")
    return envelopes


def mark_posted(*, actor: Actor, day: date, batch: UUID, shown: str) -> int:
    """The envelopes of one print were handed to the post office; returns how many.

    Args:
        actor: officer; only envelopes of the own places.
        day: of the envelopes.
        batch: the print (``printed_in``).
        shown: which envelopes the page has shown (``queries.Batch.shown``): where it are other ones now, nothing is
            marked.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: none is printed, or other ones than were shown.
    """
    with transaction.atomic():
        rows = queries.printed_in(actor, day, batch).select_for_update(of=("self",))
        keys = [one.pk for one in rows.order_by("pk")]
        if not keys or queries.shown_as(keys) != shown:
            raise RuleBroken(
                _("Other envelopes are printed now than the page has shown."),
                next_step=_("Look at the list and mark them again."),
                code="changed",
            )
        today = clock.today()
        Envelope.objects.filter(pk__in=keys).update(state=State.POSTED, posted_on=today, posted_by=actor.account)
        received = today + timedelta(days=reference.term("letters.delivery", at=today).amount)
        for letter in Letter.objects.filter(envelope__in=keys).select_related("notice").order_by("pk"):
            for follow in _followers:
                follow(letter.notice, received)
    return len(keys)


def record_return(*, actor: Actor, envelope: Envelope, reason: str) -> Envelope:
    """A letter came back: an officer reaches the person in another way.

    Raises:
        NotFound: the envelope is of another place.
        RuleBroken: it was not posted, or the reason is not of the list.
    """
    if reason not in set(Envelope.Reason.values) - {Envelope.Reason.NO_ADDRESS}:
        raise RuleBroken(_("Choose why the letter came back."), code="reason")
    with transaction.atomic():
        row = _locked(actor, envelope)
        if row.state != State.POSTED:
            raise RuleBroken(_("Only a letter that was posted comes back."), code="state")
        row.state, row.reason, row.returned_on = State.RETURNED, reason, clock.today()
        row.save(update_fields=["state", "reason", "returned_on"])
    return row


def settle(*, actor: Actor, envelope: Envelope) -> Envelope:
    """The person was reached in another way, or the address was put right.

    Raises:
        NotFound: the envelope is of another place.
        RuleBroken: it did not come back.
    """
    with transaction.atomic():
        row = _locked(actor, envelope)
        if row.state != State.RETURNED:
            raise RuleBroken(_("This letter did not come back."), code="state")
        if row.settled_at is None:
            row.settled_at, row.settled_by = clock.now(), actor.account
            row.save(update_fields=["settled_at", "settled_by"])
    return row


def _locked(actor: Actor, envelope: Envelope) -> Envelope:
    if actor.desk is not Desk.OFFICER:
        raise NotAllowed
    row = queries.of_office(actor).select_for_update(of=("self",)).filter(pk=envelope.pk).first()
    if row is None:
        raise NotFound
    return row
