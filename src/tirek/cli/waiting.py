"""Commands for how long people wait."""

import sys

import click

from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.entitlements.models import OrderingTerm
from tirek.insight import actions, queries


@click.group()
def waiting() -> None:
    """How long people wait, counted from the journal every night."""


@waiting.command()
def check() -> None:
    """Tells every way anew from the journal and compares; ends with status 1 where one is kept otherwise."""
    wrong = 0
    with served(config(), waiting=CONSOLE.print):
        if queries.newest() is None:
            click.echo("Nothing has been counted yet; the worker counts every night, or: tirek waiting count")
            sys.exit(1)
        for line, have, told in queries.differences():
            number = OrderingTerm.objects.values_list("number", flat=True).get(line=line)
            click.echo(f"{number}: kept {have}, the journal tells {told}")
            wrong += 1
    click.echo(f"{wrong} waits are wrong. tirek waiting count mends them." if wrong else "Every wait is right.")
    sys.exit(1 if wrong else 0)


@waiting.command()
def count() -> None:
    """Tells every way anew from the whole journal and publishes the figures, while people go on working."""
    with served(config(), waiting=CONSOLE.print), CONSOLE.status("Reading the journal …"):
        done = actions.count_anew()
    click.echo(f"{done} waits: counted.")
