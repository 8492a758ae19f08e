"""The forms by which a person, or an officer at the counter, reports a fault or harm by a thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.aftercare import queries
from tirek.aftercare.actions import report_fault, report_harm
from tirek.aftercare.case_types import FAULTS, HARMS
from tirek.aftercare.forms import FAULT_FORM, FORM_VERSION, HARM_FORM, FaultForm, HarmForm
from tirek.aftercare.models import Fault, Harm
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound
from tirek.core.keys import key_of, read_key
from tirek.orders import items
from tirek.orders.models import Item
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.ways import way


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is being filled in, with the thing it is about."""

    draft: Draft
    item: Item

    @property
    def goods(self) -> str:
        """The thing in words."""
        return items.goods(self.item)


def _filled(actor: Actor, draft: Draft) -> Filled:
    item = queries.item_for(actor, key_of(draft.values().get("item", "")))
    if item.person_id != draft.subject_id:
        raise NotFound
    return Filled(draft, item)


def _begin(actor: Actor, sent: Mapping[str, str]) -> tuple[Mapping[str, str], UUID]:
    item = queries.item_for(actor, key_of(sent.get("item", "")))
    return {"item": str(item.pk)}, item.person_id


def _back(actor: Actor, filled: Filled) -> str:
    return way("my-things") if actor.desk is Desk.RECIPIENT else way("person", filled.item.person_id)


def _about(drafts: Sequence[Draft]) -> dict[UUID, str]:
    named = {one.pk: (read_key(one.values().get("item", "")), one.subject_id) for one in drafts}
    found = items.rows().in_bulk([key for key, _person in named.values() if key])
    about = {}
    for draft, (key, person) in named.items():
        item = found.get(key) if key else None
        # what a browser put into a draft may name the thing of somebody else
        if item is not None and item.person_id == person:
            about[draft] = items.goods(item)
    return about


def _labels(kind: Mapping[str, object], chosen: str) -> str:
    return str(kind.get(chosen, ""))


def _fault_context(_request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    return {"wrong": _labels(dict(Fault.Wrong.choices), filled.draft.values().get("wrong", ""))}


def _harm_context(_request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    return {"what": _labels(dict(Harm.What.choices), filled.draft.values().get("what", ""))}


_DESKS: Final = frozenset({Desk.RECIPIENT, Desk.OFFICER})
REPORTING: Final = DraftForm(
    code=FAULT_FORM,
    version=FORM_VERSION,
    title=_("Report of a fault"),
    app="aftercare",
    prefix="fault-",
    desks=_DESKS,
    steps=(
        Step(
            "what",
            lambda _filled: _("What is wrong with it?"),
            lambda filled, data, typed: FaultForm(data, initial=typed, consumable=filled.item.kind.consumable),
            intro=lambda _filled: _("You can add photos on the next page of the fault, in a message to the supplier."),
        ),
    ),
    filled=_filled,
    submit=report_fault,
    case=FAULTS,
    begins=_begin,
    done=_("The fault was reported. The supplier has been told and answers here."),
    back=_back,
    check="aftercare/fault_check.html",
    button=_("Report the fault"),
    context=_fault_context,
    lead="aftercare/lead.html",
    about=_about,
    queued=True,
).declare()
HARMING: Final = DraftForm(
    code=HARM_FORM,
    version=FORM_VERSION,
    title=_("Report of harm"),
    app="aftercare",
    prefix="harm-",
    desks=_DESKS,
    steps=(
        Step(
            "what",
            lambda _filled: _("How did it harm you?"),
            lambda _filled, data, typed: HarmForm(data, initial=typed),
            intro=lambda _filled: _(
                "Stop using it now. If you feel ill, go to a doctor. We put goods like it on hold and warn "
                "everybody who has them; nobody sees your name."
            ),
        ),
    ),
    filled=_filled,
    submit=report_harm,
    case=HARMS,
    begins=_begin,
    done=_("The harm was reported. The regional department checks the goods; others are warned."),
    back=_back,
    check="aftercare/harm_check.html",
    button=_("Report the harm"),
    context=_harm_context,
    lead="aftercare/lead.html",
    about=_about,
    queued=True,
).declare()
