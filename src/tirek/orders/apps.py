from typing import cast

from django.apps import AppConfig
from django.urls import reverse


class OrdersConfig(AppConfig):
    """Orders, from the submission to the signed receipt."""

    name = "tirek.orders"
    label = "orders"

    def ready(self) -> None:
        """Make the case type, its process, its notices and its effects known."""
        from tirek.core import cases
        from tirek.core.actors import Desk
        from tirek.core.tables import CaseRow
        from tirek.orders import actions, messages, queries, subscriptions  # noqa: F401 - as above; they register themselves
        from tirek.orders.models import Order

        def title(case: CaseRow) -> str:
            return case.number

        def url(case: CaseRow, desk: Desk) -> str:
            return reverse(f"orders:{desk.value}-order", args=[cast("Order", case).number])

        cases.register(cases.CaseType(code="order", model=Order, find=queries.order_by_key, title=title, url=url))
        messages.register_all()
