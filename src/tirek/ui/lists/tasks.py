"""Lists of tasks: cases on which a desk has something to do, declared once.

A task list is a part of the worklist of its desk, stands on the page of its app's tasks, and is reason enough for an
officer to open the file of a person for whom something waits there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from tirek.core.actors import Actor, Desk
from tirek.core.case.words import ListedCase, listed
from tirek.core.database.plans import for_these_values
from tirek.core.errors import Text
from tirek.core.personal import viewlog
from tirek.core.places import region_of
from tirek.ui.desks import DeskRequest, Wrapped, desk
from tirek.ui.lists.lists import CaseList
from tirek.ui.lists.paging import by_keys, taken
from tirek.ui.worklist import MOST_COUNTED, Item, Waiting, Work, announce, bounded, counted_text

#: Tasks of a list on its page, the first in order.
PER_LIST: Final = 50


def _nobody(_actor: Actor) -> Q:
    return Q(pk__in=())


def _nothing(_actor: Actor, _rows: Sequence[ListedCase]) -> Mapping[UUID, Text]:
    return {}


def always(words: Text) -> Callable[[Actor, Sequence[ListedCase]], Mapping[UUID, Text]]:
    """The same thing is to be done with each case of a list."""
    return lambda _actor, rows: {one.case.pk: words for one in rows}


def of_a_region(actor: Actor) -> Q:
    """What a regional department alone does: for its own officers nothing of it is a colleague's, for those of a
    district all of it is (``TaskList.by_others``).
    """
    return Q(pk__in=()) if region_of(actor.territory) == actor.territory else Q(pk__isnull=False)


def by_state(words: Mapping[str, Text]) -> Callable[[Actor, Sequence[ListedCase]], Mapping[UUID, Text]]:
    """What is to be done with a case goes by its state; ``words`` knows every state that waits."""
    return lambda _actor, rows: {one.case.pk: words[one.case.state] for one in rows}


@dataclass(frozen=True)
class TaskList:
    """Cases of one type on which a desk has something to do.

    Attributes:
        name: of its part of the page.
        cases: the table, with its title.
        waiting: which cases of the desk wait.
        order: columns; what is most urgent first.
        counted: the words after a count (``(number) -> "requests to answer"``).
        empty: what is said when nothing waits: title and text.
        does: what is to be done with each, in the words of a button, by the key of the case (one query at most).
        about: about whom or what a case is, in the worklist.
        notes: a tag beside each in the worklist, by the key of the case.
        by_others: those among the waiting that are a colleague's to do: a list of their own.
        others: heading over that list.
    """

    name: str
    cases: CaseList
    waiting: Q
    order: Sequence[str]
    counted: Callable[[int], str]
    empty: tuple[Text, Text]
    does: Callable[[Actor, Sequence[ListedCase]], Mapping[UUID, Text]]
    about: Callable[[Any], Text]
    notes: Callable[[Actor, Sequence[ListedCase]], Mapping[UUID, Text]] = _nothing
    by_others: Callable[[Actor], Q] = _nobody
    others: Text = ""

    def _waiting(self, actor: Actor) -> QuerySet[Any]:
        return self.cases.case.visible_to(actor).filter(self.waiting).order_by(*self.order, "pk")

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What waits for the actor, in order: what is counted is what is listed."""
        return self._waiting(actor).exclude(self.by_others(actor))

    def rows_of_others(self, actor: Actor) -> QuerySet[Any]:
        """What waits at the actor's desk for a colleague, in order."""
        return self._waiting(actor).filter(self.by_others(actor))

    def count(self, actor: Actor) -> int:
        """How many wait for the actor, as far as they are counted (one query)."""
        return bounded(self.rows(actor))

    def has_task(self, actor: Actor, person_id: UUID) -> bool:
        """Whether something of a person waits at the actor's desk, for the actor or a colleague."""
        person = self.cases.case.scope.person
        return bool(person) and self._waiting(actor).filter(**{person: person_id}).exists()

    def first(self, actor: Actor, most: int) -> list[Waiting]:
        """The first in order, by what places them among others (two queries)."""
        with for_these_values():
            keys = list(self.rows(actor).values_list("pk", flat=True)[:most])
        rows = self.cases.case.model._default_manager.filter(pk__in=keys)
        found = {one[0]: Waiting(*one) for one in rows.values_list("pk", "state_since", "due_at", "soon_at")}
        return [found[key] for key in keys if key in found]

    def items(self, actor: Actor, keys: Sequence[UUID]) -> list[Item]:
        """What is to be done with some of them (four queries at most)."""
        rows = listed(self.cases.case, actor, by_keys(self.cases.case, keys)) if keys else []
        does, notes = self.does(actor, rows), self.notes(actor, rows)
        return [
            Item(
                action=does[one.case.pk],
                url=self.cases.case.url(one.case, actor.desk),
                about=self.about(one.case),
                since=one.case.state_since,
                number=one.case.number,
                note=notes.get(one.case.pk, ""),
                deadline=one.deadline,
            )
            for one in rows
        ]


@dataclass(frozen=True)
class TaskPage:
    """The task lists of an app at a desk, on one page.

    Attributes:
        title: of the page.
        at: whose.
        route: name of its address (``entitlements:officer-tasks``).
        lists: in order.
        place: of the first list among the parts of the worklist; the others follow.
    """

    title: Text
    at: Desk
    route: str
    lists: Sequence[TaskList]
    place: int

    def declare(self) -> "TaskPage":
        """Put the lists into the desk's worklist, and let what waits open files; from the app's room ``panels``."""
        for place, one in enumerate(self.lists, start=self.place):
            announce(self.at, place, Work(one.count, one.first, one.items, one.counted, partial(self.address, one)))
        viewlog.open_task(self.has_task)
        _declared.append(self)
        return self

    def address(self, one: TaskList) -> str:
        """Where a list stands on the page."""
        return f"{reverse(self.route)}#{one.name}"

    def has_task(self, actor: Actor, person_id: UUID) -> bool:
        """Whether something of a person waits at the actor's desk, on any of the lists."""
        return actor.desk is self.at and any(one.has_task(actor, person_id) for one in self.lists)

    def _view(self) -> Wrapped[[]]:
        @desk(self.at.value)
        @require_GET
        def tasks(request: DeskRequest) -> HttpResponse:
            """What waits, list by list."""
            return render(
                request,
                "ui/lists/tasks.html",
                {"title": self.title, "lists": [self._shown(request.actor, one) for one in self.lists]},
            )

        return tasks

    def _shown(self, actor: Actor, one: TaskList) -> dict[str, object]:
        rows, count = taken(one.cases.case, one.rows(actor), 0, PER_LIST), one.count(actor)
        of_others = taken(one.cases.case, one.rows_of_others(actor), 0, PER_LIST) if one.others else []
        return {
            "name": one.name,
            "title": one.cases.title[self.at],
            "count": counted_text(count),
            "left_off": count - len(rows),
            "left_off_text": counted_text(count - len(rows), has_more=count >= MOST_COUNTED),
            "table": one.cases.table(actor, rows),
            "others_title": one.others,
            "others": one.cases.table(actor, of_others, caption=one.others) if of_others else None,
            "empty_title": one.empty[0],
            "empty_text": one.empty[1],
        }

    def urls(self, place: str) -> list[URLPattern]:
        """The address of the page."""
        return [path(place, self._view(), name=self.route.partition(":")[2])]


_declared: list[TaskPage] = []


def task_pages() -> list[TaskPage]:
    """The pages of tasks that the apps have declared."""
    return list(_declared)
