"""Drafts remember when an officer took them up, so that what is left lying can be taken back."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty, and an index, built beside the running work."""

    atomic = False
    dependencies = [("core", "0007_failure_times")]
    operations = [
        migrations.AddField(
            model_name="draft",
            name="taken_at",
            field=models.DateTimeField(help_text="When an officer took it up from the office.", null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="draft",
                    name="territory_code",
                    field=models.CharField(blank=True, help_text="Office it waits for, or whose officer took it up.", max_length=9),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("state", "open"), ("taken_at__isnull", False)), fields=["territory_code"], name="core_draft_taken"
            ),
        ),
    ]
