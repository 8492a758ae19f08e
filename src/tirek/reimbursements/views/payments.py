"""A supplier's page of payments: what is to be done first, sums, the list a piece at a time, and the same as a file."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.errors import Text
from tirek.orders.case_types import ORDERS
from tirek.reimbursements import queries
from tirek.reimbursements.case_types import CLAIMS
from tirek.reimbursements.forms import NarrowForm
from tirek.reimbursements.models import Claim
from tirek.reimbursements.words import named_for_supplier
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.lists.exports import Cell, csv_of, workbook_of
from tirek.ui.lists.lists import MOST_IN_WORKBOOK
from tirek.ui.text import number_text

_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Colours of states, as their pages have them.
_TONES: Final = {state: words.tone for state, words in CLAIMS.words.states.items()}
HEADS: Final[tuple[Text, ...]] = (
    _lazy("Number"),
    _lazy("Order"),
    _lazy("Kind of goods"),
    _lazy("Received on"),
    _lazy("Amount, tenge"),
    _lazy("State"),
    _lazy("Reason of the return"),
    _lazy("Number of the electronic invoice"),
    _lazy("Day of the electronic invoice"),
    _lazy("Sent for payment on"),
    _lazy("To be paid by"),
    _lazy("Days late"),
    _lazy("Paid on"),
    _lazy("Number of the payment order"),
)
#: Words for a filter in an address.
_NAMES: Final = ("state", "period", "kind")


def _query(request: DeskRequest, **more: str) -> str:
    said = {name: request.GET[name] for name in _NAMES if request.GET.get(name)} | more
    return f"?{urlencode(said)}" if said else ""


@desk("supplier")
@require_GET
def payments(request: DeskRequest) -> HttpResponse:
    """What the supplier has to do for its money, what is late and whom it asks, sums by month, and every payment."""
    actor, today = request.actor, clock.today()
    one = queries.chosen(request.GET)
    page = queries.page(actor, one, request.GET.get("after", ""))
    months = queries.months(actor, today)
    context = {
        "to_do": queries.to_do(actor, today),
        "months": months,
        "year": queries.together(months, today) if months else None,
        "states": [(capfirst(words), state) for state, words in named_for_supplier()],
        "filter": NarrowForm(request.GET, periods=queries.periods(today), kinds=queries.kinds(actor)),
        "chosen": one,
        "rows": [
            {
                "claim": claim,
                "url": CLAIMS.url(claim, Desk.SUPPLIER),
                "order": claim.delivery.order,
                "order_url": ORDERS.url(claim.delivery.order, Desk.SUPPLIER),
                "state": CLAIMS.words.state(claim, Desk.SUPPLIER),
                "tone": _TONES[claim.state],
                "late": claim.days_late(today),
            }
            for claim in page.rows
        ],
        "next_url": _query(request, after=page.after) if page.after else "",
        "first_url": (_query(request) or "?") if request.GET.get("after") else "",
        "file_url": f"{reverse('reimbursements:payments-file')}{_query(request)}",
        "workbook_url": f"{reverse('reimbursements:payments-file')}{_query(request, **{'as': 'xlsx'})}",
    }
    return render(request, "reimbursements/payments.html", context)


@desk("supplier")
@require_GET
def payments_file(request: DeskRequest) -> HttpResponseBase:
    """The payments of the filter as a table for a spreadsheet: CSV, or XLSX by ``as``."""
    rows, today = queries.narrowed(request.actor, queries.chosen(request.GET)), clock.today()
    lines: Iterator[list[list[Cell]]] = ([_line(claim) for claim in piece] for piece in queries.pieces(rows))
    ending = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    if ending == "xlsx":
        if rows[MOST_IN_WORKBOOK : MOST_IN_WORKBOOK + 1].exists():
            said = _("A spreadsheet holds at most %(most)s lines. Narrow the list, or download it as CSV.")
            messages.warning(request, said % {"most": number_text(MOST_IN_WORKBOOK)})
            return redirect(reverse("reimbursements:payments") + _query(request))
        book = workbook_of(HEADS, lines, title=_("Payments"))
        response: HttpResponseBase = HttpResponse(book, content_type=_BOOK)
    else:
        text = csv_of(HEADS, lines, get_language() or "kk")
        response = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="payments-{today.isoformat()}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(claim: Claim) -> list[Cell]:
    reason = claim.get_return_reason_display() if claim.return_reason else ""
    return [
        claim.number,
        claim.delivery.order.number,
        capfirst(claim.kind.name),
        claim.received_on,
        claim.amount,
        str(CLAIMS.words.state(claim, Desk.SUPPLIER)),
        str(reason),
        claim.invoice_number,
        claim.invoice_on,
        claim.submitted_on,
        claim.pay_by,
        claim.days_late(clock.today()),
        claim.paid_on,
        claim.payment_number,
    ]
