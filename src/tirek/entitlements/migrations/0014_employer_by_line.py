"""Who pays is said by each line: what a programme said of all its lines stands at them."""

from django.db import migrations, models

FILL = """
UPDATE entitlements_line AS line SET channel = 'employer'
FROM entitlements_programme AS programme
WHERE programme.id = line.programme_id AND programme.employer_pays
"""


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0013_valid_earlier'),
    ]

    operations = [
        migrations.AlterField(
            model_name='correctionrequest',
            name='wrong',
            field=models.CharField(
                choices=[
                    ('missing', 'something that I need is missing'),
                    ('quantity', 'the quantity is wrong'),
                    ('term', 'the term or the date is wrong'),
                    ('parameters', 'the size or something else that it asks for is wrong'),
                    ('earlier', 'what I received is broken or no longer fits: I need the next one earlier'),
                    ('employer', 'the employer that has to pay is bankrupt, liquidated or closed'),
                    ('received', 'it says that I received something that I did not receive'),
                    ('other', 'something else is wrong'),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name='programme',
            name='employer_pays',
            field=models.BooleanField(
                default=False,
                help_text="Injury by the employer's fault (art. 162(4)): as it was registered; each line says who pays now.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
