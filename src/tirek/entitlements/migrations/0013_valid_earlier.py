from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0012_earlier'),
    ]

    operations = [
        ValidateConstraint(model_name='correction', name='entitlements_correction_amount'),
        ValidateConstraint(model_name='correction', name='entitlements_correction_earlier'),
    ]
