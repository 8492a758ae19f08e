"""An account is found by the phone on file."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("accounts", "0005_read_by_index")]
    operations = [
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(fields=["phone"], name="accounts_user_phone"),
        ),
    ]
