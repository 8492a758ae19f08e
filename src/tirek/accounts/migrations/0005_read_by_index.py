"""Drop indexes that others hold already."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop indexes that others hold already."""

    dependencies = [
        ('accounts', '0004_sessions_round'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='accountevent',
                    name='user',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to=settings.AUTH_USER_MODEL),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS accounts_accountevent_user_id_ec4a3aac", migrations.RunSQL.noop),
    ]
