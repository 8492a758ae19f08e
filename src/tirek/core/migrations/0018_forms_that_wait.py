"""Forms that wait for an office are counted and read in their order from indexes alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("core", "0017_figures_of_lights")]
    operations = [
        AddIndexConcurrently(
            model_name='draft',
            index=models.Index(fields=['territory_code'], include=('form', 'updated_at', 'id'), name='core_draft_waits', condition=Q(state='waiting')),
        ),
        RemoveIndexConcurrently(model_name='draft', name='core_draft_office'),
    ]
