"""Orders with their deliveries and fittings, and the things that people got."""

from tirek.orders.models.orders import FOR_OFFICE, FOR_SUPPLIER, Delivery, Fitting, FittingRound, Order
from tirek.orders.models.things import Batch, Item, KeptBack, Make, Stop, StoppedNumber

__all__ = [
    "FOR_OFFICE",
    "FOR_SUPPLIER",
    "Batch",
    "Delivery",
    "Fitting",
    "FittingRound",
    "Item",
    "KeptBack",
    "Make",
    "Order",
    "Stop",
    "StoppedNumber",
]
