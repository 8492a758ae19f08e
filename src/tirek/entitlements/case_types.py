"""The case types of entitlements: a programme, a term to order, a correction, a request for one."""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType, Overview, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme
from tirek.entitlements.words import CORRECTION_WORDS, PROGRAMME_WORDS, REQUEST_WORDS, TERM_WORDS
from tirek.entitlements.workflow import CORRECTION, PROGRAMME, REQUEST, TERM


def _signed_only(actor: Actor) -> Q:
    """The person sees a correction when two officers have signed it."""
    return Q(state=Correction.State.SIGNED) if actor.desk is Desk.RECIPIENT else Q()


PROGRAMMES: Final = register(
    CaseType(
        code="programme",
        model=Programme,
        process=PROGRAMME,
        scope=Scope(rows=lambda: Programme.objects.select_related("person"), person="person_id"),
        words=PROGRAMME_WORDS,
        pages={Desk.RECIPIENT: route("entitlements:recipient-programme", "")},
        follows_residence=True,
    )
)
TERMS: Final = register(
    CaseType(
        code="orderingterm",
        model=OrderingTerm,
        process=TERM,
        scope=Scope(
            rows=lambda: OrderingTerm.objects.select_related(
                "line__kind", "line__programme", "line__person__territory", "person__territory"
            ),
            person="person_id",
        ),
        words=TERM_WORDS,
        pages={
            Desk.RECIPIENT: route("entitlements:recipient-line", "line_id"),
            Desk.OFFICER: route("entitlements:officer-term"),
        },
        follows_residence=True,
    )
)
CORRECTIONS: Final = register(
    CaseType(
        code="correction",
        model=Correction,
        process=CORRECTION,
        scope=Scope(
            rows=lambda: Correction.objects.select_related("kind", "line", "programme", "person__territory", "request"),
            person="person_id",
            only=_signed_only,
        ),
        words=CORRECTION_WORDS,
        pages={
            Desk.RECIPIENT: route("entitlements:recipient-line", "line_id"),
            Desk.OFFICER: route("entitlements:officer-correction"),
        },
        follows_residence=True,
    )
)
REQUESTS: Final = register(
    CaseType(
        code="correctionrequest",
        model=CorrectionRequest,
        process=REQUEST,
        scope=Scope(
            rows=lambda: CorrectionRequest.objects.select_related("kind", "line", "person__territory"),
            person="person_id",
        ),
        words=REQUEST_WORDS,
        pages={
            Desk.RECIPIENT: route("entitlements:recipient-request"),
            Desk.OFFICER: route("entitlements:officer-request"),
        },
        follows_residence=True,
        overview=Overview(
            title=gettext_lazy("Requests for a correction"),
            open=gettext_lazy("Waiting"),
            reached=CorrectionRequest.ENDED,
            ended=gettext_lazy("Answered in 12 months"),
            took=gettext_lazy("Days to the answer"),
        ),
    )
)
announce(REQUESTS, title=lambda request: _("Request %(number)s") % {"number": request.number})
