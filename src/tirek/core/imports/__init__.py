"""Files that fill an installation: declared by each app in its room ``imports``, checked, taken whole or not at all.

An app says which columns a file has, which of them name a row, and what is done with a row. Template, reading of CSV
and XLSX, check without writing, list of mistakes, run by the worker, and the record of who imported what are here.
"""

from tirek.core.imports.reading import MOST_BYTES, read_table, template
from tirek.core.imports.runs import (
    MOST_LINES,
    Mistake,
    Run,
    begin,
    carry_out,
    check_again,
    confirm,
    runs_of,
    take_all,
    take_off,
)
from tirek.core.imports.tables import (
    Cells,
    Column,
    ImportTable,
    Outcome,
    WordsField,
    all_tables,
    as_key,
    register,
    table_of,
)

__all__ = [
    "MOST_BYTES",
    "MOST_LINES",
    "Cells",
    "Column",
    "ImportTable",
    "Mistake",
    "Outcome",
    "Run",
    "WordsField",
    "all_tables",
    "as_key",
    "begin",
    "carry_out",
    "check_again",
    "confirm",
    "read_table",
    "register",
    "runs_of",
    "table_of",
    "take_all",
    "take_off",
    "template",
]
