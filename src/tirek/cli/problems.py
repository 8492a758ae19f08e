"""What can go wrong around the product, each as a sentence and the command that helps."""

import errno
import zoneinfo
from pathlib import Path

import click


class Problem(click.ClickException):
    """Something the operator can mend.

    Attributes:
        message: what is wrong, in one or two sentences.
        command: what to type now; "" when the sentence says it all.
    """

    exit_code = 2

    def __init__(self, message: str, *, command: str = "") -> None:
        super().__init__(message)
        self.command = command

    def format_message(self) -> str:
        """The sentence, and the command on a line of its own."""
        return f"{self.message}\n\n    {self.command}\n" if self.command else self.message


def full_disk(folder: Path) -> Problem:
    """The disk that holds ``folder`` takes nothing more."""
    return Problem(
        f"The disk that holds {folder} is full. Free some space, or use a folder on another disk.",
        command=f"df -h '{folder}'",
    )


def disk_problem(error: OSError, folder: Path) -> Problem:
    """Why ``folder``, or something in it, cannot be used."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full_disk(folder)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Problem(
            f"This user may not write to {error.filename or folder}. Use a folder of your own.",
            command=f"TIREK_VAR={Path.home() / 'tirek'} make run",
        )
    return Problem(f"The folder {folder} cannot be used: {error.strerror or error}.", command=f"ls -ld '{folder}'")


def old_zone_data() -> Problem:
    """The machine gives the country the time of before March 2024. Python reads the system's files first."""
    places = ", ".join(zoneinfo.TZPATH) or "the package tzdata"
    return Problem(
        f"The time zone data of this machine ({places}) are older than March 2024: every day "
        "would end an hour too early.",
        command="apt-get install --only-upgrade tzdata   # and unset PYTHONTZPATH",
    )


def newer_tables(count: int) -> Problem:
    """The tables were made by a newer release."""
    return Problem(
        f"The database has {count} migrations that this release does not know: a newer one has worked on it. Start "
        "that one, or restore the backup that was made before it (docs: upgrade).",
        command="tirek --version",
    )
