"""Verbs of the register of suppliers."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.organisations.models import Organisation
from tirek.organisations.telling import SUPPLIERS, tell_colleagues, tell_staff
from tirek.suppliers import rules, turns
from tirek.suppliers.models import BankAccount, Ground, RegisterEvent, Supplier, SupplierWord
from tirek.suppliers.permissions import why_not_kept
from tirek.suppliers.queries import account_of, return_day
from tirek.suppliers.rules import BankDetails

What = RegisterEvent.What
LONGEST_BASIS = 300


def _enters(actor: Actor) -> None:
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed


def record(supplier: Supplier, what: What, actor: Actor, *, ground: str = "", basis: str = "") -> RegisterEvent:
    """Write down what was done with an entry."""
    return RegisterEvent.objects.create(
        supplier=supplier, what=what, ground=ground, basis=basis, actor_id=actor.user_id, desk=actor.desk.value
    )


def write_words(supplier: Supplier) -> None:
    """Write the words by which an entry is found."""
    wanted = rules.words_of_names(
        supplier.organisation.name_kk, supplier.organisation.name_ru, supplier.organisation.name_en
    )
    SupplierWord.objects.filter(supplier=supplier).exclude(word__in=wanted).delete()
    rows = [SupplierWord(supplier=supplier, word=one) for one in sorted(wanted)]
    SupplierWord.objects.bulk_create(rows, ignore_conflicts=True)


def write_missing_words(*, most: int = 2_000) -> int:
    """Write the words of entries that have none; returns of how many."""
    rows = list(Supplier.objects.filter(words__isnull=True).select_related("organisation")[:most])
    for one in rows:
        write_words(one)
    return len(rows)


def register_supplier(
    *,
    actor: Actor,
    organisation: Organisation,
    registered_on: date,
    conclusion_number: str,
    conclusion_on: date,
    contact_phone: str,
    supplies: Iterable[str] = (),
    is_individual: bool = False,
) -> Supplier:
    """Enter an organisation into the register by a conclusion of the commission (Social Code art. 167(2)).

    Raises:
        NotAllowed: the actor keeps no register.
        RuleBroken: the conclusion is later than the registration.
    """
    _enters(actor)
    if conclusion_on > registered_on:
        raise RuleBroken(
            _("A supplier is registered after the conclusion of the commission, not before."), code="registered_on"
        )
    if organisation.kind != Organisation.Kind.SUPPLIER:
        raise RuleBroken(_("This organisation is no supplier."), code="kind")
    if Supplier.objects.filter(organisation=organisation).exists():
        raise RuleBroken(_("This organisation is in the register already."), code="already_entered")
    with transaction.atomic():
        made = Supplier.objects.create(
            organisation=organisation,
            registered_on=registered_on,
            conclusion_number=conclusion_number,
            conclusion_on=conclusion_on,
            contact_phone=contact_phone,
            supplies=list(supplies),
            is_individual=is_individual,
        )
        record(made, What.ENTERED, actor, basis=rules.conclusion_text(conclusion_number, conclusion_on))
        write_words(made)
    return made


def set_contact_phone(*, actor: Actor, supplier: Supplier, phone: str) -> Supplier:
    """Whom people call who have ordered (E.164).

    Raises:
        NotAllowed: the actor keeps no register.
    """
    _enters(actor)
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


def _said(basis: str) -> str:
    told = " ".join(basis.split())
    if not told:
        raise RuleBroken(_("Name the decision: its number and date."), code="basis")
    return told[:LONGEST_BASIS]


def _locked(actor: Actor, supplier: Supplier) -> Supplier:
    """The entry under its lock, for who keeps it.

    Raises:
        NotAllowed: the actor is neither of the supplier's region nor an administrator, or works there.
        RuleBroken: it was removed from the register.
    """
    locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
    refused = why_not_kept(actor, locked)
    if refused is not None:
        raise refused
    if locked.removed_on is not None and locked.removed_on <= clock.today():
        raise RuleBroken(_("This supplier was removed from the register already."), code="removed")
    return locked


def suspend_supplier(*, actor: Actor, supplier: Supplier, basis: str) -> Supplier:
    """From today the supplier takes no new orders; obligations remain.

    Raises:
        NotAllowed: the actor is neither of the supplier's region nor an administrator, or works there.
        RuleBroken: no basis is named, or it is suspended or removed already.
    """
    told = _said(basis)
    with transaction.atomic():
        locked = _locked(actor, supplier)
        if locked.suspended_since is not None:
            raise RuleBroken(_("This supplier is suspended already."), code="suspended")
        locked.suspended_since, locked.suspension_basis = clock.today(), told
        locked.save(update_fields=["suspended_since", "suspension_basis"])
        record(locked, What.SUSPENDED, actor, basis=told)
        tell_staff(locked.organisation_id, "supplier.suspended", roles=SUPPLIERS, case=locked, basis=told)
    return locked


def lift_suspension(*, actor: Actor, supplier: Supplier, basis: str) -> Supplier:
    """The supplier takes orders again.

    Raises:
        NotAllowed: the actor is neither of the supplier's region nor an administrator, or works there.
        RuleBroken: no basis is named, or the supplier is not suspended.
    """
    told = _said(basis)
    with transaction.atomic():
        locked = _locked(actor, supplier)
        if locked.suspended_since is None:
            raise RuleBroken(_("This supplier is not suspended."), code="suspended")
        locked.suspended_since, locked.suspension_basis = None, ""
        locked.save(update_fields=["suspended_since", "suspension_basis"])
        record(locked, What.LIFTED, actor, basis=told)
        tell_staff(locked.organisation_id, "supplier.lifted", roles=SUPPLIERS, case=locked, basis=told)
    return locked


def remove_supplier(*, actor: Actor, supplier: Supplier, ground: str, basis: str) -> Supplier:
    """From today the supplier is in the register no more (Social Code art. 167(5)): its offers leave the sale, open
    orders are fulfilled. After a conclusion of the commission it may return a year later.

    Raises:
        NotAllowed: the actor is neither of the supplier's region nor an administrator, or works there.
        RuleBroken: the ground is none of the list, no basis is named, or it is removed already.
    """
    if ground not in Ground.values:
        raise RuleBroken(_("Choose a ground from the list."), code="ground")
    told, today = _said(basis), clock.today()
    with transaction.atomic():
        locked = _locked(actor, supplier)
        locked.removed_on, locked.removal_ground, locked.removal_basis = today, ground, told
        locked.may_return_on = return_day(ground, today)
        locked.suspended_since, locked.suspension_basis = None, ""
        locked.save(
            update_fields=[
                "removed_on",
                "removal_ground",
                "removal_basis",
                "may_return_on",
                "suspended_since",
                "suspension_basis",
            ]
        )
        record(locked, What.REMOVED, actor, ground=ground, basis=told)
        tell_staff(locked.organisation_id, "supplier.removed", roles=SUPPLIERS, case=locked, basis=told)
    return locked


def return_supplier(
    *,
    actor: Actor,
    supplier: Supplier,
    conclusion_number: str,
    conclusion_on: date,
    contact_phone: str,
    supplies: Iterable[str],
) -> Supplier:
    """Who was removed is in the register again, by a new conclusion.

    Raises:
        NotAllowed: the actor keeps no register.
        RuleBroken: it is in the register, or the day on which it may return has not come.
    """
    _enters(actor)
    with transaction.atomic():
        locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
        rules.check_may_return(locked.removed_on, locked.may_return_on, on=clock.today())
        locked.registered_on, locked.removed_on, locked.may_return_on = clock.today(), None, None
        locked.removal_ground = locked.removal_basis = ""
        locked.conclusion_number, locked.conclusion_on = conclusion_number, conclusion_on
        locked.contact_phone, locked.supplies = contact_phone, list(supplies)
        locked.save()
        record(locked, What.RETURNED, actor, basis=rules.conclusion_text(conclusion_number, conclusion_on))
    return locked
