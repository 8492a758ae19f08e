"""The supplier's desk: offers with stock and price, one by one, many on a page, and as a table taken along and back."""

from typing import Final, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.actions import update_many, update_variant
from tirek.catalogue.changes import Difference, price_difference
from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.queries import (
    Wanted,
    kinds_of_supplier,
    variant_of_supplier,
    variants_of_supplier,
)
from tirek.catalogue.rules import Change, StockAndPrice
from tirek.catalogue.views.cards import DO, EDIT, check_page
from tirek.core import clock
from tirek.core.errors import DomainError, RuleBroken
from tirek.core.keys import read_key
from tirek.files import tables
from tirek.orders import price_list
from tirek.orders.forms.stock import ItemForm, TableForm, VariantForm, WantedForm
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import supplier_of
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.lists.exports import csv_of, workbook_of
from tirek.ui.lists.lists import MOST_IN_WORKBOOK
from tirek.ui.lists.paging import MOST_COUNTED, BoundedPaginator
from tirek.ui.text import number_text, size_text

T = TypeVar("T")
PER_PAGE: Final = 50
#: Changes and mistakes that the page of the check names one by one.
MOST_TOLD: Final = 200
_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _wanted(form: WantedForm) -> Wanted:
    """What the address narrows the list by; what is unknown counts as not said."""
    form.is_valid()
    said = {name: str(form.cleaned_data.get(name) or "") for name in ("words", "kind", "state", "stock")}
    return Wanted(**said)


def _query(request: DeskRequest, **changed: str) -> str:
    """The query of the address, changed: "" takes a name away."""
    kept = request.GET.copy()
    for name, value in changed.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}" if kept else ""


@desk("supplier")
@require_http_methods(["GET", "POST"])
def offers(request: DeskRequest) -> HttpResponse:
    """The supplier's sizes with stock, price and what the budget pays; with ``edit`` they are changed on the page."""
    supplier = supplier_of(request.actor)
    narrowing = WantedForm(request.GET, kinds=kinds_of_supplier(supplier.pk))
    wanted = _wanted(narrowing)
    page = BoundedPaginator(variants_of_supplier(supplier.pk, wanted).values_list("pk", flat=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    edits = "edit" in request.GET or request.method == "POST"
    sent = request.POST if request.method == "POST" else None
    # what is saved is what was sent, whatever page it is that would stand here now
    keys = _keys_of(sent.getlist("row")) if sent else list(page.object_list)
    items = [one for one in price_list.items(keys, on=clock.today()) if one.variant.offer.supplier_id == supplier.pk]
    forms = [_form_of(one, sent) for one in items] if edits else [None for _one in items]
    refusal: DomainError | None = None
    if sent is not None:
        filled = [form for form in forms if form is not None]
        # every form is asked, so that all mistakes are told at once
        if all([form.is_valid() for form in filled]) and sent.get("step") != EDIT:  # noqa: C419
            priced = [] if sent.get("step") == DO else _new_prices(items, filled)
            if priced:
                back = reverse("orders:supplier-offers") + _query(request)
                return check_page(request, _("Prices of this page"), priced, back_url=back)
            try:
                count = _save_all(request, supplier, items, filled)
            except RuleBroken as moved:
                refusal = moved
            else:
                messages.success(request, _told_saved(count))
                return redirect(reverse("orders:supplier-offers") + _query(request, edit=""))
    broken = [form for form in forms if form is not None and form.is_bound and form.errors]
    context = {
        "filter": narrowing,
        "is_narrowed": wanted != Wanted(),
        "rows": list(zip(items, forms, strict=True)),
        "edits": edits,
        "page_obj": page,
        "counted": page.paginator.count,
        "has_more": page.paginator.count == MOST_COUNTED,
        "edit_query": _query(request, edit="1"),
        "plain_query": _query(request, edit=""),
        "export_query": _query(request, edit="", page=""),
        "broken": broken,
        "refusal": refusal,
        "has_errors": bool(broken) or refusal is not None,
        "state": Offer.State,
    }
    status = 422 if context["has_errors"] else 200
    return render(request, "orders/supplier/offers.html", context, status=status)


def _keys_of(sent: list[str]) -> list[UUID]:
    found = (read_key(one) for one in sent[:PER_PAGE])
    return [key for key in found if key is not None]


def _form_of(one: price_list.Item, sent: QueryDict | None) -> ItemForm:
    now = {"stock": one.variant.stock, "price": one.price}
    shown = {f"shown_{name}": value for name, value in now.items()}
    goods = f"{one.variant.offer.name}, {size_text(one.variant.label)}"
    return ItemForm(sent, prefix=str(one.variant.pk), initial=now | shown, goods=goods)


def _new_prices(items: list[price_list.Item], forms: list[ItemForm]) -> list[Difference]:
    """The prices that change, old beside new."""
    return [
        price_difference(f"{one.variant.offer.name}, {size_text(one.variant.label)}", shown, form.cleaned_data["price"])
        for one, form in zip(items, forms, strict=True)
        if (shown := _or(form.cleaned_data["shown_price"], one.price)) != form.cleaned_data["price"]
    ]


def _save_all(request: DeskRequest, supplier: Supplier, items: list[price_list.Item], forms: list[ItemForm]) -> int:
    changes = []
    for one, form in zip(items, forms, strict=True):
        typed, now = form.cleaned_data, form.initial
        shown = StockAndPrice(_or(typed["shown_stock"], now["stock"]), _or(typed["shown_price"], now["price"]))
        wanted = StockAndPrice(typed["stock"], typed["price"])
        if shown != wanted:
            changes.append(Change(one.variant.pk, shown, wanted, one.variant.article))
    return update_many(actor=request.actor, supplier=supplier, changes=changes)


def _told_saved(count: int) -> str:
    if not count:
        return _("Nothing was changed.")
    said = ngettext("%(n)s size was changed.", "%(n)s sizes were changed.", count) % {"n": number_text(count)}
    kept = _("Orders that were placed before keep their price.")
    return f"{said} {kept}"


@desk("supplier")
@require_GET
def export(request: DeskRequest) -> HttpResponseBase:
    """The offers of the filter as a table, to be changed and brought back: CSV, or XLSX by ``as``."""
    supplier = supplier_of(request.actor)
    wanted = _wanted(WantedForm(request.GET, kinds=kinds_of_supplier(supplier.pk)))
    rows, today = variants_of_supplier(supplier.pk, wanted), clock.today()
    ending = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    lines = price_list.pieces(rows, on=today)
    if ending == "xlsx":
        if rows[MOST_IN_WORKBOOK : MOST_IN_WORKBOOK + 1].exists():
            said = _("A spreadsheet holds at most %(most)s lines. Narrow the list, or download it as CSV.")
            messages.warning(request, said % {"most": number_text(MOST_IN_WORKBOOK)})
            return redirect("orders:supplier-offers")
        book = workbook_of(price_list.HEADS, lines, title=_("Offers"))
        response: HttpResponseBase = HttpResponse(book, content_type=_BOOK)
    else:
        text = csv_of(price_list.HEADS, lines, get_language() or "kk")
        response = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="offers-{today.isoformat()}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@desk("supplier")
@require_http_methods(["GET", "POST"])
def bring_back(request: DeskRequest) -> HttpResponse:
    """A changed table: first what it would change, or what is wrong in it; one press enters all of it."""
    supplier, actor = supplier_of(request.actor), request.actor
    refusal: DomainError | None = None
    if request.POST.get("step") == "do":
        try:
            changes = price_list.opened(actor, request.POST.get("seal", ""))
            count = update_many(actor=actor, supplier=supplier, changes=changes)
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, _told_saved(count))
            return redirect("orders:supplier-offers")
    form = TableForm(request.POST, request.FILES) if request.method == "POST" and not refusal else TableForm()
    context: dict[str, object] = {"form": form, "refusal": refusal, "has_errors": refusal is not None}
    if form.is_bound and form.is_valid():
        try:
            sent = form.cleaned_data["file"]
            lines = tables.read(sent.read(tables.MAX_BYTES + 1))
            reading = price_list.read(supplier, lines)
        except RuleBroken as refused:
            form.add_error("file", f"{refused.message} {refused.next_step}")
        else:
            context |= {
                "reading": reading,
                "told": reading.changes[:MOST_TOLD],
                "wrong": [{"text": one.words} for one in reading.wrong[:MOST_TOLD]],
                "has_errors": bool(reading.wrong),
                "untold": max(len(reading.changes) - MOST_TOLD, 0),
                "seal": price_list.sealed(actor, reading.changes) if not reading.wrong else "",
            }
            return render(request, "orders/supplier/table_check.html", context, status=422 if reading.wrong else 200)
    return render(request, "orders/supplier/table.html", context, status=422 if form.errors or refusal else 200)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def variant(request: DeskRequest, key: UUID) -> HttpResponse:
    """Stock and price of a size; a new price is a new version, for new orders only."""
    supplier = supplier_of(request.actor)
    found = variant_of_supplier(supplier.pk, key)
    price = found.current.price if found.current else None
    now = {"stock": found.stock, "price": price}
    form = VariantForm(request.POST or None, initial=now | {f"shown_{name}": value for name, value in now.items()})
    step = request.POST.get("step", "")
    if request.method == "POST" and form.is_valid() and step not in {DO, EDIT}:
        shown, typed = _or(form.cleaned_data["shown_price"], price), form.cleaned_data["price"]
        if shown != typed:
            goods, back = (
                f"{found.offer.name}, {size_text(found.label)}",
                reverse("orders:supplier-variant", args=[key]),
            )
            return check_page(request, goods, [price_difference(_("Price of one"), shown, typed)], back_url=back)
    if request.method == "POST" and form.is_valid() and step != EDIT and _is_saved(request, found, form):
        messages.success(request, _("Saved. Orders that were placed before keep their price."))
        return redirect("orders:supplier-offers")
    (item,) = price_list.items([found.pk], on=clock.today())
    context = {
        "form": form,
        "variant": found,
        "item": item,
        "versions": found.versions.order_by("-n")[:PER_PAGE],
    }
    return render(request, "orders/supplier/variant.html", context, status=422 if form.errors else 200)


def _or(sent: T | None, now: T) -> T:
    """What a page showed; one that was opened before it said so showed what is there now."""
    return now if sent is None else sent


def _is_saved(request: DeskRequest, found: Variant, form: VariantForm) -> bool:
    """Save what was changed; what changed meanwhile is told at its field, and saving once more goes from there."""
    typed = form.cleaned_data
    now = form.initial
    shown = StockAndPrice(_or(typed["shown_stock"], now["stock"]), _or(typed["shown_price"], now["price"]))
    wanted = StockAndPrice(typed["stock"], typed["price"])
    try:
        update_variant(actor=request.actor, variant=found, shown=shown, wanted=wanted)
    except RuleBroken as moved:
        present = variant_of_supplier(found.offer.supplier_id, found.pk)
        form.data = {
            **{name: str(form.data.get(name, "")) for name in form.data},
            "shown_stock": str(present.stock),
            "shown_price": str(present.current.price) if present.current else "",
        }
        return not told_at_field(form, moved, {"stock_moved": "stock", "price_moved": "price"})
    return True
