"""Hashing of passwords, bounded: nobody must be signed in to make the server hash, so it may cost little at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

from tirek.core.errors import Busy

#: Passwords that one process hashes at the same time; 19 MiB each.
AT_ONCE: Final = 3
#: Seconds that a further one waits for its turn.
PATIENCE: Final = 8.0
_turns: Final = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with the parameters OWASP names (19 MiB, two passes, one lane), a few at a time.

    A password that was hashed with other parameters is hashed anew at its next use.

    Raises:
        Busy: so many passwords are being checked that this one would wait too long.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash to store."""
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password of a hash."""
        with _turn():
            return super().verify(password, encoded)
