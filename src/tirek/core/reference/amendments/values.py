"""A new version of a reference value, or one withdrawn before its first day."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference import ReferenceValue, Unit, Value
from tirek.core.reference.amendments.record import (
    Amendment,
    check_day,
    check_near,
    check_source,
    forget,
    note,
    require_admin,
)

#: Characters that a value holds at most.
LONGEST_VALUE: Final = 200


def name_of(key: str, scope: str) -> str:
    """How a value is called in the list of amendments."""
    return f"{key} {scope}".strip()


def _facts(one: Value) -> dict[str, str | bool | None]:
    return {
        "value": one.text,
        "unit": one.unit.value,
        "effective_from": one.effective_from.isoformat(),
        "effective_to": one.effective_to.isoformat() if one.effective_to else None,
        "citation": one.citation,
        "status": one.status.value,
    }


def _check_bounds(key: str, unit: Unit, number: Decimal) -> None:
    bounds = reference.bounds_of(key, unit)
    if bounds is not None and not bounds.least <= number <= bounds.most:
        raise RuleBroken(
            _("This value must lie between %(least)s and %(most)s.") % {"least": bounds.least, "most": bounds.most},
            code="number",
        )


def _replaced(one: Value) -> ReferenceValue | None:
    """The version that a new one replaces: an administrator's, on its own first day."""
    if one.effective_from != clock.today():
        return None
    row = ReferenceValue.objects.filter(key=one.key, scope=one.scope, effective_from=one.effective_from).first()
    amended = row is not None and Amendment.objects.filter(row_id=row.pk, kind=Amendment.Kind.ADDED).exists()
    return row if amended else None


def check_text(key: str, unit: Unit, typed: str) -> None:
    """Whether a value can be this text, whatever else of its version is wrong.

    Raises:
        RuleBroken: no number, one outside its bounds, or a word that no rule knows.
    """
    _text_of(key, unit, typed)


def _check_value(one: Value) -> Value:
    text = _text_of(one.key, one.unit, one.text)
    citation = check_source(one.citation)
    if one.effective_to is not None and one.effective_to < one.effective_from:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    return replace(one, text=text, citation=citation)


def _text_of(key: str, unit: Unit, typed: str) -> str:
    text = typed.strip()
    if unit is not Unit.TEXT:
        text = "".join(text.split()).replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise RuleBroken(_("The value must be a number, for example 10."), code="number") from None
        if not number.is_finite() or number < 0:
            raise RuleBroken(_("The value must be a number of zero or more."), code="number")
        if unit not in {Unit.TENGE, Unit.PERCENT} and number != number.to_integral_value():
            raise RuleBroken(_("The value must be a whole number."), code="number")
        text = f"{number.normalize():f}"
        _check_bounds(key, unit, number)
    if not text or len(text) > LONGEST_VALUE:
        raise RuleBroken(_("Enter a value of at most 200 characters."), code="value")
    if not reference.is_spelled(key, text):
        raise RuleBroken(_("No rule knows this word. Enter one of those that stood here before."), code="value")
    return text


def check_version(*, actor: Actor, one: Value, reason: str = "") -> Value:
    """What ``amend_value`` would refuse, without writing; returns the version as it would be written.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: see ``amend_value``.
    """
    require_admin(actor)
    known = reference.history(one.key, one.scope)
    if not known:
        raise NotFound
    clean = _check_value(one)
    check_near(clean.effective_from)
    check_day(clean.effective_from, reason)
    if clean.unit is not known[0].unit and {clean.unit, known[0].unit} - reference.TERMS:
        raise RuleBroken(
            _("This value is counted in another unit: the rules that read it would not understand the new one."),
            code="unit",
        )
    replaced = _replaced(clean)
    reference.check_place(clean, [other for other in known if replaced is None or other != reference.plain(replaced)])
    return clean


def amend_value(*, actor: Actor, one: Value, reason: str = "") -> ReferenceValue:
    """Add a new version of a value; the open version before it ends the day before.

    A mistake is put right on the day itself: a version that an administrator let begin today is replaced by the next
    one that begins today. What was decided by it until then keeps it.

    Args:
        actor: an administrator.
        one: the version. Its key and scope must have a version already: a value that no rule reads is not made here.
        reason: why it reaches back, when its first day has passed.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: no value has this key and scope.
        RuleBroken: no number, one outside its bounds, no source, a first day far away or in the past without a reason,
            another kind of unit, or days of another version.
    """
    with transaction.atomic():
        reference.lock(one.key, one.scope)
        clean = check_version(actor=actor, one=one, reason=reason)
        replaced = _replaced(clean)
        if replaced is not None:
            _take_off(actor, replaced, reason)
        row = reference.add_version(clean)
        what = name_of(one.key, one.scope)
        note(
            actor,
            Amendment.Area.REFERENCE,
            Amendment.Kind.ADDED,
            what=what,
            row_id=row.pk,
            facts=_facts(clean),
            reason=reason.strip(),
        )
        forget()
    return row


def withdraw_value(*, actor: Actor, key: UUID, reason: str = "") -> ReferenceValue:
    """Take back a version before its first day: it never was in force. The version that it closed is open again.

    What the version said stays in its amendments.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such version.
        RuleBroken: its first day has come: it may have decided something.
    """
    require_admin(actor)
    with transaction.atomic():
        row = ReferenceValue.objects.select_for_update().filter(pk=key).first()
        if row is None:
            raise NotFound
        if row.effective_from <= clock.today():
            raise RuleBroken(_("This version is in force already. Add a new version instead."), code="in_force")
        reference.lock(row.key, row.scope)
        _take_off(actor, row, reason)
        forget()
    return row


def _take_off(actor: Actor, row: ReferenceValue, reason: str) -> None:
    """Withdraw a version and open the one that it closed, in the transaction of the caller."""
    ReferenceValue.objects.filter(closed_by=row.pk).update(effective_to=None, closed_by=None)
    note(
        actor,
        Amendment.Area.REFERENCE,
        Amendment.Kind.WITHDRAWN,
        what=name_of(row.key, row.scope),
        row_id=row.pk,
        facts=_facts(reference.plain(row)),
        reason=reason.strip(),
    )
    ReferenceValue.objects.filter(pk=row.pk).delete()
