"""The lists of orders of parts, and the page of one with what can be done there."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.orders import items
from tirek.parts import actions, queries
from tirek.parts.case_types import PART_ORDERS
from tirek.parts.forms import AcceptForm, DeclineForm, NoteForm, NotRightForm
from tirek.parts.models import PartOrder
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column, OwnList
from tirek.ui.text import day_text
from tirek.ui.ways import way

LIST: Final = CaseList(
    case=PART_ORDERS,
    routes="parts:orders",
    title={Desk.SUPPLIER: _("Orders of parts"), Desk.OFFICER: _("Orders of parts in your territory")},
    counted=lambda n: ngettext("%(n)s order of a part", "%(n)s orders of parts", n) % {"n": n},
    columns=(
        Column(_("Recipient"), lambda case: case.person.full_name, desks=frozenset({Desk.OFFICER}), names_person=True),
        Column(_("Spare part"), lambda case: case.part.name),
        Column(_("Goods"), lambda case: items.goods(case.item)),
        Column(_("Supplier"), lambda case: case.organisation.name, desks=frozenset({Desk.OFFICER})),
        Column(_("Ordered on"), lambda case: day_text(case.created_at.date())),
    ),
    series=actions.NUMBERS,
)
OWN: Final = OwnList(
    case=PART_ORDERS,
    title=_("Your orders of parts"),
    route="parts:recipient-orders",
    card=lambda case: case.part.name,
    empty=(
        _("No parts ordered"),
        _("When something that you got needs a spare part or an accessory, order it from the list of your things."),
        _("See your things"),
    ),
    leads_to="aftercare:things",
    back="aftercare:things",
)


def _facts(actor: Actor, order: PartOrder) -> Mapping[str, object]:
    del actor
    return {"goods": items.goods(order.item), "number_words": items.number_words(order.item)}


_CONFIRM: Final = Act(
    "confirm",
    _("It came"),
    _("It came"),
    _("Thank you. The order of the part is complete."),
    actions.confirm_part,
    main=True,
)
_NOT_RIGHT: Final = Act(
    "not_right",
    _("It is the wrong one, or nothing came"),
    _("Tell the supplier"),
    _("The supplier has been told and brings the right one."),
    actions.not_right,
    NotRightForm,
    fields={"words": "words"},
)
_CANCEL: Final = Act(
    "cancel",
    _("Cancel the order of the part"),
    _("Cancel the order of the part"),
    _("Cancelled. The part can be ordered again."),
    actions.cancel_part,
    ask=Ask(
        _("Cancel the order of the part?"), _("We tell the supplier to send nothing. You can order it again later.")
    ),
)
_FOR_PERSON: Final = (_CONFIRM, _NOT_RIGHT, _CANCEL)
PAGES: Final = CasePages(
    case=PART_ORDERS,
    app="parts",
    name="order",
    heading=lambda order, _desk: order.part.name,
    noun=lambda order: _("Order of a part %(number)s") % {"number": order.number},
    facts="parts/order_facts.html",
    facts_title=_("Order of a part"),
    acts={
        Desk.RECIPIENT: _FOR_PERSON,
        Desk.SUPPLIER: (
            Act(
                "accept",
                _("Accept it"),
                _("Promise the day"),
                _("Promised. The recipient has been told."),
                actions.accept_part,
                AcceptForm,
                fields={"ready_on": "ready_on"},
                main=True,
                knows=lambda order: {"last": actions.last_promise(order)},
            ),
            Act(
                "decline",
                _("Decline"),
                _("Decline"),
                _("Declined. The recipient has been told."),
                actions.decline_part,
                DeclineForm,
                fields={"reason": "reason", "instead": "instead"},
                warns=True,
                knows=lambda order: {"others": queries.others_of(order)},
            ),
            Act(
                "send",
                _("Send it or hand it over"),
                _("It is on its way or handed over"),
                _("Recorded. The recipient is asked whether it came."),
                actions.send_part,
                NoteForm,
                main=True,
            ),
        ),
        Desk.OFFICER: _FOR_PERSON,
    },
    context=dict.fromkeys((Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER), _facts),
    lists={Desk.SUPPLIER: LIST, Desk.OFFICER: LIST},
    back=lambda _actor, _order: way("my-things"),
)
