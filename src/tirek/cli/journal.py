"""Commands for the journal."""

import sys
from pathlib import Path

import click

from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core.case import journal as chains


@click.group()
def journal() -> None:
    """The journal: every act, chained by hashes, sealed daily."""


@journal.command()
@click.option("--seal", "with_seals", is_flag=True, help="Compare the daily seals too, and print them when they hold.")
def verify(*, with_seals: bool) -> None:
    """Walks through every chain; ends with status 1 when one does not hold."""
    broken = 0
    with served(config(), waiting=CONSOLE.print), CONSOLE.status("Walking through the journal …"):
        for one in chains.verify():
            broken += 1
            click.echo(f"{one.case_type} {one.case_id} event {one.n}: {one.problem}")
        if with_seals:
            for seal in chains.verify_seals():
                broken += 1
                click.echo(f"seal of {seal.day}: does not match")
            if not broken:
                click.echo("".join(f"{line}\n" for line in chains.seal_lines()), nl=False)
    click.echo(f"{broken} places do not hold." if broken else "The journal holds.")
    sys.exit(1 if broken else 0)


@journal.command()
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the terminal."
)
def seals(*, output: Path | None) -> None:
    """Prints the daily seals (day, cases, SHA-256), to be kept where nobody of this installation can change them."""
    with served(config(), waiting=CONSOLE.print):
        lines = "".join(f"{line}\n" for line in chains.seal_lines())
    if output is None:
        click.echo(lines, nl=False)
    else:
        output.write_text(lines)
