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
from io import BytesIO
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402 - the tables come first
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from PIL import Image  # noqa: E402
from tests.kit.sign_in import new_session  # noqa: E402

from tirek.accounts.models import User  # noqa: E402
from tirek.aftercare.actions import tell_holders  # noqa: E402
from tirek.catalogue.actions import admissions  # noqa: E402
from tirek.catalogue.actions import offers as cards  # noqa: E402
from tirek.catalogue.actions.documents import Paper, add_document, expire_offer, warn_of_end  # noqa: E402
from tirek.catalogue.documents import NEEDED  # noqa: E402
from tirek.catalogue.models import Kind, Offer, OfferDocument, OfferVersion, ProvisionChannel  # noqa: E402
from tirek.catalogue.narrowing import Narrowed  # noqa: E402
from tirek.catalogue.rules import VariantCard  # noqa: E402
from tirek.core import clock, drafts, reference  # noqa: E402
from tirek.core.actors import CLOCK, Actor, Desk  # noqa: E402
from tirek.core.case import deadlines, effects, workflow  # noqa: E402
from tirek.core.errors import DomainError, StaleState  # noqa: E402
from tirek.core.identifiers import Bin, Sex, synthetic_iin  # noqa: E402
from tirek.demand.actions import keep_need  # noqa: E402
from tirek.entitlements.actions import LineGrant, register_programme  # noqa: E402
from tirek.entitlements.models import Line, OrderingTerm  # noqa: E402
from tirek.letters.actions import gather  # noqa: E402
from tirek.letters.models import Envelope  # noqa: E402
from tirek.notices.actions import deliver  # noqa: E402
from tirek.notices.models import Delivery, Route  # noqa: E402
from tirek.orders import actions, rules, signing  # noqa: E402
from tirek.orders.fittings import Place, Time  # noqa: E402
from tirek.orders.items import numbering  # noqa: E402
from tirek.orders.models import Order  # noqa: E402
from tirek.orders.numbers import SERIAL  # noqa: E402
from tirek.orders.requests import CONSENT_VERSION, FORM, FORM_VERSION  # noqa: E402
from tirek.organisations.models import Membership, Organisation  # noqa: E402
from tirek.parts.actions import add_fits, keep_part  # noqa: E402
from tirek.people.actions import (  # noqa: E402
    add_representation,
    give_consent,
    record_measurement,
    register_person,
    tell_of_majority,
)
from tirek.people.models import Consent, Measurement, Person, Representation  # noqa: E402
from tirek.people.names import Name  # noqa: E402
from tirek.prepared.actions import prepare  # noqa: E402
from tirek.procurement import actions as procurement  # noqa: E402
from tirek.procurement import queries as bought  # noqa: E402
from tirek.procurement import signing as bought_signing  # noqa: E402
from tirek.procurement.models import Lot, Purchase  # noqa: E402
from tirek.procurement.rules import Contract  # noqa: E402
from tirek.site.middleware import DESK_OF_ROLE  # noqa: E402
from tirek.site.privacy import PRIVACY_VERSION  # noqa: E402
from tirek.suppliers.queries import supplier_of  # noqa: E402

SEMEY, REGION = "101000000", "100000000"


def person(
    *,
    lines: dict[str, int],
    measured: dict[str, int],
    language: str,
    registered: bool = True,
    born: str = "",
    spread: int = 300,
    has_phone: bool = True,
    place: str = SEMEY,
    address: str = "Семей, Абай көшесі 10",
) -> dict[str, str]:
    """A person, of Semey unless told otherwise, with a programme; nobody else in the run is this person. Who is born on
    a day is so within ``spread`` days.
    """
    chance = random.SystemRandom()
    made, days = None, spread if born else 9000
    while made is None:
        with suppress(DomainError, ValueError):
            made = register_person(
                actor=CLOCK,
                iin=synthetic_iin(
                    # namesakes are told apart by their birthdays
                    date.fromisoformat(born or "1970-03-08") + timedelta(days=chance.randrange(days)),
                    Sex.FEMALE,
                    chance.randrange(1, 1000),
                ),
                name=Name("Сынақова", "Айгүл", "Маратқызы"),
                territory_code=place,
                phone=f"+7700{chance.randrange(2_000_000, 9_999_999)}" if has_phone else "",
                address=address,
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
    if lines:
        _programme(made, lines, days_old=200)
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


def _programme(made: Person, lines: dict[str, int], *, days_old: int) -> None:
    kinds = Kind.objects.in_bulk()
    register_programme(
        actor=CLOCK,
        person=made,
        issued_by="МӘС № 2",
        issued_on=clock.today() - timedelta(days=days_old),
        valid_until=clock.today() + timedelta(days=500),
        lines=[LineGrant(kind=kinds[code], quantity=quantity, recommended={}) for code, quantity in lines.items()],
    )


def renewed(*, person: str, kind: str, quantity: int) -> dict[str, str]:
    """A newer programme of somebody gives a kind anew."""
    for _try in range(10):
        # the worker may carry the older one on at the same moment
        with suppress(StaleState):
            _programme(Person.objects.get(pk=person), {kind: quantity}, days_old=0)
            break
    line = Line.objects.filter(person=person, kind_id=kind).latest("created_at")
    return {"line": str(line.pk)}


def representative(*, of: str, by: str, days_ago: int = 0) -> dict[str, str]:
    """``by`` acts for the child ``of``; entered so many days ago."""
    child = Person.objects.get(pk=of)
    with clock.at(clock.now() - timedelta(days=days_ago)):
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
    *,
    person: str,
    kind: str,
    label: str,
    quantity: int,
    until: str = "submitted",
    officer: str = "",
    parent: str = "",
    numbers: str = "",
) -> dict[str, str]:
    """An order that has come as far as ``until``: submitted, accepted, handed_over, received. It is sent by the person,
    by an officer, or by a parent.
    """
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
    sender = Actor(desk=Desk.RECIPIENT, user_id=who.user_id, person_id=who.pk, role="recipient")
    if officer:
        sender = _worker(officer)
    elif parent:
        acting = Person.objects.get(pk=parent)
        sender = replace(sender, user_id=acting.user_id, person_id=acting.pk, on_behalf_of=who.pk)
    draft = drafts.begin(sender, form=FORM, form_version=FORM_VERSION, subject_id=who.pk, values=values)
    paper = signing.AGREEMENT.on_paper(sender, (draft, {})).pk if officer else None
    made = actions.submit_order(actor=sender, draft_key=draft.pk, signature_id=paper)
    return carry(number=made.number, until=until, numbers=numbers)


def _numbers(kind: str, case: str, quantity: int) -> str:
    """Numbers that goods of a case may have."""
    if kind.startswith("GI"):
        # a batch of its own: what another story holds back is none of its
        return f"ZH-{case}"
    is_serial = numbering(kind, at=clock.today()) == SERIAL
    return "\n".join(f"{case}-{n}" for n in range(quantity)) if is_serial else ""


def carry(*, number: str, until: str, numbers: str = "") -> dict[str, str]:
    """The importer takes an order as far as ``until``."""
    carried = Order.objects.get(number=number)
    importer = _worker("importer@example.kz")
    if until != "submitted":
        carried = actions.accept_order(actor=importer, order=carried, ready_on=clock.today() + timedelta(days=2))
    if until in {"handed_over", "received"}:
        code = rules.door_code(settings.SECRET_KEY, carried.pk)
        told = numbers or _numbers(carried.kind_code, number, carried.quantity)
        carried = actions.hand_over(actor=importer, order=carried, code=code, numbers=told)
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


def fitting_comes(*, number: str) -> dict[str, str]:
    """The hour of an arranged fitting has come: of an order, or of a purchase."""
    found = Order.objects.filter(number=number).first() or Purchase.objects.get(number=number)
    arranged = found.fittings.filter(outcome="")
    assert arranged.update(at=clock.now() - timedelta(minutes=1)) == 1
    return {}


def end_session(*, cookie: str) -> dict[str, str]:
    """The session is over, as if its time had passed."""
    import_module(settings.SESSION_ENGINE).SessionStore(cookie).delete()
    return {}


def order_count(*, person: str) -> dict[str, int]:
    """How many orders stand for a person."""
    return {"count": Order.objects.filter(person_id=person).count()}


def orders_of(*, person: str) -> dict[str, str]:
    """The state of each order of a person, by number."""
    return dict(Order.objects.filter(person_id=person).values_list("number", "state"))


def draft_values(*, key: str) -> dict[str, str]:
    """What a form holds."""
    return drafts.Draft.objects.get(pk=key).values()


def wake_at_night() -> dict[str, str]:
    """Text messages leave at any hour from this year on."""
    for key, minute in (("notices.sms_from", 0), ("notices.sms_until", 24 * 60)):
        now = reference.value(key, at=clock.today())
        reference.add_version(replace(now, text=str(minute), effective_from=date(clock.today().year, 1, 1)))
    return {}


def prepared(*, line: str) -> dict[str, str]:
    """What is prepared of a line by night."""
    (made,) = prepare([UUID(line)])
    return {"key": str(made.pk)}


def posted(*, person: str) -> dict[str, str]:
    """A letter to somebody that was posted today."""
    who = Person.objects.get(pk=person)
    made = Envelope.objects.create(
        person=who,
        day=clock.today(),
        territory_code=who.territory_id,
        address=who.address,
        language=who.language,
        state=Envelope.State.POSTED,
        posted_on=clock.today(),
    )
    return {"key": str(made.pk)}


def letters_are_gathered(*, person: str) -> dict[str, str]:
    """What somebody was told goes into the envelope of today, as every morning."""
    effects.run()
    made = gather(Person.objects.get(pk=person))
    assert made is not None
    return {"key": str(made.pk)}


def purchase(*, person: str, kind: str, is_fitted: bool) -> dict[str, str]:
    """What the local body buys for a person: a need that waits for a lot, or under contract with times to choose."""
    who = Person.objects.get(pk=person)
    # the worker of the installation may have recorded it already
    with suppress(DomainError):
        procurement.record_need(actor=CLOCK, line_id=Line.objects.get(person=who, kind_id=kind).pk)
    made = bought.open_of(who.pk, kind)
    assert made is not None
    if not is_fitted:
        return {"number": made.number, "lot": ""}
    region, now = _worker("region@example.kz"), clock.now()
    with suppress(DomainError):
        procurement.announce_lot(
            actor=region,
            kind=Kind.objects.get(code=kind),
            announcement="100",
            announced_on=clock.today(),
            planned=Decimal(100_000),
            count=bought.free_of(region, kind, [], now).count(),
            places=[],
            shown_at=now,
        )
    made.refresh_from_db()
    lot = Lot.objects.get(purchases=made)
    contract = Contract(
        supplier=Bin.parse(Organisation.objects.get(name_en="Qadam Workshop LLP").bin),
        name="",
        phone="+77222000012",
        number="26-1",
        concluded_on=clock.today(),
        deliver_until=clock.today() + timedelta(days=60),
        price=Decimal(100_000),
    )
    with suppress(DomainError):
        procurement.conclude_lot(actor=region, lot=lot, contract=contract)
    made.refresh_from_db()
    at = clock.now() + timedelta(days=3)
    times = [Time(at, Place.SUPPLIER, "Семей, Абай көшесі 5", "Пандус бар"), Time(at + timedelta(days=1), Place.HOME)]
    procurement.propose_times(actor=_worker("officer@example.kz"), purchase=made, times=times)
    return {"number": made.number, "lot": lot.number}


def receive_purchase(*, number: str) -> dict[str, str]:
    """What is bought, with times that are named, is chosen, fitted, handed over and received."""
    made, officer = Purchase.objects.get(number=number), _worker("officer@example.kz")
    made = procurement.choose_time(actor=officer, purchase=made, choice="1-0")
    fitting_comes(number=number)
    made = procurement.hold_fitting(actor=officer, purchase=made, measured={})
    told = _numbers(made.kind_id, number, made.quantity)
    made = procurement.hand_over(actor=officer, purchase=made, numbers=told, maker="Орто")
    colleague = _worker("colleague@example.kz")
    paper = bought_signing.RECEIPT.on_paper(colleague, made)
    procurement.receive(actor=colleague, purchase=made, signature_id=paper.pk)
    return {}


def holders_are_told() -> dict[str, str]:
    """Everybody who has goods of a recall is told now, and not a minute later."""
    while tell_holders():
        pass
    effects.run()
    return {}


def needs(*, kind: str, span: str, measured: int, people: int) -> dict[str, str]:
    """People of Semey looked for a size for a measurement and did not find it."""
    sought = Narrowed(spans={span: Decimal(measured)})
    for _n in range(people):
        made = person(lines={kind: 100}, measured={}, language="kk")
        line = Line.objects.select_related("person", "kind").get(person_id=made["key"], kind_id=kind)
        keep_need(actor=CLOCK, line=line, sought=sought, words="", wants_notice=False)
    return {}


def part(*, article: str, kind: str) -> dict[str, str]:
    """A part on the importer's list, named by its article number, that fits all its goods of a kind."""
    seller = _worker("importer@example.kz")
    given = dict.fromkeys(("description_kk", "description_ru", "description_en"), "") | {
        "article": article,
        "sort": "spare",
        **{f"name_{language}": article for language in ("kk", "ru", "en")},
        "price": Decimal(900),
        "stock": 20,
        "delivery_days": 5,
        "is_covered": True,
        "sold_from": clock.today(),
        "sold_until": None,
    }
    made = keep_part(actor=seller, part=None, given=given)
    offers = Offer.objects.filter(supplier=supplier_of(seller), kind=kind).exclude(state__in=Offer.BEFORE)
    add_fits(actor=seller, part=made, fits=[f"offer:{one.pk}" for one in offers])
    return {"key": str(made.pk)}


def offer(*, kind: str, name: str, price: int) -> dict[str, str]:
    """An offer of the importer that the commission has admitted, with one size, "M", in Abai region."""
    seller, region = _worker("importer@example.kz"), _worker("region@example.kz")
    made = cards.make_draft(actor=seller, supplier=supplier_of(seller), kind=Kind.objects.get(code=kind))
    words = {"name_kk": name, "name_ru": name, "description_kk": "Жеңіл", "description_ru": "Лёгкий"}
    terms = {"maker": "Ertis", "country": "KZ", "warranty_months": 12, "delivery_days": 7, "delivers_to": [REGION]}
    cards.write_card(actor=seller, offer=made, given=words | terms)
    cards.write_size(actor=seller, offer=made, card=VariantCard("M", Decimal(price), 40, {}))
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    for sort in (*NEEDED, OfferDocument.Sort.CERTIFICATE):
        paper = Paper(sort, "KZ-1", clock.today() - timedelta(days=300), clock.today() + timedelta(days=300))
        upload = SimpleUploadedFile("paper.png", drawn.getvalue(), "image/png")
        add_document(actor=seller, offer=made, paper=paper, upload=upload)
    sent = admissions.pass_on(actor=region, admission=admissions.send_offer(actor=seller, offer=made))
    admissions.admit_offer(actor=region, admission=sent, conclusion_number="17", conclusion_on=clock.today())
    return {"key": str(made.pk), "size": str(made.variants.get().pk)}


def certificate_ends(*, offer: str, in_days: int) -> dict[str, str]:
    """The certificate of an offer has its last day in so many days, and the clock makes its round."""
    ending = OfferDocument.objects.get(offer=offer, sort=OfferDocument.Sort.CERTIFICATE, number="KZ-1")
    OfferDocument.objects.filter(pk=ending.pk).update(valid_until=clock.today() + timedelta(days=in_days))
    warn_of_end(ending.pk)
    expire_offer(UUID(offer))
    effects.run()
    return {"state": Offer.objects.get(pk=offer).state}


def parents_order(*, child: str, parent: str, kind: str, label: str, quantity: int) -> dict[str, str]:
    """An order that a parent sent for a child the day before yesterday."""
    with clock.at(clock.now() - timedelta(days=2)):
        return order(person=child, parent=parent, kind=kind, label=label, quantity=quantity)


def birthdays() -> dict[str, str]:
    """Who came of age is looked for, as every morning."""
    tell_of_majority()
    effects.run()
    return {}


def employer_pays(*, person: str, kind: str) -> dict[str, str]:
    """A newer programme of somebody gives a kind for which the employer pays."""
    register_programme(
        actor=CLOCK,
        person=Person.objects.get(pk=person),
        issued_by="МӘС № 2",
        issued_on=clock.today(),
        valid_until=clock.today() + timedelta(days=500),
        lines=[LineGrant(Kind.objects.get(code=kind), 1460, {}, channel=ProvisionChannel.EMPLOYER)],
    )
    return {"line": str(Line.objects.filter(person=person, kind_id=kind).latest("created_at").pk)}


def ordering_term_passes(*, line: str) -> dict[str, str]:
    """The two months to order an item are over."""
    found = OrderingTerm.objects.get(line=line)
    OrderingTerm.objects.filter(pk=found.pk).update(order_by=clock.today() - timedelta(days=1))
    lapsing = deadlines.open_of(found)
    deadlines.Deadline.objects.filter(pk__in=[one.pk for one in lapsing if one.otherwise == "lapse"]).update(
        due_at=clock.now() - timedelta(minutes=1)
    )
    workflow.sweep()
    effects.run()
    found.refresh_from_db()
    return {"state": found.state}


def message_fails(*, user: str) -> dict[str, str]:
    """The provider has refused the newest text message to somebody."""
    effects.run()
    deliver()
    newest = Delivery.objects.filter(notice__user_id=user, channel=Route.SMS).latest("created_at")
    Delivery.objects.filter(pk=newest.pk).update(state=Delivery.State.FAILED, problem="undeliverable")
    return {"address": newest.address, "template": newest.notice.template}


COMMANDS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        *(person, representative, session, order, carry, term_passes, fitting_comes, end_session, order_count),
        *(orders_of, draft_values, wake_at_night, prepared, posted, letters_are_gathered, purchase, receive_purchase),
        *(needs, part, renewed, holders_are_told, offer, certificate_ends, parents_order, birthdays, message_fails),
        *(ordering_term_passes, employer_pays),
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
