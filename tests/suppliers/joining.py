"""Applications to join the register in each state, for tests."""

import os
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests import factories as make

from tirek.core import clock, drafts, signing
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.identifiers import Bin, check_digit
from tirek.people.models import Person
from tirek.suppliers import checks, joining
from tirek.suppliers.actions.registrations import (
    accept_offer,
    begin_registration,
    conclude,
    examine,
    give_back,
    pass_on,
    provide_document,
    send_registration,
)
from tirek.suppliers.models import Registration, Supplier
from tirek.suppliers.signing import acceptance_document

# each worker of a run has numbers of its own: stories of all of them are told in one running product
_serial = count(1 + 5_000 * os.environ.get("PYTEST_XDIST_WORKER", "").endswith("1"))
PLACE = "101810000"
GOODS = "goods"


def a_bin() -> str:
    """The BIN of an organisation that nobody has."""
    while True:
        first = f"2101400{next(_serial):04d}"
        last = check_digit(first)
        if last is not None:
            return Bin(f"{first}{last}").digits


def region(code: str = PLACE) -> Actor:
    """An officer of the region of a place."""
    return make.officer(make.district(f"{code[:2]}0000000"))


def upload(name: str = "paper.png") -> SimpleUploadedFile:
    """A picture as a form receives it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def answers(number: str = "", **changes: str) -> dict[str, str]:
    """The answers of a complete form."""
    return {
        "who": "entity",
        "bin": number or a_bin(),
        "name_kk": "ЖШС «Тірек Мед»",
        "name_ru": "ТОО «Тирек Мед»",
        "name_en": "",
        "place_code": PLACE,
        "address": "Абай көшесі 7",
        "contact_phone": "+7 701 765 43 21",
        "supplies": GOODS,
    } | changes


def draft(who: Actor, number: str = "", /, **changes: str) -> Draft:
    """A complete form of an applicant."""
    make.district(PLACE)
    values = answers(number, **changes)
    return drafts.begin(who, form=joining.FORM, form_version=joining.FORM_VERSION, values=values)


def begun(who: Actor, number: str = "", /, **changes: str) -> Registration:
    """An application that is being prepared."""
    return begin_registration(actor=who, draft_key=draft(who, number, **changes).pk)


def paper(until: date | None = None) -> dict[str, object]:
    """A document as it is brought."""
    return {"document_number": "7-к", "issued_on": date(2026, 1, 12), "valid_until": until, "file": upload()}


def provided(who: Actor, case: Registration, until: date | None = None) -> Registration:
    """The same with every document."""
    for one in checks.missing(checks.items_of(case)):
        case = provide_document(actor=who, registration=case, requirement=one.requirement.pk, **paper(until))
    return case


def sent(who: Actor, number: str = "", /, **changes: str) -> Registration:
    """An application that the region checks."""
    return send_registration(actor=who, registration=provided(who, begun(who, number, **changes)))


def found(case: Registration, clerk: Actor, wrong: Mapping[str, str] | None = None) -> Registration:
    """Every requirement is looked at; ``wrong`` says what of which is not in order."""
    for one in checks.items_of(case):
        if one.is_asked:
            words = (wrong or {}).get(one.requirement.pk, "")
            case = examine(
                actor=clerk,
                registration=case,
                requirement=one.requirement.pk,
                finding="not" if words else "in_order",
                words=words,
                answered_on=None if one.is_document else clock.today(),
            )
    return case


def returned(who: Actor, wrong: Mapping[str, str] | None = None, /, **changes: str) -> Registration:
    """An application that was returned for correction."""
    case, clerk = sent(who, **changes), region()
    return give_back(actor=clerk, registration=found(case, clerk, wrong or {"authority": "The stamp is missing."}))


def before_commission(who: Actor, number: str = "", /, **changes: str) -> Registration:
    """An application on which the commission concludes."""
    clerk = region()
    return pass_on(actor=clerk, registration=found(sent(who, number, **changes), clerk))


def concluded(who: Actor, number: str = "", /, **changes: str) -> Registration:
    """An application whose public offer is to be signed."""
    return conclude(
        actor=region(),
        registration=before_commission(who, number, **changes),
        conclusion_number="12",
        conclusion_on=clock.today(),
    )


def signature(who: Actor, case: Registration) -> signing.Signature:
    """The applicant's signature under the present public offer."""
    assert who.user_id is not None
    signer = signing.Signer(user_id=who.user_id, person_id=who.person_id)
    return signing.record_paper(who, acceptance_document(case), signer)


def joined(who: Actor, number: str = "", /, **changes: str) -> Supplier:
    """A supplier that came into the register by an application."""
    case = concluded(who, number, **changes)
    case = accept_offer(actor=who, registration=case, signature_id=signature(who, case).pk)
    return Supplier.objects.get(organisation=case.organisation_id)


def somebody() -> tuple[Person, Actor]:
    """A person who may apply."""
    person = make.person()
    make.agree(person)
    return person, make.recipient_of(person)
