"""Answers to the requirements: brought, found in order or not, asked again; and what the clock tells of their end."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.tables import Row
from tirek.files.actions import store
from tirek.files.models import StoredFile
from tirek.organisations.telling import SUPPLIERS, tell_region, tell_staff
from tirek.suppliers import checks
from tirek.suppliers.models import Check, Registration, Supplier
from tirek.suppliers.permissions import why_not_checked

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Finding = Check.Finding


def paper_of(document_number: str, issued_on: date, valid_until: date | None) -> dict[str, Any]:
    """Columns of a document.

    Raises:
        RuleBroken: it has expired, or its days do not agree.
    """
    if valid_until is not None and valid_until < clock.today():
        raise RuleBroken(_("This document has expired already."), code="valid_until")
    if valid_until is not None and valid_until < issued_on:
        raise RuleBroken(_("The last day is before the day of issue."), code="valid_until")
    return {"document_number": document_number, "issued_on": issued_on, "valid_until": valid_until}


def keep_file(actor: Actor, file: "UploadedFile[bytes]", *, owner_id: UUID, case: Row) -> StoredFile:
    """Keep the file of a document.

    Raises:
        files.rules.Unsuitable: it is none that may be kept.
    """
    return store(actor, file, owner_id=owner_id, case=case)


def replace(found: checks.Item) -> None:
    """The present answer counts no more."""
    if found.check is not None:
        Check.objects.filter(pk=found.check.pk, replaced_at__isnull=True).update(replaced_at=clock.now())


def said_if_wrong(finding: str, words: str) -> str:
    """What is wrong; "" for what is in order.

    Raises:
        RuleBroken: nobody says what.
    """
    if finding not in Finding.values:
        raise RuleBroken(_("Say whether it is in order."), code="finding")
    told = words.strip()
    if finding == Finding.NOT_IN_ORDER and not told:
        raise RuleBroken(_("Say what is not in order."), code="words")
    return told if finding == Finding.NOT_IN_ORDER else ""


def record_finding(
    actor: Actor,
    found: checks.Item,
    *,
    finding: str,
    words: str,
    answered_on: date | None,
    seen: str | None = None,
    registration: Registration | None = None,
    supplier: Supplier | None = None,
) -> Check:
    """Write down whether an answer is in order: on the document that was brought; of a register as a new answer. What a
    page says of a document that it has not ``seen`` is refused.

    Raises:
        RuleBroken: there is no document, or a newer one (``newer``), no day of the register's answer, or no word of
            what is wrong.
    """
    said_if_wrong(finding, words)
    told = {"finding": finding, "words": words.strip(), "found_by": actor.user_id, "found_at": clock.now()}
    if found.is_document:
        check = found.check
        if check is None:
            raise RuleBroken(_("There is no document yet: the applicant brings it."), code="finding")
        if seen is not None and seen != str(check.pk):
            raise RuleBroken(
                _("A newer document has come meanwhile."),
                next_step=_("Look at it, then say whether it is in order. What you typed is kept."),
                code="newer",
            )
        for name, value in told.items():
            setattr(check, name, value)
    else:
        if answered_on is None or not checks.earliest_answer() <= answered_on <= clock.today():
            raise RuleBroken(
                _("Enter the day on which the register was asked: today or before, at most five years ago."),
                code="answered_on",
            )
        replace(found)
        of = {"registration": registration, "supplier": supplier}
        place = supplier.region_code if supplier is not None else ""
        check = Check(requirement=found.requirement, answered_on=answered_on, place=place, **of, **told)
    if check.supplier_id is not None:
        check.due_on = checks.due_on(found.requirement, check)
    check.save()
    return check


def renew_document(
    *,
    actor: Actor,
    supplier: Supplier,
    requirement: str,
    document_number: str,
    issued_on: date,
    valid_until: date | None,
    file: "UploadedFile[bytes]",
) -> Check:
    """A supplier brings a newer document: it counts at once, and the region looks at it.

    Raises:
        NotAllowed: the actor does not act for this supplier.
        NotFound: nothing of this code is asked of it.
        RuleBroken: the supplier was removed, the days do not agree, or the document has expired.
        files.rules.Unsuitable: the file is none that may be kept.
    """
    if actor.desk is not Desk.SUPPLIER or actor.organisation_id != supplier.organisation_id:
        raise NotAllowed
    paper = paper_of(document_number, issued_on, valid_until)
    with locks.bounded(), transaction.atomic():
        locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
        _check_in_register(locked)
        found = checks.item(checks.items_of_supplier(locked), requirement)
        if not found.is_document:
            raise NotFound
        stored = keep_file(actor, file, owner_id=locked.organisation_id, case=locked)
        replace(found)
        made = Check(supplier=locked, requirement=found.requirement, place=locked.region_code, file=stored, **paper)
        made.due_on = checks.due_on(found.requirement, made)
        made.save(force_insert=True)
        if locked.region_code:
            tell_region(locked.region_code, "supplier.document_renewed", case=locked, supplier=str(locked.pk))
    return made


def _check_in_register(supplier: Supplier) -> None:
    if supplier.removed_on is not None and supplier.removed_on <= clock.today():
        raise RuleBroken(_("This supplier was removed from the register already."), code="removed")


def examine_supplier(
    *,
    actor: Actor,
    supplier: Supplier,
    requirement: str,
    finding: str,
    words: str = "",
    answered_on: date | None = None,
    seen: str | None = None,
) -> Check:
    """An officer of the region writes down what a register answers of a supplier, or looks at a newer document.

    Raises:
        NotAllowed: the actor is no officer of the supplier's region, or works there.
        NotFound: nothing of this code is asked of it.
        RuleBroken: the supplier was removed; there is no document, no day, or no word of what is wrong.
    """
    refused = why_not_checked(actor, supplier)
    if refused is not None:
        raise refused
    with locks.bounded(), transaction.atomic():
        locked = locks.lock_rows(Supplier, [supplier.pk])[supplier.pk]
        _check_in_register(locked)
        found = checks.item(checks.items_of_supplier(locked), requirement)
        made = record_finding(
            actor, found, finding=finding, words=words, answered_on=answered_on, seen=seen, supplier=locked
        )
        if finding == Finding.NOT_IN_ORDER:
            tell_staff(
                locked.organisation_id,
                "supplier.not_in_order",
                roles=SUPPLIERS,
                case=locked,
                requirement=found.requirement.pk,
            )
    return made


def warn_of_end(key: UUID) -> bool:
    """The supplier is told once that a document ends soon; returns whether it was told."""
    today = clock.today()
    with locks.bounded(), transaction.atomic():
        check = locks.lock_rows(Check, [key]).get(key)
        if check is None or check.warned_on is not None or check.replaced_at is not None or check.supplier is None:
            return False
        Check.objects.filter(pk=key).update(warned_on=today)
        tell_staff(
            check.supplier.organisation_id,
            "supplier.document_ends",
            roles=SUPPLIERS,
            case=check.supplier,
            requirement=check.requirement_id,
            last_day=check.valid_until or today,
        )
    return True


def tell_of_lapse(key: UUID) -> bool:
    """The region and the supplier are told once that a document has ended; returns whether they were told."""
    today = clock.today()
    with locks.bounded(), transaction.atomic():
        check = locks.lock_rows(Check, [key]).get(key)
        if check is None or check.lapse_told_on is not None or check.replaced_at is not None or check.supplier is None:
            return False
        supplier = check.supplier
        Check.objects.filter(pk=key).update(lapse_told_on=today)
        facts = {"requirement": check.requirement_id, "supplier": str(supplier.pk)}
        tell_staff(supplier.organisation_id, "supplier.document_ended", roles=SUPPLIERS, case=supplier, **facts)
        if check.place:
            tell_region(check.place, "supplier.document_lapsed", case=supplier, **facts)
    return True
