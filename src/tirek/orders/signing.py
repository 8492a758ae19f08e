"""Signing a receipt, and an order that an officer enters: which text, who signs, with which phone."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.cases import code_of
from tirek.core.drafts import Draft
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.languages import current
from tirek.core.signing import Signature
from tirek.orders import acts
from tirek.orders.actions import SIGN_ORDER, SIGN_RECEIPT, words_to_agree_to
from tirek.orders.models import Delivery, Order
from tirek.orders.queries import last_delivery
from tirek.people.models import Person
from tirek.people.queries import is_close_to, representatives_of


def delivered(order: Order) -> Delivery:
    """The delivery whose receipt is signed.

    Raises:
        RuleBroken: nothing has been handed over.
    """
    delivery = last_delivery(order)
    if delivery is None:
        raise RuleBroken(_("Nothing has been handed over yet."), code="no_delivery")
    return delivery


def document_of(order: Order) -> signing.Document:
    """The text of the receipt in the reader's language: shown and signed as it is."""
    return signing.Document(
        purpose=SIGN_RECEIPT,
        case_type=code_of(Order),
        case_id=order.pk,
        text=acts.receipt_text(order, delivered(order)),
        version=acts.TEXT_VERSION,
        language=current(),
    )


def _signer_person(actor: Actor, person_id: UUID) -> Person:
    """Who signs: at the recipient's desk the person behind the account; at the counter the person, or a representative."""
    if actor.desk is Desk.RECIPIENT:
        found = Person.objects.select_related("user").filter(pk=actor.person_id).first() if actor.person_id else None
        if found is None:
            raise NotAllowed
        return found
    person = Person.objects.select_related("user").get(pk=person_id)
    if person.user is not None and person.user.phone:
        return person
    for one in representatives_of(person):
        if one.representative.user is not None:
            return one.representative
    return person


def signer_of(actor: Actor, person_id: UUID) -> signing.Signer:
    """The signer for a person with the phone that may sign now.

    Raises:
        RuleBroken: the phone on file is too new to sign (reference ``accounts.phone_change_wait``), or there is no account.
    """
    person = _signer_person(actor, person_id)
    user = person.user
    if user is None:
        raise RuleBroken(_("This person has no account yet."), next_step=_("Let the person sign on paper."), code="no_account")
    if user.phone and not may_sign_with_phone(user, clock.now()):
        raise RuleBroken(
            _("The phone on file was changed less than a day ago and cannot sign yet."),
            next_step=_("Sign tomorrow, or on paper at the office."),
            code="phone_too_new",
        )
    behalf = person_id if person.pk != person_id else None
    return signing.Signer(user_id=user.pk, phone=user.phone, person_id=person.pk, on_behalf_of=behalf)


def ask_for_code(actor: Actor, order: Order) -> Signature:
    """Send the code that signs the receipt."""
    return signing.request_code(actor, document_of(order), signer_of(actor, order.person_id))


def confirm_code(actor: Actor, order: Order, key: UUID, code: str) -> Signature:
    """Check the code for the receipt of this order (outside of any transaction: a wrong try is counted)."""
    return signing.confirm(actor, key, code, purpose=SIGN_RECEIPT, case_type=code_of(Order), case_id=order.pk)


def asked(case_id: UUID, key: str) -> Signature | None:
    """The open request for a code, if it belongs to this order or draft and still waits."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return Signature.objects.filter(pk=wanted, case_id=case_id, state=Signature.State.REQUESTED, expires_at__gt=clock.now()).first()


def sign_on_paper(actor: Actor, order: Order) -> Signature:
    """Record at the counter that the person signed the printed text.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: the person has no account.
    """
    return signing.record_paper(actor, document_of(order), _signer_on_paper(actor, order.person_id))


def _signer_on_paper(actor: Actor, person_id: UUID) -> signing.Signer:
    if is_close_to(actor, person_id):
        raise NotAllowed
    person = _signer_person(actor, person_id)
    if person.user is None:
        raise RuleBroken(_("This person has no account yet."), code="no_account")
    return signing.Signer(user_id=person.user.pk, person_id=person.pk, on_behalf_of=person_id if person.pk != person_id else None)


#: Drafts are no cases; what is signed on one is found under this type.
DRAFT: Final = "draft"


def _subject(draft: Draft) -> UUID:
    if draft.subject_id is None:
        raise NotFound
    return draft.subject_id


def order_document(draft: Draft, final: Mapping[str, str]) -> signing.Document:
    """What the person of a complete draft agrees to at the counter, in the reader's language.

    Raises:
        RuleBroken: something is missing; ``code`` names the step.
    """
    return signing.Document(
        purpose=SIGN_ORDER,
        case_type=DRAFT,
        case_id=draft.pk,
        text=words_to_agree_to(draft, final),
        version=acts.ORDER_TEXT_VERSION,
        language=current(),
    )


def ask_to_order(actor: Actor, draft: Draft, final: Mapping[str, str]) -> Signature:
    """Send the code by which the person agrees to the order of a draft.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
    """
    if is_close_to(actor, _subject(draft)):
        raise NotAllowed
    return signing.request_code(actor, order_document(draft, final), signer_of(actor, _subject(draft)))


def agree_by_code(actor: Actor, draft: Draft, key: UUID, code: str) -> Signature:
    """Check the code for the order of this draft (outside of any transaction: a wrong try is counted)."""
    return signing.confirm(actor, key, code, purpose=SIGN_ORDER, case_type=DRAFT, case_id=draft.pk)


def agree_on_paper(actor: Actor, draft: Draft, final: Mapping[str, str]) -> Signature:
    """Record at the counter that the person signed the printed order.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: something is missing in the draft; the person has no account.
    """
    return signing.record_paper(actor, order_document(draft, final), _signer_on_paper(actor, _subject(draft)))


def phone_of(actor: Actor, person_id: UUID) -> str:
    """The phone, masked, that a code to a person would go to at the counter; "" when there is none."""
    user = _signer_person(actor, person_id).user
    return user.masked_phone() if user is not None and user.phone else ""


def agreement_of(draft: Draft, text: str) -> Signature | None:
    """A signature by which the person has agreed to exactly this text."""
    return Signature.objects.filter(
        purpose=SIGN_ORDER, case_type=DRAFT, case_id=draft.pk, state=Signature.State.SIGNED, text_hash=signing.digest(text)
    ).first()
