"""Figures are read from their index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index with the counts beside the key, built while others write."""

    atomic = False
    dependencies = [("core", "0016_amendment_of_terms")]
    operations = [
        AddIndexConcurrently(
            model_name='figure',
            index=models.Index(fields=['case_type', 'what', 'territory_code', 'state', 'day', 'days'], include=('count',), name='core_figure_read'),
        ),
    ]
