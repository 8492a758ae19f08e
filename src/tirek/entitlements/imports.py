"""A file of individual programmes: a line for each item."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.imports import KindField
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.fields import IinField
from tirek.core.imports import Cells, Column, ImportTable, Outcome, WordsField, as_key, register
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.models import Programme
from tirek.people.imports import known_person
from tirek.ui.fields import DayField, WholeField

_YES_NO = (("no", _("no")), ("yes", _("yes")))


def _take(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    first = lines[0]
    person = known_person(first["iin"])
    of_day = Programme.objects.filter(person=person, issued_on=first["issued_on"])
    known = next((one for one in of_day if as_key(one.issued_by) == as_key(first["issued_by"])), None)
    if known is not None:
        if set(known.lines.values_list("kind_id", flat=True)) == {one["kind"].pk for one in lines}:
            return Outcome.SAME
        raise RuleBroken(
            _("This programme is registered with other items. Correct it in the person's file."), code="other_items"
        )
    register_programme(
        actor=actor,
        person=person,
        issued_by=first["issued_by"],
        issued_on=first["issued_on"],
        valid_until=first["valid_until"],
        employer_pays=first["employer_pays"] == "yes",
        lines=[LineGrant(kind=one["kind"], quantity=one["quantity"], recommended={}) for one in lines],
    )
    return Outcome.MADE


register(
    ImportTable(
        code="programmes",
        title=_("Individual programmes"),
        columns=(
            Column("iin", IinField(label=_("IIN")), "800517400015"),
            Column("issued_on", DayField(label=_("Day of issue")), "2026-01-15"),
            Column("issued_by", forms.CharField(label=_("Who issued it"), max_length=200), "МӘС № 2 / МСЭ № 2"),
            Column("valid_until", DayField(label=_("Last day; empty without term"), required=False), "2028-01-15"),
            Column("kind", KindField(label=_("Code of the kind")), "GI-01"),
            Column("quantity", WholeField(label=_("Quantity"), min_value=1, max_value=100_000), "1460"),
            Column(
                "employer_pays",
                WordsField(label=_("The employer pays"), choices=_YES_NO, required=False),
                "no",
            ),
        ),
        key=("iin", "issued_on"),
        take=_take,
        order=60,
        several=True,
        alike=("issued_by", "valid_until", "employer_pays"),
        once="kind",
    )
)
