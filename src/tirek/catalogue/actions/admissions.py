"""Verbs of an admission, bound to the table of ``workflow.py``; the offer's state goes along."""

from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions import acts_for
from tirek.catalogue.actions.changes import apply_proposal, close_proposal, fixed
from tirek.catalogue.actions.offers import (
    State,
    What,
    check_covered,
    in_another_state,
    locked_offer,
    move,
    record,
    said,
    tell_supplier,
)
from tirek.catalogue.actions.photos import admit_photos
from tirek.catalogue.models import Admission, Offer, Proposal
from tirek.catalogue.offers import check_may_offer, gaps, open_admission, place_of
from tirek.catalogue.workflow import ADMISSION
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.core.numbers import Series
from tirek.organisations.telling import tell_region

NUMBERS: Final = Series("ҰЖ", "catalogue_admission_number")
_SOLD: Final = (State.ACTIVE, State.PAUSED)
_WAITING: Final = frozenset({State.ON_ADMISSION})
LONGEST_NUMBER: Final = 60


@ADMISSION.action("send")
def send_offer(*, actor: Actor, offer: Offer) -> Admission:
    """The supplier sends a draft to the commission of the region, or what is proposed of an offer that is on sale.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the supplier is suspended or removed, something is missing, nothing is changed, or it is before the
            commission already.
    """
    acts_for(actor, offer.supplier)
    check_may_offer(offer.supplier)
    locked = locked_offer(offer.pk)
    if locked.state in _SOLD:
        if open_admission(locked) is not None:
            raise in_another_state(locked)
        proposal = fixed(locked)
        record(locked, What.CHANGE_SENT, actor)
        return _begun(actor, locked, proposal)
    if locked.state != State.DRAFT:
        raise in_another_state(locked)
    missing = gaps(locked)
    if missing:
        raise RuleBroken(
            _("Something is missing: %(what)s.") % {"what": missing[0].text},
            next_step=_("Fill it in, then send the offer again. What you typed is kept."),
            code=f"missing_{missing[0].part}",
        )
    move(locked, frozenset({State.DRAFT}), State.ON_ADMISSION)
    record(locked, What.SENT, actor)
    return _begun(actor, locked, None)


def _begun(actor: Actor, offer: Offer, proposal: Proposal | None) -> Admission:
    case = Admission(
        number=NUMBERS.take(),
        territory_code=place_of(offer),
        organisation_id=offer.supplier.organisation_id,
        offer=offer,
        proposal=proposal,
        sent_by=actor.account,
    )
    perform(case, data={"offer": offer.pk, "proposal": proposal.pk if proposal else None})
    template = "admission.change" if proposal else "admission.new"
    tell_region(case.territory_code, template, case=case, number=case.number)
    return case


@ADMISSION.action("enter")
def enter_admission(*, actor: Actor, offer: Offer, conclusion_number: str, conclusion_on: date) -> Admission:
    """The commission concluded on an offer, or on sizes of one, before the portal knew them.

    Raises:
        RuleBroken: no conclusion, or its day is to come.
    """
    case = Admission(
        number=NUMBERS.take(),
        territory_code=place_of(offer),
        organisation_id=offer.supplier.organisation_id,
        offer=offer,
        sent_by=actor.account,
    )
    told = _entered(case, conclusion_number, conclusion_on, first=None)
    record(offer, What.ADMITTED, actor, reason=_conclusion(case))
    return perform(case, data=told)


@ADMISSION.action("pass_on")
def pass_on(*, actor: Actor, admission: Admission) -> Admission:
    """An officer has checked it: it is the commission's to conclude on."""
    del actor
    return perform(admission)


def _concluded(admission: Admission, number: str, on: date) -> dict[str, object]:
    """Enter the commission's conclusion on what was sent to it.

    Raises:
        RuleBroken: no number, or a day that is to come or lies before the sending.
    """
    return _entered(admission, number, on, first=admission.created_at.astimezone(clock.COUNTRY_ZONE).date())


def _entered(admission: Admission, number: str, on: date, *, first: date | None) -> dict[str, object]:
    typed = number.strip()
    if not typed or len(typed) > LONGEST_NUMBER:
        raise RuleBroken(_("Enter the number of the conclusion, at most 60 characters."), code="conclusion_number")
    if on > clock.today():
        raise RuleBroken(_("The commission cannot have concluded after today."), code="conclusion_on")
    if first is not None and on < first:
        raise RuleBroken(
            _("The commission concludes after the offer was sent, and not after today."), code="conclusion_on"
        )
    admission.conclusion_number, admission.conclusion_on = typed, on
    return {"conclusion": typed, "concluded_on": on}


@ADMISSION.action("admit")
def admit_offer(*, actor: Actor, admission: Admission, conclusion_number: str, conclusion_on: date) -> Admission:
    """The commission's conclusion admits the offer: people can order it; or the change of one: it holds for new orders.
    The supplier is told.

    Raises:
        RuleBroken: no conclusion, a document has expired, or the supplier is suspended or removed meanwhile.
    """
    told = _concluded(admission, conclusion_number, conclusion_on)
    offer = locked_offer(admission.offer_id)
    check_may_offer(offer.supplier)
    if admission.proposal is not None:
        if offer.state not in Offer.LIVING:
            raise in_another_state(offer)
        apply_proposal(offer, admission.proposal)
        record(offer, What.CHANGE_ADMITTED, actor, reason=_conclusion(admission))
        template = "offer.change_admitted"
    else:
        check_covered(offer)
        move(offer, _WAITING, State.ACTIVE)
        admit_photos(offer)
        record(offer, What.ADMITTED, actor, reason=_conclusion(admission))
        template = "offer.admitted"
    perform(admission, data=told, changed=["conclusion_number", "conclusion_on"])
    tell_supplier(offer, template)
    return admission


def _conclusion(admission: Admission) -> str:
    """The conclusion as the history keeps it: numbers alone, the same in every language."""
    assert admission.conclusion_on is not None  # noqa: S101 - entered a line before
    return f"№ {admission.conclusion_number}, {admission.conclusion_on:%d.%m.%Y}"


@ADMISSION.action("refuse")
def refuse_offer(
    *, actor: Actor, admission: Admission, conclusion_number: str, conclusion_on: date, reason: str
) -> Admission:
    """The commission's conclusion refuses the offer: it comes to its end; or the change of one, which stays as it is.
    The supplier is told.

    Raises:
        RuleBroken: no conclusion, or no reason.
    """
    admission.reason = said(reason)
    told = _concluded(admission, conclusion_number, conclusion_on)
    offer = locked_offer(admission.offer_id)
    why = f"{admission.reason} ({_conclusion(admission)})"
    if admission.proposal is not None:
        close_proposal(admission.proposal, keeps_photos=False)
        record(offer, What.CHANGE_REFUSED, actor, reason=why)
    else:
        move(offer, _WAITING, State.ARCHIVED)
        record(offer, What.REFUSED, actor, reason=why)
    perform(admission, data=told, changed=["conclusion_number", "conclusion_on", "reason"])
    tell_supplier(offer, "offer.refused")
    return admission


@ADMISSION.action("give_back")
def return_offer(*, actor: Actor, admission: Admission, reason: str) -> Admission:
    """The region returns the offer for correction: it is a draft again. The supplier is told.

    Raises:
        RuleBroken: no reason.
    """
    admission.reason = said(reason)
    offer = locked_offer(admission.offer_id)
    _prepared_again(offer, admission)
    what = What.CHANGE_RETURNED if admission.proposal else What.RETURNED
    record(offer, what, actor, reason=admission.reason)
    perform(admission, changed=["reason"])
    tell_supplier(offer, "offer.returned")
    return admission


@ADMISSION.action("take_back")
def take_back(*, actor: Actor, admission: Admission) -> Admission:
    """The supplier takes the offer back: it is a draft again."""
    offer = locked_offer(admission.offer_id)
    _prepared_again(offer, admission)
    record(offer, What.CHANGE_TAKEN_BACK if admission.proposal else What.TAKEN_BACK, actor)
    return perform(admission)


def _prepared_again(offer: Offer, admission: Admission) -> None:
    """What was sent can be changed and sent again: the draft, or what is proposed beside the card."""
    if admission.proposal is None:
        move(offer, _WAITING, State.DRAFT)


@ADMISSION.action("remind")
def remind_region(*, actor: Actor, admission: Admission) -> Admission:
    """The term has passed: the region is told, the offer waits."""
    del actor
    perform(admission)
    tell_region(admission.territory_code, "admission.late", case=admission, number=admission.number)
    return admission
