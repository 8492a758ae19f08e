"""Signing a receipt: which text, who signs, with which phone."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.cases import code_of
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.languages import current
from tirek.core.signing import Signature
from tirek.orders import acts
from tirek.orders.actions import SIGN_RECEIPT
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


def _signer_person(actor: Actor, order: Order) -> Person:
    """Who signs: at the recipient's desk the person behind the account; at the counter the person of the order, or a representative."""
    if actor.desk is Desk.RECIPIENT:
        found = Person.objects.select_related("user").filter(pk=actor.person_id).first() if actor.person_id else None
        if found is None:
            raise NotAllowed
        return found
    person = Person.objects.select_related("user").get(pk=order.person_id)
    if person.user is not None and person.user.phone:
        return person
    for one in representatives_of(person):
        if one.representative.user is not None:
            return one.representative
    return person


def signer_of(actor: Actor, order: Order) -> signing.Signer:
    """The signer with the phone that may sign now.

    Raises:
        RuleBroken: the phone on file is too new to sign (reference ``accounts.phone_change_wait``), or there is no account.
    """
    person = _signer_person(actor, order)
    user = person.user
    if user is None:
        raise RuleBroken(_("This person has no account yet."), next_step=_("Let the person sign on paper."), code="no_account")
    if user.phone and not may_sign_with_phone(user, clock.now()):
        raise RuleBroken(
            _("The phone on file was changed less than a day ago and cannot sign yet."),
            next_step=_("Sign tomorrow, or on paper at the office."),
            code="phone_too_new",
        )
    behalf = order.person_id if person.pk != order.person_id else None
    return signing.Signer(user_id=user.pk, phone=user.phone, person_id=person.pk, on_behalf_of=behalf)


def ask_for_code(actor: Actor, order: Order) -> Signature:
    """Send the code that signs the receipt."""
    return signing.request_code(actor, document_of(order), signer_of(actor, order))


def confirm_code(actor: Actor, order: Order, key: UUID, code: str) -> Signature:
    """Check the code for the receipt of this order (outside of any transaction: a wrong try is counted)."""
    return signing.confirm(actor, key, code, purpose=SIGN_RECEIPT, case_type=code_of(Order), case_id=order.pk)


def asked(order: Order, key: str) -> Signature | None:
    """The open request for a code, if it is this order's and still waits."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return Signature.objects.filter(pk=wanted, case_id=order.pk, state=Signature.State.REQUESTED, expires_at__gt=clock.now()).first()


def sign_on_paper(actor: Actor, order: Order) -> Signature:
    """Record at the counter that the person signed the printed text.

    Raises:
        NotAllowed: the officer is the person, or one of the two ever represented the other.
        RuleBroken: the person has no account.
    """
    if is_close_to(actor, order.person_id):
        raise NotAllowed
    person = _signer_person(actor, order)
    if person.user is None:
        raise RuleBroken(_("This person has no account yet."), code="no_account")
    behalf = order.person_id if person.pk != order.person_id else None
    signer = signing.Signer(user_id=person.user.pk, person_id=person.pk, on_behalf_of=behalf)
    return signing.record_paper(actor, document_of(order), signer)
