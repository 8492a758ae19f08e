"""Verbs of faults: reported, mended, confirmed or not, decided by the region."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.aftercare.actions.telling import said, tell, tell_department, tell_of_answer, tell_supplier
from tirek.aftercare.forms import FAULT_FORM, FORM_VERSION, FaultForm
from tirek.aftercare.models import Fault
from tirek.aftercare.queries import item_for
from tirek.aftercare.workflow import FAULT
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.database import locks
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.keys import key_of
from tirek.core.numbers import Series
from tirek.orders import items
from tirek.orders.actions import keeping
from tirek.orders.models import Item
from tirek.ui.draftform import answers

State = Fault.State
FAULTS: Final = Series("АҚ", "aftercare_fault_number")
#: From this time on that it does not work after a repair the region is told.
TELLS_REGION: Final = 2


@FAULT.action("report")
def report_fault(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> Fault:
    """Report a fault of an item from a draft; the same draft sent again gives the same fault.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        NotFound: the item is not the person's.
        RuleBroken: something is missing; the item came back or is not received yet; or a fault of it is open already.
    """
    del final
    draft = drafts.lock_for_submit(actor, draft_key, form=FAULT_FORM)
    if draft.case_id is not None:
        return repeated(Fault.objects.get(pk=draft.case_id))
    drafts.check_version(draft.form_version, present=FORM_VERSION)
    typed = draft.values()
    item = locked_item(held_item(actor, typed.get("item", ""), draft.subject_id))
    given = answers([("what", FaultForm(typed, consumable=item.kind.consumable))])
    if item.received_on is None:
        raise RuleBroken(
            _("You have not confirmed the receipt of this thing."),
            next_step=_("Open the order or the purchase and confirm the receipt, or refuse the goods there."),
            code="not_received",
        )
    if Fault.objects.filter(item=item, state__in=Fault.open_states()).exists():
        raise RuleBroken(
            _("A fault of this thing is open already."),
            next_step=_("Open “My things” to see what happens now, and write to the supplier there."),
            code="open_already",
        )
    fault = Fault(
        number=FAULTS.take(),
        territory_code=item.person.territory_id,
        person=item.person,
        item=item,
        organisation_id=item.organisation_id,
        asked_by=actor.account,
        wrong=given["wrong"],
        words=said(given["words"]),
        place=said(given["place"]),
        in_warranty=item.warranty_until is not None and item.warranty_until >= clock.today(),
    )
    perform(fault, data={"item": item.pk, "wrong": fault.wrong, "draft": draft.pk})
    drafts.mark_submitted(draft, fault)
    tell(fault, "fault.reported")
    tell_supplier(fault, "fault.new_for_supplier")
    return fault


def held_item(actor: Actor, typed: str, person_id: UUID | None) -> Item:
    """The item that a draft names, read again: it is the draft's person's, and the person still has it.

    Raises:
        NotFound: it is somebody else's.
        RuleBroken: it came back.
    """
    item = item_for(actor, key_of(typed))
    if item.person_id != person_id:
        raise NotFound
    _still_held(item)
    return item


def _still_held(item: Item) -> None:
    if item.ended_on is not None:
        raise RuleBroken(
            _("This thing was given back."), next_step=_("Choose a thing that is with you."), code="given_back"
        )


def locked_item(item: Item) -> Item:
    """An item that the person still has, locked until the transaction ends: nothing ends it meanwhile.

    Raises:
        RuleBroken: it came back.
    """
    _still_held(locks.lock_rows(Item, [item.pk])[item.pk])
    return item


@FAULT.action("take_in")
def take_in(*, actor: Actor, fault: Fault) -> Fault:
    """The supplier has fetched it: days without the thing count from today."""
    fault.away_since = clock.today()
    perform(fault, changed=["away_since"])
    tell(fault, "fault.taken_in")
    return fault


def _count_days(fault: Fault) -> None:
    if fault.away_since is not None:
        fault.days_away += max((clock.today() - fault.away_since).days, 1)
        fault.away_since = None


@FAULT.action("hand_back")
def hand_back(*, actor: Actor, fault: Fault, numbers: str = "", note: str = "") -> Fault:
    """It is back with the person, repaired, or another one instead.

    Raises:
        RuleBroken: another one was promised, and its number is missing, is somebody's, or of a batch on hold; or what
            it would replace came back in a recall.
    """
    _count_days(fault)
    if fault.way == Fault.Way.EXCHANGE:
        _exchange(fault, numbers)
    perform(fault, data={"way": fault.way}, note=said(note), changed=["away_since", "days_away", "item"])
    tell(fault, "fault.handed_back")
    return fault


def _exchange(fault: Fault, typed: str) -> None:
    """The old item ends, the new one keeps its warranty day."""
    old = Item.objects.get(pk=fault.item_id)
    source = items.like(old)
    told = keeping.told_numbers(old.kind_id, typed, old.quantity, by_office=False)
    batches = keeping.may_be_handed_over(source, told)
    if locks.lock_rows(Item, [old.pk])[old.pk].ended_on is not None:
        raise RuleBroken(
            _("This thing came back already: the batch was recalled."),
            next_step=_("Write to the recipient. The report ends when the recipient lets it be."),
            code="given_back",
        )
    Item.objects.filter(pk=old.pk).update(ended_on=clock.today(), ended_because=Item.Ended.EXCHANGED)
    new = keeping.keep_items(source, told, batches)
    kept = {"received_on": old.received_on, "warranty_until": old.warranty_until}
    Item.objects.filter(pk__in=[one.pk for one in new]).update(**kept)
    fault.item = new[0]


@FAULT.action("confirm")
def confirm_repair(*, actor: Actor, fault: Fault) -> Fault:
    """The person says that it works."""
    perform(fault)
    tell_supplier(fault, "fault.confirmed_for_supplier")
    tell_of_answer(actor, fault, "confirm")
    return fault


@FAULT.action("not_mended")
def not_mended(*, actor: Actor, fault: Fault, words: str) -> Fault:
    """It still does not work: back to the supplier, and counted; from the second time on the region is told.

    Raises:
        RuleBroken: nothing is said.
    """
    words = needed(words, "words")
    fault.came_back += 1
    fault.way, fault.ready_on = "", None
    perform(fault, data={"times": fault.came_back}, note=words, changed=["came_back", "way", "ready_on"])
    tell_supplier(fault, "fault.again_for_supplier")
    tell_of_answer(actor, fault, "not_mended")
    if fault.came_back >= TELLS_REGION:
        tell_department(fault, "fault.again_for_region", times=str(fault.came_back))
    return fault


def needed(words: str, field: str) -> str:
    """Words that somebody owes.

    Raises:
        RuleBroken: there are none.
    """
    if not said(words):
        raise RuleBroken(_("Write it in your own words: others read them and decide by them."), code=field)
    return said(words)


@FAULT.action("withdraw")
def withdraw_fault(*, actor: Actor, fault: Fault) -> Fault:
    """The person lets it be: nothing is to be done any more."""
    perform(fault)
    tell_supplier(fault, "fault.withdrawn_for_supplier")
    tell_of_answer(actor, fault, "withdraw")
    return fault


@FAULT.action("decide")
def decide_fault(*, actor: Actor, fault: Fault, decision: str, reasons: str) -> Fault:
    """The region decides between person and supplier; both read the reasons.

    Raises:
        RuleBroken: the decision is not of the list, or has no reasons.
    """
    if decision not in Fault.Decision.values:
        raise RuleBroken(_("Choose a decision from the list."), code="decision")
    reasons = needed(reasons, "reasons")
    is_for_person = decision == Fault.Decision.FOR_PERSON
    fault.is_ordered = fault.is_ordered or is_for_person
    target = State.REPORTED if is_for_person else State.CLOSED
    perform(fault, to=target, data={"decision": decision}, note=reasons, changed=["is_ordered"])
    template = "fault.decided_for_person" if is_for_person else "fault.decided_for_supplier"
    tell(fault, template)
    tell_supplier(fault, f"{template}_too")
    return fault


@FAULT.action("lapse")
def lapse_fault(*, actor: Actor, fault: Fault) -> Fault:
    """The person did not answer: the fault is closed, and can be reported again."""
    perform(fault)
    tell(fault, "fault.lapsed")
    return fault


@FAULT.action("warn")
def warn_late(*, actor: Actor, fault: Fault) -> Fault:
    """The supplier is late: the region and the person are told."""
    perform(fault)
    tell(fault, "fault.late")
    tell_supplier(fault, "fault.late_for_supplier")
    tell_department(fault, "fault.late_for_region")
    return fault


@FAULT.action("remind")
def remind_of_answer(*, actor: Actor, fault: Fault) -> Fault:
    """The person has not said whether it works."""
    perform(fault)
    tell(fault, "fault.confirm_reminder")
    return fault


@FAULT.action("remind_region")
def remind_region(*, actor: Actor, fault: Fault) -> Fault:
    """The region has not decided in time."""
    perform(fault)
    tell_department(fault, "fault.decision_late")
    return fault
