"""Commands for reference data."""

import click

from tirek.cli.prepare import refuse_newer_tables
from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE, step_by_step
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import reference as values


@click.group()
def reference() -> None:
    """Dated reference data: every legal number with its citation."""


@reference.command()
def load() -> None:
    """Loads the files of all apps; what is there already stays as it is."""
    _refuse_broken_files()
    with served(config(), waiting=CONSOLE.print):
        refuse_newer_tables()
        step_by_step("Reference data", values.load())


@reference.command()
def check() -> None:
    """Looks for rows that cannot be read, lack a citation or its words, or overlap. Needs no database."""
    _refuse_broken_files()
    click.echo(f"{sum(1 for _ in values.files()) + len(values.tables())} files are in order.")


def _refuse_broken_files() -> None:
    problems = [*values.check(), *values.check_sources()]
    if problems:
        lines = "\n".join(f"{one.file}:{one.line}: {one.text}" for one in problems)
        raise Problem(f"The reference files are not in order:\n{lines}")
