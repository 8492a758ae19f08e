"""The lists of faults and of harm, and the page of a case with what can be done there."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.aftercare import actions, queries
from tirek.aftercare.case_types import FAULTS, HARMS
from tirek.aftercare.forms import (
    AS_NOW,
    CameBackForm,
    DecisionForm,
    DeclineFaultForm,
    HandBackForm,
    PromiseForm,
    ReasonsForm,
    RepairPriceForm,
    ToRegionForm,
    WhichForm,
    WordsForm,
)
from tirek.aftercare.models import Fault, Harm, Telling
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.orders import items
from tirek.orders.actions import keeping
from tirek.orders.models import Item, Stop
from tirek.orders.numbers import NONE
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column, OwnList
from tirek.ui.text import day_text, tenge_text
from tirek.ui.ways import way

_GOODS: Final = Column(_("Goods"), lambda case: items.goods(case.item))
_STAFF: Final = frozenset({Desk.OFFICER})


def _kept_words(harm: Harm) -> str:
    """What is kept back because of a report, in few words."""
    if harm.batch is not None:
        return str(_("batch %(number)s") % {"number": harm.batch.number})
    return items.by_words(harm.stop) if harm.stop is not None else ""


FAULT_LIST: Final = CaseList(
    case=FAULTS,
    routes="aftercare:faults",
    title={Desk.SUPPLIER: _("Faults"), Desk.OFFICER: _("Faults in your territory")},
    counted=lambda n: ngettext("%(n)s fault", "%(n)s faults", n) % {"n": n},
    columns=(
        Column(_("Recipient"), lambda case: case.person.full_name, names_person=True),
        _GOODS,
        Column(_("Reported on"), lambda case: day_text(case.created_at.date())),
    ),
    series=actions.FAULTS,
)
OWN_FAULTS: Final = OwnList(
    case=FAULTS,
    title=_("Your reports of faults"),
    route="aftercare:recipient-faults",
    card=lambda case: items.goods(case.item),
    empty=(
        _("No faults reported"),
        _("When something that you got does not work, report it from the list of your things."),
        _("See your things"),
    ),
    leads_to="aftercare:things",
    back="aftercare:things",
)
HARM_LIST: Final = CaseList(
    case=HARMS,
    routes="aftercare:harms",
    title={Desk.SUPPLIER: _("Reports of harm"), Desk.OFFICER: _("Reports of harm in your territory")},
    counted=lambda n: ngettext("%(n)s report of harm", "%(n)s reports of harm", n) % {"n": n},
    columns=(
        _GOODS,
        Column(_("Kept back"), _kept_words),
        Column(_("Supplier"), lambda case: case.organisation.name if case.organisation else "", desks=_STAFF),
        Column(_("Reported on"), lambda case: day_text(case.created_at.date())),
    ),
    series=actions.HARMS,
)


def _of_fault(actor: Actor, fault: Fault) -> Mapping[str, object]:
    del actor
    days = fault.days_away
    if fault.away_since is not None:
        days += max((clock.today() - fault.away_since).days, 0)
    return {
        "goods": items.goods(fault.item),
        "number_words": items.number_words(fault.item),
        "left": items.days_left(fault.item, clock.today()),
        "days_away": days,
        "answers": items.who_answers(fault.item, fault.territory_code),
    }


def _handing_back(fault: Fault) -> Mapping[str, object]:
    """By what the goods are told apart that are brought instead, and whether they are handed over only with their
    number; nothing is asked where it was repaired.
    """
    if fault.way != Fault.Way.EXCHANGE:
        return {"numbering": NONE}
    return {
        "numbering": items.numbering(fault.item.kind_id, at=clock.today()),
        "held": items.must_be_numbered(items.like(fault.item)),
    }


_CONFIRM: Final = Act(
    "confirm",
    _("It works"),
    _("It works"),
    _("Thank you. The fault is settled."),
    actions.confirm_repair,
    main=True,
)
_AGAIN: Final = Act(
    "not_mended",
    _("It still does not work"),
    _("It still does not work"),
    _("The supplier has been told and answers again."),
    actions.not_mended,
    WordsForm,
    fields={"words": "words"},
)
_ACCEPT: Final = Act(
    "accept_price",
    _("Accept the price"),
    _("Accept the price"),
    _("The supplier has been told."),
    actions.accept_price,
    ask=Ask(
        _("Accept the price of the repair?"),
        lambda fault: (
            _("The repair costs %(price)s, and is paid to the supplier.") % {"price": tenge_text(fault.price)}
        ),
        warns=False,
    ),
    main=True,
)
_REGION: Final = Act(
    "go_to_region",
    _("Ask the regional department to decide"),
    _("Ask the regional department"),
    _("Sent. The regional department decides; both sides read its reasons."),
    actions.go_to_region,
    ToRegionForm,
    fields={"words": "words"},
)
_WITHDRAW: Final = Act(
    "withdraw",
    _("Let it be"),
    _("Let it be"),
    _("Closed. A fault can be reported again at any time."),
    actions.withdraw_fault,
    ask=Ask(_("Let it be?"), _("We tell the supplier that nothing is to be done any more.")),
)
_TO_MEND: Final = (
    Act(
        "promise",
        _("Repair it, or bring another one"),
        _("Promise the day"),
        _("Promised. The recipient has been told."),
        actions.promise,
        PromiseForm,
        fields={"way": "way", "ready_on": "ready_on"},
        main=True,
        knows=lambda _fault: {"last": queries.last_repair_day()},
    ),
    Act(
        "name_price",
        _("Name a price for the repair"),
        _("Name the price"),
        _("The recipient has been told the price."),
        actions.name_price,
        RepairPriceForm,
        fields={"price": "price"},
        offered=lambda _actor, fault: not fault.in_warranty and not fault.is_ordered,
    ),
    Act(
        "decline",
        _("Decline"),
        _("Decline"),
        _("Declined. The recipient has been told and can ask the regional department."),
        actions.decline_fault,
        DeclineFaultForm,
        fields={"reason": "reason", "words": "words"},
        offered=lambda _actor, fault: not fault.is_ordered,
        warns=True,
    ),
    Act(
        "take_in",
        _("Take it in for repair"),
        _("It is with us now"),
        _("Recorded. Days without it are counted from today."),
        actions.take_in,
        main=True,
    ),
    Act(
        "hand_back",
        _("Hand it back"),
        _("It is back with the recipient"),
        _("Recorded. The recipient is asked whether it works."),
        actions.hand_back,
        HandBackForm,
        fields={"numbers": "numbers"},
        main=True,
        knows=_handing_back,
    ),
)
_FOR_PERSON: Final = (_CONFIRM, _AGAIN, _ACCEPT, _REGION, _WITHDRAW)
FAULT_PAGES: Final = CasePages(
    case=FAULTS,
    app="aftercare",
    name="fault",
    heading=lambda fault, _desk: items.goods(fault.item),
    noun=lambda fault: _("Fault %(number)s") % {"number": fault.number},
    facts="aftercare/fault_facts.html",
    facts_title=_("Fault"),
    acts={
        Desk.RECIPIENT: _FOR_PERSON,
        Desk.SUPPLIER: _TO_MEND,
        Desk.OFFICER: (
            Act(
                "decide",
                _("Decide on the fault"),
                _("Record the decision"),
                _("Decided. Both sides have been told."),
                actions.decide_fault,
                DecisionForm,
                fields={"decision": "decision", "reasons": "reasons"},
                main=True,
            ),
            # of what the local body bought: on behalf of a supplier that has no desk here
            *_TO_MEND,
            *_FOR_PERSON,
        ),
    },
    context=dict.fromkeys((Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER), _of_fault),
    lists={Desk.SUPPLIER: FAULT_LIST, Desk.OFFICER: FAULT_LIST},
    back=lambda _actor, _fault: way("my-things"),
)


def _of_harm(actor: Actor, harm: Harm) -> Mapping[str, object]:
    is_recall = harm.state in {Harm.State.RECALLED, Harm.State.CLOSED} and actor.desk is not Desk.RECIPIENT
    telling = Telling.objects.filter(harm=harm).order_by("-id").first() if actor.desk is Desk.OFFICER else None
    back = items.kept_by(harm.kept) if is_recall and harm.kept is not None else None
    out = queries.out_for(actor, harm).count() if is_recall else None
    return {
        "goods": items.goods(harm.item),
        "number_words": items.number_words(harm.item),
        "scope": items.scope_words(harm.stop) if harm.stop is not None else "",
        "out": out,
        "out_url": reverse(f"aftercare:{actor.desk.value}-harm-out", args=[harm.number]) if out else "",
        "came_back": back.filter(ended_because=Item.Ended.RECALLED).count() if back is not None else None,
        "telling": telling,
        "answers": items.who_answers(harm.item, harm.territory_code),
    }


def out_words(item: Item) -> str:
    """Goods that are still out: who has them, by which case they came, their number and how many they are."""
    words = _("%(name)s, %(case)s, %(number)s, quantity: %(quantity)s")
    number = items.number_words(item) or _("without a number")
    told = {"name": item.person.full_name, "case": item.case_number, "number": number, "quantity": item.quantity}
    return str(words % told)


def _still_out(harm: Harm) -> Mapping[str, object]:
    """The first goods that are still out; all of them have a page of their own."""
    found = queries.out_of(harm).filter(organisation=harm.organisation_id)
    shown = found.select_related("person", "batch")[: queries.MOST_OUT]
    return {"out": [(str(one.pk), out_words(one)) for one in shown]}


def _which(harm: Harm) -> Mapping[str, object]:
    """By what goods without a batch can be kept back, beside what is kept back now."""
    if harm.stop is None:
        return {}
    now = _("exactly what is kept back now: %(what)s") % {"what": items.scope_words(harm.stop)}
    return {"ways": [(AS_NOW, now), *_other_ways(harm)], "present": AS_NOW}


def _which_less(harm: Harm) -> Mapping[str, object]:
    """By what else they can be kept back."""
    return {"ways": _other_ways(harm)}


def _other_ways(harm: Harm) -> list[tuple[str, str]]:
    present = harm.stop.by if harm.stop is not None else ""
    ways = keeping.ways_to_stop(harm.item)
    return [(one.value, str(one.label)) for one in ways if one != present or one == Stop.By.NUMBERS]


def _is_on_hold_by_stop(_actor: Actor, harm: Harm) -> bool:
    return harm.stop is not None and harm.stop.state == Stop.State.HELD


_CAME_BACK: Final = Act(
    "bring_back",
    _("Goods came back"),
    _("They came back"),
    _("Recorded. The recipient and the department have been told."),
    actions.bring_back,
    CameBackForm,
    fields={"item": "item"},
    main=True,
    knows=_still_out,
)
HARM_PAGES: Final = CasePages(
    case=HARMS,
    app="aftercare",
    name="harm",
    heading=lambda harm, _desk: items.goods(harm.item),
    noun=lambda harm: _("Report of harm %(number)s") % {"number": harm.number},
    facts="aftercare/harm_facts.html",
    facts_title=_("Report of harm"),
    acts={
        Desk.RECIPIENT: (),
        Desk.SUPPLIER: (_CAME_BACK,),
        Desk.OFFICER: (
            Act(
                "recall",
                _("Recall the goods"),
                _("Recall the goods"),
                _("The goods are recalled. Everybody who has some is being told."),
                actions.recall_batch,
                WhichForm,
                fields={"reasons": "reasons", "by": "by", "serials": "serials"},
                warns=True,
                knows=_which,
            ),
            Act(
                "narrow",
                _("Say more exactly which goods are on hold"),
                _("Keep back only these"),
                _("Recorded. Who has others is being told that they can be used again."),
                actions.narrow_hold,
                WhichForm,
                fields={"reasons": "reasons", "by": "by", "serials": "serials"},
                offered=_is_on_hold_by_stop,
                knows=_which_less,
            ),
            Act(
                "clear",
                _("Nothing harmful was found"),
                _("No harm: lift the hold"),
                _("The check is over. Everybody has been told."),
                actions.clear_batch,
                ReasonsForm,
                fields={"reasons": "reasons"},
                main=True,
            ),
            _CAME_BACK,
            Act(
                "close",
                _("The recall is over"),
                _("Close the recall"),
                _("The recall is closed. These goods are never handed over again."),
                actions.close_recall,
                ReasonsForm,
                fields={"reasons": "reasons"},
            ),
        ),
    },
    context=dict.fromkeys((Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER), _of_harm),
    lists={Desk.SUPPLIER: HARM_LIST, Desk.OFFICER: HARM_LIST},
    back=lambda _actor, _harm: way("my-things"),
)
