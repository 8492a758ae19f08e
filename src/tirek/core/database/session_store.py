"""Sessions in the database, as Django keeps them; the read of every page is compiled once, and a write changes only
what this request has changed.

Two requests of one browser run at the same time as a matter of course. Django writes the whole session back, so the
slower one would undo what the other has set; here its changes are laid over what stands there now.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from tirek.core import clock
from tirek.core.database.compiled import CompiledObject

_SESSION: Final[CompiledObject[Session]] = CompiledObject(
    lambda key, moment: Session.objects.filter(session_key=key, expire_date__gt=moment), key=str, moment=datetime
)
#: How often a write begins anew because the session was written meanwhile.
_TRIES: Final = 8
#: A session that ends later than any can was made while the clock ran ahead.
_SLACK: Final = timedelta(minutes=1)
Values = Mapping[str, object]


def _merged(before: Values, mine: Values, there: Values) -> dict[str, object]:
    """What stands ``there`` with what this request has changed."""
    found = dict(there)
    for name in {*before, *mine}:
        if name not in mine:
            found.pop(name, None)
        elif name not in before or before[name] != mine[name]:
            found[name] = mine[name]
    return found


class SessionStore(DatabaseStore):
    """Django's store with a lean read, and a write that undoes nobody else's."""

    _read = ""

    def _get_session_from_db(self) -> Session | None:
        now = clock.now()
        found = _SESSION.get(key=self.session_key, moment=now) if self.session_key else None
        # a clock that was set is not the one that sessions end by
        longest = timedelta(seconds=self.get_session_cookie_age()) + _SLACK
        if found is not None and not clock.is_set() and found.expire_date > now + longest:
            found = None
        if found is None:
            self._session_key = None
        else:
            self._read = found.session_data
        return found

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the session.

        Raises:
            UpdateError: it was ended meanwhile, and is not brought back.
        """
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        key, mine = self.session_key, dict(self.items())
        before = self.decode(self._read) if self._read else {}
        for _try in range(_TRIES):
            row = self.create_model_instance(mine)
            same = Session.objects.filter(session_key=key, session_data=self._read)
            if same.update(session_data=row.session_data, expire_date=row.expire_date):
                self._read = row.session_data
                return
            there = Session.objects.filter(session_key=key).first()
            if there is None:
                break
            self._read = there.session_data
            mine = _merged(before, dict(self.items()), self.decode(there.session_data))
        raise UpdateError
