"""Orders as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tirek.core.actors import Actor
from tirek.core.languages import current
from tirek.orders.models import Order
from tirek.orders.pages import words_of_state
from tirek.orders.queries import listed

#: By this mark Excel knows the text for UTF-8.
BOM: Final = "\ufeff"
#: Spreadsheets run what begins with these as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE: Final = 500

HEADS: Final = (
    _("Number"), _("State"), _("Sent on"), _("Goods"), _("Size or model"), _("Quantity"), _("Price of one, tenge"), _("Price, tenge"),
    _("The budget pays, tenge"), _("The person pays, tenge"), _("Promised for"), _("Next step by"), _("District"), _("Recipient"),
    _("Delivery to"), _("Phone for the delivery"), _("Message for the courier"),
)  # fmt: skip


def cell(value: str | int | Decimal | date | None) -> str:
    """A value as a cell: dates as in ISO 8601, amounts with the decimal mark of the language, text that is never a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(value) if current() == "en" else str(value).replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(actor: Actor, order: Order, owed: date | None) -> list[str]:
    variant = order.version_of_offer.variant
    amounts = (order.unit_price, order.unit_price * order.quantity, order.budget_part, order.person_part)
    state = capfirst(str(words_of_state(order.state, actor.desk)))
    values: tuple[str | int | Decimal | date | None, ...] = (
        order.number, state, order.placed_on, variant.offer.name, variant.label, order.quantity,
        *amounts, order.ready_on, owed, order.person.territory.name, order.person.full_name, order.address, order.phone, order.comment,
    )  # fmt: skip
    return [cell(value) for value in values]


def orders_as_csv(actor: Actor, orders: QuerySet[Order], language: str) -> Iterator[str]:
    """Orders line by line, in one language: a mark of UTF-8, the heads, a line per order. Read piece by piece, however many there are."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    rows = orders.iterator(chunk_size=_AT_ONCE)
    text.write(BOM)
    with override(language):
        writer.writerow([str(head) for head in HEADS])
    while True:
        piece = list(islice(rows, _AT_ONCE))
        with override(language):
            for one in listed(piece):
                writer.writerow(_row(actor, one.order, one.deadline.last_day if one.deadline else None))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        if len(piece) < _AT_ONCE:
            return
