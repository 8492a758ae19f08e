"""Verbs of parts: a supplier's list of them, and orders."""

from tirek.parts.actions.keeping import add_fits, drop_fit, keep_part, take_list
from tirek.parts.actions.ordering import (
    NUMBERS,
    accept_part,
    ask_for_part,
    cancel_part,
    confirm_part,
    decline_part,
    lapse_part,
    last_promise,
    not_right,
    remind_of_receipt,
    send_part,
    warn_late,
)

__all__ = [
    "NUMBERS",
    "accept_part",
    "add_fits",
    "ask_for_part",
    "cancel_part",
    "confirm_part",
    "decline_part",
    "drop_fit",
    "keep_part",
    "lapse_part",
    "last_promise",
    "not_right",
    "remind_of_receipt",
    "send_part",
    "take_list",
    "warn_late",
]
