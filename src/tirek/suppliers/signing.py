"""What is signed: the public offer, by an applicant, and anew by a supplier when there is a new version."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.accounts.queries import may_sign_with_phone
from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.languages import current
from tirek.core.signing import Signature
from tirek.people.queries import person_of_user
from tirek.people.signing import signers
from tirek.suppliers.actions.agreements import SIGN_AGAIN, accept_again
from tirek.suppliers.actions.registrations import SIGN_OFFER, accept_offer
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.models import PublicOffer, Registration, Supplier
from tirek.suppliers.queries import current_offer
from tirek.ui.signing import Reader, Signers, SigningPage


def text_of(offer: PublicOffer, *, name: str, number: str, is_individual: bool) -> str:
    """The words that are shown and signed, in the reader's language."""
    head = _now("Public offer of suppliers, version %(version)s") % {"version": offer.version}
    told = _now("Individual entrepreneur: %(name)s") if is_individual else _now("Supplier: %(name)s, BIN %(bin)s")
    return "\n\n".join((head, told % {"name": name, "bin": number}, offer.text))


def _document(purpose: str, case_type: str, case_id: UUID, offer: PublicOffer, text: str) -> signing.Document:
    return signing.Document(
        purpose=purpose,
        case_type=case_type,
        case_id=case_id,
        text=text,
        version=offer.version,
        language=current(),
        named=_("public offer of suppliers, version %(version)s") % {"version": offer.version},
    )


def acceptance_document(registration: Registration) -> signing.Document:
    """The public offer as an applicant signs it."""
    offer = current_offer(clock.today())
    text = text_of(offer, name=registration.name, number=registration.bin, is_individual=registration.is_individual)
    return _document(SIGN_OFFER, REGISTRATIONS.code, registration.pk, offer, text)


def _accept(actor: Actor, registration: Registration, key: UUID) -> None:
    accept_offer(actor=actor, registration=registration, signature_id=key)


ACCEPTANCE: Final = SigningPage(
    title=_("Sign the public offer"),
    lead=_("Read it. You sign exactly these words:"),
    lead_at_counter=_("Read it. You sign exactly these words:"),
    button=_("Sign"),
    paper_button=_("Record the signature on paper"),
    document=lambda _actor, registration: acceptance_document(registration),
    signers=signers(lambda registration: registration.applicant_id),
    then=_accept,
    done=_("Thank you. You are in the register of suppliers."),
    done_on_paper=_("Thank you. You are in the register of suppliers."),
)


@dataclass(frozen=True, slots=True)
class Again:
    """A supplier that accepts a version anew, and the account that signs."""

    supplier: Supplier
    offer: PublicOffer
    user: User


class _BySupplier(SigningPage):
    """Signed by the account of somebody who works for the supplier."""

    def _may_still_sign(self, what: Any, signature: Signature) -> bool:  # noqa: ANN401 - as the page declares it
        return bool(signature.signer_user_id == what.user.pk)


def _signer(_actor: Actor, what: Again, _chosen: UUID | None) -> signing.Signer:
    if not what.user.phone:
        raise RuleBroken(
            _("Your account has no phone to which a code can be sent."),
            next_step=_("Let a colleague sign whose phone is on file, or ask the administrator to enter yours."),
            code="no_phone",
        )
    if not may_sign_with_phone(what.user, clock.now()):
        raise RuleBroken(
            _("The phone on file was changed less than a day ago and cannot sign yet."),
            next_step=_("Sign tomorrow, or let a colleague sign."),
            code="phone_too_new",
        )
    person = person_of_user(what.user.pk)
    return signing.Signer(
        user_id=what.user.pk, phone=what.user.phone, person_id=person.pk if person is not None else None
    )


def _never_on_paper(_actor: Actor, _what: Again, _chosen: UUID | None) -> signing.Signer:
    raise NotAllowed


def _reader(what: Again) -> Reader:
    return Reader(name=what.supplier.organisation.name, iin="", language=current(), how=(), large=False)


def _again_document(_actor: Actor, what: Again) -> signing.Document:
    organisation = what.supplier.organisation
    text = text_of(
        what.offer,
        name=organisation.name,
        number=organisation.bin,
        is_individual=what.supplier.is_individual,
    )
    return _document(SIGN_AGAIN, "supplier", what.supplier.pk, what.offer, text)


def _accept_again(actor: Actor, what: Again, key: UUID) -> None:
    accept_again(actor=actor, supplier=what.supplier, signature_id=key)


AGAIN: Final = _BySupplier(
    title=_("Sign the public offer"),
    lead=_("Read it. You sign exactly these words:"),
    lead_at_counter=_("Read it. You sign exactly these words:"),
    button=_("Sign"),
    paper_button=_("Record the signature on paper"),
    document=_again_document,
    signers=Signers(by_code=_signer, on_paper=_never_on_paper, present=lambda _what: (), reader=_reader),
    then=_accept_again,
    template="suppliers/supplier/sign.html",
    done=_("Thank you. The public offer is accepted."),
    done_on_paper=_("Thank you. The public offer is accepted."),
)
