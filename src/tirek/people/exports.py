"""Everything the registers hold about one person, for that person to take along."""

from datetime import date, datetime

from django.db import models

from tirek.accounts.models import AccountEvent
from tirek.core import clock
from tirek.core.viewlog import View
from tirek.people.models import Consent, Diagnosis, Disability, Measurement, Person, PersonEvent, Representation
from tirek.people.queries import needs_of

Plain = None | bool | str | list["Plain"] | dict[str, "Plain"]


def _plain(value: object) -> Plain:
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _row(row: models.Model, *names: str) -> dict[str, Plain]:
    return {name: _plain(getattr(row, name)) for name in names}


def _rows(rows: models.QuerySet[models.Model], *names: str) -> list[Plain]:
    return [_row(row, *names) for row in rows]


def export_of(person: Person) -> dict[str, Plain]:
    """What is held about ``person`` in the registers, as plain JSON values. The caller has checked who asks."""
    user = person.user
    diagnosis = Diagnosis.objects.filter(person=person).first()
    disabilities = Disability.objects.filter(person=person).order_by("since", "pk")
    measured = Measurement.objects.filter(person=person).order_by("measured_on", "parameter", "pk")
    consents = Consent.objects.filter(person=person).order_by("given_at", "pk")
    acts_for = Representation.objects.filter(representative=person).order_by("since", "pk")
    represented_by = Representation.objects.filter(represented=person).order_by("since", "pk")
    events = PersonEvent.objects.filter(person=person).order_by("at", "pk")
    account_events = AccountEvent.objects.filter(user=user).order_by("at", "pk") if user else AccountEvent.objects.none()
    looks = View.objects.filter(subject_id=person.pk).order_by("at", "pk")
    basis = ("basis", "document_number", "since", "until", "revoked_at")
    return {
        "exported_at": clock.now().isoformat(),
        "person": {
            **_row(person, "iin", "surname", "given_name", "patronymic", "birth_date", "sex", "address", "language", "deceased_on"),
            "territory": {"code": person.territory_id, "name": person.territory.name},
        },
        "account": None if user is None else _row(user, "phone", "phone_since", "email", "language", "first_signed_in_at"),
        "needs": _row(needs_of(person), "no_voice_calls", "large_print", "easy_read", "sign_language", "contact_language"),
        "disabilities": _rows(disabilities, "group", "since", "until", "reason"),
        "diagnosis": diagnosis.text if diagnosis else None,
        "measurements": _rows(measured, "parameter", "number", "text", "measured_on", "source"),
        "consents": _rows(consents, "purpose", "text_version", "channel", "given_at", "withdrawn_at"),
        "acts_for": _rows(acts_for, "represented_id", *basis),
        "represented_by": _rows(represented_by, "representative_id", *basis),
        "events": _rows(events, "kind", "at", "desk", "channel"),
        "account_events": _rows(account_events, "kind", "at", "desk", "channel"),
        "looked_at": _rows(looks, "at", "desk", "basis", "reason"),
    }
