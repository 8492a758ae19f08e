"""Purchases of the demo: a need that waits for a lot, one in a lot, one whose times of the fitting are named, and one
that was received: it stands among the things of the boy, with its maker, model and warranty, and a fault of it.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from tirek.aftercare.actions import report_fault
from tirek.aftercare.draft_forms import REPORTING
from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.case import effects
from tirek.core.identifiers import Bin
from tirek.entitlements.models import Line, Programme
from tirek.orders.fittings import Place, Time
from tirek.orders.models import Item
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.procurement import actions, queries
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.rules import Contract
from tirek.procurement.signing import RECEIPT

_ADDRESS = "Семей қаласы, Шәкәрім даңғылы, 12"
_ACCESS = "Пандус бар, баспалдақ жоқ, есіктің ені 95 см. / Пандус, без ступеней, дверь 95 см."


def load(
    people: Mapping[str, Person],
    *,
    region: Actor,
    district: Actor,
    mother: Actor,
    maker: Organisation,
) -> int:
    """A boy has a corset, bought from a maker that is not on the portal; his shoes are under contract and are being
    fitted; a pensioner's hearing aid is in a lot, an alarm clock waits for a lot. Returns how many purchases.
    """
    _received(_need(people["son"], "PO-06"), region=region, district=district, mother=mother)
    shoes, hearing = _need(people["son"], "PO-05"), _need(people["pensioner"], "SU-01")
    _need(people["deaf"], "SU-06")
    lot = _lot(region, shoes, "4417-1", Decimal(1_800_000))
    _lot(region, hearing, "4417-2", Decimal(2_400_000))
    contract = Contract(
        supplier=Bin.parse(maker.bin),
        name="",
        phone="+77222000012",
        number="26-118",
        concluded_on=clock.today(),
        deliver_until=clock.today() + timedelta(days=60),
        price=Decimal(48_000),
    )
    actions.conclude_lot(actor=region, lot=lot, contract=contract)
    _follow()
    first = clock.now() + timedelta(days=5)
    times = [Time(first, Place.SUPPLIER, _ADDRESS, _ACCESS), Time(first + timedelta(days=1), Place.HOME)]
    shoes.refresh_from_db()
    actions.propose_times(actor=district, purchase=shoes, times=times)
    return 4


def _received(purchase: Purchase, *, region: Actor, district: Actor, mother: Actor) -> None:
    """What was bought goes its whole way, and its clasp breaks; each step on a day of its own."""
    now = clock.now()
    with clock.at(now - timedelta(days=7)):
        lot = _lot(region, purchase, "4417-0", Decimal(150_000))
    with clock.at(now - timedelta(days=6)):
        contract = Contract(
            supplier=Bin.parse("220140000058"),
            name="ТОО «ОртоПро»",
            phone="+77272000017",
            number="26-101",
            concluded_on=clock.today(),
            deliver_until=clock.today() + timedelta(days=30),
            price=Decimal(138_000),
            maker="ОртоПро",
            model="Корсет К-2",
            warranty_months=12,
        )
        actions.conclude_lot(actor=region, lot=lot, contract=contract)
        _follow()
        purchase.refresh_from_db()
        first = clock.now() + timedelta(days=1)
        if purchase.needs_fitting:
            times = [Time(first, Place.SUPPLIER, _ADDRESS, _ACCESS), Time(first + timedelta(days=1), Place.HOME)]
            purchase = actions.propose_times(actor=district, purchase=purchase, times=times)
            purchase = actions.choose_time(actor=mother, purchase=purchase, choice="1-0")
    with clock.at(now - timedelta(days=4)):
        if purchase.needs_fitting:
            purchase = actions.hold_fitting(actor=district, purchase=purchase, measured={})
    with clock.at(now - timedelta(days=3)):
        # who recorded the hand-over does not record the signature
        purchase = actions.hand_over(actor=region, purchase=purchase)
        signed = RECEIPT.on_paper(district, purchase)
        actions.receive(actor=district, purchase=purchase, signature_id=signed.pk)
        effects.run()
    with clock.at(now - timedelta(days=1)):
        item = Item.objects.get(case_id=purchase.pk)
        values = {"item": str(item.pk), "wrong": "broken", "words": "Қысқышы сынып қалды.", "place": ""}
        draft = REPORTING.begin(mother, values, subject_id=item.person_id)
        report_fault(actor=mother, draft_key=draft.pk)
        effects.run()


def _need(person: Person, kind: str) -> Purchase:
    line = Line.objects.get(person=person, kind=kind, programme__state=Programme.State.ACTIVE)
    return queries.open_of(person.pk, kind) or actions.record_need(actor=CLOCK, line_id=line.pk)


def _lot(region: Actor, purchase: Purchase, announcement: str, planned: Decimal) -> Lot:
    now = clock.now()
    lot = actions.announce_lot(
        actor=region,
        kind=Kind.objects.get(code=purchase.kind_id),
        announcement=announcement,
        announced_on=clock.today(),
        planned=planned,
        count=queries.free_of(region, purchase.kind_id, [], now).count(),
        places=[],
        shown_at=now,
    )
    _follow()
    return lot


def _follow() -> None:
    while actions.carry_on():
        pass
