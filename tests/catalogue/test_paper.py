"""Offers on paper: read by a screen reader, in the reader's language, with a code to their page, nothing private."""

import io
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import page as pdf_rules
import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make
from tests.catalogue.offering import admitted, photo, region_of, sent
from tests.kit import pages
from tests.kit.world import World

from tirek.catalogue import paper_sheets
from tirek.catalogue import showing as showing_of_offers
from tirek.catalogue.actions import change_price
from tirek.catalogue.actions.admissions import admit_offer, pass_on, send_offer
from tirek.catalogue.actions.offers import block_offer
from tirek.catalogue.amounts import AMOUNTS
from tirek.catalogue.models import Offer
from tirek.catalogue.showing import MOST_OFFERS, list_shown, offer_shown, price_history
from tirek.catalogue.views import showing
from tirek.core import clock
from tirek.core.database.ratelimit import Limit
from tirek.ui.addresses import full_address, qr_code

pytestmark = pytest.mark.django_db
LONG = "Ересектерге арналған өте ұзақ атауы бар, ылғал сіңіргіштігі жоғары түнгі жөргек «Ңүұқәіғөһ» " * 2


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


def anybody(language: str = "en") -> Client:
    return Client(headers={"Accept-Language": language})


def paper(address: str, language: str = "en") -> bytes:
    """A paper as a browser gets it; it is PDF/UA."""
    with clock.at(make.MORNING):
        answer = anybody(language).get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    report = pdf_rules.validate_pdf_bytes(answer.content, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [one.message for one in report.failures]
    return bytes(answer.content)


def paper_facts(key: UUID) -> dict[str, object]:
    """What a sheet is made from."""
    found: list[dict[str, object]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper_sheets, "pdf", lambda _template, facts: found.append(facts) or b"")
        paper_sheets.offer_sheet(offer_shown(key), large=False)
    return found[0]


def told(document: bytes) -> str:
    """What a screen reader finds beside the text: alternatives of pictures, title, language, sorts of tags."""
    with pikepdf.open(io.BytesIO(document)) as found:
        assert found.Root.MarkInfo.Marked
        words = [str(found.docinfo.get("/Title", "")), str(found.Root.get("/Lang", ""))]
        for one in found.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem":
                words += [str(one.get("/S", "")), str(one.get("/Alt", ""))]
        return "\n".join(words)


def test_product__is_a_tagged_sheet_with_a_code_to_its_page(world: World) -> None:
    address = f"/things/offers/{world.offer.pk}"
    found = told(paper(f"{address}.pdf"))
    assert "Diapers" in found
    assert f"QR code with the address of the page: {full_address(address)}" in found
    assert all(tag in found for tag in ("/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"))
    assert "en" in found.splitlines()
    with clock.at(make.MORNING):
        assert anybody().get(address).status_code == 200, "the code leads to a page"
        page = pages.text(anybody(), address)
    for words in ("Diapers", "Maker", "The person pays at most", "To print: PDF, A4, in English", "PDF in large print"):
        assert words in page


def test_offers__without_a_place_ask_for_one(world: World) -> None:
    address = f"/things/{world.kind.pk}/offers"
    with clock.at(make.MORNING):
        before, after = pages.text(anybody(), address), pages.text(anybody(), f"{address}?place={world.place.code}")
    assert ("Choose a place" in before, "What is offered in a place" in before) == (True, False)
    assert ("Choose a place" in after, "What is offered in a place" in after) == (False, True)


@pytest.mark.parametrize(
    ("months", "said"), [(0, "Warranty none"), (1, "Warranty 1 month"), (12, "Warranty 12 months")]
)
def test_offer__says_how_long_its_warranty_is(world: World, months: int, said: str) -> None:
    world.offer.warranty_months = months
    world.offer.save()
    with clock.at(make.MORNING):
        assert said in pages.text(anybody(), f"/things/offers/{world.offer.pk}").replace("\u00a0", " ")


def test_code_of_a_list__leads_to_the_offers_of_its_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[str]()
    monkeypatch.setattr(paper_sheets, "qr_code", lambda url: drawn.append(url) or qr_code(url))
    paper(f"/things/{world.kind.code}/offers.pdf?place={world.place.code}", "ru")
    assert drawn == [full_address(f"/things/{world.kind.code}/offers?place={world.place.code}")]


def test_paper__speaks_the_language_of_the_reader(world: World) -> None:
    for language, name, words in (("kk", "Жөргек", "QR-код"), ("ru", "Подгузники", "QR-код с адресом страницы")):
        found = told(paper(f"/things/offers/{world.offer.pk}.pdf", language))
        assert name in found
        assert words in found
        assert language in found.splitlines()


def test_long_kazakh_names_large_print_and_odd_signs__are_a_sheet_too(world: World) -> None:
    for name in (LONG[:200], "#panic() ../x 小 😀", "*жұлдыз* _астын_ $сома$ @кім <а>"):
        Offer.objects.filter(pk=world.offer.pk).update(name_kk=name, description_kk=name)
        small = paper(f"/things/offers/{world.offer.pk}.pdf", "kk")
        large = paper(f"/things/offers/{world.offer.pk}.pdf?large=1", "kk")
        assert "kk" in told(small)
        with pikepdf.open(io.BytesIO(small)) as one, pikepdf.open(io.BytesIO(large)) as other:
            assert len(other.pages) >= len(one.pages)
            box = one.pages[0].MediaBox
            assert (round(float(box[2])), round(float(box[3]))) == (595, 842), "A4"


def test_photo_that_people_see__is_on_the_sheet_with_its_words(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        photo(offer, world.supplier_actor)
        case = pass_on(actor=region_of(world), admission=send_offer(actor=world.supplier_actor, offer=offer))
        before = told(paper(f"/things/offers/{offer.pk}.pdf", "ru"))
        admit_offer(actor=region_of(world), admission=case, conclusion_number="9", conclusion_on=clock.today())
    assert "Синяя коляска" not in before, "nobody sees what the commission has not seen"
    assert "Синяя коляска" in told(paper(f"/things/offers/{offer.pk}.pdf", "ru"))


def test_offer_that_people_do_not_see__has_no_page_and_no_paper(world: World) -> None:
    with clock.at(make.MORNING):
        waiting = Offer.objects.get(pk=sent(world).offer_id)
        for address in (f"/things/offers/{waiting.pk}", f"/things/offers/{waiting.pk}.pdf"):
            assert anybody().get(address).status_code == 404
        sold = admitted(world)
        block_offer(actor=region_of(world), offer=sold, reason="Order 3")
        page = pages.text(anybody(), f"/things/offers/{sold.pk}")
    assert "It cannot be ordered now." in page, "who follows a code of an old sheet is told"
    with clock.at(make.MORNING), translation.override("en"):
        facts = paper_facts(sold.pk)
    assert facts["not_sold"] == "It cannot be ordered now.", "and so is who prints a new one"
    assert "Order 3" not in page


def test_paper__holds_nothing_private(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        document = offer.documents.all()[0]
        page = pages.open_page(anybody(), f"/things/offers/{offer.pk}").html
    for private in (world.person.iin, world.person.surname, document.number, str(world.supplier_actor.user_id), "A-1"):
        assert private not in page.replace(str(offer.pk), "")


def test_list_of_many__is_bounded_and_says_how_many_are_left_out(world: World) -> None:
    address = f"/things/{world.kind.code}/offers"
    with clock.at(make.MORNING):
        for n in range(MOST_OFFERS + 7):
            make.offer(world.supplier, world.kind, price=Decimal(150 + n))
        asked = f"{address}?place={world.place.code}"
        page = pages.text(anybody(), asked)
        with CaptureQueriesContext(connection) as many:
            assert anybody().get(asked).status_code == 200
    document = paper(f"{address}.pdf?place={world.place.code}")
    assert f"{full_address(address)}?place={world.place.code}" in told(document)
    assert told(document).count("/TR") == MOST_OFFERS + 1, "a line for each, and the heads"
    assert "Further offers: 8" in page
    with clock.at(make.MORNING + timedelta(minutes=1)), CaptureQueriesContext(connection) as again:
        Offer.objects.filter(supplier=world.supplier).exclude(pk=world.offer.pk).update(state=Offer.State.ARCHIVED)
        assert anybody().get(asked).status_code == 200
    assert len(again) - 1 <= len(many) + 1


def test_list__needs_a_place_and_says_where_nobody_delivers(world: World) -> None:
    address = f"/things/{world.kind.code}/offers"
    with clock.at(make.MORNING):
        assert anybody().get(address).status_code == 200
        assert anybody().get(f"{address}.pdf").status_code == 404
        assert anybody().get(f"{address}?place=000").status_code == 422
        Offer.objects.filter(kind=world.kind).update(state=Offer.State.PAUSED)
        assert "Nobody delivers it here yet." in pages.text(anybody(), f"{address}?place={world.place.code}")
    assert told(paper(f"{address}.pdf?place={world.place.code}"))


def test_officer__has_the_paper_beside_the_card(world: World) -> None:
    with clock.at(make.MORNING):
        page = pages.open_page(world.client(region_of(world)), f"/office/cards/{world.offer.pk}").html
    assert f"/things/offers/{world.offer.pk}.pdf" in page


def test_paper__is_set_in_the_font_of_the_house(world: World) -> None:
    with pikepdf.open(io.BytesIO(paper(f"/things/offers/{world.offer.pk}.pdf", "kk"))) as found:
        fonts = {str(one.get("/BaseFont", "")) for one in found.objects if isinstance(one, pikepdf.Dictionary)}
    named = {one.partition("+")[2].partition("-Identity")[0] for one in fonts if "+" in one}
    assert named == {"NotoSans-Regular", "NotoSans-Bold"}


def test_code__is_a_drawing_of_the_address_alone() -> None:
    drawn = qr_code("https://tirek.example/things/offers/1")
    assert drawn.count("<path") == 1
    assert drawn != qr_code("https://tirek.example/things/offers/2")
    assert "script" not in drawn


@pytest.mark.mission("S0.18")
def test_list__never_begins_with_the_cheapest_because_it_is_the_cheapest(world: World) -> None:
    with clock.at(make.MORNING):
        limit = AMOUNTS.at(world.kind.code, territory_code=world.place.code, on=clock.today())
        assert limit is not None
        slow = make.offer(world.supplier, world.kind, price=limit.amount / 2, days=8)
        quick = make.offer(world.supplier, world.kind, price=limit.amount, days=2)
        dear = make.offer(world.supplier, world.kind, price=limit.amount + 1, days=1)
        listed = list_shown(world.kind, world.place.code)
        for _n in range(6):
            make.offer(world.supplier, world.kind, price=limit.amount, days=2)
        today = [one.offer.pk for one in list_shown(world.kind, world.place.code).offers]
    assert [one.offer.pk for one in listed.offers] == [quick.pk, world.offer.pk, slow.pk, dear.pk]
    with clock.at(make.MORNING + timedelta(days=1)):
        tomorrow = [one.offer.pk for one in list_shown(world.kind, world.place.code).offers]
    assert set(today) == set(tomorrow)
    assert today[:7] != tomorrow[:7], "of equals another one is first on another day"


def test_papers__are_made_so_many_for_one_place_of_the_net_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "_LIMITS", (Limit(2, timedelta(minutes=10)),))
    monkeypatch.setattr(showing, "offer_sheet", lambda *_shown, **_how: b"%PDF")
    with clock.at(make.MORNING):
        offer = admitted(world)
        address = f"/things/offers/{offer.pk}.pdf"
        assert [anybody().get(address).status_code for _n in range(3)] == [200, 200, 429]
        assert Client(REMOTE_ADDR="192.0.2.77").get(address).status_code == 200, "another place is none of it"


@pytest.mark.mission("S2.4")
def test_prices__of_an_offer_are_public_with_every_change_of_them(world: World) -> None:
    address, variant = f"/things/offers/{world.offer.pk}", world.version.variant
    with clock.at(make.MORNING):
        assert "No price has changed since 9 November 2026." in pages.text(anybody(), address)
    prices = [Decimal(200), Decimal(150)]
    for day, price in enumerate(prices, start=1):
        with clock.at(make.MORNING + timedelta(days=day)):
            change_price(actor=world.supplier_actor, variant=variant, price=price)
    with clock.at(make.MORNING + timedelta(days=3)):
        # another version with the same price is no change of it
        change_price(actor=world.supplier_actor, variant=variant, price=prices[-1])
        rows = [row for row in pages.open_page(anybody(), address).rows if "%" in row[-1]]
    assert [row[1] for row in rows] == ["11 November 2026", "10 November 2026"]
    assert ["".join(row[-1].split()) for row in rows] == ["\u221225%", "+11.1%"]
    history = price_history(world.offer.pk)
    assert [(one.before, one.price) for one in history.changes] == [(200, 150), (180, 200)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(showing_of_offers, "MOST_CHANGES", 1)
        # a piece at a time, each behind the one before, however often it has changed
        newest = price_history(world.offer.pk)
        older = price_history(world.offer.pk, newest.after)
        assert [one.price for one in (*newest.changes, *older.changes)] == prices[::-1]
        assert (newest.is_later, older.is_later, older.after) == (False, True, "")
        page = pages.open_page(anybody(), f"{address}?prices={newest.after}")
        assert "The newest changes" in page.main
        assert price_history(world.offer.pk, "9" * 400 + f".{world.offer.pk}").changes == newest.changes
