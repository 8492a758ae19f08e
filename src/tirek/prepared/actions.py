"""Verbs of prepared orders. Nothing is ordered or reserved by any of them but ``take``."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import OfferVersion
from tirek.catalogue.queries import is_reached
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.keys import read_key
from tirek.entitlements.actions import lock_line
from tirek.entitlements.last_days import last_day_to_order
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.queries import status_of
from tirek.entitlements.rules import Reason
from tirek.orders.actions import submit_order
from tirek.orders.draft_forms import FORM_OF_ORDER, begun_beside, reached
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.models import Order
from tirek.orders.repeats import AGAIN
from tirek.people.models import Person
from tirek.people.permissions import is_officer_for
from tirek.people.telling import tell_person
from tirek.prepared import queries, rules
from tirek.prepared.models import Prepared, Unwanted
from tirek.prepared.queries import Choice, Look

#: Lines that one piece of the nightly job looks at, and rows that one transaction ends.
AT_ONCE: Final = 200
State = Prepared.State


# --- prepared by the clock


def prepare_after(key: UUID | None, limit: int = AT_ONCE) -> UUID | None:
    """Prepare orders for the next people behind ``key`` (the first ones for ``None``); returns the last person looked
    at, ``None`` when there was none left. Each person is a transaction of its own, and the same night twice prepares
    nothing twice.
    """
    found = queries.lines_after(key, limit)
    for lines in found.values():
        prepare(lines)
    return max(found, default=None)


def prepare(lines: Iterable[UUID]) -> list[Prepared]:
    """Prepare orders for lines of one person where there is a new cause, and tell the person once of all of them.

    The locks of the lines stand between this and orders of them at the same moment.
    """
    with transaction.atomic():
        made = [found for key in sorted(lines) if (found := _tried(key))]
        if made:
            _tell(made)
    return [row for row, _way in made]


def _tried(key: UUID) -> tuple[Prepared, str] | None:
    with suppress(IntegrityError), transaction.atomic():
        return _prepared(lock_line(key))
    # somebody else has prepared it at the same moment
    return None


def _tell(made: list[tuple[Prepared, str]]) -> None:
    (first, way), until = made[0], min(row.open_until for row, _way in made)
    if len(made) == 1:
        kind, cause = first.kind_id, first.cause
        tell_person(first.person_id, f"prepared.{way}", case=first, kind=kind, cause=cause, until=until)
    else:
        kinds = " ".join(row.kind_id for row, _way in made)
        tell_person(first.person_id, "prepared.several", case=first, until=until, kinds=kinds)


def _prepared(line: Line) -> tuple[Prepared, str] | None:
    status, today = status_of(line), clock.today()
    told = Prepared.objects.filter(line=line).values_list("cause", "since", "state")
    in_term = status.availability.reason is Reason.TERM_NOT_OVER
    if not (status.can_order or in_term) or any(state == State.OPEN for _cause, _since, state in told):
        return None
    choice = queries.choice_for(status)
    cause = (rules.outgrown if in_term else rules.cause_of)(
        queries.facts_of(status, choice),
        told={(name, since) for name, since, _state in told},
        earliest=today - timedelta(days=queries.days("look_back")),
    )
    if cause is None:
        return None
    # nothing is prepared by asking people to choose where nobody delivers; an offer that comes is a new beginning
    if not in_term and choice.version is None and not is_reached(line.kind_id, line.person.territory_id):
        return None
    last_day = last_day_to_order(line, status.availability.window, status.term)
    until = today + timedelta(days=queries.days("open"))
    row = Prepared(
        person_id=line.person_id,
        line=line,
        kind_id=line.kind_id,
        territory_code=line.person.territory_id,
        cause=cause[0],
        since=cause[1],
        version=None if in_term else choice.version,
        quantity=line.quantity if in_term else choice.quantity,
        repeats=choice.last.number if choice.last else "",
        offered_on=today,
        open_until=min(until, last_day) if last_day is not None else until,
    )
    row.save(force_insert=True)
    return row, _way(choice, in_term=in_term)


def _way(choice: Choice, *, in_term: bool) -> str:
    """What the person does next: ask for an earlier replacement, measure, send what is prepared, or choose."""
    if in_term:
        return "earlier"
    if choice.asks_size or choice.version is None:
        return "size" if choice.asks_size else "choose"
    if choice.grown is not None:
        return "grown"
    return "only" if choice.last is None else "ready"


def expire(limit: int = AT_ONCE) -> int:
    """End what was not answered in time; returns how many. What somebody takes at this moment is left to them."""
    return _end(Prepared.objects.filter(open_until__lt=clock.today()), State.EXPIRED, limit)


def _end(rows: QuerySet[Prepared], state: Prepared.State, limit: int) -> int:
    with transaction.atomic():
        found = rows.filter(state=State.OPEN).select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:limit]
        keys = [one.pk for one in found]
        return Prepared.objects.filter(pk__in=keys).update(state=state, ended_on=clock.today())


def end_of_programme(programme: UUID) -> None:
    """A programme has ended: nothing of it waits for an answer any more."""
    _wait_and_end(Prepared.objects.filter(line__programme=programme))


def end_of_person(person: UUID) -> None:
    """The person has died: nothing waits for an answer any more."""
    _wait_and_end(Prepared.objects.filter(person=person))


def _wait_and_end(rows: QuerySet[Prepared]) -> None:
    with transaction.atomic():
        keys = [one.pk for one in rows.filter(state=State.OPEN).select_for_update(of=("self",)).order_by("pk")]
        Prepared.objects.filter(pk__in=keys).update(state=State.ENDED, ended_on=clock.today())


def follow_order(order: Order) -> None:
    """An order of the line was sent, in whichever way: what was prepared is taken, and waits no more."""
    with transaction.atomic():
        row = (
            Prepared.objects.select_for_update(of=("self",))
            .select_related("version")
            .filter(line=order.line_id, state=State.OPEN, offered_on__lte=order.placed_on)
            .first()
        )
        if row is not None:
            _taken(row, order)


def _taken(row: Prepared, order: Order, draft: UUID | None = None) -> None:
    ordered = OfferVersion.objects.only("variant_id").get(pk=order.version_of_offer_id)
    row.state, row.ended_on, row.order, row.draft = State.TAKEN, clock.today(), order, draft
    row.as_prepared = row.version is not None and row.version.variant_id == ordered.variant_id
    row.save(update_fields=["state", "ended_on", "order", "draft", "as_prepared"])


# --- answered by the person


class NotOpen(RuleBroken):
    """It was answered already, or has ended."""

    code = "not_open"

    def __init__(self) -> None:
        super().__init__(
            _("This prepared order was answered already, or its time is over. Nothing was sent now."),
            next_step=_("Your programme says what can be ordered."),
            code="not_open",
        )


def take(*, actor: Actor, prepared: Prepared, seen: Mapping[str, str]) -> Prepared:
    """The person orders what was prepared, by one press: this is the consent, and the order goes out by the very action
    by which every order does, with all its checks. A second press gives the same order.

    Args:
        actor: the person, or who represents the person.
        prepared: found by ``queries.prepared_for``.
        seen: what the page has shown: ``version``, ``quantity`` and ``person_part``.

    Raises:
        NotAllowed: not at this desk: an officer takes the form, which the person signs or confirms by a code.
        RuleBroken: it is not open any more; something was changed since it was shown; or an order cannot be sent.
    """
    if actor.desk is not Desk.RECIPIENT or actor.subject_id != prepared.person_id:
        raise NotAllowed
    with transaction.atomic():
        row = _locked(prepared)
        if row.state == State.TAKEN and row.draft is not None:
            return row
        look = _open_look(row)
        chosen = _chosen(row, look, seen)
        draft = FORM_OF_ORDER.begin(
            actor,
            chosen | {"line": str(row.line_id)} | reached(actor, row.line, look.quantity),
            subject_id=row.person_id,
        )
        final = {
            "consent": CONSENT_VERSION,
            "fit_acknowledged": "",
            "seen_person_part": seen.get("person_part", ""),
            "seen_quantity": seen.get("quantity", ""),
        }
        order = submit_order(actor=actor, draft_key=draft.pk, final=final)
        _taken(row, order, draft.pk)
    return row


def _locked(prepared: Prepared) -> Prepared:
    rows = Prepared.objects.select_related("line__programme", "line__kind", "line__person__territory", "version")
    return rows.select_for_update(of=("self",)).get(pk=prepared.pk)


def _open_look(row: Prepared) -> Look:
    look = queries.look_at(row)
    if not look.waits:
        raise NotOpen
    return look


def _chosen(row: Prepared, look: Look, seen: Mapping[str, str]) -> dict[str, str]:
    """The goods as the page has shown them, never others.

    Raises:
        RuleBroken: they cannot be ordered by one press now.
    """
    if not look.status.can_order:
        raise RuleBroken(look.status.explanation, code="cannot_order")
    if look.asks_size:
        raise RuleBroken(
            _("Some measurements are missing or old."), next_step=_("Confirm them first: then you order."), code="size"
        )
    key = read_key(seen.get("version", ""))
    if look.version is None or key is None or row.version is None:
        raise RuleBroken(
            _("What was prepared cannot be had now."), next_step=_("Choose another offer."), code="offer_gone"
        )
    if key != look.version.pk:
        raise RuleBroken(
            _("The supplier has changed this offer since it was shown."),
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="offer_changed",
        )
    return {"version": str(key), "quantity": str(look.quantity), AGAIN: row.repeats}


def decline(*, actor: Actor, prepared: Prepared) -> Prepared:
    """“Not now”: nothing is prepared for this item for a while (reference ``prepared.quiet``). An officer records what
    the person said.

    Raises:
        NotOpen: it was answered already, or its time is over.
    """
    with transaction.atomic():
        row = _locked(prepared)
        if row.state == State.DECLINED:
            return row
        if row.state != State.OPEN:
            raise NotOpen
        row.state, row.ended_on, row.answered_by = State.DECLINED, clock.today(), actor.user_id
        row.save(update_fields=["state", "ended_on", "answered_by"])
    return row


def begin_form(*, actor: Actor, prepared: Prepared) -> Draft | None:
    """The form of the order with what was prepared, to change something, to confirm the measurements, or for the person
    to agree at the counter; ``None`` where the goods are to be chosen. Whatever is begun already stays as it is.

    Raises:
        RuleBroken: it is not open any more, or nothing can be ordered now.
    """
    look = _open_look(prepared)
    if not look.status.can_order:
        raise RuleBroken(look.status.explanation, code="cannot_order")
    if look.version is None:
        return None
    chosen = {"version": str(look.version.pk), "quantity": str(look.quantity), AGAIN: prepared.repeats}
    return begun_beside(actor, prepared.line, chosen)


def _check_may_say(actor: Actor, person: Person) -> None:
    own = actor.desk is Desk.RECIPIENT and actor.subject_id == person.pk
    if not own and not is_officer_for(actor, person.territory_id):
        raise NotAllowed


def stop_preparing(*, actor: Actor, person: Person) -> None:
    """The person wants no orders to be prepared any more; what waits is declined.

    Raises:
        NotAllowed: the actor is neither the person, nor who acts for the person, nor an officer of the place.
    """
    _check_may_say(actor, person)
    with transaction.atomic():
        Unwanted.objects.get_or_create(person=person, defaults={"said_by": actor.account})
        rows = Prepared.objects.filter(person=person, state=State.OPEN).select_for_update(of=("self",)).order_by("pk")
        keys = [one.pk for one in rows]
        Prepared.objects.filter(pk__in=keys).update(
            state=State.DECLINED, ended_on=clock.today(), answered_by=actor.account
        )


def prepare_again(*, actor: Actor, person: Person) -> None:
    """The person wants orders to be prepared again.

    Raises:
        NotAllowed: as for ``stop_preparing``.
    """
    _check_may_say(actor, person)
    Unwanted.objects.filter(person=person).delete()


def close_ended() -> int:
    """End what waits for a programme that is no longer active, whatever brought that about; returns how many."""
    return _end(Prepared.objects.exclude(line__programme__state=Programme.State.ACTIVE), State.ENDED, AT_ONCE)
