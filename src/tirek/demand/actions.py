"""Keeping demand, and answering it when an offer comes; keeping what is short in stock, and telling its supplier."""

from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import narrowing
from tirek.catalogue.models import OfferVersion
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.queries import offers_of, places_reached
from tirek.catalogue.ranking import ranking
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import moves_along
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.places import region_of
from tirek.demand import counting
from tirek.demand.models import Demand, OpenNeed, Shortage
from tirek.entitlements.actions import restart_term
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.queries import LineStatus, status_of
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.people.telling import tell_person

#: Rows that one transaction answers.
BATCH: Final = 200
#: Rows that one round compares with the offers: the others come in the next one.
MOST_COMPARED: Final = 2_000

_KEEP: Final = """
INSERT INTO demand_shortage (id, line_id, variant_id, kind_id, territory_code, "on", wanted, "left", created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (line_id, variant_id, "on")
DO UPDATE SET wanted = GREATEST(demand_shortage.wanted, EXCLUDED.wanted), "left" = EXCLUDED."left"
"""


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
    _check_needed(line)
    if offers_of(line.kind, on=clock.today(), territory_code=line.person.territory_id).exists():
        raise RuleBroken(_("There is an offer for it now. Choose one in the list of offers."), code="offered")
    found, is_new = Demand.objects.get_or_create(
        line=line,
        answered_on=None,
        defaults={**_of(line), "wants_notice": wants_notice},
    )
    if not is_new and (found.wants_notice != wants_notice or found.why != Demand.Why.NOBODY):
        found.wants_notice, found.why, found.by_parameters = wants_notice, Demand.Why.NOBODY, False
        found.save(update_fields=["wants_notice", "why", "by_parameters"])
    return found


def keep_need(*, actor: Actor, line: Line, sought: Narrowed, words: str, wants_notice: bool) -> Demand:
    """Keep that nobody offers a line as it is needed; told again, the newest need counts.

    Args:
        actor: the person, a representative or an officer, who may see the line (``entitlements.queries.line_for``).
        line: with person and kind.
        sought: the parameters by which offers were narrowed; whatever else narrowed them is not kept.
        words: what is needed, in the person's own words.
        wants_notice: whether the person is told when there is such an offer.

    Raises:
        RuleBroken: it cannot be ordered now; nothing is said of what is needed; or such an offer reaches the district
            and nothing is said in words that it lacks.
    """
    del actor
    _check_needed(line)
    said = words.strip()
    if not said and not sought.by_parameters:
        raise RuleBroken(_("Say what you need: in words, or by the conditions of the list."), code="words")
    is_offered = _is_offered(line, sought)
    if not said and is_offered:
        raise RuleBroken(
            _("There is an offer like that now. Say in words what is wrong with it, or choose it in the list."),
            code="words",
        )
    told = {
        "why": Demand.Why.NOT_AS_NEEDED,
        "sought": narrowing.kept(sought),
        "words": said,
        "by_parameters": sought.by_parameters and not is_offered,
        "wants_notice": wants_notice,
        "looked_at": clock.now(),
    }
    found, _is_new = Demand.objects.update_or_create(
        line=line, answered_on=None, defaults=told, create_defaults=told | _of(line)
    )
    return found


def settle(*, actor: Actor, key: UUID) -> Demand:
    """An officer has helped: what was needed is open no more.

    Raises:
        NotFound: there is none that is open, or it is not of the officer's territory.
    """
    with transaction.atomic():
        found = Demand.objects.select_for_update(of=("self",)).filter(pk=key, answered_on__isnull=True).first()
        if found is None or actor.desk is not Desk.OFFICER or not actor.covers(found.territory_code):
            raise NotFound
        found.answered_on = clock.today()
        found.save(update_fields=["answered_on"])
    return found


def _of(line: Line) -> dict[str, Any]:
    return {
        "person": line.person,
        "kind": line.kind,
        "territory_code": line.person.territory_id,
        "asked_on": clock.today(),
    }


def can_be_needed(status: LineStatus) -> bool:
    """Whether suppliers can help with a line: it can be ordered now, or could be with more time."""
    return status.can_order or status.term_passed


def _check_needed(line: Line) -> None:
    status = status_of(line)
    if not can_be_needed(status):
        raise RuleBroken(status.explanation, next_step=status.answer.next_step)


def _is_offered(line: Line, sought: Narrowed) -> bool:
    """Whether an offer with such parameters reaches the person."""
    return bool(ranking(line.person, line.asked, narrowed=sought))


def answer() -> int:
    """Close what an offer reaches now and tell who wanted to be told; returns how many were closed.

    One look at the offers for the whole country for what nobody offers. What nobody offers as it is needed is compared
    with the offers one by one, a number of rows in a round, the longest unseen first. What is asked for a programme
    that has ended goes over to the line of the newer one, or is forgotten.
    """
    while _carry_over():
        pass
    closed = _compare()
    open_ones = Demand.objects.filter(answered_on__isnull=True, why=Demand.Why.NOBODY)
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
        same = rows.filter(answered_on__isnull=True, why=Demand.Why.NOBODY)
        found = list(same.filter(kind=kind_code, territory_code=territory_code).order_by("pk")[:BATCH])
        for one in found:
            _answer(one)
    return len(found)


def _answer(one: Demand) -> None:
    one.answered_on = clock.today()
    one.save(update_fields=["answered_on"])
    restart_term(one.line_id)
    if one.wants_notice:
        tell_person(one.person_id, "demand.offer", case=one, kind=one.kind_id)


def _compare() -> int:
    """Close what is offered now with the parameters that are sought; what was said in words alone, people read."""
    rows = Demand.objects.filter(answered_on__isnull=True, by_parameters=True)
    keys = list(rows.order_by(F("looked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:MOST_COMPARED])
    return sum(_compared(key) for key in keys)


def _compared(key: UUID) -> bool:
    with transaction.atomic():
        rows = Demand.objects.select_for_update(skip_locked=True, of=("self",)).filter(answered_on__isnull=True)
        one = rows.select_related("line__person", "line__kind").filter(pk=key).first()
        if one is None:
            return False
        if _is_offered(one.line, narrowing.read(one.sought)):
            _answer(one)
            return True
        one.looked_at = clock.now()
        one.save(update_fields=["looked_at"])
        return False


@moves_along
def follow_residence(person_id: UUID, territory_code: str) -> None:
    """What a person asks for goes along to the district where the person lives now."""
    Demand.objects.filter(person=person_id, answered_on__isnull=True).update(territory_code=territory_code)


def note_shortage(*, line: Line, version_id: UUID, wanted: int, left: int | None = None) -> bool:
    """Keep that a size has fewer units than somebody wanted to order and may order; again on one day, the most counts.

    Args:
        line: of a programme, with its person and kind.
        version_id: of the size, as it was chosen.
        wanted: units; more than may be ordered now count as what may be ordered.
        left: units that there were, when the stock says something else by now.

    Returns:
        Whether it was kept: not where there is enough, or nothing may be ordered.
    """
    version = OfferVersion.objects.select_related("variant__offer").filter(pk=version_id).first()
    if version is None or version.variant.offer.kind_id != line.kind_id:
        return False
    variant = version.variant
    there = variant.stock if left is None else left
    asked = wanted if left is not None else min(wanted, status_of(line).availability.most)
    if asked <= there:
        return False
    about = (line.pk, variant.pk, line.kind_id, line.person.territory_id)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, (uuid7(), *about, clock.today(), asked, there, clock.now()))
    return True


def tell_suppliers() -> int:
    """Tell each supplier once of what people could not order before today; returns how many suppliers were told."""
    told = 0
    waiting = Shortage.objects.filter(told_on__isnull=True, on__lt=clock.today())
    whose = "variant__offer__supplier__organisation_id"
    for organisation_id in list(waiting.order_by(whose).values_list(whose, flat=True).distinct()):
        told += _tell(organisation_id)
    return told


def _tell(organisation_id: UUID) -> bool:
    with transaction.atomic():
        rows = Shortage.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            told_on__isnull=True, on__lt=clock.today(), variant__offer__supplier__organisation_id=organisation_id
        )
        found = list(rows.select_related("line").order_by("pk"))
        if not found:
            return False
        Shortage.objects.filter(pk__in=[one.pk for one in found]).update(told_on=clock.today())
        people = len({one.line.person_id for one in found})
        tell_staff(organisation_id, "demand.shortage", roles=SUPPLIERS, case=found[0], n=people)
    return True


def count_open() -> int:
    """Count what people may choose and have not chosen yet, and put the figures in the place of those of before, all in
    one moment; returns how many figures there are.
    """
    rows = counting.figures(clock.today())
    with transaction.atomic():
        OpenNeed.objects.all().delete()
        OpenNeed.objects.bulk_create(rows, batch_size=MOST_COMPARED)
    return len(rows)
