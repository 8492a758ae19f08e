"""By what a case stands, beside its state; drop indexes that others hold already."""

import django.db.models.deletion
from django.db import migrations, models

#: As ``tirek.core.case.deadlines.standing_of`` tells it: the soonest that is open before the soonest that has passed.
FILL = """
UPDATE {table} AS one
SET due_at = told.due_at,
    soon_at = CASE WHEN told.paused_at IS NULL THEN told.due_at - (told.due_at - told.opened_at) * 0.25 END
FROM (
    SELECT DISTINCT ON (owed.case_id) owed.case_id, owed.due_at, owed.opened_at, owed.paused_at
    FROM core_deadline AS owed
    JOIN {table} AS held ON held.id = owed.case_id
    WHERE owed.case_type = '{code}' AND owed.transition <> owed.otherwise AND held.state NOT IN ({ended})
      AND (owed.closed_at IS NULL OR (owed.outcome = 'passed' AND owed.closed_at > held.state_since))
    ORDER BY owed.case_id, owed.closed_at NULLS FIRST, owed.due_at
) AS told
WHERE told.case_id = one.id
"""
#: table, code, states that have ended
CASES = (
    ("entitlements_orderingterm", "orderingterm", "'closed'"),
    ("entitlements_correctionrequest", "correctionrequest", "'corrected', 'explained'"),
    ("entitlements_correction", "correction", "'signed', 'rejected'"),
    ("entitlements_programme", "programme", "'expired', 'replaced', 'cancelled'"),
)


class Migration(migrations.Migration):
    """By what a case stands, beside its state; drop indexes that others hold already."""

    dependencies = [
        ('entitlements', '0005_reserved'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='due_at',
            field=models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True),
        ),
        migrations.AddField(
            model_name='correction',
            name='soon_at',
            field=models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True),
        ),
        migrations.AddField(
            model_name='correctionrequest',
            name='due_at',
            field=models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True),
        ),
        migrations.AddField(
            model_name='correctionrequest',
            name='soon_at',
            field=models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True),
        ),
        migrations.AddField(
            model_name='orderingterm',
            name='due_at',
            field=models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True),
        ),
        migrations.AddField(
            model_name='orderingterm',
            name='soon_at',
            field=models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='due_at',
            field=models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='soon_at',
            field=models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='ledgerentry',
                    name='line',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='entitlements.line'),
                ),
                migrations.AlterField(
                    model_name='line',
                    name='programme',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='entitlements.programme'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_ledgerentry_line_id_3fc9ef06", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_line_programme_id_f8ae8ac4", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_programme_number_7576f7b6_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_line_kind_id_2a596768_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_correctionrequest_number_4da6a716_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_correctionrequest_kind_id_3f1bf1b6_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_correction_number_7a80bfbf_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_correction_kind_id_3ac498ea_like", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS entitlements_orderingterm_number_9068f540_like", migrations.RunSQL.noop),
        *(
            migrations.RunSQL(FILL.format(table=table, code=code, ended=ended), migrations.RunSQL.noop)
            for table, code, ended in CASES
        ),
    ]
