"""Files that fill an installation: declared by each app in its room ``imports``, checked, taken whole or not at all.

An app says which columns a file has, which of them name a row, and what is done with a row. Template, reading of CSV
and XLSX, check without writing, list of mistakes, run by the worker, and the record of who imported what are here.
"""

from tirek.core.imports.entries import Mistake, said_of, take_all
from tirek.core.imports.reading import MOST_BYTES, read_table, template
from tirek.core.imports.runs import (
    MOST_LINES,
    Run,
    begin,
    begin_file,
    carry_out,
    check_again,
    confirm,
    runs_of,
    runs_of_file,
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
from tirek.core.imports.whole import Checked, WholeFile, register_whole, whole_of

__all__ = [
    "MOST_BYTES",
    "MOST_LINES",
    "Cells",
    "Checked",
    "Column",
    "ImportTable",
    "Mistake",
    "Outcome",
    "Run",
    "WholeFile",
    "WordsField",
    "all_tables",
    "as_key",
    "begin",
    "begin_file",
    "carry_out",
    "check_again",
    "confirm",
    "read_table",
    "register",
    "register_whole",
    "runs_of",
    "runs_of_file",
    "said_of",
    "table_of",
    "take_all",
    "take_off",
    "template",
    "whole_of",
]
