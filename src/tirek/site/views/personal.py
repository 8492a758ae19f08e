"""What is held about a person: shown, given along as a file, and the consents that can be withdrawn."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.units import unit_of
from tirek.catalogue.words import MEASUREMENTS, measured_in_words
from tirek.core import clock, languages
from tirek.core.actors import Channel
from tirek.core.errors import NotFound, Text
from tirek.core.personal import export
from tirek.core.personal.viewlog import View
from tirek.organisations.models import Organisation
from tirek.people.actions import withdraw_consent
from tirek.people.models import Consent, Person
from tirek.people.queries import consent_for, consents_of, measurements, names_of_users, person_for
from tirek.site import sessions
from tirek.site.privacy import after_withdrawal, kept_on, words_of
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import day_text, moment_text, number_text, phone_text

#: Looks at the file that the page shows; the full list stands in “everything”.
LOOKS_SHOWN: Final = 50


def _subject(request: DeskRequest) -> Person:
    if request.actor.subject_id is None:
        raise NotFound
    return person_for(request.actor, request.actor.subject_id)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the person's file: when, from which organisation, on what ground, and the reason that was given."""

    at: datetime
    place: str
    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """One consent with who gave it, in words."""

    consent: Consent
    by: Text


def _given(consents: Iterable[Consent], person: Person, reader: UUID | None) -> list[Given]:
    found = []
    for one in consents:
        if one.channel == Channel.COUNTER:
            by: Text = gettext_lazy("Officer at the counter")
        elif one.given_by is None or one.given_by == person.user_id:
            by = gettext_lazy("You yourself") if person.user_id == reader else gettext_lazy("The recipient")
        else:
            by = gettext_lazy("Representative")
        found.append(Given(one, by))
    return found


@desk("public")
@require_GET
def privacy(request: DeskRequest) -> HttpResponse:
    """What is kept about people, why, how long, and who sees it."""
    return render(request, "site/privacy.html", {"periods": kept_on(clock.today())})


@desk("recipient")
@require_GET
def my_data(request: DeskRequest) -> HttpResponse:
    """What is held about the person, in short."""
    person = _subject(request)
    measured = list(measurements(person).values())
    names = names_of_users(row.measured_by for row in measured if row.measured_by)
    looks = list(View.objects.filter(subject_id=person.pk).order_by("-at")[:LOOKS_SHOWN])
    places = Organisation.objects.in_bulk([look.organisation_id for look in looks if look.organisation_id])
    context = {
        "person": person,
        "measurements": measured_in_words(measured, names),
        "views": [
            Look(
                look.at,
                places[look.organisation_id].name if look.organisation_id in places else "",
                look.get_basis_display(),
                look.reason,
            )
            for look in looks
        ],
        "consents": _given(consents_of(person), person, request.actor.user_id),
    }
    return render(request, "site/my_data.html", context)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def consent(request: DeskRequest, key: UUID) -> HttpResponse:
    """One consent: its words, who gave it when, and the way to withdraw it."""
    found = consent_for(request.actor, key)
    if request.method == "POST":
        withdraw_consent(actor=request.actor, consent=found)
        if found.purpose == Consent.Purpose.PRIVACY:
            request.session.pop(sessions.REGISTERED, None)
        messages.success(request, _("The consent is withdrawn."))
        return redirect("entrance:my-data")
    (given,) = _given([found], found.person, request.actor.user_id)
    context = {
        "given": given,
        "channel": export.channel(found.channel).text,
        "words": words_of(found),
        "after": after_withdrawal(found),
    }
    return render(request, "site/consent.html", context)


def _held_subject(person: Person) -> export.Subject:
    return export.Subject(person_id=person.pk, user_id=person.user_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One field of what is held, in words; ``inner`` holds entries within it."""

    title: str
    text: str
    inner: list[list["Line"]]


#: A number as accounts and orders keep it.
_PHONE: Final = re.compile(r"\+\d{10,14}")


def _text(name: str, value: export.Value) -> str:
    match value:
        case bool():
            words = str(_("Yes") if value else _("No"))
        case datetime():
            words = moment_text(value)
        case date():
            words = day_text(value)
        case export.Word():
            words = capfirst(str(MEASUREMENTS.get(value.code, value.text)))
        case Decimal() | int():
            words = number_text(value).replace("-", "−")  # a minus, not a hyphen
        case str() if _PHONE.fullmatch(value):
            words = phone_text(value)
        case str() if name in {"language", "contact_language"}:
            words = dict(settings.LANGUAGES).get(value, value)
        case other:
            words = str(MEASUREMENTS.get(str(other), other)) if name == "parameter" else str(other)
    return words


def _lines(section: export.Section, entry: export.Entry) -> list[Line]:
    """An entry in words, without what is empty."""
    found = []
    for name, value in entry.items():
        if value is None or value in ("", []):
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            found.append(Line(export.title_of(section, name), "", [_lines(section, one) for one in value]))
        else:
            unit = unit_of(str(entry.get("parameter", ""))) if name == "number" else ""
            found.append(Line(export.title_of(section, name), f"{_text(name, value)} {unit}".strip(), []))
    return found


@desk("recipient")
@require_GET
def everything(request: DeskRequest) -> HttpResponse:
    """All that is held about the person, to read and to print."""
    found = export.held_about(_held_subject(_subject(request)))
    context = {
        "sections": [
            (section.title, [_lines(section, one) for one in entries]) for section, entries in found if entries
        ],
        "empty": [section.title for section, entries in found if not entries],
        "at": clock.now(),
    }
    return render(request, "site/all_data.html", context)


@desk("recipient")
@require_GET
def download(request: DeskRequest) -> HttpResponse:
    """All that is held about the person, as a file for machines."""
    told: dict[str, export.Plain] = {"exported_at": clock.now().isoformat(), "language": languages.current()}
    body = json.dumps(told | export.file_of(_held_subject(_subject(request))), ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tirek-data.json"'
    return response
