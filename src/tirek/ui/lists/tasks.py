"""Lists of tasks: cases on which a desk has something to do, declared once.

A task list is counted on the home page, stands on the page of its app's tasks, and is reason enough for an officer to
open the file of a person for whom something waits there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from tirek.core.actors import Actor, Desk
from tirek.core.errors import Text
from tirek.core.personal import viewlog
from tirek.ui.desks import DeskRequest, Wrapped, desk
from tirek.ui.lists.lists import CaseList
from tirek.ui.lists.paging import taken
from tirek.ui.panels import panel

#: Tasks of a list on its page, the first in order.
PER_LIST: Final = 50


def _nobody(_actor: Actor) -> Q:
    return Q(pk__in=())


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
        by_others: those among the waiting that are a colleague's to do: listed, and not counted.
    """

    name: str
    cases: CaseList
    waiting: Q
    order: Sequence[str]
    counted: Callable[[int], str]
    empty: tuple[Text, Text]
    by_others: Callable[[Actor], Q] = _nobody

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What waits at the actor's desk, in order; what a colleague is to do stands there, too."""
        return self.cases.case.visible_to(actor).filter(self.waiting).order_by(*self.order, "pk")

    def count(self, actor: Actor) -> int:
        """How many wait for the actor (one query)."""
        return self.rows(actor).exclude(self.by_others(actor)).count()

    def has_task(self, actor: Actor, person_id: UUID) -> bool:
        """Whether something of a person waits at the actor's desk."""
        person = self.cases.case.scope.person
        return bool(person) and self.rows(actor).filter(**{person: person_id}).exists()


@dataclass(frozen=True)
class TaskPage:
    """The task lists of an app at a desk, on one page.

    Attributes:
        title: of the page.
        at: whose.
        route: name of its address (``entitlements:officer-tasks``).
        lists: in order.
        heading: over the counters of the home page.
        place: of the counters among the parts of the home page.
    """

    title: Text
    at: Desk
    route: str
    lists: Sequence[TaskList]
    heading: Text
    place: int

    def declare(self) -> "TaskPage":
        """Put the counters on the home page, and let what waits open files; from the app's room ``panels``."""
        panel("home", self.at, "ui/lists/task_counters.html", self.place)(self._at_home)
        viewlog.open_task(self.has_task)
        return self

    def has_task(self, actor: Actor, person_id: UUID) -> bool:
        """Whether something of a person waits at the actor's desk, on any of the lists."""
        return actor.desk is self.at and any(one.has_task(actor, person_id) for one in self.lists)

    def _at_home(self, request: DeskRequest, _nobody: object) -> Mapping[str, object]:
        counted = [(one, one.count(request.actor)) for one in self.lists]
        return {
            "heading": self.heading,
            "url": reverse(self.route),
            "counters": [(one.name, count, one.counted(count)) for one, count in counted],
        }

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
        return {
            "name": one.name,
            "title": one.cases.title[self.at],
            "count": count,
            "others": one.rows(actor).filter(one.by_others(actor)).count() if len(rows) > count else 0,
            "left_off": max(count - PER_LIST, 0),
            "table": one.cases.table(actor, rows),
            "empty_title": one.empty[0],
            "empty_text": one.empty[1],
        }

    def urls(self, place: str) -> list[URLPattern]:
        """The address of the page."""
        return [path(place, self._view(), name=self.route.partition(":")[2])]
