"""The recipient's desk: home, orders, and the receipt."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock, draftforms, drafts, reference
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.errors import DomainError, NotFound, RuleBroken, StaleState, TooMany
from tirek.entitlements.queries import statuses_of
from tirek.orders import actions, queries, signing
from tirek.orders.forms import CodeForm, NoteForm, RefuseForm, told_at_field
from tirek.orders.models import Order
from tirek.orders.pages import order_page, rows_of
from tirek.orders.workflow import ORDER
from tirek.people.models import Person
from tirek.people.queries import person_for, represented_by
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import term_text

PER_PAGE = 20


def _person(request: DeskRequest) -> Person:
    if request.actor.subject_id is None:
        raise NotFound
    return person_for(request.actor, request.actor.subject_id)


def _begun(request: DeskRequest) -> QuerySet[Draft]:
    """The person's unfinished forms of every app."""
    return drafts.open_of(request.actor).filter(form__in=draftforms.known(Desk.RECIPIENT))


@desk("recipient")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the person, what can be ordered, what is under way."""
    person = _person(request)
    under_way = queries.visible_to(request.actor).exclude(state__in=Order.ENDED).order_by("-created_at")[:10]
    context = {
        "person": person,
        "for_another": request.actor.on_behalf_of is not None,
        "represents": bool(represented_by(request.actor)),
        "needing": rows_of(request.actor, queries.needing(request.actor)[:10]),
        "under_way": rows_of(request.actor, under_way),
        "drafts": [draftforms.begun(one) for one in _begun(request)[:5]],
        "orderable": [one for one in statuses_of(person) if one.can_order],
    }
    return render(request, "orders/recipient/home.html", context)


@desk("recipient")
@require_GET
def drafts_list(request: DeskRequest) -> HttpResponse:
    """Unfinished forms: go on, take back, throw away."""
    rows = list(_begun(request))
    lines = queries.lines_of_drafts(rows)
    context = {
        "rows": [(row, draftforms.begun(row), lines.get(row.pk), row.holder_id == request.actor.user_id) for row in rows],
        "left_lying": drafts.left_lying(rows),
    }
    return render(request, "orders/recipient/drafts.html", context)


@desk("recipient")
@require_GET
def orders(request: DeskRequest) -> HttpResponse:
    """All orders, newest first."""
    page = Paginator(queries.visible_to(request.actor).order_by("-created_at"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": rows_of(request.actor, page.object_list)}
    return render(request, "orders/recipient/orders.html", context)


@desk("recipient")
@require_GET
def order(request: DeskRequest, number: str) -> HttpResponse:
    """One order: what happens next, the code for the door, the timeline, what can be done."""
    found = queries.order_for(request.actor, number)
    return render(request, "orders/recipient/order.html", {"page": order_page(request.actor, found), "order": found})


@desk("recipient")
@require_http_methods(["GET", "POST"])
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Cancel before the hand-over, after asking."""
    found = queries.order_for(request.actor, number)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_order(actor=request.actor, order=found, note=form.cleaned_data["note"])
        messages.success(request, _("The order was cancelled. You can order again at once."))
        return redirect("orders:recipient-order", number)
    if found.state not in Order.CAN_BE_CANCELLED:
        raise StaleState(state=found.state)
    context = {
        "question": _("Cancel this order?"),
        "consequence": _("The supplier is told. Nothing of your entitlement is lost, and you can order again at once."),
        "button": _("Cancel the order"),
        "back_url": reverse("orders:recipient-order", args=[number]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def refuse(request: DeskRequest, number: str) -> HttpResponse:
    """Refuse what was brought, with a reason."""
    found = queries.order_for(request.actor, number)
    return refuse_page(
        request, found, done=_("Your refusal was recorded. Time for the supplier to answer: %(term)s."), back=_order_url(number)
    )


def _order_url(number: str) -> str:
    return reverse("orders:recipient-order", args=[number])


def refuse_page(request: DeskRequest, found: Order, *, done: str, back: str) -> HttpResponse:
    """Why the goods are refused: at the recipient's desk, or at the counter; ``done`` is said afterwards, with the supplier's term."""
    if found.state not in ORDER.transition("refuse").source:
        raise StaleState(state=found.state)
    length = reference.term("order.refusal_answer", at=clock.today())
    term = term_text(length.amount, length.unit)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.refuse_delivery(actor=request.actor, order=found, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"])
        messages.success(request, done % {"term": term})
        return redirect(back)
    context = {"form": form, "order": found, "back": back, "term": term}
    return render(request, "orders/recipient/refuse.html", context, status=422 if form.errors else 200)


@desk("recipient")
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Read the text, get a code, sign."""
    found = queries.order_for(request.actor, number)
    return confirm_page(
        request,
        found,
        template="orders/recipient/confirm.html",
        here=reverse("orders:recipient-confirm", args=[number]),
        back=reverse("orders:recipient-order", args=[number]),
    )


def confirm_page(request: DeskRequest, found: Order, *, template: str, here: str, back: str) -> HttpResponse:
    """Sign the receipt with a code: at the recipient's desk, or at the counter with the person present."""
    if found.state != Order.State.AWAITING_CONFIRMATION:
        raise StaleState(state=found.state)
    steps: dict[str, Callable[[], HttpResponse | None]] = {
        "ask": lambda: _ask(request, found, here),
        "sign": lambda: _sign(request, found, back),
    }
    form = CodeForm(request.POST if request.POST.get("step") == "sign" else None)
    refusal: DomainError | None = None
    if request.method == "POST" and (request.POST.get("step") != "sign" or form.is_valid()):
        try:
            answer = steps[request.POST.get("step", "ask")]() if request.POST.get("step", "ask") in steps else None
        except (RuleBroken, TooMany) as refused:
            refusal = None if form.is_bound and told_at_field(form, refused, CodeForm.FIELDS) else refused
        else:
            if answer is not None:
                return answer
    signature = signing.asked(found.pk, request.GET.get("asked", request.POST.get("asked", "")))
    context = {
        "order": found,
        "text": bytes(signature.text).decode() if signature else signing.document_of(found).text,
        "asked": signature,
        "form": form,
        "refusal": refusal,
        "has_errors": refusal is not None,
        "here": here,
        "back": back,
    }
    return render(request, template, context, status=refusal.status if refusal else 422 if form.errors else 200)


def _ask(request: DeskRequest, found: Order, here: str) -> HttpResponse:
    return redirect(f"{here}{'&' if '?' in here else '?'}asked={signing.ask_for_code(request.actor, found).pk}")


def _sign(request: DeskRequest, found: Order, back: str) -> HttpResponse | None:
    waiting = signing.asked(found.pk, request.POST.get("asked", ""))
    if waiting is None:
        raise RuleBroken(_("The code is no longer valid."), next_step=_("Ask for a new code."), code="code_expired")
    signature = signing.confirm_code(request.actor, found, waiting.pk, request.POST.get("code", ""))
    actions.confirm_receipt(actor=request.actor, order=found, signature_id=signature.pk)
    messages.success(request, _("Thank you. The receipt is confirmed."))
    return redirect(back)
