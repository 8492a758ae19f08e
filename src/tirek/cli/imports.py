"""The command that fills an installation from files, however long."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Self, TextIO

import click
from django.utils import translation

from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import imports
from tirek.core.errors import DomainError
from tirek.core.imports import Mistake, Outcome
from tirek.ui.lists.exports import write_lines

#: Mistakes that are written out; the others are counted.
_MOST_WRITTEN = 100


@click.command(name="import")
@click.argument("what")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every line that was not taken, with the reason, to this file (CSV).",
)
def import_file(*, what: str, file: Path, report: Path | None) -> None:
    """Fills an installation from FILE (XLSX, or CSV with ; , or tabs, in UTF-8, UTF-16 or cp1251) of the kind WHAT, in
    pieces of 200 entries.

    Lines with mistakes are left out and written out; the same file again takes what was put right and changes nothing
    else.
    """
    table = imports.table_of(what)
    if table is None:
        known = ", ".join(one.code for one in imports.all_tables())
        raise Problem(f"There is no kind of file “{what}”. These are known: {known}.")
    counts, seen = Counter[Outcome](), 0
    with served(config(), waiting=CONSOLE.print), translation.override("en"), _Wrong(report) as wrong:
        try:
            for lines, become, mistakes in imports.take_all(table, file.read_bytes()):
                seen += lines
                counts += become
                wrong.add(mistakes)
                CONSOLE.print(f"{seen} lines …")
        except DomainError as refused:
            raise Problem(str(refused.message)) from refused
    click.echo(", ".join(f"{one.value}: {counts[one]}" for one in Outcome))
    for one in sorted(wrong.first, key=lambda each: each.line):
        click.echo(f"line {one.line}: {one.text}")
    if wrong.count:
        told = f" All of them: {report}" if report is not None else ""
        raise Problem(f"{wrong.count} lines were not taken. Put them right and bring the file again.{told}")


class _Wrong:
    """Mistakes as they are met: the first ones are kept, all of them are counted and go into the report."""

    def __init__(self, report: Path | None) -> None:
        self._report = report
        self._open: TextIO | None = None
        self.first: list[Mistake] = []
        self.count = 0

    def __enter__(self) -> Self:
        if self._report is not None:
            try:
                # with the mark by which spreadsheets know the encoding
                self._open = self._report.open("w", encoding="utf-8-sig", newline="")
            except OSError as error:
                raise Problem(f"{self._report} cannot be written: {error.strerror}.") from error
            write_lines(self._open, [("line", "mistake")], delimiter=",")
        return self

    def __exit__(self, *_args: object) -> None:
        if self._open is not None:
            self._open.close()

    def add(self, mistakes: Iterable[Mistake]) -> None:
        """Take in those of a piece."""
        for one in mistakes:
            self.count += 1
            if len(self.first) < _MOST_WRITTEN:
                self.first.append(one)
            if self._open is not None:
                write_lines(self._open, [(one.line, str(one.text))], delimiter=",")
