"""What becomes of goods beside the case by which they come: items come to be and end, goods are kept back and let go.

Batches are locked lowest key first, after the case (``locks.lock_rows``): a hold and a hand-over of one batch follow
one another. Goods that no batch tells apart are kept back by their offer, their maker and model, or their serial
numbers; hand-overs of a kind share its name as a lock, and a hold of that kind has it alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.case.deadlines import add_months
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.orders import items, numbers
from tirek.orders.items import Source
from tirek.orders.models import Batch, Delivery, Item, KeptBack, Make, Stop, StoppedNumber
from tirek.orders.numbers import Told

#: Rows that are written in one statement.
_AT_ONCE: Final = 1_000


def told_numbers(kind_code: str, typed: str, count: int, *, by_office: bool) -> list[Told]:
    """What was typed as the numbers of goods that are handed over.

    Args:
        kind_code: of the classifier.
        typed: one on a line.
        count: units that are handed over.
        by_office: an officer confirms the hand-over and may not know the numbers.

    Raises:
        RuleBroken: they are no numbers, or not those of so many pieces.
    """
    match items.numbering(kind_code, at=clock.today()):
        case numbers.SERIAL if typed.strip() or not by_office:
            return numbers.serials(typed, count)
        case numbers.BATCH:
            return numbers.batches(typed, count)
        case _:
            return [Told("", count)]


def may_be_handed_over(source: Source, told: Sequence[Told]) -> dict[str, Batch]:
    """The batches of what is handed over, locked, by number; of goods that have none it is only made sure that nothing
    keeps them back, and that nothing does until the transaction ends.

    Raises:
        RuleBroken: they are kept back; or no number was told while some of the maker are.
    """
    wanted = numbers.in_words(told)
    if items.has_stops(source.kind_code):
        _not_stopped(source, wanted)
        return {}
    if not wanted:
        locks.share_name(_name(source.kind_code))
        if items.must_be_numbered(source):
            raise _number_needed(numbers.BATCH)
        return {}
    found = lock_batches(source.kind_code, source.maker, wanted)
    held = sorted(one.number for one in found.values() if one.state != Batch.State.FREE)
    if held:
        raise RuleBroken(
            _("Batch %(number)s is not handed over: harm by it was reported.") % {"number": held[0]},
            next_step=_("Bring goods of another batch. The regional department checks this one."),
            code="numbers",
        )
    return found


def _not_stopped(source: Source, wanted: Sequence[str]) -> None:
    """Whether goods without a batch may be handed over.

    Raises:
        RuleBroken: they are on hold or recalled; or no serial number was told while some of the maker are.
    """
    locks.share_name(_name(source.kind_code))
    stop = items.stops_of(source, wanted).order_by("pk").first()
    if stop is None:
        if not wanted and items.must_be_numbered(source):
            raise _number_needed(numbers.SERIAL)
        return
    if stop.by == Stop.By.NUMBERS:
        first = stop.numbers.filter(number__in=wanted).order_by("number").values_list("number", flat=True).first()
        raise RuleBroken(
            _("Serial number %(number)s is kept back: harm by goods like these was reported.") % {"number": first},
            next_step=_("Bring goods with another serial number. The regional department says when these are free."),
            code="numbers",
        )
    raise RuleBroken(
        _("These goods are not handed over: harm by goods like them was reported."),
        next_step=_("The regional department checks them, and says which of them are free."),
        code="numbers",
    )


def _number_needed(numbering: str) -> RuleBroken:
    message, next_step = numbers.NEEDED[numbering]
    return RuleBroken(message, next_step=next_step, code="numbers")


def _name(kind_code: str) -> str:
    return f"orders.stop:{kind_code}"


def lock_batches(kind_code: str, maker: str, wanted: Iterable[str]) -> dict[str, Batch]:
    """Batches by number, made where they are new, locked until the transaction ends."""
    asked = sorted(set(wanted))
    known = Batch.objects.filter(kind=kind_code, maker=maker, number__in=asked)
    keys = dict(known.values_list("number", "pk"))
    new = [Batch(kind_id=kind_code, maker=maker, number=one) for one in asked if one not in keys]
    if new:
        Batch.objects.bulk_create(new, ignore_conflicts=True)
        keys = dict(known.values_list("number", "pk"))
    return {one.number: one for one in locks.lock_rows(Batch, keys.values()).values()}


def make_of(kind_code: str, maker: str, model: str) -> Make:
    """Maker and model of what was bought; kept as they were told first, however they are written later."""
    keys = items.make_keys(maker, model)
    named = {"maker": maker.strip(), "model": model.strip()}
    return Make.objects.get_or_create(kind_id=kind_code, **keys, defaults=named)[0]


def keep_items(source: Source, told: Sequence[Told], batches: dict[str, Batch]) -> list[Item]:
    """Write what was handed over, item by item.

    Raises:
        RuleBroken: a serial number belongs to an item that somebody has.
    """
    today = clock.today()
    new = [
        Item(
            person_id=source.person_id,
            line_id=source.line_id,
            case_type=source.case_type,
            case_id=source.case_id,
            case_number=source.case_number,
            kind_id=source.kind_code,
            maker=source.maker,
            offer_id=source.offer_id,
            version_id=source.version_id,
            make_id=source.make_id,
            organisation_id=source.organisation_id,
            delivery_id=source.delivery_id,
            batch=batches.get(one.number),
            number=one.number,
            quantity=one.quantity,
            use_by=one.use_by,
            handed_over_on=today,
            warranty_months=source.warranty_months,
        )
        for one in told
    ]
    if not any(one.number and one.batch_id is None for one in new):
        return Item.objects.bulk_create(new)
    # the index of serial numbers decides, whoever hands over at the same moment
    Item.objects.bulk_create(new, ignore_conflicts=True)
    kept = set(Item.objects.filter(pk__in=[one.pk for one in new]).values_list("pk", flat=True))
    refuse_taken(one.number for one in new if one.pk not in kept)
    return new


def refuse_taken(taken: Iterable[str]) -> None:
    """Say that serial numbers belong to items that somebody has.

    Raises:
        RuleBroken: there are such numbers.
    """
    first = next(iter(sorted(taken)), "")
    if first:
        raise RuleBroken(
            _("Serial number %(number)s was handed over before and has not come back.") % {"number": first},
            next_step=_("Compare it with the number on the goods. If it is right, write to the department."),
            code="numbers",
        )


def begin_warranty(came: QuerySet[Item]) -> None:
    """The receipt is confirmed: the warranty of what came begins today."""
    today = clock.today()
    for months in set(came.values_list("warranty_months", flat=True)):
        until = add_months(today, months) if months else None
        came.filter(warranty_months=months).update(received_on=today, warranty_until=until)


def end_items(came: QuerySet[Item], because: Item.Ended) -> None:
    """The person does not have these goods any more."""
    came.filter(ended_on__isnull=True).update(ended_on=clock.today(), ended_because=because)


def give_back_items(delivery: Delivery) -> None:
    """What was refused is the person's again: the commission has decided so.

    Raises:
        RuleBroken: one of the serial numbers was handed over to somebody else meanwhile.
    """
    refused = delivery.items.filter(ended_because=Item.Ended.REFUSED)
    serial = [one for one in refused if one.number and one.batch_id is None]
    if serial:
        offers, told = {one.offer_id for one in serial}, [one.number for one in serial]
        again = Item.objects.filter(offer__in=offers, number__in=told, batch__isnull=True, ended_on__isnull=True)
        refuse_taken(again.values_list("number", flat=True))
    refused.update(ended_on=None, ended_because="")


def hold_of_refusal(delivery: Delivery) -> None:
    """Goods made somebody ill: what is like them is kept back in the same moment."""
    came = list(delivery.items.order_by("batch_id", "id"))
    keys = {one.batch_id for one in came if one.batch_id is not None}
    for batch in locks.lock_rows(Batch, keys).values():
        hold(batch)
    first = next((one for one in came if one.batch_id is None), None)
    if first is not None:
        keep_back(first)


def keep_back(item: Item) -> tuple[Batch | Stop | None, bool]:
    """Keep back what is like an item that harmed somebody: its batch; else all goods of its offer, or of its maker and
    model; where nobody knows the maker, its serial number alone.

    Returns:
        What is kept back, locked, and whether it was free before; ``None`` where nothing tells what is like it.
    """
    if item.batch_id is not None:
        batch = locked_batch(item.batch_id)
        return batch, hold(batch)
    locks.lock_name(_name(item.kind_id))
    found = items.stops_of(items.like(item), [item.number])
    known = sorted(found, key=lambda one: (one.state not in Stop.LOOKED_FOR, one.pk))
    if known:
        return locked(known[0]), False
    widest = next(iter(ways_to_stop(item)), None)
    if widest is None or (widest == Stop.By.NUMBERS and not item.number):
        return None, False
    return _stop(item, widest, Stop.State.HELD, [item.number] if widest == Stop.By.NUMBERS else ()), True


def ways_to_stop(item: Item) -> list[Stop.By]:
    """By what goods like an item can be kept back: the widest first. Goods of a kind that has batches are kept back by
    these; where no number was told, what came without one from the same offer, or of the same maker and model, is.
    """
    if not items.has_stops(item.kind_id):
        return [Stop.By.OFFER] if item.offer_id is not None else [Stop.By.MAKE] if item.make_id is not None else []
    is_serial = items.numbering(item.kind_id, at=clock.today()) == numbers.SERIAL
    by_serial = [Stop.By.NUMBERS] if is_serial or item.number else []
    if item.offer_id is not None:
        return [Stop.By.OFFER, Stop.By.VERSION, *by_serial]
    return [*([Stop.By.MAKE] if item.make_id is not None else []), *by_serial]


def stopped_otherwise(present: Stop, item: Item, by: str, typed: str, state: KeptBack.State) -> Stop:
    """What is kept back instead of what a locked ``present`` keeps back: itself, where it is the same.

    Args:
        present: what is kept back now; the kind is locked with it.
        item: what harmed somebody; it stays among what is kept back.
        by: a code of ``ways_to_stop``.
        typed: serial numbers and ranges, where they are kept back by them.
        state: of what is new.

    Raises:
        RuleBroken: ``by``: there is no such way; ``serials``: what is typed is no list of numbers, or the number of the
            item is not among them.
    """
    if by not in ways_to_stop(item):
        raise RuleBroken(_("Choose from the list which goods are kept back."), code="by")
    if by != Stop.By.NUMBERS:
        return present if present.by == by else _stop(item, Stop.By(by), state)
    try:
        wanted = numbers.serial_set(typed)
    except RuleBroken as refused:
        raise RuleBroken(refused.message, next_step=refused.next_step, code="serials") from None
    if item.number and item.number not in wanted:
        raise RuleBroken(
            _("The number of the thing that harmed somebody, %(number)s, is not among them.") % {"number": item.number},
            next_step=_("Add it: this thing stays kept back in any case."),
            code="serials",
        )
    return _stop(item, Stop.By.NUMBERS, state, wanted)


def _stop(item: Item, by: Stop.By, state: KeptBack.State, wanted: Sequence[str] = ()) -> Stop:
    stop = Stop(kind_id=item.kind_id, maker=item.maker, by=by, state=state, held_since=clock.now())
    if by != Stop.By.NUMBERS:
        setattr(stop, f"{by.value}_id", getattr(item, f"{by.value}_id"))
    stop.save(force_insert=True)
    StoppedNumber.objects.bulk_create([StoppedNumber(stop=stop, number=one) for one in wanted], batch_size=_AT_ONCE)
    return stop


def hold(kept: Batch | Stop) -> bool:
    """Keep locked goods back; whether they were free before."""
    if kept.state != KeptBack.State.FREE:
        return False
    return _to(kept, KeptBack.State.HELD)


def lift(kept: Batch | Stop) -> bool:
    """Let locked goods go."""
    return _to(kept, KeptBack.State.FREE)


def recall(kept: Batch | Stop) -> bool:
    """Locked goods are never handed over again, and come back."""
    return _to(kept, KeptBack.State.RECALLED)


def end_recall(kept: Batch | Stop) -> bool:
    """The recall of locked goods is over: they are still never handed over; goods without a number are again."""
    return _to(kept, KeptBack.State.OVER)


def _to(kept: Batch | Stop, state: KeptBack.State) -> bool:
    kept.state, kept.held_since = state, None if state == KeptBack.State.FREE else kept.held_since or clock.now()
    kept.save(update_fields=["state", "held_since"])
    return True


def locked_batch(key: UUID) -> Batch:
    """A batch, locked until the transaction ends."""
    return locks.lock_rows(Batch, [key])[key]


def locked(kept: Batch | Stop) -> Batch | Stop:
    """What is kept back, locked until the transaction ends; with a stop nothing of its kind is handed over then."""
    if isinstance(kept, Batch):
        return locked_batch(kept.pk)
    locks.lock_name(_name(kept.kind_id))
    return locks.lock_rows(Stop, [kept.pk])[kept.pk]
