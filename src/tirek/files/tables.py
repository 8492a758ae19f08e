"""Tables that somebody takes along and sends back: XLSX or CSV, read as plain values."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core import sheets
from tirek.core.sheets import Bounds, Line

MAX_BYTES: Final = 5 * 1024 * 1024
#: What a workbook unpacks to.
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_LINES: Final = 10_000
_BOUNDS: Final = Bounds(
    # numbers come back, whatever becomes of the letters
    encodings=("utf-16", "utf-8-sig", "cp1251"),
    lines=MOST_LINES + 2,
    columns=40,
    cell=1000,
    unpacked=MOST_UNPACKED,
)


class NoTable(sheets.NoTable):
    """The file is not the table that was taken along; the message says why."""

    next_step = _("Download the table anew, change it in a spreadsheet, and save it as XLSX or CSV.")


def read(content: bytes) -> list[Line]:
    """The lines of the first sheet, the heads among them; empty lines are left out.

    Raises:
        NoTable: it is empty, too large, no table, holds macros or links to other files, or more than ``MOST_LINES``.
    """
    if not content:
        raise NoTable(_("The file is empty."), code="empty")
    if len(content) > MAX_BYTES:
        raise NoTable(_("The file is larger than 5 MB."), code="too_large")
    lines = []
    try:
        for line in sheets.lines_of(content, _BOUNDS):
            if not line.is_empty:
                lines.append(line)
            if len(lines) > MOST_LINES + 1:
                raise NoTable(_("The table has more than %(most)s lines.") % {"most": MOST_LINES}, code="too_long")
    except sheets.NoTable as error:
        raise NoTable(error.message, code=error.code) from error
    if not lines:
        raise NoTable(_("The file is empty."), code="empty")
    return lines
