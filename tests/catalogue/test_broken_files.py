"""Files of suppliers are hostile until they are checked: none stops the server, none leaves a dead end."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.test import Client
from tests import factories as make
from tests.catalogue.filling_in import BOOK, as_csv, as_workbook, bring, page_of, take, taken_along
from tests.catalogue.offering import admitted, complete_draft
from tests.catalogue.test_files import new_line
from tests.kit import pages
from tests.kit.world import World

from tirek.catalogue import card_files
from tirek.catalogue.actions.offers import write_card
from tirek.catalogue.file_columns import columns_of
from tirek.catalogue.models import Kind, Offer
from tirek.core import clock
from tirek.core.imports import Run
from tirek.core.sheets import NoTable

pytestmark = pytest.mark.django_db
State = Run.State
HOSTILE = ("=1+1", "+7", "-1", "@SUM(A1)", "<script>alert(1)</script>", "\u202eтекст", "a;b", '"', "'=x", "😀" * 9)


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return world.client(world.supplier_actor)


def _bomb() -> bytes:
    """Some kilobytes that say they unpack to more than half a gigabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        piece = b"0" * 1_000_000
        for n in range(4):
            with packed.open(f"xl/worksheets/sheet{n}.xml", "w") as sheet:
                for _part in range(90):
                    sheet.write(piece)
    return target.getvalue()


def _with_macros() -> bytes:
    target = io.BytesIO(as_workbook([["code", "price"], ["x", 1]]))
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"code")
    return target.getvalue()


BROKEN: dict[str, Callable[[], bytes]] = {
    "nothing but noise": lambda: random.Random(3).randbytes(5_000),  # noqa: S311 - not a secret
    "a workbook that is cut off": lambda: as_workbook([["label"], ["M"]])[:900],
    "a bomb": _bomb,
    "macros": _with_macros,
    "an empty archive": lambda: b"PK\x05\x06" + b"\0" * 18,
    "no lines": lambda: b"code;price\n",
    "blank lines": lambda: b"\n\n;;;\n",
    "an open quotation mark": lambda: b'code;price\n"x;1\n',
    "columns of something else": lambda: b"iin;surname\n1;2\n",
    "a column twice": lambda: b"code;price;price\nx;1;2\n",
    "columns of another kind": lambda: b"code;price;p-no_such\nx;1;2\n",
    "thousands of columns": lambda: ";".join(["label", *(f"c{n}" for n in range(5_000))]).encode() + b"\nM\n",
    "a sign that nobody can read": lambda: b"code;price;name_ru\n" + "Ұ;1;Қол".encode() + b"\xff\xfe\n",
    "a PDF": lambda: b"%PDF-1.7\n" + b"x" * 2_000,
    "zeros": lambda: b"\0" * 4_000,
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_file__is_refused_in_words_and_can_be_thrown_away(world: World, seller: Client, what: str) -> None:
    with clock.at(make.MORNING):
        run = bring(seller, world.kind.code, BROKEN[what](), name=f"{what}.xlsx")
        assert (run.state, run.made, run.changed) == (State.CHECKED, 0, 0)
        assert run.mistakes
        page = pages.text(seller, page_of(run))
        assert "What is wrong" in page
        assert "Traceback" not in page
        seller.post(page_of(run), {"off": "yes"})
        run.refresh_from_db()
        assert (run.state, run.content, run.found) == (State.REFUSED, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_of_any_spreadsheet__is_read(world: World, seller: Client, encoding: str, separator: str) -> None:
    with clock.at(make.MORNING):
        line = new_line(world, name_kk="Арба", description_kk="Арба")
        text = as_csv([line, line | {"label": "L"}], separator=separator)
        run = bring(seller, world.kind.code, text.encode(encoding))
        assert (run.mistakes, run.made) == ([], 2)


def test_odd_cells_in_every_column__are_mistakes_told_by_line_or_plain_text(world: World, seller: Client) -> None:
    odd = ("Ә" * 100_000, "=1+1", "٣", "\u202e\u200b", "-1", "9" * 19, "😀", "1e400", "31.02.2026", "NaN", "0")
    with clock.at(make.MORNING):
        _words, codes, _lines = taken_along(seller, world.kind.code, empty="1")
        for name in codes:
            lines = [new_line(world, label=f"size {n}") | {name: value} for n, value in enumerate(odd)]
            run = bring(seller, world.kind.code, as_csv(lines))
            assert run.state == State.CHECKED, name
            assert pages.text(seller, page_of(run))
            assert all(len(one["text"]) < 2_000 for one in run.mistakes)


def test_workbook_with_formulas_days_and_merged_cells__says_what_is_wrong(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        first = new_line(world)
        names = list(first)
        place = names.index("price")

        def more(book: object, sheet: object) -> None:
            sheet.write_formula(1, place, "=100+80", None, 180)  # type: ignore[attr-defined]
            day = book.add_format({"num_format": "dd.mm.yyyy"})  # type: ignore[attr-defined]
            sheet.write_datetime(2, names.index("label"), date(2026, 12, 10), day)  # type: ignore[attr-defined]
            sheet.merge_range(3, names.index("label"), 4, names.index("label"), "XL")  # type: ignore[attr-defined]
            other = book.add_worksheet("other")  # type: ignore[attr-defined]
            other.write(0, 0, "iin")

        blank = list((first | {"label": ""}).values())
        rows = [names, *(list(first.values()) for _line in range(3)), blank]
        run = bring(seller, world.kind.code, as_workbook(rows, more), name="x.xlsx")
        told = {one["line"]: one["text"] for one in run.mistakes}
        assert "formula" in told[2]
        assert "made a day of this" in told[3]
        assert 5 in told, "the cell below a merged one is empty"
        assert 4 not in told


def test_stored_text__never_becomes_a_formula_and_comes_back_as_it_was(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        draft = complete_draft(world)
        key = str(draft.variants.get().pk)
        for text in (one for one in HOSTILE if one[0] != "'" and any(map(str.isalnum, one)) and one.isprintable()):
            write_card(actor=world.supplier_actor, offer=draft, given={"maker": text[:120], "name_kk": text})
            _words, codes, lines = taken_along(seller, world.kind.code)
            assert not any(value.startswith(("=", "+", "-", "@")) for line in lines for value in line.values())
            book = openpyxl.load_workbook(io.BytesIO(seller.get(f"{BOOK}?kind={world.kind.code}").content))
            sheet = book.worksheets[0]
            assert sheet.row_dimensions[2].hidden, "codes stand in a hidden line"
            (row,) = (n for n in range(3, sheet.max_row + 1) if sheet.cell(n, 1).value == key)
            cell = sheet.cell(row, codes.index("maker") + 1)
            assert (cell.data_type, cell.value) == ("s", text)
            run = bring(seller, world.kind.code, as_csv(lines))
            assert (run.mistakes, run.changed, run.same) == ([], 0, len(lines)), text


def test_workbook__has_lists_and_says_how_it_is_filled_in(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        admitted(world)
        for language, told in (("kk", "Қалай толтырылады"), ("ru", "Как заполнять"), ("en", "How to fill in")):
            seller.cookies["tirek_language"] = language
            answer = seller.get(f"{BOOK}?kind={world.kind.code}")
            assert answer.headers["Content-Disposition"].endswith('.xlsx"')
            book = openpyxl.load_workbook(io.BytesIO(answer.content))
            sheet, filling, lists = book.worksheets
            assert filling.title == told
            assert lists.sheet_state == "hidden"
            codes = [cell.value for cell in sheet[2]]
            assert {"code", "name_kk", "label", "price", "stock", "p-type"} <= set(codes)
            assert len(sheet.data_validations.dataValidation) >= 3, "choices, places and countries have lists"
            assert filling.max_row > len(codes)
            # what stands in the lists of the workbook is read again
            run = bring(seller, world.kind.code, answer.content, name="offers.xlsx")
            assert (run.mistakes, run.made, run.changed) == ([], 0, 0)
            assert run.same


def test_file_with_a_card_twice_or_lines_that_differ__is_told(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        lines = [
            new_line(world),
            new_line(world),
            new_line(world, label="L", maker="Altai"),
            new_line(world, name_ru=""),
        ]
        told = {one["line"]: one["text"] for one in bring(seller, world.kind.code, as_csv(lines)).mistakes}
        assert "The same is in line 2" in told[3]
        assert "maker" in told[4]
        assert "needs the name in Russian" in told[5]


def test_half_written_lines_of_a_known_file__break_nothing(world: World, seller: Client) -> None:
    """Whatever is cut, doubled or mixed up in a good file: it is checked, and taken only where nothing is wrong."""
    chance = random.Random(11)  # noqa: S311 - not a secret
    with clock.at(make.MORNING):
        admitted(world)
        _words, codes, lines = taken_along(seller, world.kind.code)
        for _turn in range(25):
            rows = [dict(one) for one in lines] + [new_line(world, label=str(n)) for n in range(2)]
            for row in rows:
                for name in chance.sample(codes, 3):
                    row[name] = chance.choice([*HOSTILE, "", "12", "Ә" * 300, row.get(name, "")])
            chance.shuffle(rows)
            run = bring(seller, world.kind.code, as_csv(rows))
            assert run.state == State.CHECKED
            before = Offer.objects.count()
            taken = take(seller, run)
            assert (taken.state == State.DONE) is not bool(run.mistakes)
            if run.mistakes:
                assert Offer.objects.count() == before


def test_text_that_many_cells_show__is_kept_once_and_too_much_of_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = columns_of(Kind(code="GI-01"))
    text = "ж" * 1_500
    lines = [
        {"name_ru": f"Жёсткий {n % 3}", "label": str(n), "description_ru": text, "description_kk": text}
        for n in range(300)
    ]
    content = as_csv(lines).encode()
    parsed = card_files.parse(content, columns)
    kept = {id(cell) for cells in parsed.cells.values() for cell in cells if len(cell) > 900}
    assert len(kept) == 1, "one text, however many cells show it"
    monkeypatch.setattr(card_files, "MOST_LETTERS", 1_400)
    with pytest.raises(NoTable) as refused:
        card_files.parse(content, columns)
    assert refused.value.code == "too_large"
    monkeypatch.undo()
    monkeypatch.setattr(card_files, "MOST_LINES", len(lines) - 1)
    with pytest.raises(NoTable) as refused:
        card_files.parse(content, columns)
    assert refused.value.code == "long"
