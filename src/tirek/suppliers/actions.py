"""Verbs of the register of suppliers."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.organisations.models import Organisation
from tirek.organisations.telling import SUPPLIERS, tell_colleagues
from tirek.suppliers import turns
from tirek.suppliers.models import BankAccount, Supplier
from tirek.suppliers.queries import account_of
from tirek.suppliers.rules import BankDetails


def _keeps_register(actor: Actor) -> None:
    if actor != CLOCK and actor.desk not in {Desk.OFFICER, Desk.ADMIN}:
        raise NotAllowed


def register_supplier(
    *,
    actor: Actor,
    organisation: Organisation,
    registered_on: date,
    conclusion_number: str,
    conclusion_on: date,
    contact_phone: str,
) -> Supplier:
    """Enter an organisation into the register by a conclusion of the commission (Social Code art. 167(2)).

    Raises:
        NotAllowed: the actor keeps no register.
        RuleBroken: the conclusion is later than the registration.
    """
    _keeps_register(actor)
    if conclusion_on > registered_on:
        raise RuleBroken(
            _("A supplier is registered after the conclusion of the commission, not before."), code="registered_on"
        )
    if organisation.kind != Organisation.Kind.SUPPLIER:
        raise RuleBroken(_("This organisation is no supplier."), code="kind")
    if Supplier.objects.filter(organisation=organisation).exists():
        raise RuleBroken(_("This organisation is in the register already."), code="already_entered")
    return Supplier.objects.create(
        organisation=organisation,
        registered_on=registered_on,
        conclusion_number=conclusion_number,
        conclusion_on=conclusion_on,
        contact_phone=contact_phone,
    )


def set_contact_phone(*, actor: Actor, supplier: Supplier, phone: str) -> Supplier:
    """Whom people call who have ordered (E.164).

    Raises:
        NotAllowed: the actor keeps no register.
    """
    _keeps_register(actor)
    supplier.contact_phone = phone
    supplier.save(update_fields=["contact_phone"])
    return supplier


def set_account(*, actor: Actor, supplier: Supplier, details: BankDetails) -> BankAccount:
    """Where people pay their part from now on. Everybody else who acts for the supplier is told, and so is whoever
    waits to pay: a changed account is how fraud works. The same details again change nothing.

    Raises:
        NotAllowed: the actor acts neither for this supplier nor as an administrator.
    """
    is_own = actor.desk is Desk.SUPPLIER and actor.organisation_id == supplier.organisation_id
    if actor != CLOCK and actor.desk is not Desk.ADMIN and not is_own:
        raise NotAllowed
    wanted = {"iban": details.iban.signs, "bank": details.bank, "bic": details.bic, "kbe": details.kbe}
    with transaction.atomic():
        locks.lock_rows(Supplier, [supplier.pk])
        known = account_of(supplier.pk)
        if known is not None and {name: getattr(known, name) for name in wanted} == wanted:
            return known
        made = BankAccount.objects.create(supplier=supplier, **wanted, actor_id=actor.user_id, desk=actor.desk.value)
        template = "supplier.account_entered" if known is None else "supplier.account_changed"
        tell_colleagues(supplier.organisation_id, template, roles=SUPPLIERS, but=actor.user_id, tail=made.tail)
        turns.follow(actor, made)
    return made


def suspend_supplier(*, actor: Actor, supplier: Supplier, basis: str) -> Supplier:
    """From today the supplier takes no new orders; obligations remain.

    Raises:
        NotAllowed: the actor keeps no register.
        RuleBroken: no basis is named.
    """
    _keeps_register(actor)
    if not basis.strip():
        raise RuleBroken(_("Name the decision: its number and date."))
    with transaction.atomic():
        locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
        locked.suspended_since, locked.suspension_basis = clock.today(), basis.strip()
        locked.save(update_fields=["suspended_since", "suspension_basis"])
    return locked


def lift_suspension(*, actor: Actor, supplier: Supplier) -> Supplier:
    """The supplier takes orders again."""
    _keeps_register(actor)
    with transaction.atomic():
        locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
        locked.suspended_since, locked.suspension_basis = None, ""
        locked.save(update_fields=["suspended_since", "suspension_basis"])
    return locked
