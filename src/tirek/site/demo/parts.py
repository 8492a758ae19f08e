"""Parts in the demo: what fits the thermometers and the nappies that people hold, and two orders of a part."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from tirek.catalogue.models import Offer
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import effects
from tirek.orders.models import Item, Order
from tirek.parts import actions
from tirek.parts.draft_forms import ASKING
from tirek.parts.models import Part
from tirek.people.models import Person
from tirek.site.demo.who import SEMEY
from tirek.suppliers.queries import supplier_of

#: Article number, sort, names, price, stock, days to deliver, whether the warranty covers it; by kind.
PARTS: Final = {
    "TI-09": (
        ("TM-BAT-2032", "consumable", "CR2032 батареясы", "Батарея CR2032", "CR2032 battery", 450, 120, 7, False),
        ("TM-SPK-1", "spare", "Термометр динамигі", "Динамик термометра", "Thermometer speaker", 2_800, 6, 14, True),
        ("TM-CASE", "accessory", "Термометр қабы", "Футляр для термометра", "Thermometer case", 1_900, 25, 7, False),
    ),
    "GI-01": (("NP-FIX", "accessory", "Бекіткіш шалбар", "Фиксирующие трусы", "Fixation pants", 1_200, 40, 5, False),),
}


def load(seller: Actor) -> int:
    """Enter the parts of a supplier, and let two holders of its thermometers order one; returns how many orders."""
    supplier = supplier_of(seller)
    for kind, parts in PARTS.items():
        offers = Offer.objects.filter(supplier=supplier, kind=kind).exclude(state__in=Offer.BEFORE)
        fits = [f"offer:{one.pk}" for one in offers]
        for told in parts if fits else ():
            part = actions.keep_part(actor=seller, part=None, given=_given(told))
            actions.add_fits(actor=seller, part=part, fits=fits)
    speaker = Part.objects.get(supplier=supplier, article="TM-SPK-1")
    battery = Part.objects.get(supplier=supplier, article="TM-BAT-2032")
    things = Item.objects.filter(
        offer__supplier=supplier, offer__kind="TI-09", ended_on__isnull=True, received_on__isnull=False
    )
    # those of the demo's own region first: its officers see them
    found = sorted(things.select_related("person"), key=lambda one: (one.person.territory_id[:2] != SEMEY[:2], one.pk))
    made = 0
    for item, part, is_accepted in zip(found, (battery, speaker), (False, True), strict=False):
        _order(seller, item, part, is_accepted=is_accepted)
        made += 1
    return made


def _given(told: tuple[Any, ...]) -> dict[str, Any]:
    article, sort, kk, ru, en, price, stock, days, is_covered = told
    return {
        "article": article,
        "sort": sort,
        "name_kk": kk,
        "name_ru": ru,
        "name_en": en,
        "description_kk": "",
        "description_ru": "",
        "description_en": "",
        "price": Decimal(price),
        "stock": stock,
        "delivery_days": days,
        "is_covered": is_covered,
        "sold_from": date(clock.today().year, 1, 1),
        "sold_until": None,
    }


def _recipient(person: Person) -> Actor:
    return Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")


def _where(item: Item) -> dict[str, str]:
    """Where the thing itself was brought."""
    order = Order.objects.get(pk=item.case_id)
    return {"address": order.address, "phone": order.phone}


def _order(seller: Actor, item: Item, part: Part, *, is_accepted: bool) -> None:
    actor, now = _recipient(item.person), clock.now()
    with clock.at(now - timedelta(days=2)):
        values = {
            "item": str(item.pk),
            "part": str(part.pk),
            "quantity": "1",
            **_where(item),
            "comment": "",
        }
        draft = ASKING.begin(actor, values, subject_id=item.person_id)
        order = actions.ask_for_part(actor=actor, draft_key=draft.pk)
        effects.run()
    if is_accepted:
        with clock.at(now - timedelta(days=1)):
            actions.accept_part(actor=seller, order=order, ready_on=clock.today() + timedelta(days=part.delivery_days))
            effects.run()
