"""Whether a PDF may be stored: every object is looked at, in a process of its own with little time and memory.

The file is untrusted, and so is what reading it does to the reader: ``pdf_objects.inspect`` is called in a child that
has neither settings nor keys, may not write files, and is ended when it wants too much.
"""

import logging
import subprocess
import sys
import threading
from enum import IntEnum
from typing import Final

log = logging.getLogger(__name__)

#: Seconds that the child is waited for on a busy machine.
_WAIT: Final = 60
#: Children at the same time for one web process: many files at once wait instead of filling the memory.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class Verdict(IntEnum):
    """What was found; the number is the child's answer."""

    SOUND = 0
    ACTIVE = 10
    BROKEN = 11
    TOO_COMPLEX = 12


def inspected_apart(content: bytes) -> Verdict:
    """What ``pdf_objects.inspect`` finds in a process of its own; one that is ended for what it wanted has met a file
    that is too complex.
    """
    command = [sys.executable, "-I", "-m", "tirek.files.pdf_objects"]
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 - our own module, and nothing of the file is in the command
                command, input=content, capture_output=True, env={}, timeout=_WAIT, check=False
            )
    except subprocess.TimeoutExpired:
        return Verdict.TOO_COMPLEX
    if done.returncode in list(Verdict):
        return Verdict(done.returncode)
    log.error(
        "a PDF could not be inspected: status %s, %s", done.returncode, done.stderr[-500:].decode(errors="replace")
    )
    return Verdict.TOO_COMPLEX
