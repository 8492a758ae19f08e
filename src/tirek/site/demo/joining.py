"""Applications of the demo to join the register of suppliers, one in each open state; and checks of a supplier."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.site.demo.cards import scan
from tirek.suppliers import checks, joining
from tirek.suppliers.actions.checks import examine_supplier, renew_document
from tirek.suppliers.actions.registrations import (
    begin_registration,
    conclude,
    examine,
    give_back,
    pass_on,
    provide_document,
    send_registration,
)
from tirek.suppliers.models import Registration, Supplier


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation that joins."""

    applicant: str
    kk: str
    ru: str
    en: str
    place: str
    address: str
    supplies: str
    phone: str


#: One for each open state, in their order; a firm of none applies by the IIN of its owner.
FIRMS: Final = (
    Firm(
        "mother",
        "«Айгүл тігін» ЖК",
        "ИП «Айгүл тігін»",
        "Aigul Sewing",
        "103600000",
        "Абай көшесі 14",
        "goods",
        "+77010000041",
    ),
    Firm(
        "deaf",
        "«Ым тілі» ЖШС",
        "ТОО «Ым тілі»",
        "Ym Tili",
        "101000000",
        "Шәкәрім даңғылы 20",
        "sign_language",
        "+77010000042",
    ),
    Firm("blind", "«Дыбыс» ЖШС", "ТОО «Дыбыс»", "Dybys", "101000000", "Шәкәрім даңғылы 38", "goods", "+77010000043"),
    Firm(
        "pensioner",
        "«Ертіс күтімі» ЖШС",
        "ТОО «Ертіс күтімі»",
        "Ertis Care",
        "101000000",
        "Интернационал көшесі 7",
        "special_services",
        "+77010000044",
    ),
    Firm(
        "chair",
        "«Доңғалақ» ЖШС",
        "ТОО «Доңғалақ»",
        "Dongalaq",
        "101000000",
        "Абай даңғылы 51",
        "goods\nsanatorium",
        "+77010000045",
    ),
)
_REMARK: Final = (
    "Лицензияның көшірмесінде мөр көрінбейді, анық көшірмесін қосыңыз. / "
    "На копии лицензии не видна печать, добавьте чёткую копию."
)


def _begun(firm: Firm, who: Actor, number: str) -> Registration:
    values = {
        "who": "individual" if not number else "entity",
        "bin": number,
        "name_kk": firm.kk,
        "name_ru": firm.ru,
        "name_en": firm.en,
        "place_code": firm.place,
        "address": firm.address,
        "contact_phone": firm.phone,
        "supplies": firm.supplies,
    }
    draft = drafts.begin(who, form=joining.FORM, form_version=joining.FORM_VERSION, values=values)
    return begin_registration(actor=who, draft_key=draft.pk)


def _sent(case: Registration, who: Actor) -> Registration:
    for one in checks.missing(checks.items_of(case)):
        case = provide_document(
            actor=who,
            registration=case,
            requirement=one.requirement.pk,
            document_number="ТМ-17",
            issued_on=clock.today() - timedelta(days=100),
            valid_until=clock.today() + timedelta(days=900),
            file=scan(),
        )
    return send_registration(actor=who, registration=case)


def _examined(case: Registration, region: Actor, wrong: Mapping[str, str]) -> Registration:
    for one in checks.items_of(case):
        if one.is_asked:
            words = wrong.get(one.requirement.pk, "")
            case = examine(
                actor=region,
                registration=case,
                requirement=one.requirement.pk,
                finding="not" if words else "in_order",
                words=words,
                answered_on=None if one.is_document else clock.today(),
            )
    return case


def make_applications(*, people: Callable[[str], Actor], region: Actor, bins: Callable[[int], str]) -> int:
    """Make the applications; returns how many.

    Args:
        people: the actor of a demo person, by its key.
        region: an officer of the region.
        bins: a BIN by its number.
    """
    begun, checking, commission, returned, accepting = FIRMS
    with clock.at(clock.now() - timedelta(days=12)):
        who = people(accepting.applicant)
        last = _examined(_sent(_begun(accepting, who, bins(45)), who), region, {})
        last = pass_on(actor=region, registration=last)
    with clock.at(clock.now() - timedelta(days=6)):
        who = people(commission.applicant)
        waiting = _examined(_sent(_begun(commission, who, bins(43)), who), region, {})
        pass_on(actor=region, registration=waiting)
        who = people(returned.applicant)
        back = _examined(_sent(_begun(returned, who, bins(44)), who), region, {"licence": _REMARK})
    with clock.at(clock.now() - timedelta(days=2)):
        give_back(actor=region, registration=back)
        last = _examined(last, region, {})  # what the registers said is out of date by the day of the conclusion
        conclude(actor=region, registration=last, conclusion_number="51-2026", conclusion_on=clock.today())
        who = people(checking.applicant)
        _sent(_begun(checking, who, bins(42)), who)
    with clock.at(clock.now() - timedelta(hours=3)):
        _begun(begun, people(begun.applicant), "")
    return len(FIRMS)


def make_checks(*, supplier: Supplier, seller: Actor, region: Actor) -> None:
    """Checks of a supplier that is in the register: two that are due, a document that ends soon."""
    with clock.at(clock.now() - timedelta(days=9)):
        for one in checks.items_of_supplier(supplier):
            if one.is_asked and not one.is_document:
                examine_supplier(
                    actor=region,
                    supplier=supplier,
                    requirement=one.requirement.pk,
                    finding="in_order",
                    answered_on=clock.today(),
                )
        renew_document(
            actor=seller,
            supplier=supplier,
            requirement="authority",
            document_number="3-к",
            issued_on=clock.today() - timedelta(days=340),
            valid_until=clock.today() + timedelta(days=30),
            file=scan(),
        )
        examine_supplier(actor=region, supplier=supplier, requirement="authority", finding="in_order")
