"""Counts what became of drafts that were sent (keys on the standard input, a line each), and whether orders, ledger and
journal agree.

Prints one object: ``orders`` drafts that became an order that is there, ``lost`` drafts that did not, ``doubled``
orders beyond one per draft, ``unmatched`` orders without exactly one reservation or reservations without an order,
``overdrawn`` windows below zero, ``broken`` places where the journal does not hold. Each is counted by itself: nothing
offsets anything else.
"""

import json
import sys
from collections import Counter

import django

django.setup()

from django.db.models import Sum  # noqa: E402 - after setup

from tirek.core.case import proof  # noqa: E402
from tirek.core.case.journal import Event  # noqa: E402
from tirek.core.drafts import Draft  # noqa: E402
from tirek.entitlements.models import LedgerEntry  # noqa: E402
from tirek.orders.models import Order  # noqa: E402

wanted = set(sys.stdin.read().split())
orders = set(Order.objects.values_list("pk", flat=True))
kept = {str(draft.pk) for draft in Draft.objects.filter(pk__in=wanted, state="submitted") if draft.case_id in orders}
per_draft = Counter(str(event.data["draft"]) for event in Event.objects.filter(type="order.submit").iterator())
reserved = Counter(LedgerEntry.objects.filter(kind="reserve").values_list("case_id", flat=True))
told = {
    "orders": len(kept),
    "lost": len(wanted - kept),
    "doubled": sum(count - 1 for count in per_draft.values()),
    "unmatched": sum(abs(reserved[case] - (case in orders)) for case in orders | set(reserved)),
    "overdrawn": LedgerEntry.objects.values("line", "window_start")
    .annotate(rest=Sum("amount"))
    .filter(rest__lt=0)
    .count(),
    # programmes of the people were written in bulk, by no action: they have no history that could break
    "broken": sum(1 for one in proof.verify() if (one.case_type, one.n) != ("programme", 0)),
}
json.dump(told, sys.stdout)
