"""Where the person was told to pay to; and orders whose payment is to be returned are among the open ones."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def aside(name: str) -> list[migrations.RunSQL | migrations.SeparateDatabaseAndState]:
    """The old index serves under another name until the new one is there: lists stay quick meanwhile."""
    return [
        migrations.RunSQL(
            f"ALTER INDEX IF EXISTS {name} RENAME TO {name}_old", f"ALTER INDEX IF EXISTS {name}_old RENAME TO {name}"
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveIndex('order', name)]),
    ]


def dropped(name: str) -> migrations.RunSQL:
    """The old index goes."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_old", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Built while people work."""

    atomic = False
    dependencies = [('orders', '0010_figures')]
    operations = [
        migrations.AddField(
            model_name='order',
            name='pay_to',
            field=models.UUIDField(help_text="Row of the supplier's bank details that the person was shown.", null=True),
        ),
        *aside('orders_order_for_office'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(models.Q(models.Q(('office_task', ''), _negated=True), ('state', 'refused'), _connector='OR'), ('state__in', ('submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'))), fields=['territory_code', 'state_since'], include=('id',), name='orders_order_for_office'),
        ),
        dropped('orders_order_for_office'),
        *aside('orders_order_place_open'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['territory_code', 'state', 'due_at', 'soon_at'], include=('created_at', 'id'), name='orders_order_place_open'),
        ),
        dropped('orders_order_place_open'),
        *aside('orders_order_org_open'),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'awaiting_top_up', 'in_preparation', 'on_the_way', 'awaiting_confirmation', 'refused', 'money_owed'])), fields=['organisation', 'state', 'due_at', 'soon_at'], include=('created_at', 'id', 'territory_code'), name='orders_order_org_open'),
        ),
        dropped('orders_order_org_open'),
    ]
