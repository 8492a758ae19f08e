"""Prepares what a story begins with, inside the installation that the browser sees: one JSON line asks, one JSON line
answers.

Run as a process of its own with the installation's environment, so that the tests and the product keep their databases
apart. Everything is made by the product's own actions.
"""

import json
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - the tables come first
from tests.kit.sign_in import new_session  # noqa: E402

from tirek.accounts.models import User  # noqa: E402
from tirek.catalogue.models import Kind, OfferVersion  # noqa: E402
from tirek.core import clock, drafts, reference  # noqa: E402
from tirek.core.actors import CLOCK, Actor, Desk  # noqa: E402
from tirek.core.case import deadlines, workflow  # noqa: E402
from tirek.core.errors import DomainError  # noqa: E402
from tirek.core.identifiers import Sex, synthetic_iin  # noqa: E402
from tirek.entitlements.actions import LineGrant, register_programme  # noqa: E402
from tirek.entitlements.models import Line  # noqa: E402
from tirek.orders import actions, rules, signing  # noqa: E402
from tirek.orders.models import Order  # noqa: E402
from tirek.orders.requests import CONSENT_VERSION, FORM, FORM_VERSION  # noqa: E402
from tirek.organisations.models import Membership  # noqa: E402
from tirek.people.actions import (  # noqa: E402
    add_representation,
    give_consent,
    record_measurement,
    register_person,
)
from tirek.people.models import Consent, Measurement, Person, Representation  # noqa: E402
from tirek.people.names import Name  # noqa: E402
from tirek.site.middleware import DESK_OF_ROLE  # noqa: E402
from tirek.site.privacy import PRIVACY_VERSION  # noqa: E402

SEMEY = "101000000"


def person(
    *,
    lines: dict[str, int],
    measured: dict[str, int],
    language: str,
    registered: bool = True,
    born: str = "1979-03-08",
    has_phone: bool = True,
) -> dict[str, str]:
    """A person of Semey with a programme; nobody else in the run is this person."""
    chance = random.SystemRandom()
    made = None
    while made is None:
        with suppress(DomainError, ValueError):
            made = register_person(
                actor=CLOCK,
                iin=synthetic_iin(
                    date.fromisoformat(born) + timedelta(days=chance.randrange(300)),
                    Sex.FEMALE,
                    chance.randrange(1, 1000),
                ),
                name=Name("Сынақова", "Айгүл", "Маратқызы"),
                territory_code=SEMEY,
                phone=f"+7700{chance.randrange(2_000_000, 9_999_999)}" if has_phone else "",
                address="Семей, Абай көшесі 10",
                language=language,
            )
    for parameter, value in measured.items():
        record_measurement(
            actor=CLOCK,
            person=made,
            parameter=parameter,
            value=Decimal(value),
            measured_on=clock.today() - timedelta(days=30),
            source=Measurement.Source.MEDICAL,
        )
    kinds = Kind.objects.in_bulk()
    if lines:
        register_programme(
            actor=CLOCK,
            person=made,
            issued_by="МӘС № 2",
            issued_on=clock.today() - timedelta(days=200),
            valid_until=clock.today() + timedelta(days=500),
            lines=[LineGrant(kind=kinds[code], quantity=quantity, recommended={}) for code, quantity in lines.items()],
        )
    if registered:
        own = Actor(desk=Desk.RECIPIENT, user_id=made.user_id, person_id=made.pk, role="recipient")
        give_consent(actor=own, person=made, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION)
        User.objects.filter(pk=made.user_id).update(first_signed_in_at=clock.now())
    return {
        "key": str(made.pk),
        "iin": made.iin,
        "phone": made.user.phone if made.user else "",
        "user": str(made.user_id),
        "lines": {line.kind_id: str(line.pk) for line in Line.objects.filter(person=made)},
    }


def representative(*, of: str, by: str) -> dict[str, str]:
    """From now on ``by`` acts for the child ``of``."""
    child = Person.objects.get(pk=of)
    add_representation(
        actor=CLOCK,
        representative=Person.objects.get(pk=by),
        represented=child,
        basis=Representation.Basis.PARENT,
        document_number="ТУ 0123456",
        since=child.birth_date,
    )
    return {}


def session(*, user: str = "", worker: str = "", shared: bool = False) -> dict[str, str]:
    """The cookie of somebody who has just signed in: a person by account, somebody at work by e-mail address."""
    who = User.objects.get(pk=user) if user else Membership.objects.get(user__email=worker)
    made = new_session(who, factor=bool(worker), shared_computer=shared)
    return {"cookie": made.session_key or ""}


def _worker(email: str) -> Actor:
    row = Membership.objects.select_related("organisation").get(user__email=email)
    desk = DESK_OF_ROLE[Membership.Role(row.role)]
    place = (row.organisation.territory_id or "") if desk is Desk.OFFICER else ""
    return Actor(desk=desk, user_id=row.user_id, organisation_id=row.organisation_id, territory=place, role=row.role)


def order(
    *, person: str, kind: str, label: str, quantity: int, until: str = "submitted", officer: str = ""
) -> dict[str, str]:
    """An order that has come as far as ``until``: submitted, accepted, handed_over, received."""
    who = Person.objects.get(pk=person)
    line = Line.objects.get(person=who, kind_id=kind)
    version = OfferVersion.objects.select_related("variant__offer__supplier").get(
        variant__offer__kind_id=kind,
        variant__label=label,
        variant__offer__supplier__organisation__name_en="Qoldau Import LLP",
    )
    values = {
        "line": str(line.pk),
        "version": str(version.pk),
        "quantity": str(quantity),
        "address": who.address,
        "phone": "+77000000001",
        "consent": CONSENT_VERSION,
        "fit_acknowledged": "yes",
    }
    sender = (
        _worker(officer)
        if officer
        else Actor(desk=Desk.RECIPIENT, user_id=who.user_id, person_id=who.pk, role="recipient")
    )
    draft = drafts.begin(sender, form=FORM, form_version=FORM_VERSION, subject_id=who.pk, values=values)
    paper = signing.AGREEMENT.on_paper(sender, (draft, {})).pk if officer else None
    made = actions.submit_order(actor=sender, draft_key=draft.pk, signature_id=paper)
    return carry(number=made.number, until=until)


def carry(*, number: str, until: str) -> dict[str, str]:
    """The importer takes an order as far as ``until``."""
    carried = Order.objects.get(number=number)
    importer = _worker("importer@example.kz")
    if until != "submitted":
        carried = actions.accept_order(actor=importer, order=carried, ready_on=clock.today() + timedelta(days=2))
    if until in {"handed_over", "received"}:
        carried = actions.hand_over(
            actor=importer, order=carried, code=rules.door_code(settings.SECRET_KEY, carried.pk)
        )
    if until == "received":
        clerk = _worker("officer@example.kz")
        paper = signing.RECEIPT.on_paper(clerk, carried)
        carried = actions.confirm_receipt(actor=clerk, order=carried, signature_id=paper.pk)
    return {"number": carried.number}


def term_passes(*, number: str) -> dict[str, str]:
    """The open terms of an order are over; the clock makes its round."""
    found = Order.objects.get(number=number)
    for owed in deadlines.open_of(found):
        deadlines.Deadline.objects.filter(pk=owed.pk).update(due_at=clock.now() - timedelta(minutes=1))
    workflow.sweep()
    found.refresh_from_db()
    return {"state": found.state}


def end_session(*, cookie: str) -> dict[str, str]:
    """The session is over, as if its time had passed."""
    import_module(settings.SESSION_ENGINE).SessionStore(cookie).delete()
    return {}


def order_count(*, person: str) -> dict[str, int]:
    """How many orders stand for a person."""
    return {"count": Order.objects.filter(person_id=person).count()}


def draft_values(*, key: str) -> dict[str, str]:
    """What a form holds."""
    return drafts.Draft.objects.get(pk=key).values()


def wake_at_night() -> dict[str, str]:
    """Text messages leave at any hour from this year on."""
    for key, minute in (("notices.sms_from", 0), ("notices.sms_until", 24 * 60)):
        now = reference.value(key, at=clock.today())
        reference.add_version(replace(now, text=str(minute), effective_from=date(clock.today().year, 1, 1)))
    return {}


COMMANDS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        *(person, representative, session, order, carry, term_passes, end_session, order_count, draft_values),
        wake_at_night,
    )
}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"ok": COMMANDS[asked["do"]](**asked["with"])}
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer = {"failed": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
