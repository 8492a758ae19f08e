"""Pure rules of orders: who pays what, which promise holds, what code opens the door."""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from tirek.core.signing.codes import read_code


@dataclass(frozen=True, slots=True)
class PriceSplit:
    """Who pays what, tenge."""

    total: Decimal
    budget: Decimal
    person: Decimal


def split_price(*, price: Decimal, quantity: int, guaranteed: Decimal) -> PriceSplit:
    """The budget pays up to the guaranteed amount of the whole quantity, the person the rest. (Social Code art. 168(3))

    Args:
        price: tenge per unit.
        quantity: units.
        guaranteed: guaranteed amount per unit, tenge.
    """
    total = price * quantity
    limit = guaranteed * quantity
    return PriceSplit(total=total, budget=min(total, limit), person=max(total - limit, Decimal(0)))


def last_promise(placed_on: date, *, delivery_days: int, most_days: int, accepted_on: date) -> date:
    """The last day a supplier may promise: the term of the offer from acceptance, within the most that is allowed.

    Args:
        placed_on: day of the order.
        delivery_days: term of the offer, days from acceptance.
        most_days: reference ``order.delivery``, calendar days.
        accepted_on: day of acceptance.
    """
    return max(placed_on, accepted_on) + timedelta(days=min(delivery_days, most_days))


def door_code(secret: str, order_id: UUID) -> str:
    """The six digits that the recipient tells at the door; known to the recipient only."""
    number = int.from_bytes(hmac.new(secret.encode(), f"door:{order_id}".encode(), sha256).digest()[:8], "big")
    return f"{number % 1_000_000:06d}"


def same_code(told: str, code: str) -> bool:
    """Whether the told digits are the code, whatever stands between them."""
    return hmac.compare_digest(read_code(told).encode(), code.encode())
