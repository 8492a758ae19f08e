"""An installation without demo data, from its first administrator to the first order that a person receives."""

import re
from datetime import date
from typing import Final

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.sign_in import signed_in, through_the_pages

from tirek.accounts.actions import secrets
from tirek.cli.administrators import _made
from tirek.core import clock, reference
from tirek.core.drafts import Draft
from tirek.core.identifiers import Bin, Sex, check_digit, synthetic_iin
from tirek.entitlements.models import Line
from tirek.notices.models import SentMessage
from tirek.orders.draft_forms import FORM_OF_ORDER
from tirek.orders.models import Order
from tirek.orders.rules import door_code
from tirek.organisations.models import Membership, Organisation
from tirek.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-A2")]
PASSWORD: Final = "four words put together"
SEMEY: Final = "101000000"


def bin_of(n: int) -> Bin:
    for serial in range(n, n + 1000, 100):
        digits = f"2001400{serial:04d}"
        if (last := check_digit(digits)) is not None:
            return Bin.parse(f"{digits}{last}")
    raise AssertionError(n)


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def pressed(client: Client, address: str, given: dict[str, object], *, leads: bool = True) -> str:
    """Press a button; where it leads."""
    answer = client.post(address, given)
    assert not leads or answer.status_code in {302, 303}, (address, read(answer).errors, read(answer).main[:500])
    return answer.headers.get("Location", "")


def follow_link(address: str, text: str) -> None:
    """Set the password by the link of a letter."""
    found = re.search(r"https?://[^/\s]+(/sign-in/password/\S+)", text)
    assert found is not None, text
    pressed(Client(), found.group(1), {"password": PASSWORD, "again": PASSWORD})


def invited(admin: Client, place: Organisation, role: str, name: str) -> Membership:
    """Invite somebody, and let this person follow the letter."""
    address = f"{role}@example.kz"
    given = {"name": name, "email": address, "language": "kk", "role": role, **day("since", clock.today())}
    pressed(admin, f"/manage/organisations/{place.pk}/invite", given)
    secrets.hand_over()
    letter = SentMessage.objects.filter(address=address).latest("at")
    follow_link(address, letter.text)
    row = Membership.objects.get(user__email=address)
    assert row.user.check_password(PASSWORD)
    return row


def test_first_filling__leads_from_an_empty_installation_to_an_order_received() -> None:
    for _what, _count in reference.load():
        pass
    cache.clear()
    with clock.at(make.MORNING):
        link = _made("head@example.kz", bin_of(1), "Орталық")
        follow_link("head@example.kz", link)
        admin = signed_in(Membership.objects.get(role="admin"))
        assert "Nobody is registered here yet" in open_page(admin, "/manage/").main
        # the department by a page, the supplier by files
        department = {
            "kind": "local_body_district",
            "number": bin_of(2).digits,
            "name_kk": "Семей қаласының бөлімі",
            "name_ru": "Отдел города Семей",
            "place": SEMEY,
            **day("active_from", date(2026, 1, 1)),
        }
        pressed(admin, "/manage/organisations/new", department)
        for code, text in {
            "organisations": "bin;kind;name_kk;name_ru;place\n"
            f"{bin_of(3).digits};supplier;«Жол» ЖШС;ТОО «Жол»;{SEMEY}\n",
            "suppliers": "bin;conclusion_number;conclusion_on;registered_on;contact_phone\n"
            f"{bin_of(3).digits};1;2026-01-15;2026-02-01;87222520002\n",
            "offers": "bin,kind,name_kk,name_ru,maker,country,delivery_days,delivers_to,conclusion_number,"
            "conclusion_on,size,price,stock,parameters\n"
            f"{bin_of(3).digits},GI-01,Жөргек,Подгузники,Ertis,KZ,6,{SEMEY},12-2026,2026-01-25,M,180,100,"
            "waist_min_cm=70\n",
        }.items():
            run = pressed(admin, f"/manage/imports/{code}", {"file": SimpleUploadedFile("t.csv", text.encode())})
            pressed(admin, run, {"take": "yes"})
        office, shop = (Organisation.objects.get(bin=bin_of(n).digits) for n in (2, 3))
        officer = signed_in(invited(admin, office, "officer", "Серікова Айжан"))
        supplier = signed_in(invited(admin, shop, "supplier_manager", "Ахметов Дәурен"))
        # a person comes to the counter
        iin = synthetic_iin(date(1980, 5, 17), Sex.FEMALE, 3)
        file = pressed(
            officer,
            "/counter/register",
            {
                "iin": iin.digits,
                "surname": "Сынақова",
                "given_name": "Айгүл",
                "place": SEMEY,
                "address": "Абай көшесі 1",
                "phone": "87011234567",
                "contact_language": "kk",
                "checked": "on",
            },
        )
        person = Person.objects.get(iin=iin.digits)
        assert str(person.pk) in file
        disability = {"group": "II", "reason": "general", **day("since", date(2026, 1, 15))}
        pressed(officer, f"/counter/{person.pk}/disability", disability)
        pressed(officer, f"/counter/agreement/{person.pk}", {})
        programme = {
            "issued_by": "МӘС № 2",
            **day("issued_on", date(2026, 11, 2)),
            "kind_1": "GI-01",
            "quantity_1": "1460",
        }
        pressed(officer, f"/office/people/{person.pk}/programme", programme)
        # the person signs in by a code and orders
        own = through_the_pages(Client(headers={"Accept-Language": "en"}), person)
        line = Line.objects.get(person=person)
        chosen = own.post(reverse("orders:offer", args=[line.pk, shop.supplier.offers.get().pk]), {"quantity": "30"})
        assert chosen.status_code == 302, read(chosen).errors
        draft = Draft.objects.get()
        given = {"address": "Абай көшесі 1", "phone": "87011234567", "comment": ""}
        own.post(FORM_OF_ORDER.url("step", draft.pk, "delivery"), given)
        pressed(own, FORM_OF_ORDER.url("submit", draft.pk), make.as_shown(draft, fit_acknowledged="yes"))
        order = Order.objects.get()
        # the supplier takes it, brings it, and the person signs for it
        pressed(supplier, f"/supply/orders/{order.number}/accept", day("accept-ready_on", date(2026, 11, 13)))
        code = door_code(settings.SECRET_KEY, order.pk)
        pressed(supplier, f"/supply/orders/{order.number}/hand_over", {"hand_over-code": code})
        confirming = f"/orders/{order.number}/confirm"
        asked = pressed(own, confirming, {"step": "ask"})
        sent = SentMessage.objects.filter(address="+77011234567").order_by("-at", "-pk")[0]
        digits = next(word for word in re.findall(r"[0-9]{6}", sent.text))
        pressed(own, confirming, {"step": "sign", "asked": asked.rpartition("=")[2], "code": digits})
        order.refresh_from_db()
        assert order.state == Order.State.RECEIVED
        assert "Nobody is registered here yet" not in open_page(admin, "/manage/").main


@pytest.mark.finding("L-words")
def test_pages_of_organisations__ask_for_an_organisation_and_lead_back() -> None:
    with clock.at(make.MORNING):
        admin = signed_in(make.member(make.organisation("centre"), "admin"))
        admin.cookies["tirek_language"] = "kk"
        new = open_page(admin, "/manage/organisations/new")
        place = f"/manage/organisations/{Organisation.objects.latest('active_from').pk}"
        pages = [open_page(admin, f"{place}/{name}") for name in ("contact", "register", "invite")]
        users = open_page(admin, "/manage/users")
    assert "Ұйымның түрі" in new.main
    assert "Бұл қандай күн" not in new.main
    for page, back in [(new, "/manage/organisations"), *((one, place) for one in pages)]:
        assert [link.address for link in page.links if link.text == "Артқа"] == [back]
    assert users.rows[0][0] == "Кім", "a person has no title"
