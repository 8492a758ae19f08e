"""The supplier's desk: what waits, orders, offers with stock and price."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.actions import change_price, set_stock
from tirek.catalogue.queries import offers_of_supplier, variant_of_supplier
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import DomainError, NotFound, RuleBroken, StaleState, TooMany
from tirek.orders import actions, desk_actions, queries
from tirek.orders.exports import orders_as_csv
from tirek.orders.filters import Chosen
from tirek.orders.forms import AcceptForm, AcceptManyForm, DeclineForm, HandOverForm, TopUpForm, VariantForm, told_at_field
from tirek.orders.models import Order
from tirek.orders.pages import order_page, rows_of
from tirek.orders.views.lists import PER_PAGE, address_of, chosen_of, in_the_list, light_counters, list_context, state_counters
from tirek.orders.workflow import ORDER
from tirek.suppliers.queries import supplier_of
from tirek.ui.desks import DeskRequest, desk

S = Order.State
#: Orders that are accepted in one go: a page of the list.
MOST_AT_ONCE: Final = PER_PAGE


@desk("supplier")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the supplier, soonest deadline first."""
    supplier = supplier_of(request.actor)
    standing = queries.standing(request.actor)
    waiting = rows_of(request.actor, queries.needing(request.actor)[:100])
    waiting.sort(key=lambda one: (one.deadline is None, one.deadline.due_at if one.deadline else one.order.created_at))
    context = {
        "supplier": supplier,
        "desk": request.actor.desk.value,
        "lights": light_counters(standing, Chosen()),
        "counters": state_counters(standing, request.actor.desk),
        "rows": waiting[:20],
    }
    return render(request, "orders/supplier/home.html", context)


@desk("supplier")
@require_GET
def orders(request: DeskRequest) -> HttpResponse:
    """Orders with filter and deadlines; those that wait for an answer can be ticked."""
    return render(request, "orders/supplier/orders.html", list_context(request, chosen_of(request)))


@desk("supplier")
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The orders of the filter as a table for a spreadsheet."""
    orders = queries.orders_by(request.actor, chosen_of(request))
    response = StreamingHttpResponse(orders_as_csv(request.actor, orders, get_language() or "kk"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="orders-{clock.today().isoformat()}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@desk("supplier")
@require_http_methods(["GET", "POST"])
def accept_many(request: DeskRequest) -> HttpResponse:
    """Many orders with one promised day: the day, a page that says what will happen, then each by itself with its outcome."""
    posted = request.method == "POST"
    numbers = (request.POST if posted else request.GET).getlist("order")[:MOST_AT_ONCE]
    if not numbers:
        messages.warning(request, _("Tick the orders that you want to accept."))
        return redirect(f"{reverse('orders:supplier-orders')}?state={S.SUBMITTED}")
    ticked = queries.visible_to(request.actor).filter(number__in=numbers).order_by("-created_at")
    form = AcceptManyForm(request.POST if posted else None)
    context: dict[str, object] = {"numbers": numbers, "rows": [(one, actions.last_promise(one)) for one in ticked], "form": form}
    if not posted or not form.is_valid():
        return render(request, "orders/supplier/accept_many.html", context, status=422 if posted else 200)
    ready_on, done = form.cleaned_data["ready_on"], request.POST.get("step") == "accept"
    answer = desk_actions.accept_many if done else desk_actions.plan_acceptance
    answers = answer(actor=request.actor, numbers=numbers, ready_on=ready_on)
    context |= {
        "ready_on": ready_on,
        "again": urlencode({"order": numbers}, doseq=True),
        "yes": [one for one in answers if one.refusal is None],
        "no": [one for one in answers if one.refusal is not None],
    }
    return render(request, f"orders/supplier/accept_many_{'done' if done else 'check'}.html", context)


@dataclass(frozen=True, slots=True)
class Asks:
    """What is asked before a verb that cannot be undone, and what it brings with it."""

    question: Promise
    consequence: Promise


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing a supplier can do with an order: a form, the words, and the action."""

    name: str
    title: Promise
    button: Promise
    done: Promise
    form: type[forms.Form]
    run: Callable[[Actor, Order, dict[str, Any]], Order]
    asks: Asks | None = None


class _Empty(forms.Form):
    """Nothing to fill in."""


def _hand_over(actor: Actor, order: Order, given: dict[str, Any]) -> Order:
    actions.check_door_code(actor=actor, order=order, code=given["code"])
    return actions.hand_over(actor=actor, order=order, code=given["code"])


VERBS: Final = {
    verb.name: verb
    for verb in (
        Verb(
            "accept",
            _lazy("Accept"),
            _lazy("Accept the order"),
            _lazy("The order is accepted. The person has been told."),
            AcceptForm,
            lambda actor, order, given: actions.accept_order(actor=actor, order=order, **given),
        ),
        Verb(
            "decline",
            _lazy("Decline"),
            _lazy("Decline the order"),
            _lazy("The order is declined. The person has been told and can choose again."),
            DeclineForm,
            lambda actor, order, given: actions.decline_order(actor=actor, order=order, **given),
            Asks(
                _lazy("Decline this order?"),
                _lazy("The order ends. The person is told the reason and chooses another offer. This cannot be undone."),
            ),
        ),
        Verb(
            "record_top_up",
            _lazy("Record the person's payment"),
            _lazy("Record the payment"),
            _lazy("The payment is recorded."),
            TopUpForm,
            lambda actor, order, given: actions.record_top_up(actor=actor, order=order, **given),
        ),
        Verb(
            "prepare",
            _lazy("Begin to prepare"),
            _lazy("Begin to prepare"),
            _lazy("The order is being prepared."),
            _Empty,
            lambda actor, order, _given: actions.prepare_order(actor=actor, order=order),
        ),
        Verb(
            "dispatch",
            _lazy("Send it on its way"),
            _lazy("It is on its way"),
            _lazy("The order is on the way. The person has been told."),
            _Empty,
            lambda actor, order, _given: actions.dispatch_order(actor=actor, order=order),
        ),
        Verb(
            "hand_over",
            _lazy("Hand over at the door"),
            _lazy("Handed over"),
            _lazy("Handed over. The act was made; the person is asked to confirm."),
            HandOverForm,
            _hand_over,
        ),
        Verb(
            "take_back",
            _lazy("Take the goods back"),
            _lazy("Take back"),
            _lazy("The goods are taken back. The person's entitlement is free again."),
            _Empty,
            lambda actor, order, _given: actions.take_back(actor=actor, order=order),
            Asks(
                _lazy("Take the goods back?"),
                _lazy("You agree with the refusal and fetch the goods. The order ends without payment. This cannot be undone."),
            ),
        ),
    )
}


def _order_page(
    request: DeskRequest, found: Order, *, shown: dict[str, forms.Form] | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    page = order_page(request.actor, found)
    possible = [(verb, (shown or {}).get(verb.name) or verb.form(prefix=verb.name)) for verb in VERBS.values() if verb.name in page.actions]
    bad = [form for form in (shown or {}).values() if form.errors]
    context = {
        "order": found,
        "page": page,
        "verbs": possible,
        "refusal": refusal,
        "has_errors": bool(bad) or refusal is not None,
        "wrong_form": bad[0] if bad else None,
    } | in_the_list(request, found)
    return render(request, "orders/supplier/order.html", context, status=422 if bad or refusal else 200)


@desk("supplier")
@require_GET
def order(request: DeskRequest, number: str) -> HttpResponse:
    """One order with all that can be done now."""
    return _order_page(request, queries.order_opened(request.actor, number))


#: which field a refusal of the rules belongs to
_FIELDS: Final = {"promise": "ready_on", "door_code": "code", "too_many": "code"}


def _asking_page(request: DeskRequest, found: Order, verb: Verb, asks: Asks, form: forms.Form) -> HttpResponse:
    context = {
        "question": asks.question,
        "consequence": asks.consequence,
        "button": verb.button,
        "back_url": address_of(request, "order", found.number),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, number: str, verb: str) -> HttpResponse:
    """Carry out one verb, after asking where it cannot be undone; what was typed stays when something is wrong."""
    found = queries.order_opened(request.actor, number)
    chosen = VERBS.get(verb)
    if chosen is None:
        raise NotFound
    if request.method == "GET":
        if chosen.asks is None:
            return redirect(address_of(request, "order", number))
        if chosen.name not in ORDER.open_to(request.actor, found):
            raise StaleState(state=found.state)
        return _asking_page(request, found, chosen, chosen.asks, chosen.form(prefix=chosen.name))
    form = chosen.form(request.POST, prefix=chosen.name)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            chosen.run(request.actor, found, form.cleaned_data)
        except (RuleBroken, TooMany) as refused:
            refusal = None if told_at_field(form, refused, _FIELDS) else refused
    if form.errors and chosen.asks is not None:
        return _asking_page(request, found, chosen, chosen.asks, form)
    if form.errors or refusal is not None:
        return _order_page(request, found, shown={verb: form}, refusal=refusal)
    messages.success(request, str(chosen.done))
    return redirect(address_of(request, "order", number))


@desk("supplier")
@require_GET
def offers(request: DeskRequest) -> HttpResponse:
    """The supplier's offers with sizes, stock and price."""
    supplier = supplier_of(request.actor)
    return render(request, "orders/supplier/offers.html", {"supplier": supplier, "offers": offers_of_supplier(supplier.pk)})


@desk("supplier")
@require_http_methods(["GET", "POST"])
def variant(request: DeskRequest, key: UUID) -> HttpResponse:
    """Stock and price of a size; a new price is a new version, for new orders only."""
    supplier = supplier_of(request.actor)
    found = variant_of_supplier(supplier.pk, key)
    price = found.current.price if found.current else None
    form = VariantForm(request.POST or None, initial={"stock": found.stock, "price": price})
    if request.method == "POST" and form.is_valid():
        set_stock(actor=request.actor, variant=found, stock=form.cleaned_data["stock"])
        if form.cleaned_data["price"] != price:
            change_price(actor=request.actor, variant=found, price=form.cleaned_data["price"])
        messages.success(request, _("Saved. Orders that were placed before keep their price."))
        return redirect("orders:supplier-offers")
    return render(request, "orders/supplier/variant.html", {"form": form, "variant": found}, status=422 if form.errors else 200)
