"""People are read in the order of their names from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work; the index that it begins with goes."""

    atomic = False
    dependencies = [("people", "0005_names_by_index")]
    operations = [
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(fields=["sort_key", "id"], name="people_person_sorted"),
        ),
        migrations.AlterField(
            model_name='person',
            name='sort_key',
            field=models.CharField(editable=False, help_text='Surname, given name, patronymic in Kazakh order.', max_length=400),
        ),
    ]
