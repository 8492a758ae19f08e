"""Tasks of an office are put in order from the index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes, built beside the running work."""

    atomic = False
    dependencies = [("entitlements", "0006_read_by_index")]
    operations = [
        RemoveIndexConcurrently(model_name="orderingterm", name="entitlements_term_calls"),
        AddIndexConcurrently(
            model_name="orderingterm",
            index=models.Index(
                condition=models.Q(("call_waits", True)),
                fields=["territory_code", "state_since"],
                include=("id",),
                name="entitlements_term_calls",
            ),
        ),
        RemoveIndexConcurrently(model_name="correctionrequest", name="entitlements_request_open"),
        AddIndexConcurrently(
            model_name="correctionrequest",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "correcting"])),
                fields=["territory_code", "state_since"],
                include=("id", "escalated_at"),
                name="entitlements_request_open",
            ),
        ),
        RemoveIndexConcurrently(model_name="correction", name="entitlements_correction_open"),
        AddIndexConcurrently(
            model_name="correction",
            index=models.Index(
                condition=models.Q(("state", "proposed")),
                fields=["territory_code", "state_since"],
                include=("id", "proposed_by"),
                name="entitlements_correction_open",
            ),
        ),
    ]
