"""A supplier's list of parts as a table to take along, change and bring back: a workbook, or CSV."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tirek.core.errors import Text
from tirek.core.imports import as_key, said_of
from tirek.core.languages import LANGUAGES
from tirek.core.sheets import Bounds, Line, NoTable, lines_of
from tirek.parts.forms import PartForm
from tirek.parts.models import Part
from tirek.ui.lists.exports import BOM, write_lines

Value = str | int | Decimal | None
#: Bytes of a file, and lines of it: it is taken in one go.
MOST_BYTES: Final = 2_000_000
MOST_LINES: Final = 500
_BOUNDS: Final = Bounds(
    lines=10_000, columns=40, cell=1_000, unpacked=20_000_000, encodings=("utf-16", "utf-8-sig", "cp1251")
)
#: Lines among which the codes of the columns are looked for.
_HEADS: Final = 5
FITS: Final = "fits"
#: Columns with their words, in their order; all but the last are fields of ``PartForm``.
COLUMNS: Final[Mapping[str, Text]] = {
    "article": gettext_lazy("Your article number"),
    "sort": gettext_lazy("What is it?"),
    "name_kk": gettext_lazy("Name in Kazakh"),
    "name_ru": gettext_lazy("Name in Russian"),
    "name_en": gettext_lazy("Name in English"),
    "description_kk": gettext_lazy("Description in Kazakh"),
    "description_ru": gettext_lazy("Description in Russian"),
    "description_en": gettext_lazy("Description in English"),
    "price": gettext_lazy("Price of one, tenge"),
    "stock": gettext_lazy("In stock"),
    "delivery_days": gettext_lazy("Days to deliver"),
    "is_covered": gettext_lazy("Free of charge while the warranty of the goods lasts"),
    "sold_from": gettext_lazy("Ordered from"),
    "sold_until": gettext_lazy("Last day on which it is ordered"),
    "seen_stock": gettext_lazy("In stock when this list was taken along; leave it as it is"),
    FITS: gettext_lazy("Article numbers of sizes that it fits, between semicolons"),
}
_DAYS: Final = frozenset({"sold_from", "sold_until"})
_YES: Final = gettext_lazy("yes")
_NO: Final = gettext_lazy("no")


@dataclass(slots=True)
class Wanted:
    """A line of a file: a part as it is to be, and article numbers of sizes that it fits."""

    line: int
    given: dict[str, Any]
    fits: list[str]


@dataclass(slots=True)
class Read:
    """A file that was read: parts, and lines with what is wrong with them."""

    wanted: list[Wanted] = field(default_factory=list)
    wrong: list[tuple[int, Text]] = field(default_factory=list)


# --- brought back


def read(content: bytes) -> Read:
    """The parts of a file, each cell as its field reads it.

    Raises:
        NoTable: it is none, its columns are not known, or it is too long.
    """
    if len(content) > MOST_BYTES:
        raise NoTable(_("The file is larger than 2 MB. Divide it."), code="too_large")
    found, names = Read(), list[str]()
    for line in lines_of(content, _BOUNDS):
        if line.is_empty:
            continue
        if not names:
            names = _names(line)
            if not names and line.n >= _HEADS:
                break
            continue
        if len(found.wanted) + len(found.wrong) >= MOST_LINES:
            raise NoTable(_("The file has more than %(most)s lines. Divide it.") % {"most": MOST_LINES}, code="long")
        _take(found, line, names)
    missing = [name for name in ("article", "sort", "name_kk", "name_ru", "price") if name not in names]
    if missing:
        raise NoTable(
            _("The codes of the columns are missing. Take your list along, change that file and bring it back."),
            code="columns",
        )
    _twice(found)
    return found


def _names(line: Line) -> list[str]:
    """The codes of the columns, where a line holds them."""
    texts = [line.text(place) for place in range(len(line.values))]
    return texts if "article" in texts and "sort" in texts else []


def _take(found: Read, line: Line, names: list[str]) -> None:
    given, wrong = dict[str, Any](), list[Text]()
    for place, name in enumerate(names):
        if name not in COLUMNS or name == FITS:
            continue
        text = line.day(place) if name in _DAYS else line.text(place)
        try:
            given[name] = _cell(name, text)
        except ValidationError as error:
            told = _("%(column)s: %(mistake)s")
            wrong += [told % {"column": COLUMNS[name], "mistake": said_of(one)} for one in error.error_list]
    for name, one in PartForm.base_fields.items():
        if name in COLUMNS and name not in names and one.required and name not in given:
            wrong.append(_("%(column)s is missing.") % {"column": COLUMNS[name]})
    if not wrong and given.get("sold_until") and given["sold_until"] < given["sold_from"]:
        wrong.append(_("Choose a day that is not before the first one."))
    fits = line.text(names.index(FITS)) if FITS in names else ""
    if wrong:
        found.wrong += [(line.n, one) for one in wrong]
        return
    given = dict.fromkeys((one for one in COLUMNS if one.startswith("description_")), "") | given
    given |= {"name_en": given.get("name_en") or given["name_ru"], "sold_until": given.get("sold_until")}
    found.wanted.append(Wanted(line.n, given, [one.strip() for one in fits.split(";") if one.strip()]))


def _cell(name: str, text: str) -> object:
    if name == "sort":
        return _chosen(text, dict(Part.Sort.choices))
    if name == "is_covered":
        return _chosen(text or "no", {"yes": _YES, "no": _NO}) == "yes"
    one: forms.Field = PartForm.base_fields[name]
    return one.clean(text)


def _chosen(text: str, choices: Mapping[str, Text]) -> str:
    """A choice by its code, or by its words in any language."""
    typed = as_key(text)
    for code, words in choices.items():
        if typed == as_key(code):
            return code
        for language in LANGUAGES:
            with override(language):
                if typed == as_key(str(words)):
                    return code
    raise ValidationError(_("Choose one of these: %(words)s.") % {"words": ", ".join(map(str, choices.values()))})


def _twice(found: Read) -> None:
    met = set[str]()
    for one in found.wanted:
        article = str(one.given["article"])
        if article in met:
            found.wrong.append((one.line, _("This article number is in the file twice.")))
        met.add(article)
    found.wrong.sort(key=lambda one: one[0])


# --- taken along


def lines(parts: Iterable[Part]) -> list[list[Value]]:
    """Parts as lines of the table; ``fits`` and their sizes are read with them."""
    told = []
    for one in parts:
        sizes = sorted({fit.variant.article for fit in one.fits.all() if fit.variant and fit.variant.article})
        values: dict[str, Value] = {
            "sort": str(one.get_sort_display()),
            "price": one.current.price if one.current else None,
            "seen_stock": one.stock,
            "is_covered": str(_YES if one.is_covered else _NO),
            "sold_from": one.sold_from.isoformat(),
            "sold_until": one.sold_until.isoformat() if one.sold_until else "",
            FITS: "; ".join(sizes),
        }
        told.append([values[name] if name in values else getattr(one, name) for name in COLUMNS])
    return told


def as_csv(rows: Iterable[list[Value]]) -> str:
    """The table as text: words, codes, then the parts; no cell begins to work something out."""
    text = io.StringIO()
    text.write(BOM)
    write_lines(text, [[str(one) for one in COLUMNS.values()], list(COLUMNS), *rows])
    return text.getvalue()


def as_workbook(rows: Iterable[list[Value]]) -> bytes:
    """The table as a workbook: words, codes in a hidden line, then the parts, with lists to choose from."""
    import xlsxwriter  # in memory only where somebody takes a workbook along

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("Parts"))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(COLUMNS) - 1, 18)
        for place, words in enumerate(COLUMNS.values()):
            sheet.write_string(0, place, str(words), head)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(1, place, name)
        sheet.set_row(1, None, None, {"hidden": True})
        for n, row in enumerate(rows, start=2):
            for place, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(n, place, value)
                else:
                    sheet.write(n, place, value)
        choices = {"sort": [str(one) for one in Part.Sort.labels], "is_covered": [str(_YES), str(_NO)]}
        for name, offered in choices.items():
            place = list(COLUMNS).index(name)
            sheet.data_validation(2, place, MOST_LINES + 1, place, {"validate": "list", "source": offered})
    return target.getvalue()
