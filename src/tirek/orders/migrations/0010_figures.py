"""Since when the person waits for what is ordered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Since when the person has waited."""

    dependencies = [
        ('orders', '0009_indexes_of_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='waits_since',
            field=models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True),
        ),
    ]
