"""The form by which a person, or an officer at the counter, orders a part of a thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.aftercare.queries import item_for
from tirek.catalogue.units import units_text
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound
from tirek.core.keys import key_of, read_key
from tirek.orders import items
from tirek.orders.models import Item
from tirek.parts import queries
from tirek.parts.actions import ask_for_part
from tirek.parts.case_types import PART_ORDERS
from tirek.parts.forms import ASK_FORM, FORM_VERSION, MOST_PIECES, AskForm
from tirek.parts.models import Part
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.fields import read_whole


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is being filled in, with the thing, the part and who pays today."""

    draft: Draft
    item: Item
    part: Part
    rule: queries.Rule

    @property
    def goods(self) -> str:
        """The thing in words."""
        return items.goods(self.item)

    @property
    def price(self) -> Decimal:
        """Price of one today, tenge."""
        return self.part.current.price if self.part.current else Decimal(0)

    @property
    def units(self) -> str:
        """How many are typed, with the unit; "" for none."""
        quantity = read_whole(self.draft.values().get("quantity", "")) or 0
        return units_text(quantity, "piece") if quantity > 0 else ""

    @property
    def to_pay(self) -> Decimal:
        """What the person pays today for what is typed, tenge."""
        quantity = read_whole(self.draft.values().get("quantity", "")) or 0
        return queries.person_part(self.price, min(quantity, MOST_PIECES), self.rule)


def _filled(actor: Actor, draft: Draft) -> Filled:
    values = draft.values()
    item = queries.thing_for(actor, key_of(values.get("item", "")))
    if item.person_id != draft.subject_id:
        raise NotFound
    part = Part.objects.select_related("current").filter(pk=key_of(values.get("part", ""))).first()
    if part is None:
        raise NotFound
    return Filled(draft, item, part, queries.rule_of(item, part))


def _begin(actor: Actor, sent: Mapping[str, str]) -> tuple[Mapping[str, str], UUID]:
    item = item_for(actor, key_of(sent.get("item", "")))
    part = queries.fitting(item).filter(pk=key_of(sent.get("part", ""))).first()
    if part is None:
        raise NotFound
    return {"item": str(item.pk), "part": str(part.pk)}, item.person_id


def _known(filled: Filled) -> dict[str, Any]:
    """Where the thing itself was brought, as long as that is kept."""
    delivery = filled.item.delivery
    if delivery is None:
        return {"quantity": 1}
    return {"address": delivery.order.address, "phone": delivery.order.phone, "quantity": 1}


def _form(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> AskForm:
    return AskForm(data, initial=_known(filled) | {name: value for name, value in typed.items() if value})


def _back(actor: Actor, filled: Filled) -> str:
    return page_of(actor.desk, filled.item)


def page_of(at: Desk, item: Item) -> str:
    """The page of a thing's parts at a desk."""
    return reverse("parts:of" if at is Desk.RECIPIENT else "parts:of-thing", args=[item.pk])


def find_page(at: Desk, person_id: UUID) -> str:
    """The page on which a thing of a person is found by its number."""
    return reverse("parts:find") if at is Desk.RECIPIENT else reverse("parts:find-of", args=[person_id])


def _about(drafts: Sequence[Draft]) -> dict[UUID, str]:
    named = {one.pk: read_key(one.values().get("part", "")) for one in drafts}
    found = Part.objects.in_bulk([key for key in named.values() if key])
    return {draft: found[key].name for draft, key in named.items() if key in found}


def _context(_request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    return {"to_pay": filled.to_pay}


ASKING: Final = DraftForm(
    code=ASK_FORM,
    version=FORM_VERSION,
    title=_("Order of a part"),
    app="parts",
    prefix="ask-",
    desks=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
    steps=(Step("how", lambda _filled: _("How many, and where to?"), _form),),
    filled=_filled,
    submit=ask_for_part,
    case=PART_ORDERS,
    begins=_begin,
    done=_("The part was ordered. The supplier has been told and answers here."),
    back=_back,
    check="parts/ask_check.html",
    button=_("Order the part"),
    seen=(("amount", lambda filled: str(filled.to_pay)),),
    context=_context,
    lead="parts/lead.html",
    about=_about,
).declare()
