"""Sources of what is shipped, in the reader's language.

A file of reference data names its source once (column ``citation``); ``<app>/reference/citations.csv`` says it in
Kazakh, Russian and English. What an administrator types as a source stands in no such file and is shown as typed.

``acts.csv`` says under which number the state's legal information system keeps an act: a source that begins with the
act's name leads to its text.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tirek.core.languages import LANGUAGES, current
from tirek.core.reference.values import Problem, files, filled, read_rows, table, tables

_COLUMNS: Final = {"citation", *LANGUAGES}
_ACTS: Final = Path(__file__).parent / "acts.csv"
#: Where the texts of acts are read; there is no English text of every act, so English readers get the Russian one.
_TEXT: Final = "https://adilet.zan.kz/{language}/docs/{document}"
_LANGUAGE_OF_TEXT: Final = {"kk": "kaz"}
table(_ACTS, columns={"act": filled, "document": filled}, key=("act",))


@cache
def _told() -> dict[str, dict[str, str]]:
    return {row["citation"]: row for path in files("citations.csv") for _line, row in read_rows(path)}


def words_of_source(citation: str) -> str | None:
    """A source in the present language; ``None`` for one that was typed: it is shown as it is, in whatever language."""
    row = _told().get(citation)
    return row[current()] if row else None


@cache
def _acts() -> dict[str, str]:
    return {row["act"]: row["document"] for _line, row in read_rows(_ACTS)}


def link_of_source(citation: str) -> str:
    """The address of the text of the act that a source begins with; "" where no such act is known."""
    document = next((found for act, found in _acts().items() if citation.startswith(f"{act} ")), "")
    return _TEXT.format(language=_LANGUAGE_OF_TEXT.get(current(), "rus"), document=document) if document else ""


def _citing() -> Iterator[Path]:
    yield from files()
    yield from tables()


def check_sources() -> list[Problem]:
    """Problems of the sources of what is shipped: one without words in a language, told twice, or told and not used."""
    problems, told, cited = [], set[str](), set[str]()
    for path in _citing():
        for line, row in read_rows(path):
            citation = row.get("citation", "")
            cited.add(citation)
            if citation and not all(_told().get(citation, {}).get(language) for language in LANGUAGES):
                problems.append(Problem(str(path), line, f"no words in three languages for the source “{citation}”"))
    for line, row in read_rows(_ACTS):
        if not any(one.startswith(f"{row['act']} ") for one in cited):
            problems.append(Problem(str(_ACTS), line, f"no source begins with “{row['act']}”"))
    for path in files("citations.csv"):
        for line, row in read_rows(path):
            if set(row) != _COLUMNS or row["citation"] in told or row["citation"] not in cited:
                problems.append(Problem(str(path), line, "a source that stands twice, is not used, or lacks a column"))
            told.add(row.get("citation", ""))
    return problems
