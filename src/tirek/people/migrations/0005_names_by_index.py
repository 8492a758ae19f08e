"""People of a region are found by name, in the letters that are typed."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Collate, Left

import tirek.people.spelling


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("people", "0004_read_by_index")]
    operations = [
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(
                Left("territory_id", 2),
                Collate(tirek.people.spelling.Folded("surname"), "C"),
                Collate(tirek.people.spelling.Folded("given_name"), "C"),
                name="people_person_name",
            ),
        ),
    ]
