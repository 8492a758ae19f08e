from django.db import migrations

#: What was printed and not posted when prints were not told apart: one for each day and place.
_BEFORE = """
UPDATE letters_envelope SET printed_in = prints.key, printed_at = now()
FROM (
    SELECT day, territory_code, gen_random_uuid() AS key FROM letters_envelope
    WHERE state = 'printed' GROUP BY day, territory_code
) AS prints
WHERE letters_envelope.state = 'printed' AND letters_envelope.printed_in IS NULL
    AND letters_envelope.day = prints.day AND letters_envelope.territory_code = prints.territory_code
"""


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0002_printed_in'),
    ]

    operations = [migrations.RunSQL(_BEFORE, migrations.RunSQL.noop)]
