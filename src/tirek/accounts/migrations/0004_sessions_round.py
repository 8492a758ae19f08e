"""A counter in each account that ends all its sessions at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_forget_sign_ins")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_round",
            field=models.IntegerField(db_default=0, default=0, help_text="One more ends every session there is."),
        ),
    ]
