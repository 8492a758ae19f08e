"""The case types of purchases and of lots."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType, Overview, register, route
from tirek.core.case.scope import Scope
from tirek.core.places import covered, region_of
from tirek.correspondence.talks import announce
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.words import LOT_WORDS, PURCHASE_WORDS
from tirek.procurement.workflow import LOT, PURCHASE


@dataclass(frozen=True, slots=True)
class _OfRegion(Scope[Lot]):
    """Lots belong to a region: officers of its districts read along."""

    @property
    def is_plain(self) -> bool:
        """Figures by district know nothing of lots."""
        return False

    def visible_to(self, actor: Actor, *, in_days: bool = False) -> QuerySet[Lot]:
        """The lots of the region in which an officer works."""
        del in_days
        place = region_of(actor.territory) if actor.desk is Desk.OFFICER else ""
        return self.rows().filter(covered(place, "territory_code"))

    def one_visible_to(self, actor: Actor, *, number: str = "", pk: UUID | None = None) -> Lot | None:
        """The lot of this number, or with this key, if it is the actor's to see."""
        named: dict[str, str | UUID] = {"pk": pk} if pk is not None else {"number": number}
        return self.visible_to(actor).filter(**named).first()


PURCHASES: Final = register(
    CaseType(
        code="purchase",
        model=Purchase,
        process=PURCHASE,
        scope=Scope(
            rows=lambda: Purchase.objects.select_related(
                "person__territory", "kind", "line__programme", "lot__organisation"
            ),
            person="person_id",
        ),
        words=PURCHASE_WORDS,
        pages={
            Desk.RECIPIENT: route("procurement:recipient-purchase"),
            Desk.OFFICER: route("procurement:officer-purchase"),
        },
        follows_residence=True,
        opens_file=True,
        overview=Overview(
            title=_("Purchases by local departments"),
            open=_("Waiting"),
            reached=frozenset({Purchase.State.RECEIVED.value}),
            ended=_("Received in 12 months"),
            took=_("Days from the recorded need to receipt"),
            waited=_("Days from programme to receipt"),
        ),
    )
)
LOTS: Final = register(
    CaseType(
        code="lot",
        model=Lot,
        process=LOT,
        scope=_OfRegion(rows=lambda: Lot.objects.select_related("kind", "organisation")),
        words=LOT_WORDS,
        pages={Desk.OFFICER: route("procurement:officer-lot")},
    )
)
announce(
    PURCHASES,
    title=lambda purchase: _now("Purchase %(number)s") % {"number": purchase.number},
    topics={"fitting": _("The fitting"), "waiting": _("How long it takes")},
)
