"""Hand-over, receipt and refusal of what was bought."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken, StaleState
from tirek.entitlements.actions import ledger
from tirek.orders import items
from tirek.orders import numbers as numbering
from tirek.orders.actions import keeping
from tirek.orders.fittings import require_words
from tirek.orders.models import Item, Make
from tirek.procurement import queries
from tirek.procurement.actions.telling import tell, tell_department, tell_district
from tirek.procurement.models import Purchase
from tirek.procurement.workflow import PURCHASE

SIGN_RECEIPT: Final = "purchase.receipt"


def _make_of(purchase: Purchase, maker: str, model: str) -> Make | None:
    """Maker and model of what is handed over; ``None`` where the kind has no numbers and nobody named them.

    Raises:
        RuleBroken: the goods have numbers, and their maker is not named: a recall could not find them.
    """
    if not maker.strip():
        if items.numbering(purchase.kind_id, at=clock.today()) != numbering.NONE:
            raise RuleBroken(
                _("Name the maker of the goods."),
                next_step=_("It is printed on the goods or on the package."),
                code="maker",
            )
        return None
    return keeping.make_of(purchase.kind_id, maker, model)


@PURCHASE.action("hand_over")
def hand_over(
    *,
    actor: Actor,
    purchase: Purchase,
    numbers: str = "",
    maker: str = "",
    model: str = "",
    warranty_months: int | None = None,
    note: str = "",
    is_shown: bool = True,
) -> Purchase:
    """What was bought is with the person: an officer records it on behalf of the supplier, and the person signs.

    Args:
        actor: an officer.
        purchase: the purchase.
        numbers: serial or batch numbers, as they are typed for an order.
        maker: of the goods; "": as the contract names it.
        model: likewise.
        warranty_months: from the receipt on; ``None``: as the contract says.
        note: what was agreed or shown; the person reads it.
        is_shown: the person was shown how to use it.

    Raises:
        RuleBroken: ``not_fitted``: a fitting is needed first; ``numbers``: what is typed is none, or is kept back;
            ``maker``: nobody named the maker of goods that have numbers; ``is_shown``: the person was not shown how to
            use what was fitted.
    """
    if purchase.needs_fitting and purchase.state == Purchase.State.CONTRACTED:
        raise RuleBroken(
            _("This kind is fitted before it is handed over."),
            next_step=_("Name times of the fitting first, and record that it was held."),
            code="not_fitted",
        )
    if purchase.needs_fitting and not is_shown:
        raise RuleBroken(
            _("What was made to measure is handed over when the recipient was shown how to use it."), code="is_shown"
        )
    lot = purchase.lot
    if lot is None:
        raise StaleState(state=purchase.state)
    make = _make_of(purchase, maker or lot.maker, model or ("" if maker else lot.model))
    source = queries.source_of(purchase, lot, make, lot.warranty_months if warranty_months is None else warranty_months)
    told = keeping.told_numbers(purchase.kind_id, numbers, purchase.quantity, by_office=False)
    keeping.keep_items(source, told, keeping.may_be_handed_over(source, told))
    purchase.handed_over_at, purchase.handed_over_by = clock.now(), actor.user_id
    perform(
        purchase,
        data={"quantity": purchase.quantity, "numbers": [one.number for one in told if one.number]},
        note=note.strip(),
        changed=["handed_over_at", "handed_over_by"],
    )
    tell(purchase, "purchase.handed_over")
    return purchase


def _came(purchase: Purchase) -> QuerySet[Item]:
    """What the person has of a purchase."""
    return Item.objects.filter(case_id=purchase.pk, ended_on__isnull=True)


def require_other_officer(actor: Actor, purchase: Purchase) -> None:
    """Whether this officer may record that the person signed the receipt on paper.

    Raises:
        RuleBroken: the officer recorded the hand-over.
    """
    if actor.desk is Desk.OFFICER and actor.user_id == purchase.handed_over_by:
        raise RuleBroken(
            _("Another officer records the paper signature: you recorded the hand-over yourself."),
            next_step=_("Ask a colleague, or let the person sign with a code."),
            code="two_persons",
        )


@PURCHASE.action("receive")
def receive(*, actor: Actor, purchase: Purchase, signature_id: UUID) -> Purchase:
    """The person confirms the receipt by a signature: the entitlement is consumed, and the replacement term starts.

    Raises:
        RuleBroken: not signed; signed before these goods came; or the officer at the counter recorded the hand-over.
    """
    signature = signing.signed(signature_id, purpose=SIGN_RECEIPT, case_id=purchase.pk)
    if purchase.handed_over_at is None or purchase.hold_id is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    if signature.created_at < purchase.handed_over_at:
        raise RuleBroken(
            _("This signature is for goods that were handed over before."),
            next_step=_("Sign the receipt of these goods."),
            code="not_signed",
        )
    if signature.strength == signing.Signature.Strength.PAPER:
        require_other_officer(actor, purchase)
    purchase.signature_id, purchase.office_task = signature.pk, ""
    perform(purchase, data={"signature": signature.pk}, changed=["signature_id", "office_task"])
    ledger.consume(
        case_id=purchase.hold_id, line_id=purchase.line_id, quantity=purchase.quantity, part=1, on=clock.today()
    )
    keeping.begin_warranty(_came(purchase))
    tell(purchase, "purchase.received")
    return purchase


@PURCHASE.action("refuse")
def refuse(*, actor: Actor, purchase: Purchase, words: str) -> Purchase:
    """The person does not take it, with the reason: it is made to fit, or made anew; nothing is lost.

    Raises:
        RuleBroken: nothing is written.
    """
    said = require_words(words)
    purchase.came_back += 1
    keeping.end_items(_came(purchase), Item.Ended.REFUSED)
    purchase.handed_over_at = purchase.handed_over_by = None
    perform(
        purchase,
        data={"times": purchase.came_back},
        note=said,
        changed=["came_back", "handed_over_at", "handed_over_by"],
    )
    tell_district(purchase, "purchase.refused_for_office")
    tell_department(purchase, "purchase.refused_for_region")
    if actor.desk is Desk.OFFICER:
        tell(purchase, "purchase.refused_at_office")
    return purchase


@PURCHASE.action("warn_late")
def warn_late(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The last day of delivery by the contract has passed: the person and the region are told."""
    perform(purchase)
    tell(purchase, "purchase.delivery_late")
    tell_department(purchase, "purchase.delivery_late_for_region")
    return purchase


@PURCHASE.action("remind_receipt")
def remind_of_receipt(*, actor: Actor, purchase: Purchase) -> Purchase:
    """The person has neither signed nor refused: person and office are reminded."""
    perform(purchase)
    tell(purchase, "purchase.receipt_reminder")
    tell_district(purchase, "purchase.receipt_late_for_office")
    return purchase
