"""The public offer is accepted: with an application, or anew when there is a new version."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.suppliers.actions import What, record
from tirek.suppliers.models import Agreement, PublicOffer, Supplier
from tirek.suppliers.queries import current_offer

SIGN_AGAIN: Final = "supplier.offer"


def agree(supplier: Supplier, offer: PublicOffer, *, signature_id: UUID, actor: Actor) -> Agreement:
    """Write down which version was accepted, once."""
    known = Agreement.objects.filter(supplier=supplier, offer=offer).first()
    if known is not None:
        return known
    made = Agreement.objects.create(supplier=supplier, offer=offer, signature_id=signature_id, signed_by=actor.account)
    record(supplier, What.ACCEPTED, actor, basis=f"№ {offer.version}")
    return made


def accept_again(*, actor: Actor, supplier: Supplier, signature_id: UUID) -> Agreement:
    """A supplier has signed the present public offer.

    Raises:
        NotAllowed: the actor does not act for this supplier.
        RuleBroken: not signed, or signed under an earlier one.
    """
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id != supplier.organisation_id:
        raise NotAllowed
    signature = signing.signed(signature_id, purpose=SIGN_AGAIN, case_id=supplier.pk)
    offer = current_offer(clock.today())
    if signature.text_version != offer.version:
        raise RuleBroken(
            _("The public offer has changed since you read it."),
            next_step=_("Read the new words and sign them."),
            code="offer_changed",
        )
    try:
        with transaction.atomic():
            return agree(supplier, offer, signature_id=signature.pk, actor=actor)
    except IntegrityError:
        # a colleague was quicker
        return Agreement.objects.get(supplier=supplier, offer=offer)


def ask_to_accept(key: UUID, offer: PublicOffer) -> bool:
    """A supplier is told once of a version that it has not accepted; returns whether it was told."""
    with locks.bounded(), transaction.atomic():
        supplier = locks.lock_rows(Supplier, [key])[key]
        if supplier.asked_offer == offer.version:
            return False
        supplier.asked_offer = offer.version
        supplier.save(update_fields=["asked_offer"])
        if Agreement.objects.filter(supplier=supplier, offer=offer).exists():
            return False
        facts = {"version": offer.version}
        if offer.accept_by is None:
            tell_staff(supplier.organisation_id, "supplier.offer", roles=SUPPLIERS, case=supplier, **facts)
        else:
            tell_staff(
                supplier.organisation_id,
                "supplier.offer_by",
                roles=SUPPLIERS,
                case=supplier,
                last_day=offer.accept_by,
                **facts,
            )
    return True
