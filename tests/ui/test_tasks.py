"""Lists of tasks and a person's own lists, over the made-up cases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client, override_settings
from django.urls import URLPattern, include, path
from tests import factories as make
from tests.core.made_up import Visit, Well, begun
from tests.kit.pages import open_page
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import LIST, VISITS, WELLS

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.personal import viewlog
from tirek.ui import panels
from tirek.ui.lists import CaseList, Column, OwnList, TaskList, TaskPage
from tirek.ui.lists import own as own_lists
from tirek.ui.lists import tasks as task_lists

TO_VISIT = TaskList(
    "visit",
    replace(
        LIST, tags=lambda _actor, rows: dict.fromkeys((one.case.pk for one in rows), "a colleague's"), tag_tone="quiet"
    ),
    waiting=Q(state="open", remark__startswith="call"),
    order=("remark",),
    counted=lambda count: f"visit{'' if count == 1 else 's'} to make",
    empty=("No visits wait", "They appear here."),
    by_others=lambda _actor: Q(remark="call: mine"),
)
TO_DIG = TaskList(
    "dig",
    CaseList(case=WELLS, title={Desk.OFFICER: "Wells to dig"}, columns=(Column("Remark", lambda one: one.remark),)),
    waiting=Q(state="open"),
    order=("-created_at",),
    counted=lambda _count: "wells",
    empty=("No wells wait", "They appear here, too."),
)
TASKS = TaskPage(
    title="Our tasks",
    at=Desk.OFFICER,
    route="made_up:officer-tasks",
    lists=(TO_VISIT, TO_DIG),
    heading="Visits and wells",
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
    monkeypatch.setattr(panels, "_panels", {place: dict(known) for place, known in panels._panels.items()})
    monkeypatch.setattr(viewlog, "_tasks", list(viewlog._tasks))
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


def test_task_of_a_colleague__is_listed_and_not_counted(officer: Actor, client: Client) -> None:
    visit(officer, "call: a")
    visit(officer, "call: mine")
    assert TO_VISIT.count(officer) == 1
    page = open_page(client, "/made-up/office/tasks")
    assert "Visits here (1)" in page.headings
    assert "1 more waits for a colleague." in page.main
    assert sum("call: " in " ".join(row) for row in page.rows) == 2
    assert "A colleague's" in page.main
    visit(officer, "call: b")
    Visit._default_manager.filter(remark="call: mine").delete()
    assert "colleague." not in open_page(client, "/made-up/office/tasks").main


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


def test_tasks__are_counted_on_the_home_page(officer: Actor, client: Client) -> None:
    visit(officer, "call: a")
    visit(officer, "call: mine")
    page = open_page(client, "/office")
    assert "Visits and wells" in page.headings
    counters = {one.text: one.address for one in page.links if one.address.startswith("/made-up/office/tasks#")}
    assert counters == {
        "1 visit to make": "/made-up/office/tasks#visit",
        "0 wells": "/made-up/office/tasks#dig",
    }


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
    assert page.headings[:3] == ["Your visits", f"visit, third , {mine[1].number}", f"visit, second , {mine[0].number}"]
    assert "another" not in page.main
    assert ("visit, first , " + old.number) not in page.main
    assert open_page(browser, "/made-up/my-visits?page=2").headings[1] == f"visit, first , {old.number}"
    assert client.get("/made-up/my-visits").status_code == 403


def test_own_list__without_cases_leads_on(officer: Actor) -> None:
    browser = registered(make.person())
    page = open_page(browser, "/made-up/my-visits")
    assert page.headings[:2] == ["Your visits", "No visits yet"]
    assert {"Ask for one", "Back"} <= {one.text for one in page.links if one.address == "/made-up/my-visits"}
