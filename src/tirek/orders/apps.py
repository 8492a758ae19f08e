from typing import cast

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders, from the submission to the signed receipt."""

    name = "tirek.orders"
    label = "orders"

    def ready(self) -> None:
        """Make the case type, its process, its notices and its effects known."""
        from tirek.core import cases, draftforms
        from tirek.core.actors import Desk
        from tirek.core.tables import CaseRow
        from tirek.orders import actions, messages, queries, subscriptions  # noqa: F401 - as above; they register themselves
        from tirek.orders.models import Order
        from tirek.orders.requests import FORM

        def title(case: CaseRow) -> str:
            return case.number

        def url(case: CaseRow, desk: Desk) -> str:
            return reverse(f"orders:{desk.value}-order", args=[cast("Order", case).number])

        cases.register(cases.CaseType(code="order", model=Order, find=queries.order_by_key, title=title, url=url))
        draftforms.register(
            draftforms.FormType(
                code=FORM,
                title=_("Order form"),
                url=lambda key: reverse("orders:form", args=[key]),
                discard_url=lambda key: reverse("orders:discard", args=[key]),
                desks=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
            )
        )
        messages.register_all()
        self._menu()

    def _menu(self) -> None:
        from tirek.core.actors import Desk
        from tirek.ui import navigation

        navigation.register(Desk.RECIPIENT, _("Home"), "orders:recipient-home", 10)
        navigation.register(Desk.RECIPIENT, _("Programme"), "entitlements:recipient-programme", 20)
        navigation.register(Desk.RECIPIENT, _("Orders"), "orders:recipient-orders", 30)
        navigation.register(Desk.RECIPIENT, _("Unfinished forms"), "orders:recipient-drafts", 40)
        navigation.register(Desk.SUPPLIER, _("Home"), "orders:supplier-home", 10)
        navigation.register(Desk.SUPPLIER, _("Orders"), "orders:supplier-orders", 20)
        navigation.register(Desk.SUPPLIER, _("Offers"), "orders:supplier-offers", 30)
        navigation.register(Desk.OFFICER, _("Home"), "orders:officer-home", 10)
        navigation.register(Desk.OFFICER, _("Find a person"), "orders:officer-find", 20)
        navigation.register(Desk.OFFICER, _("Orders"), "orders:officer-orders", 30)
        navigation.register(Desk.OFFICER, _("Forms"), "orders:officer-drafts", 40)
