"""Commands for the journal."""

import sys
from pathlib import Path

import click

from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core.case import proof


@click.group()
def journal() -> None:
    """The journal: every act, chained by hashes, sealed each hour and each day."""


@journal.command()
@click.option("--seal", "with_seals", is_flag=True, help="Compare the seals too, and print them when they hold.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with seals that were printed, or with a log that holds them.",
)
def verify(*, with_seals: bool, against: Path | None) -> None:
    """Walks through every chain; ends with status 1 when one does not hold."""
    broken = 0
    printed = against.read_text().splitlines() if against else []
    with served(config(), waiting=CONSOLE.print), CONSOLE.status("Walking through the journal …"):
        for one in proof.verify():
            broken += 1
            click.echo(f"{one.case_type} {one.case_id} event {one.n}: {one.problem}")
        if with_seals or against:
            for seal in proof.verify_seals(printed):
                broken += 1
                click.echo(f"seal of {seal.name}: {seal.problem}")
            if with_seals and not broken:
                click.echo("".join(f"{line}\n" for line in proof.seal_lines()), nl=False)
    click.echo(f"{broken} places do not hold." if broken else "The journal holds.")
    sys.exit(1 if broken else 0)


@journal.command()
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the terminal."
)
def seals(*, output: Path | None) -> None:
    """Prints the seals of days and hours (name, cases, SHA-256), to be kept where nobody of this installation can
    change them.
    """
    with served(config(), waiting=CONSOLE.print):
        lines = "".join(f"{line}\n" for line in proof.seal_lines())
    if output is None:
        click.echo(lines, nl=False)
    else:
        output.write_text(lines)
