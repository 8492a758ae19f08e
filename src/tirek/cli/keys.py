"""Commands for the key ring."""

import click

from tirek.cli.progress import CONSOLE, step_by_step
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core.crypto import reseal_everything


@click.group()
def keys() -> None:
    """The key ring TIREK_KEYS: the first key encrypts, all decrypt."""


@keys.command()
def rotate() -> None:
    """Writes every encrypted text anew with the first key; after that the older keys may be taken out of TIREK_KEYS."""
    with served(config(), waiting=CONSOLE.print):
        step_by_step("Encrypted texts", reseal_everything())
