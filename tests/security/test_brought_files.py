"""Files that an administrator brings may be hostile, or come twice: none stops the server, none leaves a dead end."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, close_old_connections
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.sign_in import signed_in

from tirek.core import clock, imports
from tirek.core.errors import RuleBroken
from tirek.core.identifiers import Sex, synthetic_iin
from tirek.core.imports import Run
from tirek.core.imports.entries import MOST_TOLD
from tirek.core.imports.reading import BROKEN
from tirek.core.imports.runs import AT_ONCE
from tirek.core.sheets import NoTable
from tirek.files import tables
from tirek.people import actions
from tirek.people.models import Person

PLACE = "101810000"
ODD = ("Ә" * 100_000, "=1+1", "٣", "\u202e\u200b", "-1", "9999999999999999999", "😀", "1e400", "31.02.2026", "NaN")
_HEAD = '<?xml version="1.0"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"


def workbook(rows: str, before: str = "") -> bytes:
    """A workbook of one sheet with these rows, as XML."""
    target = io.BytesIO()
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKED}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}.worksheet+xml"/></Types>',
        )
        for name, kind, where in (
            ("_rels/.rels", "officeDocument", "xl/workbook.xml"),
            ("xl/_rels/workbook.xml.rels", "worksheet", "worksheets/sheet1.xml"),
        ):
            packed.writestr(
                name,
                f'{_HEAD}<Relationships xmlns="{_PACKED}/relationships">'
                f'<Relationship Id="r1" Type="{_KINDS}/{kind}" Target="{where}"/></Relationships>',
            )
        packed.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_KINDS}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'{_HEAD}{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return target.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def iin_of(n: int) -> str:
    return synthetic_iin(date(1980, 5, 17), Sex.FEMALE, n).digits


def people(*numbers: int) -> bytes:
    lines = [f"{iin_of(n)};Әсел;Қымбат;{PLACE}" for n in numbers]
    return "\n".join(["iin;surname;given_name;place", *lines]).encode()


def ours(code: str = "people") -> imports.ImportTable:
    found = imports.table_of(code)
    assert found is not None
    return found


# --- reading, without a database


def test_cell_at_the_far_end_of_a_sheet__costs_no_memory() -> None:
    heads = "".join(cell(f"{'ABCD'[n]}1", name) for n, name in enumerate(("iin", "surname", "given_name", "place")))
    far = f'<row r="1">{heads}</row><row r="1048576">{cell("XFD1048576", "x")}</row>'
    content = workbook(far)
    assert len(content) < 3000
    assert [line for line in imports.read_table(ours(), content) if any(line[1].values())] == []


@pytest.mark.parametrize(
    "content",
    [
        workbook(cell("A1", "&e;"), before='<!DOCTYPE a [<!ENTITY d "aaaa"><!ENTITY e "&d;&d;&d;">]>'),
        workbook('<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>'),
        workbook("<row><c><v>"),
        workbook("")[:300],
        b"PK\x03\x04" + b"\0" * 500,
        b"iin;surname\0;given_name;place\n",
        "iin;surname;given_name;place\nЖ;Қ;Ә;1\n".encode("utf-16")[2:],
        b'iin;surname;"given_name;place\n1;x;x;y\n',
        b"iin;surname;given_name;\xd2;place\n1;x;x;y\n",
    ],
)
def test_file_that_is_no_table__is_refused_in_words(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        assert list(imports.read_table(ours(), content)) == []
        raise RuleBroken("nothing in it")


@pytest.mark.parametrize(
    "content",
    [
        "iin;surname;given_name;place\nЖ;К;А;1\n".encode("cp1251") + b"\x98;1;1;1\n",
        "iin;surname;given_name;place\nЖ;К;А;1\nЖ;".encode() + b"\xd2;1;1\n",
        'iin;surname;given_name;place\nЖ;К;А;1\n1;"open;x;y\n'.encode(),
        "iin;surname;given_name;place\nЖ;К;А;1\n1;\0;x;y\n".encode(),
    ],
    ids=["no cp1251", "no UTF-8", "open quotation", "binary"],
)
def test_line_that_cannot_be_read__says_so_and_the_others_are_read(content: bytes) -> None:
    good, broken = imports.read_table(ours(), content)
    assert (good[1]["iin"], good[1]["surname"], BROKEN in good[1]) == ("Ж", "К", False)
    assert (broken[0], broken[1][BROKEN] != "") == (3, True)


def test_empty_lines_before_the_heads__tell_no_separator() -> None:
    [(number, cells)] = imports.read_table(ours(), "\n\niin,surname,given_name,place\nЖ,К,А,1\n".encode())
    assert (number, cells["surname"]) == (4, "К")


def test_workbook_that_unpacks_to_too_much__is_refused_before_it_is_unpacked() -> None:
    content = workbook(" " * 201_000_000)
    assert len(content) < 400_000
    with translation.override("en"):
        with pytest.raises(RuleBroken) as refused:
            list(imports.read_table(ours(), content))
        assert "too large" in str(refused.value.message)


def with_part(name: str) -> bytes:
    target = io.BytesIO(workbook(f'<row r="1">{cell("A1", "iin")}</row>'))
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr(name, b"x")
    return target.getvalue()


@pytest.mark.finding("A-reader")
@pytest.mark.parametrize("read", [lambda content: list(imports.read_table(ours(), content)), tables.read])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (with_part("xl/vbaProject.bin"), "active"),
        (with_part("xl/externalLinks/externalLink1.xml"), "active"),
        (workbook(" " * 201_000_000), "too_large"),
        (b"PK\x03\x04rest", "unreadable"),
        (b'a;"b\n1;x\n', "unreadable"),
        (b"a;\0b\n1;x\n", "unreadable"),
    ],
    ids=["macros", "links", "bomb", "no archive", "open quotation", "binary"],
)
def test_every_reader__refuses_what_is_hostile_for_the_same_reason(
    read: Callable[[bytes], object], content: bytes, code: str
) -> None:
    with pytest.raises(NoTable) as refused:
        read(content)
    assert refused.value.code == code


@pytest.mark.finding("A-reader")
def test_every_reader__knows_what_spreadsheets_write() -> None:
    text = "sep=;\niin;surname;given_name;place\n'=1;'0123;Ә;2.0\n"
    ((number, cells),) = imports.read_table(ours(), text.encode("utf-8-sig"))
    assert (number, cells) == (2, {"iin": "=1", "surname": "0123", "given_name": "Ә", "place": "2.0"})
    heads, line = tables.read(text.encode("utf-16"))
    assert [heads.text(0), line.text(0), line.text(2)] == ["iin", "=1", "Ә"]


def test_a_hundred_thousand_columns__are_refused_in_a_short_sentence() -> None:
    heads = ";".join(["iin", "surname", "given_name", "place", *(f"column_{n}" * 20 for n in range(100_000))])
    with pytest.raises(RuleBroken) as refused:
        list(imports.read_table(ours(), heads.encode()))
    assert len(str(refused.value.message)) < 1000


# --- at the desk


@pytest.fixture
def admin(db: None) -> Iterator[Client]:
    with clock.at(make.MORNING):
        make.district(PLACE)
        yield signed_in(make.member(make.organisation("centre"), "admin"))


def brought(admin: Client, content: bytes, code: str = "people") -> Run:
    done = admin.post(f"/manage/imports/{code}", {"file": SimpleUploadedFile("a.csv", content)})
    assert done.status_code == 302, read(done).errors
    return Run.objects.order_by("-created_at", "-pk")[0]


@pytest.mark.parametrize("code", [one.code for one in imports.all_tables()])
def test_odd_cells_in_every_column__are_mistakes_told_by_line(admin: Client, code: str) -> None:
    table = ours(code)
    heads = [one.name for one in table.columns]
    samples = {one.name: one.sample for one in table.columns}
    lines = [";".join({**samples, name: odd}[one] for one in heads) for odd in ODD for name in heads]
    # as many lines as are worked on while the page is asked for
    for part in range(0, len(lines), AT_ONCE):
        run = brought(admin, "\n".join([";".join(heads), *lines[part : part + AT_ONCE]]).encode(), code)
        assert run.state == Run.State.CHECKED
        assert run.mistakes
        assert max(len(one["text"]) for one in run.mistakes) <= MOST_TOLD
        open_page(admin, f"/manage/imports/run/{run.pk}")


@pytest.mark.parametrize("broken", [IntegrityError, OperationalError])
def test_import_that_meets_another_one__waits_to_be_checked_again(
    admin: Client, monkeypatch: pytest.MonkeyPatch, broken: type[Exception]
) -> None:
    run = brought(admin, people(1))

    def meets(**_given: object) -> None:
        raise broken

    with monkeypatch.context() as patch:
        patch.setattr(actions, "register_person", meets)
        assert admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"}).status_code == 302
    run.refresh_from_db()
    assert run.state == Run.State.CHECKED
    assert "Check the file again" in open_page(admin, f"/manage/imports/run/{run.pk}").main
    admin.post(f"/manage/imports/run/{run.pk}", {"again": "yes"})
    admin.post(f"/manage/imports/run/{run.pk}", {"take": "yes"})
    assert Person.objects.filter(iin=iin_of(1)).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_same_people_brought_twice_at_once__are_there_once_and_neither_import_hangs() -> None:
    make.district(PLACE)
    actor = make.staff("centre", "admin")
    runs = [
        imports.begin(actor=actor, table=ours(), file_name="a.csv", content=people(*order))
        for order in (range(1, 30), range(29, 0, -1))
    ]
    runs.append(runs[0])
    gate, went = threading.Barrier(len(runs)), list[str]()

    def take(run: Run) -> None:
        gate.wait(10)
        try:
            imports.confirm(actor=actor, run=run)
            went.append("taken")
        except RuleBroken:
            went.append("refused")
        finally:
            close_old_connections()

    threads = [threading.Thread(target=take, args=(run,)) for run in runs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(went) == ["refused", "taken", "taken"]
    assert Person.objects.count() == 29
    for run in runs[:2]:
        run.refresh_from_db()
        assert run.state in {Run.State.DONE, Run.State.CHECKED}
