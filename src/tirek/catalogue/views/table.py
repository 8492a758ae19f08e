"""The supplier's desk: sizes of a kind as a table that is changed on the page, and by a file taken along and back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import card_book
from tirek.catalogue.actions.many import change_many
from tirek.catalogue.card_imports import CARDS, differences
from tirek.catalogue.changes import SOLD, Difference
from tirek.catalogue.deciding import Decision, Held, WantedOffer, WantedSize, decide, ground, load
from tirek.catalogue.file_columns import columns_of
from tirek.catalogue.models import Kind, Offer, Variant
from tirek.catalogue.offers import check_may_offer
from tirek.catalogue.queries import kind_of, kinds_of_supplier
from tirek.catalogue.table_forms import CardFileForm, KindForm, RowForm
from tirek.catalogue.views.cards import DO, EDIT, check_page
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core import imports as files
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.core.imports import Run
from tirek.core.keys import read_key
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import supplier_of
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import number_text

PER_PAGE: Final = 50
#: Files of the supplier that are listed.
MOST_FILES: Final = 20
_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHANGEABLE: Final = (Offer.State.DRAFT, *SOLD)
_LONGEST: Final = 20
#: Names of the fields of a row, behind the key of its size.
_FIELDS: Final = frozenset({"price", "stock", "article", "days", "seen"})


def _asked(request: DeskRequest, supplier: Supplier) -> tuple[KindForm, Kind | None]:
    """The kind that the address names, and the form that asks for one."""
    own = [(one.code, capfirst(one.name)) for one in kinds_of_supplier(supplier.pk)]
    code = request.GET.get("kind", "")[:_LONGEST]
    return KindForm({"kind": code} if code else None, own=own), kind_of(code) if code else None


def _sizes(supplier: Supplier, kind: Kind, after: str) -> tuple[list[tuple[UUID, UUID]], str]:
    """Cards and sizes of a page, those after a size, and the last of them where there are more (two queries)."""
    rows: QuerySet[Variant] = Variant.objects.filter(
        offer__supplier=supplier, offer__kind=kind, offer__state__in=_CHANGEABLE, active=True
    )
    key = read_key(after) if after else None
    before = rows.filter(pk=key).values_list("offer_id", "pk").first() if key else None
    if before is not None:
        rows = rows.filter(Q(offer__gt=before[0]) | Q(offer=before[0], pk__gt=before[1]))
    found = list(rows.order_by("offer_id", "pk").values_list("offer_id", "pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], str(found[PER_PAGE - 1][1]) if len(found) > PER_PAGE else ""


@desk("supplier")
@require_http_methods(["GET", "POST"])
def table(request: DeskRequest) -> HttpResponse:
    """The supplier's sizes of a kind; a press shows the difference first, the next one saves it."""
    supplier = supplier_of(request.actor)
    asked, kind = _asked(request, supplier)
    if kind is None:
        return render(request, "catalogue/cards/table_kind.html", {"form": asked})
    keys, following = _sizes(supplier, kind, request.GET.get("after", ""))
    sent, step = (request.POST if request.method == "POST" else None), request.POST.get("step", "")
    if sent is not None:
        # what is saved is what was sent, whatever would be on this page now
        keys = _sent(supplier, kind, sent)
    held = load(supplier, kind, only={offer for offer, _size in keys})
    rows = list(_rows(keys, held, sent))
    refusal: RuleBroken | None = None
    # every form is asked, so that all mistakes are told together
    if sent is not None and all([form.is_valid() for form in rows]) and step != EDIT:  # noqa: C419
        back = f"{reverse('catalogue:supplier-card-table')}?{request.GET.urlencode()}"
        try:
            made = _made(request, supplier, kind, rows, held, is_saved=step == DO)
        except DomainError as refused:
            # a card has gone meanwhile, or somebody holds a row: fifty rows of typing are not lost for it
            return _table(request, kind, _as_now(supplier, kind, keys, rows, sent), following, refused)
        differ = [one for decision in made for one in _differences(decision, Words(kind.code))]
        if any(one.wrong for one in made):
            refusal, rows = _refused(made, rows), _as_now(supplier, kind, keys, rows, sent)
        elif step == DO or not differ:
            messages.success(request, _saved(made))
            return redirect(back)
        else:
            return check_page(request, capfirst(kind.name), differ, back_url=back)
    return _table(request, kind, rows, following, refusal)


def _made(
    request: DeskRequest,
    supplier: Supplier,
    kind: Kind,
    rows: Sequence[RowForm],
    held: dict[UUID, Held],
    *,
    is_saved: bool,
) -> list[Decision]:
    """What becomes of the cards of the rows; written, where the difference was seen."""
    if is_saved:
        return change_many(actor=request.actor, supplier=supplier, kind=kind, wanted=list(_wanted(rows)))
    on = ground(supplier, kind)
    return [decide(held[one.key], one, on) for one in _wanted(rows) if one.key]


def _table(
    request: DeskRequest, kind: Kind, rows: Sequence[RowForm], following: str, refusal: DomainError | None
) -> HttpResponse:
    broken = [form for form in rows if form.is_bound and form.errors]
    context = {
        "kind": kind,
        "rows": rows,
        "following": following,
        "is_first": "after" not in request.GET,
        "broken": broken,
        "refusal": refusal,
        "has_errors": bool(broken) or refusal is not None,
    }
    return render(request, "catalogue/cards/table.html", context, status=422 if context["has_errors"] else 200)


def _sent(supplier: Supplier, kind: Kind, names: Iterable[str]) -> list[tuple[UUID, UUID]]:
    """Cards and sizes of the rows that were sent, by the names of their fields."""
    rows = dict.fromkeys(one.rpartition("-")[0] for one in names if one.rpartition("-")[2] in _FIELDS)
    keys = [key for one in list(rows)[:PER_PAGE] if (key := read_key(one)) is not None]
    own = Variant.objects.filter(offer__supplier=supplier, offer__kind=kind, active=True, pk__in=keys)
    return list(own.order_by("offer_id", "pk").values_list("offer_id", "pk"))


def _rows(keys: Sequence[tuple[UUID, UUID]], held: dict[UUID, Held], sent: QueryDict | None) -> Iterator[RowForm]:
    before = None
    for offer, size in keys:
        if offer in held and size in held[offer].sizes:
            one = held[offer]
            yield RowForm(sent, held=one, size=one.sizes[size], has_days=offer != before)
            before = offer


def _wanted(rows: Sequence[RowForm]) -> Iterator[WantedOffer]:
    """What is typed, card by card; the place in the table counts as the line."""
    cards: dict[UUID, WantedOffer] = {}
    for line, form in enumerate(rows):
        typed, key = form.cleaned_data, form.held.offer.pk
        card = cards.setdefault(key, WantedOffer(line, key, {}, []))
        if "days" in typed:
            card.card = {"delivery_days": typed["days"] or 0}
            card.shown = form.shown
        values = {name: typed[name] for name in ("price", "stock", "article")}
        card.sizes.append(WantedSize(line, form.size.key, values, {}, form.shown))
    yield from cards.values()


def _differences(made: Decision, words: Words) -> list[Difference]:
    """Old and new of a card, each with its name."""
    title = made.held.offer.name if made.held else ""
    return [Difference(f"{title}, {one.name}", one.before, one.after, one.at_once) for one in differences(made, words)]


def _refused(made: Sequence[Decision], rows: Sequence[RowForm]) -> RuleBroken:
    """What is wrong is told with its goods; the next press goes from what is there now."""
    told = [f"{rows[line].goods}: {text}" for one in made for line, text in one.wrong]
    return RuleBroken(" ".join(told), next_step=_("Nothing was saved. What you typed is kept."), code="moved")


def _as_now(
    supplier: Supplier, kind: Kind, keys: Sequence[tuple[UUID, UUID]], rows: Sequence[RowForm], sent: QueryDict
) -> list[RowForm]:
    """The rows with what was typed, beside what is there now: what nobody has touched is as it is now."""
    held, data = load(supplier, kind, only={offer for offer, _size in keys}), sent.copy()
    fresh = {form.prefix: form for form in _rows(keys, held, None)}
    for form in rows:
        now = fresh.get(form.prefix)
        if now is None:
            continue
        data[f"{form.prefix}-seen"] = str(now.initial["seen"])
        for name, shown in (("price", "price"), ("stock", "stock"), ("article", "article"), ("days", "delivery_days")):
            if name in form.fields and form.cleaned_data.get(name) == form.shown.get(shown):
                data[f"{form.prefix}-{name}"] = str(now.initial[name] if now.initial[name] is not None else "")
    again = list(_rows(keys, held, data))
    for form in again:
        form.is_valid()
    return again


def _saved(made: Sequence[Decision]) -> str:
    count = sum(len(one.sizes_differ) or bool(one.card_differs[1]) for one in made)
    if not count:
        return _("Nothing was changed.")
    told = ngettext("%(n)s size was changed.", "%(n)s sizes were changed.", count) % {"n": number_text(count)}
    if any(one.proposed is not None for one in made):
        waits = _("Some of it waits: send each card for admission.")
        return f"{told} {waits}"
    return told


# --- by a file


@desk("supplier")
@require_GET
def book(request: DeskRequest) -> HttpResponseBase:
    """The supplier's offers of a kind as a table, or an empty one: XLSX, or CSV by ``as``."""
    supplier = supplier_of(request.actor)
    kind = kind_of(request.GET.get("kind", "")[:_LONGEST])
    columns = columns_of(kind)
    is_empty, language = "empty" in request.GET, get_language() or "kk"
    held = {} if is_empty else load(supplier, kind)
    name = f"{kind.code.lower()}{'-empty' if is_empty else ''}-{clock.today().isoformat()}"
    lines = card_book.lines_of_offers(held.values(), columns, kind)
    if request.GET.get("as") == "csv":
        return _csv(columns, lines, name, language)
    return _workbook(card_book.as_workbook(columns, lines, kind), name)


def _csv(columns: Any, lines: Any, name: str, language: str) -> HttpResponseBase:  # noqa: ANN401 - as the book has them
    def said() -> Iterator[str]:
        # read piece by piece, when the language of the request is over
        with override(language):
            yield from card_book.as_csv(columns, lines)

    return _attached(StreamingHttpResponse(said(), content_type="text/csv; charset=utf-8"), f"{name}.csv")


def _workbook(content: bytes, name: str) -> HttpResponseBase:
    return _attached(HttpResponse(content, content_type=_BOOK), f"{name}.xlsx")


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@desk("supplier")
@require_http_methods(["GET", "POST"])
def brought(request: DeskRequest) -> HttpResponse:
    """Take a table of a kind along, bring it back; the files that were brought."""
    supplier = supplier_of(request.actor)
    asked, kind = _asked(request, supplier)
    form = CardFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and kind is not None and form.is_valid():
        chosen = form.cleaned_data["file"]
        made = files.begin_file(
            actor=request.actor, file=CARDS, about=kind.code, file_name=chosen.name or "", content=chosen.read()
        )
        return redirect("catalogue:supplier-card-file", made.pk)
    refusal: RuleBroken | None = None
    try:
        check_may_offer(supplier)
    except RuleBroken as refused:
        refusal = refused
    context = {
        "asked": asked,
        "kind": kind,
        "form": form,
        "files": files.runs_of_file(request.actor, CARDS).defer("content", "found")[:MOST_FILES],
        "not_allowed": refusal,
        "has_errors": bool(form.errors),
    }
    return render(request, "catalogue/cards/files.html", context, status=422 if form.errors else 200)


def _run_of(request: DeskRequest, key: UUID) -> Run:
    found = files.runs_of_file(request.actor, CARDS).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


@desk("supplier")
@require_http_methods(["GET", "POST"])
def one_file(request: DeskRequest, key: UUID) -> HttpResponse:
    """What a file would change, and what is wrong in it; take it, check it again, or delete it."""
    found = _run_of(request, key)
    if request.method == "POST":
        if "again" in request.POST:
            files.check_again(actor=request.actor, run=found)
        elif "off" in request.POST:
            files.take_off(actor=request.actor, run=found)
        else:
            done = files.confirm(actor=request.actor, run=found)
            if done.state == Run.State.DONE:
                messages.success(request, _("The file was taken as a whole."))
        return redirect("catalogue:supplier-card-file", found.pk)
    told = found.told
    for card in told.get("told", []):
        card["differences"] = [Difference(*row) for row in card["differences"]]
    context = {
        "run": found,
        "kind": kind_of(found.about),
        "told": told,
        "wrong_lines": told.get("wrong_lines", 0),
        "untold_wrong": max(told.get("wrong_lines", 0) - len(found.mistakes), 0),
        "untold_new": max(told.get("new_cards", 0) - len(told.get("new", [])), 0),
        "is_at_work": found.is_at_work,
    }
    return render(request, "catalogue/cards/file.html", context)


@desk("supplier")
@require_GET
def wrong(request: DeskRequest, key: UUID) -> HttpResponseBase:
    """Lines with mistakes as they were typed, what is wrong beside each: XLSX, or CSV by ``as``."""
    found = _run_of(request, key)
    told = found.told
    if not told.get("bad"):
        raise NotFound
    kind = kind_of(found.about)
    columns, lines = card_book.wrong_lines(told, columns_of(kind))
    if request.GET.get("as") == "csv":
        return _csv(columns, lines, "mistakes", get_language() or "kk")
    return _workbook(card_book.as_workbook(columns, lines, kind), "mistakes")
