"""How long this side waits for a database that says nothing at all.

The server's own limits (``lock_timeout``, ``statement_timeout``) do not help when the server is halted, or the network
between swallows every answer.
"""

from typing import Final, TypeVar

from psycopg import Connection, OperationalError, errors
from psycopg.abc import PQGen

T = TypeVar("T")
#: Seconds for one answer: a little longer than ``statement_timeout`` of the serving role.
LONGEST_SILENCE: Final = 22.0


class PatientConnection(Connection[tuple[object, ...]]):
    """A connection that gives up, and is closed, when no answer comes."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """The end of an exchange with the server.

        Raises:
            OperationalError: nothing came within ``LONGEST_SILENCE``.
        """
        try:
            return super().wait(gen, interval, LONGEST_SILENCE if timeout is None else timeout)
        except errors._WaitTimeout as error:  # noqa: SLF001 - psycopg has no public name for it
            if timeout is not None:
                raise
            self.pgconn.finish()
            raise OperationalError("The database does not answer.") from error
