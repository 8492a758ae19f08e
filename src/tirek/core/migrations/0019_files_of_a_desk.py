"""Files that others than administrators bring: whose they are, what they are about, what the check has found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import tirek.core.crypto


class Migration(migrations.Migration):
    """The index is built while people work."""

    atomic = False
    dependencies = [("core", "0018_forms_that_wait")]
    operations = [
        migrations.AddField(
            model_name='run',
            name='about',
            field=models.CharField(blank=True, db_default='', default='', help_text='What it is about; empty: its kind says it.', max_length=40),
        ),
        migrations.AddField(
            model_name='run',
            name='desk',
            field=models.CharField(choices=[('public', 'Public'), ('recipient', 'Recipient'), ('supplier', 'Supplier'), ('officer', 'Officer'), ('operator', 'Operator'), ('inspector', 'Inspector'), ('analyst', 'Analyst'), ('admin', 'Administrator'), ('clock', 'System')], db_default='admin', default='admin', help_text='Whose file it is.', max_length=12),
        ),
        migrations.AddField(
            model_name='run',
            name='found',
            field=tirek.core.crypto.EncryptedTextField(editable=True, help_text='What the check has found, until the import has ended.', null=True),
        ),
        AddIndexConcurrently(
            model_name='run',
            index=models.Index(fields=['organisation_id', 'table', '-created_at'], name='core_run_organisation'),
        ),
    ]
