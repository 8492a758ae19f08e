"""Bounds of messages."""

from datetime import timedelta
from typing import Final

from tirek.core.database.ratelimit import Limit

LONGEST: Final = 2_000
#: Messages of one account: enough for a conversation, too few for a flood.
LIMITS: Final = (Limit(20, timedelta(hours=1)), Limit(60, timedelta(days=1)))
