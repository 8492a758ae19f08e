"""Numbers of admissions are looked for as a whole: the second index of them, which Django makes with the table, goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0013_offers_kept_by_suppliers")]
    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_admission_number_3254152d_like", migrations.RunSQL.noop),
    ]
