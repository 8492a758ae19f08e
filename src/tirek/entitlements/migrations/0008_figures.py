"""Since when the person has waited."""

from django.db import migrations, models



class Migration(migrations.Migration):
    """Since when the person has waited."""

    dependencies = [
        ('entitlements', '0007_tasks_by_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='waits_since',
            field=models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True),
        ),
        migrations.AddField(
            model_name='correctionrequest',
            name='waits_since',
            field=models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True),
        ),
        migrations.AddField(
            model_name='orderingterm',
            name='waits_since',
            field=models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='waits_since',
            field=models.DateField(editable=False, help_text="Day from which the person's wait is counted, where that is not the beginning of the case.", null=True),
        ),
    ]
