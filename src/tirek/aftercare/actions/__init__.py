"""Verbs of faults, of harm and of what is told of a batch."""

from tirek.aftercare.actions.answering import accept_price, decline_fault, go_to_region, name_price, promise
from tirek.aftercare.actions.faults import (
    FAULTS,
    confirm_repair,
    decide_fault,
    hand_back,
    lapse_fault,
    not_mended,
    remind_of_answer,
    remind_region,
    report_fault,
    take_in,
    warn_late,
    withdraw_fault,
)
from tirek.aftercare.actions.harm import (
    HARMS,
    bring_back,
    clear_batch,
    close_recall,
    narrow_hold,
    recall_batch,
    remind_of_check,
    report_harm,
    report_refused,
)
from tirek.aftercare.actions.telling import tell_holders

__all__ = [
    "FAULTS",
    "HARMS",
    "accept_price",
    "bring_back",
    "clear_batch",
    "close_recall",
    "confirm_repair",
    "decide_fault",
    "decline_fault",
    "go_to_region",
    "hand_back",
    "lapse_fault",
    "name_price",
    "narrow_hold",
    "not_mended",
    "promise",
    "recall_batch",
    "remind_of_answer",
    "remind_of_check",
    "remind_region",
    "report_fault",
    "report_harm",
    "report_refused",
    "take_in",
    "tell_holders",
    "warn_late",
    "withdraw_fault",
]
