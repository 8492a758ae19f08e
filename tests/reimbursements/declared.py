"""What the guards know of payments: pages of two desks, lists, and a claim in each stage."""

from typing import Any

from tests import factories as make
from tests.aftercare.declared import held
from tests.kit.declared import SUPPLIER, THE_CLOCK, UNRELATED, Declared, Keys, List, Page, at, by, numbered
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.reimbursements import actions
from tirek.reimbursements.models import Claim
from tirek.ui.models import SavedFilter


def opened(world: make.Shop, quantity: int = 3) -> Claim:
    """A claim that waits for the supplier's invoice."""
    item = held(world, quantity=quantity)
    claim = actions.open_for(item.delivery_id)
    assert claim is not None
    return claim


def submitted(world: make.Shop, claim: Claim | None = None) -> Claim:
    """A claim that waits for the department's check."""
    return actions.submit_claim(
        actor=world.supplier_actor,
        claim=claim or opened(world),
        invoice_number="ESF-7",
        invoice_on=clock.today(),
    )


def checked(world: make.Shop, claim: Claim | None = None) -> Claim:
    """A claim that waits for the payment."""
    return actions.verify_claim(actor=make.officer(world.place), claim=submitted(world, claim))


def sent_back(world: make.Shop, claim: Claim | None = None) -> Claim:
    """A claim that the supplier mends."""
    return actions.send_back(actor=make.officer(world.place), claim=submitted(world, claim), reason="amount")


def paid(world: make.Shop, claim: Claim | None = None) -> Claim:
    """A claim that is paid."""
    return actions.record_payment(
        actor=make.officer(world.place), claim=checked(world, claim), paid_on=clock.today(), payment_number="PO-1"
    )


def _grow(world: World) -> None:
    # of what others have received in this step: further orders would lengthen the lists of others
    actions.open_missing()
    new = Claim.objects.filter(state=Claim.State.TO_SUBMIT, organisation=world.supplier.organisation_id)
    for claim, go_on in zip(new.order_by("-pk")[1:], (submitted, checked, sent_back, paid), strict=False):
        go_on(world, claim)


def _filter(actor: Actor) -> SavedFilter:
    return SavedFilter.objects.create(user_id=actor.account, desk=actor.desk, list="claim", name="Mine", query="")


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _list(desk: str, attribute: str, verb: str) -> dict[str, Page]:
    return {
        f"reimbursements:{desk}-claims": Page(),
        f"reimbursements:{desk}-claims-filters": Page(post=True),
        f"reimbursements:{desk}-claims-filter": Page(keys=by(f"claims_filter_of_{desk}")),
        f"reimbursements:{desk}-claims-bulk": Page(
            keys=at(name=lambda _world: verb),
            query=lambda world: f"case={getattr(world, attribute).number}",
            nobodys=True,
        ),
        f"reimbursements:{desk}-claim": Page(keys=numbered(attribute)),
        f"reimbursements:{desk}-claim-act": Page(keys=_act(attribute, verb)),
        f"reimbursements:{desk}-tasks": Page(),
    }


def _made(world: World, **_more: Any) -> Claim:
    return opened(world)


DECLARED = Declared(
    makes={
        "claim": _made,
        "claim_submitted": submitted,
        "claim_paid": paid,
        "claims_filter_of_supplier": lambda world: _filter(world.supplier_actor),
        "claims_filter_of_officer": lambda world: _filter(world.officer),
    },
    cases={"claim": lambda world: world.claim_paid},
    may={
        "claim": {
            "open": THE_CLOCK,
            "submit": SUPPLIER,
            "remind": THE_CLOCK,
            "verify": UNRELATED,
            "send_back": UNRELATED,
            "pay": UNRELATED,
            "escalate": THE_CLOCK,
            "escalate_payment": THE_CLOCK,
        }
    },
    grow=_grow,
    pages={
        "reimbursements:payments": Page(),
        "reimbursements:payments-file": Page(),
        **_list("supplier", "claim", "submit"),
        **_list("officer", "claim_submitted", "verify"),
    },
    lists=(
        List("supplier's payments", Desk.SUPPLIER, "/supply/payments"),
        List("supplier's payments of a kind", Desk.SUPPLIER, "/supply/payments?kind=GI-01&state=submitted"),
        List("supplier's payments in progress", Desk.SUPPLIER, "/supply/claims?state=to_submit"),
        List("supplier's payments to send", Desk.SUPPLIER, "/supply/payments-waiting"),
        List("officer's payments", Desk.OFFICER, "/office/payments?state=submitted&sort=deadline"),
        List("officer's payments to check", Desk.OFFICER, "/office/payments-waiting"),
    ),
    big=frozenset({"reimbursements_claim"}),
    small=frozenset({"reimbursements_monthsum"}),
)
