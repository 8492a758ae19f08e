"""When a delivery is tried again."""

from datetime import timedelta
from typing import Final

MAX_TRIES: Final = 6
#: A claim this old belongs to a worker that is gone; whether it had sent is not known.
CLAIM_LASTS: Final = timedelta(minutes=10)
#: So few that a slow channel (20 s each) has taken them long before the claim is given up.
CLAIMED_AT_ONCE: Final = 10


def wait_after(tries: int) -> timedelta:
    """How long to wait after the channel said "not now" for the ``tries``-th time: 1, 2, 4 … minutes."""
    return timedelta(minutes=2 ** (tries - 1))
