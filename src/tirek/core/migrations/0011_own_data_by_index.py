"""A person's own forms and signatures, and what the clock tries in vain, are found without reading everybody's."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes, built beside the running work."""

    atomic = False
    dependencies = [("core", "0010_tampering")]
    operations = [
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(fields=["subject_id"], name="core_draft_about"),
        ),
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(fields=["owner_id"], name="core_draft_owned"),
        ),
        AddIndexConcurrently(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("paused_at__isnull", True), ("tries__gt", 0)),
                fields=["due_at"],
                name="core_deadline_stuck",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(fields=["signer_person_id"], name="core_signature_signer"),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("on_behalf_of__isnull", False)), fields=["on_behalf_of"], name="core_signature_behalf"
            ),
        ),
    ]
