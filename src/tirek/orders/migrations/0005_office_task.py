"""What an officer is asked to do with an order, instead of only that something is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The new column with a default in the catalogue only, the tasks carried over, the old column gone."""

    dependencies = [("orders", "0004_saved_filter")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="office_task",
            field=models.CharField(
                blank=True,
                choices=[
                    ("confirmation", "contact the person"),
                    ("late", "late: ask the supplier"),
                    ("review", "look whether it goes on"),
                ],
                db_default="",
                default="",
                help_text="What an officer is asked to do.",
                max_length=20,
            ),
        ),
        migrations.RunSQL(
            "UPDATE orders_order SET office_task = 'confirmation' WHERE office_called_for",
            "UPDATE orders_order SET office_called_for = true WHERE office_task = 'confirmation'",
        ),
        migrations.RemoveField(model_name="order", name="office_called_for"),
    ]
