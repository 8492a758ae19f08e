"""Public numbers from PostgreSQL sequences. Gaps are allowed; each process has its own prefix."""

import re
from dataclasses import dataclass

from django.db import connection, migrations

from tirek.core import clock

_SEQUENCE = re.compile(r"^[a-z_]{3,50}$")


@dataclass(frozen=True, slots=True)
class Series:
    """A series of public numbers.

    Attributes:
        prefix: letters before the number, for example ``ТС``.
        sequence: name of the PostgreSQL sequence.
    """

    prefix: str
    sequence: str

    def __post_init__(self) -> None:
        if not _SEQUENCE.match(self.sequence):
            raise ValueError(f"{self.sequence!r} is no name of a sequence.")

    def take(self) -> str:
        """The next number, for example ``ТС-2026-0000042``; never given twice."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s)", [self.sequence])
            (value,) = cursor.fetchone()
        return f"{self.prefix}-{clock.today().year}-{value:07d}"

    def migration(self) -> migrations.RunSQL:
        """The operation that makes the sequence."""
        return migrations.RunSQL(f'CREATE SEQUENCE "{self.sequence}"', f'DROP SEQUENCE "{self.sequence}"')
