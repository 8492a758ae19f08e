"""Reads of the register of suppliers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from tirek.accounts.models import User
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed
from tirek.organisations.models import Organisation
from tirek.suppliers import rules
from tirek.suppliers.models import BankAccount, Supplier


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


def account_of(supplier_id: UUID) -> BankAccount | None:
    """The bank details by which a supplier is paid now (one query); ``None`` where there are none."""
    return BankAccount.objects.filter(supplier=supplier_id).order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Entered:
    """Bank details, and who entered them, in words."""

    account: BankAccount
    who: str


def accounts_until_now(supplier: Supplier) -> list[Entered]:
    """All bank details of a supplier, newest first; 50 at most (two queries)."""
    rows = list(BankAccount.objects.filter(supplier=supplier).order_by("-id")[:50])
    people = User.objects.in_bulk({one.actor_id for one in rows if one.actor_id})
    names = {key: user.name or user.email for key, user in people.items()}
    return [
        Entered(one, ", ".join(filter(None, (names.get(one.actor_id, ""), str(Desk(one.desk).label))))) for one in rows
    ]


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
