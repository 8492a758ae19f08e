"""Verbs of programmes, of the entitlement ledger, of terms to order and of corrections. Nothing else writes to these
tables.
"""

from tirek.entitlements.actions.corrections import propose_correction, reject_correction, sign_correction
from tirek.entitlements.actions.ledger import (
    check_correction,
    consume,
    expire_windows,
    lock_line,
    open_windows,
    release,
    reserve,
)
from tirek.entitlements.actions.programmes import (
    LineGrant,
    cancel_programme,
    expire_programme,
    register_programme,
    replace_programme,
)
from tirek.entitlements.actions.requests import explain_request, record_fix, submit_request
from tirek.entitlements.actions.terms import follow_orders, open_terms_of_opened, record_call, reopen_term, restart_term

__all__ = [
    "LineGrant",
    "cancel_programme",
    "check_correction",
    "consume",
    "expire_programme",
    "expire_windows",
    "explain_request",
    "follow_orders",
    "lock_line",
    "open_terms_of_opened",
    "open_windows",
    "propose_correction",
    "record_call",
    "record_fix",
    "register_programme",
    "reject_correction",
    "release",
    "reopen_term",
    "replace_programme",
    "reserve",
    "restart_term",
    "sign_correction",
    "submit_request",
]
