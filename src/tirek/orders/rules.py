"""Pure rules of orders: which promise holds, what code opens the door."""

import hmac
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Final
from uuid import UUID

from tirek.core.signing.codes import read_code

#: The smallest amount, tenge.
_TIYN: Final = Decimal("0.01")


def person_share(person_part: Decimal, *, of: int, units: int) -> Decimal:
    """What the person pays of the first ``units`` of an order, tenge: shares of parts add up to the whole.

    Args:
        person_part: of the whole order, tenge.
        of: units of the whole order.
        units: units of it, from none to all.
    """
    return (person_part * units / of).quantize(_TIYN, rounding=ROUND_HALF_UP)


#: Monthly parts in which what a window gives can come: as many as it has months.
_PARTS_OF_WINDOW: Final[Mapping[str, int]] = {"day": 1, "month": 1, "quarter": 3, "year": 12, "once": 12}
#: The most there are.
MOST_PARTS: Final = max(_PARTS_OF_WINDOW.values())


def most_parts(window: str, quantity: int) -> int:
    """In how many parts, one a month, goods that are used up can come: no more than the quota window has months, and
    never more than units.

    Args:
        window: period of the quota (``catalogue.Period``).
        quantity: units ordered.
    """
    return max(min(_PARTS_OF_WINDOW.get(window, 1), quantity), 1)


def parts_again(quantity: int, *, before: int, parts: int) -> int:
    """In how many monthly parts another quantity is proposed: as many as then, but none that would be the smaller for
    it, so that what was one part then comes at once.

    Args:
        quantity: units ordered now.
        before: units ordered then.
        parts: monthly parts then, from 1.
    """
    one = -(-before // parts)
    return max(min(parts, -(-quantity // one)), 1)


def _planned(quantity: int, parts: int) -> list[int]:
    """Units that have come after each monthly part: equal parts, the first larger by one where they do not come out
    even.
    """
    each, more = divmod(quantity, parts)
    return [n * each + min(n, more) for n in range(1, parts + 1)]


def parts_in(quantity: int, *, parts: int, received: int) -> int:
    """Whole monthly parts in what was received.

    Args:
        quantity: of the whole order.
        parts: monthly parts, from 1.
        received: units received so far.
    """
    return sum(received >= upto for upto in _planned(quantity, parts))


def parts_between(quantity: int, *, parts: int, before: int, after: int) -> int:
    """Whole monthly parts that have come between two counts of units: by so many months the rest moves.

    Args:
        quantity: of the whole order.
        parts: monthly parts, from 1.
        before: units received before.
        after: units received then.
    """
    return parts_in(quantity, parts=parts, received=after) - parts_in(quantity, parts=parts, received=before)


def next_part(quantity: int, *, parts: int, received: int) -> int:
    """Units that the next monthly part brings: what is missing of the part that is due.

    Args:
        quantity: of the whole order.
        parts: monthly parts, from 1.
        received: units received so far.
    """
    return next((upto - received for upto in _planned(quantity, parts) if upto > received), 0)


def last_promise(placed_on: date, *, delivery_days: int, most_days: int, accepted_on: date) -> date:
    """The last day a supplier may promise: the term of the offer from acceptance, within the most that is allowed.

    Args:
        placed_on: day of the order.
        delivery_days: term of the offer, days from acceptance.
        most_days: reference ``order.delivery``, calendar days.
        accepted_on: day of acceptance.
    """
    return max(placed_on, accepted_on) + timedelta(days=min(delivery_days, most_days))


def door_code(secret: str, order_id: UUID, *, n: int = 1) -> str:
    """The six digits that the recipient tells at the door; known to the recipient only, and others each time that goods
    are brought (``n``, from 1).
    """
    told = f"door:{order_id}" if n == 1 else f"door:{order_id}:{n}"
    number = int.from_bytes(hmac.new(secret.encode(), told.encode(), sha256).digest()[:8], "big")
    return f"{number % 1_000_000:06d}"


def same_code(told: str, code: str) -> bool:
    """Whether the told digits are the code, whatever stands between them."""
    return hmac.compare_digest(read_code(told).encode(), code.encode())
