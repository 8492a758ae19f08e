"""What can go wrong around the product, each as a sentence and the command that helps."""

import errno
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
