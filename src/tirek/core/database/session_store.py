"""Sessions in the database, as Django keeps them; the read of every page is compiled once, the write is one
statement.
"""

from datetime import datetime
from typing import Final

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from tirek.core import clock
from tirek.core.database import rows
from tirek.core.database.compiled import CompiledObject

_SESSION: Final[CompiledObject[Session]] = CompiledObject(
    lambda key, moment: Session.objects.filter(session_key=key, expire_date__gt=moment), key=str, moment=datetime
)


class SessionStore(DatabaseStore):
    """Django's store with a lean read and a lean write."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.get(key=self.session_key, moment=clock.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the session.

        Raises:
            UpdateError: it was ended meanwhile, and is not brought back.
        """
        if must_create or self.session_key is None:
            super().save(must_create)
        elif not rows.update(self.create_model_instance(dict(self.items())), "session_data", "expire_date"):
            raise UpdateError
