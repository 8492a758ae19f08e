"""The user that web and worker run as when root starts them: the one PostgreSQL runs as, where that user can read what
they need.

Root is kept where it cannot be helped: the code or the folder of the installation is one that only root can enter, or
the port is one that only root may open. ``tirek doctor`` says so.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from tirek.cli.embedded import SYSTEM_USER, home
from tirek.config import Config

FIRST_FREE_PORT: Final = 1024
_PATIENCE: Final = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Account:
    """A system user without rights."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> Self:
        """The account of an entry of the machine's users."""
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def can(self, command: list[str], *, environment: dict[str, str]) -> bool:
        """Does a command end well as this user?"""
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                command,
                check=False,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_PATIENCE,
                env=environment,
                user=self.uid,
                group=self.gid,
                extra_groups=[],
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


def account_for(config: Config, check: list[str], *, environment: dict[str, str]) -> Account | None:
    """The user for web and worker; ``None`` where they stay what this process is.

    Args:
        config: the installation.
        check: a command that reads the code; it must end well as that user.
        environment: what the command sees.
    """
    if os.geteuid() != 0 or config.port < FIRST_FREE_PORT:
        return None
    account = _candidate(config)
    if account is None:
        return None
    enters = ["/bin/sh", "-c", 'cd "$0" && test -r static/staticfiles.json', str(config.var)]
    if not account.can(enters, environment={"PATH": os.defpath}) or not account.can(check, environment=environment):
        return None
    return account


def _candidate(config: Config) -> Account | None:
    """Whoever owns the embedded database, else the system user of that purpose."""
    place = home(config.var)
    try:
        owner = place.stat().st_uid if place.exists() else 0
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None
    return Account.of(entry)


def hand_over(folder: Path, account: Account) -> None:
    """Make ``account`` the owner of a folder that it writes to, and of all that root has put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    strangers = [path for path in (*folder.iterdir(), folder) if path.lstat().st_uid != account.uid]
    for top in strangers:  # what is in a folder of the account's own was written by the account
        for path in (*(top.rglob("*") if top.is_dir() and top != folder else ()), top):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
