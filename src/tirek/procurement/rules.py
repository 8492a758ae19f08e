"""Plain values of what a local body buys."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tirek.core.identifiers import Bin


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract of a lot, as it is recorded.

    Attributes:
        supplier: BIN of the supplier.
        name: of the supplier; of use where the BIN is not known here.
        phone: where people ask; "" where none is told.
        number: of the contract.
        concluded_on: its day.
        deliver_until: last day of delivery.
        price: for one piece, tenge.
        maker: of the goods; "" where the contract names none.
        model: likewise.
        warranty_months: from the receipt on; 0: none.
    """

    supplier: Bin
    name: str
    phone: str
    number: str
    concluded_on: date
    deliver_until: date
    price: Decimal
    maker: str = ""
    model: str = ""
    warranty_months: int = 0
