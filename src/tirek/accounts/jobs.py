"""Work of accounts without a person waiting for it: codes leave."""

from tirek.accounts.actions import secrets
from tirek.core.service import rounds


@rounds.every_second("accounts.hand_over")
def hand_over() -> int:
    """Hands codes and links to their channels."""
    return secrets.hand_over()
