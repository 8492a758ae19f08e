"""Keeping demand, and answering it when an offer comes."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.queries import offers_of, places_reached
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case.registry import moves_along
from tirek.core.errors import RuleBroken
from tirek.core.places import region_of
from tirek.demand.models import Demand
from tirek.entitlements.actions import restart_term
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.queries import status_of
from tirek.people.telling import tell_person

#: Rows that one transaction answers.
BATCH: Final = 200


def keep(*, actor: Actor, line: Line, wants_notice: bool) -> Demand:
    """Keep that a line can be ordered, or could if its term had not passed, and nobody offers it; asked again, only the
    wish to be told is changed.

    Args:
        actor: the person, a representative or an officer, who may see the line (``entitlements.queries.line_for``).
        line: with person and kind.
        wants_notice: whether the person is told when there is an offer.

    Raises:
        RuleBroken: it cannot be ordered now, or an offer reaches the district: a term that has passed is the office's
            to open again.
    """
    del actor
    status = status_of(line)
    if not status.can_order and not status.term_passed:
        raise RuleBroken(status.explanation)
    if offers_of(line.kind, on=clock.today(), territory_code=line.person.territory_id).exists():
        raise RuleBroken(_("There is an offer for it now. Choose one in the list of offers."), code="offered")
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

    One look at the offers for the whole country. What is asked for a programme that has ended goes over to the line of
    the newer one, or is forgotten.
    """
    while _carry_over():
        pass
    closed = 0
    open_ones = Demand.objects.filter(answered_on__isnull=True)
    pairs = list(open_ones.values_list("kind", "territory_code").distinct().order_by("kind", "territory_code"))
    reached = places_reached({kind for kind, _place in pairs}, on=clock.today())
    for kind_code, territory_code in pairs:
        if reached.isdisjoint({(kind_code, territory_code), (kind_code, region_of(territory_code))}):
            continue
        while found := _close(kind_code, territory_code):
            closed += found
    return closed


def _carry_over() -> int:
    with transaction.atomic():
        rows = Demand.objects.select_for_update(skip_locked=True, of=("self",)).filter(answered_on__isnull=True)
        over = rows.filter(~Q(line__programme__state=Programme.State.ACTIVE) | Q(person__deceased_on__isnull=False))
        found = list(over.select_related("person").order_by("pk")[:BATCH])
        for one in found:
            lines = Line.objects.filter(person=one.person, kind=one.kind_id, programme__state=Programme.State.ACTIVE)
            newer = None if one.person.deceased_on else lines.order_by("-created_at").first()
            if newer is None or Demand.objects.filter(line=newer, answered_on__isnull=True).exists():
                one.delete()
            else:
                one.line = newer
                one.save(update_fields=["line"])
    return len(found)


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
