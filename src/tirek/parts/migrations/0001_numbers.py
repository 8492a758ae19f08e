from django.db import migrations

from tirek.core.numbers import Series


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [Series("ҚБ", "parts_order_number").migration()]
