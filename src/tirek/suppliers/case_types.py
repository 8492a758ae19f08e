"""The case type of applications to join the register; and where an entry is opened: notices and files belong to it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tirek.core.actors import Desk
from tirek.core.case.registry import CaseType, register, register_address, route
from tirek.core.case.scope import Scope
from tirek.suppliers.models import Registration, Supplier
from tirek.suppliers.queries import address_of
from tirek.suppliers.words import REGISTRATION_WORDS
from tirek.suppliers.workflow import REGISTRATION


@dataclass(frozen=True, slots=True)
class _OfApplicant(Scope[Registration]):
    """The applicant sees it; it is about a business, so nobody opens the applicant's own file by it."""

    def person_of(self, case: Registration) -> UUID | None:
        """Nobody's file."""
        del case
        return None


REGISTRATIONS: Final = register(
    CaseType(
        code="registration",
        model=Registration,
        process=REGISTRATION,
        scope=_OfApplicant(
            rows=lambda: Registration.objects.select_related("applicant", "organisation"),
            person="applicant_id",
            organisation="organisation_id",
        ),
        words=REGISTRATION_WORDS,
        pages={
            Desk.RECIPIENT: route("suppliers:recipient-registration"),
            Desk.SUPPLIER: route("suppliers:supplier-registration"),
            Desk.OFFICER: route("suppliers:officer-registration"),
        },
    )
)
register_address("supplier", Supplier, address_of)
