"""What the desks of officers and suppliers share: the list of orders, its filter, and filters that are kept under a name."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tirek.core.actors import Desk
from tirek.core.errors import RuleBroken
from tirek.orders import desk_actions, filters, queries
from tirek.orders.filters import Chosen, Sort
from tirek.orders.forms import OrderFilter, SaveFilterForm
from tirek.orders.models import Order
from tirek.orders.pages import rows_of, words_of_state
from tirek.people.queries import not_to_be_called
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 50


def chosen_of(request: DeskRequest, query: str | None = None) -> Chosen:
    """The filter of the address, or of ``query``."""
    return filters.chosen(request.GET if query is None else QueryDict(query), names=request.actor.desk is Desk.OFFICER)


def address_of(request: DeskRequest, page: str, number: str) -> str:
    """A page about one order, which remembers the filter of the list that it was opened from."""
    return reverse(f"orders:{request.actor.desk.value}-{page}", args=[number]) + chosen_of(request).suffix


def in_the_list(request: DeskRequest, order: Order) -> dict[str, object]:
    """Where an order stands in the list that it was opened from: the filter, and the addresses of its neighbours ("" at the ends)."""
    chosen = chosen_of(request)
    before, after = queries.neighbours(request.actor, order, chosen)
    page = f"orders:{request.actor.desk.value}-order"
    return {"chosen": chosen, "before": before and reverse(page, args=[before]), "after": after and reverse(page, args=[after])}


def light_counters(standing: queries.Standing, chosen: Chosen) -> list[tuple[str, object, int, str]]:
    """The lights of deadlines, gravest first: code, words, count, and the filter that shows them."""
    return [(one.value, one.label, standing.by_light[one.value], chosen.with_light(one.value)) for one in filters.LIGHTS]


def state_counters(standing: queries.Standing, actor_desk: str) -> list[tuple[str, object, int]]:
    """Open states with their words at a desk and their count."""
    states = [state for state in Order.State if state not in Order.ENDED]
    return [(state.value, words_of_state(state, actor_desk), standing.by_state.get(state, 0)) for state in states]


def list_context(request: DeskRequest, chosen: Chosen, *, saving: SaveFilterForm | None = None) -> dict[str, object]:
    """A page of a desk's orders by a filter."""
    actor = request.actor
    page = Paginator(queries.orders_by(actor, chosen), PER_PAGE).get_page(request.GET.get("page"))
    standing = queries.standing(actor, chosen)
    saved = list(queries.saved_filters(actor))
    rows = rows_of(actor, page.object_list)
    columns = [name for name in ("number", "name", "day", "deadline") if actor.desk is Desk.OFFICER or name != "name"]
    return {
        "desk": actor.desk.value,
        "chosen": chosen,
        "filter": OrderFilter(chosen, desk=actor.desk, districts=queries.districts_of(actor)),
        "lights": [] if chosen.is_ended or chosen.number else light_counters(standing, chosen),
        "all_lights": chosen.with_light(""),
        "saved": saved,
        "is_saved": any(one.query == chosen.query for one in saved),
        "saving": saving or SaveFilterForm(initial={"query": chosen.query}),
        "columns": {name: (chosen.sorted_by(name), _direction(chosen, name)) for name in columns},
        "page_obj": page,
        "rows": rows,
        "write_to": not_to_be_called(one.order.person_id for one in rows) if actor.desk is Desk.OFFICER else set(),
        "can_tick": actor.desk is Desk.SUPPLIER and any(one.can_be_accepted for one in rows),
        "all_ticked": "all" in request.GET,
    }


def _direction(chosen: Chosen, column: str) -> str:
    """How the list is ordered by a column, as ``aria-sort`` says it."""
    if chosen.sort not in {column, f"-{column}"}:
        return ""
    return "descending" if Sort(chosen.sort).value.startswith("-") else "ascending"


def _list_of(request: DeskRequest) -> str:
    return reverse(f"orders:{request.actor.desk.value}-orders")


@desk("officer", "supplier")
@require_POST
def save(request: DeskRequest) -> HttpResponse:
    """Keep the filter of the list under a name."""
    form = SaveFilterForm(request.POST)
    chosen = chosen_of(request, request.POST.get("query", ""))
    if form.is_valid():
        try:
            saved = desk_actions.save_filter(actor=request.actor, name=form.cleaned_data["name"], chosen=chosen)
        except RuleBroken as refused:
            form.add_error("name", f"{refused.message} {refused.next_step}")
        else:
            messages.success(request, _("The filter “%(name)s” is saved. Its link stands above the list.") % {"name": saved.name})
            return redirect(f"{_list_of(request)}?{chosen.query}")
    context = list_context(request, chosen, saving=form) | {"has_errors": True}
    return render(request, f"orders/{request.actor.desk.value}/orders.html", context, status=422)


@desk("officer", "supplier")
@require_http_methods(["GET", "POST"])
def delete(request: DeskRequest, key: UUID) -> HttpResponse:
    """Delete a kept filter, after asking."""
    saved = queries.saved_filter(request.actor, key)
    if request.method == "POST":
        desk_actions.delete_filter(actor=request.actor, key=key)
        messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
        return redirect(_list_of(request))
    context = {
        "question": _("Delete the filter “%(name)s”?") % {"name": saved.name},
        "consequence": _("Only the link above the list goes. No order changes."),
        "button": _("Delete the filter"),
        "back_url": f"{_list_of(request)}?{saved.query}",
    }
    return render(request, "ui/confirm.html", context)
