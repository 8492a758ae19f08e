"""What follows from orders: a receipt that the person has confirmed becomes a claim of the supplier."""

from tirek.core.case.effects import subscribe
from tirek.core.case.journal import Event
from tirek.core.keys import read_key
from tirek.reimbursements.actions import open_for


@subscribe("order.confirm", name="reimbursements.open_claim")
def open_claim(event: Event) -> None:
    """Make the claim of what was received; once for each hand-over."""
    key = read_key(str(event.data.get("delivery", "")))
    if key is not None:
        open_for(key)
