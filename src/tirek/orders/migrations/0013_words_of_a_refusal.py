"""A reason of a refusal is said in other words; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_waiting_by_index")]
    operations = [
        migrations.AlterField(
            model_name='order',
            name='refusal_reason',
            field=models.CharField(blank=True, choices=[('wrong_item', 'a wrong item was brought'), ('mismatch', 'it is not as described'), ('does_not_fit', 'it is as described but does not fit'), ('defect', 'it has a defect'), ('incomplete', 'something is missing'), ('expired', 'it is expired or damaged'), ('reaction', 'it caused itching, burning or illness'), ('late', 'it came too late'), ('not_ordered', 'I did not order it')], max_length=20),
        ),
    ]
