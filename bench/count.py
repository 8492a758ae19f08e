"""Counts what was lost and doubled: drafts with a receipt and no order; orders beyond one per draft; broken journal and ledger."""

import sys
from collections import Counter

import django

django.setup()

from django.db.models import Sum  # noqa: E402 - after setup

from tirek.core import journal  # noqa: E402
from tirek.core.drafts import Draft  # noqa: E402
from tirek.core.journal import Event  # noqa: E402
from tirek.entitlements.models import LedgerEntry  # noqa: E402
from tirek.orders.models import Order  # noqa: E402

wanted = set(sys.argv[1:])
orders = set(Order.objects.values_list("pk", flat=True))
kept = {str(draft.pk) for draft in Draft.objects.filter(pk__in=wanted, state="submitted") if draft.case_id in orders}
per_draft = Counter(str(event.data["draft"]) for event in Event.objects.filter(type="order.submit").iterator())
doubled = sum(count - 1 for count in per_draft.values() if count > 1)
doubled += LedgerEntry.objects.filter(kind="reserve").count() - Order.objects.count()
doubled += LedgerEntry.objects.values("line", "window_start").annotate(rest=Sum("amount")).filter(rest__lt=0).count()
lost = len(wanted - kept) + len(list(journal.verify()))
print(lost, doubled)
