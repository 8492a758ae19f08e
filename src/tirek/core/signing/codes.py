"""One-time codes and links, wherever they are asked for: made, kept as a keyed hash, compared, counted.

A hash is bound to what the code is for and to its row, so that a stored code opens nothing else.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from tirek.core import clock
from tirek.core.database.ratelimit import Limit
from tirek.core.typed import as_meant

CODE_MINUTES: Final = 10
#: Six digits, with a few blanks, dashes or points between them, and no digit beside them.
_SIX: Final = re.compile(r"(?<![0-9])[0-9](?:[\s.\-\u2010-\u2015\u2212]{0,3}[0-9]){5}(?![0-9])")
MAX_TRIES: Final = 5
#: How long, and how many, codes that were sent before are told from wrong ones.
REMEMBERED: Final = timedelta(hours=1)
MOST_OLDER: Final = 5
#: Codes to one person; counted before one is sent, so that requests at the same moment count too.
LIMITS: Final = (Limit(6, timedelta(hours=1)), Limit(20, timedelta(days=1)))


def new_code() -> str:
    """Six digits to be typed."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_secret() -> str:
    """Letters of a link, too many to be guessed."""
    return secrets.token_urlsafe(24)


def ends_at() -> datetime:
    """When a code that is made now ends."""
    return clock.now() + timedelta(minutes=CODE_MINUTES)


def hash_of(purpose: str, key: UUID, secret: str, *, site_secret: str | None = None) -> bytes:
    """What is stored instead of a code or of the secret of a link; spaces make no difference."""
    text = f"{key}:{''.join(secret.split())}"
    return salted_hmac(f"tirek.codes.{purpose}", text, secret=site_secret, algorithm="sha256").digest()


def is_right(stored: "bytes | memoryview[int]", purpose: str, key: UUID, typed: str) -> bool:
    """Whether what was typed is the code of a stored hash, also of one made with an earlier secret of the site.

    Takes the same time for every answer.
    """
    made = [hash_of(purpose, key, typed, site_secret=one) for one in (None, *settings.SECRET_KEY_FALLBACKS)]
    return any([constant_time_compare(bytes(stored), one) for one in made])  # noqa: C419 - all are compared, always


def read_code(typed: str) -> str:
    """The six digits that somebody typed or copied from a message; "" when there are none, or several times six.

    Blanks, dashes and points may stand between them, and marks that nobody sees; the words of the message may have come
    along.
    """
    digits = "".join(str(unicodedata.decimal(one, one)) for one in as_meant(typed))
    found = {re.sub("[^0-9]", "", one) for one in _SIX.findall(digits)}
    return found.pop() if len(found) == 1 else ""


def is_of(rows: Iterable[tuple[UUID, "bytes | memoryview[int]"]], purpose: str, typed: str) -> bool:
    """Whether what was typed is the code of one of some rows ``(key, hash)``."""
    # every row is compared: how long it takes tells nothing
    return any([is_right(stored, purpose, key, typed) for key, stored in rows])  # noqa: C419


def take_try(row: QuerySet[Any]) -> bool:
    """Count a try of the code of one row (``tries``, ``expires_at``) in one statement, before it is compared.

    Returns:
        Whether there was a try to take: ``False`` once the code has ended or was tried ``MAX_TRIES`` times.
    """
    return row.filter(expires_at__gt=clock.now(), tries__lt=MAX_TRIES).update(tries=F("tries") + 1) == 1


def give_back_try(row: QuerySet[Any]) -> None:
    """A try that was taken was none: the code of an earlier message guesses nothing."""
    row.filter(tries__gt=0).update(tries=F("tries") - 1)
