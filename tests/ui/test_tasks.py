"""Lists of tasks and a person's own lists, over the made-up cases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, include, path
from tests import factories as make
from tests.core.made_up import Visit, Well, begun
from tests.kit.pages import open_page
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import LIST, VISITS, WELLS

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.personal import viewlog
from tirek.core.reference import Unit
from tirek.ui import worklist as worklists
from tirek.ui.lists import CaseList, Column, OwnList, TaskList, TaskPage, always
from tirek.ui.lists import own as own_lists
from tirek.ui.lists import tasks as task_lists
from tirek.ui.worklist import Item, Waiting

TO_VISIT = TaskList(
    "visit",
    replace(
        LIST, tags=lambda _actor, rows: dict.fromkeys((one.case.pk for one in rows), "a colleague's"), tag_tone="quiet"
    ),
    waiting=Q(state="open", remark__startswith="call"),
    order=("remark",),
    counted=lambda count: f"visit{'' if count == 1 else 's'} to make",
    empty=("No visits wait", "They appear here."),
    does=always("Make the visit"),
    about=lambda one: f"about {one.remark}",
    notes=lambda _actor, rows: {
        one.case.pk: "by car" for one in rows if getattr(one.case, "remark", "") == "call: far"
    },
    by_others=lambda _actor: Q(remark="call: mine"),
    others="A colleague visits",
)
TO_DIG = TaskList(
    "dig",
    CaseList(case=WELLS, title={Desk.OFFICER: "Wells to dig"}, columns=(Column("Remark", lambda one: one.remark),)),
    waiting=Q(state="open"),
    order=("-created_at",),
    counted=lambda _count: "wells",
    empty=("No wells wait", "They appear here, too."),
    does=always("Dig the well"),
    about=lambda one: one.remark,
)
TASKS = TaskPage(
    title="Our tasks",
    at=Desk.OFFICER,
    route="made_up:officer-tasks",
    lists=(TO_VISIT, TO_DIG),
    place=77,
)
OWN = OwnList(
    case=VISITS,
    title="Your visits",
    route="made_up:recipient-visits",
    card=lambda visit: f"visit, {visit.remark}",
    empty=("No visits yet", "They appear here.", "Ask for one"),
    leads_to="made_up:recipient-visits",
    back="made_up:recipient-visits",
)
_own: list[URLPattern] = [*site._own, *TASKS.urls("office/tasks"), *OWN.urls("my-visits")]
handler400 = site.handler400
urlpatterns = [path("made-up/", include((_own, "made_up"))), path("", include("tirek.urls"))]


@pytest.fixture
def officer(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """An officer of the made-up cases, whose home page and files know the tasks."""
    monkeypatch.setattr(viewlog, "_tasks", list(viewlog._tasks))
    monkeypatch.setattr(worklists, "_works", {desk: dict(known) for desk, known in worklists._works.items()})
    monkeypatch.setattr(task_lists, "_declared", list(task_lists._declared))
    with site.opened() as one, override_settings(ROOT_URLCONF=__name__):
        TASKS.declare()
        yield one


@pytest.fixture
def client(officer: Actor) -> Client:
    return signed_in(officer)


def visit(officer: Actor, remark: str, **columns: object) -> Visit:
    """A visit whose person has not come to the counter."""
    case = begun(Visit, officer)
    Visit._default_manager.filter(pk=case.pk).update(remark=remark, **columns)
    case.refresh_from_db()
    assert isinstance(case, Visit)
    return case


def test_tasks__are_what_waits_at_this_desk_in_order(officer: Actor) -> None:
    second, first = visit(officer, "call: b"), visit(officer, "call: a")
    for remark, columns in (("quiet", {}), ("call: ended", {"state": "done"})):
        visit(officer, remark, **columns)
    assert list(TO_VISIT.rows(officer)) == [first, second]
    assert TO_VISIT.count(officer) == 2
    stranger = make.officer(make.district("311000000"))
    assert (list(TO_VISIT.rows(stranger)), TO_VISIT.count(stranger)) == ([], 0)
    nobody = make.recipient_of(make.person())
    assert list(TO_VISIT.rows(nobody)) == []


@pytest.mark.finding("J-O5")
def test_task_of_a_colleague__stands_in_a_list_of_its_own(officer: Actor, client: Client) -> None:
    visit(officer, "call: a")
    visit(officer, "call: mine")
    assert TO_VISIT.count(officer) == TO_VISIT.rows(officer).count() == 1
    page = open_page(client, "/made-up/office/tasks")
    own, _heading, others = page.html.partition("A colleague visits")
    assert "Visits here (1)" in page.headings
    assert (own.count("call: a"), own.count("call: mine")) == (1, 0)
    assert (others.count("call: a"), others.count("call: mine")) == (0, 1)
    Visit._default_manager.filter(remark="call: mine").delete()
    assert "A colleague visits" not in open_page(client, "/made-up/office/tasks").main


def test_task_page__says_what_comes_where_nothing_waits(client: Client) -> None:
    page = open_page(client, "/made-up/office/tasks")
    assert page.title.startswith("Our tasks")
    for title in ("Visits here (0)", "No visits wait", "Wells to dig (0)", "No wells wait"):
        assert title in page.headings
    for place in ('id="visit"', 'id="dig"'):
        assert place in page.html


def test_task_page__says_how_many_it_leaves_off(
    officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_lists, "PER_LIST", 2)
    wells = []
    for minute in range(4):
        with clock.at(make.MORNING + timedelta(minutes=minute)):
            wells.append(begun(Well, officer))
    page = open_page(client, "/made-up/office/tasks")
    assert "Wells to dig (4)" in page.headings
    assert "2 more appear when these are done." in page.main
    shown = [row[0] for row in page.rows if len(row) == 3 and row[0] != "Number"]
    assert shown == [wells[3].number, wells[2].number], "the first in order: the newest"


def test_task_page__is_for_its_desk_only(officer: Actor) -> None:
    person = visit(officer, "call").person
    assert registered(person).get("/made-up/office/tasks").status_code == 403


@pytest.mark.finding("J-O4")
def test_worklist__holds_the_tasks_of_every_list_and_counts_only_what_waits(officer: Actor, client: Client) -> None:
    far = visit(officer, "call: far")
    visit(officer, "call: mine")
    page = open_page(client, "/office")
    assert page.headings[1] == "Today, most urgent first"
    (row,) = [one for one in page.rows if one[0].startswith("Make the visit")]
    assert row[1] == f"about call: far {far.number} By car"
    assert [one.address for one in page.links if one.text.startswith("Make the visit")] == [
        VISITS.url(far, Desk.OFFICER)
    ]
    assert [(one.text, one.address) for one in page.links if "/office/tasks#" in one.address] == [
        ("1 visit to make", "/made-up/office/tasks#visit")
    ], "a list in which nothing waits is not counted"


@pytest.mark.finding("J-O4")
def test_worklist__is_one_sentence_where_nothing_waits(client: Client) -> None:
    page = open_page(client, "/office")
    assert page.headings[1:3] == ["Today, most urgent first", "Nothing waits for you"]
    assert "Nobody waits" not in page.main
    assert page.rows == []


def head(hours: int | None, *, since: int = 0) -> Waiting:
    """Something with a term of ten days that ends in so many hours."""
    now, end = clock.now(), clock.now() + timedelta(hours=hours or 0)
    if hours is None:
        return Waiting(uuid4(), now + timedelta(hours=since))
    return Waiting(uuid4(), now, end, deadlines.soon_at(end - timedelta(days=10), end, Unit.HOURS))


@pytest.mark.finding("J-O4")
def test_worklist__is_in_the_order_of_urgency_whatever_list_a_task_comes_from(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(make.MORNING):
        first = {"200": head(200), "none, -1": head(None, since=-1), "-5": head(-5)}
        second = {"30": head(30), "-9": head(-9), "none, -7": head(None, since=-7)}
        taken: list[int] = []
        told: list[int] = []

        def part(named: dict[str, Waiting], place: int) -> None:
            names = {one.key: name for name, one in named.items()}

            def some(_actor: Actor, most: int) -> list[Waiting]:
                taken.append(most)
                return list(named.values())[:most]

            def items(_actor: Actor, keys: Sequence[UUID]) -> list[Item]:
                told.append(len(keys))
                return [Item("Do it", "/", names[key], clock.now()) for key in keys]

            work = worklists.Work(lambda _actor: 43, some, items, lambda n: f"of {n}", lambda: f"/{place}")
            worklists.announce(Desk.OFFICER, place, work)

        monkeypatch.setattr(worklists, "_works", {})
        part(second, 20)
        part(first, 10)
        found = worklists.worklist(officer)
        assert [one.about for one in found.items] == ["-9", "-5", "30", "none, -7", "none, -1", "200"]
        assert (found.total, [one.url for one in found.counters]) == (6, ["/10", "/20"]), "short parts need no count"
        assert taken == [worklists.MOST] * 2, "each part is read as far as the page shows, and no further"
        monkeypatch.setattr(worklists, "MOST", 3)
        told.clear()
        found = worklists.worklist(officer)
        assert [one.about for one in found.items] == ["-9", "-5", "30"]
        assert (sorted(told), found.total) == ([1, 2], 86), "what is not shown is not read whole"
        with pytest.raises(ValueError, match="place 10 already"):
            part(first, 10)
    assert worklists.worklist(make.recipient_of(make.person())) == worklists.Worklist([], 0, [])


def test_worklist__hides_no_part_behind_another_that_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklists, "MOST", 4)
    monkeypatch.setattr(worklists, "MOST_OF_ONE", 2)
    with clock.at(make.MORNING):
        late, soon = [(head(-hours), 0) for hours in (9, 8, 7, 6, 5)], (head(3), 1)
        assert worklists._shared([*late, soon]) == [*late[:3], soon]
        assert worklists._shared(late) == late[:4]


@pytest.mark.finding("P-G3")
def test_what_waits__is_counted_as_far_as_somebody_would_read_it(
    monkeypatch: pytest.MonkeyPatch, officer: Actor
) -> None:
    assert [worklists.counted_text(n) for n in (0, 999, 1000)] == ["0", "999", "1\N{NO-BREAK SPACE}000+"]
    for _n in range(3):
        visit(officer, "call")
    client = signed_in(officer)
    assert "In all 3 things wait" in open_page(client, "/office").main
    for where, name in ((worklists, "MOST"), (worklists, "MOST_COUNTED"), (task_lists, "MOST_COUNTED")):
        monkeypatch.setattr(where, name, 2)
    with CaptureQueriesContext(connection) as asked:
        page = open_page(client, "/office")
    assert "In all 2+ things wait" in page.main
    assert "2+ visits to make" in page.main
    assert [one["sql"] for one in asked if "LIMIT 2)" in one["sql"]], "no more are read for it"
    assert "Visits here (2+)" in open_page(client, "/made-up/office/tasks").headings


def test_what_waits__opens_the_file_of_that_person_and_of_no_other(officer: Actor) -> None:
    waiting, quiet = visit(officer, "call"), visit(officer, "quiet")
    begun(Well, officer)
    viewlog.look(officer, waiting.person_id)
    with pytest.raises(viewlog.ReasonNeeded):
        viewlog.look(officer, quiet.person_id)
    stranger = make.officer(make.district("311000000"))
    with pytest.raises(viewlog.ReasonNeeded):
        viewlog.look(stranger, waiting.person_id)
    supplier = Actor(desk=Desk.SUPPLIER, user_id=officer.user_id, organisation_id=waiting.organisation_id)
    assert TO_VISIT.has_task(supplier, waiting.person_id), "the list knows the desk's rows"
    assert not TASKS.has_task(supplier, waiting.person_id), "the page is of another desk"


def test_own_list__holds_the_persons_cases_newest_first(
    officer: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_lists, "PER_PAGE", 2)
    old = visit(officer, "first")
    mine = [
        visit(officer, remark, person=old.person, created_at=make.MORNING + timedelta(hours=hours))
        for hours, remark in enumerate(("second", "third"), start=1)
    ]
    visit(officer, "of another", created_at=make.MORNING + timedelta(hours=9))
    browser = registered(old.person)
    page = open_page(browser, "/made-up/my-visits")
    assert page.headings[:3] == ["Your visits", "visit, third", "visit, second"]
    assert f'aria-label="visit, third, {mine[1].number}"' in page.html
    assert f'aria-label="visit, second, {mine[0].number}"' in page.html
    assert "another" not in page.main
    assert old.number not in page.html
    assert f'aria-label="visit, first, {old.number}"' in open_page(browser, "/made-up/my-visits?page=2").html
    assert client.get("/made-up/my-visits").status_code == 403


def test_own_list__without_cases_leads_on(officer: Actor) -> None:
    browser = registered(make.person())
    page = open_page(browser, "/made-up/my-visits")
    assert page.headings[:2] == ["Your visits", "No visits yet"]
    assert {"Ask for one", "Back"} <= {one.text for one in page.links if one.address == "/made-up/my-visits"}


def test_worklist__numbers_what_is_called_the_same() -> None:
    def item(about: str, number: str = "") -> Item:
        return Item("Finish the form", "/x", about, make.MORNING, number)

    told = worklists._told_apart([item("A, diapers"), item("B, diapers"), item("A, diapers"), item("A, diapers")])
    assert [(one.about, one.nth) for one in told] == [
        ("A, diapers", 0),
        ("B, diapers", 0),
        ("A, diapers", 2),
        ("A, diapers", 3),
    ]
