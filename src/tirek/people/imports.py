"""Files of people, of who acts for whom, of disabilities, deaths and moves."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.accounts.models import Language
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.core.fields import IinField
from tirek.core.identifiers import Iin, Sex
from tirek.core.imports import Cells, Column, ImportTable, Outcome, WordsField, register
from tirek.people import actions
from tirek.people.models import Disability, Person, Representation
from tirek.people.names import Born, Name
from tirek.territory.fields import PlaceField
from tirek.ui.fields import DayField


def known_person(iin: Iin) -> Person:
    """The person with this IIN.

    Raises:
        RuleBroken: nobody has it.
    """
    found = Person.objects.select_related("user").filter(iin=iin.digits).first()
    if found is None:
        raise nobody(iin)
    return found


def nobody(iin: Iin) -> RuleBroken:
    """What is said of an IIN that nobody has."""
    return RuleBroken(_("Nobody with the IIN %(iin)s is registered.") % {"iin": iin.masked}, code="person")


def _person(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    if Person.objects.filter(iin=one["iin"].digits).exists():
        return Outcome.SAME
    born = Born(one["birth_date"], Sex(one["sex"])) if one["birth_date"] and one["sex"] else None
    actions.register_person(
        actor=actor,
        iin=one["iin"],
        name=Name(one["surname"], one["given_name"], one["patronymic"]),
        territory_code=one["place"],
        address=one["address"],
        phone=one["phone"],
        language=one["language"] or Language.KAZAKH.value,
        born=born,
    )
    return Outcome.MADE


def _representation(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    acts, for_whom = known_person(one["representative"]), known_person(one["represented"])
    basis = Representation.Basis(one["basis"])
    rows = Representation.objects.filter(representative=acts, represented=for_whom, basis=basis, since=one["since"])
    if rows.filter(document_number=one["document"], until=one["until"]).exists():
        return Outcome.SAME
    actions.add_representation(
        actor=actor,
        representative=acts,
        represented=for_whom,
        basis=basis,
        document_number=one["document"],
        since=one["since"],
        until=one["until"],
    )
    return Outcome.MADE


def _disability(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    person = known_person(one["iin"])
    facts = {"group": one["group"], "since": one["since"], "until": one["until"], "reason": one["reason"]}
    if Disability.objects.filter(person=person, **facts).exists():
        return Outcome.SAME
    if Disability.objects.filter(person=person, since=one["since"]).exists():
        raise RuleBroken(_("Another disability since the same day is entered already."), code="already_entered")
    actions.record_disability(
        actor=actor,
        person=person,
        group=Disability.Group(one["group"]),
        since=one["since"],
        until=one["until"],
        reason=Disability.Reason(one["reason"]),
    )
    return Outcome.MADE


def _death(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    person = known_person(one["iin"])
    if person.deceased_on == one["deceased_on"]:
        return Outcome.SAME
    actions.record_death(actor=actor, person=person, deceased_on=one["deceased_on"])
    return Outcome.MADE


def _move(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    person = known_person(one["iin"])
    if (person.territory_id, person.address) == (one["place"], one["address"]):
        return Outcome.SAME
    actions.change_residence(actor=actor, person=person, territory_code=one["place"], address=one["address"])
    return Outcome.CHANGED


_SAMPLE = "800517400015"
_PLACE = PlaceField(label=_("District or city of residence (КАТО code or name)"), districts_only=True)


register(
    ImportTable(
        code="people",
        title=_("People"),
        columns=(
            Column("iin", IinField(label=_("IIN")), _SAMPLE),
            Column("surname", forms.CharField(label=_("Surname")), "Сынақова"),
            Column("given_name", forms.CharField(label=_("Given name")), "Айгүл"),
            Column("patronymic", forms.CharField(label=_("Patronymic"), required=False), ""),
            Column("place", _PLACE, "101010000"),
            Column("address", forms.CharField(label=_("Address"), max_length=300, required=False), ""),
            Column("phone", PhoneField(label=_("Phone"), required=False), "+7 701 234 56 78"),
            Column("language", WordsField(label=_("Language"), choices=Language.choices, required=False), "kk"),
            Column("birth_date", DayField(label=_("Date of birth, where the IIN tells none"), required=False), ""),
            Column("sex", WordsField(label=_("Sex, likewise"), choices=Person.Sex.choices, required=False), ""),
        ),
        key=("iin",),
        take=_person,
        order=30,
    )
)
register(
    ImportTable(
        code="representations",
        title=_("Who acts for whom"),
        columns=(
            Column("representative", IinField(label=_("IIN of the representative")), _SAMPLE),
            Column("represented", IinField(label=_("IIN of the person represented")), ""),
            Column("basis", WordsField(label=_("Basis"), choices=Representation.Basis.choices), "guardian"),
            Column("document", forms.CharField(label=_("Number of the document"), max_length=100), "2-145/2026"),
            Column("since", DayField(label=_("First day")), "2026-01-15"),
            Column("until", DayField(label=_("Last day"), required=False), ""),
        ),
        key=("representative", "represented", "basis", "since"),
        take=_representation,
        order=40,
    )
)
register(
    ImportTable(
        code="disabilities",
        title=_("Disabilities"),
        columns=(
            Column("iin", IinField(label=_("IIN")), _SAMPLE),
            Column("group", WordsField(label=_("Group"), choices=Disability.Group.choices), "II"),
            Column("reason", WordsField(label=_("Reason"), choices=Disability.Reason.choices), "general"),
            Column("since", DayField(label=_("First day"), latest=clock.today), "2026-01-15"),
            Column("until", DayField(label=_("Last day"), required=False), ""),
        ),
        key=("iin", "since"),
        take=_disability,
        order=50,
    )
)
register(
    ImportTable(
        code="moves",
        title=_("Moves"),
        columns=(
            Column("iin", IinField(label=_("IIN")), _SAMPLE),
            Column("place", _PLACE, "101010000"),
            Column("address", forms.CharField(label=_("Address"), max_length=300, required=False), ""),
        ),
        key=("iin",),
        take=_move,
        order=70,
    )
)
register(
    ImportTable(
        code="deaths",
        title=_("Deaths"),
        columns=(
            Column("iin", IinField(label=_("IIN")), _SAMPLE),
            Column("deceased_on", DayField(label=_("Day of death"), latest=clock.today), "2026-01-15"),
        ),
        key=("iin",),
        take=_death,
        order=80,
    )
)
