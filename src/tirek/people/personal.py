"""Personal data of the register of people: what a person sees of them, and why they are kept."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core.errors import Text
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject, Word
from tirek.people.models import Consent, Diagnosis, Disability, Measurement, Needs, Person, PersonEvent, Representation

_EVENTS: Final[dict[str, Text]] = {
    "registered": _("Entered in the register"),
    "phone_changed": _("Phone changed"),
    "moved": _("Moved"),
    "measured": _("Measured"),
    "representation_added": _("Representative entered"),
    "representation_ended": _("Representative ended"),
    "consent_given": _("Consent given"),
    "consent_withdrawn": _("Consent withdrawn"),
    "needs_set": _("Needs entered"),
    "death_recorded": _("Death entered"),
    "disability_recorded": _("Disability entered"),
    "diagnosis_recorded": _("Diagnosis entered"),
}

export.titles(
    "people",
    iin=_("IIN"),
    surname=_("Surname"),
    given_name=_("Given name"),
    patronymic=_("Patronymic"),
    birth_date=_("Born"),
    sex=_("Sex"),
    address=_("Address"),
    deceased_on=_("Died"),
    territory=_("Lives in"),
    no_voice_calls=_("No voice calls"),
    large_print=_("Large print"),
    easy_read=_("Easy texts"),
    sign_language=_("Sign language"),
    contact_language=_("Language of messages"),
    group=_("Group"),
    since=_("Since"),
    until=_("Until"),
    reason=_("Reason"),
    diagnosis=_("Diagnosis"),
    recorded_at=_("Entered on"),
    parameter=_("Parameter"),
    number=_("Value"),
    measured_on=_("Measured on"),
    source=_("Measured by"),
    text_version=_("Version of the text"),
    given_at=_("Given"),
    withdrawn_at=_("Withdrawn"),
    who=_("Person"),
    basis=_("On what basis"),
    document_number=_("Number of the document"),
    revoked_at=_("Ended"),
)


@export.section("person", "people.Person", title=_("Person"), place=10)
def _person(subject: Subject) -> list[Entry]:
    names = ("iin", "surname", "given_name", "patronymic", "birth_date", "sex", "address", "language", "deceased_on")
    return [
        export.entry(one, *names) | {"territory": Word(one.territory_id, one.territory.name)}
        for one in Person.objects.select_related("territory").filter(pk=subject.person_id)
    ]


@export.section("needs", "people.Needs", title=_("Needs"), place=12)
def _needs(subject: Subject) -> list[Entry]:
    rows = Needs.objects.filter(person=subject.person_id)
    return export.entries(rows, "no_voice_calls", "large_print", "easy_read", "sign_language", "contact_language")


@export.section("disabilities", "people.Disability", title=_("Disability"), place=14)
def _disabilities(subject: Subject) -> list[Entry]:
    return export.entries(
        Disability.objects.filter(person=subject.person_id).order_by("since", "pk"), "group", "since", "until", "reason"
    )


@export.section("diagnosis", "people.Diagnosis", title=_("Diagnosis"), place=15)
def _diagnosis(subject: Subject) -> list[Entry]:
    rows = Diagnosis.objects.filter(person=subject.person_id)
    return [{"diagnosis": one.text or "", "recorded_at": one.recorded_at} for one in rows]


@export.section("measurements", "people.Measurement", title=_("Measurements"), place=16)
def _measurements(subject: Subject) -> list[Entry]:
    rows = Measurement.objects.filter(person=subject.person_id).order_by("measured_on", "parameter", "pk")
    return export.entries(rows, "parameter", "number", "text", "measured_on", "source")


def _representations(rows: "QuerySet[Representation]", other: str) -> Iterable[Entry]:
    for one in rows.select_related(other).order_by("since", "pk"):
        who: Person = getattr(one, other)
        yield {"who": who.full_name, **export.entry(one, "basis", "document_number", "since", "until", "revoked_at")}


@export.section("represented_by", "people.Representation", title=_("Who acts for you"), place=17)
def _represented_by(subject: Subject) -> list[Entry]:
    return list(_representations(Representation.objects.filter(represented=subject.person_id), "representative"))


@export.section("acts_for", "people.Representation", title=_("For whom you act"), place=18)
def _acts_for(subject: Subject) -> list[Entry]:
    return list(_representations(Representation.objects.filter(representative=subject.person_id), "represented"))


@export.section("consents", "people.Consent", title=_("Consents"), place=19)
def _consents(subject: Subject) -> list[Entry]:
    rows = Consent.objects.filter(person=subject.person_id).order_by("given_at", "pk")
    return export.entries(rows, "purpose", "text_version", "channel", "given_at", "withdrawn_at")


@export.section("events", "people.PersonEvent", title=_("What happened to your entry"), place=90)
def _events(subject: Subject) -> list[Entry]:
    rows = PersonEvent.objects.filter(person=subject.person_id).order_by("at", "pk")
    return [
        {
            "at": one.at,
            "kind": Word(one.kind, str(_EVENTS.get(one.kind, one.kind))),
            **export.entry(one, "desk", "channel"),
        }
        for one in rows
    ]


retention.keeps(
    "The register of people with disability, which the law asks for: as long as the register is kept.",
    "people.Person", "people.Needs", "people.Disability", "people.Diagnosis", "people.Measurement",
    "people.Representation",
)  # fmt: skip
retention.keeps("Proof of what was agreed to and when it was withdrawn.", "people.Consent")
retention.keeps("What happened to an entry: codes and ids only, append-only.", "people.PersonEvent")
