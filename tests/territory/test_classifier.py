"""The file of the classifier, read without a database."""

import contextlib
import io
from collections.abc import Iterator

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.territory.excerpt import HEADINGS, UNITS, changed, lines, written

from tirek.territory import classifier
from tirek.territory.classifier import MOST_LINES, NotTheClassifier, read
from tirek.territory.models import Rank


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """As the command speaks."""
    with translation.override("en"):
        yield


def refused(content: bytes) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in read(content).refusals]


def file_of(*rows: str) -> bytes:
    return "\n".join((HEADINGS, *rows, "")).encode()


class TestWholeFile:
    def test_units__lie_in_the_nearest_unit_above(self) -> None:
        found = read(written())
        assert found.refusals == ()
        assert found.is_whole
        assert list(found.units) == [row[0] for row in sorted(UNITS, key=lambda row: Rank.values.index(row[1]))]
        parents = {code: one.parent for code, one in found.units.items()}
        assert parents["100000000"] == ""
        assert parents["101000000"] == "100000000"
        assert parents["103235500"] == "103235000"
        assert parents["113820100"] == "113800000", "a town in no rural district lies in the district"
        assert parents["711210000"] == "710000000"

    def test_territories__are_regions_districts_and_districts_of_cities_like_a_region(self) -> None:
        found = read(written())
        assert {code for code, one in found.units.items() if one.is_territory} == {
            "100000000", "101000000", "103200000", "110000000", "113800000", "710000000", "711210000",
        }  # fmt: skip

    def test_order_of_lines__does_not_count(self) -> None:
        assert read(written(UNITS[::-1])).units.keys() == read(written()).units.keys()
        assert read(written(UNITS[::-1])).refusals == ()

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_text__has_any_separator_end_of_line_and_mark(self, separator: str, mark: bytes, end: str) -> None:
        text = written().decode().replace(",", separator).replace("\n", end)
        assert read(mark + text.encode()).units == read(written()).units

    def test_workbook__is_read_with_codes_as_numbers(self) -> None:
        target = io.BytesIO()
        with xlsxwriter.Workbook(target) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEADINGS.split(","))
            for n, row in enumerate(lines(), start=1):
                code, edition, level, kind, *names = row.split(",")
                sheet.write_row(n, 0, [int(code), edition, level, int(kind), *names])
        assert read(target.getvalue()).units == read(written()).units

    def test_columns__stand_in_any_order_beside_others(self) -> None:
        rows = [f"x,{row.split(',')[5]},{','.join(row.split(',')[:5])}" for row in (HEADINGS, *lines())]
        assert read("\n".join(rows).encode()).units == read(written()).units

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "empty"),
            (b"\n\n", "empty"),
            (b"code,name\n1,2\n", "missing: kato, kato_version, level, type_code, name_ru, name_kk"),
            (HEADINGS.replace("name_kk", "name_en").encode() + b"\n", "missing: name_kk"),
            (HEADINGS.encode() + b"\n", "No line"),
            (file_of("x,e,oblast,0,a,b"), "No line"),
            (file_of("103230100,e,settlement,2,a,b"), "No line"),
            ("kato;имя\n".encode("cp1251"), "UTF-8"),
            (b"PK\x03\x04 no workbook", "XLSX"),
            (b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
            (HEADINGS.encode() + b'\n"100000000,e,oblast', "quotation mark"),
            (b"a" * (classifier.MOST_BYTES + 1), "20 MB"),
        ],
    )
    def test_another_file__is_refused_whole_and_says_why(self, content: bytes, told: str) -> None:
        with pytest.raises(NotTheClassifier, match=told):
            read(content)

    def test_file_without_end__is_refused(self) -> None:
        with pytest.raises(NotTheClassifier, match=f"more than {MOST_LINES} lines"):
            read(HEADINGS.encode() + b"\n" + b"1,e,oblast,0,a,b\n" * (MOST_LINES + 1))


class TestLines:
    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("10323,e,settlement,2,с.А,А а.", "“10323” is no code of 9 digits"),
            ("1032301000,e,settlement,2,с.А,А а.", "no code of 9 digits"),
            ("10323010x,e,settlement,2,с.А,А а.", "no code of 9 digits"),
            ("१०३२३०१००,e,settlement,2,с.А,А а.", "no code of 9 digits"),
            (",e,settlement,2,с.А,А а.", "“” is no code of 9 digits"),
            ("103235500,e,settlement,2,с.А,А а.", "103235500 is there already, in line 10"),
            ("103235600,e,village,2,с.А,А а.", "“village” is none of oblast, district, sub_district, settlement"),
            ("103235600,e,sub_district,2,с.А,А а.", "103235600 is no code of the level sub_district"),
            ("103236000,e,settlement,2,с.А,А а.", "103236000 is no code of the level settlement"),
            ("000000000,e,oblast,0,А,А", "000000000 is no code of the level oblast"),
            ("103235600,e,settlement,7,с.А,А а.", "type_code: “7” is none of 0, 1, 2, 3, 4"),
            ("103235600,e,settlement,2,,А а.", "name_ru: 103235600 has no name"),
            ("103235600,e,settlement,2,с.А, . ", "name_kk: 103235600 has no name"),
            ("103235600,e,settlement,2,\u200b\u00ad,А а.", "name_ru: 103235600 has no name"),
            (f"103235600,e,settlement,2,{'А' * 201},А а.", "name_ru: the name of 103235600 is longer than 200"),
            ("103235600,e,settlement", "type_code: “” is none of"),
            ("990100000,e,district,2,А район,А ауданы", "nothing is known in which 990100000 lies"),
            ("710235600,e,settlement,2,с.А,А а.", "the district in which 710235600 lies is not known"),
        ],
    )
    def test_broken_line__is_told_with_its_number_and_stops_no_other(self, row: str, told: str) -> None:
        found = read(file_of(*lines(), row))
        [one] = found.refusals
        assert one.line == len(UNITS) + 2
        assert told in one.text
        assert found.units == read(written()).units

    def test_code_that_cannot_be_read__leaves_open_which_units_the_file_lacks(self) -> None:
        assert read(file_of(*lines(), "10323,e,settlement,2,с.А,А а.")).is_whole is False
        broken = read(file_of(*lines(), "103235600,e,settlement,2,,А а."))
        assert broken.is_whole
        assert "103235600" in broken.named

    def test_unit_below_a_refused_line__names_that_line(self) -> None:
        rows = changed(("103235000", "sub_district", "2", "", "Арқат а.о."))
        assert [text for _line, text in refused(written(rows))] == [
            "name_ru: 103235000 has no name.",
            "kato: 103235100 lies in 103235000, whose line 8 was not taken.",
            "kato: 103235500 lies in 103235000, whose line 8 was not taken.",
        ]
        assert len(read(written(rows), {"103235000"}).refusals) == 1, "it stands already"

    def test_marks_nobody_sees__and_letters_of_old_fonts_are_put_right(self) -> None:
        found = read(file_of("100000000,e,oblast,0,\u00a0область \u200b Абай,Кїшік жал ќ."))
        assert found.units["100000000"].name_ru == "область Абай"
        assert found.units["100000000"].name_kk == "Күшік жал қ."


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes__are_read_or_refused(junk: bytes) -> None:
    for content in (junk, HEADINGS.encode() + b"\n" + junk):
        with contextlib.suppress(NotTheClassifier):
            assert read(content).units


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
_CELL = st.one_of(_TEXT, st.sampled_from(["", "oblast", "settlement", "0", "2", "с.А"]))
_CODE = st.one_of(st.from_regex(r"\A[0-9]{9}\Z"), st.sampled_from([row[0] for row in UNITS]), _TEXT)
_LEVEL = st.one_of(st.sampled_from(Rank.values), _TEXT)
_ROW = st.tuples(_CODE, _CELL, _LEVEL, st.one_of(st.sampled_from("012345"), _CELL), _CELL, _CELL)


@settings(max_examples=200, deadline=None)
@given(st.lists(_ROW, max_size=8))
def test_any_lines__are_taken_or_told_and_never_stop_the_others(rows: list[tuple[str, ...]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = read(file_of(*lines(), *quoted))
    good = read(written()).units
    assert good.items() <= found.units.items(), "what stands first stays"
    ours = [one for one in found.units.values() if one.code not in good]
    told = [one.line for one in found.refusals]
    assert len(told) == len(set(told))
    filled = sum(any(cell.strip("\ufeff") for cell in row) for row in rows)
    assert len(ours) + len(told) <= filled
    for one in ours:
        assert not one.parent or one.parent in found.units
        assert classifier.search_key(one.name_kk)
        assert classifier.search_key(one.name_ru)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("с.Карааул", "Карааул"),
        ("Қараауыл а.", "Қараауыл"),
        ("Жарық а", "Жарық"),
        ("Комекбаевский с.о", "Комекбаевский"),
        ("с. Бозайгыр", "Бозайгыр"),
        ("с.им.И.Алтынсарина", "Алтынсарина"),
        ("Бұқарбай батыр атын.а.", "Бұқарбай батыр"),
        ("г.Форт-Шевченко", "Форт Шевченко"),
        ("зимовка Букир", "Букир"),
        ("г.Шар", "Шар"),
        ("рзд.41", "41"),
        ("станция", "станция"),
        ("с.Аул", "Аул"),
        ("ХПП кенті", "ХПП"),
        ('"Сұңқар" сауықтыру орталығы', "Сұңқар сауықтыру орталығы"),
        ("С.", "С"),
    ],
)
def test_bare_name__is_without_the_words_that_say_what_it_is(name: str, bare: str) -> None:
    assert classifier.bare(name) == bare


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("қара", "кара"),
        ("  КАРА ", "кара"),
        ("с.Караау", "караау"),
        ("с Караау", "караау"),
        ("село Караау", "караау"),
        ("Форт-Ш", "форт ш"),
        ("Өскеменн", "оскеменн"),
        ("c. Opдa", "орда"),
        ("разъезд 41", "41"),
        ("аул", "аул"),
        ("ст", "ст"),
        ("—", ""),
        ("", ""),
    ],
)
def test_typed_beginning__is_compared_in_letters_that_every_keyboard_has(typed: str, key: str) -> None:
    assert classifier.typed_key(typed) == key


@pytest.mark.parametrize(
    ("kk", "ru", "words"),
    [
        ("Семей Қ.Ә.", "Семей Г.А.", ("Семей қаласы", "город Семей")),
        ("Ақтау Г.А.", "Актау Г.А.", ("Ақтау қаласы", "город Актау")),
        ("Астана қ.", "г.Астана", ("Астана қаласы", "город Астана")),
        ("Абай ауданы", "Абайский район", ("Абай ауданы", "Абайский район")),
        ("Шал ақын ауданы", "Район Шал акына", ("Шал ақын ауданы", "район Шал акына")),
        (
            "Ғабит Мүсірепов атын.ауданы",
            "Район им.Габита Мусрепова",
            ("Ғабит Мүсірепов атындағы аудан", "район имени Габита Мусрепова"),
        ),
    ],
)
def test_names_of_districts__are_written_out(kk: str, ru: str, words: tuple[str, str]) -> None:
    assert classifier.in_words(name_kk=kk, name_ru=ru) == words
