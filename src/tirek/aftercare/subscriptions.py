"""What follows from orders: goods that were refused because they made somebody ill are reported as harm."""

from tirek.aftercare.actions import report_refused
from tirek.core.case.effects import subscribe
from tirek.core.case.journal import Event
from tirek.core.keys import read_key
from tirek.orders.models import Order


@subscribe("order.refuse", name="aftercare.report_refused")
def report_harm_of_refusal(event: Event) -> None:
    """The batches are on hold since the refusal; the region gets a case of each."""
    if event.data.get("reason") != Order.RefusalReason.REACTION:
        return
    key = read_key(str(event.data.get("delivery", "")))
    if key is not None:
        report_refused(key)
