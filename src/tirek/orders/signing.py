"""What is signed of orders: the receipt of goods, and at the counter the order itself. Which words, who signs, what
follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import told_total
from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.languages import current
from tirek.orders import actions, acts
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import last_delivery
from tirek.people.signing import signers
from tirek.ui.signing import SigningPage

#: Drafts are no cases; what is signed on one is found under this type.
DRAFT: Final = "draft"


def delivered(order: Order) -> Delivery:
    """The delivery whose receipt is signed.

    Raises:
        RuleBroken: nothing has been handed over.
    """
    delivery = last_delivery(order)
    if delivery is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    return delivery


def _paid_for(order: Order) -> Decimal:
    """What the person pays for what was handed over last, tenge."""
    part = delivered(order).person_part
    return order.person_part if part is None else part


def receipt_document(order: Order) -> signing.Document:
    """The text of the receipt in the reader's language: shown and signed as it is."""
    return signing.Document(
        purpose=actions.SIGN_RECEIPT,
        case_type=ORDERS.code,
        case_id=order.pk,
        text=acts.receipt_text(order, delivered(order)),
        version=acts.TEXT_VERSION,
        language=current(),
        named=_("receipt of the goods of order %(number)s. %(price)s")
        % {"number": order.number, "price": told_total(_paid_for(order))},
    )


def order_document(draft: Draft, final: Mapping[str, str]) -> signing.Document:
    """What the person of a complete draft agrees to at the counter, in the reader's language.

    Raises:
        RuleBroken: something is missing; ``code`` names the step.
    """
    text, person_part = actions.words_to_agree_to(draft, final)
    return signing.Document(
        purpose=actions.SIGN_ORDER,
        case_type=DRAFT,
        case_id=draft.pk,
        text=text,
        version=acts.ORDER_TEXT_VERSION,
        language=current(),
        named=_("a new order. %(price)s") % {"price": told_total(person_part)},
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Drafts of orders of one person that are sent together.

    Attributes:
        person: whom they are about.
        drafts: at least one.
        finals: what is agreed to with the words of the page, by draft.
    """

    person: UUID
    drafts: Sequence[Draft]
    finals: Mapping[UUID, Mapping[str, str]]


def together_document(chosen: Chosen) -> signing.Document:
    """What the person of several complete drafts agrees to at the counter, in the reader's language.

    Raises:
        OneRefused: something is missing in one of them.
    """
    text, person_part = actions.words_to_agree_to_together(chosen.drafts, chosen.finals)
    return signing.Document(
        purpose=actions.SIGN_TOGETHER,
        case_type=DRAFT,
        case_id=actions.key_of(chosen.finals),
        text=text,
        version=acts.ORDER_TEXT_VERSION,
        language=current(),
        named=_("%(n)s new orders. %(price)s") % {"n": len(chosen.drafts), "price": told_total(person_part)},
    )


def _confirm(actor: Actor, order: Order, key: UUID) -> None:
    actions.confirm_receipt(actor=actor, order=order, signature_id=key)


def _second_officer(actor: Actor, order: Order) -> None:
    actions.require_second_officer(actor, order, delivered(order))


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.COUNTRY_ZONE).date()


RECEIPT: Final = SigningPage(
    title=_("Confirm the receipt"),
    lead=_("Look at the goods first. You sign exactly these words:"),
    lead_at_counter=_("Only with the recipient present, who signs exactly these words:"),
    button=_("Sign"),
    paper_button=_("Record the signature on paper"),
    document=lambda _actor, order: receipt_document(order),
    signers=signers(lambda order: order.person_id),
    then=_confirm,
    done=_("Thank you. The receipt is confirmed."),
    done_on_paper=_("The receipt is confirmed by a signature on paper. Keep the signed sheet in the file."),
    second_officer=_second_officer,
    since=lambda order: _day(delivered(order).handed_over_at),
)


def _subject(draft: Draft) -> UUID:
    if draft.subject_id is None:
        raise NotFound
    return draft.subject_id


def _agree(_actor: Actor, _what: object, _key: UUID) -> None:
    """The form's own submit follows."""


AGREEMENT: Final = SigningPage(
    title=_("The person agrees"),
    lead=_("You agree to exactly these words:"),
    lead_at_counter=_("The person agrees to exactly these words"),
    button=_("Send the order"),
    paper_button=_("Record the signature and send the order"),
    document=lambda _actor, what: order_document(what[0], what[1]),
    signers=signers(lambda what: _subject(what[0])),
    then=_agree,
    since=lambda what: _day(what[0].created_at),
    done=_("The order was sent."),
    done_on_paper=_("The order was sent."),
    queued=True,
)


TOGETHER: Final = SigningPage(
    title=_("The person agrees"),
    lead=_("You agree to exactly these words:"),
    lead_at_counter=_("The person agrees to exactly these words"),
    button=_("Send the orders"),
    paper_button=_("Record the signature and send the orders"),
    document=lambda _actor, chosen: together_document(chosen),
    signers=signers(lambda chosen: chosen.person),
    then=_agree,
    since=lambda chosen: max(_day(one.created_at) for one in chosen.drafts),
    done=_("The orders were sent."),
    done_on_paper=_("The orders were sent."),
    queued=True,
)
