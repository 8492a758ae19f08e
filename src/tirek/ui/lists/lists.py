"""The list of a case type at the desks of staff: declared once, with its pages and addresses."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import counting, deadlines, figures
from tirek.core.case.registry import CaseType
from tirek.core.case.words import ListedCase, listed
from tirek.core.errors import NotFound, RuleBroken, Text
from tirek.core.numbers import Series
from tirek.core.tables import CaseRow
from tirek.ui.desks import DeskRequest, Wrapped, desk, only_post
from tirek.ui.lists import bulk as many
from tirek.ui.lists import filters, saved
from tirek.ui.lists.bulk import Bulk, Sheet
from tirek.ui.lists.exports import Field, as_csv, as_xlsx
from tirek.ui.lists.filters import DAY, DEADLINE, NUMBER, Chosen, FilterForm, SaveFilterForm, Sorting, chosen
from tirek.ui.lists.paging import MOST_COUNTED, CasePaginator
from tirek.ui.text import number_text

PER_PAGE: Final = 50
#: Cases of a workbook; more are taken along as CSV.
MOST_IN_WORKBOOK: Final = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list beside number, state and deadline.

    Attributes:
        head: its words.
        show: what it says of a case.
        sorting: by which it can be ordered.
        desks: desks that have it; every one when empty.
        kind: "number" stands to the right.
        names_person: whether it says whom a case is about: left out of the list of one person.
    """

    head: Text
    show: Callable[[Any], object]
    sorting: Sorting | None = None
    desks: frozenset[Desk] = frozenset()
    kind: str = ""
    names_person: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """The table that can be taken along.

    Attributes:
        name: beginning of the file's name.
        fields: heads and values.
        desks: desks that may take it along.
    """

    name: str
    fields: Sequence[Field]
    desks: frozenset[Desk]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases a desk has, by state and by the light of their deadline, and in which districts (КАТО codes;
    ``None`` where the count does not tell those of all open ones).
    """

    by_state: dict[str, int]
    by_light: dict[str, int]
    places: frozenset[str] | None = None


def _no_places(_actor: Actor, _known: frozenset[str] | None) -> list[tuple[str, str]]:
    return []


def _nothing(_actor: Actor, _rows: Sequence[ListedCase]) -> dict[UUID, str]:
    return {}


@dataclass(frozen=True)
class CaseList:
    """A list of cases at the desks of staff.

    Attributes:
        case: the case type.
        title: heading, by desk.
        columns: what a row says beside number, state and deadline.
        routes: name of its routes, ``orders:orders`` for ``orders:officer-orders``; a list without pages of its own has
            none and is only a table.
        counted: how many there are, in words.
        series: how a typed number is understood; without it only whole numbers are found.
        since: the first year of the series.
        places: districts by which the list can be narrowed at a desk, code and name; told those of the open cases when
            they are known.
        tags: a further tag beside the state, by the key of the case: what an officer is asked to do.
        tag_tone: how loud that tag is.
        export: the table that can be taken along.
        bulk: what can be done with many at once, by desk.
        sheets: pages about cases that are ticked, by desk.
        per_page: cases on a page.
    """

    case: CaseType[Any]
    title: Mapping[Desk, Text]
    columns: Sequence[Column]
    routes: str = ""
    counted: Callable[[int], str] = str
    series: Series | None = None
    since: int = 2026
    places: Callable[[Actor, frozenset[str] | None], list[tuple[str, str]]] = _no_places
    tags: Callable[[Actor, Sequence[ListedCase]], dict[UUID, str]] = _nothing
    tag_tone: str = "stopped"
    export: Export | None = None
    bulk: Mapping[Desk, Sequence[Bulk]] = field(default_factory=dict)
    sheets: Mapping[Desk, Sequence[Sheet]] = field(default_factory=dict)
    per_page: int = PER_PAGE

    # --- reading

    def sortings(self, at: Desk) -> list[Sorting]:
        """The orders in which the list can stand at a desk."""
        common = [DAY, DEADLINE, NUMBER]
        own = [one.sorting for one in self.columns_of(at) if one.sorting and one.sorting not in common]
        return common + own

    def columns_of(self, at: Desk) -> list[Column]:
        """The columns of a desk."""
        return [one for one in self.columns if not one.desks or at in one.desks]

    def chosen(self, actor: Actor, values: Mapping[str, str]) -> Chosen:
        """The filter that an address asks for at the actor's desk."""
        return chosen(self.case, values, self.sortings(actor.desk))

    def _narrowed(self, actor: Actor, one: Chosen) -> QuerySet[Any]:
        # what is sorted by another table's column is read from that one's index
        is_own = bool(one.state) or "__" not in self._column(actor, one.sort)
        rows = self.case.scope.visible_to(actor, in_days=is_own and not one.district)
        rows = rows.filter(state=one.state) if one.state else rows.filter(state__in=self.case.model.open_states())
        return rows.filter(territory_code=one.district) if one.district else rows

    def rows(self, actor: Actor, one: Chosen) -> QuerySet[Any]:
        """Visible cases as a filter wants them. A number is looked for in every state."""
        if one.number:
            whole = self.series.read(one.number, since=self.since) if self.series else []
            rows = self.case.visible_to(actor).filter(number__in=[*whole, one.number])
        else:
            rows = self._narrowed(actor, one)
            if one.light:
                rows = rows.filter(deadlines.in_light(one.light))
        column, falls = self._column(actor, one.sort), one.sort.startswith("-")
        if not falls:
            return rows.order_by(column, "pk")
        # an index is read backwards as it is: only what can be empty is told where to stand
        last = F(column).desc(nulls_last=True) if self._can_be_empty(column) else f"-{column}"
        return rows.order_by(last, "-pk")

    def _filled(self, actor: Actor, one: Chosen) -> QuerySet[Any] | None:
        """Of ``rows`` in falling order those whose column is not empty; nothing where an index has all of them so."""
        column = self._column(actor, one.sort)
        if not one.sort.startswith("-") or not self._can_be_empty(column):
            return None
        return self.rows(actor, one).filter(**{f"{column}__isnull": False}).order_by(f"-{column}", "-pk")

    def _column(self, actor: Actor, sort: str) -> str:
        name = sort.removeprefix("-")
        return next(one.column for one in self.sortings(actor.desk) if one.name == name)

    def _can_be_empty(self, column: str) -> bool:
        model: Any = self.case.model
        for name in column.split("__"):
            found = model._meta.get_field(name)
            if found.null:
                return True
            model = found.related_model
        return False

    def counts(self, actor: Actor, one: Chosen | None = None) -> Counts:
        """Counts of open cases (of the filter's state and district): those of an office from the figures that are kept
        (one query), the others from their rows, which are few, for a filter with their districts.
        """
        by_state: dict[str, int] = {}
        by_light = dict.fromkeys(filters.RUNNING, 0)
        filter_now, places = one or Chosen(), None
        counted = self._kept(actor, filter_now)
        if counted is None:
            rows = self._narrowed(actor, filter_now)
            counted = counting.by_light(rows)
            if one and not one.state and not one.district:
                reader = (self.case.code, actor.desk, actor.user_id, actor.organisation_id, actor.territory)
                places = counting.places_of(rows, counted, reader=reader)
        for state, light, count in counted:
            by_state[state] = by_state.get(state, 0) + count
            if light is not None:
                by_light[light] = by_light.get(light, 0) + count
        return Counts(by_state, by_light, places)

    def _kept(self, actor: Actor, one: Chosen) -> list[tuple[str, str | None, int]] | None:
        of_office = actor.desk is Desk.OFFICER and self.case.scope.is_plain
        if not of_office or not actor.territory or one.state in self.case.model.ENDED:
            return None
        return figures.lights(self.case, actor.territory, place=one.district, state=one.state)

    def neighbours(self, actor: Actor, case: CaseRow, one: Chosen) -> tuple[str, str]:
        """Numbers of the cases before and after this one in the desk's list by a filter; "" at the ends.

        The case itself may have left the list meanwhile: its place is where it would stand.
        """
        column, falls = self._column(actor, one.sort), one.sort.startswith("-")
        rows = self.rows(actor, one).exclude(pk=case.pk)
        value = self.case.model._default_manager.filter(pk=case.pk).values_list(column, flat=True).get()
        beyond, behind = ("lt", "gt") if falls else ("gt", "lt")
        if value is None:
            # nothing owed stands last
            later = Q(**{f"{column}__isnull": True, f"pk__{beyond}": case.pk})
            sooner = Q(**{f"{column}__isnull": False}) | Q(**{f"{column}__isnull": True, f"pk__{behind}": case.pk})
        else:
            later, sooner = (
                # the bound once more by itself, as an index reads it
                Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": case.pk}))
                for way in (beyond, behind)
            )
            if self._can_be_empty(column):
                later |= Q(**{f"{column}__isnull": True})
        after = rows.filter(later).values_list("pk", flat=True).first()
        before = rows.filter(sooner).reverse().values_list("pk", flat=True).first()
        numbers = dict(self.case.model._default_manager.filter(pk__in=[before, after]).values_list("pk", "number"))
        return numbers.get(before, ""), numbers.get(after, "")

    # --- what pages are made of

    def url(self, at: Desk) -> str:
        """The list at a desk."""
        return reverse(f"{self.routes_of(at)}")

    def routes_of(self, at: Desk, part: str = "") -> str:
        """Name of a route of the list at a desk."""
        app, _colon, name = self.routes.partition(":")
        return f"{app}:{at.value}-{name}{f'-{part}' if part else ''}"

    def table(
        self,
        actor: Actor,
        cases: Iterable[CaseRow],
        *,
        one: Chosen | None = None,
        ticks: bool = False,
        caption: Text = "",
        of_person: bool = False,
    ) -> dict[str, object]:
        """Cases as the table of ``ui/lists/table.html`` (three queries at most).

        Args:
            actor: who reads.
            cases: in their order.
            one: the filter of the list's own page, which makes heads into links.
            ticks: whether cases can be ticked for ``bulk``.
            caption: in the place of the list's title.
            of_person: all of them are about one person, whom the page names.
        """
        rows = listed(self.case, actor, list(cases))
        columns = [(str(col.head), col) for col in self.columns_of(actor.desk) if not (of_person and col.names_person)]
        tags = self.tags(actor, rows)
        ways = (
            {way.name: (one.sorted_by(way.name), one.direction(way.name)) for way in self.sortings(actor.desk)}
            if one
            else {}
        )
        can_tick = self._can_be_ticked(actor.desk)
        return {
            "caption": caption or self.title[actor.desk],
            # a table whose cases owe nothing has no column for it
            "has_days": one is not None or any(row.deadline for row in rows),
            "ways": ways,
            "by": ways.get(DEADLINE.name),
            "number": ways.get(NUMBER.name),
            "heads": [
                (head, ways.get(column.sorting.name) if column.sorting else None, column.kind)
                for head, column in columns
            ],
            "rows": [
                {
                    "case": row.case,
                    "url": self.case.url(row.case, actor.desk),
                    "state": row.state,
                    "tone": row.tone,
                    "tag": "" if row.has_ended else tags.get(row.case.pk, ""),
                    "deadline": row.deadline,
                    "cells": [(head, column.show(row.case), column.kind) for head, column in columns],
                    "can_tick": row.case.state in can_tick,
                }
                for row in rows
            ],
            "suffix": one.suffix if one else "",
            "tag_tone": self.tag_tone,
            "ticks": ticks and bool(can_tick),
        }

    def _sources(self, one: Bulk) -> frozenset[str]:
        return frozenset(str(state) for state in self.case.process.transition(one.act.transition).source)

    def _can_be_ticked(self, at: Desk) -> set[str]:
        """States in which a case can be carried on with others, or stands on a sheet."""
        acts = (self._sources(one) for one in self.bulk.get(at, ()))
        return set().union(*acts, *(one.states for one in self.sheets.get(at, ())))

    def _buttons(self, at: Desk, states: Collection[str]) -> list[tuple[Text, str]]:
        """Words and address of each button under a list in which cases of these states can be ticked."""
        acts = [
            (one.button or one.title, reverse(self.routes_of(at, "bulk"), args=[one.name]))
            for one in self.bulk.get(at, ())
            if self._sources(one) & set(states)
        ]
        return acts + [(one.button, one.url) for one in self.sheets.get(at, ()) if one.states & set(states)]

    def light_counters(self, actor: Actor, counts: Counts, one: Chosen | None = None) -> dict[str, object]:
        """Counters by the light of the deadline, gravest first; of those at zero only the one that is looked at."""
        filter_now = one or Chosen()
        shown = [light for light in filters.LIGHTS if counts.by_light.get(light) or light == filter_now.light]
        return {
            "url": self.url(actor.desk),
            "light": filter_now.light,
            "lights": [
                (light.value, light.label, counts.by_light.get(light, 0), filter_now.with_light(light))
                for light in shown
            ],
        }

    def state_counters(self, actor: Actor, counts: Counts) -> dict[str, object]:
        """Counters of the open states in which there is a case."""
        kind = self.case
        states = [
            (state, kind.words.state_name(kind.model.State, state, actor.desk))
            for state in kind.model.open_states()
            if counts.by_state.get(state)
        ]
        return {
            "url": self.url(actor.desk),
            "states": [(state, words, counts.by_state[state]) for state, words in states],
        }

    def place_of(self, request: DeskRequest, case: CaseRow) -> dict[str, object]:
        """Where a case stands in the list it was opened from: filter, way back, and neighbours ("" at the ends)."""
        one = self.chosen(request.actor, request.GET)
        before, after = self.neighbours(request.actor, case, one)
        return {
            "suffix": one.suffix,
            "back": self.url(request.actor.desk) + one.suffix,
            "before": self._address(request.actor, before),
            "after": self._address(request.actor, after),
        }

    def _address(self, actor: Actor, number: str) -> str:
        return self.case.url(self.case.model(number=number), actor.desk) if number else ""

    # --- pages

    def _page(self, request: DeskRequest, one: Chosen, *, saving: SaveFilterForm | None = None) -> HttpResponse:
        actor, kind = request.actor, self.case
        kept = list(saved.saved_filters(actor, kind.code))
        # what has ended owes nothing, and a number is looked for in every state
        has_lights = one.state not in kind.model.ENDED and not one.number
        counts = self.counts(actor, one) if has_lights else Counts({}, dict.fromkeys(filters.RUNNING, 0))
        counted = (
            (counts.by_light.get(one.light, 0) if one.light else sum(counts.by_state.values())) if has_lights else None
        )
        pages = CasePaginator(
            kind, self.rows(actor, one), self.per_page, filled=self._filled(actor, one), counted=counted
        )
        page = pages.get_page(request.GET.get("page"))
        states = [
            (state, kind.words.state_name(kind.model.State, state, actor.desk)) for state in kind.model.State.values
        ]
        table = self.table(actor, page.object_list, one=one, ticks=True)
        rows: Any = table["rows"]
        ticks = [(place, row["case"].state) for place, row in enumerate(rows, start=1) if row["can_tick"]]
        untold = request.session.pop(self.routes_of(actor.desk, "bulk"), "") if self.bulk.get(actor.desk) else ""
        context = {
            "title": self.title[actor.desk],
            "chosen": one,
            "filter": FilterForm(
                one,
                states=states,
                districts=self.places(actor, counts.places),
                sortings=self.sortings(actor.desk),
                lights=[light for light in filters.LIGHTS if light.value in counts.by_light],
            ),
            "by_light": self.light_counters(actor, counts, one) if has_lights else None,
            "saved": [(row, reverse(self.routes_of(actor.desk, "filter"), args=[row.pk])) for row in kept],
            "is_saved": any(row.query == one.query for row in kept),
            "saving": saving or SaveFilterForm(initial={"query": one.query}),
            "save_url": reverse(self.routes_of(actor.desk, "filters")),
            "counted": self.counted(page.paginator.count),
            "has_more": page.paginator.count == MOST_COUNTED,
            "page_obj": page,
            "table": table,
            "buttons": self._buttons(actor.desk, {state for _place, state in ticks}),
            "can_tick": bool(ticks),
            "nothing_ticked": [{"text": untold, "target": f"tick-{ticks[0][0]}" if ticks else ""}] if untold else [],
            "all_ticked": "all" in request.GET,
            "export_url": self._export_url(actor, one),
            "has_errors": saving is not None or bool(untold),
        }
        return render(request, "ui/lists/list.html", context, status=422 if saving is not None else 200)

    def _export_url(self, actor: Actor, one: Chosen) -> str:
        if self.export is None or actor.desk not in self.export.desks:
            return ""
        return f"{reverse(self.routes_of(actor.desk, 'export'))}?{one.query}"

    def view(self, at: Desk) -> Wrapped[[]]:
        """The list with its filter."""

        @desk(at.value)
        @require_GET
        def cases(request: DeskRequest) -> HttpResponse:
            return self._page(request, self.chosen(request.actor, request.GET))

        return cases

    def _save_view(self, at: Desk) -> Wrapped[[]]:
        @desk(at.value)
        @only_post(lambda _request: self.url(at))
        def save(request: DeskRequest) -> HttpResponse:
            """Keep the filter of the list under a name."""
            form = SaveFilterForm(request.POST)
            one = self.chosen(request.actor, QueryDict(request.POST.get("query", "")))
            if form.is_valid():
                try:
                    kept = saved.save_filter(
                        actor=request.actor, code=self.case.code, name=form.cleaned_data["name"], chosen=one
                    )
                except RuleBroken as refused:
                    form.add_error("name", f"{refused.message} {refused.next_step}")
                else:
                    said = _("The filter “%(name)s” is saved. Its link is above the list.")
                    messages.success(request, said % {"name": kept.name})
                    return redirect(self.url(at) + one.suffix)
            return self._page(request, one, saving=form)

        return save

    def _delete_view(self, at: Desk) -> Wrapped[[UUID]]:
        @desk(at.value)
        @require_http_methods(["GET", "POST"])
        def delete(request: DeskRequest, key: UUID) -> HttpResponse:
            """Delete a kept filter, after asking."""
            kept = saved.saved_filter(request.actor, self.case.code, key)
            if request.method == "POST":
                saved.delete_filter(actor=request.actor, code=self.case.code, key=key)
                messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": kept.name})
                return redirect(self.url(at))
            context = {
                "question": _("Delete the filter “%(name)s”?") % {"name": kept.name},
                "consequence": _("Only the link above the list goes. Nothing else changes."),
                "button": _("Delete the filter"),
                "back_url": f"{self.url(at)}?{kept.query}",
            }
            return render(request, "ui/confirm.html", context)

        return delete

    def _export_view(self, at: Desk, export: Export) -> Wrapped[[]]:
        @desk(at.value)
        @require_GET
        def take_along(request: DeskRequest) -> HttpResponseBase:
            """The cases of the filter as a table for a spreadsheet: CSV, or XLSX by ``as``."""
            rows = self.rows(request.actor, self.chosen(request.actor, request.GET))
            ending = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
            if ending == "xlsx" and rows[MOST_IN_WORKBOOK : MOST_IN_WORKBOOK + 1].exists():
                said = _("A spreadsheet holds at most %(most)s cases. Narrow the list, or download it as CSV.")
                messages.warning(request, said % {"most": number_text(MOST_IN_WORKBOOK)})
                return redirect(self.url(at) + self.chosen(request.actor, request.GET).suffix)
            if ending == "xlsx":
                book = as_xlsx(self.case, request.actor, rows, export.fields, title=self.title[at])
                mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                response: HttpResponseBase = HttpResponse(book, content_type=mime)
            else:
                lines = as_csv(self.case, request.actor, rows, export.fields, get_language() or "kk")
                response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            name = f"{export.name}-{clock.today().isoformat()}.{ending}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            response.headers["Cache-Control"] = "no-store"
            return response

        return take_along

    def _bulk_view(self, at: Desk) -> Wrapped[[str]]:
        here = self.routes_of(at, "bulk")

        @desk(at.value)
        @require_http_methods(["GET", "POST"])
        def carry_on(request: DeskRequest, name: str) -> HttpResponse:
            """The form for all that are ticked, a page that says what will happen, then each with its outcome."""
            bulk = next((one for one in self.bulk[at] if one.name == name), None)
            if bulk is None:
                raise NotFound
            posted, sent = request.method == "POST", request.POST if request.method == "POST" else request.GET
            numbers = sent.getlist("case")[: self.per_page]
            # of one role: the same account may work for two organisations
            outcome = f"{here} {name} {request.actor.organisation_id}"
            if not posted and "done" in sent and outcome in request.session:
                return self._bulk_page(request, bulk, many.kept(request.session[outcome]), "done")
            if not numbers:
                request.session[here] = str(bulk.none)
                return redirect(self._list_of(request.actor, sent))
            form = many.form_of(bulk, sent, bound=not bulk.asks or (posted and sent.get("step") != "change"))
            if not form.is_valid():
                return self._bulk_form(request, bulk, form, numbers)
            answers = many.answers_of(form)
            actor, given = request.actor, form.cleaned_data
            if not posted or sent.get("step") != "do":
                found = many.plan(self.case, bulk, actor=actor, numbers=numbers, given=given)
                typed = [(field, value) for field, value in sent.items() if field not in many.NO_ANSWERS]
                shown = {"numbers": numbers, "given": typed, "filter": sent.get("filter", "")}
                return self._bulk_page(request, bulk, many.Outcome(answers, many.told(found)), "check", **shown)
            found = many.carry_out(self.case, bulk, actor=actor, numbers=numbers, given=given)
            # asked for anew, the page tells what was done and does nothing
            request.session[outcome] = many.Outcome(answers, many.told(found)).plain()
            return redirect(f"{reverse(here, args=[name])}?done")

        return carry_on

    def _list_of(self, actor: Actor, sent: QueryDict) -> str:
        """The list with the filter under which cases were ticked."""
        return self.url(actor.desk) + self.chosen(actor, QueryDict(sent.get("filter", ""))).suffix

    def _bulk_form(self, request: DeskRequest, bulk: Bulk, form: forms.Form, numbers: list[str]) -> HttpResponse:
        at = request.actor.desk
        ticked = self.case.visible_to(request.actor).filter(number__in=numbers).order_by("-created_at")
        context = {
            "bulk": bulk,
            "numbers": numbers,
            "form": form,
            "back": self._list_of(request.actor, request.POST or request.GET),
            "filter": (request.POST or request.GET).get("filter", ""),
            "rows": [
                (one, self.case.url(one, at), bulk.describe(one), bulk.limit[1](one) if bulk.limit else "")
                for one in ticked
            ],
        }
        return render(request, "ui/lists/bulk.html", context, status=422 if form.is_bound else 200)

    def _bulk_page(
        self, request: DeskRequest, bulk: Bulk, outcome: many.Outcome, page: str, **shown: object
    ) -> HttpResponse:
        """The page that says what will happen to each (``check``), or what has happened (``done``)."""
        actor, numbers = request.actor, [one.number for one in outcome.told]
        cases = {case.number: case for case in self.case.visible_to(actor).filter(number__in=numbers)}
        rows = [
            (one, self.case.url(cases[one.number], actor.desk), bulk.describe(cases[one.number]))
            if one.number in cases
            else (one, "", "")
            for one in outcome.told
        ]
        yes, no = ([row for row in rows if bool(row[0].refusal) is refused] for refused in (False, True))
        context = {
            "bulk": bulk,
            "back": self._list_of(actor, request.POST or request.GET),
            "answers": outcome.answers,
            "yes": yes,
            "no": no,
            "counted": (self.counted(len(yes)), self.counted(len(no))),
            **shown,
        }
        return render(request, f"ui/lists/bulk_{page}.html", context)

    def urls(self, at: Desk, prefix: str) -> list[URLPattern]:
        """The addresses of the list at a desk, below ``prefix`` (``office/orders``)."""

        def name(part: str = "") -> str:
            return self.routes_of(at, part).partition(":")[2]

        found = [
            path(prefix, self.view(at), name=name()),
            path(f"{prefix}/filters", self._save_view(at), name=name("filters")),
            path(f"{prefix}/filters/<uuid:key>", self._delete_view(at), name=name("filter")),
        ]
        if self.export is not None and at in self.export.desks:
            found.append(path(f"{prefix}/export", self._export_view(at, self.export), name=name("export")))
        if at in self.bulk:
            found.append(path(f"{prefix}/bulk/<slug:name>", self._bulk_view(at), name=name("bulk")))
        return found
