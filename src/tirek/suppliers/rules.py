"""Pure rules of the register of suppliers."""

from datetime import date


def may_take_orders(*, registered_on: date, suspended_since: date | None, removed_on: date | None, on: date) -> bool:
    """Whether a supplier may take new orders on a day. (Social Code art. 167(5), 167(7))"""
    if on < registered_on:
        return False
    return all(end is None or on < end for end in (suspended_since, removed_on))
