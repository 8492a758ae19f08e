"""What holds for kinds at the administrator's desk, guaranteed amounts, terms and how they are provided alike: what is
in force, the versions of a kind, a new version with what it changes, withdrawal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue.amounts import AMOUNTS, effect_of, without_amount
from tirek.catalogue.models import Kind
from tirek.catalogue.provision import PROVISIONS, after
from tirek.catalogue.queries import kind_of
from tirek.catalogue.regional import Regional
from tirek.catalogue.terms import SAID, TERMS
from tirek.catalogue.words import provided_in_words, provision_in_words, terms_in_words
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import DomainError, NotFound
from tirek.core.reference.dated import standing
from tirek.site.admin_forms import AmountForm, ProvisionForm, TermsForm, show_refusal
from tirek.site.admin_queries import Version, given_of, open_orders_of, told
from tirek.site.views.admin_scenarios import changed_by_kind
from tirek.territory.queries import names
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.text import day_text, tenge_text


@dataclass(frozen=True, slots=True)
class _Table:
    """One of the tables at this desk.

    Attributes:
        table: its versions.
        form: a new version.
        folder: first part of its addresses.
        name: first part of their names: ``<name>``, ``<name>-of-kind``, ``<name>-new``, ``<name>-withdraw``.
        texts: what the pages say, by their place in the templates.
        lines: what a version says, in words.
        begun: what the form of a new version begins with.
        effect: what a new version would change, for the page that checks it.
        missing: kinds of which nothing is in force.
    """

    table: Regional[Any]
    form: type[AmountForm | TermsForm | ProvisionForm]
    folder: str
    name: str
    texts: Mapping[str, Promise]
    lines: Callable[[Any, Kind], Sequence[str]]
    begun: Callable[[Kind], dict[str, object]]
    effect: Callable[[Any], dict[str, object]]
    missing: Callable[[Actor], Sequence[Kind]]

    def address(self, page: str, *keys: object) -> str:
        """The address of one of its pages."""
        return reverse(f"manage:{self.name}{page}", args=keys)

    def page(self, request: DeskRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
        """A page of the table."""
        known = {
            "texts": self.texts,
            "number": self.form is AmountForm,
            "all": f"manage:{self.name}",
            "one": f"manage:{self.name}-of-kind",
            "new": f"manage:{self.name}-new",
            "withdraw": f"manage:{self.name}-withdraw",
        }
        return render(request, f"site/admin/kinds/{template}.html", known | context, status=status)


def _terms_begun(kind: Kind) -> dict[str, object]:
    now = next((one for one in TERMS.present(kind.code, on=clock.today()) if not one.region_code), None)
    return {name: getattr(now, name) for name in SAID} if now else {}


def _without_terms(actor: Actor) -> Sequence[Kind]:
    known = {one.kind_id for one in TERMS.listed(actor, clock.today())}
    return [one for one in Kind.objects.all() if one.code not in known]


def _by_the_classifier(actor: Actor) -> Sequence[Kind]:
    other = {one.kind_id for one in PROVISIONS.listed(actor, clock.today())}
    return [one for one in Kind.objects.all() if one.code not in other]


_AMOUNTS: Final = _Table(
    AMOUNTS,
    AmountForm,
    "prices",
    "prices",
    {
        "title": _lazy("Guaranteed amounts"),
        "lead": _lazy("What the budget pays at most for one unit of a kind, in force on %(day)s."),
        "column": _lazy("Amount"),
        "none": _lazy("No amount is in force on this day"),
        "none_text": _lazy("Enter one for each kind below: until then nobody can order it."),
        "missing": _lazy("Kinds without an amount"),
        "missing_text": _lazy("Nobody can order them until an amount is in force."),
        "kind_none": _lazy("This kind has no amount yet"),
        "kind_none_text": _lazy("Nobody can order it until an amount is in force."),
        "new": _lazy(
            "The budget pays up to this amount for one unit; people pay only what a price lies above it. An amount of "
            "a region goes before that of the whole country."
        ),
    },
    lines=lambda row, _kind: [tenge_text(row.amount)],
    begun=lambda _kind: {},
    effect=lambda row: {
        "effect": effect_of(row),
        "open_orders": open_orders_of(row.kind_id, row.region_code),
    },
    missing=lambda actor: without_amount(actor, clock.today()),
)
_TERMS: Final = _Table(
    TERMS,
    TermsForm,
    "terms",
    "kind-terms",
    {
        "title": _lazy("Quantities and terms"),
        "lead": _lazy("How much of a kind a programme gives, in which parts, and when the next one is due: %(day)s."),
        "column": _lazy("Terms"),
        "none": _lazy("No terms are in force on this day"),
        "none_text": _lazy("Every kind is given once for the programme, as much as the programme says."),
        "missing": _lazy("Kinds without terms"),
        "missing_text": _lazy(
            "They are given once for the programme, as much as it says, without a term to the next one."
        ),
        "kind_none": _lazy("This kind has no terms yet"),
        "kind_none_text": _lazy("It is given once for the programme, as much as the programme says."),
        "new": _lazy(
            "What a programme has given already keeps its quantity and its parts. What one order takes, what is "
            "carried on and when the next one is due count from the first day of the version for everybody. Terms of a "
            "region go before those of the whole country."
        ),
    },
    lines=lambda row, kind: terms_in_words(row, kind.unit).all,
    begun=_terms_begun,
    effect=lambda row: {
        "given": given_of(row.kind_id, row.region_code),
        "open_orders": open_orders_of(row.kind_id, row.region_code),
    },
    missing=_without_terms,
)


_PROVISION: Final = _Table(
    PROVISIONS,
    ProvisionForm,
    "provision",
    "provision",
    {
        "title": _lazy("How kinds are provided"),
        "lead": _lazy("Where a kind is provided otherwise than the classifier says, in force on %(day)s."),
        "column": _lazy("How it is provided"),
        "none": _lazy("Every kind is provided as the classifier says"),
        "none_text": _lazy("Choose a kind below to enter a version for a region."),
        "missing": _lazy("Kinds that are provided as the classifier says"),
        "missing_text": _lazy("A version for a region, or for the whole country, goes before the classifier."),
        "kind_none": _lazy("This kind is provided as the classifier says"),
        "kind_none_text": _lazy("A version for a region, or for the whole country, goes before the classifier."),
        "new": _lazy(
            "The version counts from its first day for everybody there: new orders begin or stop, orders that were "
            "sent go on. What the local body buys rests on a conclusion of the regional commission. A version of a "
            "region goes before that of the whole country."
        ),
    },
    lines=lambda row, _kind: provision_in_words(row),
    begun=lambda _kind: {},
    effect=lambda row: {
        "provision": provided_in_words(after(row)) if row.effective_to else "",
        "is_provision": True,
        "given": given_of(row.kind_id, row.region_code),
        "open_orders": open_orders_of(row.kind_id, row.region_code),
    },
    missing=_by_the_classifier,
)


def _listed(request: DeskRequest, table: _Table) -> HttpResponse:
    day = clock.today()
    rows = table.table.listed(request.actor, day)
    places = names(row.region_code for row in rows)
    context = {
        "rows": [(row, places.get(row.region_code, row.region_code), table.lines(row, row.kind)) for row in rows],
        "missing": table.missing(request.actor),
        "lead": table.texts["lead"] % {"day": day_text(day)},
        "tables": [(one.texts["title"], one.address("")) for one in (_AMOUNTS, _TERMS, _PROVISION)],
    }
    return table.page(request, "list", context)


def _versions(request: DeskRequest, table: _Table, kind: str) -> HttpResponse:
    what = kind_of(kind)
    rows = table.table.versions(request.actor, what)
    places, today = names(row.region_code for row in rows), clock.today()
    context = {
        "kind": what,
        "versions": [
            Version(
                row,
                table.lines(row, what),
                standing(row, today),
                withdraw=table.address("-withdraw", what.code, row.pk),
                place=places.get(row.region_code, row.region_code) if row.region_code else _("whole country"),
            )
            for row in rows
        ],
        "amendments": told(table.table.amendments(request.actor, what, rows)[:50]),
    }
    return table.page(request, "versions", context)


def _new(request: DeskRequest, table: _Table, kind: str) -> HttpResponse:
    what = kind_of(kind)
    form = table.form(request.POST or None, initial=table.begun(what))
    back = table.address("-of-kind", what.code)
    context: dict[str, object] = {"form": form, "back": back, "words": capfirst(what.name)}
    if request.method != "POST" or not form.is_valid():
        return table.page(request, "new", context, 422 if form.errors else 200)
    row, reason = form.entered(what.code), form.cleaned_data["reason"]
    try:
        if "confirmed" in request.POST:
            table.table.amend(actor=request.actor, row=row, reason=reason)
            messages.success(request, _("The new version is saved."))
            return redirect(back)
        table.table.check(actor=request.actor, row=row, reason=reason)
    except DomainError as error:
        show_refusal(form, error, form.FIELDS)
        return table.page(request, "new", context, error.status)
    if "change" in request.POST:
        return table.page(request, "new", context)
    place = names([row.region_code]).get(row.region_code, "")
    before = table.table.at(what.code, territory_code=row.region_code, on=row.effective_from)
    context |= {
        "checked": row,
        "place": place,
        "said": table.lines(row, what),
        "before": table.lines(before, what) if before is not None else [],
        "reason": reason,
        **table.effect(row),
        **changed_by_kind(what.code, row),
    }
    return table.page(request, "check", context)


def _withdraw(request: DeskRequest, table: _Table, kind: str, version: UUID) -> HttpResponse:
    row = next((one for one in table.table.versions(request.actor, kind_of(kind)) if one.pk == version), None)
    if row is None:
        raise NotFound
    back = table.address("-of-kind", kind)
    if request.method == "POST":
        table.table.withdraw(actor=request.actor, key=row.pk)
        messages.success(request, _("The version is withdrawn. The one before it stays in force."))
        return redirect(back)
    context = {
        "question": _("Withdraw this version?"),
        "consequence": _(
            "It will never come into force; the version before it stays. The list of amendments keeps what was "
            "withdrawn."
        ),
        "button": _("Withdraw"),
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


def _pages(table: _Table) -> list[URLPattern]:
    @desk("admin", "analyst")
    @require_GET
    def listed(request: DeskRequest) -> HttpResponse:
        """What is in force, by kind and region, and kinds without anything."""
        return _listed(request, table)

    @desk("admin", "analyst")
    @require_GET
    def of_kind(request: DeskRequest, kind: str) -> HttpResponse:
        """Versions of one kind by region, newest first, and who amended them."""
        return _versions(request, table, kind)

    @desk("admin")
    @require_http_methods(["GET", "POST"])
    def new(request: DeskRequest, kind: str) -> HttpResponse:
        """Enter a new version, see what it changes for people, save it."""
        return _new(request, table, kind)

    @desk("admin")
    @require_http_methods(["GET", "POST"])
    def withdraw(request: DeskRequest, kind: str, version: UUID) -> HttpResponse:
        """Take back a version before its first day."""
        return _withdraw(request, table, kind, version)

    return [
        path(table.folder, listed, name=table.name),
        path(f"{table.folder}/<str:kind>", of_kind, name=f"{table.name}-of-kind"),
        path(f"{table.folder}/<str:kind>/new", new, name=f"{table.name}-new"),
        path(f"{table.folder}/<str:kind>/withdraw/<uuid:version>", withdraw, name=f"{table.name}-withdraw"),
    ]


def urls() -> list[URLPattern]:
    """The addresses of all these tables."""
    return [one for table in (_AMOUNTS, _TERMS, _PROVISION) for one in _pages(table)]
