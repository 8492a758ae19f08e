"""The command that fills an installation from files, however long."""

from collections import Counter
from pathlib import Path

import click
from django.utils import translation

from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import imports
from tirek.core.errors import DomainError
from tirek.core.imports import Mistake, Outcome

#: Mistakes that are written out; the others are counted.
_MOST_WRITTEN = 100


@click.command(name="import")
@click.argument("what")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(*, what: str, file: Path) -> None:
    """Fills an installation from FILE (CSV in UTF-8 or XLSX) of the kind WHAT, in pieces of 200 entries.

    Lines with mistakes are left out and written out; the same file again takes what was put right and changes nothing
    else.
    """
    table = imports.table_of(what)
    if table is None:
        known = ", ".join(one.code for one in imports.all_tables())
        raise Problem(f"There is no kind of file “{what}”. These are known: {known}.")
    counts, wrong, seen = Counter[Outcome](), list[Mistake](), 0
    with served(config(), waiting=CONSOLE.print), translation.override("en"):
        try:
            for lines, become, mistakes in imports.take_all(table, file.read_bytes()):
                seen += lines
                counts += become
                wrong += mistakes
                CONSOLE.print(f"{seen} lines …")
        except DomainError as refused:
            raise Problem(str(refused.message)) from refused
    click.echo(", ".join(f"{one.value}: {counts[one]}" for one in Outcome))
    for one in sorted(wrong, key=lambda each: each.line)[:_MOST_WRITTEN]:
        click.echo(f"line {one.line}: {one.text}")
    if wrong:
        raise Problem(f"{len(wrong)} lines were not taken. Put them right and bring the file again.")
