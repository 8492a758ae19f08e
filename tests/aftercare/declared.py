"""What the guards know of what comes after the receipt: pages of three desks, lists, and a case of each sort."""

from tests import factories as make
from tests.kit.declared import (
    OFFICE,
    RECIPIENT,
    SUPPLIER,
    THE_CLOCK,
    UNRELATED,
    Declared,
    Keys,
    List,
    Page,
    at,
    by,
    numbered,
)
from tests.kit.world import World

from tirek.aftercare import actions
from tirek.aftercare.draft_forms import HARMING, REPORTING
from tirek.aftercare.models import Fault, Harm
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.orders import actions as ordering
from tirek.orders.models import Batch, Item
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.ui.models import SavedFilter


def held(world: make.Shop, numbers: str = "L-204", quantity: int = 3) -> Item:
    """Goods of a batch that the person of the shop has received."""
    order = ordering.accept_order(actor=world.supplier_actor, order=world.order(quantity), ready_on=clock.today())
    order = ordering.hand_over(
        actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order), numbers=numbers
    )
    officer = make.officer(world.place)
    ordering.confirm_receipt(actor=officer, order=order, signature_id=RECEIPT.on_paper(officer, order).pk)
    return Item.objects.get(delivery__order=order)


def fault_draft(world: make.Shop, item: Item, actor: Actor | None = None, **changes: str) -> Draft:
    """A complete report of a fault, not sent."""
    values = {"item": str(item.pk), "wrong": "broken", "words": "It is torn.", "place": ""} | changes
    return REPORTING.begin(actor or world.actor, values, subject_id=item.person_id)


def harm_draft(world: make.Shop, item: Item, actor: Actor | None = None, **changes: str) -> Draft:
    """A complete report of harm, not sent."""
    values = {"item": str(item.pk), "what": "itch", "words": "It itched after an hour."} | changes
    return HARMING.begin(actor or world.actor, values, subject_id=item.person_id)


def reported(world: make.Shop) -> Fault:
    """A fault that waits for the supplier."""
    draft = fault_draft(world, held(world))
    return actions.report_fault(actor=world.actor, draft_key=draft.pk)


def handed_back(world: make.Shop) -> Fault:
    """A fault that waits for the person's word whether it works."""
    fault = actions.promise(actor=world.supplier_actor, fault=reported(world), way="repair", ready_on=clock.today())
    return actions.hand_back(actor=world.supplier_actor, fault=fault, note="A new strap.")


def declined(world: make.Shop) -> Fault:
    """A fault that the supplier does not repair."""
    return actions.decline_fault(
        actor=world.supplier_actor, fault=reported(world), reason="no_fault", words="It works here."
    )


def with_region(world: make.Shop) -> Fault:
    """A fault about which the region decides."""
    return actions.go_to_region(actor=world.actor, fault=declined(world), words="It is broken all the same.")


def checking(world: make.Shop) -> Harm:
    """Harm that the region checks, of a batch of its own."""
    item = held(world, f"H-{Harm.objects.count()}")
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, item).pk)
    # of a maker of its own: other goods of the shop are handed over without a batch number meanwhile
    Batch.objects.filter(pk=harm.batch_id).update(maker="another")
    return harm


def recalled(world: make.Shop) -> Harm:
    """A recall that goes on."""
    return actions.recall_batch(actor=region_of(world), harm=checking(world), reasons="Found in the sample.")


def region_of(world: make.Shop) -> Actor:
    """An officer of the region of the shop."""
    return make.officer(make.district(f"{world.place.code[:2]}0000000"))


def bought(world: make.Shop) -> Fault:
    """A fault of what the local body bought: its officers pass it on."""
    fault = reported(world)
    Fault.objects.filter(pk=fault.pk).update(organisation=None)
    return fault


def _grow(world: World) -> None:
    handed_back(world)
    bought(world)
    reported(world)
    with_region(world)
    checking(world)
    recalled(world)
    fault_draft(world, held(world))


def _filter(actor: Actor, name: str) -> SavedFilter:
    return SavedFilter.objects.create(user_id=actor.account, desk=actor.desk, list=name, name="Mine", query="")


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _form(prefix: str, draft: str) -> dict[str, Page]:
    return {
        f"aftercare:{prefix}-begin": Page(post=True),
        f"aftercare:{prefix}-form": Page(keys=by(draft)),
        f"aftercare:{prefix}-step": Page(
            keys=at(key=lambda world: getattr(world, draft).pk, step=lambda _world: "what")
        ),
        f"aftercare:{prefix}-submit": Page(keys=by(draft), post=True),
        f"aftercare:{prefix}-take": Page(keys=by(draft), post=True),
        f"aftercare:{prefix}-discard": Page(keys=by(draft)),
    }


def _list(desk: str, name: str) -> dict[str, Page]:
    return {
        f"aftercare:{desk}-{name}s": Page(),
        f"aftercare:{desk}-{name}s-filters": Page(post=True),
        f"aftercare:{desk}-{name}s-filter": Page(keys=by(f"{name}s_filter_of_{desk}")),
        f"aftercare:{desk}-{name}": Page(keys=numbered(name)),
    }


DECLARED = Declared(
    makes={
        "item": held,
        "fault": reported,
        "fault_back": handed_back,
        "fault_declined": declined,
        "harm": checking,
        "recall": recalled,
        "fault_draft": lambda world: fault_draft(world, held(world)),
        "harm_draft": lambda world: harm_draft(world, held(world)),
        "faults_filter_of_supplier": lambda world: _filter(world.supplier_actor, "fault"),
        "faults_filter_of_officer": lambda world: _filter(world.officer, "fault"),
        "harms_filter_of_supplier": lambda world: _filter(world.supplier_actor, "harm"),
        "harms_filter_of_officer": lambda world: _filter(world.officer, "harm"),
    },
    cases={"fault": lambda world: world.fault, "harm": lambda world: world.harm},
    may={
        "fault": {
            "report": RECIPIENT | OFFICE,
            "promise": SUPPLIER,
            "name_price": SUPPLIER,
            "decline": SUPPLIER,
            "accept_price": RECIPIENT | UNRELATED,
            "go_to_region": RECIPIENT | UNRELATED,
            "lapse": THE_CLOCK,
            "decide": frozenset({"officer of the region"}),
            "remind_region": THE_CLOCK,
            "take_in": SUPPLIER,
            "hand_back": SUPPLIER,
            "warn": THE_CLOCK,
            "confirm": RECIPIENT | UNRELATED,
            "not_mended": RECIPIENT | UNRELATED,
            "remind": THE_CLOCK,
            "withdraw": RECIPIENT | UNRELATED,
        },
        "harm": {
            "report": RECIPIENT | OFFICE | THE_CLOCK,
            "clear": frozenset({"officer of the region"}),
            "recall": frozenset({"officer of the region"}),
            "bring_back": SUPPLIER | {"officer of the region"},
            "close": frozenset({"officer of the region"}),
            "narrow": frozenset({"officer of the region"}),
            "remind": THE_CLOCK,
        },
    },
    grow=_grow,
    pages={
        "aftercare:things": Page(),
        "aftercare:officer-tasks": Page(),
        "aftercare:bought-tasks": Page(),
        "aftercare:supplier-tasks": Page(),
        "aftercare:things-of": Page(keys=at(person_key=lambda world: world.person.pk)),
        **_form("fault", "fault_draft"),
        **_form("harm", "harm_draft"),
        "aftercare:recipient-faults": Page(),
        "aftercare:recipient-fault": Page(keys=numbered("fault")),
        "aftercare:recipient-fault-act": Page(keys=_act("fault", "withdraw")),
        "aftercare:recipient-harm": Page(keys=numbered("harm")),
        **_list("supplier", "fault"),
        "aftercare:supplier-fault-act": Page(keys=_act("fault", "promise")),
        **_list("officer", "fault"),
        "aftercare:officer-fault-act": Page(keys=_act("fault", "withdraw")),
        **_list("supplier", "harm"),
        "aftercare:supplier-harm-out": Page(keys=numbered("recall")),
        "aftercare:officer-harm-out": Page(keys=numbered("recall")),
        "aftercare:supplier-harm-act": Page(keys=_act("recall", "bring_back")),
        **_list("officer", "harm"),
        "aftercare:officer-harm-act": Page(keys=_act("recall", "close")),
    },
    lists=(
        List("recipient's things", Desk.RECIPIENT, "/my-things"),
        List("recipient's faults", Desk.RECIPIENT, "/faults"),
        List("supplier's faults", Desk.SUPPLIER, "/supply/faults"),
        List("supplier's harm", Desk.SUPPLIER, "/supply/harm"),
        List("officer's faults", Desk.OFFICER, "/office/faults?state=reported&sort=deadline"),
        List("officer's harm", Desk.OFFICER, "/office/harm"),
        List("officer's faults and harm to decide", Desk.OFFICER, "/office/faults-waiting"),
        List("officer's faults of what was bought", Desk.OFFICER, "/office/bought-faults-waiting"),
        List("supplier's faults to mend", Desk.SUPPLIER, "/supply/faults-waiting"),
        List("things of a person", Desk.OFFICER, lambda world: f"/office/things/{world.person.pk}"),
    ),
    big=frozenset({"aftercare_fault", "aftercare_harm"}),
    small=frozenset({"aftercare_telling"}),
)
