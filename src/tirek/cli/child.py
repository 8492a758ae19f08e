"""Processes that end together with the one that started them."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> None:
    """Asks the kernel to send ``number`` to this process when its parent ends, however it ends. Does nothing outside
    Linux.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def dies_with_me(number: signal.Signals) -> Callable[[], None]:
    """For ``subprocess.Popen(preexec_fn=...)``: the child gets ``number`` when this process ends, even by ``kill
    -9``.
    """
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # it ended between fork and here
            os._exit(1)

    return prepare


def living_in(folder: Path) -> Iterator[int]:
    """Process ids whose working folder is ``folder``: a server and its backends. Zombies and reused ids are none of
    them.

    Yields nothing where there is no ``/proc``.
    """
    if not _PROC.is_dir() or not folder.exists():
        return
    place = folder.stat()
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            there = (entry / "cwd").stat()
            if (there.st_dev, there.st_ino) == (place.st_dev, place.st_ino):
                yield int(entry.name)
