"""Other names by which people look for a kind."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_read_by_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='kind',
            name='also',
            field=models.CharField(blank=True, db_default='', default='', help_text='Other names that people look for, by commas.', max_length=300),
        ),
    ]
