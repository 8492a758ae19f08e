from django.db import migrations

from tirek.core.numbers import Series


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        Series("СА", "procurement_purchase_number").migration(),
        Series("ЛТ", "procurement_lot_number").migration(),
    ]
