from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0010_what_lines_ask_for'),
    ]

    operations = [
        ValidateConstraint(model_name='correction', name='entitlements_correction_amount'),
        ValidateConstraint(model_name='correction', name='entitlements_correction_asked'),
    ]
