"""Commands for the figures of cases."""

import sys

import click

from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core.case import figures as kept
from tirek.core.case.registry import all_types


@click.group()
def figures() -> None:
    """How many cases stand where, kept as they change."""


@figures.command()
def check() -> None:
    """Counts every case and compares; ends with status 1 where a figure is wrong."""
    wrong = 0
    with served(config(), waiting=CONSOLE.print):
        for kind in all_types():
            if not kept.is_whole(kind):
                click.echo(f"{kind.code}: not counted yet; the worker counts, or: tirek figures count")
                wrong += 1
                continue
            with CONSOLE.status(f"Counting {kind.code} …"):
                found = kept.differences(kind)
            for one in found:
                click.echo(f"{kind.code} {one.place} {one.state} {one.what}: kept {one.kept}, counted {one.counted}")
            wrong += len(found)
    click.echo(f"{wrong} figures are wrong. tirek figures count mends them." if wrong else "Every figure is right.")
    sys.exit(1 if wrong else 0)


@figures.command()
def count() -> None:
    """Counts every case anew, while people go on working."""
    with served(config(), waiting=CONSOLE.print):
        for kind in all_types():
            with CONSOLE.status(f"Counting {kind.code} …"):
                kept.count_anew(kind)
            click.echo(f"{kind.code}: counted.")
        kept.fold()
