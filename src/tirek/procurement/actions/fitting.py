"""Fitting of what is bought: an officer names times on behalf of the supplier, the person chooses, it is held or
missed. Times, checks and forms are those of orders.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.orders import fittings
from tirek.orders.fittings import Time
from tirek.orders.queries import last_day_of
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement
from tirek.procurement import queries
from tirek.procurement.actions.telling import tell, tell_district
from tirek.procurement.models import Appointment, Purchase
from tirek.procurement.workflow import PURCHASE

State, Outcome = Purchase.State, Appointment.Outcome
_STEPS = ("step_by", "fitting_eve", "fitting_by", "office_task")


def _open(purchase: Purchase) -> Appointment:
    """The open round.

    Raises:
        RuleBroken: there is none.
    """
    found = queries.present(purchase)
    if found is None:
        raise RuleBroken(_("No fitting is arranged for this purchase."), code="no_fitting")
    return found


def _close(actor: Actor, fitting: Appointment, outcome: Appointment.Outcome) -> None:
    fitting.outcome, fitting.told_by, fitting.told_at = outcome, actor.user_id, clock.now()
    fitting.told_desk = actor.desk.value
    fitting.save(update_fields=["outcome", "told_by", "told_at", "told_desk"])


def _next_step(purchase: Purchase, *, is_owed: bool = True) -> tuple[str, ...]:
    """The term of the next step of the fitting begins, where one is owed; no day of the last one stands any more.
    Returns what changed.
    """
    purchase.step_by = last_day_of(clock.now(), "purchase.fitting_step") if is_owed else None
    purchase.fitting_eve = purchase.fitting_by = None
    if purchase.office_task == Purchase.OfficeTask.FITTING:
        purchase.office_task = ""
    return _STEPS


def _name(purchase: Purchase, times: Sequence[Time]) -> Appointment:
    return Appointment.objects.create(
        purchase=purchase, n=purchase.fittings.count() + 1, times=[one.stored() for one in times]
    )


@PURCHASE.action("propose_times")
def propose_times(*, actor: Actor, purchase: Purchase, times: Sequence[Time]) -> Purchase:
    """An officer names up to three times of a fitting, as the supplier has told them.

    Raises:
        RuleBroken: ``no_need``: the kind needs no fitting; ``times``, ``address``: as ``orders.fittings.check_times``.
    """
    if not purchase.needs_fitting:
        raise RuleBroken(_("This kind needs no fitting: it is handed over right away."), code="no_need")
    fittings.check_times(times)
    made = _name(purchase, times)
    perform(purchase, data={"fitting": made.n, "times": len(times)}, changed=_next_step(purchase))
    tell(purchase, "purchase.fitting_times", n=str(len(times)))
    return purchase


@PURCHASE.action("replace_times")
def replace_times(*, actor: Actor, purchase: Purchase, times: Sequence[Time]) -> Purchase:
    """Other times are named, because all that were named have passed before one was chosen.

    Raises:
        RuleBroken: one of them is still to come; or as ``propose_times``.
    """
    fitting = _open(purchase)
    if not fittings.have_passed(fitting):
        raise RuleBroken(
            _("The recipient can still choose one of the named times."),
            next_step=_("Wait for the answer, or write to the recipient."),
            code="times",
        )
    fittings.check_times(times)
    _close(actor, fitting, Outcome.PASSED)
    made = _name(purchase, times)
    perform(purchase, data={"fitting": made.n, "times": len(times)}, changed=_next_step(purchase))
    tell(purchase, "purchase.fitting_times", n=str(len(times)))
    return purchase


@PURCHASE.action("choose_time")
def choose_time(*, actor: Actor, purchase: Purchase, choice: str) -> Purchase:
    """The person, or an officer for the person, chooses one of the named times.

    Raises:
        RuleBroken: it is none of the times that are named now, or it has passed.
    """
    fitting = _open(purchase)
    n, time = fittings.chosen_of(fitting, choice)
    fitting.chosen, fitting.at, fitting.chosen_by = n, time.at, actor.account
    fitting.save(update_fields=["chosen", "at", "chosen_by"])
    changed = _next_step(purchase, is_owed=False)
    purchase.fitting_eve = fittings.eve_of(time.at)
    purchase.fitting_by = last_day_of(time.at, "order.fitting_record")
    perform(purchase, data={"fitting": fitting.n, "at": time.at}, changed=changed)
    tell(purchase, "purchase.fitting_agreed", at=time.at.isoformat())
    if actor.desk is not Desk.OFFICER:
        tell_district(purchase, "purchase.fitting_agreed_for_office", at=time.at.isoformat())
    return purchase


def _other_times(actor: Actor, purchase: Purchase, outcome: Appointment.Outcome, words: str) -> Purchase:
    """A round ends, and other times are to be named."""
    fitting = _open(purchase)
    _close(actor, fitting, outcome)
    told = {"fitting": fitting.n, "outcome": outcome.value}
    perform(purchase, data=told, note=words, changed=_next_step(purchase))
    if actor.desk is not Desk.OFFICER:
        tell_district(purchase, "purchase.fitting_again_for_office")
    if actor.person_id != purchase.person_id:
        tell(purchase, "purchase.fitting_again", but=actor.user_id)
    return purchase


@PURCHASE.action("none_suits")
def none_suits(*, actor: Actor, purchase: Purchase, words: str) -> Purchase:
    """No named time suits: the person writes when it would, and others are named.

    Raises:
        RuleBroken: nothing is written.
    """
    return _other_times(actor, purchase, Outcome.NONE_SUITED, fittings.require_words(words))


@PURCHASE.action("move_fitting")
def move_fitting(*, actor: Actor, purchase: Purchase, words: str) -> Purchase:
    """Somebody cannot come and says so before: other times are named.

    Raises:
        RuleBroken: nothing is written, or the hour has come: then it is held, or missed.
    """
    said = fittings.require_words(words)
    fittings.require_ahead(_open(purchase))
    return _other_times(actor, purchase, Outcome.MOVED, said)


@PURCHASE.action("miss_fitting")
def miss_fitting(*, actor: Actor, purchase: Purchase, who: str, note: str = "") -> Purchase:
    """Somebody was waited for in vain: who it was is kept, and other times are named; nothing ends by it.

    Raises:
        RuleBroken: it is not said who did not come, or the hour has not come.
    """
    fittings.require_missed(_open(purchase), who)
    return _other_times(actor, purchase, Outcome(who), note.strip())


@PURCHASE.action("fit_again")
def fit_again(*, actor: Actor, purchase: Purchase, words: str) -> Purchase:
    """Another fitting is needed, with the reason: at the present one, or when it was made.

    Raises:
        RuleBroken: nothing is written; the kind needs no fitting; or the day of the present one has not come.
    """
    said = fittings.require_words(words)
    if not purchase.needs_fitting:
        raise RuleBroken(_("This kind needs no fitting: it is handed over right away."), code="words")
    fitting = queries.present(purchase)
    if fitting is not None:
        fittings.require_begun(fitting)
        _close(actor, fitting, Outcome.AGAIN)
    perform(purchase, note=said, changed=_next_step(purchase))
    tell(purchase, "purchase.fitting_again")
    return purchase


@PURCHASE.action("hold_fitting")
def hold_fitting(*, actor: Actor, purchase: Purchase, measured: Mapping[str, Decimal], note: str = "") -> Purchase:
    """The fitting was held: what was measured stands in the person's file, and the goods are made.

    Args:
        actor: an officer, on behalf of the supplier.
        purchase: the purchase.
        measured: measurements of the kind, code → number in the unit of the code; those that were taken.
        note: what was agreed; the person reads it.

    Raises:
        RuleBroken: the day has not come, or a number cannot be right (its code is that of the measurement).
    """
    fitting = _open(purchase)
    fittings.require_begun(fitting)
    known = fittings.measures_of(purchase.kind_id)
    values = {code: value for code, value in measured.items() if code in known}
    fittings.require_plausible(values)
    held_on = fitting.at.astimezone(clock.COUNTRY_ZONE).date() if fitting.at else clock.today()
    for code, value in values.items():
        record_measurement(
            actor=actor,
            person=purchase.person,
            parameter=code,
            value=value,
            measured_on=held_on,
            source=Measurement.Source.OFFICER,
        )
    fitting.measured = {code: str(value) for code, value in values.items()}
    fitting.save(update_fields=["measured"])
    _close(actor, fitting, Outcome.HELD)
    told = {"fitting": fitting.n, "measured": sorted(values)}
    perform(purchase, data=told, note=note.strip(), changed=_next_step(purchase, is_owed=False))
    tell(purchase, "purchase.fitting_held", day=purchase.deliver_until or clock.today())
    return purchase


@PURCHASE.action("remind_fitting")
def remind_of_fitting(*, actor: Actor, purchase: Purchase) -> Purchase:
    """Nothing was done in time: who has to act is reminded, and an officer is asked to help."""
    purchase.office_task = purchase.office_task or Purchase.OfficeTask.FITTING
    perform(purchase, changed=["office_task"])
    if purchase.state in Purchase.NEEDS_PERSON:
        tell(purchase, "purchase.fitting_reminder")
    tell_district(purchase, "purchase.fitting_late_for_office")
    return purchase


@PURCHASE.action("remind_day_before")
def remind_day_before(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The person is reminded on the day before the fitting."""
    fitting = _open(purchase)
    perform(purchase)
    tell(purchase, "purchase.fitting_tomorrow", at=fitting.at.isoformat() if fitting.at else "")
    return purchase
