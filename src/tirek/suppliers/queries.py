"""Reads of the register of suppliers."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import add_months
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.places import covered
from tirek.core.reference import Term, Unit
from tirek.organisations.models import Organisation
from tirek.organisations.queries import members_of
from tirek.suppliers import rules
from tirek.suppliers.models import Agreement, BankAccount, Ground, PublicOffer, RegisterEvent, Registration, Supplier


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


def after(length: Term, day: date) -> date:
    """The day so many months, or days of the calendar, after another."""
    if length.unit == Unit.MONTHS:
        return add_months(day, length.amount)
    return day + timedelta(days=length.amount)


def return_day(ground: str, removed_on: date) -> date | None:
    """First day on which who was removed may apply again; ``None``: at any time."""
    if ground != Ground.COMMISSION:
        return None
    return after(reference.term("supplier.return_after", at=removed_on), removed_on)


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


def check_may_apply(user_id: UUID, number: str, *, but: UUID | None = None) -> None:
    """Whether somebody may apply for the organisation of this BIN, or IIN of an individual (three queries at most).

    Args:
        user_id: account of who applies.
        number: the twelve digits.
        but: the application itself, which keeps nobody out.

    Raises:
        RuleBroken: it is in the register, or may not return yet; it is no business; others work there; an application
            of it is open.
    """
    known = Organisation.objects.select_related("supplier").filter(bin=number).first()
    if known is not None:
        if known.kind != Organisation.Kind.SUPPLIER:
            raise RuleBroken(
                _("This is the BIN of a body of the state. It cannot be a supplier."),
                next_step=_("Compare the number with the certificate of the organisation."),
                code="bin",
            )
        entry = getattr(known, "supplier", None)
        if entry is not None:
            rules.check_may_return(entry.removed_on, entry.may_return_on, on=clock.today())
        staff = set(members_of(number).values_list("user", flat=True))
        if staff and user_id not in staff:
            raise RuleBroken(
                _("Other people work for this organisation in Tirek already."),
                next_step=_("One of them applies. If nobody of them works there any more, tell the administrator."),
                code="bin",
            )
    if Registration.objects.filter(bin=number, state__in=Registration.SENT).exclude(pk=but or UUID(int=0)).exists():
        raise already_open()


def already_open() -> RuleBroken:
    """Another application of the same BIN is open."""
    return RuleBroken(
        _("An application with this BIN is open already."),
        next_step=_("Ask your colleagues who sent it: that person goes on with it, or withdraws it."),
        code="bin",
    )


def current_offer(on: date) -> PublicOffer:
    """The public offer that is accepted on a day (one query).

    Raises:
        NotFound: none is loaded.
    """
    found = PublicOffer.objects.filter(effective_from__lte=on).order_by("-effective_from", "-pk").first()
    if found is None:
        raise NotFound
    return found


def to_ask(offer: PublicOffer, *, most: int = 500) -> list[UUID]:
    """Suppliers in the register that were not asked to accept a version yet (one query)."""
    rows = Supplier.objects.filter(removed_on__isnull=True).exclude(asked_offer=offer.version)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


def offer_to_accept(supplier: Supplier, on: date) -> PublicOffer | None:
    """The public offer that a supplier has not accepted yet (two queries)."""
    present = PublicOffer.objects.filter(effective_from__lte=on).order_by("-effective_from", "-pk").first()
    if present is None or supplier.agreements.filter(offer=present).exists():
        return None
    return present


def visible_to(actor: Actor) -> QuerySet[Supplier]:
    """Entries of the register that an office watches: those that stand in its territory."""
    rows = Supplier.objects.select_related("organisation__territory__parent")
    if actor.desk is not Desk.OFFICER:
        return rows.none()
    return rows.filter(covered(actor.territory, "organisation__territory__code"))


def entry_for(actor: Actor, key: UUID) -> Supplier:
    """One of them.

    Raises:
        NotFound: there is none, or it is not the office's to watch.
    """
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def address_of(actor: Actor, key: UUID) -> str:
    """Where an entry is opened, for who may see it: its own desk, and the office that watches it.

    Raises:
        NotFound: it is not the actor's to see.
    """
    if actor.desk is Desk.SUPPLIER and supplier_of_key(actor, key):
        return reverse("suppliers:supplier-checks")
    return reverse("suppliers:officer-supplier", args=[entry_for(actor, key).pk])


def supplier_of_key(actor: Actor, key: UUID) -> bool:
    """Whether the actor works for the entry with this key."""
    return Supplier.objects.filter(pk=key, organisation=actor.organisation_id).exists()


def agreements_of(supplier: Supplier) -> list[Agreement]:
    """Which versions of the public offer a supplier has accepted, newest first (one query)."""
    return list(Agreement.objects.filter(supplier=supplier).select_related("offer").order_by("-created_at")[:20])


def events_of(supplier: Supplier) -> list[RegisterEvent]:
    """What was done with an entry, newest first; 100 at most (one query)."""
    return list(RegisterEvent.objects.filter(supplier=supplier).order_by("-at", "-pk")[:100])
