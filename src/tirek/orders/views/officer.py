"""The officer's desk: what waits in the territory, a person's file, orders, and the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.catalogue.words import measured_in_words
from tirek.core import drafts as core_drafts
from tirek.core import viewlog
from tirek.core.errors import DomainError, NotFound, StaleState
from tirek.entitlements.queries import office_tasks, programmes_of, statuses_of
from tirek.orders import actions, queries, signing
from tirek.orders.filters import Chosen
from tirek.orders.forms import FindForm, HandedOverForm, NoteForm, ReasonForm
from tirek.orders.models import Order
from tirek.orders.pages import order_page, rows_of
from tirek.orders.requests import FORM
from tirek.orders.views.lists import PER_PAGE, address_of, chosen_of, in_the_list, light_counters, list_context, state_counters
from tirek.orders.views.recipient import confirm_page, refuse_page
from tirek.people.queries import (
    find_by_iin,
    give_reason,
    is_in_reach,
    measurements,
    names_of_users,
    needs_of,
    not_to_be_called,
    person_for,
    representatives_of,
)
from tirek.people.words import needs_in_words
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.views.public import safe_next


@desk("officer")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits: people to call, refusals, forms handed to the office."""
    standing = queries.standing(request.actor)
    rows = rows_of(request.actor, queries.needing(request.actor)[:50])
    context = {
        "desk": request.actor.desk.value,
        "form": FindForm(),
        "tasks": office_tasks(request.actor),
        "rows": rows,
        "write_to": not_to_be_called(one.order.person_id for one in rows),
        "waiting": core_drafts.waiting_for_office(request.actor).count(),
        "mine": core_drafts.open_of(request.actor).filter(holder_id=request.actor.user_id).count(),
        "lights": light_counters(standing, Chosen()),
        "counters": state_counters(standing, request.actor.desk),
    }
    return render(request, "orders/officer/home.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def find(request: DeskRequest) -> HttpResponse:
    """Find a person of the territory by IIN (sent by POST: an IIN never stands in an address)."""
    form = FindForm(request.POST or None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            person = find_by_iin(request.actor, form.cleaned_data["iin"], basis=viewlog.View.Basis.PRESENT)
        except DomainError as refused:
            refusal = refused
        else:
            return redirect("orders:officer-person", person.pk)
    context = {"form": form, "refusal": refusal, "has_errors": refusal is not None}
    return render(request, "orders/officer/find.html", context, status=refusal.status if refusal else 422 if form.errors else 200)


@desk("officer")
@require_GET
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """A person's file on one page; the look is recorded."""
    found = person_for(request.actor, key)
    orders = queries.visible_to(request.actor).filter(person=found).order_by("-created_at")[:20]
    measured, needs = list(measurements(found).values()), needs_of(found)
    context = {
        "person": found,
        "representatives": representatives_of(found),
        "measurements": measured_in_words(measured, names_of_users(one.measured_by for one in measured if one.measured_by)),
        "needs": needs,
        "needed": needs_in_words(needs),
        "write_to": {found.pk} if needs.no_voice_calls else set(),
        "programmes": programmes_of(request.actor, found),
        "statuses": statuses_of(found),
        "desk": request.actor.desk.value,
        "rows": rows_of(request.actor, orders),
    }
    return render(request, "orders/officer/person.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def reason(request: DeskRequest, key: UUID) -> HttpResponse:
    """Why a file is opened in which nothing waits; the person sees it among those who looked."""
    if not is_in_reach(request.actor, key):
        raise NotFound
    file = reverse("orders:officer-person", args=[key])
    form, leads_to = ReasonForm(request.POST or None), safe_next(request, request.GET.get("next") or file)
    if request.method == "POST" and form.is_valid():
        give_reason(request.actor, key, form.cleaned_data["reason"])
        return redirect(leads_to)
    return render(request, "orders/officer/reason.html", {"form": form}, status=422 if form.errors else 200)


@desk("officer")
@require_GET
def drafts_list(request: DeskRequest) -> HttpResponse:
    """Forms handed to the office, oldest first, and those the officer has begun."""
    waiting = [row for row in core_drafts.waiting_for_office(request.actor)[:PER_PAGE] if row.form == FORM]
    mine = [row for row in core_drafts.open_of(request.actor) if row.form == FORM and row.holder_id == request.actor.user_id]
    lines = queries.lines_of_drafts([*waiting, *mine])
    context = {
        "waiting": [(row, lines[row.pk]) for row in waiting if row.pk in lines],
        "mine": [(row, lines[row.pk]) for row in mine if row.pk in lines],
    }
    return render(request, "orders/officer/drafts.html", context)


@desk("officer")
@require_GET
def orders(request: DeskRequest) -> HttpResponse:
    """Orders of the territory with filter and deadlines."""
    return render(request, "orders/officer/orders.html", list_context(request, chosen_of(request)))


@desk("officer")
@require_GET
def order(request: DeskRequest, number: str) -> HttpResponse:
    """One order; the look at the person's file is recorded. Previous and next in the list without going back."""
    found = queries.order_opened(request.actor, number)
    needs = needs_of(found.person)
    context = {
        "order": found,
        "page": order_page(request.actor, found),
        "needs": needs,
        "needed": needs_in_words(needs),
    } | in_the_list(request, found)
    return render(request, "orders/officer/order.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest, number: str) -> HttpResponse:
    """Confirm with the person present: by a code to the person's phone, or by a signature on paper."""
    found = queries.order_opened(request.actor, number)
    here, back = address_of(request, "confirm", number), address_of(request, "order", number)
    if request.method == "POST" and request.POST.get("step") == "paper":
        actions.require_second_officer(request.actor, found, signing.delivered(found))
        signature = signing.sign_on_paper(request.actor, found)
        actions.confirm_receipt(actor=request.actor, order=found, signature_id=signature.pk)
        messages.success(request, _("The receipt is confirmed by a signature on paper. Keep the signed sheet in the file."))
        return redirect(back)
    return confirm_page(request, found, template="orders/officer/confirm.html", here=here, back=back)


@desk("officer")
@require_http_methods(["GET", "POST"])
def cancel(request: DeskRequest, number: str) -> HttpResponse:
    """Cancel for the person who is present, after asking."""
    found = queries.order_opened(request.actor, number)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_order(actor=request.actor, order=found, note=form.cleaned_data["note"])
        messages.success(request, _("The order was cancelled."))
        return redirect(address_of(request, "order", number))
    if found.state not in Order.CAN_BE_CANCELLED:
        raise StaleState(state=found.state)
    context = {
        "question": _("Cancel this order for the person?"),
        "consequence": _("The supplier is told. Nothing of the entitlement is lost."),
        "button": _("Cancel the order"),
        "back_url": address_of(request, "order", number),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@desk("officer")
@require_http_methods(["GET", "POST"])
def refuse(request: DeskRequest, number: str) -> HttpResponse:
    """Record the person's refusal, with a reason."""
    found = queries.order_opened(request.actor, number)
    done = _("The refusal was recorded. Time for the supplier to answer: %(term)s.")
    return refuse_page(request, found, done=done, back=address_of(request, "order", number))


@desk("officer")
@require_http_methods(["GET", "POST"])
def handed_over(request: DeskRequest, number: str) -> HttpResponse:
    """Confirm that the goods came although the recipient could tell no code, with a reason."""
    found = queries.order_opened(request.actor, number)
    form, back = HandedOverForm(request.POST or None), address_of(request, "order", number)
    if request.method == "POST" and form.is_valid():
        actions.confirm_hand_over(actor=request.actor, order=found, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"])
        messages.success(request, _("The hand-over is confirmed. The recipient was told and confirms the receipt, or refuses."))
        return redirect(back)
    if found.state not in Order.CAN_BE_HANDED_OVER:
        raise StaleState(state=found.state)
    context = {"form": form, "order": found, "back": back}
    return render(request, "orders/officer/handed_over.html", context, status=422 if form.errors else 200)


@desk("officer")
@require_POST
def let_go_on(request: DeskRequest, number: str) -> HttpResponse:
    """The officer has looked at an order that was to be reviewed: it goes on."""
    found = queries.order_opened(request.actor, number)
    actions.let_go_on(actor=request.actor, order=found)
    messages.success(request, _("The order goes on."))
    return redirect(address_of(request, "order", number))
