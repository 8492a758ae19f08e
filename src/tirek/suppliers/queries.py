"""Reads of the register of suppliers."""

from datetime import date

from django.db.models import Q, QuerySet

from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed
from tirek.organisations.models import Organisation
from tirek.suppliers import rules
from tirek.suppliers.models import Supplier


def supplier_of(actor: Actor) -> Supplier:
    """The register entry the actor acts for at the supplier's desk.

    Raises:
        NotAllowed: the actor does not act for a registered supplier.
    """
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id is None:
        raise NotAllowed
    found = Supplier.objects.select_related("organisation").filter(organisation_id=actor.organisation_id).first()
    if found is None:
        raise NotAllowed
    return found


def entry_of(organisation: Organisation) -> Supplier | None:
    """The entry of an organisation in the register (one query); ``None`` where it has none."""
    return Supplier.objects.filter(organisation=organisation).first()


def taking_orders(on: date) -> QuerySet[Supplier]:
    """Suppliers that may take new orders on a day."""
    open_end = Q(suspended_since__isnull=True) | Q(suspended_since__gt=on)
    return Supplier.objects.filter(open_end, Q(removed_on__isnull=True) | Q(removed_on__gt=on), registered_on__lte=on)


def may_take_orders(supplier: Supplier, on: date) -> bool:
    """Whether this supplier may take new orders on a day."""
    return rules.may_take_orders(
        registered_on=supplier.registered_on,
        suspended_since=supplier.suspended_since,
        removed_on=supplier.removed_on,
        on=on,
    )
