"""Verbs of the fitting: times are named and chosen, it is held or missed, the person checks what was measured."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.orders import fittings
from tirek.orders.actions.ending import end
from tirek.orders.actions.telling import tell
from tirek.orders.fittings import Time
from tirek.orders.models import Fitting, Order
from tirek.orders.queries import MOMENT, last_day_of
from tirek.orders.workflow import ORDER
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement

State, Outcome, Task = Order.State, Fitting.Outcome, Order.OfficeTask
#: Columns of the order that a verb of the fitting changes.
_DAYS: Final = ("fitting_eve", "fitting_by", "fitting_call_by")


def begin_fitting(order: Order) -> list[str]:
    """From today on the fitting is awaited; the promised day moves until it was held. Returns what changed."""
    order.fitting_since = clock.today()
    return ["fitting_since"]


def _begin_making(order: Order) -> list[str]:
    """The promised day counts from now: it moves by the days of the fitting. Returns what changed."""
    if order.ready_on is not None and order.fitting_since is not None:
        order.ready_on += clock.today() - order.fitting_since
    return ["ready_on"]


def _settled(order: Order) -> list[str]:
    """Who was asked to help has been helped, and no day of a fitting stands any more. Returns what changed."""
    if order.office_task == Task.FITTING:
        order.office_task = ""
    order.fitting_eve = order.fitting_by = order.fitting_call_by = None
    return ["office_task", *_DAYS]


def _open(order: Order) -> Fitting:
    """The open round.

    Raises:
        RuleBroken: there is none.
    """
    found = fittings.present(order)
    if found is None:
        raise RuleBroken(_("No fitting is arranged for this order."), code="no_fitting")
    return found


def _close(actor: Actor, fitting: Fitting, outcome: Fitting.Outcome) -> None:
    fitting.outcome, fitting.told_by, fitting.told_at = outcome, actor.user_id, clock.now()
    fitting.told_desk = actor.desk.value
    fitting.save(update_fields=["outcome", "told_by", "told_at", "told_desk"])


def _tell_supplier(order: Order, template: str, **context: str) -> None:
    facts = {"number": order.number, "kind": order.kind_code, **context}
    tell_staff(order.organisation_id, template, roles=SUPPLIERS, case=order, **facts)


def _moment(fitting: Fitting) -> str:
    return fitting.at.isoformat() if fitting.at else ""


@ORDER.action("propose_times")
def propose_times(*, actor: Actor, order: Order, times: Sequence[Time]) -> Order:
    """The supplier names up to three times of a fitting, each with its place and how one gets in.

    Raises:
        RuleBroken: ``times``: none or more than three, a time that is past, too far or named twice; ``address``: the
            place or the way in is not said.
    """
    fittings.check_times(times)
    fitting = Fitting.objects.create(order=order, n=order.fittings.count() + 1, times=[one.stored() for one in times])
    perform(order, data={"fitting": fitting.n, "times": len(times)}, changed=_settled(order))
    tell(order, "order.fitting_times", n=str(len(times)))
    return order


@ORDER.action("replace_times")
def replace_times(*, actor: Actor, order: Order, times: Sequence[Time]) -> Order:
    """The supplier names other times, because all that were named have passed before one was chosen.

    Raises:
        RuleBroken: one of them is still to come; or as ``propose_times``.
    """
    fitting = _open(order)
    if not fittings.have_passed(fitting):
        raise RuleBroken(
            _("The recipient can still choose one of the named times."),
            next_step=_("Wait for the answer, or write to the recipient."),
            code="times",
        )
    fittings.check_times(times)
    _close(actor, fitting, Outcome.PASSED)
    made = Fitting.objects.create(order=order, n=fitting.n + 1, times=[one.stored() for one in times])
    perform(order, data={"fitting": made.n, "times": len(times)}, changed=_settled(order))
    tell(order, "order.fitting_times", n=str(len(times)))
    return order


@ORDER.action("choose_time")
def choose_time(*, actor: Actor, order: Order, choice: str) -> Order:
    """The person, or an officer for the person, chooses one of the named times.

    Args:
        actor: who chooses.
        order: the order.
        choice: round and place in its list, as the form shows them: ``2-0``.

    Raises:
        RuleBroken: it is none of the times that are named now, or it has passed.
    """
    fitting = _open(order)
    n, time = fittings.chosen_of(fitting, choice)
    fitting.chosen, fitting.at, fitting.chosen_by = n, time.at, actor.account
    fitting.save(update_fields=["chosen", "at", "chosen_by"])
    changed = _settled(order)
    order.fitting_eve = fittings.eve_of(time.at)
    order.fitting_by = last_day_of(time.at, "order.fitting_record")
    order.fitting_call_by = last_day_of(deadlines.end_of_day(order.fitting_by) - MOMENT, "order.fitting_step")
    perform(order, data={"fitting": fitting.n, "at": time.at}, changed=changed)
    tell(order, "order.fitting_agreed", at=_moment(fitting), where=_where(time))
    _tell_supplier(order, "order.fitting_agreed_for_supplier", at=_moment(fitting))
    return order


def _where(time: Time) -> str:
    return time.place.value


@ORDER.action("none_suits")
def none_suits(*, actor: Actor, order: Order, words: str) -> Order:
    """No named time suits: the person writes when it would, and the supplier names others.

    Raises:
        RuleBroken: nothing is written.
    """
    said, fitting = fittings.require_words(words), _open(order)
    _close(actor, fitting, Outcome.NONE_SUITED)
    perform(order, data={"fitting": fitting.n}, note=said, changed=_settled(order))
    _tell_supplier(order, "order.fitting_none_suits")
    if actor.person_id != order.person_id:
        tell(order, "order.fitting_answered_for_you", but=actor.user_id)
    return order


@ORDER.action("move_fitting")
def move_fitting(*, actor: Actor, order: Order, words: str) -> Order:
    """Somebody cannot come to the arranged time and says so before: the supplier names other times.

    Raises:
        RuleBroken: nothing is written, or the hour has come: then it is held, or missed.
    """
    said, fitting = fittings.require_words(words), _open(order)
    fittings.require_ahead(fitting)
    _close(actor, fitting, Outcome.MOVED)
    perform(order, data={"fitting": fitting.n}, note=said, changed=_settled(order))
    if actor.desk is not Desk.SUPPLIER:
        _tell_supplier(order, "order.fitting_moved", at=_moment(fitting))
    tell(order, "order.fitting_moved", but=actor.user_id, at=_moment(fitting))
    return order


@ORDER.action("hold_fitting")
def hold_fitting(*, actor: Actor, order: Order, measured: Mapping[str, Decimal], note: str = "") -> Order:
    """The fitting was held and the goods can be made: what was measured is the person's to check; where nothing is
    measured the making begins.

    Args:
        actor: of the supplier.
        order: the order.
        measured: measurements of the kind, code → number in the unit of the code.
        note: what was agreed, in words.

    Raises:
        RuleBroken: the day has not come; nothing was measured of what the kind is made by; a number that cannot be
            right (its code is that of the measurement).
    """
    fitting = _open(order)
    fittings.require_begun(fitting)
    known = fittings.measures_of(order.kind_code)
    values = {code: value for code, value in measured.items() if code in known}
    if known and not values:
        raise RuleBroken(_("Type at least one measurement."), code="measured")
    fittings.require_plausible(values)
    fitting.measured = {code: str(value) for code, value in values.items()}
    fitting.save(update_fields=["measured"])
    _close(actor, fitting, Outcome.HELD)
    changed = _settled(order)
    if not values:
        changed += _begin_making(order)
    told = {"fitting": fitting.n, "measured": sorted(values)}
    perform(order, to=State.FITTING_CHECK if values else State.ACCEPTED, data=told, note=note.strip(), changed=changed)
    if values:
        tell(order, "order.fitting_measured")
    else:
        _tell_made(order)
    return order


def _tell_made(order: Order) -> None:
    tell(order, "order.fitting_done", day=order.ready_on.isoformat() if order.ready_on else "")


@ORDER.action("fit_again")
def fit_again(*, actor: Actor, order: Order, words: str) -> Order:
    """The fitting was held and another one is needed, with the reason; nothing is made yet.

    Raises:
        RuleBroken: nothing is written, or the day has not come.
    """
    said, fitting = fittings.require_words(words), _open(order)
    fittings.require_begun(fitting)
    _close(actor, fitting, Outcome.AGAIN)
    perform(order, data={"fitting": fitting.n}, note=said, changed=_settled(order))
    tell(order, "order.fitting_again")
    return order


@ORDER.action("cannot_fit")
def cannot_fit(*, actor: Actor, order: Order, words: str) -> Order:
    """The fitting showed that the goods cannot be made to fit: the order ends, the entitlement is free, what was paid
    is owed, and the person chooses again.

    Raises:
        RuleBroken: nothing is written, or the day has not come.
    """
    said, fitting = fittings.require_words(words), _open(order)
    fittings.require_begun(fitting)
    _close(actor, fitting, Outcome.CANNOT)
    return end(order, Order.CancelReason.CANNOT_FIT, tells="order.cannot_fit", note=said, data={"fitting": fitting.n})


@ORDER.action("miss_fitting")
def miss_fitting(*, actor: Actor, order: Order, who: str, note: str = "") -> Order:
    """Somebody was waited for in vain: who it was is kept, and the supplier names other times. The order never ends by
    it; after the second time of one side the office helps.

    Args:
        actor: of either side, or an officer.
        order: the order.
        who: ``missed_person`` or ``missed_supplier``.
        note: more in words.

    Raises:
        RuleBroken: it is not said who did not come, or the hour has not come.
    """
    fitting = _open(order)
    fittings.require_missed(fitting, who)
    _close(actor, fitting, Outcome(who))
    changed = _settled(order)
    if order.fittings.filter(outcome=who).count() >= fittings.MANY_MISSED:
        order.office_task = order.office_task or Task.FITTING
    perform(order, data={"fitting": fitting.n, "missed": who}, note=note.strip(), changed=changed)
    if actor.desk is not Desk.SUPPLIER:
        _tell_supplier(order, f"order.fitting_{who}", at=_moment(fitting))
    tell(order, f"order.fitting_{who}", but=actor.user_id, at=_moment(fitting))
    return order


@ORDER.action("check_measurements")
def check_measurements(*, actor: Actor, order: Order, given: Mapping[str, Decimal]) -> Order:
    """The person confirms or corrects what was measured: the numbers stand in the person's file from now on, with who
    measured them, and the making begins.

    Args:
        actor: the person, a representative, or an officer for the person.
        order: the order.
        given: each measurement, code → number; one that differs from the supplier's is the person's own.

    Raises:
        RuleBroken: a number is missing or cannot be right (its code is that of the measurement).
    """
    fitting = order.fittings.filter(outcome=Outcome.HELD).latest("n")
    for code in fitting.measured:
        if code not in given:
            raise RuleBroken(_("Enter a number."), code=code)
    values = {code: given[code] for code in fitting.measured}
    fittings.require_plausible(values)
    held_on = fitting.at.astimezone(clock.COUNTRY_ZONE).date() if fitting.at else clock.today()
    corrected = [code for code, value in values.items() if Decimal(fitting.measured[code]) != value]
    for code, value in values.items():
        is_own = code in corrected
        record_measurement(
            actor=actor,
            person=order.person,
            parameter=code,
            value=value,
            measured_on=clock.today() if is_own else held_on,
            source=Measurement.Source.OFFICER if is_own else Measurement.Source.SUPPLIER,
            fitted_by=None if is_own else fitting.told_by,
        )
    fitting.measured = {code: str(value) for code, value in values.items()}
    fitting.save(update_fields=["measured"])
    changed = [*_settled(order), *_begin_making(order)]
    perform(order, data={"fitting": fitting.n, "corrected": corrected}, changed=changed)
    _tell_supplier(order, "order.fitting_corrected" if corrected else "order.fitting_confirmed")
    _tell_made(order)
    return order


@ORDER.action("remind_of_fitting")
def remind_of_fitting(*, actor: Actor, order: Order) -> Order:
    """Nothing was done in time: who has to act is reminded."""
    perform(order)
    _remind(order)
    return order


def _remind(order: Order) -> None:
    if order.state in Order.NEEDS_PERSON:
        tell(order, "order.fitting_reminder")
    else:
        _tell_supplier(order, "order.fitting_reminder_for_supplier")


@ORDER.action("call_about_fitting")
def call_about_fitting(*, actor: Actor, order: Order) -> Order:
    """Still nothing was done: an officer is asked to help, and asks both sides."""
    order.office_task = order.office_task or Task.FITTING
    return perform(order, changed=["office_task"])


@ORDER.action("call_about_held")
def call_about_held(*, actor: Actor, order: Order) -> Order:
    """Nobody recorded what came of the fitting: an officer is asked to help."""
    order.office_task = order.office_task or Task.FITTING
    return perform(order, changed=["office_task"])


@ORDER.action("remind_day_before")
def remind_day_before(*, actor: Actor, order: Order) -> Order:
    """Both are reminded on the day before the fitting."""
    fitting = _open(order)
    perform(order)
    tell(order, "order.fitting_tomorrow", at=_moment(fitting))
    _tell_supplier(order, "order.fitting_tomorrow_for_supplier", at=_moment(fitting))
    return order
