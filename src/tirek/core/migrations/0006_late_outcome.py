"""A deadline may be met late: one more word, nothing of the table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Choices stand in the code alone."""

    dependencies = [("core", "0005_draft_owner")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="deadline",
                    name="outcome",
                    field=models.CharField(
                        blank=True,
                        choices=[("met", "done in time"), ("late", "done late"), ("passed", "passed"), ("dropped", "no longer needed")],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
