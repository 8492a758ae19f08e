"""What is signed of purchases: the receipt of what was bought."""

from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.units import units_text
from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.languages import current
from tirek.orders import items
from tirek.people.signing import signers
from tirek.procurement import actions
from tirek.procurement.case_types import PURCHASES
from tirek.procurement.models import Purchase
from tirek.ui.signing import SigningPage
from tirek.ui.text import moment_text

TEXT_VERSION: Final = "3"


def receipt_document(purchase: Purchase) -> signing.Document:
    """The text of the receipt in the reader's language: shown and signed as it is.

    Raises:
        RuleBroken: nothing has been handed over.
    """
    if purchase.handed_over_at is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    came = items.of_case(purchase.pk)
    numbers = [one.number for one in came if one.number]
    makes = sorted({", ".join(part for part in (one.make.maker, one.make.model) if part) for one in came if one.make})
    lines = [
        _now("CONFIRMATION OF RECEIPT"),
        _now("Purchase %(number)s") % {"number": purchase.number},
        _now("Recipient: %(name)s") % {"name": purchase.person.full_name},
        _now("Goods: %(goods)s, quantity: %(quantity)s")
        % {"goods": purchase.kind.name, "quantity": units_text(purchase.quantity, purchase.kind.unit)},
        *([_now("Maker and model: %(make)s") % {"make": "; ".join(makes)}] if makes else []),
        *([_now("Numbers: %(numbers)s") % {"numbers": ", ".join(numbers)}] if numbers else []),
        _now("Handed over: %(moment)s") % {"moment": moment_text(purchase.handed_over_at)},
        _now("I, the recipient or the representative, have received these goods in this quantity, and they fit."),
    ]
    return signing.Document(
        purpose=actions.SIGN_RECEIPT,
        case_type=PURCHASES.code,
        case_id=purchase.pk,
        text="\n".join(lines),
        version=TEXT_VERSION,
        language=current(),
        named=_now("receipt of the goods of purchase %(number)s") % {"number": purchase.number},
    )


def _receive(actor: Actor, purchase: Purchase, key: UUID) -> None:
    actions.receive(actor=actor, purchase=purchase, signature_id=key)


def _handed_over_on(purchase: Purchase) -> date:
    moment = purchase.handed_over_at or clock.now()
    return moment.astimezone(clock.COUNTRY_ZONE).date()


RECEIPT: Final = SigningPage(
    title=_("Sign the receipt"),
    lead=_("Look at the goods first, and try them. You sign exactly these words:"),
    lead_at_counter=_("Only with the recipient present, who signs exactly these words:"),
    button=_("Sign"),
    paper_button=_("Record the signature on paper"),
    document=lambda _actor, purchase: receipt_document(purchase),
    signers=signers(lambda purchase: purchase.person_id),
    then=_receive,
    done=_("Thank you. The receipt is confirmed."),
    done_on_paper=_("The receipt is confirmed by a signature on paper. Keep the signed sheet in the file."),
    second_officer=actions.require_other_officer,
    since=_handed_over_on,
)
