"""Fittings of the demo: times are named, one is held, the person confirms what was measured."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.orders import actions, fittings
from tirek.orders.fittings import Place, Time
from tirek.orders.models import Order
from tirek.people.queries import measured

_ADDRESS: Final = "Семей қаласы, Шәкәрім даңғылы, 12"
_ACCESS: Final = "Пандус бар, баспалдақ жоқ, есіктің ені 95 см. / Пандус, без ступеней, дверь 95 см."
#: What is measured of somebody of whom nothing is known yet.
_USUAL: Final = Decimal(40)


def propose(order: Order, seller: Actor, first: datetime) -> Order:
    """The supplier names two times: at the shop, and at home on the day after."""
    times = [Time(first, Place.SUPPLIER, _ADDRESS, _ACCESS), Time(first + timedelta(days=1), Place.HOME)]
    return actions.propose_times(actor=seller, order=order, times=times)


def measures(order: Order) -> dict[str, Decimal]:
    """What is measured of the person for an order: what is known of the person, else a usual number."""
    known = measured(order.person_id)
    return {
        code: value if isinstance(value := known.get(code), Decimal) else _USUAL
        for code in fittings.measures_of(order.kind_code)
    }


def fit(order: Order, *, seller: Actor, person: Actor) -> Order:
    """The whole fitting within a few hours, so that the goods are being made."""
    now = clock.now()
    order = propose(order, seller, now + timedelta(hours=1))
    n = order.fittings.count()
    order = actions.choose_time(actor=person, order=order, choice=f"{n}-0")
    with clock.at(now + timedelta(hours=2)):
        sizes = measures(order)
        order = actions.hold_fitting(actor=seller, order=order, measured=sizes, note="")
        if order.state == Order.State.FITTING_CHECK:
            order = actions.check_measurements(actor=person, order=order, given=sizes)
    return order
