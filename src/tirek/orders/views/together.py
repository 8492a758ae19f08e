"""Several orders of one person, looked at on one page and sent by one press, with one receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.words import PriceTold, told_price
from tirek.core import drafts
from tirek.core.acting import check_subject
from tirek.core.actors import Desk
from tirek.core.case.words import CaseView, view_of
from tirek.core.errors import DomainError, NotFound, RuleBroken, TooMany
from tirek.core.keys import read_key
from tirek.orders import together
from tirek.orders.actions import MOST_TOGETHER, OneRefused, submit_together
from tirek.orders.case_types import ORDERS
from tirek.orders.draft_forms import FORM_OF_ORDER, Filled, filled_of_person, note_short
from tirek.orders.forms.person import CONSENT_VERSION, TogetherForm
from tirek.orders.models import Order
from tirek.orders.signing import TOGETHER, Chosen
from tirek.ui.acts import told_at_field
from tirek.ui.browser import is_script, lead_to
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.draftform import CHECK
from tirek.ui.signing import CodeForm, PaperForm, signer_chosen
from tirek.ui.ways import way

#: Begun orders that are read at most.
_MOST: Final = MOST_TOGETHER * 2
_NAMES: Final = tuple(name for name, _shown in FORM_OF_ORDER.seen)


@dataclass(frozen=True, slots=True)
class Entry:
    """One begun order on the page.

    Attributes:
        filled: the draft with what it refers to.
        price: what the person pays.
        url: its own check page.
        without: the page without it.
        refusal: why it cannot be sent as it is.
    """

    filled: Filled
    price: PriceTold
    url: str
    without: str
    refusal: DomainError | None

    @property
    def seen(self) -> dict[str, str]:
        """What the page shows of it, sent back with the press."""
        shown = {name: value(self.filled) for name, value in FORM_OF_ORDER.seen}
        told = drafts.marks(self.filled.draft) | shown
        return {f"{self.filled.draft.pk}-{drafts.SHOWN}{name}": value for name, value in told.items()}


def _price(filled: Filled, *, at_counter: bool) -> PriceTold:
    each = max(filled.version.price - filled.limit.amount, Decimal(0))
    return told_price(each, filled.quantity, at_counter=at_counter, unit=filled.line.kind.unit)


def _asked(request: HttpRequest) -> list[UUID]:
    """The orders that the address, or the press, names."""
    named = (request.POST if request.method == "POST" else request.GET).getlist("draft")
    return [key for key in map(read_key, named) if key is not None]


def _begun(request: DeskRequest, person_key: UUID) -> list[Filled]:
    """Begun orders for the person, opened."""
    if request.actor.desk is Desk.RECIPIENT:
        check_subject(request.actor, person_key)
    return filled_of_person(request.actor, list(together.of_person(request.actor, person_key)[:_MOST]))


def _split(begun: Sequence[Filled], asked: Sequence[UUID]) -> tuple[list[Filled], list[Filled], list[Filled]]:
    """Those that are sent, those that are complete and left out, and those in which something is missing."""
    complete = [one for one in begun if together.is_complete(one.draft)]
    missing = [one for one in begun if one not in complete]
    chosen = [one for one in complete if not asked or one.draft.pk in asked][:MOST_TOGETHER]
    return chosen, [one for one in complete if one not in chosen], missing


def _here(name: str, person_key: UUID, keys: Sequence[UUID]) -> str:
    return f"{reverse(f'orders:{name}', args=[person_key])}?{urlencode([('draft', str(one)) for one in keys])}"


def _without(person_key: UUID, keys: Sequence[UUID], left_out: UUID) -> str:
    """The page without one of the orders; "" where it is the only one."""
    return _here("together", person_key, [key for key in keys if key != left_out]) if len(keys) > 1 else ""


def _final(form: TogetherForm, request: HttpRequest, key: UUID) -> dict[str, str]:
    start = f"{key}-"
    pressed = {name.removeprefix(start): value for name, value in request.POST.items() if name.startswith(start)}
    told = {name: str(value) for name, value in pressed.items()}
    return drafts.told(told, _NAMES) | form.answers_of(key)


def _page(
    request: DeskRequest,
    person_key: UUID,
    form: TogetherForm | CodeForm | PaperForm | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    at_counter = request.actor.desk is Desk.OFFICER
    begun, asked = _begun(request, person_key), _asked(request)
    if at_counter and not begun:
        raise NotFound
    if isinstance(refusal, OneRefused):
        # what has changed meanwhile is brought to what holds now, as on the page of one order
        where = next((n for n, one in enumerate(begun) if one.draft.pk == refusal.draft_key), None)
        if where is not None:
            begun[where], told = FORM_OF_ORDER.renewed(request.actor, begun[where], refusal.broken)
            refusal = OneRefused(refusal.draft_key, told) if isinstance(told, RuleBroken) else refusal
    chosen, left_out, missing = _split(begun, asked)
    keys = [one.draft.pk for one in chosen]
    refused = refusal.draft_key if isinstance(refusal, OneRefused) else None
    entries = [
        Entry(
            filled=one,
            price=_price(one, at_counter=at_counter),
            url=FORM_OF_ORDER.url("step", one.draft.pk, CHECK),
            without=_here("together", person_key, [key for key in keys if key != one.draft.pk])
            if len(keys) > 1
            else "",
            refusal=refusal if one.draft.pk == refused else None,
        )
        for one in chosen
    ]
    context: dict[str, object] = {
        "entries": entries,
        "person": chosen[0].line.person if chosen else None,
        "for_another": request.actor.on_behalf_of is not None,
        "at_counter": at_counter,
        "total": sum((one.split.person for one in chosen), Decimal(0)),
        "left_out": [
            (one, _here("together", person_key, [*keys, one.draft.pk]) if len(keys) < MOST_TOGETHER else "")
            for one in left_out
        ],
        "missing": [(one, FORM_OF_ORDER.url("form", one.draft.pk)) for one in missing],
        "back": way("person", person_key) if at_counter else way("programme"),
        "person_key": person_key,
        "refusal": refusal,
        "has_errors": refusal is not None,
        "form": form if isinstance(form, TogetherForm) else TogetherForm(not_fitting=_not_fitting(chosen)),
    }
    if at_counter and chosen:
        context |= _signing_part(request, person_key, chosen, form, refusal)
    has_errors = form is not None and bool(form.errors)
    status = refusal.status if refusal else 422 if has_errors else 200
    return render(request, "orders/ordering/together.html", context, status=status)


def _not_fitting(chosen: Sequence[Filled]) -> dict[UUID, str]:
    return {one.draft.pk: one.goods for one in chosen if one.does_not_fit}


def _chosen(person_key: UUID, chosen: Sequence[Filled]) -> Chosen:
    """What the person agrees to at the counter with the words of the page."""
    finals = {
        one.draft.pk: {"consent": CONSENT_VERSION, "fit_acknowledged": "yes" if one.does_not_fit else ""}
        for one in chosen
    }
    return Chosen(person_key, [one.draft for one in chosen], finals)


def _signing_part(
    request: DeskRequest,
    person_key: UUID,
    chosen: Sequence[Filled],
    form: TogetherForm | CodeForm | PaperForm | None,
    refusal: DomainError | None,
) -> Mapping[str, object]:
    what, keys = _chosen(person_key, chosen), [one.draft.pk for one in chosen]
    for one in chosen:
        if one.draft.form_version != FORM_OF_ORDER.version:
            drafts.shown_anew(request.actor, one.draft.pk, form_version=FORM_OF_ORDER.version)
            one.draft.form_version = FORM_OF_ORDER.version
    code = form if isinstance(form, CodeForm | PaperForm) else TOGETHER.form(request, what)
    try:
        shown = TOGETHER.context(
            request,
            what,
            form=code,
            refusal=refusal,
            here=_here("together-sign", person_key, keys),
            shown_at=_here("together", person_key, keys),
        )
    except RuleBroken as incomplete:
        return {"incomplete": incomplete}
    return shown | {"signing": TOGETHER}


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def page(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """Begun orders of a person on one page, with what is paid in all; a press sends those that are shown."""
    if request.method == "GET" or request.actor.desk is Desk.OFFICER:
        return _page(request, person_key)
    asked = _asked(request)
    before = _sent_before(request, asked)
    if before is not None:
        return lead_to(request, reverse("orders:together-done", args=[before]))
    chosen, _left_out, _missing = _split(_begun(request, person_key), asked)
    form = TogetherForm(request.POST, not_fitting=_not_fitting(chosen))
    if not form.is_valid():
        return _page(request, person_key, form)
    try:
        key = submit_together(actor=request.actor, finals={one: _final(form, request, one) for one in asked})
    except RuleBroken as refused:
        _note_short(request, refused)
        if is_script(request):
            raise
        return _page(request, person_key, form, refused)
    return lead_to(request, reverse("orders:together-done", args=[key]))


def _note_short(request: DeskRequest, refused: DomainError) -> None:
    if isinstance(refused, OneRefused):
        note_short(request.actor, refused.draft_key, refused.broken)


def _sent_before(request: DeskRequest, keys: Sequence[UUID]) -> UUID | None:
    """The key under which these orders were sent by an earlier press, all together."""
    named = [drafts.draft_for(request.actor, key, form=FORM_OF_ORDER.code) for key in keys[:_MOST]]
    cases = [one.case_id for one in named if one.case_id is not None]
    if not cases or len(cases) < len(named):
        return None
    found = set(Order.objects.filter(pk__in=cases).values_list("sent_together", flat=True))
    return found.pop() if len(found) == 1 else None


def _page_of(request: HttpRequest, person_key: UUID) -> str:
    return _here("together", person_key, [key for key in map(read_key, request.GET.getlist("draft")) if key])


@desk("officer")
@only_post(_page_of)
def sign(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """At the counter: ask for a code, take it, the paper, or what was agreed before, and send the orders."""
    named = [key for key in map(read_key, request.GET.getlist("draft")) if key is not None]
    before = _sent_before(request, named)
    if before is not None:
        return lead_to(request, reverse("orders:together-done", args=[before]))
    chosen, _left_out, _missing = _split(_begun(request, person_key), named)
    if not chosen:
        raise NotFound
    what = _chosen(person_key, chosen)
    step, form = request.POST.get("step", ""), TOGETHER.form(request, what)
    if form.is_bound and not form.is_valid():
        return _page(request, person_key, form)
    try:
        if step == "ask":
            asked = TOGETHER.ask(request.actor, what, signer_chosen(request))
            return redirect(with_query(_page_of(request, person_key), asked=asked.pk))
        given = TOGETHER.sign(request, what, step)
        key = submit_together(actor=request.actor, finals=what.finals, signature_id=given.pk)
    except (RuleBroken, TooMany) as refused:
        _note_short(request, refused)
        at_field = form.is_bound and told_at_field(form, refused, TOGETHER.fields)
        return _page(request, person_key, form, None if at_field else refused)
    messages.success(request, str(TOGETHER.done))
    return lead_to(request, reverse("orders:together-done", args=[key]))


@desk("recipient", "officer")
@require_GET
def receipt(request: DeskRequest, key: UUID) -> HttpResponse:
    """The receipt of orders that were sent together: their numbers, and what follows with each."""
    numbers = ORDERS.visible_to(request.actor).filter(sent_together=key).order_by("number")[:MOST_TOGETHER]
    cases = [ORDERS.opened(request.actor, one.number) for one in numbers]
    if not cases:
        raise NotFound
    shown: list[tuple[Order, CaseView, str]] = [
        (one, view_of(ORDERS, request.actor, one), ORDERS.url(one, request.actor.desk)) for one in cases
    ]
    context = {
        "shown": shown,
        "total": sum((one.person_part for one in cases), Decimal(0)),
        "at_counter": request.actor.desk is Desk.OFFICER,
    }
    return render(request, "orders/ordering/receipt_together.html", context)
