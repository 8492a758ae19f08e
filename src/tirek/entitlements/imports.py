"""A file of individual programmes: a line for each item."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.imports import KindField
from tirek.catalogue.models import ProvisionChannel
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.fields import IinField
from tirek.core.imports import Cells, Column, ImportTable, Outcome, WordsField, as_key, register
from tirek.core.known import Known
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.programmes import kinds_known
from tirek.entitlements.asking import Asked, check_channel, read_asked
from tirek.entitlements.models import Programme
from tirek.people.imports import known_person, nobody
from tirek.people.models import Person
from tirek.people.telling import accounts_known
from tirek.ui.fields import DayField, WholeField

_CHANNELS: Final = tuple(ProvisionChannel.choices)
_YES_NO = (("no", _("no")), ("yes", _("yes")))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was looked up for many entries: people by IIN, and kinds of the programmes of their days."""

    people: Mapping[str, Person]
    programmes: Mapping[tuple[UUID, date], Sequence[Programme]]


_looked_up: Final[Known[_Ahead]] = Known("tirek_programmes_ahead")


@contextmanager
def _ahead(entries: Sequence[Sequence[Cells]]) -> Iterator[frozenset[int]]:
    """Look up people, their programmes of the day and the kinds that they have had, in five questions.

    Yields:
        Places of entries of whom nothing is there to be counted or replaced, and who stand once among them.
    """
    iins = [lines[0]["iin"].digits for lines in entries]
    people = {one.iin: one for one in Person.objects.select_related("user").filter(iin__in=iins)}
    keys = [one.pk for one in people.values()]
    often, days = Counter(iins), {lines[0]["issued_on"] for lines in entries}
    with accounts_known(people.values()), kinds_known(keys) as had:
        programmes: dict[tuple[UUID, date], list[Programme]] = {}
        for one in Programme.objects.filter(person__in=keys, issued_on__in=days).prefetch_related("lines"):
            programmes.setdefault((one.person_id, one.issued_on), []).append(one)
        with _looked_up.within(_Ahead(people, programmes)):
            yield frozenset(
                place
                for place, lines in enumerate(entries)
                if often[iins[place]] == 1
                and (
                    iins[place] not in people
                    or (people[iins[place]].pk, lines[0]["issued_on"]) in programmes
                    or not {one["kind"].pk for one in lines} & set(had[people[iins[place]].pk])
                )
            )


def _person_and_known(first: Cells) -> tuple[Person, Sequence[Programme]]:
    """The person, and the programmes of the day; those of many are looked up at once."""
    ahead = _looked_up.get()
    if ahead is None:
        person = known_person(first["iin"])
        of_day = Programme.objects.filter(person=person, issued_on=first["issued_on"])
        return person, list(of_day.prefetch_related("lines"))
    found = ahead.people.get(first["iin"].digits)
    if found is None:
        raise nobody(first["iin"])
    return found, ahead.programmes.get((found.pk, first["issued_on"]), ())


def _take(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    first = lines[0]
    person, of_day = _person_and_known(first)
    grants = [_grant(one) for one in lines]
    known = next((one for one in of_day if as_key(one.issued_by) == as_key(first["issued_by"])), None)
    if known is not None:
        if {one.kind_id for one in known.lines.all()} == {one["kind"].pk for one in lines}:
            _check_same(known, lines, grants)
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
        lines=grants,
    )
    return Outcome.MADE


def _grant(one: Cells) -> LineGrant:
    """An item as its line says it.

    Raises:
        RuleBroken: its kind does not have what is asked for, or is provided in one way only.
    """
    kind, asked = one["kind"], read_asked(one["kind"].pk, one["asks"])
    channel = ProvisionChannel(one["channel"]) if one["channel"] else None
    if channel is not None:
        check_channel(kind, channel)
    return LineGrant(
        kind=kind,
        quantity=one["quantity"],
        recommended=asked.recommended,
        must=asked.must,
        channel=channel,
        queue_on=one["queue_on"],
    )


def _check_same(known: Programme, lines: Sequence[Cells], grants: Sequence[LineGrant]) -> None:
    """What a file asks for of a programme that is registered already is what it asks for there.

    Raises:
        RuleBroken: it is something else: nobody would see that it was passed over.
    """
    there = {one.kind_id: one for one in known.lines.all()}
    for cells, grant in zip(lines, grants, strict=True):
        line = there[grant.kind.pk]
        other_parameters = cells["asks"] and Asked.of(line) != Asked(grant.recommended, tuple(grant.must))
        other_place = grant.queue_on not in {None, line.queue_on}
        if other_parameters or other_place or grant.channel not in {None, line.channel}:
            raise RuleBroken(
                _(
                    "This programme is registered with other parameters, another way of provision or another date in "
                    "the queue: %(kind)s. Correct it in the person's file."
                )
                % {"kind": grant.kind.pk},
                code="other_parameters",
            )


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
            Column(
                "asks",
                forms.CharField(
                    label=_("Recommended parameters; an exclamation mark after what must match"),
                    required=False,
                    max_length=1_000,
                ),
                "size=l!; day_night=night",
            ),
            Column(
                "channel",
                WordsField(label=_("How it is provided; empty: as the kind is"), choices=_CHANNELS, required=False),
                "",
            ),
            Column(
                "queue_on",
                DayField(
                    label=_("Date in the queue; empty: as before, or the day of issue"),
                    required=False,
                    latest=clock.today,
                ),
                "",
            ),
        ),
        key=("iin", "issued_on"),
        take=_take,
        order=60,
        several=True,
        alike=("issued_by", "valid_until", "employer_pays"),
        once="kind",
        ahead=_ahead,
    )
)
