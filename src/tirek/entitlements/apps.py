from typing import cast

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class EntitlementsConfig(AppConfig):
    """Programmes, terms to order, corrections, and the ledger of what people are entitled to."""

    name = "tirek.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        """Make the case types, their processes and notices known."""
        from tirek.core import cases, draftforms
        from tirek.core.actors import Desk
        from tirek.core.tables import CaseRow
        from tirek.entitlements import actions, answers, messages, queries  # noqa: F401 - as above; the actions bind themselves
        from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme
        from tirek.ui import navigation

        def title(case: CaseRow) -> str:
            return case.number

        def programme(_case: CaseRow, desk: Desk) -> str:
            return reverse("entitlements:recipient-programme") if desk is Desk.RECIPIENT else reverse("entrance:home")

        def term(case: CaseRow, desk: Desk) -> str:
            if desk is Desk.RECIPIENT:
                return reverse("entitlements:recipient-line", args=[cast("OrderingTerm", case).line_id])
            return reverse("entitlements:officer-term", args=[case.number])

        def correction(case: CaseRow, desk: Desk) -> str:
            if desk is Desk.RECIPIENT:
                return reverse("entitlements:recipient-line", args=[cast("Correction", case).line_id])
            return reverse("entitlements:officer-correction", args=[case.number])

        def request(case: CaseRow, desk: Desk) -> str:
            return reverse(f"entitlements:{desk.value}-request", args=[case.number])

        cases.register(cases.CaseType(code="programme", model=Programme, find=queries.programme_by_key, title=title, url=programme))
        cases.register(cases.CaseType(code="orderingterm", model=OrderingTerm, find=queries.term_by_key, title=title, url=term))
        cases.register(cases.CaseType(code="correction", model=Correction, find=queries.correction_by_key, title=title, url=correction))
        cases.register(
            cases.CaseType(code="correctionrequest", model=CorrectionRequest, find=queries.request_by_key, title=title, url=request)
        )
        draftforms.register(
            draftforms.FormType(
                code=answers.REQUEST_FORM,
                title=_("Request for a correction"),
                url=lambda key: reverse("entitlements:request-form", args=[key]),
                discard_url=lambda key: reverse("entitlements:request-discard", args=[key]),
                desks=frozenset({Desk.RECIPIENT}),
            )
        )
        draftforms.register(
            draftforms.FormType(
                code=answers.CORRECTION_FORM,
                title=_("Correction of a balance"),
                url=lambda key: reverse("entitlements:correction-form", args=[key]),
                discard_url=lambda key: reverse("entitlements:correction-discard", args=[key]),
                desks=frozenset({Desk.OFFICER}),
            )
        )
        messages.register_all()
        navigation.register(Desk.OFFICER, _("Programme tasks"), "entitlements:officer-tasks", 35)
