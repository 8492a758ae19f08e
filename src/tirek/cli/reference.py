"""Commands for reference data."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click
from django.utils import translation

from tirek.cli.prepare import refuse_newer_tables
from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE, step_by_step
from tirek.cli.supervisor import served
from tirek.config import config
from tirek.core import clock
from tirek.core import reference as values
from tirek.entitlements.actions.scenarios import play
from tirek.entitlements.kept import standing
from tirek.entitlements.scenarios import BrokenScenario, Scenario, read, shipped
from tirek.territory.classifier import MOST_BYTES, NotTheClassifier
from tirek.territory.reference_data import AnotherLoads, TooManyEnds, load_classifier

#: Lines and territories that are written out; the others are counted.
_MOST_WRITTEN: Final = 100
#: A day before it is a slip of the fingers.
_FIRST_YEAR: Final = 1992
_OUTCOMES: Final = ("added", "renamed", "changed", "ended", "succeeded", "unchanged")


@click.group()
def reference() -> None:
    """Dated reference data: every legal number with its citation."""


@reference.group(invoke_without_command=True)
@click.pass_context
def load(context: click.Context) -> None:
    """Loads the files of all apps; what is there already stays as it is."""
    if context.invoked_subcommand is not None:
        return
    _refuse_broken_files()
    with served(config(), waiting=CONSOLE.print):
        refuse_newer_tables()
        step_by_step("Reference data", values.load())


@load.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day of what is new in FILE; what it lacks ended the day before. Today, when it is not said.",
)
@click.option("--ends", default=0, help="So many units may end, regions and districts among them.")
def kato(*, file: Path, since: datetime | None, ends: int) -> None:
    """Loads the classifier of administrative units from FILE (CSV in UTF-8 or XLSX), whole in one transaction.

    FILE is the statistics bureau's, with the columns kato, kato_version, level, type_code, name_ru and name_kk. Lines
    with mistakes are left out and written out; the same file again takes what was put right and changes nothing else.
    """
    day = since.date() if since is not None else clock.today()
    if day.year < _FIRST_YEAR:
        raise Problem(f"No unit changes as early as {day}. Say the day as 2027-03-01.")
    if file.stat().st_size > MOST_BYTES:
        raise Problem(f"{file} has more than {MOST_BYTES // 1_000_000} MB: it is not the classifier.")
    with served(config(), waiting=CONSOLE.print), CONSOLE.status("Administrative units …"), translation.override("en"):
        refuse_newer_tables()
        try:
            taken = load_classifier(file.read_bytes(), since=day, ends=ends)
        except NotTheClassifier as error:
            raise Problem(str(error)) from error
        except AnotherLoads as error:
            raise Problem("The classifier is being loaded by somebody else. Try again when that has ended.") from error
        except TooManyEnds as error:
            told = f" Regions and districts among them: {', '.join(error.territories)}." if error.territories else ""
            raise Problem(
                f"{file} lacks {error.count} units that are in force.{told} Nothing was changed. If it is the whole "
                "classifier and they have ended, say so:",
                command=f"tirek reference load kato '{file}' --since {day} --ends {error.count}",
            ) from error
    _written_out(taken.territories)
    click.echo(", ".join(f"{name}: {taken.counts[name]}" for name in _OUTCOMES) + f", refused: {len(taken.refusals)}")
    _written_out([f"line {one.line}: {one.text}" for one in taken.refusals])
    if taken.ends_wait:
        click.echo("Nothing has ended, because nobody knows which units the lines without a code are.")
    if taken.refusals:
        raise Problem(f"{len(taken.refusals)} lines were not taken. Put them right and load the file again.")


def _written_out(lines: list[str]) -> None:
    for line in lines[:_MOST_WRITTEN]:
        click.echo(line)
    if len(lines) > _MOST_WRITTEN:
        click.echo(f"… and {len(lines) - _MOST_WRITTEN} more")


@reference.command()
@click.argument("scenarios", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--files", is_flag=True, help="Look into the files alone: needs no database.")
@click.pass_context
def check(context: click.Context, *, scenarios: tuple[Path, ...], files: bool) -> None:
    """Looks for rows that cannot be read, lack a citation or its words, or overlap; then plays the scenarios by the
    values of the database, those that are shipped and those that are kept there, or those of the files SCENARIOS.

    A scenario enters people, programmes and orders and takes everything back. Ends with 1 when one comes out otherwise
    than it says.
    """
    _refuse_broken_files()
    known = _read_scenarios(scenarios)
    count = sum(1 for _ in values.files()) + len(values.tables())
    click.echo(f"{count} files and {len(known)} scenarios are in order.")
    if files:
        return
    with served(config(), waiting=CONSOLE.print), translation.override("en"):
        refuse_newer_tables()
        kept = [] if scenarios else list(standing())
        known += [one.scenario for one in kept if one.scenario is not None]
        different = _played(known)
    unread = [one for one in kept if one.scenario is None]
    for one in unread:
        click.echo(f"A kept scenario cannot be read any more: {one.broken}")
    if different or unread:
        click.echo(f"{different} of {len(known)} scenarios come out otherwise.")
        context.exit(1)
    click.echo(f"{len(known)} scenarios come out as they say.")


def _read_scenarios(paths: tuple[Path, ...]) -> list[Scenario]:
    try:
        if not paths:
            return list(shipped())
        return [one for path in paths for one in read(str(path), path.read_text(encoding="utf-8-sig"))]
    except BrokenScenario as error:
        raise Problem(str(error)) from error
    except UnicodeDecodeError as error:
        raise Problem("A file of scenarios is text in UTF-8.") from error


def _played(known: list[Scenario]) -> int:
    """Play scenarios and write out each that differs; returns how many."""
    different = 0
    for one in known:
        differences = play(one).differences
        different += bool(differences)
        if differences:
            click.echo(f"{one.file}:{one.line}: {one.title}")
        for each in differences:
            expected, got = each.words
            click.echo(f"  line {each.line}: {each.what}: expected {expected}, got {got}")
    return different


def _refuse_broken_files() -> None:
    problems = [*values.check(), *values.check_sources()]
    if problems:
        lines = "\n".join(f"{one.file}:{one.line}: {one.text}" for one in problems)
        raise Problem(f"The reference files are not in order:\n{lines}")
