"""Bank details of suppliers: each written once, the newest holds."""

import django.db.models.deletion
import tirek.core.clock
import tirek.core.keys
from django.db import migrations, models

GUARD = """
CREATE TRIGGER suppliers_bankaccount_append_only BEFORE UPDATE OR DELETE ON suppliers_bankaccount FOR EACH ROW EXECUTE FUNCTION tirek_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tirek_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON suppliers_bankaccount FROM tirek_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    """A table of their own."""

    dependencies = [('suppliers', '0001_initial'), ('core', '0002_append_only')]
    operations = [
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.UUIDField(default=tirek.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=tirek.core.clock.now, editable=False)),
                ('iban', models.CharField(help_text='Account (ИИК), 20 signs.', max_length=20)),
                ('bank', models.CharField(help_text='Name of the bank.', max_length=200)),
                ('bic', models.CharField(help_text='Code of the bank (БИК), 8 or 11 signs.', max_length=11)),
                ('kbe', models.CharField(help_text='Code of beneficiary (КБе): residence and sector.', max_length=2)),
                ('actor_id', models.UUIDField(null=True)),
                ('desk', models.CharField(max_length=20)),
                ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='suppliers.supplier')),
            ],
            options={
                'indexes': [models.Index(fields=['supplier', '-id'], name='suppliers_account_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('iban__regex', '^KZ[0-9]{5}[0-9A-Z]{13}$')), name='suppliers_account_iban'), models.CheckConstraint(condition=models.Q(('kbe__regex', '^[12][0-9]$')), name='suppliers_account_kbe')],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER suppliers_bankaccount_append_only ON suppliers_bankaccount"),
    ]
