from django.apps import AppConfig
from django.urls import reverse


class EntitlementsConfig(AppConfig):
    """Programmes and the ledger of what people are entitled to."""

    name = "tirek.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        """Make the case type and its process known."""
        from tirek.core import cases
        from tirek.core.actors import Desk
        from tirek.core.tables import CaseRow
        from tirek.entitlements import actions, queries  # noqa: F401 - as above; the actions bind themselves
        from tirek.entitlements.models import Programme

        def title(case: CaseRow) -> str:
            return case.number

        def url(_case: CaseRow, desk: Desk) -> str:
            return reverse("entitlements:recipient-programme") if desk is Desk.RECIPIENT else reverse("entrance:home")

        cases.register(cases.CaseType(code="programme", model=Programme, find=queries.programme_by_key, title=title, url=url))
