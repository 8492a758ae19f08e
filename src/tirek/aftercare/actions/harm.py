"""Verbs of harm: what is like the goods is on hold at once, checked by the region, let go or recalled."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.aftercare.actions.faults import held_item, needed
from tirek.aftercare.actions.telling import begin_telling, said, tell_department, tell_supplier, tellings_of
from tirek.aftercare.forms import FORM_VERSION, HARM_FORM, HarmForm
from tirek.aftercare.models import Harm, Telling
from tirek.aftercare.queries import out_for, out_of
from tirek.aftercare.workflow import HARM
from tirek.core import clock, drafts
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.core.keys import read_key
from tirek.core.numbers import Series
from tirek.orders import items
from tirek.orders.actions import keeping
from tirek.orders.models import Batch, Item, KeptBack, Stop
from tirek.organisations.telling import tell_office
from tirek.people.telling import tell_person
from tirek.ui.draftform import answers

State = Harm.State
HARMS: Final = Series("ЗН", "aftercare_harm_number")


@HARM.action("report")
def _report(*, actor: Actor, draft_key: UUID | None, item: Item | None = None) -> Harm:
    """Report harm from a draft, or by the clock from goods that were refused because of it."""
    draft, given, asked_by = None, {"what": Harm.What.OTHER.value, "words": ""}, None
    if draft_key is not None:
        draft = drafts.lock_for_submit(actor, draft_key, form=HARM_FORM)
        if draft.case_id is not None:
            return repeated(Harm.objects.get(pk=draft.case_id))
        drafts.check_version(draft.form_version, present=FORM_VERSION)
        typed = draft.values()
        given, asked_by = answers([("what", HarmForm(typed))]), actor.account
        item = held_item(actor, typed.get("item", ""), draft.subject_id)
    if item is None:
        raise TypeError("Harm is reported of an item.")
    kept, is_new = keeping.keep_back(item)
    if draft is not None:
        _reported_once(item)
    harm = Harm(
        number=HARMS.take(),
        territory_code=item.person.territory_id,
        person=item.person,
        item=item,
        batch=kept if isinstance(kept, Batch) else None,
        stop=kept if isinstance(kept, Stop) else None,
        organisation_id=item.organisation_id,
        asked_by=asked_by,
        what=given["what"],
        words=said(given["words"]),
    )
    perform(harm, data={"item": item.pk, "batch": harm.batch_id, "stop": harm.stop_id, "what": harm.what})
    if draft is not None:
        drafts.mark_submitted(draft, harm)
    if kept is not None and (is_new or not _is_told(kept)):
        begin_telling(harm, Telling.What.HELD)
    tell_person(harm.person_id, "harm.reported", case=harm, number=harm.number)
    if harm.stop_id is None:
        tell_supplier(harm, "harm.new_for_supplier", batch=item.number or "–")
    else:
        tell_supplier(harm, "harm.new_thing_for_supplier", batch=item.number or "–", kind=item.kind_id)
    tell_department(harm, "harm.new_for_region")
    return harm


def _reported_once(item: Item) -> None:
    """Lock an item of which nothing is reported now: its second report waits for this one to be written.

    Raises:
        RuleBroken: a report of it is open.
    """
    locks.lock_rows(Item, [item.pk])
    known = Harm.objects.filter(item=item, state__in=Harm.open_states()).values_list("number", flat=True).first()
    if known:
        raise RuleBroken(
            _("Harm by this thing is reported already: %(number)s.") % {"number": known},
            next_step=_("Open it from the notice about it. The regional department checks it and writes there."),
            code="open_already",
        )


def _is_told(kept: Batch | Stop) -> bool:
    """Whether the holders were told, or are being told, of the present hold."""
    return tellings_of(kept).filter(created_at__gte=kept.held_since or clock.now()).exists()


def _locked(harm: Harm) -> Batch | Stop | None:
    """What a case keeps back, locked until the transaction ends."""
    return keeping.locked(harm.kept) if harm.kept is not None else None


def _cases_of(kept: Batch | Stop) -> QuerySet[Harm]:
    """The cases by which goods are kept back."""
    return Harm.objects.filter(**{"stop" if isinstance(kept, Stop) else "batch": kept})


def _lifted(kept: Batch | Stop | None, *, but: Harm) -> bool:
    """Let locked goods go when they are on hold and no other report of them is checked; whether they are free now."""
    if kept is None or kept.state != KeptBack.State.HELD:
        return False
    if _cases_of(kept).filter(state=State.CHECKING).exclude(pk=but.pk).exists():
        return False
    return keeping.lift(kept)


def report_harm(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> Harm:
    """Report harm by an item from a draft; the same draft sent again gives the same report. What is like it is on hold
    at once: its batch, or all goods of its offer; everybody who has some is told.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        NotFound: the item is not the person's.
        RuleBroken: something is missing, the item came back, or a report of it is open.
    """
    del final
    return _report(actor=actor, draft_key=draft_key)


def report_refused(delivery_id: UUID) -> list[Harm]:
    """Goods were refused because they made somebody ill: their batches are on hold already, and the region checks each
    of them; goods without a batch are one case, where none has one. What is reported already is not reported again.
    """
    found = Item.objects.filter(delivery=delivery_id).select_related("person")
    items = list(found.order_by("batch_id", "id"))  # lowest batch first, those without one last
    first = {one.batch_id: one for one in reversed(items)}
    if len(first) > 1:
        first.pop(None, None)
    known = set(Harm.objects.filter(item__in=items, asked_by__isnull=True).values_list("batch_id", flat=True))
    new = [one for key, one in reversed(first.items()) if key not in known]
    return [_report(actor=CLOCK, draft_key=None, item=one) for one in new]


@HARM.action("clear")
def clear_batch(*, actor: Actor, harm: Harm, reasons: str) -> Harm:
    """The region found nothing harmful: the hold is lifted, unless another report of the same goods is open.

    Raises:
        RuleBroken: no reasons.
    """
    reasons = needed(reasons, "reasons")
    kept = _locked(harm)
    is_lifted = _lifted(kept, but=harm)
    perform(harm, data={"lifted": is_lifted}, note=reasons)
    if is_lifted:
        begin_telling(harm, Telling.What.CLEARED)
    _end_recall(kept)
    tell_person(harm.person_id, "harm.cleared", case=harm, number=harm.number)
    tell_supplier(harm, "harm.cleared_for_supplier" if is_lifted else "harm.still_held_for_supplier")
    return harm


@HARM.action("narrow")
def narrow_hold(*, actor: Actor, harm: Harm, by: str, reasons: str, serials: str = "") -> Harm:
    """The region says more exactly which goods are on hold while they are checked: all of the offer, those of one
    version, or some serial numbers. Who has others can use them again, and is told so.

    Args:
        actor: an officer of the region.
        harm: a case that is checked.
        by: one of ``keeping.ways_to_stop``.
        reasons: all sides read them.
        serials: numbers and ranges, where they are kept back by them.

    Raises:
        RuleBroken: no reasons; the goods have a batch; they are recalled already; nothing would change; or what is
            typed is no list of numbers.
    """
    reasons = needed(reasons, "reasons")
    before = _locked(harm)
    if not isinstance(before, Stop):
        raise RuleBroken(
            _("These goods are kept back by their batch, or not at all."),
            next_step=_("Lift the hold, or recall the batch."),
            code="by",
        )
    if before.state != KeptBack.State.HELD:
        raise RuleBroken(
            _("These goods are recalled already."), next_step=_("End the check of this report."), code="by"
        )
    now = keeping.stopped_otherwise(before, harm.item, by, serials, KeptBack.State.HELD)
    if now == before:
        raise RuleBroken(
            _("Exactly these goods are on hold now."), next_step=_("Choose others, or leave it as it is."), code="by"
        )
    harm.stop = now
    perform(harm, data={"by": by, "stop": now.pk}, note=reasons, changed=["stop"])
    _tell_of_change(harm, before, Telling.What.HELD)
    tell_supplier(harm, "harm.narrowed_for_supplier")
    return harm


def _tell_of_change(harm: Harm, before: Stop, what: Telling.What) -> None:
    """Who has goods that are kept back from now on is told, and who has others that were kept back until now."""
    knows = what == Telling.What.HELD and not tellings_of(before).filter(done_at__isnull=True).exists()
    begin_telling(harm, what, but=before if knows else None)
    if _lifted(before, but=harm):
        begin_telling(harm, Telling.What.LEFT_OUT, stop=before)


@HARM.action("recall")
def recall_batch(*, actor: Actor, harm: Harm, reasons: str, by: str = "", serials: str = "") -> Harm:
    """The region recalls the batch, or goods without a batch by their offer, its version, maker and model, or serial
    numbers: everybody who has some is told to give them back.

    Args:
        actor: an officer of the region.
        harm: a case that is checked.
        reasons: all sides read them.
        by: of goods without a batch one of ``keeping.ways_to_stop``; "": what is kept back now.
        serials: numbers and ranges, where they are recalled by them.

    Raises:
        RuleBroken: no reasons; what is typed is no list of numbers; or nothing tells which goods could be recalled.
    """
    reasons = needed(reasons, "reasons")
    kept = _locked(harm)
    if kept is None:
        raise RuleBroken(
            _("These goods have no batch number: nothing can be recalled by it."),
            next_step=_("Block the offer, and write to the supplier."),
            code="reasons",
        )
    now = kept
    if isinstance(kept, Stop) and by:
        now = keeping.stopped_otherwise(kept, harm.item, by, serials, KeptBack.State.RECALLED)
    if isinstance(kept, Stop) and isinstance(now, Stop) and now != kept:
        harm.stop = now
        perform(harm, data={"by": now.by, "stop": now.pk}, note=reasons, changed=["stop"])
        _tell_of_change(harm, kept, Telling.What.RECALLED)
    else:
        keeping.recall(kept)
        perform(harm, note=reasons)
        begin_telling(harm, Telling.What.RECALLED)
    tell_person(harm.person_id, "harm.recalled", case=harm, number=harm.number)
    tell_supplier(harm, "harm.recalled_for_supplier")
    return harm


@HARM.action("bring_back")
def bring_back(*, actor: Actor, harm: Harm, item: str) -> Harm:
    """Goods of a recall came back from somebody; the department of the person corrects what is left to order.

    Raises:
        RuleBroken: these goods are not of the recall, or came back already.
    """
    key = read_key(item)
    found = out_for(actor, harm).filter(pk=key).first() if key else None
    if found is None:
        raise RuleBroken(
            _("These goods are not among those that are still out."),
            next_step=_("Open the page again: the list is up to date there."),
            code="item",
        )
    ended = {"ended_on": clock.today(), "ended_because": Item.Ended.RECALLED}
    Item.objects.filter(pk=found.pk, ended_on__isnull=True).update(**ended)
    perform(harm, data={"item": found.pk})
    case = items.cases_of([found])[found.case_id]
    tell_person(found.person_id, "harm.came_back", case=case, number=case.number)
    tell_office(case.territory_code, "harm.came_back_for_office", case=case, number=case.number)
    return harm


@HARM.action("close")
def close_recall(*, actor: Actor, harm: Harm, reasons: str) -> Harm:
    """The recall is over; the goods are never handed over again, goods of their maker without a number are, unless
    another recall of the same goods goes on.

    Raises:
        RuleBroken: no reasons.
    """
    reasons = needed(reasons, "reasons")
    kept = _locked(harm)
    perform(harm, data={"out": out_of(harm).count()}, note=reasons)
    _end_recall(kept)
    tell_supplier(harm, "harm.closed_for_supplier")
    return harm


def _end_recall(kept: Batch | Stop | None) -> None:
    """The last open case of locked goods that are recalled has ended: their recall is over."""
    if kept is None or kept.state != KeptBack.State.RECALLED:
        return
    if not _cases_of(kept).filter(state__in=Harm.open_states()).exists():
        keeping.end_recall(kept)


@HARM.action("remind")
def remind_of_check(*, actor: Actor, harm: Harm) -> Harm:
    """The region is late with its check, or the recall takes long."""
    perform(harm)
    tell_department(harm, "harm.late_for_region")
    return harm
