"""The page of a prepared order, and what is answered on it: the person, a representative, or an officer."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tirek.core import drafts
from tirek.core.acting import check_subject
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.errors import DomainError, RuleBroken
from tirek.demand.actions import note_shortage
from tirek.orders.case_types import ORDERS
from tirek.orders.draft_forms import home_of, reached
from tirek.orders.forms.person import CONSENT_VERSION, CONSENT_WORDS
from tirek.orders.requests import FORM
from tirek.people.queries import person_for
from tirek.prepared import actions, queries
from tirek.prepared.messages import why
from tirek.prepared.models import Prepared
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.ways import way

#: Prepared orders of a page.
PER_PAGE: Final = 20


def _page(_request: DeskRequest, key: UUID) -> str:
    return reverse("prepared:one", args=[key])


def _shown(request: DeskRequest, prepared: Prepared, refusal: DomainError | None = None) -> HttpResponse:
    at_counter = request.actor.desk is Desk.OFFICER
    line = prepared.line
    mine = drafts.open_of(request.actor).filter(form=FORM, state=Draft.State.OPEN, holder_id=request.actor.user_id)
    look = queries.look_at(prepared, at_counter=at_counter)
    values = reached(request.actor, line, look.quantity)
    context = {
        "prepared": prepared,
        "look": look,
        "earlier": queries.why_earlier(prepared, look) if look.waits else "",
        "ready": look.is_ready and not at_counter and all(values.get(one) for one in ("address", "phone")),
        "why": why(prepared.cause),
        "line": line,
        "others": [] if at_counter else queries.open_of(line.person_id).exclude(pk=prepared.pk)[: queries.MOST],
        "at_counter": at_counter,
        "for_another": request.actor.on_behalf_of is not None,
        "consent": CONSENT_WORDS[CONSENT_VERSION],
        "values": values,
        "begun": mine.filter(subject_id=line.person_id, fields__line__value=str(line.pk)).order_by("pk").first(),
        "back": home_of(request.actor, line),
        "expired": Prepared.State.EXPIRED.label,
        "order_url": ORDERS.url(prepared.order, request.actor.desk) if prepared.order else "",
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "prepared/one.html", context, status=422 if refusal else 200)


@desk("recipient", "officer")
@never_cache
@require_GET
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """What is prepared: goods, supplier, quantity, price, what the person pays, days and address."""
    return _shown(request, queries.prepared_for(request.actor, key))


@desk("recipient")
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """Every prepared order of the person, and whether the person wants any."""
    person = request.actor.subject_id
    rows = queries.of_person(person) if person else Prepared.objects.none()
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "person_key": person,
        "is_unwanted": queries.is_unwanted(person) if person else False,
    }
    return render(request, "prepared/mine.html", context)


@desk("recipient")
@only_post(_page)
def take(request: DeskRequest, key: UUID) -> HttpResponse:
    """Order it by this press; where something has changed, it is shown again and nothing is sent."""
    prepared = queries.prepared_for(request.actor, key)
    try:
        taken = actions.take(actor=request.actor, prepared=prepared, seen=request.POST.dict())
    except RuleBroken as refused:
        if refused.code in {"stock", "offer_gone"} and prepared.version_id is not None:
            note_shortage(line=prepared.line, version_id=prepared.version_id, wanted=prepared.quantity)
        return _shown(request, queries.prepared_for(request.actor, key), refused)
    return redirect("orders:form", taken.draft)


@desk("recipient", "officer")
@only_post(_page)
def decline(request: DeskRequest, key: UUID) -> HttpResponse:
    """Not now."""
    prepared = queries.prepared_for(request.actor, key)
    try:
        actions.decline(actor=request.actor, prepared=prepared)
    except RuleBroken as refused:
        return _shown(request, prepared, refused)
    messages.success(request, _("Nothing was ordered. The item can still be ordered at any time."))
    return redirect(home_of(request.actor, prepared.line))


@desk("recipient", "officer")
@only_post(_page)
def form(request: DeskRequest, key: UUID) -> HttpResponse:
    """To the form of the order, with what is prepared; to the offers where the goods are to be chosen."""
    prepared = queries.prepared_for(request.actor, key)
    try:
        begun = actions.begin_form(actor=request.actor, prepared=prepared)
    except RuleBroken as refused:
        return _shown(request, prepared, refused)
    return redirect("orders:offers", prepared.line_id) if begun is None else redirect("orders:form", begun.pk)


def _home(_request: DeskRequest, person_key: UUID) -> str:
    del person_key
    return "/"


@desk("recipient", "officer")
@only_post(_home)
def wish(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """Whether orders are prepared for a person at all."""
    if request.actor.desk is Desk.RECIPIENT:
        check_subject(request.actor, person_key)
    person = person_for(request.actor, person_key)
    if request.POST.get("wanted") == "yes":
        actions.prepare_again(actor=request.actor, person=person)
        messages.success(request, _("From now on orders are prepared again when something can be ordered."))
    else:
        actions.stop_preparing(actor=request.actor, person=person)
        messages.success(
            request, _("No orders are prepared any more. Everything can still be ordered from the programme.")
        )
    return redirect(way("person", person.pk) if request.actor.desk is Desk.OFFICER else way("programme"))
