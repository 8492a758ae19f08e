from django.db import migrations

from tirek.core.numbers import Series


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [Series("ӨӨ", "reimbursements_claim_number").migration()]
