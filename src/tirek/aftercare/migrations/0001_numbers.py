from django.db import migrations

from tirek.core.numbers import Series


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        Series("АҚ", "aftercare_fault_number").migration(),
        Series("ЗН", "aftercare_harm_number").migration(),
    ]
