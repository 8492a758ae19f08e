"""People of whom the demo shows nothing but how long they have waited: what the public page counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Final

from django.conf import settings

from tirek.catalogue.models import Kind, OfferVersion
from tirek.core import clock, drafts, signing
from tirek.core.actors import CLOCK, Actor, Channel, Desk
from tirek.core.case import effects, workflow
from tirek.core.identifiers import Iin, Sex, synthetic_iin
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.models import Line
from tirek.orders import actions, rules
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.models import Order
from tirek.orders.requests import FORM, FORM_VERSION
from tirek.orders.signing import AGREEMENT, receipt_document
from tirek.organisations.models import Membership
from tirek.people.actions import give_consent, register_person
from tirek.people.models import Consent, Person
from tirek.people.names import Name
from tirek.site.demo.who import SEMEY, TARAZ
from tirek.site.privacy import PRIVACY_VERSION

#: Where they live: districts that the demo's importer reaches. In the last one officers order for some of them.
PLACES: Final = (TARAZ, "351000000", "431000000", "751110000", SEMEY)
NAMES: Final = (
    (Sex.MALE, "Ахметов", "Серік"),
    (Sex.FEMALE, "Ахметова", "Гүлнар"),
    (Sex.MALE, "Ким", "Юрий"),
    (Sex.FEMALE, "Ибраева", "Сәуле"),
    (Sex.MALE, "Жұмабаев", "Ерлан"),
    (Sex.FEMALE, "Петрова", "Ольга"),
    (Sex.MALE, "Оспанов", "Дәурен"),
)
#: What their programmes give, in turn: kind, quantity of the programme, size that is ordered, quantity of the order.
LINES: Final = (("GI-01", 1460, "M", 60), ("GI-03", 360, "60 × 90", 30), ("TI-09", 1, "Русский", 1))
#: How lines go, in turn: days after the step before on which it is ordered, accepted, handed over and confirmed; as
#: many of them as have happened.
WAYS: Final[tuple[tuple[int, ...], ...]] = (
    (0, 1, 4, 0),
    (2, 2, 5, 1),
    (1, 1, 7, 1),
    (5, 3, 9, 2),
    (0, 2, 3, 0),
    (9, 1, 6, 1),
    (3, 2, 12, 3),
    (21, 4, 14, 2),
    (),
    (1, 1, 2, 0),
    (12, 5, 20, 4),
)
#: Days ago on which they became entitled, in turn.
BEGAN: Final = (250, 190, 140, 95, 70, 55, 52)
_OFFICER, _COLLEAGUE, _IMPORTER = "officer@example.kz", "colleague@example.kz", "importer@example.kz"


def load() -> int:
    """Let people of each place become entitled, order and receive, each on a day of its own; returns how many."""
    ways, count = cycle(WAYS), 0
    for place in PLACES:
        for began, (sex, surname, given_name) in zip(BEGAN, NAMES, strict=True):
            count += 1
            with days_ago(began):
                person = register_person(
                    actor=CLOCK,
                    iin=Iin.parse(synthetic_iin(date(1950 + count, 3, 1 + count % 28), sex, 300 + count).digits),
                    name=Name(surname, given_name),
                    territory_code=place,
                    phone=f"+770000002{count:02}",
                    address="Абай көшесі 1",
                    language="kk" if count % 2 else "ru",
                )
                give_consent(
                    actor=recipient(person),
                    person=person,
                    purpose=Consent.Purpose.PRIVACY,
                    text_version=PRIVACY_VERSION,
                )
                lines = [LINES[count % len(LINES)], LINES[(count + 1) % len(LINES)]]
                register_programme(
                    actor=CLOCK,
                    person=person,
                    issued_by="МӘС № 1 бөлімі / Отдел МСЭ № 1",
                    issued_on=clock.today() - timedelta(days=12),
                    valid_until=clock.today() + timedelta(days=1000),
                    lines=[
                        LineGrant(kind=Kind.objects.get(code=kind), quantity=quantity, recommended={})
                        for kind, quantity, _label, _ordered in lines
                    ],
                )
            at_counter = place == SEMEY and count % 2 == 0
            for kind, _quantity, label, ordered in lines:
                line = Line.objects.get(person=person, kind_id=kind)
                _live(line, label, ordered, began, next(ways), at_counter=at_counter)
    for ago in range(BEGAN[0], 0, -10):
        with days_ago(ago):
            _sweep()
    _sweep()
    return count


def _sweep() -> None:
    """What the worker would have done by then."""
    while workflow.sweep():
        pass
    while effects.run():
        pass


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """A morning so many days ago; what follows from its acts has followed when it ends."""
    moment = datetime.combine(clock.today() - timedelta(days=days), time(10), clock.COUNTRY_ZONE)
    with clock.at(moment):
        yield
        _sweep()


def _live(line: Line, label: str, quantity: int, began: int, way: tuple[int, ...], *, at_counter: bool) -> None:
    """Let a line go its way: it is ordered, accepted, handed over and confirmed, as far as the way goes."""
    if not way:
        return
    ago = began - way[0]
    with days_ago(ago):
        order = sent(line, label, quantity, at_counter=at_counter)
    for days, step in zip(way[1:], (_accepted, _handed_over, confirmed), strict=True):
        ago -= days
        with days_ago(ago):
            order = step(order)


def _accepted(order: Order) -> Order:
    last = clock.today() + timedelta(days=order.version_of_offer.delivery_days)
    return actions.accept_order(actor=at_work(_IMPORTER), order=order, ready_on=last)


def _handed_over(order: Order) -> Order:
    code = rules.door_code(settings.SECRET_KEY, order.pk)
    numbers = f"ZH-{clock.today():%y%m}" if order.kind_code.startswith("GI") else ""
    return actions.hand_over(actor=at_work(_IMPORTER), order=order, code=code, numbers=numbers)


def at_work(email: str) -> Actor:
    """Somebody at work, by the e-mail of the account."""
    row = Membership.objects.select_related("organisation").get(user__email=email)
    at_counter = row.role == Membership.Role.OFFICER
    return Actor(
        desk=Desk.OFFICER if at_counter else Desk.SUPPLIER,
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        territory=(row.organisation.territory_id or "") if at_counter else "",
        role=row.role,
        channel=Channel.COUNTER if at_counter else Channel.WEB,
    )


def recipient(person: Person) -> Actor:
    """A person at the recipient's desk."""
    return Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")


def sent(line: Line, label: str, quantity: int, *, at_counter: bool) -> Order:
    """An order of a size, by the person or at the counter."""
    person = line.person
    sender = at_work(_OFFICER) if at_counter else recipient(person)
    version = OfferVersion.objects.filter(variant__offer__kind_id=line.kind_id, variant__label=label).order_by("pk")[0]
    values = {
        "line": str(line.pk),
        "version": str(version.pk),
        "quantity": str(quantity),
        "address": person.address,
        "phone": person.user.phone if person.user else "",
        "consent": CONSENT_VERSION,
        "fit_acknowledged": "yes",
    }
    draft = drafts.begin(sender, form=FORM, form_version=FORM_VERSION, subject_id=person.pk, values=values)
    paper = AGREEMENT.on_paper(sender, (draft, {})).pk if at_counter else None
    return actions.submit_order(actor=sender, draft_key=draft.pk, signature_id=paper)


def confirmed(order: Order) -> Order:
    """The person has received it, and has signed that on paper."""
    actor = recipient(order.person)
    signer = signing.Signer(user_id=actor.account, person_id=actor.person_id)
    paper = signing.record_paper(at_work(_COLLEAGUE), receipt_document(order), signer)
    return actions.confirm_receipt(actor=actor, order=order, signature_id=paper.pk)
