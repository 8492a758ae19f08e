from django.db import migrations, models
from django.db.models import F, Q

SIGNS = "entitlements_entry_signs"


class Migration(migrations.Migration):
    """``held`` is called ``reserved`` in the code; the column keeps its name, so nothing is asked of the database."""

    dependencies = [("entitlements", "0004_terms_and_corrections")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="ledgerentry", name=SIGNS),
                migrations.RenameField(model_name="ledgerentry", old_name="held", new_name="reserved"),
                migrations.AlterField(
                    model_name="ledgerentry", name="reserved", field=models.IntegerField(db_column="held")
                ),
                migrations.AddConstraint(
                    model_name="ledgerentry",
                    constraint=models.CheckConstraint(
                        name=SIGNS,
                        condition=(
                            Q(kind="grant", amount__gt=0, reserved=0)
                            | Q(kind="reserve", amount__lt=0, reserved=-F("amount"))
                            | Q(kind="release", amount__gt=0, reserved=-F("amount"))
                            | Q(kind="consume", amount=0, reserved__lt=0)
                            | (Q(kind="correct", reserved=0) & ~Q(amount=0))
                            | Q(kind="expire", amount__lt=0, reserved=0)
                        ),
                    ),
                ),
            ],
        ),
    ]
