"""From the programme's line to the form of an order and its receipt: for the person, a representative, an officer."""

from decimal import Decimal
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.cards import told_of
from tirek.catalogue.forms import NarrowForm
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.photos import seen
from tirek.catalogue.queries import Listed
from tirek.catalogue.ranking import ranking
from tirek.catalogue.rules import Verdict
from tirek.catalogue.sheets import MOST_COMPARED, ListedOffer, list_for, sheet, side_by_side
from tirek.catalogue.words import Words, told_price
from tirek.core.actors import Desk
from tirek.core.errors import NotFound, RuleBroken
from tirek.demand.actions import note_shortage
from tirek.demand.queries import open_of_line
from tirek.entitlements.models import Line
from tirek.entitlements.queries import LineStatus, line_instead, opened_status
from tirek.orders.act_sheet import signed_act
from tirek.orders.case_types import ORDERS
from tirek.orders.draft_forms import begun, begun_again, begun_otherwise, home_of
from tirek.orders.forms.person import ChooseForm
from tirek.orders.queries import payment_of, quantity_to_choose
from tirek.orders.repeats import AGAIN, Again, same_again
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.documents import answer
from tirek.ui.ways import came_from

#: Other offers that are named where there is not enough of one.
MOST_INSTEAD: Final = 3
#: Offers of a page: as many as a page of 15 kB on the wire holds.
OFFERS_PER_PAGE: Final = 20


def _newer(request: DeskRequest, line: Line, route: str, *more: UUID) -> HttpResponse | None:
    """Where the programme of a line has ended: to the same page of the line that gives its kind now, if one does."""
    key = line_instead(line)
    if key is None:
        return None
    return redirect("?".join(filter(None, [reverse(route, args=[key, *more]), request.GET.urlencode()])))


@desk("recipient", "officer")
@require_GET
def offers(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Offers for a line, as the address narrows them: those that fit first, with the reasons, and what the person pays.
    Never cheapest first by itself.
    """
    status, at_counter = opened_status(request.actor, line_key), request.actor.desk is Desk.OFFICER
    line = status.line
    if (newer := _newer(request, line, "orders:offers")) is not None:
        return newer
    asked, words = line.asked, Words(line.kind_id)
    form = NarrowForm(request.GET, words, at_counter=at_counter, asked=asked)
    narrowed = form.narrowed
    found = ranking(line.person, asked, narrowed=narrowed)
    page = Paginator(found, OFFERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "line": line,
        "asked": words.asked(asked),
        "at_counter": at_counter,
        "status": status,
        "rows": list_for(
            line.person,
            asked,
            list(page.object_list),
            quantity=status.availability.most,
            at_counter=at_counter,
            narrowed=narrowed,
        ),
        "form": form,
        "narrowed": narrowed,
        "told": list(form.told()),
        "found": len(found),
        "is_offered": bool(found) or narrowed.is_empty or bool(ranking(line.person, asked)),
        "page_obj": page,
        "back": came_from(request, "recipient-home", otherwise=home_of(request.actor, line)),
        "demand": open_of_line(line.pk),
        "too_many": "too-many" in request.GET,
        "has_errors": "too-many" in request.GET,
    }
    return render(request, "orders/ordering/offers.html", context)


@desk("recipient", "officer")
@require_GET
def compare(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Up to four offers side by side; on request only the rows in which they differ."""
    status, chosen = opened_status(request.actor, line_key), request.GET.getlist("offer")
    line, at_counter = status.line, request.actor.desk is Desk.OFFICER
    if (newer := _newer(request, line, "orders:compare")) is not None:
        return newer
    if len(chosen) > MOST_COMPARED:
        return redirect(f"{reverse('orders:offers', args=[line.pk])}?too-many=1")
    listed, facts = side_by_side(
        line.person, line.asked, chosen, quantity=status.availability.most, at_counter=at_counter
    )
    only_differences = "differences" in request.GET
    context = {
        "line": line,
        "asked": Words(line.kind_id).asked(line.asked),
        "at_counter": at_counter,
        "status": status,
        "columns": [
            (
                one.offer,
                one.variant.label,
                "" if one.fit.barred else reverse("orders:offer", args=[line.pk, one.offer.pk]),
            )
            for one in (row.one for row in listed)
        ],
        "facts": [one for one in facts if one.differs or not only_differences],
        "only_differences": only_differences,
        "same_query": urlencode([("offer", one) for one in chosen]),
    }
    return render(request, "orders/ordering/compare.html", context)


def _way_to(one: Listed, line_key: UUID) -> str:
    return "" if one.fit.barred else reverse("orders:offer", args=[line_key, one.offer.pk])


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def offer(request: DeskRequest, line_key: UUID, offer_key: UUID) -> HttpResponse:
    """One offer with its sizes; choosing a size and a quantity begins the form, or goes on with the one begun."""
    status, at_counter = opened_status(request.actor, line_key), request.actor.desk is Desk.OFFICER
    line, most = status.line, status.availability.most
    if (newer := _newer(request, line, "orders:offer", offer_key)) is not None:
        return newer
    shown = sheet(offer_key, line.person, line.asked, quantity=most, at_counter=at_counter)
    unit = Words(line.kind_id).unit
    data = request.POST if request.method == "POST" else None
    quantity = quantity_to_choose(line.pk, most=most)
    form = ChooseForm(data, initial={"quantity": quantity}, sizes=shown.sizes, most=most, unit=unit)
    if form.is_valid():
        if not status.can_order:
            answer = status.answer_for_office if at_counter else status.answer
            raise RuleBroken(answer.sentence, next_step=answer.next_step)
        given = form.cleaned_data
        version = given.get("version") or str(shown.sizes[0].version.pk)
        chosen = {"version": version, "quantity": str(given.get("quantity", 1)), AGAIN: ""}
        return redirect("orders:form", begun(request.actor, line, chosen).pk)
    short = form.short_of() if form.is_bound else None
    if short is not None:
        note_shortage(line=line, version_id=short[0], wanted=short[1])
    context = {
        "line": line,
        "at_counter": at_counter,
        "status": status,
        "form": form,
        "each": shown.sizes[0].each if shown.sizes else None,
        "free": told_price(Decimal(0), 1, at_counter=at_counter).text,
        "photos": seen(shown.offer),
        "told": told_of(shown.offer),
        **vars(shown),
        "barred": shown.barred,
        "instead": _instead(request, line, offer_key, most) if short or not shown.sizes else [],
    }
    return render(request, "orders/ordering/offer.html", context, status=422 if form.errors else 200)


def _instead(request: DeskRequest, line: Line, but: UUID, quantity: int) -> list[ListedOffer]:
    """The first other offers for a line that are in stock, but those that do not fit."""
    narrowed = Narrowed(in_stock=True)
    keys = [one for one in ranking(line.person, line.asked, narrowed=narrowed)[: MOST_INSTEAD + 1] if one != but]
    at_counter = request.actor.desk is Desk.OFFICER
    found = list_for(line.person, line.asked, keys[:MOST_INSTEAD], quantity=quantity, at_counter=at_counter)
    return [row for row in found if row.one.fit.verdict is not Verdict.DOES_NOT_FIT]


def _offers_of(_request: DeskRequest, line_key: UUID) -> str:
    return reverse("orders:offers", args=[line_key])


@desk("recipient", "officer")
@only_post(_offers_of)
def again(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Order the same as last time: straight to the page that shows all answers. Where a form of the item is begun that
    says otherwise, it is asked first which of the two is meant; where it is not offered any more, it leads to the other
    offers.
    """
    status = opened_status(request.actor, line_key)
    if (newer := _newer(request, status.line, "orders:offers")) is not None:
        return newer
    line, found = status.line, _same_again(request, status)
    if found is None:
        return redirect("orders:offers", line_key)
    if "new" not in request.POST and begun_otherwise(request.actor, line, found):
        return redirect("orders:unfinished", line_key)
    return redirect("orders:form", begun_again(request.actor, line, found).pk)


@desk("recipient", "officer")
@require_GET
def unfinished(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """The begun forms of an item, beside what would be ordered again: to go on with one, or to begin a new one."""
    status = opened_status(request.actor, line_key)
    if (newer := _newer(request, status.line, "orders:unfinished")) is not None:
        return newer
    line, found = status.line, _same_again(request, status)
    begun_forms = begun_otherwise(request.actor, line, found) if found is not None else []
    if not begun_forms:
        return redirect("orders:offers", line_key)
    context = {
        "line": line,
        "at_counter": request.actor.desk is Desk.OFFICER,
        "rows": begun_forms,
        "again": found,
        "back": came_from(request, "recipient-home", otherwise=home_of(request.actor, line)),
    }
    return render(request, "orders/ordering/unfinished.html", context)


def _same_again(request: DeskRequest, status: LineStatus) -> Again | None:
    """What orders the same again; ``None`` where it cannot be ordered now, which is said on the next page."""
    try:
        return same_again(status)
    except RuleBroken as refused:
        messages.warning(request, f"{refused.message} {refused.next_step}".strip())
        return None


@desk("recipient", "supplier", "officer")
@require_GET
def act(request: DeskRequest, number: str) -> HttpResponse:
    """The signed act of a received order, to open and to keep."""
    return answer(signed_act(ORDERS.opened(request.actor, number)), f"{number}.pdf")


@desk("recipient", "officer")
@require_GET
def payment(request: DeskRequest, number: str) -> HttpResponse:
    """How the own part of an order is paid, as a sheet to take along to the bank.

    Raises:
        NotFound: nothing is to be paid now, or the supplier has not said where to.
    """
    order = ORDERS.opened(request.actor, number)
    found = payment_of(order)
    if found is None:
        raise NotFound
    context = {"case": order, "payment": found, "back": ORDERS.url(order, request.actor.desk)}
    return render(request, "orders/payment.html", context)
