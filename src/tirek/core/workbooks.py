"""The rows of a workbook (XLSX), read with a memory that the file cannot choose.

The library that knows the format builds a tree of a part, or of all that it has read of it, before it cuts anything.
So each part that it takes as a whole is counted first; the long ones are read piece by piece: texts without it, and it
is given one row at a time.
"""

import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

#: Bytes that are unpacked and looked at in one go.
_PIECE: Final = 64 * 1024
#: Bytes of one tag, comment or instruction at most: the parser keeps it whole.
_LONGEST_TAG: Final = 512 * 1024
#: Bytes and elements of a part that is read as a whole: kinds of cells, names of sheets, what belongs to what.
_MOST_WHOLE: Final = 5_000_000
_MOST_ELEMENTS: Final = 100_000
#: Signs of one text at most (a spreadsheet keeps 32,767 of them, some are written with seven), and of a row.
_LONGEST_TEXT: Final = 250_000
_MOST_IN_LINE: Final = 4_000_000
#: Texts that cells share, and signs of all of them.
_MOST_TEXTS: Final = 2_000_000
_MOST_SIGNS: Final = 50_000_000
#: Rows and columns of a sheet of any spreadsheet, and elements of a row: cells with values, formulas, parts of texts.
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_MOST_IN_ROW: Final = 100_000
#: Bytes that a cell takes on the average where a sheet is full of them: its address, its kind and a value.
_BYTES_OF_CELL: Final = 25
_MAIN: Final = f"{SHEET_MAIN_NS}}}"
_SHEET, _ROW, _CELL, _TEXT = f"{_MAIN}sheetData", f"{_MAIN}row", f"{_MAIN}c", f"{_MAIN}t"
_SHARED, _PHONETIC = f"{_MAIN}si", f"{_MAIN}rPh"

#: A cell as the library tells it: ``column`` from 1, ``value``, ``data_type``.
Cell = dict[str, Any]


class TooMuchError(Exception):
    """A part holds more than a table does."""


class _Parts(zipfile.ZipFile):
    """The parts of a workbook; each that is read as a whole is counted before."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """A part.

        Raises:
            TooMuchError: it is larger than such a part ever is.
        """
        size = (name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)).file_size
        if size > _MOST_WHOLE:
            raise TooMuchError
        with self.open(name) as stream:
            for _piece in _Walk(stream).pieces():
                pass
        return super().read(name, pwd)


class _Walk:
    """A part, piece by piece: no document type, no entities, no endless tag, no more elements than a part has."""

    def __init__(self, stream: IO[bytes], most: int = _MOST_ELEMENTS) -> None:
        self._stream, self._left, self._is_done = stream, most, False
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self.begin
        self._parser.EndElementHandler = self.end
        self._parser.CharacterDataHandler = self.text
        self._parser.StartDoctypeDeclHandler = _refuse

    def pieces(self) -> Iterator[None]:
        """Go through it; stops after each piece.

        Raises:
            TooMuchError: there is more in it than in a table.
            ExpatError: it is no XML.
        """
        fed = 0
        while piece := self._stream.read(_PIECE):
            fed += len(piece)
            self._parser.Parse(piece, False)
            if fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
                raise TooMuchError
            yield
            if self._is_done:
                return
        self._parser.Parse(b"", True)
        yield

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        del tag, attributes
        self.count()

    def count(self) -> None:
        """One element more.

        Raises:
            TooMuchError: there are too many.
        """
        self._left -= 1
        if self._left < 0:
            raise TooMuchError

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Some text of an element."""


def _refuse(*_said: object) -> None:
    raise expat.ExpatError


class _Texts(_Walk):
    """The texts that cells share, without their looks and without how they are read aloud."""

    def __init__(self, stream: IO[bytes], longest: int) -> None:
        super().__init__(stream)
        self.found: list[str] = []
        self._longest, self._signs = longest, 0
        self._parts: list[str] = []
        self._length = 0
        self._is_text = self._is_aloud = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        del attributes
        if tag == _SHARED:
            self._parts, self._length = [], 0
            if len(self.found) >= _MOST_TEXTS:
                raise TooMuchError
        elif tag == _PHONETIC:
            self._is_aloud = True
        elif tag == _TEXT:
            self._is_text = not self._is_aloud

    def end(self, tag: str) -> None:
        if tag == _TEXT:
            self._is_text = False
        elif tag == _PHONETIC:
            self._is_aloud = False
        elif tag == _SHARED:
            kept = "".join(self._parts).replace("x005F_", "")[: self._longest]
            self._signs += len(kept)
            if self._signs > _MOST_SIGNS:
                raise TooMuchError
            self.found.append(kept)

    def text(self, text: str) -> None:
        if self._is_text:
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise TooMuchError
            self._parts.append(text)


class _Rows(_Walk):
    """The rows of a sheet, one by one as trees; what stands beside and below them is passed over."""

    def __init__(self, stream: IO[bytes], columns: int, most: int) -> None:
        super().__init__(stream)
        self.found: list[Element] = []
        self._columns, self._cells_left = columns, most
        self._tree: TreeBuilder | None = None
        self._rows_left = _MOST_ROWS
        self._cells = self._in_row = self._length = self._signs = 0
        #: How deep in a cell that is passed over.
        self._beyond = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ROW and self._tree is None:
            self._tree, self._rows_left = TreeBuilder(), self._rows_left - 1
            self._cells = self._in_row = self._length = self._signs = 0
        if self._tree is None:
            self.count()
            return
        self._in_row += 1
        if tag == _CELL:
            self._cells += 1
            self._cells_left -= 1
            self._length = 0
        is_full = min(self._cells_left, self._rows_left) < 0
        if is_full or self._in_row > _MOST_IN_ROW or self._cells > _MOST_COLUMNS:
            raise TooMuchError
        # cells come from left to right: so many of them reach at least so far
        if self._beyond or (tag == _CELL and self._cells > self._columns):
            self._beyond += 1
        else:
            self._tree.start(f"{{{tag}" if "}" in tag else tag, attributes)

    def end(self, tag: str) -> None:
        if self._tree is None:
            self._is_done = self._is_done or tag == _SHEET
            return
        if self._beyond:
            self._beyond -= 1
            return
        ended = self._tree.end(f"{{{tag}" if "}" in tag else tag)
        if tag == _ROW:
            self.found.append(ended)
            self._tree = None

    def text(self, text: str) -> None:
        if self._tree is None or self._beyond:
            return
        self._length += len(text)
        self._signs += len(text)
        if self._length > _LONGEST_TEXT or self._signs > _MOST_IN_LINE:
            raise TooMuchError
        self._tree.data(text)


def rows_of(
    content: bytes, *, columns: int, longest: int, unpacked: int, results: bool
) -> Iterator[tuple[int, date, list[Cell]]]:
    """The rows of the first sheet that the file holds, each with its number, the day from which the workbook counts,
    and its cells.

    Args:
        content: of the file.
        columns: cells of a row beyond so many are left out, those of them that are counted from the left.
        longest: signs that are kept of a text which cells share.
        unpacked: bytes to which the file unpacks at most: they say how many cells it can hold.
        results: a cell with a formula holds the result that was kept, not the formula.

    Raises:
        TooMuchError: the file holds more than a table does.
        Exception: it is no workbook; hostile files break the library in more ways than it names.
    """
    reader = ExcelReader(BytesIO(content), read_only=True, keep_links=False, data_only=results)
    with _Parts(BytesIO(content)) as parts:
        reader.archive = parts
        reader.read_manifest()
        texts = _texts(reader, parts, longest)
        reader.read_workbook()
        book = reader.wb
        apply_stylesheet(parts, book)
        names = set(parts.namelist())
        sheets = (rel.target for _sheet, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type)
        with parts.open(next(one for one in sheets if one in names)) as stream:
            walk = _Rows(stream, columns, unpacked // _BYTES_OF_CELL)
            days, spans = book._date_formats, book._timedelta_formats  # noqa: SLF001 - the library hands them on so
            reading = WorkSheetParser(stream, texts, results, book.epoch, days, spans)
            for _piece in walk.pieces():
                for row in walk.found:
                    n, cells = reading.parse_row(row)
                    # how rows look is not asked, and takes memory for each
                    reading.row_dimensions.clear()
                    yield n, book.epoch.date(), cells
                walk.found.clear()


def _texts(reader: Any, parts: _Parts, longest: int) -> list[str]:  # noqa: ANN401 - the library has no types
    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return []
    with parts.open(part.PartName[1:]) as stream:
        walk = _Texts(stream, longest)
        for _piece in walk.pieces():
            pass
    return walk.found
