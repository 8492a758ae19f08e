"""What the demo's workshop sells: canes received over months, paid or not, its figures, and what people still need."""

from datetime import date, timedelta
from typing import Final

from django.conf import settings

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.identifiers import Iin, Sex, synthetic_iin
from tirek.demand.actions import count_open
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.models import Line
from tirek.insight.actions import count_suppliers
from tirek.orders import actions as ordering
from tirek.orders import rules
from tirek.orders.models import Order
from tirek.people.actions import give_consent, register_person
from tirek.people.models import Consent, Person
from tirek.people.names import Name
from tirek.reimbursements import actions
from tirek.reimbursements.models import Claim
from tirek.site.demo.waits import at_work, confirmed, days_ago, recipient, sent
from tirek.site.demo.who import SEMEY
from tirek.site.privacy import PRIVACY_VERSION

#: A cane of the workshop, which is fitted by nobody and has no number.
KIND: Final = "PO-12"
SIZE: Final = "75–98"
#: Days ago on which each was ordered, days to the hand-over, and how far its payment has come.
SOLD: Final = (
    (150, 6, "paid"),
    (124, 4, "paid"),
    (96, 9, "paid"),
    (70, 5, "paid"),
    (58, 4, "late"),
    (33, 7, "checked"),
    (24, 3, "sent_back"),
    (17, 5, "submitted"),
    (11, 4, "to_submit"),
    (9, 3, "to_submit"),
)
#: Kinds that people have not chosen yet: where they live, what their programmes ask for, how many they are. Nobody
#: offers the first one.
NEEDED: Final[tuple[tuple[str, str, dict[str, str], int], ...]] = (
    ("TI-02", SEMEY, {}, 6),
    ("SM-02", SEMEY, {"propulsion": "attendant"}, 6),
    ("PO-12", SEMEY, {"feet": "4"}, 6),
    ("PO-12", SEMEY, {"feet": "1"}, 5),
)
_NAMES: Final = (
    (Sex.FEMALE, "Нұрланова", "Әсел"),
    (Sex.MALE, "Сыдықов", "Бауыржан"),
    (Sex.FEMALE, "Волкова", "Надежда"),
    (Sex.MALE, "Тілеубаев", "Асқар"),
    (Sex.FEMALE, "Мұратова", "Жанар"),
)
_WORKSHOP, _CHECKS, _PAYS = "workshop@example.kz", "officer@example.kz", "colleague@example.kz"


def load() -> int:
    """Sell canes, bring their payments into every state, let others need what is not chosen yet, and count; returns how
    many payments the workshop has.
    """
    for n, (ago, took, state) in enumerate(SOLD):
        _sell(n, ago, took, state)
    n = len(SOLD)
    for kind, place, wishes, count in NEEDED:
        for _one in range(count):
            with days_ago(5):
                _person(n, place, kind, wishes)
            n += 1
    actions.open_missing()
    actions.count_months()
    count_suppliers()
    count_open()
    return Claim.objects.filter(organisation=at_work(_WORKSHOP).organisation_id).count()


def _person(n: int, place: str, kind: str, wishes: dict[str, str]) -> Person:
    sex, surname, given_name = _NAMES[n % len(_NAMES)]
    person = register_person(
        actor=CLOCK,
        iin=Iin.parse(synthetic_iin(date(1948 + n, 5, 1 + n % 28), sex, 500 + n).digits),
        name=Name(surname, given_name),
        territory_code=place,
        phone=f"+770000003{n:02}",
        address="Шәкәрім даңғылы 20",
        language="kk" if n % 2 else "ru",
    )
    give_consent(actor=recipient(person), person=person, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION)
    register_programme(
        actor=CLOCK,
        person=person,
        issued_by="МӘС № 2 бөлімі / Отдел МСЭ № 2",
        issued_on=clock.today() - timedelta(days=12),
        valid_until=clock.today() + timedelta(days=1000),
        lines=[LineGrant(kind=Kind.objects.get(code=kind), quantity=1, recommended=wishes)],
    )
    return person


def _sell(n: int, ago: int, took: int, state: str) -> None:
    with days_ago(ago + 1):
        person = _person(n, SEMEY, KIND, {})
    line = Line.objects.get(person=person)
    with days_ago(ago):
        order = sent(line, SIZE, 1, at_counter=False)
    with days_ago(ago - 1):
        last = clock.today() + timedelta(days=order.version_of_offer.delivery_days)
        order = ordering.accept_order(actor=at_work(_WORKSHOP), order=order, ready_on=last)
    with days_ago(ago - took):
        code = rules.door_code(settings.SECRET_KEY, order.pk)
        order = ordering.hand_over(actor=at_work(_WORKSHOP), order=Order.objects.get(pk=order.pk), code=code)
        order = confirmed(order)
    claim = Claim.objects.get(delivery__order=order)
    _pay(claim, n, ago - took, state)


def _pay(claim: Claim, n: int, ago: int, state: str) -> None:
    """Bring a claim into a state, from its receipt so many days ago on."""
    if state == "to_submit":
        return
    with days_ago(ago - 1):
        claim = actions.submit_claim(
            actor=at_work(_WORKSHOP), claim=claim, invoice_number=f"ESF-2026-{4100 + n}", invoice_on=clock.today()
        )
    with days_ago(max(ago - 4, 0)):
        if state == "sent_back":
            actions.send_back(actor=at_work(_CHECKS), claim=claim, reason=Claim.ReturnReason.AMOUNT)
        elif state in {"checked", "paid"}:
            claim = actions.verify_claim(actor=at_work(_CHECKS), claim=claim)
    if state == "paid":
        with days_ago(ago - 16):
            actions.record_payment(
                actor=at_work(_PAYS), claim=claim, paid_on=clock.today(), payment_number=f"{7300 + n}"
            )
