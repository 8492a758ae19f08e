"""A supplier's offers: many on a page, paused and sold again, taken along as a table and brought back."""

import csv
import io
import zipfile
from decimal import Decimal
from uuid import UUID

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from tests import factories as make
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.actions import pause_offer, resume_offer, set_article
from tirek.catalogue.models import Offer, OfferEvent, OfferVersion, Variant
from tirek.catalogue.queries import Wanted, offers_of, variants_of_supplier
from tirek.core import clock
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.files import tables
from tirek.orders import actions

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-S5")]
OFFERS = "/supply/offers"


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return signed_in(world.supplier_actor)


def variant(world: World) -> Variant:
    return Variant.objects.select_related("offer", "current").get(pk=world.version.variant_id)


def taken_along(seller: Client, form: str = "csv") -> list[list[str]]:
    answer = seller.get(f"{OFFERS}/export?as={form}")
    if form == "csv":
        text = b"".join(answer.streaming_content).decode()
        return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def workbook(lines: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for n, line in enumerate(lines):
            for place, value in enumerate(line):
                sheet.write(n, place, value)
    return target.getvalue()


def csv_text(lines: list[list[object]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(lines)
    return target.getvalue().encode("utf-8-sig")


def sent(seller: Client, content: bytes) -> Page:
    return read(seller.post(f"{OFFERS}/table", {"file": SimpleUploadedFile("offers.xlsx", content)}))


def entered(seller: Client, check: Page) -> Page:
    seal = check.html.partition('name="seal" value="')[2].partition('"')[0]
    return read(seller.post(f"{OFFERS}/table", {"step": "do", "seal": seal}, follow=True))


# --- the list


def test_list__tells_what_the_person_pays_and_what_open_orders_hold(world: World, seller: Client) -> None:
    make.offer(world.supplier, world.kind, price=Decimal(250))
    with clock.at(make.MORNING):
        world.order(3)
        actions.cancel_order(actor=world.actor, order=world.order(5))
        rows = open_page(seller, OFFERS).rows
    heads, dear, cheap = rows[0], rows[1], rows[2]
    told = {head: (dear[n], cheap[n]) for n, head in enumerate(heads)}
    assert told["Price of one"] == ("250 ₸", "180 ₸")
    assert told["The budget pays up to"] == ("200 ₸", "200 ₸")
    assert told["The recipient pays for one"] == ("50 ₸", "free")
    assert told["Free for new orders"][1] == "997"
    assert told["In open orders"] == ("0", "3")
    assert told["Together"][1] == "1 000"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(words="жөрг"), 1),
        (Wanted(words="DIAP m"), 1),
        (Wanted(words="art-7 :* & |"), 1),
        (Wanted(words="wheelchair"), 0),
        (Wanted(kind="GI-01"), 1),
        (Wanted(kind="SM-01"), 0),
        (Wanted(state="paused"), 0),
        (Wanted(stock="none"), 0),
        (Wanted(stock="some"), 1),
    ],
)
def test_search__finds_beginnings_of_words_in_every_language(world: World, wanted: Wanted, count: int) -> None:
    set_article(actor=world.supplier_actor, variant=variant(world), article="ART-77")
    assert variants_of_supplier(world.supplier.pk, wanted).count() == count
    assert variants_of_supplier(make.supplier().pk, wanted).count() == 0


@pytest.mark.finding("T-search-keys")
def test_sizes_from_before_the_search__get_their_words_within_the_hour(world: World) -> None:
    app.perform_import_paths()
    (job,) = [one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == "catalogue.search_keys"]
    assert job.cron == "23 * * * *"
    set_article(actor=world.supplier_actor, variant=variant(world), article="ART-77")
    known = variant(world).search_key
    other = make.version_of(make.offer(world.supplier, world.kind)).variant
    Variant.objects.filter(pk=other.pk).update(search_key="written by the supplier")
    Variant.objects.filter(pk=world.version.variant_id).update(search_key="")
    found = Wanted(words="art 77")
    assert variants_of_supplier(world.supplier.pk, found).count() == 0
    with CaptureQueriesContext(connection) as asked:
        job.task(timestamp=0)
    assert variants_of_supplier(world.supplier.pk, found).count() == 1
    assert variant(world).search_key == known
    assert Variant.objects.get(pk=other.pk).search_key == "written by the supplier"
    with CaptureQueriesContext(connection) as again:
        job.task(timestamp=0)
    assert len(again) < len(asked), "what has its words is not written again"


def test_page__saves_many_or_nothing_and_names_what_is_wrong(world: World, seller: Client) -> None:
    first, second = variant(world), make.version_of(make.offer(world.supplier, world.kind)).variant

    def typed(one: Variant, **changed: str) -> dict[str, str]:
        values = {"stock": "1000", "shown_stock": "1000", "price": "180", "shown_price": "180.00"} | changed
        return {f"{one.pk}-{name}": value for name, value in values.items()}

    rows = {"row": [str(first.pk), str(second.pk)]}
    page = read(seller.post(f"{OFFERS}?edit=1", rows | typed(first, price="190") | typed(second, stock="-1")))
    assert page.status == 422
    assert "Diapers, M: Free for new orders" in page.text
    assert variant(world).current.price == 180
    right = rows | typed(first, price="190,50") | typed(second, stock="7")
    check = read(seller.post(f"{OFFERS}?edit=1", right))
    assert "Diapers, M 180 ₸ 190.50 ₸ (+5.8 %)" in check.main.replace("\u00a0", " ")
    assert variant(world).current.price == 180, "first the difference is shown"
    assert "190,50" in read(seller.post(f"{OFFERS}?edit=1", right | {"step": "edit"})).html
    done = read(seller.post(f"{OFFERS}?edit=1", right | {"step": "do"}, follow=True))
    assert "2 sizes were changed." in done.main
    assert variant(world).current.price == Decimal("190.50")
    assert Variant.objects.get(pk=second.pk).stock == 7
    # nobody else's
    other = make.version_of(make.offer(make.supplier(), world.kind)).variant
    seller.post(f"{OFFERS}?edit=1", {"row": [str(other.pk)]} | typed(other, price="1"))
    assert OfferVersion.objects.filter(variant=other).count() == 1


def test_page__what_changed_meanwhile_stops_all_of_it(world: World, seller: Client) -> None:
    first, second = variant(world), make.version_of(make.offer(world.supplier, world.kind)).variant
    Variant.objects.filter(pk=second.pk).update(stock=5)
    values = {"stock": "9", "shown_stock": "1000", "price": "190", "shown_price": "180.00"}
    typed = {f"{one.pk}-{name}": value for one in (first, second) for name, value in values.items()}
    sent = {"row": [str(first.pk), str(second.pk)], "step": "do", **typed}
    page = read(seller.post(f"{OFFERS}?edit=1", sent))
    assert page.status == 422
    assert "Changed meanwhile" in page.main
    assert variant(world).current.price == 180


# --- pause


def test_pause__hides_the_offer_and_lets_open_orders_go_on(world: World, seller: Client) -> None:
    offer = variant(world).offer
    with clock.at(make.MORNING):
        order = world.order(3)
        ask = open_page(seller, f"/supply/cards/{offer.pk}/pause")
        assert "Orders that are open go on." in ask.main
        assert offer.name in ask.main
        assert Offer.objects.get(pk=offer.pk).state == "active"
        assert "The offer is paused." in read(seller.post(f"/supply/cards/{offer.pk}/pause", follow=True)).main
        on = {"on": clock.today(), "territory_code": world.place.code}
        assert not offers_of(world.kind, **on)
        with pytest.raises(RuleBroken) as gone:
            world.order(3)
        assert gone.value.code == "offer_gone"
        assert actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today()).ready_on
        seller.post(f"/supply/cards/{offer.pk}/resume")
        assert list(offers_of(world.kind, **on)) == [offer]
        page = open_page(seller, f"/supply/cards/{offer.pk}")
    assert "On sale again" in page.main
    assert list(OfferEvent.objects.order_by("at").values_list("what", "by")) == [
        ("paused", world.supplier_actor.user_id),
        ("resumed", world.supplier_actor.user_id),
    ]


def test_pause__is_refused_twice_and_to_others(world: World) -> None:
    offer = variant(world).offer
    with pytest.raises(NotAllowed):
        pause_offer(actor=make.supplier_actor(make.supplier()), offer=offer)
    with pytest.raises(RuleBroken):
        resume_offer(actor=world.supplier_actor, offer=offer)
    pause_offer(actor=world.supplier_actor, offer=offer)
    with pytest.raises(RuleBroken):
        pause_offer(actor=world.supplier_actor, offer=offer)
    stranger = signed_in(make.supplier_actor(make.supplier()))
    assert stranger.post(f"/supply/cards/{offer.pk}/resume").status_code == 404
    assert Offer.objects.get(pk=offer.pk).state == "paused"


# --- taken along and brought back


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_table__comes_back_as_it_went_and_changes_nothing(world: World, seller: Client, form: str) -> None:
    lines = taken_along(seller, form)
    check = sent(seller, csv_text(lines) if form == "csv" else workbook(lines))
    assert "0 sizes will change. 1 line changes nothing." in check.main
    assert 'name="seal"' not in check.html


@pytest.mark.parametrize("made", [csv_text, workbook])
def test_table__shows_what_changes_and_one_press_enters_all_of_it(world: World, seller: Client, made: object) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
    heads, line = taken_along(seller)
    line[1], line[5], line[6] = "Ж-12", "210,5", "40"
    check = sent(seller, made([heads, line]))  # type: ignore[operator]
    assert (check.status, "180 ₸ → 210.50 ₸" in check.main, "997 → 40" in check.main) == (200, True, True)
    assert variant(world).stock == 997, "the check enters nothing"
    assert "1 size was changed." in entered(seller, check).main
    now = variant(world)
    assert (now.current.price, now.stock, now.article) == (Decimal("210.50"), 40, "Ж-12")
    order.refresh_from_db()
    assert order.unit_price == 180, "a new price is for new orders only"
    with clock.at(make.MORNING):
        assert actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today()).unit_price == 180


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        (0, "nothing", "There are no goods of yours with this code."),
        (0, "stranger", "There are no goods of yours with this code."),
        (5, "0", "“Price of one, tenge” must be a number above zero"),
        (5, "1e9999", "“Price of one, tenge” must be a number above zero"),
        (5, "12,345", "“Price of one, tenge” must be a number above zero"),
        (6, "-3", "“Free for new orders” must be a whole number that is not below zero."),
        (6, "3,5", "“Free for new orders” must be a whole number that is not below zero."),
        (1, "x" * 41, "“Your article number” must be 40 characters or fewer."),
        (6, "=1+1", "There is a formula here."),
        (1, '=HYPERLINK("http://example.kz")', "There is a formula here."),
    ],
)
@pytest.mark.parametrize("made", [csv_text, workbook])
def test_table__names_every_wrong_line_and_enters_nothing(
    world: World, seller: Client, made: object, place: int, typed: str, said: str
) -> None:
    good = make.version_of(make.offer(world.supplier, world.kind)).variant
    other = make.version_of(make.offer(make.supplier(), world.kind)).variant
    heads, *lines = taken_along(seller)
    for line in lines:
        line[6] = "40"
    wrong = next(line for line in lines if UUID(line[0]) != good.pk)
    wrong[place] = str(other.pk) if typed == "stranger" else typed
    page = sent(seller, made([heads, *lines]))  # type: ignore[operator]
    assert page.status == 422
    name = "" if typed in {"nothing", "stranger"} else f", {wrong[2]}, {wrong[3]}"
    assert f"Line {lines.index(wrong) + 2}{name}: {said}" in page.main
    assert page.html.partition("<title>")[2].startswith("Error:")
    if place == 5:
        assert f"Typed: “{typed}”." in page.main
    assert 'name="seal"' not in page.html
    assert set(Variant.objects.values_list("stock", flat=True)) == {1000}


def test_table__same_goods_twice_are_told(world: World, seller: Client) -> None:
    heads, line = taken_along(seller)
    assert (
        f"Line 3, {line[2]}, {line[3]}: The same goods are in line 2 already."
        in sent(seller, csv_text([heads, line, line])).main
    )


def test_table__what_changed_after_the_check_stops_all_of_it(world: World, seller: Client) -> None:
    heads, line = taken_along(seller)
    line[5], line[6] = "300", "40"
    check = sent(seller, csv_text([heads, line]))
    Variant.objects.update(stock=5)
    page = entered(seller, check)
    assert "Changed meanwhile" in page.main
    assert (variant(world).stock, variant(world).current.price) == (5, 180)


@pytest.mark.parametrize("made", [csv_text, workbook])
def test_table__puts_nothing_back_that_was_ordered_while_it_was_away(
    world: World, seller: Client, made: object
) -> None:
    heads, line = taken_along(seller)
    assert str(line[9]) == "1000"
    Variant.objects.update(stock=2)
    line[5] = "300"
    check = sent(seller, made([heads, line]))  # type: ignore[operator]
    assert "1000" not in check.main
    entered(seller, check)
    assert (variant(world).stock, variant(world).current.price) == (2, 300)
    line[6] = "40"
    page = entered(seller, sent(seller, made([heads, line])))  # type: ignore[operator]
    assert "this page showed 1000, now it is 2" in page.main.replace("\u00a0", "")
    # who has taken no such column along, from a table of before, is told the present stock
    check = sent(seller, made([heads[:9], line[:9]]))  # type: ignore[operator]
    assert "2 → 40" in check.main


def test_table__check_of_another_supplier_enters_nothing(world: World, seller: Client) -> None:
    heads, line = taken_along(seller)
    line[6] = "40"
    check = sent(seller, csv_text([heads, line]))
    stranger = signed_in(make.supplier_actor(make.supplier()))
    for other, page in ((stranger, check), (seller, Page(200, check.html.replace('seal" value="', 'seal" value="x')))):
        assert "The check of this table is over." in entered(other, page).main
    assert variant(world).stock == 1000


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (tables.MOST_UNPACKED + 1))
    return target.getvalue()


def with_part(name: str) -> bytes:
    target = io.BytesIO(workbook([["a"]]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, b"x")
    return target.getvalue()


def entities() -> bytes:
    """A workbook whose sheet grows by entities as it is read."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook([["a"]]))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                head = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                content = content.replace(b"?>", b"?>" + head, 1).replace(b"<v>0</v>", b"<v>&b;</v>")
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n;;\n", "empty"),
        (b"PK\x03\x04 is no archive", "unreadable"),
        (bomb(), "too_large"),
        (with_part("xl/vbaProject.bin"), "active"),
        (with_part("xl/externalLinks/externalLink1.xml"), "active"),
        (entities(), "unreadable"),
        (b"a\0b", "unreadable"),
        (b"x" * (tables.MAX_BYTES + 1), "too_large"),
        (b"a\n" * (tables.MOST_LINES + 2), "too_long"),
    ],
    ids=["nothing", "no values", "no archive", "bomb", "macros", "links", "entities", "binary", "large", "long"],
)
def test_table__hostile_file_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(tables.NoTable) as refused:
        tables.read(content)
    assert refused.value.code == code


def test_table__without_its_columns_is_refused_at_the_file(seller: Client) -> None:
    page = sent(seller, csv_text([["a", "b"], ["1", "2"]]))
    assert page.status == 422
    assert "The column “Code (leave as it is)” is missing." in " ".join(page.errors)
