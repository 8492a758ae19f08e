"""Parts of home pages and of a person's file that are made of a list, over the made-up cases."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import LIST, VISITS

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.ui import panels
from tirek.ui.lists import counters_part, parts, soonest_first, table_part


@pytest.fixture
def officer(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """An officer whose home page and files have parts of the made-up list."""
    monkeypatch.setattr(panels, "_panels", {place: dict(known) for place, known in panels._panels.items()})
    with site.opened() as one:
        monkeypatch.setitem(parts._counted, Desk.OFFICER, dict(parts._counted[Desk.OFFICER]))
        counters_part(LIST, Desk.OFFICER, 71, title="Visits to count")
        table_part(
            LIST,
            "home",
            Desk.OFFICER,
            72,
            title="Soonest visits",
            rows=lambda actor, _nobody: soonest_first(VISITS.visible_to(actor)),
            empty=("No visits", "They come here.", "All visits", "made_up:officer-visits"),
            most=2,
        )
        table_part(
            LIST,
            "person",
            Desk.OFFICER,
            73,
            title="Visits of the person",
            rows=lambda actor, person: VISITS.visible_to(actor).filter(person=person).order_by("-created_at"),
            empty="None yet.",
        )
        yield one


@pytest.fixture
def client(officer: Actor) -> Client:
    return signed_in(officer)


@pytest.mark.finding("J-O4")
def test_counters__of_a_list_stand_on_the_home_page_and_lead_to_it(officer: Actor, client: Client) -> None:
    assert "Visits to count" not in open_page(client, "/office").headings, "there is nothing to count"
    visit = site.visit(officer)
    made_up.act(site.visit(officer), "finish", actor=officer)
    page = open_page(client, "/office")
    assert "Visits to count" in page.headings
    lights = [one for one in page.links if one.address.startswith("/made-up/office/visits?light=")]
    assert lights == [], "nothing is owed"
    Visit._default_manager.filter(pk=visit.pk).update(soon_at=make.MORNING, due_at=make.MORNING)
    page = open_page(client, "/office")
    lights = [one for one in page.links if one.address.startswith("/made-up/office/visits?light=")]
    assert [one.text for one in lights] == ["Overdue , Visits to count : 1"], "only what is not nothing"
    (found,) = [one for one in page.links if one.address == "/made-up/office/visits?state=open"]
    assert found.text == "Open , Visits to count : 1"
    assert page.links.index(lights[0]) < page.links.index(found)
    with pytest.raises(ValueError, match="already"):
        counters_part(LIST, Desk.OFFICER, 71, title="Again")


def test_table__is_ordered_cut_and_named(officer: Actor, client: Client) -> None:
    made = [
        made_up.begun(Visit, officer, last_day=clock.today() + timedelta(days=days)).number for days in (30, 10, 20)
    ]
    page = open_page(client, "/office")
    assert [row[0] for row in page.rows if row[0] in made] == [made[1], made[2]]
    assert "Soonest visits" in page.headings
    assert re.search(r"<caption[^>]*>\s*Soonest visits", page.html)


def test_table__that_is_empty_says_what_comes_and_where_all_are(client: Client) -> None:
    page = open_page(client, "/office")
    assert "No visits" in page.headings
    assert ("All visits", "/made-up/office/visits") in [(one.text, one.address) for one in page.links]


def test_table_of_a_person__holds_that_persons_cases_only(officer: Actor, client: Client) -> None:
    mine, other = site.visit(officer), site.visit(officer)
    page = open_page(client, f"/office/people/{mine.person_id}")
    assert (mine.number in page.main, other.number in page.main) == (True, False)
    person = make.person()
    make.came(officer, person)
    assert "None yet." in open_page(client, f"/office/people/{person.pk}").main
