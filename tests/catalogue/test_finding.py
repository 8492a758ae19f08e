"""What can be ordered is found by the words that people use, and shown to everybody."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue import finding
from tirek.catalogue.models import GuaranteedAmount, Kind
from tirek.catalogue.queries import offered_of, paid_for
from tirek.catalogue.reference_data import load_guaranteed_amounts, load_kinds, load_names_of_kinds
from tirek.core import clock
from tirek.core.folding import folded
from tirek.core.reference.snapshot import forget_all

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-public")]


@pytest.fixture(autouse=True)
def _kinds() -> None:
    load_kinds()
    load_names_of_kinds()
    load_guaranteed_amounts()
    forget_all()


def reader() -> Client:
    client = Client()
    client.cookies["tirek_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("памперс", "GI-01"),
        ("памперсы для ребёнка", "GI-02"),
        ("бала жөргегі", "GI-02"),
        ("жоргек", "GI-01"),
        ("инвалидную коляску", "SM-01"),
        ("мүгедек арбасы", "SM-01"),
        ("электроколяска", "SM-04"),
        ("каляска", "SM-01"),
        ("ходунки", "PO-13"),
        ("хадунки", "PO-13"),
        ("слуховой апарат", "SU-01"),
        ("есту аппараты", "SU-01"),
        ("белая трость", "TI-01"),
        ("ақ таяқ", "TI-01"),
        ("ақ таяк", "TI-01"),
        ("тонометр", "TI-10"),
        ("сурдопереводчик", "US-03"),
        ("ымдау тілі", "US-03"),
        ("санаторий", "US-01"),
        ("мне нужен глюкометр", "TI-11"),
        ("wheelchair", "SM-01"),
        ("hearing aid", "SU-01"),
        ("Пелёнки", "GI-03"),
        ("пеленки", "GI-03"),
    ],
)
def test_words_of_people__find_the_kind_among_the_first_five(text: str, code: str) -> None:
    assert code in [one.code for one in [*finding.found(text).sure, *finding.found(text).perhaps][:5]]


def test_words_that_name_nothing__find_nothing_and_no_word_finds_all() -> None:
    assert finding.found("экскаватор").sure == []
    assert len(finding.found(" , ").sure) == Kind.objects.count()
    assert finding.found("для") == (finding.all_kinds(), [])


def test_list__is_open_to_all_and_leads_to_each_kind() -> None:
    page = open_page(reader(), "/things?text=памперс")
    assert "/things/GI-01" in [link.address for link in page.links]
    assert "/things/SM-01" not in [link.address for link in page.links]
    whole = [link.address for link in open_page(reader(), "/things").links if link.address.startswith("/things/")]
    assert len(whole) == Kind.objects.count()
    nothing = open_page(reader(), "/things?text=<script>экскаватор")
    assert "/things/SM-01" in [link.address for link in nothing.links], "a way out: the whole list"
    open_page(reader(), "/things/NO-99", status=404)


def test_kind__says_what_is_paid_who_offers_it_and_how_soon() -> None:
    with clock.at(make.MORNING):
        world = World()
        code = world.kind.code
        Kind.objects.filter(pk=code).update(illustration="diapers-adult")
        forget_all()
        page = open_page(reader(), f"/things/{code}")
        offered = offered_of(code, on=clock.today())
    assert offered is not None
    assert f"{offered.suppliers} supplier" in page.main
    assert "illustrations/diapers-adult" in page.html
    paid = paid_for(code, on=make.MORNING.date())
    assert paid is not None
    assert f"up to {paid.most.normalize():f} ₸" in page.main.replace("\xa0", " ")
    assert "/sign-in/" in "".join(link.address for link in page.links)


def test_amounts_of_regions__are_told_from_the_least_to_the_most() -> None:
    kind = Kind.objects.get(pk="PO-12")
    told = {"effective_from": date(2026, 1, 1), "citation": "test", "status": "approved"}
    GuaranteedAmount.objects.filter(kind=kind).delete()
    forget_all()
    assert paid_for(kind.code, on=date(2026, 11, 1)) is None
    GuaranteedAmount.objects.create(kind=kind, region_code="", amount=Decimal(900), **told)
    GuaranteedAmount.objects.create(kind=kind, region_code="750000000", amount=Decimal(1200), **told)
    forget_all()
    paid = paid_for(kind.code, on=date(2026, 11, 1))
    assert paid is not None
    assert (paid.least, paid.most, paid.is_demo) == (Decimal(900), Decimal(1200), False)
    assert paid_for(kind.code, on=date(2025, 11, 1)) is None


def test_kind_that_the_department_buys__says_so_and_leads_to_a_written_way() -> None:
    page = open_page(reader(), "/things/PO-01")
    assert "Made for you through the department" in page.main
    assert "or sign in and write" in page.main


def test_first_page__shows_what_can_be_ordered_and_what_it_takes() -> None:
    page = open_page(reader(), "/")
    assert "/things/GI-01" in [link.address for link in page.links]
    assert "10 calendar days" in page.main.replace("\xa0", " ")
    assert page.headings[0] == "Order the aids that the state pays for"


@pytest.mark.finding("A-folds")
@pytest.mark.parametrize(
    ("typed", "code"),
    [("пaмпepс", "GI-01"), ("ХOДУНКИ", "PO-13"), ("жөpгeк", "GI-01"), ("жоргек", "GI-01"), ("WHEELCHAIR", "SM-01")],
)
def test_latin_letter_in_a_cyrillic_word__counts_as_in_names_of_people(typed: str, code: str) -> None:
    assert code in [one.code for one in finding.found(typed).sure[:3]]


@pytest.mark.finding("A-folds")
def test_letters__are_folded_in_one_place() -> None:
    for word in ("Қуәтбек", "Ёлка", "ҢҒҮҰҺІӨ", "Mұpaт"):
        assert finding.words_of(word) == [folded(word).replace("й", "и").replace("ы", "и")]
