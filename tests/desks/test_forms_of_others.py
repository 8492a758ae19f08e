"""Unfinished forms that go through several hands: of the person and the office, and of who represents the person."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import Page, open_page, pressed, read
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import VISIT_FORM

from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.people.models import Person, Representation
from tirek.ui.ways import way

LIST, HOME = "/drafts", "/home"


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def person(officer: Actor) -> Person:
    return make.person()


def fresh(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def addresses(page: Page) -> set[str]:
    """Where links of the page lead."""
    return {link.address for link in page.links}


# --- begun at the office, handed to and fro


@pytest.fixture
def came_back(officer: Actor, person: Person) -> Draft:
    """A form that an officer began and gave to the person, who gave it to the office."""
    draft = drafts.begin(officer, form=VISIT_FORM.code, form_version=2, subject_id=person.pk, values={"times": "2"})
    clerk, client = signed_in(officer), registered(person)
    make.came(officer, person)
    clerk.post(f"/made-up/ask/{draft.pk}/hand")
    assert fresh(draft).holder_id == person.user_id
    client.post(f"/made-up/ask/{draft.pk}/hand")
    assert (fresh(draft).state, fresh(draft).owner_id) == ("waiting", officer.user_id)
    return draft


def test_form_begun_at_the_office__that_waits_there_again_is_the_persons_to_take_back(
    person: Person, came_back: Draft
) -> None:
    client = registered(person)
    assert LIST in addresses(open_page(client, HOME))
    page = open_page(client, LIST)
    assert "You can take it back until then." in page.main
    take = pressed(page, "Take it back")["action"]
    assert take == f"/made-up/ask/{came_back.pk}/take"
    assert client.post(take)["Location"] == f"/made-up/ask/{came_back.pk}"
    assert (fresh(came_back).state, fresh(came_back).holder_id) == ("open", person.user_id)
    assert f"/made-up/ask/{came_back.pk}" in addresses(open_page(client, LIST))


def test_form_begun_at_the_office__that_waits_there_again_is_nobody_elses(officer: Actor, came_back: Draft) -> None:
    other = registered(make.person())
    assert "No unfinished forms" in open_page(other, LIST).main
    assert other.post(f"/made-up/ask/{came_back.pk}/take").status_code == 404
    assert fresh(came_back).state == "waiting"


def test_form_begun_at_the_office__is_not_the_persons_before_it_is_handed_over(officer: Actor, person: Person) -> None:
    drafts.begin(officer, form=VISIT_FORM.code, form_version=2, subject_id=person.pk)
    assert "No unfinished forms" in open_page(registered(person), LIST).main


# --- about somebody whom the reader represents


@pytest.fixture
def shop(officer: Actor) -> make.Shop:
    return make.Shop()


@pytest.fixture
def mother(shop: make.Shop) -> Person:
    """Who represents the person of the shop."""
    one = make.person()
    Representation.objects.create(
        representative=one, represented=shop.person, basis="guardian", since=date(2020, 1, 1), until=date(2030, 1, 1)
    )
    return one


def begun_for(shop: make.Shop, mother: Person) -> Draft:
    """A real form, which opens for who acts for its person only."""
    return shop.draft(actor=make.recipient_of(mother).behalf(shop.person.pk))


@pytest.mark.finding("R-M10")
def test_form_about_another__says_whose_it_is_and_goes_on_for_that_person(shop: make.Shop, mother: Person) -> None:
    draft, client = begun_for(shop, mother), registered(mother)
    form = f"/order/form/{draft.pk}"
    assert pressed(read(client.get(form, follow=True)), f"Go on for {shop.person.full_name}")["next"] == form
    page = open_page(client, LIST)
    assert f"This form is about {shop.person.full_name}." in page.main
    assert not {one for one in addresses(page) if str(draft.pk) in one}, "no way that leads to nothing"
    sent = pressed(page, f"Go on for {shop.person.full_name}")
    assert sent == {"action": way("act-for"), "person": str(shop.person.pk), "next": form}
    answer = client.post(sent["action"], sent, follow=True)
    assert answer.redirect_chain[0][0] == form
    assert answer.status_code == 200
    page = open_page(client, LIST)
    assert "This form is about" not in page.main
    assert form in addresses(page)


@pytest.mark.finding("R-M10")
def test_form_about_another__leads_from_the_home_page_to_the_list(shop: make.Shop, mother: Person) -> None:
    client: Client = registered(mother)
    about_her = drafts.begin(make.recipient_of(mother), form=VISIT_FORM.code, form_version=2, subject_id=mother.pk)
    with clock.at(make.MORNING):
        draft = begun_for(shop, mother)
    page = open_page(client, HOME)
    leads = [link.address for link in page.links if link.address.startswith(("/made-up/ask", LIST))]
    assert f"/made-up/ask/{about_her.pk}" in leads
    assert LIST in leads
    assert f"{shop.person.full_name}" in page.main
    assert str(draft.pk) not in page.html
    assert all(client.get(one, follow=True).status_code == 200 for one in leads)


def test_form_about_another__that_waits_for_the_office_is_taken_back_for_that_person(
    shop: make.Shop, mother: Person
) -> None:
    draft, client = begun_for(shop, mother), registered(mother)
    drafts.hand_to_office(make.recipient_of(mother).behalf(shop.person.pk), draft.pk, territory_code=shop.place.code)
    sent = pressed(open_page(client, LIST), f"Go on for {shop.person.full_name}")
    assert sent["next"] == LIST
    page = Page(200, client.post(sent["action"], sent, follow=True).content.decode())
    assert pressed(page, "Take it back")["action"] == f"/order/form/{draft.pk}/take"


def test_form_about_another__is_not_offered_to_who_represents_the_person_no_more(
    shop: make.Shop, mother: Person
) -> None:
    draft, client = begun_for(shop, mother), registered(mother)
    sent = pressed(open_page(client, LIST), f"Go on for {shop.person.full_name}")
    Representation.objects.update(revoked_at=make.MORNING)
    assert client.post(sent["action"], sent).status_code == 403
    assert client.get(f"/order/form/{draft.pk}", follow=True).status_code == 404
    assert "Go on for" not in open_page(client, LIST).main, "a button that only leads to a refusal"
