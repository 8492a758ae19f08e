"""Commands that bring an installation up to date: tables, files of the pages, reference data, demo data."""

import gc
import hashlib
import io
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from psycopg import errors

from tirek.cli import addresses, mark, rights
from tirek.cli.mark import Mark
from tirek.cli.problems import Problem, newer_tables
from tirek.cli.progress import CONSOLE, bar, step_by_step
from tirek.cli.ready import as_owner
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import reference
from tirek.core.case import proof
from tirek.core.service.health import unknown_migrations

#: the demo data stand on a floor above this one
DEMO_LOAD = "tirek.site.demo.load"  # () -> Iterable[(what, rows)]; all or nothing
DEMO_SIGNINS = "tirek.site.demo.signins"  # () -> Iterable[(desk, who, how)]
DEMO_TOUR = "tirek.site.demo.tour"  # () -> Iterable[str]: the steps


@click.command()
def migrate() -> None:
    """Brings the tables up to date, as the owner role; lets the serving role read and write rows."""
    with served(config(), waiting=CONSOLE.print):
        bring_tables_up_to_date()


@click.command()
def demo() -> None:
    """Loads the demo data once."""
    with served(config(), waiting=CONSOLE.print):
        load_demo()


@click.command()
def prepare() -> None:
    """Tables, files of the pages, reference data and, in demo mode, demo data; prints how to sign in."""
    with served(config(), waiting=CONSOLE.print):
        bring_tables_up_to_date()
        collect_files()
        step_by_step("Reference data", reference.load())
        if config().demo:
            load_demo()
            signins = cast("Callable[[], Iterable[tuple[str, str, str]]]", import_string(DEMO_SIGNINS))
            for desk, who, how in signins():
                click.echo(f"  {desk:<12} {who:<32} {how}")
            click.echo("\nA tour of 60 seconds:\n")
            for n, step in enumerate(cast("Callable[[], Iterable[str]]", import_string(DEMO_TOUR))(), start=1):
                click.echo(f"  {n}. {step}")


@click.command()
def gather() -> None:
    """Gathers scripts, styles and pictures under TIREK_VAR/static; does nothing when they are there. Needs no
    database.
    """
    collect_files()


class _Applied(io.StringIO):
    """Counts the "OK" lines that Django's migrate command writes."""

    def __init__(self, advance: Callable[[], None]) -> None:
        super().__init__()
        self._advance = advance

    def write(self, text: str) -> int:
        if text.strip().endswith("OK"):
            self._advance()
        return len(text)


def _look_for_garbage_seldom() -> None:
    """For each change of a table Django makes the classes of many models anew: to look through all of them again and
    again took a fifth of the time of a migration. The process ends soon.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def bring_tables_up_to_date() -> None:
    """Migrates, makes the cache's table, marks what the database is for.

    Raises:
        Problem: the database is not for this mode, or somebody holds a table for too long.
    """
    installation = config()
    owner = addresses.owner(installation)
    known = mark.read(owner)
    mark.refuse_mixing(installation, known)
    rights.grant_serving(owner, addresses.serving_role(installation))
    try:
        with as_owner():
            refuse_newer_tables()
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                _look_for_garbage_seldom()
                with bar() as progress:
                    task = progress.add_task("Tables", total=len(plan))
                    call_command(
                        "migrate",
                        interactive=False,
                        verbosity=1,
                        no_color=True,
                        stdout=_Applied(lambda: progress.advance(task)),
                    )
            call_command("createcachetable", verbosity=0)
        rights.settle_rights(owner, addresses.serving_role(installation))
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise Problem(
                "A table is in use for too long to be changed now. Nothing was lost; try again.",
                command="tirek migrate",
            ) from error
        raise
    if known is Mark.NONE:
        mark.write(owner, Mark.DEMO if installation.demo else Mark.PRODUCTION)


def refuse_newer_tables() -> None:
    """An older release must not work on the tables of a newer one.

    Raises:
        Problem: the database has migrations that this code has not.
    """
    unknown = unknown_migrations()
    if unknown:
        raise newer_tables(len(unknown))


def collect_files() -> None:
    """Gathers scripts, styles, fonts and pictures under ``$TIREK_VAR/static``, compressed; does nothing when none has
    changed.
    """
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    seen = Path(settings.STATIC_ROOT) / ".sources"
    if seen.exists() and seen.read_text() == digest.hexdigest():
        return
    with CONSOLE.status("Files of the pages …"):
        call_command("collectstatic", interactive=False, verbosity=0)
    seen.write_text(digest.hexdigest())


def load_demo() -> None:
    """Loads the demo data, unless they are there already, and seals the past days of their journal, as the worker does
    each night. All or nothing.

    Raises:
        Problem: this is not demo mode, or the database is for production.
    """
    if load_demo_data():
        # seals of made-up days are kept by nobody: the address stands in sight instead of a wall of them
        told = logging.getLogger(proof.__name__)
        told.setLevel(logging.ERROR)
        try:
            proof.seal()
            proof.seal_hours()
        finally:
            told.setLevel(logging.NOTSET)


def load_demo_data() -> bool:
    """Loads the demo data, unless they are there already; says whether it did. Nothing is sealed: a past may follow.

    Raises:
        Problem: as ``load_demo``.
    """
    if not config().demo:
        raise Problem("Demo data are for demo mode only.", command="TIREK_DEMO=1 tirek demo")
    known = mark.read(addresses.owner(config()))
    mark.refuse_mixing(config(), known)
    if known is Mark.DEMO_LOADED:
        return False
    load = cast("Callable[[], Iterable[tuple[str, int]]]", import_string(DEMO_LOAD))
    with transaction.atomic():
        step_by_step("Demo data", load())
    mark.write(addresses.owner(config()), Mark.DEMO_LOADED)
    return True
