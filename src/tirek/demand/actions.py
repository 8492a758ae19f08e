"""Keeping demand, and answering it when an offer comes."""

from typing import Final
from uuid import UUID

from django.db import transaction

from tirek.catalogue.queries import offers_of
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.registry import moves_along
from tirek.demand.models import Demand
from tirek.entitlements.actions import restart_term
from tirek.entitlements.models import Line
from tirek.people.telling import tell_person

#: Rows that one transaction answers.
BATCH: Final = 200


def keep(*, actor: Actor, line: Line, wants_notice: bool) -> Demand:
    """Keep that a line can be ordered and nobody offers it; asked again, only the wish to be told is changed.

    Args:
        actor: the person, a representative or an officer, who may see the line (``entitlements.queries.line_for``).
        line: with person and kind.
        wants_notice: whether the person is told when there is an offer.
    """
    del actor
    found, is_new = Demand.objects.get_or_create(
        line=line,
        answered_on=None,
        defaults={
            "person": line.person,
            "kind": line.kind,
            "territory_code": line.person.territory_id,
            "asked_on": clock.today(),
            "wants_notice": wants_notice,
        },
    )
    if not is_new and found.wants_notice != wants_notice:
        found.wants_notice = wants_notice
        found.save(update_fields=["wants_notice"])
    return found


def answer() -> int:
    """Close what an offer reaches now and tell who wanted to be told; returns how many were closed.

    One look at the offers for each kind and district in which something is asked for.
    """
    today, closed = clock.today(), 0
    pairs = Demand.objects.filter(answered_on__isnull=True).values_list("kind", "territory_code").distinct()
    for kind_code, territory_code in pairs.order_by("kind", "territory_code"):
        rows = Demand.objects.filter(answered_on__isnull=True, kind=kind_code, territory_code=territory_code)
        first = rows.select_related("kind").first()
        if first is None or not offers_of(first.kind, on=today, territory_code=territory_code).exists():
            continue
        while found := _close(kind_code, territory_code):
            closed += found
    return closed


def _close(kind_code: str, territory_code: str) -> int:
    with transaction.atomic():
        rows = Demand.objects.select_for_update(skip_locked=True, of=("self",)).select_related("line")
        found = list(
            rows.filter(answered_on__isnull=True, kind=kind_code, territory_code=territory_code).order_by("pk")[:BATCH]
        )
        for one in found:
            one.answered_on = clock.today()
            one.save(update_fields=["answered_on"])
            restart_term(one.line_id)
            if one.wants_notice:
                tell_person(one.person_id, "demand.offer", case=one, kind=kind_code)
    return len(found)


@moves_along
def follow_residence(person_id: UUID, territory_code: str) -> None:
    """What a person asks for goes along to the district where the person lives now."""
    Demand.objects.filter(person=person_id, answered_on__isnull=True).update(territory_code=territory_code)
