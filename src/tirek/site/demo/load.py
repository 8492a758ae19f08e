"""Loads the demo: people, offices, suppliers, offers, programmes, and orders in every state of the thread."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.utils import translation

from tirek.accounts.models import User
from tirek.catalogue.actions import publish_offer
from tirek.catalogue.models import Kind, KindProvision, OfferVersion
from tirek.catalogue.narrowing import Narrowed, Range
from tirek.catalogue.provision import PROVISIONS
from tirek.core import clock, drafts, signing
from tirek.core.actors import BY_FILE, CLOCK, Actor, Channel, Desk
from tirek.core.case import effects, workflow
from tirek.core.identifiers import Bin, Iban, Iin, InvalidIdentifier
from tirek.core.reference import Status
from tirek.demand.actions import keep_need
from tirek.entitlements import answers
from tirek.entitlements.actions import LineGrant, propose_correction, register_programme, submit_request
from tirek.entitlements.asking import read_asked
from tirek.entitlements.models import CorrectionRequest, Line
from tirek.insight.actions import count as count_waits
from tirek.orders import actions, rules
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.models import Order
from tirek.orders.requests import FORM, FORM_VERSION
from tirek.orders.signing import AGREEMENT, receipt_document
from tirek.organisations.actions import add_member, record_training, register_organisation
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import officers_in
from tirek.people.actions import (
    NeedsEntered,
    add_representation,
    give_consent,
    record_measurement,
    register_person,
    set_needs,
)
from tirek.people.models import Consent, Measurement, Person, Representation
from tirek.people.names import Name
from tirek.site.demo import aftercare, fitting, letters, parts, prepared, procurement, trade, waits
from tirek.site.demo.cards import admit_of_file, make_cards
from tirek.site.demo.joining import make_applications, make_checks
from tirek.site.demo.offers import OFFERS
from tirek.site.demo.who import AYAGOZ, CITIZENS, PASSWORD, SEMEY, WORKERS
from tirek.site.privacy import PRIVACY_VERSION
from tirek.suppliers.actions import register_supplier, set_account
from tirek.suppliers.models import Supplier
from tirek.suppliers.rules import BankDetails

#: How people are reached and served, as they have entered it themselves.
NEEDS: Final = {
    "blind": NeedsEntered(
        no_voice_calls=False, large_print=True, easy_read=False, sign_language=False, contact_language="ru"
    ),
    "deaf": NeedsEntered(
        no_voice_calls=True, large_print=False, easy_read=False, sign_language=True, contact_language="ru"
    ),
}
#: How long ago the offers were admitted that were there before the portal.
OFFERED_SINCE: Final = timedelta(days=200)
#: Who issued the programmes: one name for readers of every language, because a programme holds it as it was written.
ISSUER: Final = "Абай облысы бойынша МӘС № 2 бөлімі / Отдел МСЭ № 2 по области Абай"
#: The region where nobody offers vibrating alarm clocks.
ZHAMBYL: Final = "310000000"
ISSUER_OF_THE_DEAF: Final = "Жамбыл облысы бойынша МӘС № 1 бөлімі / Отдел МСЭ № 1 по Жамбылской области"
BODIES: Final = (
    (
        "abai",
        Organisation.Kind.LOCAL_BODY_REGION,
        "100000000",
        "Абай облысының жұмыспен қамту басқармасы",
        "Управление координации занятости области Абай",
        "Employment department of Abai region",
    ),
    (
        "semey",
        Organisation.Kind.LOCAL_BODY_DISTRICT,
        SEMEY,
        "Семей қаласының жұмыспен қамту бөлімі",
        "Отдел занятости города Семей",
        "Employment department of Semey",
    ),
    (
        "ayagoz",
        Organisation.Kind.LOCAL_BODY_DISTRICT,
        AYAGOZ,
        "Аягөз ауданының жұмыспен қамту бөлімі",
        "Отдел занятости Аягозского района",
        "Employment department of Ayagoz district",
    ),
    (
        "centre",
        Organisation.Kind.CENTRE,
        "",
        "Еңбек ресурстарын дамыту орталығы",
        "Центр развития трудовых ресурсов",
        "Labour Resources Development Centre",
    ),
    (
        "workshop",
        Organisation.Kind.SUPPLIER,
        SEMEY,
        "«Қадам шеберханасы» ЖШС",
        "ТОО «Мастерская Қадам»",
        "Qadam Workshop LLP",
    ),
    ("importer", Organisation.Kind.SUPPLIER, "", "«Қолдау-Импорт» ЖШС", "ТОО «Қолдау-Импорт»", "Qoldau Import LLP"),
)

#: person → lines (kind, quantity, what is asked for as a file of programmes says it)
PROGRAMMES: Final[dict[str, tuple[tuple[str, int, str], ...]]] = {
    "son": (
        ("GI-02", 1460, ""),
        ("PO-13", 1, "type=posterior!; foldable=yes"),
        ("SM-06", 1, ""),
        ("PO-05", 2, ""),
        ("PO-06", 1, ""),
        ("US-04", 240, ""),
    ),
    "blind": (("TI-01", 2, ""), ("TI-09", 1, "speech_language=ru"), ("TI-02", 1, ""), ("US-02", 8, "")),
    "pensioner": (
        ("GI-01", 1460, ""),
        ("GI-03", 360, ""),
        ("PO-12", 1, ""),
        ("PO-13", 1, ""),
        ("SM-02", 1, ""),
        ("SU-01", 1, ""),
    ),
    "deaf": (("SU-05", 1, ""), ("SU-06", 1, ""), ("US-03", 60, "")),
    "chair": (("SM-02", 1, ""), ("GI-01", 1460, ""), ("US-01", 14, "")),
}

MEASUREMENTS: Final[dict[str, dict[str, int]]] = {
    "son": {"height_cm": 121, "weight_kg": 23, "handle_height_cm": 56, "hip_cm": 26},
    "pensioner": {"height_cm": 168, "weight_kg": 74, "waist_cm": 98},
    "blind": {"height_cm": 172},
    "chair": {"height_cm": 163, "weight_kg": 58, "hip_cm": 37, "thigh_length_cm": 47},
}
#: Accounts of a bank that is none, for the demo suppliers.
ACCOUNTS: Final = ("KZ98999DEMO000000001", "KZ71999DEMO000000002")


def _bin(n: int) -> Bin:
    for last in range(10):
        try:
            return Bin.parse(f"2001400{n:04d}{last}")
        except InvalidIdentifier:
            continue
    return _bin(n + 1000)


class Demo:
    """What the demo has made so far."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.bodies: dict[str, Organisation] = {}
        self.suppliers: dict[str, Supplier] = {}
        self.staff: dict[str, Membership] = {}

    def recipient(self, key: str, behalf: str = "") -> Actor:
        """A demo person at the recipient's desk."""
        person = self.people[key]
        actor = Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")
        return actor.behalf(self.people[behalf].pk) if behalf else actor

    def worker(self, key: str) -> Actor:
        """Somebody at work."""
        row = self.staff[key]
        at_counter = row.role in {Membership.Role.OFFICER, Membership.Role.HEAD_OFFICER}
        return Actor(
            desk=Desk.OFFICER if at_counter else Desk.SUPPLIER,
            user_id=row.user_id,
            organisation_id=row.organisation_id,
            territory=(row.organisation.territory_id or "") if at_counter else "",
            role=row.role,
            channel=Channel.COUNTER if at_counter else Channel.WEB,
        )


def load() -> Iterator[tuple[str, int]]:
    """Make the demo, step by step; the caller holds the transaction."""
    demo = Demo()
    with translation.override("kk"):
        yield "people", _people(demo)
        yield "organisations", _organisations(demo)
        yield "offers", _offers(demo)
        yield "provision of kinds", _provision()
        yield "programmes", _programmes(demo)
        yield "orders", _orders(demo)
        yield "fittings", _fittings(demo)
        yield "corrections", _corrections(demo)
        yield "needs", _needs(demo)
        yield "waits", waits.load()
        yield "payments", trade.load()
        yield "faults", aftercare.load(demo.worker("importer"), demo.recipient("mother", behalf="son"))
        yield "orders of parts", parts.load(demo.worker("importer"))
        yield (
            "cards",
            make_cards(
                supplier=demo.suppliers["workshop"], seller=demo.worker("workshop"), region=demo.worker("region")
            ),
        )
        yield "applications", _applications(demo)
        yield "prepared orders", prepared.load()
        yield (
            "purchases",
            procurement.load(
                demo.people,
                region=demo.worker("region"),
                district=demo.worker("district"),
                mother=demo.recipient("mother", behalf="son"),
                maker=demo.suppliers["workshop"].organisation,
            ),
        )
        yield "letters", letters.load(demo.worker("officer"), demo.people["pensioner"])
        # what is due by now has been told, as the worker would have done
        _let_work(0)
    count_waits()


def _applications(demo: Demo) -> int:
    """Firms that join the register, and what is checked of one that is in it."""
    region = demo.worker("region")
    make_checks(supplier=demo.suppliers["workshop"], seller=demo.worker("workshop"), region=region)
    return make_applications(people=demo.recipient, region=region, bins=lambda n: _bin(n).digits)


def _people(demo: Demo) -> int:
    for one in CITIZENS:
        person = register_person(
            actor=CLOCK,
            iin=Iin.parse(one.iin),
            name=Name(one.surname, one.given_name, one.patronymic),
            territory_code=one.district,
            phone=one.phone,
            address=one.address,
            language=one.language,
        )
        demo.people[one.key] = person
        for parameter, value in MEASUREMENTS.get(one.key, {}).items():
            record_measurement(
                actor=CLOCK,
                person=person,
                parameter=parameter,
                value=Decimal(value),
                measured_on=clock.today() - timedelta(days=60),
                source=Measurement.Source.MEDICAL,
            )
        if one.phone:
            give_consent(
                actor=demo.recipient(one.key),
                person=person,
                purpose=Consent.Purpose.PRIVACY,
                text_version=PRIVACY_VERSION,
            )
            User.objects.filter(person=person).update(first_signed_in_at=clock.now())
        if one.key in NEEDS:
            set_needs(actor=demo.recipient(one.key), person=person, needs=NEEDS[one.key])
    for one in CITIZENS:
        if one.represents:
            add_representation(
                actor=CLOCK,
                representative=demo.people[one.represents],
                represented=demo.people[one.key],
                basis=Representation.Basis.PARENT,
                document_number="ТУ 0123456",
                since=one.born,
            )
    return len(CITIZENS)


def _organisations(demo: Demo) -> int:
    for n, (key, kind, place, kk, ru, en) in enumerate(BODIES, start=1):
        demo.bodies[key] = register_organisation(
            actor=CLOCK,
            kind=kind,
            number=_bin(n),
            name_kk=kk,
            name_ru=ru,
            name_en=en,
            active_from=date(2020, 1, 1),
            territory_code=place,
        )
    for n, worker in enumerate(WORKERS, start=1):
        user = User.objects.create_user(
            email=worker.email, name=worker.name, password=PASSWORD, phone=f"+7700000010{n}"
        )
        demo.staff[worker.key] = add_member(
            actor=CLOCK,
            user=user,
            organisation=demo.bodies[worker.organisation],
            role=worker.role,
            since=date(2024, 1, 1),
        )
    for key in ("officer", "region"):
        office = demo.staff[key].organisation
        record_training(
            actor=CLOCK,
            organisation=office,
            members=officers_in(office.pk).values_list("pk", flat=True),
            on=date(2024, 1, 22),
        )
    for n, key in enumerate(("workshop", "importer"), start=1):
        demo.suppliers[key] = register_supplier(
            actor=CLOCK,
            organisation=demo.bodies[key],
            registered_on=date(2024, 2, 1),
            conclusion_number=f"{n}-2024",
            conclusion_on=date(2024, 1, 25),
            contact_phone=f"+7722200000{n}",
            supplies=["goods"],
        )
        details = BankDetails(Iban.parse(ACCOUNTS[n - 1]), "«Демо Банк»", "DEMOKZKA", "17")
        set_account(actor=CLOCK, supplier=demo.suppliers[key], details=details)
    return len(BODIES)


def _offers(demo: Demo) -> int:
    by_file = Actor(desk=Desk.ADMIN, user_id=demo.staff["admin"].user_id, role=BY_FILE)
    for n, (supplier, kind, card) in enumerate(OFFERS, start=1):
        made = publish_offer(
            actor=CLOCK, supplier=demo.suppliers[supplier], kind=Kind.objects.get(code=kind), card=card
        )
        with clock.at(clock.now() - OFFERED_SINCE):
            admit_of_file(offer=made, seller=demo.worker(supplier), administrator=by_file, number=f"{n}-2025")
    return len(OFFERS)


def _provision() -> int:
    """A kind that nobody offers in one region, so that its local body buys it, and one that opens in a region later."""
    today = clock.today()
    bought = KindProvision(
        kind_id="SU-06",
        region_code=ZHAMBYL,
        way=KindProvision.Way.PROCUREMENT,
        conclusion_number="14-2026",
        conclusion_on=today - timedelta(days=40),
        effective_from=today - timedelta(days=30),
        citation=(
            "Social Code art. 169(1): what nobody offers on the portal, by the commission's conclusion, is bought by "
            "public procurement"
        ),
        status=Status.DEMO,
    )
    opens = KindProvision(
        kind_id="US-01",
        region_code="100000000",
        way=KindProvision.Way.PORTAL,
        effective_from=today + timedelta(days=45),
        citation="Services are arranged by the local department until they can be ordered here (demo value)",
        status=Status.DEMO,
    )
    for row in (bought, opens):
        PROVISIONS.amend(actor=CLOCK, row=row, reason="Демо / Demo")
    return 2


def _programmes(demo: Demo) -> int:
    kinds = Kind.objects.in_bulk()
    today = clock.today()
    for key, lines in PROGRAMMES.items():
        with clock.at(clock.now() - timedelta(days=63 if key == "chair" else 16)):
            register_programme(
                actor=CLOCK,
                person=demo.people[key],
                issued_by=ISSUER_OF_THE_DEAF if key == "deaf" else ISSUER,
                issued_on=today - timedelta(days=200),
                valid_until=today + timedelta(days=530),
                lines=[
                    LineGrant(kind=kinds[code], quantity=quantity, recommended=asked.recommended, must=asked.must)
                    for code, quantity, text in lines
                    for asked in (read_asked(code, text),)
                ],
            )
    for days in (33, 18, 8):
        _let_work(days)
    return len(PROGRAMMES)


def _let_work(days_ago: int) -> None:
    """What the worker would have done by that day: reminders, terms that passed, what follows from events."""
    with clock.at(clock.now() - timedelta(days=days_ago)):
        workflow.sweep()
        effects.run()


def _phone_of(sender: Actor, person: Person) -> str:
    """The phone of who sends an order; what the office enters is delivered by the recipient's own."""
    account = person.user_id if sender.desk is Desk.OFFICER else sender.user_id
    return User.objects.values_list("phone", flat=True).get(pk=account or "")


def _order(demo: Demo, who: str, kind: str, label: str, quantity: int, *, actor: Actor | None = None) -> Order:
    person = demo.people[who]
    line = Line.objects.get(person=person, kind_id=kind)
    version = OfferVersion.objects.filter(variant__offer__kind_id=kind, variant__label=label).order_by("pk")[0]
    sender = actor or demo.recipient(who)
    values = {
        "line": str(line.pk),
        "version": str(version.pk),
        "quantity": str(quantity),
        "address": person.address,
        "phone": _phone_of(sender, person),
        "consent": CONSENT_VERSION,
        "fit_acknowledged": "yes",
    }
    draft = drafts.begin(sender, form=FORM, form_version=FORM_VERSION, subject_id=person.pk, values=values)
    paper = AGREEMENT.on_paper(sender, (draft, {})).pk if sender.desk is Desk.OFFICER else None
    return actions.submit_order(actor=sender, draft_key=draft.pk, signature_id=paper)


def _hand_over(demo: Demo, order: Order, by: str, numbers: str = "") -> Order:
    code = rules.door_code(settings.SECRET_KEY, order.pk)
    return actions.hand_over(actor=demo.worker(by), order=order, code=code, numbers=numbers)


def _orders(demo: Demo) -> int:
    start = datetime.combine(clock.today() - timedelta(days=14), time(10, 0), clock.COUNTRY_ZONE)
    mother = demo.recipient("mother", behalf="son")
    with clock.at(start):
        received = _order(demo, "son", "GI-02", "6 (16–30)", 120, actor=mother)
        confirming = _order(demo, "blind", "TI-01", "120", 1)
    with clock.at(start + timedelta(days=1)):
        received = actions.accept_order(
            actor=demo.worker("importer"), order=received, ready_on=clock.today() + timedelta(days=5)
        )
        confirming = actions.accept_order(
            actor=demo.worker("importer"), order=confirming, ready_on=clock.today() + timedelta(days=4)
        )
    with clock.at(start + timedelta(days=5)):
        received = _hand_over(demo, received, "importer", f"BL-2611; 120; 31.12.{clock.today().year + 2}")
        signature = signing.record_paper(
            demo.worker("district"),
            receipt_document(received),
            signing.Signer(user_id=mother.account, person_id=mother.person_id),
        )
        actions.confirm_receipt(actor=mother, order=received, signature_id=signature.pk)
    with clock.at(clock.now() - timedelta(days=6)):
        declined = _order(demo, "chair", "SM-02", "42", 1)
        on_the_way = _order(demo, "pensioner", "GI-03", "60 × 90", 60, actor=demo.worker("officer"))
    with clock.at(clock.now() - timedelta(days=4)):
        actions.decline_order(actor=demo.worker("workshop"), order=declined, reason=Order.DeclineReason.CAPACITY)
        on_the_way = actions.accept_order(
            actor=demo.worker("importer"), order=on_the_way, ready_on=clock.today() + timedelta(days=5)
        )
    with clock.at(clock.now() - timedelta(days=1)):
        actions.dispatch_order(actor=demo.worker("importer"), order=on_the_way)
        _hand_over(demo, confirming, "importer")
        asked = _order(demo, "pensioner", "PO-12", "75–98", 1)
        waiting = _order(demo, "son", "PO-13", "2 (105–135)", 1, actor=mother)
    entrance = "Қай кіреберіс, лифт бар ма? / Какой подъезд, есть ли лифт?"
    actions.ask_question(actor=demo.worker("workshop"), order=asked, field=Order.Asked.ADDRESS, words=entrance)
    _let_work(0)
    _waiting_draft(demo)
    return Order.objects.filter(pk__lte=waiting.pk).count()


def _fittings(demo: Demo) -> int:
    """A wheelchair whose time of fitting is to be chosen, and a walker that was fitted and is made now."""
    with clock.at(clock.now() - timedelta(days=2)):
        chair = _order(demo, "pensioner", "SM-02", "42", 1)
        walker = _order(demo, "pensioner", "PO-13", "M", 1)
    with clock.at(clock.now() - timedelta(days=1)):
        chair, walker = _accepted(demo, chair), _accepted(demo, walker)
        first = datetime.combine(clock.today() + timedelta(days=4), time(10), clock.COUNTRY_ZONE)
        fitting.propose(chair, _seller(demo, chair), first)
        fitting.fit(walker, seller=_seller(demo, walker), person=demo.recipient("pensioner"))
    _let_work(0)
    return 2


def _accepted(demo: Demo, order: Order) -> Order:
    """Accepted, and paid where a part is the person's."""
    seller = _seller(demo, order)
    order = actions.accept_order(actor=seller, order=order, ready_on=clock.today() + timedelta(days=5))
    if order.state == Order.State.AWAITING_TOP_UP:
        order = actions.record_top_up(actor=seller, order=order, receipt="№ 17")
    return order


def _seller(demo: Demo, order: Order) -> Actor:
    """Who works at the supplier of an order."""
    key = next(key for key, one in demo.staff.items() if one.organisation_id == order.organisation_id)
    return demo.worker(key)


def _waiting_draft(demo: Demo) -> None:
    """A form that the villager began and handed to the office of the district."""
    actor = demo.recipient("mother", behalf="son")
    person = demo.people["son"]
    line = Line.objects.get(person=person, kind_id="GI-02")
    version = OfferVersion.objects.get(variant__label="7 (20–36)")
    values = {
        "line": str(line.pk),
        "version": str(version.pk),
        "quantity": "60",
        "address": person.address,
        "phone": "",
    }
    draft = drafts.begin(
        actor, form=FORM, form_version=FORM_VERSION, subject_id=person.pk, values=values, step="delivery"
    )
    drafts.hand_to_office(actor, draft.pk, territory_code=person.territory_id)


def _needs(demo: Demo) -> int:
    """What somebody looked for among the offers and did not find."""
    line = Line.objects.get(person=demo.people["chair"], kind_id="SM-02")
    sought = Narrowed(ranges={"seat_width_cm": Range(Decimal(36), Decimal(38))})
    keep_need(
        actor=demo.recipient("chair"),
        line=line,
        sought=sought,
        words="Отырғышы тар, үйдің есігінен өтетін арба керек.",
        wants_notice=True,
    )
    return 1


def _corrections(demo: Demo) -> int:
    """A question of the villager that waits for its answer, and a correction that waits for its second officer."""
    mother, son, pensioner = demo.recipient("mother", behalf="son"), demo.people["son"], demo.people["pensioner"]
    asked = {
        "line": str(Line.objects.get(person=son, kind_id="GI-02").pk),
        "kind": "",
        "wrong": CorrectionRequest.Wrong.QUANTITY,
        "words": "Дәрігер күніне бес жөргек жазды, ал бағдарламада төртеу ғана тұр.",
    }
    draft = drafts.begin(
        mother, form=answers.REQUEST_FORM, form_version=answers.FORM_VERSION, subject_id=son.pk, values=asked
    )
    submit_request(actor=mother, draft_key=draft.pk)
    line = Line.objects.get(person=pensioner, kind_id="GI-03")
    proposed = {
        "programme": str(line.programme_id),
        "line": str(line.pk),
        "kind": "",
        "amount": "60",
        "reason": "Көшіру кезінде екі айдың саны түсіп қалған.",
        "document": "№ 214-қ",
        "request": "",
    }
    officer = demo.worker("officer")
    draft = drafts.begin(officer, form=answers.CORRECTION_FORM, form_version=answers.FORM_VERSION, values=proposed)
    propose_correction(actor=officer, draft_key=draft.pk)
    return 2
