"""A new version of a reference value, or one withdrawn before its first day."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import reference
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference import ReferenceValue, Unit, Value
from tirek.core.reference.amendments import versions
from tirek.core.reference.amendments.record import Amendment, check_source, require_admin
from tirek.core.reference.amendments.versions import Amended

#: Characters that a value holds at most.
LONGEST_VALUE: Final = 200


def name_of(key: str, scope: str) -> str:
    """How a value is called in the list of amendments."""
    return f"{key} {scope}".strip()


VALUES: Final[Amended[ReferenceValue]] = Amended(
    Amendment.Area.REFERENCE,
    what=lambda row: name_of(row.key, row.scope),
    said=lambda row: {"value": row.value, "unit": str(row.unit)},
)


def _check_bounds(key: str, unit: Unit, number: Decimal) -> None:
    bounds = reference.bounds_of(key, unit)
    if bounds is not None and not bounds.least <= number <= bounds.most:
        raise RuleBroken(
            _("This value must lie between %(least)s and %(most)s.") % {"least": bounds.least, "most": bounds.most},
            code="number",
        )


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
    row = reference.row_of(clean)
    versions.check_days(row, reason)
    if clean.unit is not known[0].unit and {clean.unit, known[0].unit} - reference.TERMS:
        raise RuleBroken(
            _("This value is counted in another unit: the rules that read it would not understand the new one."),
            code="unit",
        )
    versions.check_room(row)
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
        row = reference.row_of(clean)
        return versions.add(VALUES, actor=actor, row=row, reason=reason, reached=reference.reached(one.key))


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
        versions.withdraw(VALUES, actor=actor, row=row, reason=reason)
    return row
