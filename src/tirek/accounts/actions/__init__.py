"""What can be done to accounts: opening and closing, phones, one-time secrets, passwords, second factors."""

from tirek.accounts.actions.account import (
    change_phone,
    close_account,
    open_account,
    parse_phone,
    set_display,
    set_language,
    suggest_display,
)

__all__ = [
    "change_phone",
    "close_account",
    "open_account",
    "parse_phone",
    "set_display",
    "set_language",
    "suggest_display",
]
