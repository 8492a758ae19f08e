"""A few units of the classifier of administrative and territorial units, written by hand from facts."""

from collections.abc import Iterable

HEADINGS = "kato,kato_version,level,type_code,name_ru,name_kk"
EDITION = "NK RK 11-2025"
#: code, level, kind, Russian name, Kazakh name
UNITS = (
    ("100000000", "oblast", "0", "область Абай", "Абай облысы"),
    ("101000000", "district", "1", "Семей Г.А.", "Семей Қ.Ә."),
    ("101010000", "sub_district", "1", "г.Семей", "Семей қ."),
    ("103200000", "district", "2", "Абайский район", "Абай ауданы"),
    ("103230000", "sub_district", "2", "Карааульский с.о.", "Қараауыл а.о."),
    ("103230100", "settlement", "2", "с.Карааул", "Қараауыл а."),
    ("103235000", "sub_district", "2", "Архатский с.о.", "Арқат а.о."),
    ("103235100", "settlement", "2", "с.Архат", "Арқат а."),
    ("103235500", "settlement", "2", "с.Орда", "Орда а."),
    ("110000000", "oblast", "0", "Акмолинская область", "Ақмола облысы"),
    ("113800000", "district", "4", "Атбасарский район", "Атбасар ауданы"),
    ("113820100", "settlement", "1", "г.Атбасар", "Атбасар қ."),
    ("710000000", "oblast", "1", "г.Астана", "Астана қ."),
    ("711210000", "sub_district", "1", "район Есиль", "Есіл ауданы"),
)
Row = tuple[str, str, str, str, str]


def lines(rows: Iterable[Row] = UNITS, *, edition: str = EDITION) -> list[str]:
    """The lines of a file, without its headings."""
    return [",".join((code, edition, *rest)) for code, *rest in rows]


def written(rows: Iterable[Row] = UNITS, *, edition: str = EDITION) -> bytes:
    """A file of these units."""
    return "\n".join((HEADINGS, *lines(rows, edition=edition), "")).encode()


def changed(*changes: Row, without: Iterable[str] = ()) -> list[Row]:
    """The units with some in place of those of the same code, or added; without others."""
    rows = {row[0]: row for row in UNITS} | {row[0]: row for row in changes}
    return [row for code, row in rows.items() if code not in set(without)]
