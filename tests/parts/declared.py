"""What the guards know of parts: pages of three desks, lists, and an order of a part in each stage."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from tests import factories as make
from tests.aftercare.declared import held
from tests.kit.declared import RECIPIENT, SUPPLIER, THE_CLOCK, UNRELATED, Declared, Keys, List, Page, at, by, numbered
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.orders.models import Item
from tirek.parts import actions
from tirek.parts.draft_forms import ASKING
from tirek.parts.models import Part, PartOrder
from tirek.ui.models import SavedFilter

_serial = itertools.count(1)


def given(**changes: Any) -> dict[str, Any]:
    """A valid part as its form gives it."""
    return {
        "article": f"P-{next(_serial)}",
        "sort": "spare",
        "name_kk": "Белдік",
        "name_ru": "Ремень",
        "name_en": "Strap",
        "description_kk": "",
        "description_ru": "",
        "description_en": "",
        "price": Decimal(1500),
        "stock": 10,
        "delivery_days": 7,
        "is_covered": False,
        "sold_from": date(2026, 1, 1),
        "sold_until": None,
    } | changes


def listed(world: make.Shop, **changes: Any) -> Part:
    """A part on the list of the shop's supplier that fits its offer."""
    part = actions.keep_part(actor=world.supplier_actor, part=None, given=given(**changes))
    actions.add_fits(actor=world.supplier_actor, part=part, fits=[f"offer:{world.offer.pk}"])
    return Part.objects.select_related("current").get(pk=part.pk)


def ask_draft(world: make.Shop, item: Item, part: Part, actor: Actor | None = None, **changes: str) -> Draft:
    """A complete order of a part, not sent."""
    values = {"item": str(item.pk), "part": str(part.pk), "quantity": "1", "comment": ""}
    values |= {"address": "Абай көшесі 1", "phone": "+7 701 123 45 67"} | changes
    return ASKING.begin(actor or world.actor, values, subject_id=item.person_id)


def asked(world: make.Shop, *, item: Item | None = None, part: Part | None = None, **changes: str) -> PartOrder:
    """An order of a part that waits for the supplier."""
    draft = ask_draft(world, item or held(world), part or listed(world), **changes)
    return actions.ask_for_part(actor=world.actor, draft_key=draft.pk)


def accepted(world: make.Shop, **more: Any) -> PartOrder:
    """An order of a part that the supplier has promised for today."""
    return actions.accept_part(actor=world.supplier_actor, order=asked(world, **more), ready_on=clock.today())


def sent(world: make.Shop, **more: Any) -> PartOrder:
    """An order of a part that waits for the person's word whether it came."""
    return actions.send_part(actor=world.supplier_actor, order=accepted(world, **more), note="By post.")


def _grow(world: World) -> None:
    # what was received already: a further order would lengthen the lists of others
    mine = Item.objects.filter(person=world.person, ended_on=None, delivery__confirmed_at__isnull=False)
    item = mine.order_by("id").first() or held(world)
    asked(world, item=item)
    accepted(world, item=item)
    sent(world, item=item)
    ask_draft(world, item, listed(world))


def _filter(actor: Actor) -> SavedFilter:
    return SavedFilter.objects.create(user_id=actor.account, desk=actor.desk, list="partorder", name="Mine", query="")


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _list(desk: str) -> dict[str, Page]:
    return {
        f"parts:{desk}-orders": Page(),
        f"parts:{desk}-orders-filters": Page(post=True),
        f"parts:{desk}-orders-filter": Page(keys=by(f"part_orders_filter_of_{desk}")),
        f"parts:{desk}-order": Page(keys=numbered("part_order")),
    }


def _fit(world: World) -> object:
    return world.part.fits.get().pk


DECLARED = Declared(
    makes={
        "part": listed,
        "part_item": held,
        "part_order": asked,
        "part_sent": sent,
        "part_draft": lambda world: ask_draft(world, held(world), listed(world)),
        "part_orders_filter_of_supplier": lambda world: _filter(world.supplier_actor),
        "part_orders_filter_of_officer": lambda world: _filter(world.officer),
    },
    cases={"partorder": lambda world: world.part_order},
    may={
        "partorder": {
            "ask": RECIPIENT | UNRELATED,
            "accept": SUPPLIER,
            "decline": SUPPLIER,
            "lapse": THE_CLOCK,
            "send": SUPPLIER,
            "warn": THE_CLOCK,
            "confirm": RECIPIENT | UNRELATED,
            "not_right": RECIPIENT | UNRELATED,
            "remind": THE_CLOCK,
            "cancel": RECIPIENT | UNRELATED,
        }
    },
    grow=_grow,
    pages={
        "parts:find": Page(),
        "parts:of": Page(keys=by("part_item")),
        "parts:ask-begin": Page(post=True),
        "parts:ask-form": Page(keys=by("part_draft")),
        "parts:ask-step": Page(keys=at(key=lambda world: world.part_draft.pk, step=lambda _world: "how")),
        "parts:ask-submit": Page(keys=by("part_draft"), post=True),
        "parts:ask-take": Page(keys=by("part_draft"), post=True),
        "parts:ask-discard": Page(keys=by("part_draft")),
        "parts:recipient-orders": Page(),
        "parts:recipient-order": Page(keys=numbered("part_order")),
        "parts:recipient-order-act": Page(keys=_act("part_order", "cancel")),
        "parts:supplier-parts": Page(),
        "parts:supplier-part-new": Page(),
        "parts:supplier-find": Page(),
        "parts:supplier-parts-book": Page(),
        "parts:supplier-parts-file": Page(),
        "parts:supplier-part": Page(keys=by("part")),
        "parts:supplier-part-edit": Page(keys=by("part")),
        "parts:supplier-part-fits": Page(keys=by("part")),
        "parts:supplier-part-fit-off": Page(keys=at(key=lambda world: world.part.pk, fit=_fit), post=True),
        "parts:supplier-tasks": Page(),
        **_list("supplier"),
        "parts:supplier-order-act": Page(keys=_act("part_order", "accept")),
        "parts:find-of": Page(keys=at(person_key=lambda world: world.person.pk)),
        "parts:of-thing": Page(keys=by("part_item")),
        **_list("officer"),
        "parts:officer-order-act": Page(keys=_act("part_order", "cancel")),
    },
    lists=(
        List("recipient's orders of parts", Desk.RECIPIENT, "/part-orders"),
        List("parts of a thing", Desk.RECIPIENT, lambda world: f"/my-things/{world.part_item.pk}/parts"),
        List("supplier's parts", Desk.SUPPLIER, "/supply/parts"),
        List("supplier's orders of parts", Desk.SUPPLIER, "/supply/part-orders"),
        List("supplier's parts to bring", Desk.SUPPLIER, "/supply/parts-waiting"),
        List("officer's orders of parts", Desk.OFFICER, "/office/part-orders?state=asked&sort=deadline"),
        List(
            "parts of a thing at the counter", Desk.OFFICER, lambda world: f"/office/thing/{world.part_item.pk}/parts"
        ),
    ),
    big=frozenset({"parts_partorder"}),
    small=frozenset({"parts_part", "parts_partprice", "parts_partfit"}),
)
