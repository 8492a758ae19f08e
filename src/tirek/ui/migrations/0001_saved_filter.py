from django.db import migrations, models

import tirek.core.clock
import tirek.core.keys


class Migration(migrations.Migration):
    """Saved filters of lists belong to every list. The table is that of orders, which hands it over in its own
    migration: nothing is asked of the database here.
    """

    initial = True
    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                        ("user_id", models.UUIDField(help_text="Account.")),
                        ("desk", models.CharField(max_length=20)),
                        (
                            "list",
                            models.CharField(
                                db_default="order", default="order", help_text="Code of the list.", max_length=40
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        (
                            "query",
                            models.CharField(help_text="The filter as it stands in the address.", max_length=300),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user_id", "desk", "list", "name"), name="ui_saved_filter_name"
                            )
                        ]
                    },
                ),
            ],
        ),
    ]
