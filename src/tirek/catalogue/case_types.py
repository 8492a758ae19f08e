"""The case type of admissions; and where an offer is opened, to which notices and files belong."""

from typing import Final

from tirek.catalogue.case_words import ADMISSION_WORDS
from tirek.catalogue.models import Admission, Offer
from tirek.catalogue.offers import address_of
from tirek.catalogue.workflow import ADMISSION
from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, register_address, route
from tirek.core.case.scope import Scope

ADMISSIONS: Final = register(
    CaseType(
        code="admission",
        model=Admission,
        process=ADMISSION,
        scope=Scope(
            rows=lambda: Admission.objects.select_related(
                "organisation", "offer__kind", "offer__supplier__organisation", "proposal"
            ),
            organisation="organisation_id",
        ),
        words=ADMISSION_WORDS,
        pages={
            Desk.SUPPLIER: route("catalogue:supplier-admission"),
            Desk.OFFICER: route("catalogue:officer-admission"),
        },
    )
)
register_address("offer", Offer, address_of)
