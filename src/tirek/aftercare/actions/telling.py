"""Who is told of faults and of harm; holders of what is kept back by the worker, some at a time, from where it
stopped.
"""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from tirek.aftercare.models import Fault, Harm, Telling
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.tables import CaseRow
from tirek.orders import items
from tirek.orders.models import Batch, Item, KeptBack, Stop
from tirek.organisations.telling import SUPPLIERS, tell_office, tell_region, tell_staff
from tirek.people.telling import tell_person

#: Items whose holders are told in one transaction.
AT_ONCE: Final = 500
_OF_BATCH: Final = {
    Telling.What.HELD.value: "harm.stop_using",
    Telling.What.CLEARED.value: "harm.cleared_for_holder",
    Telling.What.RECALLED.value: "harm.recalled_for_holder",
}
_OF_THINGS: Final = {
    Telling.What.HELD.value: "harm.stop_using_thing",
    Telling.What.CLEARED.value: "harm.cleared_thing",
    Telling.What.LEFT_OUT.value: "harm.left_out_thing",
    Telling.What.RECALLED.value: "harm.recalled_thing",
}
#: What says that goods can be used again.
_ALL_CLEAR: Final = frozenset({Telling.What.CLEARED.value, Telling.What.LEFT_OUT.value})


def said(text: str) -> str:
    """Somebody's own words, as they are kept."""
    return text.replace("\x00", "").strip()


def tell(fault: Fault, template: str, **context: str) -> None:
    """Tell the person of a fault, and who represents the person."""
    tell_person(fault.person_id, template, case=fault, but=None, number=fault.number, **context)


def tell_of_answer(actor: Actor, fault: Fault, what: str) -> None:
    """Tell the person what an officer has written down as the person's answer; whoever answers at home knows it."""
    if actor.desk is Desk.OFFICER:
        tell(fault, "fault.answered_at_office", what=what)


def tell_supplier(case: Fault | Harm, template: str, **context: str) -> None:
    """Tell who answers for the goods: the supplier's people, or the officers of the district that bought them."""
    if case.organisation_id is None:
        tell_office(case.territory_code, template, case=case, number=case.number, **context)
    else:
        tell_staff(case.organisation_id, template, roles=SUPPLIERS, case=case, number=case.number, **context)


def tell_department(case: CaseRow, template: str, **context: str) -> None:
    """Tell the department of the region."""
    tell_region(case.territory_code, template, case=case, number=case.number, **context)


def begin_telling(harm: Harm, what: Telling.What, *, stop: Stop | None = None, but: Stop | None = None) -> None:
    """From now on the worker tells everybody who has such goods; what was begun before of them is over.

    Args:
        harm: the case.
        what: what they are told.
        stop: whose holders are told, where it is not what the case keeps back.
        but: holders of this one know it already.
    """
    kept = stop or harm.kept
    if kept is None:
        return
    tellings_of(kept).filter(done_at__isnull=True).update(done_at=clock.now())
    Telling.objects.create(harm=harm, what=what, stop=kept if isinstance(kept, Stop) else None, but=but)


def tellings_of(kept: Batch | Stop) -> QuerySet[Telling]:
    """What was told, or is being told, of goods that are kept back together."""
    if isinstance(kept, Stop):
        return Telling.objects.filter(stop=kept)
    return Telling.objects.filter(harm__batch=kept, stop__isnull=True)


def tell_holders(*, limit: int = AT_ONCE) -> int:
    """Tell the holders of some more items; how many items were gone through. 0: everybody is told."""
    with transaction.atomic():
        open_ones = Telling.objects.select_for_update(skip_locked=True, of=("self",)).filter(done_at__isnull=True)
        read = ("harm__item__version__variant__offer", "harm__item__make", "harm__batch", "stop", "but")
        telling = open_ones.select_related(*read).order_by("id").first()
        if telling is None:
            return 0
        found = _next_of(telling, limit)
        _tell(telling, [one for one in found if one.ended_on is None and one.pk != telling.harm.item_id])
        telling.told += len(found)
        if found:
            telling.told_to = found[-1].pk
        if len(found) < limit:
            telling.done_at = clock.now()
        telling.save(update_fields=["told", "told_to", "done_at"])
        return len(found) or 1


def _next_of(telling: Telling, limit: int) -> list[Item]:
    """The next items whose holders are told, by key."""
    kept = telling.stop or telling.harm.batch
    if kept is None:
        return []
    rows = items.kept_by(kept).select_related("batch").order_by("id")
    if telling.but is not None:
        rows = rows.exclude(pk__in=items.kept_by(telling.but).values("pk"))
    if telling.told_to is not None:
        rows = rows.filter(pk__gt=telling.told_to)
    return list(rows[:limit])


def _tell(telling: Telling, found: list[Item]) -> None:
    """Tell the holders of some items, each person once."""
    if telling.what in _ALL_CLEAR:
        # what something else keeps back is still not to be used; the end of a recall of another maker says nothing
        still = items.standing(found)
        found = [
            one
            for one in found
            if one.pk not in still or (not one.maker and still[one.pk].state not in KeptBack.LOOKED_FOR)
        ]
    told, cases = set(), items.cases_of(found)
    maker = items.maker_of(telling.harm.item) or "–"
    for item in found:
        if item.person_id in told:
            continue
        told.add(item.person_id)
        tell_person(
            item.person_id,
            _template(telling, item),
            case=cases[item.case_id],
            number=item.case_number,
            batch=item.number or "–",
            maker=maker,
            kind=item.kind_id,
        )
        if telling.what == Telling.What.RECALLED and item.organisation_id is None:
            case = cases[item.case_id]
            tell_office(case.territory_code, "harm.recalled_for_office", case=case, number=case.number)


def _template(telling: Telling, item: Item) -> str:
    if telling.what == Telling.What.RECALLED and item.organisation_id is None:
        return "harm.recalled_bought"
    return (_OF_THINGS if telling.stop is not None else _OF_BATCH)[telling.what]
