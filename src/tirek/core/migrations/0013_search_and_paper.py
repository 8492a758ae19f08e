"""Looks by a search, and the day that a sheet signed on paper names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An empty column, and words of a choice."""

    dependencies = [("core", "0012_figures")]
    operations = [
        migrations.AlterField(
            model_name="view",
            name="basis",
            field=models.CharField(
                choices=[
                    ("task", "open task in the territory"),
                    ("reason", "reason given"),
                    ("present", "person present at the counter"),
                    ("search", "found in a search, file not opened"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="paper_day",
            field=models.DateField(
                help_text="Day beside the signature on the sheet; empty for another way to sign.", null=True
            ),
        ),
    ]
