"""The pages of joining: what is typed stays, what is refused says why, and nobody else comes in."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import for_years, signed_in
from tests.kit.world import World
from tests.suppliers import joining

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.keys import uuid7
from tirek.suppliers import checks
from tirek.suppliers.draft_forms import JOINING
from tirek.suppliers.models import Check, Registration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING), translation.override("en"):
        yield


@pytest.fixture
def who() -> Actor:
    return joining.somebody()[1]


def test_join__says_to_each_role_how_to_begin(who: Actor) -> None:
    world = World()
    assert "Sign in and begin" in pages.text(Client(headers={"Accept-Language": "en"}), "/join")
    assert "Begin the application" in pages.text(signed_in(who), "/join")
    assert "in no other role" in pages.text(world.client(world.officer), "/join")
    for code in ("debts of taxes", "icence for special social services", "origin, characteristics and price"):
        assert code in pages.text(signed_in(who), "/join")


def test_form__keeps_what_is_typed_and_says_at_the_bin_that_it_is_in_the_register(who: Actor) -> None:
    number = joining.a_bin()
    joining.joined(joining.somebody()[1], number)
    client = signed_in(who)
    form = client.post(reverse("suppliers:join-begin")).headers["Location"]
    again = client.post(reverse("suppliers:join-begin")).headers["Location"]
    assert form == again, "a form that was begun goes on"
    client.post(f"{form}/who", {"who": "entity"})
    refused = pages.read(client.post(f"{form}/bin", {"bin": number}))
    assert refused.status == 422
    assert "in the register of suppliers already" in refused.errors[0]
    assert f'value="{number}"' in refused.html
    assert f'value="{number}"' in pages.open_page(client, f"{form}/bin").html


def test_individual__is_not_asked_for_a_bin(who: Actor) -> None:
    client = signed_in(who)
    form = client.post(reverse("suppliers:join-begin")).headers["Location"]
    answer = client.post(f"{form}/who", {"who": "individual"})
    assert answer.headers["Location"].endswith("/names")
    assert pages.read(client.get(f"{form}/bin")).status == 404


def test_document__with_mistakes_is_typed_once_only(who: Actor) -> None:
    case, client = joining.begun(who), signed_in(who)
    where = reverse("suppliers:recipient-paper", args=[case.number, "authority"])
    given = {"document_number": "17-к", "issued_on_day": "1", "issued_on_month": "2", "issued_on_year": "2026"}
    hostile = SimpleUploadedFile("a.pdf", b"<script>alert(1)</script>", "application/pdf")
    refused = pages.read(client.post(where, given | {"file": hostile}))
    assert refused.status == 422
    assert len(refused.errors) == 1
    assert 'value="17-к"' in refused.html
    assert not Check.objects.exists()
    assert client.post(where, given | {"file": joining.upload()}).status_code == 302
    assert "document is there" in pages.text(client, f"/registrations/{case.number}").lower()


def test_returned__shows_each_sentence_at_its_step_and_opens_nothing_else(who: Actor) -> None:
    case = joining.returned(who, {"licence": "The licence is of another firm."}, supplies="special_services")
    client, where = signed_in(who), f"/registrations/{case.number}"
    page = pages.open_page(client, where)
    assert "The licence is of another firm." in page.main
    leads = {one.address.rpartition("/")[2] for one in page.links if "/papers/" in one.address}
    assert leads == {"licence"}
    assert not any(one.address.endswith("/data") for one in page.links)
    assert "The licence is of another firm." in pages.text(client, f"{where}/papers/licence")
    given = {"document_number": "1", "issued_on_day": "1", "issued_on_month": "2", "issued_on_year": "2026"}
    refused = client.post(f"{where}/papers/authority", given | {"file": joining.upload()})
    assert refused.status_code == 422
    assert "was in order" in pages.read(refused).main
    assert not any(one.address.endswith("/send_again") for one in page.links)


def test_what_is_missing__is_said_in_words_before_sending(who: Actor) -> None:
    case, client = joining.begun(who), signed_in(who)
    page = pages.open_page(client, f"/registrations/{case.number}")
    assert "this is missing: right of the applicant to act for the organisation." in page.main
    assert client.post(f"/registrations/{case.number}/send").status_code in {409, 422}
    case.refresh_from_db()
    assert case.state == Registration.State.PREPARING


def test_sent__is_closed_to_changes_and_to_strangers(who: Actor) -> None:
    case = joining.sent(who)
    client = signed_in(who)
    for path in ("data", "papers/authority"):
        assert client.get(f"/registrations/{case.number}/{path}").status_code == 409
    other = signed_in(joining.somebody()[1])
    for path in ("", "/data", "/papers/authority", "/withdraw"):
        assert other.get(f"/registrations/{case.number}{path}").status_code == 404
    draft = JOINING.begin(who, joining.answers())
    assert other.get(reverse("suppliers:join-step", args=[draft.pk, "who"])).status_code == 404


def test_officer__looks_at_a_requirement_and_a_district_reads_along(who: Actor) -> None:
    case = joining.sent(who)
    clerk, district = signed_in(joining.region()), signed_in(make.officer(make.district(joining.PLACE)))
    abroad = signed_in(make.officer(make.district("310000000")))
    where = f"/office/registrations/{case.number}"
    day = {"answered_on_day": "9", "answered_on_month": "11", "answered_on_year": "2026"}
    refused = pages.read(clerk.post(f"{where}/checks/debts", day | {"finding": "not", "words": ""}))
    assert refused.status == 422
    assert refused.errors == ["Error: Say what is not in order."]
    assert clerk.post(f"{where}/checks/debts", day | {"finding": "in_order"}).status_code == 302
    early = clerk.post(f"{where}/pass_on")
    assert early.status_code == 422
    assert "Not found in order yet" in pages.read(early).main
    assert "Look at it" not in pages.text(district, where)
    assert district.post(f"{where}/checks/debts", day | {"finding": "in_order"}).status_code == 403
    assert abroad.get(where).status_code == 404
    assert abroad.get(f"{where}/checks/debts").status_code == 404


def test_file_of_an_application__is_read_by_its_parties_alone(who: Actor) -> None:
    case = joining.sent(who)
    stored = Check.objects.get(registration=case, requirement="authority").file
    assert stored is not None
    where = reverse("files:download", args=[stored.pk])
    for actor, status in (
        (who, 200),
        (joining.region(), 200),
        (joining.somebody()[1], 404),
        (make.officer(make.district("310000000")), 404),
        (make.supplier_actor(make.supplier()), 404),
    ):
        assert signed_in(actor).get(where).status_code == status


def test_region__suspends_and_removes_with_a_basis_over_its_pages(who: Actor) -> None:
    entry, clerk = joining.joined(who), signed_in(joining.region())
    where = f"/office/suppliers/{entry.pk}"
    assert clerk.post(f"{where}/suspend", {"basis": ""}).status_code == 422
    assert clerk.post(f"{where}/suspend", {"basis": "№ 5 <b>"}).status_code == 302
    assert "№ 5 <b>" in pages.text(clerk, where)
    nothing = pages.read(clerk.post(f"{where}/remove", {"basis": "№ 6"}))
    assert nothing.status == 422
    assert 'name="basis"' in nothing.html
    assert "№ 6" in nothing.html, "what was typed stays"
    assert clerk.post(f"{where}/remove", {"basis": "№ 6", "ground": "commission"}).status_code == 302
    page = pages.text(clerk, where)
    assert "May apply again from" in page
    assert "Suspend" not in page.partition("Requirements")[0]
    assert clerk.get(f"{where}/x").status_code == 404
    abroad = signed_in(make.officer(make.district("310000000")))
    assert abroad.get(where).status_code == 404
    assert "Removed from the register" in pages.text(Client(headers={"Accept-Language": "en"}), "/suppliers")


def test_finding__of_a_document_that_the_page_has_not_shown_is_refused_and_keeps_the_words() -> None:
    person, who = joining.somebody()
    del person
    case, clerk = joining.sent(who), joining.region()
    code = next(one.requirement.pk for one in checks.items_of(case) if one.is_document and one.is_asked)
    address = reverse("suppliers:officer-finding", args=[case.number, code])
    client = for_years(clerk)
    page = client.get(address).content.decode()
    shown = re.search(r'name="seen" value="([^"]+)"', page)
    assert shown is not None
    # the applicant takes it up again and brings another document
    wrong = {"finding": "not", "words": "The stamp is missing.", "seen": shown.group(1)}
    newer = Check.objects.get(pk=shown.group(1))
    Check.objects.filter(pk=newer.pk).update(replaced_at=clock.now())
    newer.pk = uuid7()
    newer.save(force_insert=True)
    refused = client.post(address, wrong)
    assert refused.status_code == 422
    again = refused.content.decode()
    assert "A newer document has come meanwhile" in again
    assert "The stamp is missing." in again
    assert f'value="{newer.pk}"' in again
    assert not Check.objects.get(pk=newer.pk).finding
    assert client.post(address, wrong | {"seen": str(newer.pk)}).status_code == 302
    assert Check.objects.get(pk=newer.pk).finding == "not"
    assert client.post(address, {"finding": "in_order"}).status_code == 422, "a press that does not say what it saw"
