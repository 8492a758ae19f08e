"""Figures are read from their index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Some ten thousand rows, which only the worker writes."""

    dependencies = [("core", "0016_amendment_of_terms")]
    operations = [
        migrations.RemoveConstraint(model_name='figure', name='core_figure_once'),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(fields=('case_type', 'what', 'territory_code', 'state', 'day', 'days'), include=('count',), name='core_figure_once', nulls_distinct=False),
        ),
    ]
