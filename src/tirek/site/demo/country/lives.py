"""Lives of people who order, acted out once by the product's own actions: what a country is copied from."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tirek.accounts.models import User
from tirek.catalogue.models import Kind, OfferVersion
from tirek.core import clock, drafts, signing
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import effects, workflow
from tirek.core.identifiers import Iin, Sex, synthetic_iin
from tirek.entitlements import answers
from tirek.entitlements.actions import (
    LineGrant,
    propose_correction,
    record_call,
    register_programme,
    submit_request,
)
from tirek.entitlements.models import Line, OrderingTerm
from tirek.notices.models import Notice
from tirek.orders import actions, rules
from tirek.orders.forms.person import CONSENT_VERSION
from tirek.orders.items import numbering
from tirek.orders.models import Order
from tirek.orders.numbers import SERIAL
from tirek.orders.requests import FORM, FORM_VERSION
from tirek.orders.signing import receipt_document
from tirek.organisations.models import Membership
from tirek.people.actions import add_representation, give_consent, record_measurement, register_person
from tirek.people.models import Consent, Measurement, Person, Representation
from tirek.people.names import Name
from tirek.reimbursements import actions as payments
from tirek.reimbursements.models import Claim
from tirek.site.demo.fitting import fit, measures, propose
from tirek.site.demo.who import SEMEY
from tirek.site.privacy import PRIVACY_VERSION

#: Where every life is acted out; copied, it happens in any district.
PLACE: Final = SEMEY
#: Days ago on which a programme comes to the portal.
BEGINS: Final = 110
State = Order.State
Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One order of a life.

    Attributes:
        kind: code of the kind.
        label: size or model of a demo offer.
        quantity: units.
        ago: days ago on which it is sent.
        way: how it goes (``_WAYS``).
    """

    kind: str
    label: str
    quantity: int
    ago: int
    way: str


@dataclass(frozen=True, slots=True)
class Life:
    """A person, or a child with the one who represents it, from the registration to yesterday.

    Attributes:
        weight: of so many lives in 1,000 it is this one.
        lines: of the programme: kind, quantity.
        orders: in time.
        begins: days ago on which the programme comes to the portal.
        also: what happens besides.
        has_representative: whether somebody acts for the person.
    """

    weight: int
    lines: tuple[tuple[str, int], ...]
    orders: tuple[Act, ...] = ()
    begins: int = BEGINS
    also: str = ""
    has_representative: bool = False


_CARE: Final = (("GI-01", 1460), ("GI-03", 360))
_BLIND: Final = (("TI-01", 2), ("TI-09", 1))
_CHAIR: Final = (("SM-02", 1), ("GI-01", 1460))


def _care(*agos: int, way: str = "received") -> tuple[Act, ...]:
    return tuple(Act("GI-01", "M", 30, ago, way) for ago in agos)


#: Ways of an order that end before its goods were fitted.
_NOT_FITTED: Final = frozenset({"fitting awaited", "times named", "fitting arranged", "measured"})
_BEFORE: Final = _care(100, 72, 44)


def _last(way: str, ago: int) -> tuple[Act, ...]:
    return (*_BEFORE, *_care(ago, way=way))


LIVES: Final = (
    Life(
        320,
        _CARE,
        (
            *_care(105, 80, 55, 25),
            Act("GI-03", "60 × 90", 30, 60, "received"),
        ),
    ),
    Life(
        180,
        _BLIND,
        (
            Act("TI-01", "120", 1, 100, "received"),
            Act("TI-01", "130", 1, 60, "declined"),
            Act("TI-01", "130", 1, 50, "received"),
            Act("TI-09", "Русский", 1, 80, "received"),
        ),
    ),
    Life(120, _CHAIR, (Act("SM-02", "42", 1, 100, "received"), *_care(90, 50, 20), *_care(40, way="cancelled"))),
    Life(40, _CARE, (*_care(100, 60), *_care(80, way="lapsed"), *_care(40, way="taken back")), has_representative=True),
    Life(70, _BLIND, also="called"),
    Life(30, _BLIND, begins=20),
    Life(10, _BLIND, also="to call"),
    Life(35, _CARE, _last("submitted", 1)),
    Life(40, _CARE, _last("accepted", 4)),
    Life(30, _CARE, _last("in preparation", 5)),
    Life(35, _CARE, _last("on the way", 5)),
    Life(25, _CARE, _last("awaiting", 6), has_representative=True),
    Life(8, _CARE, _last("late", 12)),
    Life(6, _CARE, _last("refused", 7)),
    Life(6, _CARE, _last("reminded", 20)),
    Life(3, _CARE, _last("asked", 3)),
    Life(2, _CARE, _last("disputed", 8)),
    Life(2, _CARE, _last("to be replaced", 8)),
    Life(3, _CARE, _last("in parts", 9)),
    *(
        Life(2, _CHAIR, (Act("SM-02", "42", 1, 3, way),), begins=20)
        for way in ("fitting awaited", "times named", "fitting arranged", "measured")
    ),
    # the local body buys the alarm clock: its need is recorded with the programme and waits for a lot
    Life(15, (*_CARE, ("SU-06", 1)), _BEFORE),
    Life(6, _CARE, _BEFORE, also="request"),
    Life(2, _CARE, _BEFORE, also="correction"),
    Life(12, _CARE, _BEFORE, also="draft"),
)


def moment(ago: int, hour: int = 12) -> datetime:
    """An hour of a day so many days ago, by the clock of the country."""
    return datetime.combine(clock.today() - timedelta(days=ago), time(hour), clock.COUNTRY_ZONE)


@contextmanager
def undone() -> Iterator[None]:
    """What is acted out in the block is not in the database afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Stage:
    """Who takes part: the officers of the place and the demo's suppliers."""

    def __init__(self) -> None:
        self.officer, self.colleague = (self._worker(email) for email in ("officer@example.kz", "colleague@example.kz"))
        self.suppliers = {
            row.organisation_id: self._worker(row.user.email)
            for row in Membership.objects.filter(role=Membership.Role.SUPPLIER_MANAGER).select_related("user")
        }
        self.kinds = Kind.objects.in_bulk()

    @staticmethod
    def _worker(email: str) -> Actor:
        row = Membership.objects.select_related("organisation").get(user__email=email)
        at_counter = row.role in {Membership.Role.OFFICER, Membership.Role.HEAD_OFFICER}
        return Actor(
            desk=Desk.OFFICER if at_counter else Desk.SUPPLIER,
            user_id=row.user_id,
            organisation_id=row.organisation_id,
            territory=(row.organisation.territory_id or "") if at_counter else "",
            role=row.role,
        )


class Acted:
    """A life on the stage."""

    def __init__(self, life: Life, stage: Stage) -> None:
        self.life, self.stage = life, stage
        self.people: list[Person] = []

    def play(self) -> list[Person]:
        """Act it out; the people of it, first the one whom it is about."""
        life = self.life
        with clock.at(moment(life.begins + 5)):
            self._enter()
        with clock.at(moment(life.begins)):
            self._programme()
        steps = sorted((ago, n, step) for n, one in enumerate(life.orders) for ago, step in self._steps(one))
        for ago, _n, step in reversed(steps):
            self._at(ago, step)
        self._besides()
        self._work(1)
        return self.people

    @property
    def actor(self) -> Actor:
        """Who orders: the person, or who represents it."""
        first, last = self.people[0], self.people[-1]
        actor = Actor(desk=Desk.RECIPIENT, user_id=last.user_id, person_id=last.pk, role="recipient")
        return actor.behalf(first.pk) if first is not last else actor

    def _enter(self) -> None:
        for n in range(2 if self.life.has_representative else 1):
            person = register_person(
                actor=CLOCK,
                iin=Iin.parse(acted_iin(n)),
                name=Name(f"Тек{n}ұлы", f"Есім{n}", f"Әке{n}"),
                territory_code=PLACE,
                phone=f"+7700999000{n}",
                address=f"Сынақ көшесі, {n}-үй",
                language=("kk", "ru")[n],
            )
            self.people.append(person)
            actor = Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")
            give_consent(actor=actor, person=person, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION)
            User.objects.filter(person=person).update(first_signed_in_at=clock.now())
        for parameter, value in (("height_cm", 168), ("weight_kg", 74), ("waist_cm", 92), ("hip_cm", 37)):
            record_measurement(
                actor=CLOCK,
                person=self.people[0],
                parameter=parameter,
                value=Decimal(value),
                measured_on=clock.today(),
                source=Measurement.Source.MEDICAL,
            )
        if self.life.has_representative:
            add_representation(
                actor=CLOCK,
                representative=self.people[1],
                represented=self.people[0],
                basis=Representation.Basis.ATTORNEY,
                document_number="ТУ 0123456",
                since=clock.today(),
            )

    def _programme(self) -> None:
        register_programme(
            actor=CLOCK,
            person=self.people[0],
            issued_by="МӘС № 2 бөлімі / Отдел МСЭ № 2",
            issued_on=clock.today() - timedelta(days=9),
            valid_until=date(clock.today().year + 3, 12, 31),
            lines=[LineGrant(self.stage.kinds[code], quantity, {}) for code, quantity in self.life.lines],
        )

    def _at(self, ago: int, step: Step) -> None:
        self._work(ago, hour=11)
        with clock.at(moment(ago)):
            step()
        self._work(ago, hour=13)

    def _work(self, ago: int, hour: int = 14) -> None:
        """What the worker has done by then."""
        with clock.at(moment(ago, hour)):
            while workflow.sweep():
                pass
            while effects.run():
                pass
        self._tell()

    def _tell(self) -> None:
        """Notices have left long ago, and those of two weeks ago are read."""
        Notice.objects.filter(dispatched_at__isnull=True).update(dispatched_at=F("created_at"))
        Notice.objects.filter(read_at__isnull=True, created_at__lt=moment(14)).update(read_at=F("dispatched_at"))

    def _line(self, kind: str) -> Line:
        return Line.objects.get(person=self.people[0], kind_id=kind)

    def _values(self, act: Act) -> dict[str, str]:
        version = OfferVersion.objects.filter(variant__offer__kind_id=act.kind, variant__label=act.label).order_by("pk")
        person = self.people[0]
        return {
            "line": str(self._line(act.kind).pk),
            "version": str(version[0].pk),
            "quantity": str(act.quantity),
            "address": person.address,
            "phone": person.user.phone if person.user else "",
            "consent": CONSENT_VERSION,
            "fit_acknowledged": "yes",
        }

    def _steps(self, act: Act) -> list[tuple[int, Step]]:
        """What happens with an order, and how many days ago."""
        orders: list[Order] = []
        values: list[dict[str, str]] = []

        def send() -> None:
            values.append(self._values(act))
            draft = drafts.begin(
                self.actor,
                form=FORM,
                form_version=FORM_VERSION,
                subject_id=self.people[0].pk,
                values=values[0],
            )
            orders.append(actions.submit_order(actor=self.actor, draft_key=draft.pk))

        def now() -> Order:
            orders[0].refresh_from_db()
            return orders[0]

        def by() -> Actor:
            return self.stage.suppliers[orders[0].organisation_id]

        def accept() -> None:
            self._accept(by(), now(), is_fitted=act.way not in _NOT_FITTED)

        def dispatch() -> None:
            actions.dispatch_order(actor=by(), order=now())

        def hand_over() -> None:
            self._hand_over(by(), now())

        def confirm() -> None:
            actor = self.actor
            signer = signing.Signer(user_id=actor.account, person_id=actor.person_id)
            paper = signing.record_paper(self.stage.officer, receipt_document(now()), signer)
            actions.confirm_receipt(actor=actor, order=now(), signature_id=paper.pk)

        def refuse() -> None:
            actions.refuse_delivery(actor=self.actor, order=now(), reason="does_not_fit", note="")

        delivered: list[tuple[int, Step]] = [(1, accept), (4, hand_over)]
        way: dict[str, list[tuple[int, Step]]] = {
            "received": [*delivered, (5, confirm), *self._money(orders, act.ago)],
            "declined": [(1, lambda: actions.decline_order(actor=by(), order=now(), reason="capacity"))],
            "cancelled": [(1, accept), (2, lambda: actions.cancel_order(actor=self.actor, order=now()))],
            "lapsed": [],
            "taken back": [*delivered, (5, refuse), (6, lambda: actions.take_back(actor=by(), order=now()))],
            "submitted": [],
            "accepted": [(1, accept)],
            "in preparation": [(1, accept), (2, lambda: actions.prepare_order(actor=by(), order=now()))],
            "on the way": [(1, accept), (2, dispatch)],
            "awaiting": delivered,
            "late": [(1, accept), (2, dispatch)],
            "refused": [*delivered, (5, refuse)],
            "reminded": delivered,
            "asked": [(1, lambda: self._ask(by(), now()))],
            "disputed": [*delivered, (5, refuse), (6, lambda: self._dispute(by(), now()))],
            "to be replaced": [*delivered, (5, refuse), (6, lambda: self._replace(by(), now()))],
            "fitted": [(1, accept)],
            "fitting awaited": [(1, accept)],
            "times named": [(1, accept), (2, lambda: self._name_times(by(), now()))],
            "fitting arranged": [(1, accept), (2, lambda: self._arrange(by(), now()))],
            "measured": [(1, accept), (2, lambda: self._measure(by(), now()))],
            "in parts": [(1, accept), (4, lambda: self._bring_a_part(by(), now())), (5, confirm)],
        }
        return [(act.ago - later, step) for later, step in [(0, send), *way[act.way]]]

    def _money(self, orders: Sequence[Order], ago: int) -> list[tuple[int, Step]]:
        """What the budget pays of an order, as far as there was time for it."""

        def claim() -> Claim:
            return Claim.objects.select_related("delivery").get(delivery__order=orders[0])

        def bill() -> None:
            seller = self.stage.suppliers[orders[0].organisation_id]
            payments.submit_claim(actor=seller, claim=claim(), invoice_number="ESF 17", invoice_on=clock.today())

        def check() -> None:
            payments.verify_claim(actor=self.stage.officer, claim=claim())

        def pay() -> None:
            payments.record_payment(
                actor=self.stage.colleague, claim=claim(), paid_on=clock.today(), payment_number="17"
            )

        steps: tuple[tuple[int, Step], ...] = ((7, bill), (9, check), (18, pay))
        return [(later, step) for later, step in steps if later < ago]

    def _accept(self, seller: Actor, order: Order, *, is_fitted: bool) -> None:
        """Accepted, and paid and fitted where that comes next."""
        order = actions.accept_order(actor=seller, order=order, ready_on=clock.today() + timedelta(days=4))
        if order.state == State.AWAITING_TOP_UP:
            order = actions.record_top_up(actor=seller, order=order, receipt="№ 17")
        if order.state == State.FITTING and is_fitted:
            fit(order, seller=seller, person=self.actor)

    @staticmethod
    def _name_times(seller: Actor, order: Order, *, ahead: timedelta = timedelta(days=4)) -> Order:
        return propose(order, seller, clock.now() + ahead)

    def _arrange(self, seller: Actor, order: Order, *, ahead: timedelta = timedelta(days=4)) -> Order:
        order = self._name_times(seller, order, ahead=ahead)
        return actions.choose_time(actor=self.actor, order=order, choice=f"{order.fittings.count()}-0")

    def _measure(self, seller: Actor, order: Order) -> None:
        now = clock.now()
        order = self._arrange(seller, order, ahead=timedelta(hours=1))
        with clock.at(now + timedelta(hours=2)):
            actions.hold_fitting(actor=seller, order=order, measured=measures(order))

    @staticmethod
    def _ask(supplier: Actor, order: Order) -> None:
        words = "Қай кіреберіс? / Какой подъезд?"
        actions.ask_question(actor=supplier, order=order, field=Order.Asked.ADDRESS, words=words)

    @staticmethod
    def _dispute(supplier: Actor, order: Order) -> None:
        actions.dispute_refusal(actor=supplier, order=order, words="Өлшемі тапсырысқа сай.")

    @staticmethod
    def _replace(supplier: Actor, order: Order) -> None:
        actions.replace_goods(actor=supplier, order=order, replace_by=clock.today() + timedelta(days=12))

    def _hand_over(self, supplier: Actor, order: Order) -> None:
        if numbering(order.kind_code, at=clock.today()) == SERIAL:
            # a number belongs to one thing, and a life is copied many times: an officer does not know it
            actions.confirm_hand_over(actor=self.stage.officer, order=order, reason="lost")
            return
        actions.hand_over(actor=supplier, order=order, code=rules.door_code(settings.SECRET_KEY, order.pk))

    @staticmethod
    def _bring_a_part(supplier: Actor, order: Order) -> None:
        code = rules.door_code(settings.SECRET_KEY, order.pk)
        actions.hand_over(actor=supplier, order=order, code=code, quantity=10)

    def _besides(self) -> None:
        match self.life.also:
            case "called":
                for term in OrderingTerm.objects.filter(person=self.people[0], call_waits=True):
                    self._at(8, lambda term=term: self._called(term))  # type: ignore[misc]
            case "request":
                self._at(2, self._request)
            case "correction":
                self._at(2, self._correction)
            case "draft":
                self._at(1, self._draft)

    def _called(self, term: OrderingTerm) -> None:
        record_call(actor=self.stage.officer, term=term, result=OrderingTerm.CallResult.NOT_WANTED)

    def _request(self) -> None:
        asked = {"line": str(self._line("GI-01").pk), "kind": "", "wrong": "quantity", "words": "Саны дұрыс емес."}
        draft = drafts.begin(
            self.actor,
            form=answers.REQUEST_FORM,
            form_version=answers.FORM_VERSION,
            subject_id=self.people[0].pk,
            values=asked,
        )
        submit_request(actor=self.actor, draft_key=draft.pk)

    def _correction(self) -> None:
        line = self._line("GI-03")
        proposed = {
            "programme": str(line.programme_id),
            "line": str(line.pk),
            "kind": "",
            "amount": "30",
            "reason": "Көшіру кезінде түсіп қалған.",
            "document": "№ 214-қ",
            "request": "",
        }
        officer = self.stage.officer
        draft = drafts.begin(officer, form=answers.CORRECTION_FORM, form_version=answers.FORM_VERSION, values=proposed)
        propose_correction(actor=officer, draft_key=draft.pk)

    def _draft(self) -> None:
        values = self._values(Act("GI-01", "M", 30, 1, ""))
        del values["consent"], values["fit_acknowledged"]
        draft = drafts.begin(
            self.actor, form=FORM, form_version=FORM_VERSION, subject_id=self.people[0].pk, values=values
        )
        drafts.hand_to_office(self.actor, draft.pk, territory_code=PLACE)


def acted_iin(place: int) -> str:
    """The number under which the person of this place in a life is acted; none of the demo has its serial."""
    return synthetic_iin(ACTED_BIRTH, ACTED_SEX[place], 999 - place).digits


ACTED_BIRTH: Final = date(1961, 3, 7)
ACTED_SEX: Final = (Sex.FEMALE, Sex.MALE)
