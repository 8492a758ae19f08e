"""The receipt of orders that were sent together is read from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("orders", "0017_sent_together")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("sent_together__isnull", False)),
                fields=["sent_together"],
                name="orders_order_together",
            ),
        ),
    ]
