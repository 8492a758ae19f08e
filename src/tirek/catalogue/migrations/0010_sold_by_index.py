"""What is sold of an offer is read from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [("catalogue", "0009_kind_terms")]
    operations = [
        AddIndexConcurrently(
            model_name='variant',
            index=models.Index(condition=models.Q(('active', True), ('current__isnull', False)), fields=['offer'], include=('current', 'stock', 'created_at'), name='catalogue_variant_sold'),
        ),
    ]
