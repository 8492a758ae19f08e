"""The case types of faults and of harm."""

from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.aftercare.models import Fault, Harm
from tirek.aftercare.words import FAULT_WORDS, HARM_WORDS
from tirek.aftercare.workflow import FAULT, HARM
from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, route
from tirek.core.case.scope import Scope
from tirek.correspondence.talks import announce
from tirek.orders.items import SHOWN

_ITEM: Final = tuple(f"item__{name}" for name in SHOWN)

FAULTS: Final = register(
    CaseType(
        code="fault",
        model=Fault,
        process=FAULT,
        scope=Scope(
            rows=lambda: Fault.objects.select_related("person__territory", "organisation", *_ITEM),
            person="person_id",
            organisation="organisation_id",
        ),
        words=FAULT_WORDS,
        pages={
            Desk.RECIPIENT: route("aftercare:recipient-fault"),
            Desk.SUPPLIER: route("aftercare:supplier-fault"),
            Desk.OFFICER: route("aftercare:officer-fault"),
        },
        follows_residence=True,
        opens_file=True,
    )
)
HARMS: Final = register(
    CaseType(
        code="harm",
        model=Harm,
        process=HARM,
        scope=Scope(
            rows=lambda: Harm.objects.select_related("person__territory", "organisation", *_ITEM, "batch", "stop"),
            person="person_id",
            organisation="organisation_id",
        ),
        words=HARM_WORDS,
        pages={
            Desk.RECIPIENT: route("aftercare:recipient-harm"),
            Desk.SUPPLIER: route("aftercare:supplier-harm"),
            Desk.OFFICER: route("aftercare:officer-harm"),
        },
        opens_file=True,
    )
)
announce(
    FAULTS,
    title=lambda fault: _now("Fault %(number)s") % {"number": fault.number},
    topics={"photo": _("Photo of the fault"), "fetching": _("When it is fetched or brought")},
)
