"""An offer may need a fitting although its kind does not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a value of the database: no row is written."""

    dependencies = [("catalogue", "0017_kind_provision")]
    operations = [
        migrations.AddField(
            model_name="offer",
            name="needs_fitting",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Measured at a fitting and made to order, also where the kind as such does not need it.",
            ),
        ),
    ]
