"""Commands for the key ring."""

import click

from tirek.cli.progress import CONSOLE, bar, step_by_step
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core.crypto import reseal_everything
from tirek.files.actions import Resealing
from tirek.files.actions import reseal_everything as reseal_files
from tirek.files.models import StoredFile


@click.group()
def keys() -> None:
    """The key ring TIREK_KEYS: the first key encrypts, all decrypt."""


@keys.command()
def rotate() -> None:
    """Writes every encrypted text and file anew with the first key; after that the older keys may be taken out of
    TIREK_KEYS.

    It may be broken off and called again: what has the first key already is not written twice.
    """
    with served(config(), waiting=CONSOLE.print):
        step_by_step("Encrypted texts", reseal_everything())
        done = _files()
    click.echo(f"{done.seen} files looked at, {done.written} written anew.")
    if done.missing:
        click.echo(f"{done.missing} files are missing in the store.", err=True)


def _files() -> Resealing:
    done = Resealing()
    with bar() as progress:
        task = progress.add_task("Encrypted files", total=StoredFile.objects.count())
        for done in reseal_files():
            progress.update(task, completed=done.seen)
    return done
