"""Who is told of purchases and of lots."""

from datetime import date
from uuid import UUID

from tirek.organisations.telling import tell_office, tell_region
from tirek.people.telling import tell_person
from tirek.procurement.models import Lot, Purchase


def tell(purchase: Purchase, template: str, *, but: UUID | None = None, **context: str | int | date) -> None:
    """Tell the person and who represents the person; ``but`` is who has just done it."""
    facts = {"number": purchase.number, "kind": purchase.kind_id, **context}
    tell_person(purchase.person_id, template, case=purchase, but=but, **facts)


def tell_district(purchase: Purchase, template: str, **context: str | int | date) -> None:
    """Tell the officers of the person's district."""
    facts = {"number": purchase.number, "kind": purchase.kind_id, **context}
    tell_office(purchase.territory_code, template, case=purchase, **facts)


def tell_department(case: Lot | Purchase, template: str, **context: str | int | date) -> None:
    """Tell the department of the region."""
    facts = {"number": case.number, "kind": case.kind_id, **context}
    tell_region(case.territory_code, template, case=case, **facts)
