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


class Migration(migrations.Migration):
    """By what a case stands, beside its state; drop indexes that others hold already."""

    dependencies = [
        ('catalogue', '0005_read_by_index'),
        ('entitlements', '0006_read_by_index'),
        ('orders', '0007_money_and_majority'),
        ('organisations', '0002_append_only'),
        ('people', '0004_read_by_index'),
        ('suppliers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='due_at',
            field=models.DateTimeField(editable=False, help_text='End of the term by which the case stands; empty when nothing is owed.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='soon_at',
            field=models.DateTimeField(editable=False, help_text='From when that term is soon over; empty while it is paused.', null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='delivery',
                    name='order',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='orders.order'),
                ),
                migrations.AlterField(
                    model_name='order',
                    name='organisation',
                    field=models.ForeignKey(db_index=False, help_text="The supplier's organisation.", on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
                ),
                migrations.AlterField(
                    model_name='order',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='people.person'),
                ),
            ]
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS orders_delivery_order_id_08b5bcf9", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS orders_order_organisation_id_46ef4fe7", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS orders_order_person_id_d83c6a37", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS orders_order_number_abc9e0f2_like", migrations.RunSQL.noop),
        migrations.RunSQL(
            FILL.format(table="orders_order", code="order", ended="'declined', 'received', 'cancelled'"),
            migrations.RunSQL.noop,
        ),
    ]
