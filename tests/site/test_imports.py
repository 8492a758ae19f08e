"""Files that fill an installation: checked, told line by line, taken whole or not at all."""

import contextlib
import io
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import Page, open_page, pressed, read
from tests.kit.sign_in import signed_in
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.markup import folded

from tirek.catalogue import imports as catalogue_imports
from tirek.catalogue.models import Offer, Variant
from tirek.core import clock, imports
from tirek.core.actors import Actor
from tirek.core.case.journal import Event
from tirek.core.errors import RuleBroken
from tirek.core.identifiers import Sex, check_digit, synthetic_iin
from tirek.core.imports import Outcome, Run, runs, tables
from tirek.core.imports.runs import AT_ONCE, carry_out
from tirek.entitlements.models import Line, Programme
from tirek.organisations.models import Organisation
from tirek.people.models import Disability, Person, Representation
from tirek.suppliers.models import Supplier

pytestmark = pytest.mark.django_db
PLACE = "101810000"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        make.district(PLACE)
        make.district("101010000")
        yield


@pytest.fixture
def admin() -> Client:
    return signed_in(make.member(make.organisation("centre"), "admin"))


def bin_of(n: int) -> str:
    for serial in range(n, n + 1000, 100):
        digits = f"2001400{serial:04d}"
        if (last := check_digit(digits)) is not None:
            return f"{digits}{last}"
    raise AssertionError(n)


def iin_of(n: int, year: int = 1980) -> str:

    return synthetic_iin(date(year, 5, 17), Sex.FEMALE, n).digits


def chosen(admin: Client, code: str, text: str | bytes, name: str = "table.csv") -> Run:
    content = text.encode() if isinstance(text, str) else text
    done = admin.post(f"/manage/imports/{code}", {"file": SimpleUploadedFile(name, content)})
    assert done.status_code == 302, read(done).errors
    return Run.objects.order_by("-created_at", "-pk")[0]


def page_of(admin: Client, run: Run) -> Page:
    return open_page(admin, f"/manage/imports/run/{run.pk}")


def taken(admin: Client, code: str, text: str | bytes) -> Run:
    run = chosen(admin, code, text)
    assert run.mistakes == []
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    return run


ORGANISATIONS = f"""bin;kind;name_kk;name_ru;place;phone
{bin_of(1)};local_body_district;Бөлім;Отдел;{PLACE};8 722 252 00 01
{bin_of(2)};поставщик;«Жол» ЖШС;ТОО «Жол»;{PLACE};
"""


def test_file__is_checked_first_and_nothing_is_written(admin: Client) -> None:
    run = chosen(admin, "organisations", ORGANISATIONS)
    assert (run.state, run.made, run.mistakes) == (Run.State.CHECKED, 2, [])
    assert "Nothing is written yet." in page_of(admin, run).main
    assert not Organisation.objects.filter(bin=bin_of(1)).exists()
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    assert Organisation.objects.get(bin=bin_of(2)).kind == "supplier"
    assert Organisation.objects.get(bin=bin_of(1)).phone == "+77222520001"
    run.refresh_from_db()
    assert run.content is None, "the file is not kept any longer"


def test_same_file_again__changes_nothing(admin: Client) -> None:
    taken(admin, "organisations", ORGANISATIONS)
    again = taken(admin, "organisations", ORGANISATIONS.replace("8 722 252 00 01", "8 722 252 00 09"))
    assert (again.made, again.changed, again.same) == (0, 1, 1)
    once_more = taken(admin, "organisations", ORGANISATIONS.replace("8 722 252 00 01", ""))
    assert (once_more.made, once_more.changed, once_more.same) == (0, 0, 2)


def test_mistakes__are_told_by_line_in_words_and_nothing_is_taken(admin: Client) -> None:
    text = ORGANISATIONS + f"123;supplier;А;А;;\n{bin_of(3)};shop;Б;Б;999999999;\n{bin_of(2)};supplier;В;В;;\n"
    run = chosen(admin, "organisations", text)
    page = page_of(admin, run).main
    assert "Line 4: bin: A BIN has 12 digits." in page
    assert "“shop” is none of: local_body_region" in page
    assert "Line 5: place: There is no region, district or city “999999999”" in page
    assert "Line 6: The same is in line 3." in page
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    assert not Organisation.objects.filter(bin=bin_of(1)).exists()


def test_what_changed_between_check_and_import__leaves_nothing_half_done(admin: Client) -> None:
    people = f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n{iin_of(2)};В;Г;{PLACE}\n"
    taken(admin, "people", people)
    disabilities = f"iin;group;reason;since\n{iin_of(1)};II;general;2026-01-15\n{iin_of(2)};I;general;2026-01-15\n"
    run = chosen(admin, "disabilities", disabilities)
    other = Person.objects.get(iin=iin_of(2))
    Disability.objects.create(
        person=other, group="III", since=make.now().date().replace(month=1, day=15), reason="general"
    )
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    run.refresh_from_db()
    assert run.state == Run.State.CHECKED
    assert "Another disability since the same day" in page_of(admin, run).main
    assert not Disability.objects.filter(person__iin=iin_of(1)).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty. Choose another file."),
        (b"bin;kind\n1;2\n", "The first line lacks these columns: name_kk, name_ru."),
        (b"bin;kind;name_kk;name_ru;colour\n1;2;3;4;5\n", "Nobody knows these columns: colour."),
        (b"bin\0", "This is no text in UTF-8."),
        (b"PK\x03\x04rest", "This workbook cannot be read."),
        (b"bin;kind;name_kk;name_ru\n", "The file has no lines below its headings."),
    ],
)
def test_file_that_is_none__is_refused_in_words(admin: Client, content: bytes, said: str) -> None:
    page = read(admin.post("/manage/imports/organisations", {"file": SimpleUploadedFile("a.csv", content)}))
    assert said in " ".join(page.errors)
    assert not Run.objects.exists()


def test_file_of_too_many_lines__is_refused_in_words(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_LINES", 1)
    content = f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n{iin_of(2)};А;Б;{PLACE}\n".encode()
    page = read(admin.post("/manage/imports/people", {"file": SimpleUploadedFile("a.csv", content)}))
    assert "The file has more than 1 lines." in " ".join(page.errors)
    assert not Run.objects.exists()


def test_workbook__is_read_like_a_text_with_its_days(admin: Client) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        for place, name in enumerate(("iin", "surname", "given_name", "place", "birth_date", "sex")):
            sheet.write(0, place, name)
        sheet.write_number(1, 0, int(iin_of(5)))
        sheet.write_row(1, 1, ["Сынақова", "Айгүл", "Аудан"])
        sheet.write_datetime(1, 4, make.MORNING.replace(tzinfo=None, year=1981), day)
        sheet.write(1, 5, "әйел")
    make.Territory.objects.filter(pk=PLACE).update(name_kk="Жарма")
    content = target.getvalue()
    run = chosen(admin, "people", content, "people.xlsx")
    assert "Line 2: place: Several places are called" not in page_of(admin, run).main
    template = admin.get("/manage/imports/people/template")
    assert template.content.startswith(b"PK")
    table = imports.table_of("people")
    assert table is not None
    (line,) = imports.read_table(table, template.content)
    assert line[1]["surname"] == "Сынақова"


OFFERS_HEAD = (
    "bin,kind,name_kk,name_ru,maker,country,delivery_days,delivers_to,conclusion_number,conclusion_on,size,price,stock,"
    "parameters\n"
)
#: The commission's conclusion.
BY = "12-2026,2026-01-25"


def known_supplier() -> str:
    """The BIN of a supplier on the register."""
    Organisation.objects.filter(pk=make.supplier().organisation_id).update(bin=bin_of(5))
    return bin_of(5)


@pytest.mark.finding("A-A3")
def test_offers__come_with_their_sizes_and_leave_price_and_stock_to_the_supplier(admin: Client) -> None:
    make.kind("GI-01")
    begin = f"{known_supplier()},GI-01,Жөргек,Подгузники,Ertis,kz,6,{PLACE}; 101010000,{BY}"
    first = f'{begin},M,"180,50",40,waist_min_cm=70; waist_max_cm=110\n{begin},L,190,0,\n'
    assert taken(admin, "offers", OFFERS_HEAD + first).made == 1
    offer = Offer.objects.get()
    assert (offer.state, offer.country, offer.delivers_to) == ("active", "KZ", [PLACE, "101010000"])
    medium, large = offer.variants.get(label="M"), offer.variants.get(label="L")
    assert (medium.current.price, medium.stock, large.stock) == (Decimal("180.50"), 40, 0)
    assert medium.current.parameters == {"waist_min_cm": 70, "waist_max_cm": 110}
    Variant.objects.filter(pk=medium.pk).update(stock=7)
    run = taken(admin, "offers", f"{OFFERS_HEAD}{first}{begin},XL,200,5,\n")
    assert (run.made, run.changed) == (0, 1)
    assert dict(offer.variants.values_list("label", "stock")) == {"M": 7, "L": 0, "XL": 5}


def test_offers__are_admitted_by_the_conclusion_that_the_file_names(admin: Client) -> None:
    make.kind("GI-01")
    begin = f"{known_supplier()},GI-01,Жөргек,Подгузники,Ertis,kz,6,{PLACE}"
    for by, said in (
        (",2026-01-25", "conclusion_number: "),
        ("12-2026,", "conclusion_on: "),
        ("12-2026,2026-13-25", "conclusion_on: "),
        (f"12-2026,{clock.today().year + 1}-01-25", "conclusion_on: "),
    ):
        run = chosen(admin, "offers", f"{OFFERS_HEAD}{begin},{by},M,180,40,\n")
        assert [one["text"] for one in run.mistakes if said in one["text"]], (by, run.mistakes)
    differ = f"{begin},{BY},M,180,40,\n{begin},13-2026,2026-01-25,L,180,40,\n"
    assert "conclusion_number" in chosen(admin, "offers", OFFERS_HEAD + differ).mistakes[0]["text"]
    assert not Offer.objects.exists()
    first = taken(admin, "offers", f"{OFFERS_HEAD}{begin},{BY},M,180,40,\n")
    offer = Offer.objects.get()
    case = offer.admissions.get()
    assert (case.state, case.conclusion_number, case.conclusion_on) == ("admitted", "12-2026", date(2026, 1, 25))
    assert case.sent_by == first.actor_id
    [event] = Event.objects.filter(case_id=case.pk)
    assert (event.type, event.data["conclusion"]) == ("admission.enter", "12-2026")
    assert offer.events.get(what="admitted").reason == "№ 12-2026, 25.01.2026"
    taken(admin, "offers", f"{OFFERS_HEAD}{begin},{BY},M,180,40,\n")
    assert offer.admissions.count() == 1, "what is there already needs no conclusion more"
    taken(admin, "offers", f"{OFFERS_HEAD}{begin},14-2026,2026-02-25,L,190,40,\n")
    assert {one.conclusion_number for one in offer.admissions.all()} == {"12-2026", "14-2026"}
    shop = signed_in(make.supplier_actor(offer.supplier))
    page = folded(shop.get(reverse("catalogue:supplier-card", args=[offer.pk])).content.decode())
    assert "These documents are not here yet" in page, page[page.find("<main") :]


@pytest.mark.finding("A-A3")
def test_offers__mistakes_are_told_in_words(admin: Client) -> None:
    make.kind("GI-01")
    number = known_supplier()
    lines = (
        f"{number},GI-01,Ж,А,Ertis,KZ,6,{PLACE},{BY},M,180,4,no_such=1\n",
        f"{number},GI-01,Ж,Б,Ertis,KZ,6,{PLACE},{BY},M,180,4,waist_min_cm=wide\n",
        f"{number},GI-01,Ж,В,Ertis,KZ,6,{PLACE},{BY},M,180,4,\n{number},GI-01,Ж,В,Ertis,KZ,9,{PLACE},{BY},L,180,4,\n",
        f"{bin_of(7)},GI-01,Ж,Г,Ertis,KZ,6,{PLACE},{BY},M,180,4,\n",
        f"{number},XX-99,Ж,Д,Ertis,KZ,6,nowhere,M,0,4,\n",
    )
    told = " ".join(one["text"] for one in chosen(admin, "offers", OFFERS_HEAD + "".join(lines)).mistakes)
    for said in (
        "This kind has no parameter “no_such”. It has: ",
        "has a value that is not possible.",
        "The column “delivery_days” differs from line 4, which it belongs to.",
        "No supplier of the register has this BIN.",
        "The classifier has no kind “XX-99”.",
        "There is no region, district or city “nowhere”.",
    ):
        assert said in told
    assert not Offer.objects.exists()


@pytest.mark.finding("R-offers-file")
@pytest.mark.parametrize(
    ("typed", "kept"), [("kz", "KZ"), (" DE ", "DE"), ("XX", ""), ("EU", ""), ("ZZ", ""), ("K1", "")]
)
def test_offers__country_is_one_that_exists(admin: Client, typed: str, kept: str) -> None:
    make.kind("GI-01")
    run = chosen(admin, "offers", f"{OFFERS_HEAD}{known_supplier()},GI-01,Ж,П,Ertis,{typed},6,{PLACE},{BY},M,180,4,\n")
    said = [f"country: “{typed}” is no country. Write its two letters, for example KZ."]
    assert [one["text"] for one in run.mistakes] == ([] if kept else said)
    if kept:
        imports.confirm(actor=run.importer, run=run)
        assert Offer.objects.get().country == kept


@pytest.mark.finding("R-offers-file")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"removed_on": date(2026, 11, 1)}, "This supplier was removed from the register and offers nothing new."),
        (
            {"suspended_since": date(2026, 11, 1), "suspension_basis": "№ 7"},
            "This supplier is suspended and offers nothing new until the suspension is lifted.",
        ),
        ({"suspended_since": date(2099, 1, 1), "suspension_basis": "№ 7"}, ""),
    ],
)
def test_offers__of_a_supplier_that_takes_no_orders_are_refused(
    admin: Client, given: dict[str, object], said: str
) -> None:
    make.kind("GI-01")
    begin = f"{known_supplier()},GI-01,Ж,П,Ertis,KZ,6,{PLACE},{BY}"
    first = f"{OFFERS_HEAD}{begin},M,180,4,\n"
    taken(admin, "offers", first)
    Supplier.objects.filter(organisation__bin=bin_of(5)).update(**given)
    for line in (f"{begin},L,180,4,\n", f"{begin.replace('П', 'Р')},L,180,4,\n"):
        run = chosen(admin, "offers", f"{OFFERS_HEAD}{line}")
        assert [one["text"] for one in run.mistakes] == ([said] if said else [])
    assert chosen(admin, "offers", first).same == 1, "what is there already changes nothing"


@pytest.mark.finding("R-offers-file")
def test_offers__are_known_by_the_rule_that_groups_their_lines(admin: Client) -> None:
    make.kind("GI-01")
    number = known_supplier()
    lines = [
        f"{number},GI-01,Ж,{name},Ertis,KZ,6,{PLACE},{BY},{size},180,4,\n"
        for name, size in (("Подгузники Люкс", "M"), ("подгузники  люкс", "L"), ("ПОДГУЗНИКИ ЛЮКС", "m"))
    ]
    twice = chosen(admin, "offers", OFFERS_HEAD + "".join(lines))
    assert [(one["line"], one["text"]) for one in twice.mistakes] == [(4, "“m” is there twice in the column “size”.")]
    taken(admin, "offers", OFFERS_HEAD + lines[0])
    assert (
        taken(admin, "offers", OFFERS_HEAD + lines[1]).changed,
        taken(admin, "offers", OFFERS_HEAD + lines[2]).same,
    ) == (1, 1)
    assert {one.label for one in Offer.objects.get().variants.all()} == {"M", "L"}


@pytest.mark.finding("R-offers-file")
def test_programmes__are_known_by_the_rule_that_groups_their_lines(admin: Client) -> None:
    make.kind("GI-01")
    taken(admin, "people", f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n")
    head, begin = "iin;issued_on;issued_by;valid_until;kind;quantity\n", f"{iin_of(1)};2026-01-20"
    assert taken(admin, "programmes", f"{head}{begin};МӘС № 2;;GI-01;5\n").made == 1
    assert taken(admin, "programmes", f"{head}{begin};мәс №2;;GI-01;5\n").same == 1
    queue = head.replace("quantity", "quantity;queue_on")
    assert (
        "another date in the queue"
        in chosen(admin, "programmes", f"{queue}{begin};мәс №2;;GI-01;5;2025-03-01\n").mistakes[0]["text"]
    )
    first = Line.objects.get(person__iin=iin_of(1)).queue_on.isoformat()
    assert chosen(admin, "programmes", f"{queue}{begin};мәс №2;;GI-01;5;{first}\n").same == 1
    twice = chosen(admin, "programmes", f"{head}{begin};МӘС;;GI-01;5\n{begin};МӘС;;gi-01;7\n")
    assert [(one["line"], one["text"]) for one in twice.mistakes] == [
        (3, "“gi-01” is there twice in the column “kind”.")
    ]
    other = chosen(admin, "programmes", f"{head}{begin};МӘС;;GI-01;5\n{begin};МСЭ;;GI-03;7\n")
    assert [one["line"] for one in other.mistakes][-1:] == [3]


@pytest.mark.finding("R-import-waits")
def test_check_that_waits_too_long__is_told_and_can_be_made_again(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, waits = imports.table_of("organisations"), [True]
    assert table is not None

    def take(actor: Actor, lines: Sequence[imports.Cells]) -> Outcome:
        if waits:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 1")
                cursor.execute("SELECT pg_sleep(5)")
        return table.take(actor, lines)

    monkeypatch.setitem(tables._tables, "organisations", replace(table, take=take))
    run = chosen(admin, "organisations", ORGANISATIONS)
    said = "The same is being changed elsewhere. Check the file again."
    assert (run.state, [one["text"] for one in run.mistakes]) == (Run.State.CHECKED, [said])
    assert said in page_of(admin, run).main
    content = ORGANISATIONS.encode()
    told = [
        wrong.text
        for _n, _counts, found in imports.take_all(tables._tables["organisations"], content)
        for wrong in found
    ]
    assert told == [said, said], "each entry with its line"
    waits.clear()
    admin.post(f"/manage/imports/run/{run.pk}", {"again": "yes"})
    run.refresh_from_db()
    assert (run.state, run.made, run.mistakes) == (Run.State.CHECKED, 2, [])


@pytest.mark.finding("J-file-limits")
@pytest.mark.parametrize(
    ("language", "said"), [("kk", "Ең азы: 0,01."), ("ru", "Не меньше: 0,01."), ("en", "At least 0.01.")]
)
def test_offers__a_limit_is_told_in_words_of_people(admin: Client, language: str, said: str) -> None:
    make.kind("GI-01")
    admin.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    run = chosen(admin, "offers", f"{OFFERS_HEAD}{known_supplier()},GI-01,Ж,П,Ertis,KZ,6,{PLACE},{BY},M,0,4,\n")
    assert [one["text"] for one in run.mistakes] == [f"price: {said}"]


@pytest.mark.finding("R-file-number")
@pytest.mark.parametrize("number", ["1e999999999", "1e400", "-1e16", "NaN", "Infinity", "0e999999999"])
def test_offers__a_number_that_measures_nothing_is_refused_at_once(admin: Client, number: str) -> None:
    make.kind("GI-01")
    line = f"{known_supplier()},GI-01,Ж,П,Ertis,KZ,6,{PLACE},{BY},M,180,4,waist_min_cm={number}\n"
    run = chosen(admin, "offers", OFFERS_HEAD + line)
    assert ["has a value that is not possible." in one["text"] for one in run.mistakes] == [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.finding("R-file-twice")
def test_offers__of_two_files_at_once_are_made_once(admin: Client) -> None:
    make.kind("GI-01")
    begin = f"{known_supplier()},GI-01,Ж,П,Ertis,KZ,6,{PLACE},{BY}"
    runs = [chosen(admin, "offers", f"{OFFERS_HEAD}{begin},{size},180,4,\n") for size in ("M", "L")]
    with meeting(catalogue_imports, "publish_offer", seconds=KEPT_OUT, before=True):
        at_once(*(lambda run=run: imports.confirm(actor=run.importer, run=run) for run in runs))
    assert [Run.objects.get(pk=run.pk).state for run in runs] == [Run.State.DONE] * 2
    assert {one.label for one in Offer.objects.get().variants.all()} == {"M", "L"}


def test_every_table__fills_an_empty_installation_in_its_order(admin: Client) -> None:
    make.kind("GI-01")
    make.kind("GI-03")
    child, mother = iin_of(11, 2015), iin_of(12)
    files = {
        "organisations": ORGANISATIONS,
        "suppliers": "bin;conclusion_number;conclusion_on;registered_on;contact_phone\n"
        f"{bin_of(2)};1;15.01.2026;2026-02-01;87222520002\n",
        "offers": f"{OFFERS_HEAD}{bin_of(2)},GI-01,Ж,П,Ertis,KZ,6,{PLACE},{BY},M,180,40,\n",
        "people": f"iin;surname;given_name;place;phone\n{child};А;Б;{PLACE};\n{mother};А;В;{PLACE};87011234567\n",
        "representations": "representative;represented;basis;document;since\n"
        f"{mother};{child};parent;ТУ 1;2015-05-17\n",
        "disabilities": f"iin;group;reason;since;until\n{child};child;childhood;2026-01-15;2028-01-15\n",
        "programmes": "iin;issued_on;issued_by;valid_until;kind;quantity\n"
        f"{child};2026-01-20;МӘС;2028-01-15;GI-01;1460\n{child};2026-01-20;МӘС;2028-01-15;GI-03;365\n",
        "moves": f"iin;place;address\n{mother};101010000;Абай 1\n",
        "deaths": f"iin;deceased_on\n{mother};2026-11-01\n",
    }
    assert [one.code for one in imports.all_tables()] == list(files)
    for code, text in files.items():
        first, again = taken(admin, code, text), taken(admin, code, text)
        assert first.made + first.changed > 0, code
        assert (again.made, again.changed) == (0, 0), code
    assert Supplier.objects.get().organisation.bin == bin_of(2)
    assert Representation.objects.get().represented.iin == child
    assert Programme.objects.get().lines.count() == 2
    gone = Person.objects.get(iin=mother)
    assert (gone.territory_id, str(gone.deceased_on)) == ("101010000", "2026-11-01")


def test_long_file__is_worked_on_by_the_worker_and_tells_how_far(admin: Client) -> None:
    lines = "".join(f"{iin_of(n)};А;Б;{PLACE}\n" for n in range(100, 101 + AT_ONCE))
    run = chosen(admin, "people", f"iin;surname;given_name;place\n{lines}")
    assert run.state == Run.State.CHECKING
    assert f"Lines worked on: 0 of {AT_ONCE + 1}" in page_of(admin, run).main
    carry_out(run.pk)
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    carry_out(run.pk)
    carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.made, run.seen) == (Run.State.DONE, AT_ONCE + 1, AT_ONCE + 1)
    assert Person.objects.count() == AT_ONCE + 1


class Lost(BaseException):
    """What ends a worker without a word."""


@pytest.mark.finding("R-import-left")
@pytest.mark.parametrize("lines", [2, 1 + AT_ONCE])
def test_run_that_nobody_works_on_any_more__is_checked_again_or_deleted(
    admin: Client, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    table = imports.table_of("people")
    assert table is not None

    def lost(_actor: Actor, _lines: Sequence[imports.Cells]) -> Outcome:
        raise Lost

    text = "".join(f"{iin_of(n)};А;Б;{PLACE}\n" for n in range(300, 300 + lines))
    monkeypatch.setitem(tables._tables, "people", replace(table, take=lost))
    with contextlib.suppress(Lost):
        chosen(admin, "people", f"iin;surname;given_name;place\n{text}")
        carry_out(Run.objects.get().pk)
    run = Run.objects.get()
    monkeypatch.setitem(tables._tables, "people", table)
    page = page_of(admin, run)
    assert run.state == Run.State.CHECKING
    assert pressed(page, "Check the file again")
    assert pressed(page, "Delete the file")
    assert "or it has stopped" in page.main
    admin.post(f"/manage/imports/run/{run.pk}", {"again": "yes"})
    carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.made, run.mistakes) == (Run.State.CHECKED, lines, [])
    # lost in the middle of the import itself: nothing of it is there, and its lines can be thrown away
    Run.objects.update(state=Run.State.TAKING)
    admin.post(f"/manage/imports/run/{run.pk}", {"off": "yes"})
    run.refresh_from_db()
    assert (run.state, run.content, Person.objects.filter(iin=iin_of(300)).exists()) == (Run.State.REFUSED, None, False)
    assert admin.post(f"/manage/imports/run/{run.pk}", {"again": "yes"}).status_code == 422
    carry_out(run.pk)
    assert "not imported" in page_of(admin, run).main.lower()


@pytest.mark.race
@pytest.mark.finding("R-import-left")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [Run.State.CHECKING, Run.State.TAKING])
def test_run_that_somebody_works_on__is_left_alone_and_ends_once(
    monkeypatch: pytest.MonkeyPatch, state: Run.State
) -> None:
    make.district(PLACE)
    actor, table = make.staff("centre", "admin"), imports.table_of("people")
    assert table is not None
    text = f"iin;surname;given_name;place\n{iin_of(401)};А;Б;{PLACE}\n"
    run = imports.begin(actor=actor, table=table, file_name="a.csv", content=text.encode())
    Run.objects.update(state=state)
    begun, go_on, asked = threading.Event(), threading.Event(), list[object]()

    def slow(by: Actor, lines: Sequence[imports.Cells]) -> Outcome:
        begun.set()
        assert go_on.wait(20)
        return table.take(by, lines)

    def ask() -> None:
        try:
            assert begun.wait(20)
            found = Run.objects.get()
            asked.append(found.is_at_work)
            for act in (imports.check_again, imports.take_off):
                with pytest.raises(RuleBroken):
                    act(actor=actor, run=found)
            carry_out(run.pk)
            asked.append(Run.objects.get().state)
        finally:
            go_on.set()

    monkeypatch.setitem(tables._tables, "people", replace(table, take=slow))
    assert at_once(lambda: carry_out(run.pk), ask) == [None, None]
    run.refresh_from_db()
    assert asked == [True, state]
    assert (run.state, run.is_at_work) == (Run.State.DONE if state is Run.State.TAKING else Run.State.CHECKED, False)
    assert Person.objects.count() == (state is Run.State.TAKING)


@pytest.mark.finding("R-import-left")
@pytest.mark.django_db(transaction=True)
def test_connection_lost_in_the_middle__leaves_a_run_that_can_be_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make.district(PLACE)
    actor, table, cut = make.staff("centre", "admin"), imports.table_of("people"), [True]
    assert table is not None

    def take(by: Actor, lines: Sequence[imports.Cells]) -> Outcome:
        if cut:
            cut.clear()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return table.take(by, lines)

    text = f"iin;surname;given_name;place\n{iin_of(402)};А;Б;{PLACE}\n"
    monkeypatch.setitem(tables._tables, "people", replace(table, take=take))
    with contextlib.suppress(DatabaseError, InterfaceError):
        imports.begin(actor=actor, table=table, file_name="a.csv", content=text.encode())
    connection.close()
    run = Run.objects.get()
    assert (run.is_at_work, Person.objects.count()) == (False, 0)
    run = imports.check_again(actor=actor, run=run)
    assert (run.state, run.made, run.mistakes) == (Run.State.CHECKED, 1, [])


def test_list__names_who_imported_what(admin: Client) -> None:
    taken(admin, "organisations", ORGANISATIONS)
    page = open_page(admin, "/manage/imports").main
    assert "table.csv" in page
    assert "@example.kz" in page


def test_imports__are_for_administrators(admin: Client) -> None:
    analyst = signed_in(make.member(make.organisation("centre"), "analyst"))
    assert analyst.get("/manage/imports").status_code == 403
    assert analyst.post("/manage/imports/people", {}).status_code == 403


def test_pieces__take_good_lines_and_tell_the_others() -> None:
    table = imports.table_of("people")
    assert table is not None
    text = f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n12;А;Б;{PLACE}\n".encode()
    for made in (1, 0):
        told = list(imports.take_all(table, text))
        assert sum(counts[Outcome.MADE] for _n, counts, _wrong in told) == made
        assert [one.line for _n, _counts, wrong in told for one in wrong] == [3]
