"""Orders that were sent by one press know each other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column without a value: no row is written."""

    dependencies = [("orders", "0016_parts_and_disputes")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="sent_together",
            field=models.UUIDField(
                help_text="The same for all orders that were sent by one press; empty: sent alone.", null=True
            ),
        ),
    ]
