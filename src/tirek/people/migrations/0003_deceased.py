"""The dead are found without reading everybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index, built beside the running work."""

    atomic = False
    dependencies = [("people", "0002_append_only")]
    operations = [
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(condition=models.Q(("deceased_on__isnull", False)), fields=["deceased_on"], name="people_person_deceased"),
        ),
    ]
