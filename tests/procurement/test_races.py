"""Two people at one moment: two lots for one need, two hand-overs of one purchase, a death while a contract is made."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from tests import factories as make
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.procurement import declared as given

from tirek.core import clock
from tirek.core.errors import Busy, RuleBroken, StaleState
from tirek.entitlements.models import LedgerEntry
from tirek.orders.models import Item
from tirek.people.actions import record_death
from tirek.procurement import actions, queries
from tirek.procurement.actions import handing, lots
from tirek.procurement.models import Lot, Purchase

LATER = make.MORNING + timedelta(minutes=5)
REFUSED = RuleBroken | StaleState | Busy


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once__never_buy_the_same_thing_twice() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        purchase = given.needed(shop, fitted=False)
        dying = given.needed(shop)
        regions, clerks = [given.region_of(shop) for _n in range(2)], [make.officer(shop.place) for _n in range(2)]
    announce = [
        partial(
            actions.announce_lot,
            actor=region,
            kind=purchase.kind,
            announcement=f"1-{n}",
            announced_on=make.MORNING.date(),
            planned=Decimal(1),
            count=1,
            places=[],
            shown_at=make.MORNING,
        )
        for n, region in enumerate(regions)
    ]
    with meeting(queries, "free_of", seconds=KEPT_OUT):
        results = at_once(*announce, at=LATER)
    assert sorted(isinstance(one, REFUSED) for one in results) == [False, True], results
    purchase.refresh_from_db()
    assert (Lot.objects.get(), purchase.state) == (purchase.lot, Purchase.State.IN_LOT)

    with clock.at(LATER):
        given.concluded(shop, Lot.objects.get())
        purchase.refresh_from_db()
    hand = [partial(actions.hand_over, actor=one, purchase=purchase, numbers="S-1") for one in clerks]
    with meeting(handing, "_make_of", seconds=KEPT_OUT):
        results = at_once(*hand, at=LATER)
    assert sorted(isinstance(one, REFUSED) for one in results) == [False, True], results
    assert Item.objects.get().case_id == purchase.pk

    with clock.at(LATER):
        lot = given.announced(shop, dying)
        person = dying.person
    with meeting(lots.ledger, "reserve", seconds=KEPT_OUT, before=True):
        concluded, died = at_once(
            partial(given.concluded, shop, lot),
            partial(record_death, actor=clerks[0], person=person, deceased_on=make.MORNING.date()),
            at=LATER,
        )
    assert not isinstance(died, Exception) or isinstance(died, Busy), died
    assert isinstance(concluded, Lot), concluded
    with clock.at(LATER):
        if isinstance(died, Busy):
            record_death(actor=clerks[0], person=person, deceased_on=make.MORNING.date())
        while actions.carry_on():
            pass
    dying.refresh_from_db()
    held = LedgerEntry.objects.filter(line=dying.line_id, kind="reserve").count()
    if dying.state == Purchase.State.CONTRACTED:
        assert (dying.office_task, held) == ("death", 1)
    else:
        assert (dying.state, dying.ended_why in {"died", "no_right"}, held) == (Purchase.State.CANCELLED, True, 0)
