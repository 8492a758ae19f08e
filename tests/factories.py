"""People, organisations, offers and programmes for tests, made by the product's own actions."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from tirek.accounts.models import User
from tirek.catalogue.actions import OfferCard, Texts, publish_offer
from tirek.catalogue.models import (
    FitRule,
    GuaranteedAmount,
    Kind,
    KindProvision,
    KindTerms,
    Offer,
    OfferVersion,
    Parameter,
    Period,
)
from tirek.catalogue.provision import PROVISIONS
from tirek.catalogue.rules import VariantCard
from tirek.core import clock, drafts, reference
from tirek.core.actors import CLOCK, Actor, Channel, Desk
from tirek.core.drafts import Draft
from tirek.core.identifiers import Iban, Sex, synthetic_iin
from tirek.core.personal import viewlog
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.models import Line, Programme
from tirek.orders.actions import submit_order, words_to_agree_to
from tirek.orders.models import Order
from tirek.orders.requests import CONSENT_VERSION, FORM, FORM_VERSION
from tirek.orders.signing import AGREEMENT
from tirek.organisations.models import Membership, Organisation
from tirek.people.models import Person
from tirek.site.middleware import DESK_OF_ROLE
from tirek.site.privacy import PRIVACY_VERSION
from tirek.suppliers.actions import register_supplier, set_account
from tirek.suppliers.models import BankAccount, Supplier
from tirek.suppliers.rules import BankDetails
from tirek.territory.models import Territory

_serial = itertools.count(1)
#: A Monday morning in Kazakhstan, inside a quarter, far from holidays.
MORNING = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def district(code: str = "101810000", region: str = "") -> Territory:
    """A district, with its region."""
    parent, _new = Territory.objects.get_or_create(
        code=region or f"{code[:2]}0000000",
        defaults={"level": "region", "name_kk": "Облыс", "name_ru": "Область", "name_en": "Region", "citation": "test"},
    )
    if code == parent.code:
        return parent
    place, _new = Territory.objects.get_or_create(
        code=code,
        defaults={
            "parent": parent,
            "level": "district",
            "name_kk": "Аудан",
            "name_ru": "Район",
            "name_en": "District",
            "citation": "test",
        },
    )
    return place


def person(
    *, place: Territory | None = None, born: date = date(1980, 5, 17), phone: str = "+77011234567", sex: str = "female"
) -> Person:
    """A person with an account."""
    n = next(_serial)
    iin = synthetic_iin(born, Sex(sex), n % 1000).digits
    user = User.objects.create_user(iin=iin, phone=phone)
    User.objects.filter(pk=user.pk).update(phone_since=datetime(2020, 1, 1, tzinfo=UTC), first_signed_in_at=MORNING)
    user.refresh_from_db()
    return Person.objects.create(
        user=user,
        iin=iin,
        surname="Сынақова",
        given_name=f"Айгүл{n}",
        sort_key=f"{n:06d}",
        birth_date=born,
        sex=sex,
        territory=place or district(),
        address="Абай көшесі 1",
    )


def agree(who: Person) -> None:
    """The person has answered the welcome page."""
    who.consents.get_or_create(
        purpose="privacy", text_version=PRIVACY_VERSION, defaults={"channel": "web", "given_at": MORNING}
    )


def organisation(kind: str = "supplier", place: Territory | None = None) -> Organisation:
    """An organisation."""
    n = next(_serial)
    return Organisation.objects.create(
        kind=kind,
        bin=f"190140{n:06d}",
        territory=place or district(),
        name_kk=f"Ұйым {n}",
        name_ru=f"Организация {n}",
        name_en=f"Organisation {n}",
        active_from=date(2015, 1, 1),
    )


def member(of: Organisation, role: str) -> Membership:
    """Somebody who works there."""
    n = next(_serial)
    user = User.objects.create_user(email=f"staff{n}@example.kz")
    return Membership.objects.create(user=user, organisation=of, role=role, since=date(2020, 1, 1))


def recipient_of(who: Person) -> Actor:
    """The person at the recipient's desk."""
    return Actor(desk=Desk.RECIPIENT, user_id=who.user_id, person_id=who.pk, role="recipient")


def officer(place: Territory | None = None) -> Actor:
    """An officer of a district at the counter."""
    where = place or district()
    one = member(organisation("local_body_district", where), Membership.Role.OFFICER)
    return Actor(
        desk=Desk.OFFICER,
        user_id=one.user_id,
        organisation_id=one.organisation_id,
        territory=where.code,
        role=one.role,
        channel=Channel.COUNTER,
    )


def staff(kind: str, role: str, place: Territory | None = None) -> Actor:
    """Somebody in a role at a new organisation of a kind."""
    one = member(organisation(kind, place), role)
    desk = DESK_OF_ROLE[Membership.Role(role)]
    return Actor(desk=desk, user_id=one.user_id, organisation_id=one.organisation_id, role=role)


def supplier_actor(supplier: Supplier) -> Actor:
    """Somebody of a supplier."""
    one = member(supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    return Actor(desk=Desk.SUPPLIER, user_id=one.user_id, organisation_id=supplier.organisation_id, role=one.role)


def supplier() -> Supplier:
    """A registered supplier."""
    return register_supplier(
        actor=CLOCK,
        organisation=organisation(),
        registered_on=date(2020, 2, 1),
        conclusion_number="1",
        conclusion_on=date(2020, 1, 15),
        contact_phone="+77271234567",
    )


def terms(kind: Kind, *, since: date = date(2020, 1, 1), region: str = "", **said: object) -> KindTerms:
    """Terms of a kind as they are delivered: in place of those that begin on the same day."""
    KindTerms.objects.filter(kind=kind, region_code=region, effective_from=since).delete()
    row = KindTerms(
        kind=kind,
        region_code=region,
        effective_from=since,
        citation="test",
        status=reference.Status.DEMO,
        **{"period": Period.ONCE, **said},
    )
    row.place()
    reference.forget()
    return row


def provision(kind: Kind, way: str, *, since: date, region: str = "", until: date | None = None) -> KindProvision:
    """How a kind is provided, as an administrator enters it; what the local body buys with a conclusion of its day."""
    concluded = {"conclusion_number": "7-2026", "conclusion_on": since} if way == "procurement" else {}
    row = KindProvision(
        kind=kind,
        region_code=region,
        way=way,
        effective_from=since,
        effective_to=until,
        citation="Decision 7",
        status=reference.Status.APPROVED,
        **concluded,
    )
    return PROVISIONS.amend(actor=CLOCK, row=row, reason="test")


def account(of: Supplier, iban: str = "KZ86125KZT5004100100") -> BankAccount:
    """Bank details of a supplier, as an administrator enters them."""
    details = BankDetails(Iban.parse(iban), "АО «Банк»", "KKMFKZ2A", "17")
    return set_account(actor=CLOCK, supplier=of, details=details)


def kind(
    code: str = "GI-01", *, guaranteed: Decimal = Decimal(200), months: int | None = None, **columns: object
) -> Kind:
    """A kind with two parameters, a guaranteed amount and the rule of the waist."""
    made, new = Kind.objects.get_or_create(
        code=code,
        defaults={
            "group": "hygienic",
            "name_kk": "ересектерге арналған жөргек",
            "name_ru": "подгузники взрослые",
            "name_en": "adult diapers",
            "unit": "piece",
            "certainty": "seen",
            "orderable_from": date(2020, 1, 1),
            "sort_key_kk": code,
            "sort_key_ru": code,
            **columns,
        },
    )
    if new:
        names = {"name_kk": "бел", "name_ru": "талия", "name_en": "waist"}
        Parameter.objects.create(kind=made, code="waist_min_cm", type="number", unit="cm", position=1, **names)
        Parameter.objects.create(kind=made, code="waist_max_cm", type="number", unit="cm", position=2, **names)
        Parameter.objects.create(kind=made, code="type", type="choice", choices=["tabs", "pants"], position=3, **names)
        GuaranteedAmount.objects.create(
            kind=made, amount=guaranteed, effective_from=date(2020, 1, 1), citation="test", status=reference.Status.DEMO
        )
        if months is not None:
            terms(made, replacement_months=months)
        elif code in {"GI-01", "GI-02"}:
            terms(made, period=Period.YEAR, norm=1460, part=Period.QUARTER, part_quantity=365)
        for parameter, relation in (("waist_min_cm", "at_most"), ("waist_max_cm", "at_least")):
            FitRule.objects.get_or_create(
                parameter=parameter,
                measurement="waist_cm",
                defaults={"relation": relation, "citation": "test", "status": "demo"},
            )
        reference.forget()  # amounts and rules that were read before know nothing of this kind
    return made


def offer(
    of: Supplier,
    what: Kind,
    *,
    price: Decimal = Decimal(180),
    stock: int = 1000,
    parameters: Mapping[str, str | int | bool] | None = None,
    to: str = "100000000",
    days: int = 7,
    warranty: int = 0,
) -> Offer:
    """An active offer with one variant."""
    card = OfferCard(
        name=Texts("Жөргек", "Подгузники", "Diapers"),
        description=Texts("Жұмсақ", "Мягкие", "Soft"),
        maker="Maker",
        country="KZ",
        delivery_days=days,
        warranty_months=warranty,
        delivers_to=[to],
        variants=[VariantCard("M", price, stock, parameters or {"waist_min_cm": 70, "waist_max_cm": 110})],
    )
    return publish_offer(actor=CLOCK, supplier=of, kind=what, card=card)


def version_of(one: Offer) -> OfferVersion:
    """The present version of an offer's only variant."""
    variant = one.variants.select_related("current").get()
    assert variant.current is not None
    return variant.current


def programme(
    who: Person, what: Kind, *, quantity: int = 1460, until: date | None = None, **columns: object
) -> Programme:
    """An active programme with one line."""
    return register_programme(
        actor=CLOCK,
        person=who,
        issued_by="МӘС",
        issued_on=date(2026, 1, 12),
        valid_until=until,
        lines=[LineGrant(kind=what, quantity=quantity, recommended={})],
        **columns,
    )


def answers(line: Line, version: OfferVersion, quantity: int = 30) -> dict[str, str]:
    """The answers of a complete order form."""
    return {
        "line": str(line.pk),
        "version": str(version.pk),
        "quantity": str(quantity),
        "address": "Абай көшесі 1, пәтер 2",
        "phone": "+7 701 123 45 67",
        "comment": "",
        "consent": CONSENT_VERSION,
    }


def as_shown(draft: Draft, **given: str) -> dict[str, str]:
    """What the check page of a complete form sends by its button: the consent, and the amounts that it shows."""
    draft.refresh_from_db()
    _words, person_part = words_to_agree_to(draft, {"consent": CONSENT_VERSION})
    shown = {"seen_person_part": str(person_part), "seen_quantity": draft.values()["quantity"]}
    return {"consent": CONSENT_VERSION} | shown | given


@dataclass
class Shop:
    """One person with a programme line, one supplier with an offer: all that an order needs."""

    place: Territory = field(default_factory=district)
    quantity: int = 1460
    price: Decimal = Decimal(180)
    stock: int = 1000
    months: int | None = None
    kind_code: str = "GI-01"

    def __post_init__(self) -> None:
        self.person = person(place=self.place)
        agree(self.person)
        self.actor = recipient_of(self.person)
        self.supplier = supplier()
        self.supplier_actor = supplier_actor(self.supplier)
        self.kind = kind(self.kind_code, months=self.months)
        self.offer = offer(
            self.supplier, self.kind, price=self.price, stock=self.stock, to=f"{self.place.code[:2]}0000000"
        )
        self.version = version_of(self.offer)
        self.programme = programme(self.person, self.kind, quantity=self.quantity)
        self.line = Line.objects.get(programme=self.programme)

    def draft(self, number: int = 30, *, actor: Actor | None = None, **changes: str) -> Draft:
        """A complete draft of an order."""
        values = answers(self.line, self.version, number) | changes
        return drafts.begin(
            actor or self.actor, form=FORM, form_version=FORM_VERSION, subject_id=self.person.pk, values=values
        )

    def order(self, quantity: int = 30, *, actor: Actor | None = None) -> Order:
        """A submitted order."""
        sender, draft = actor or self.actor, self.draft(quantity, actor=actor)
        paper = AGREEMENT.on_paper(sender, (draft, {})).pk if sender.desk is Desk.OFFICER else None
        return submit_order(actor=sender, draft_key=draft.pk, signature_id=paper)


def came(clerk: Actor, who: Person) -> None:
    """The person stands at the officer's counter: the file is open to the officer."""
    viewlog.record(clerk, subject_id=who.pk, basis=viewlog.View.Basis.PRESENT)


def user_of(actor: Actor) -> UUID:
    """The account of an actor."""
    assert actor.user_id is not None
    return actor.user_id


def now() -> datetime:
    """The present moment of the product's clock."""
    return clock.now()
