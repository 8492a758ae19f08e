"""A supplier's offers of one kind as a table to take along, change and bring back: a workbook with lists, or CSV."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tirek.catalogue.card_files import ERROR, MOST_LINES, as_downloaded
from tirek.catalogue.deciding import Held
from tirek.catalogue.file_columns import CODE, OF_CARD, OF_PARAMETER, WAS, FileColumn
from tirek.catalogue.models import Kind, Offer
from tirek.catalogue.rules import VariantCard
from tirek.catalogue.words import Words
from tirek.territory.queries import in_force
from tirek.ui.lists.exports import BOM, write_lines
from tirek.ui.text import country_text

Value = str | int | Decimal | None
#: Lines below the heads to which the lists of a workbook reach, and letters that a list holds beside its cells.
_LISTED: Final = MOST_LINES
_WIDEST: Final = 40
_SHEET: Final = "[]:*?/\\'"


def lines_of_offers(held: Iterable[Held], columns: Sequence[FileColumn], kind: Kind) -> Iterator[list[Value]]:
    """The sizes of offers as lines, as their supplier wants them: with what is proposed (one query)."""
    words, places = Words(kind.code), _names_of_places()
    for one in held:
        if one.offer.state == Offer.State.ARCHIVED:
            continue
        card = one.wanted_card
        sizes = [(size, one.wanted_size(size)) for size in one.sizes.values() if size.active]
        for size, wanted in sizes:
            was = as_downloaded(size.card.stock, size.card.price)
            yield _line(columns, words, places, card, wanted, {CODE: str(size.key), WAS: was})
        for _key, wanted in one.new_sizes():
            yield _line(columns, words, places, card, wanted, {})


def _line(
    columns: Sequence[FileColumn],
    words: Words,
    places: Mapping[str, str],
    card: Mapping[str, Any],
    size: VariantCard,
    more: Mapping[str, str],
) -> list[Value]:
    told: dict[str, Any] = dict(more)
    told |= {"label": size.label, "article": size.article, "price": size.price or None, "stock": size.stock}
    for column in columns:
        name = column.name
        if name == "country":
            told[name] = country_text(card[name]) if card[name] else ""
        elif name == "delivers_to":
            told[name] = "; ".join(places.get(str(code), str(code)) for code in card[name])
        elif name in OF_CARD:
            told[name] = card[name]
        elif name.startswith(OF_PARAMETER):
            code = name.removeprefix(OF_PARAMETER)
            value = size.parameters.get(code)
            is_word = bool(column.choices)
            told[name] = words.value(code, value) if is_word else Decimal(str(value)) if _is_number(value) else value
    return [told.get(column.name) for column in columns]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _names_of_places() -> dict[str, str]:
    """Names of places by code; a place whose name another one has is told by its code."""
    rows = [(one.code, one.name, {one.name_kk, one.name_ru, one.name_en}) for one in in_force()]
    several, met = set[str](), dict[str, str]()
    for code, _name, names in rows:
        several |= {one for one in names if met.setdefault(one.casefold(), code) != code}
    return {code: name for code, name, _names in rows if name not in several}


def as_csv(columns: Sequence[FileColumn], lines: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The table as text, line by line: words, codes, then the sizes; no cell begins to work something out."""
    text = io.StringIO()
    text.write(BOM)
    write_lines(text, [[str(one.label) for one in columns], [one.name for one in columns]])
    for line in lines:
        write_lines(text, [line])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def as_workbook(columns: Sequence[FileColumn], lines: Iterable[Sequence[Value]], kind: Kind) -> bytes:
    """The table as a workbook: heads in words, their codes in a hidden line, lists to choose from, and a sheet that
    says what is filled in. Lines are written as they come, however many there are.
    """
    import xlsxwriter  # in memory only where somebody takes a workbook along

    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        name = "".join(" " if sign in _SHEET else sign for sign in capfirst(kind.name))[:31].strip()
        sheet, told, lists = (
            book.add_worksheet(name),
            book.add_worksheet(_("How to fill in")),
            book.add_worksheet("lists"),
        )
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"num_format": "@"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_heads(sheet, columns, looks)
        for n, line in enumerate(lines, start=2):
            for place, value in enumerate(line):
                _write(sheet, n, place, value, looks)
        _write_told(told, columns, kind, looks)
        _write_lists(sheet, lists, columns)
    return target.getvalue()


# the library has no types
def _write_heads(sheet: Any, columns: Sequence[FileColumn], looks: Mapping[str, Any]) -> None:  # noqa: ANN401
    for place, one in enumerate(columns):
        is_number = one.name in {"price", "stock", "warranty_months", "delivery_days"}
        width = min(max(len(str(one.label)), 12), _WIDEST)
        sheet.set_column(
            place, place, width, None if is_number or not _is_text(one) else looks["text"], {"hidden": one.name == WAS}
        )
    sheet.freeze_panes(2, 0)
    for place, one in enumerate(columns):
        sheet.write_string(0, place, str(one.label), looks["head"])
    sheet.set_row(1, None, None, {"hidden": True})
    for place, one in enumerate(columns):
        sheet.write_string(1, place, one.name)


def _is_text(column: FileColumn) -> bool:
    return not column.name.startswith(OF_PARAMETER) or bool(column.choices)


def _write(sheet: Any, line: int, place: int, value: Value, looks: Mapping[str, Any]) -> None:  # noqa: ANN401
    match value:
        case None | "":
            return
        case Decimal():
            is_whole = value == value.to_integral_value()
            sheet.write_number(line, place, value, None if is_whole else looks["amount"])
        case int():
            sheet.write_number(line, place, value)
        case _:
            sheet.write_string(line, place, str(value), looks["text"])


def _write_told(
    sheet: Any,  # noqa: ANN401 - as above
    columns: Sequence[FileColumn],
    kind: Kind,
    looks: Mapping[str, Any],
) -> None:
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 90)
    lead = (
        (_("Kind"), f"{capfirst(kind.name)} ({', '.join(part for part in (kind.code, kind.iso) if part)})"),
        (_("One line"), _("One line is one size or model. Lines with the same name are one card.")),
        (
            _("What is there"),
            _("Change what you want, leave the codes. You may delete lines that you do not change."),
        ),
        (_("What is new"), _("Leave the code empty. An empty cell of the card takes what its other lines say.")),
        (_("What happens"), _("You see every change first. The file is taken as a whole, or not at all.")),
    )
    for line, (head, text) in enumerate(lead):
        sheet.write_string(line, 0, head, looks["head"])
        sheet.write_string(line, 1, text, looks["wrapped"])
    for line, one in enumerate(columns, start=len(lead) + 1):
        some = "; ".join(one.choices[:12]) + (" …" if len(one.choices) > 12 else "")  # noqa: PLR2004
        needed = str(_("Needed.")) if one.field.required else ""
        sheet.write_string(line, 0, str(one.label), looks["head"])
        told = " ".join(part for part in (needed, str(one.told), some) if part)
        sheet.write_string(line, 1, told, looks["wrapped"])


def _write_lists(sheet: Any, lists: Any, columns: Sequence[FileColumn]) -> None:  # noqa: ANN401
    """Words to choose from, a column of a hidden sheet for each list."""
    import xlsxwriter.utility as cells  # as above

    listed = [(place, one) for place, one in enumerate(columns) if one.choices]
    longest = max((len(one.choices) for _place, one in listed), default=0)
    for line in range(longest):
        for at, (_place, one) in enumerate(listed):
            if line < len(one.choices):
                lists.write_string(line, at, one.choices[line])
    lists.hide()
    for at, (place, one) in enumerate(listed):
        letter = cells.xl_col_to_name(at)
        source = f"=lists!${letter}$1:${letter}${len(one.choices)}"
        rule: dict[str, Any] = {
            "validate": "list",
            "source": source,
            "error_type": "information" if one.is_open else "stop",
        }
        rule |= {"error_title": _("Not in the list"), "error_message": _("Choose one of the list.")}
        if one.is_open:
            rule |= {"show_error": False}
        sheet.data_validation(2, place, _LISTED + 1, place, rule)


def wrong_lines(found: Mapping[str, Any], columns: Sequence[FileColumn]) -> tuple[list[FileColumn], list[list[Value]]]:
    """Lines with mistakes as they were typed, what is wrong beside each: columns and lines."""
    by_name = {one.name: one for one in columns}
    names = [name for name in found.get("names", []) if name in by_name]
    error = FileColumn(ERROR, _("What is wrong"), "", by_name[CODE].field)
    line_of = FileColumn("", pgettext("row of a file", "Line"), "", by_name[CODE].field)
    told: dict[int, list[str]] = {}
    cells_of: dict[int, Sequence[str]] = {}
    for line, text, typed in found.get("bad", []):
        told.setdefault(line, []).append(text)
        cells_of[line] = typed
    lines = list[list[Value]]()
    for line, texts in told.items():
        typed = dict(zip(found["names"], cells_of[line], strict=False))
        lines.append([line, " ".join(texts), *(typed.get(name, "") for name in names)])
    return [line_of, error, *(by_name[name] for name in names)], lines
