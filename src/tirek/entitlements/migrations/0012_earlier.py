from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entitlements', '0011_valid_corrections'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='correction',
            name='entitlements_correction_amount',
        ),
        migrations.AddField(
            model_name='correction',
            name='earlier',
            field=models.BooleanField(db_default=False, default=False, help_text='The next one can be ordered at once, before the replacement term ends.'),
        ),
        migrations.AlterField(
            model_name='correctionrequest',
            name='wrong',
            field=models.CharField(choices=[('missing', 'something that I need is missing'), ('quantity', 'the quantity is wrong'), ('term', 'the term or the date is wrong'), ('parameters', 'the size or something else that it asks for is wrong'), ('earlier', 'what I received is broken or no longer fits: I need the next one earlier'), ('received', 'it says that I received something that I did not receive'), ('other', 'something else is wrong')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', False), ('amount__gt', 0), _connector='OR'), models.Q(models.Q(('amount', 0), _negated=True), ('recommended__isnull', False), models.Q(('line_channel', ''), _negated=True), ('earlier', True), _connector='OR')), name='entitlements_correction_amount'),
        ),
        AddConstraintNotValid(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('earlier', False), ('line__isnull', False), _connector='OR'), name='entitlements_correction_earlier'),
        ),
    ]
