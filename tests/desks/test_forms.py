"""Unfinished forms of every app: listed, counted and cut alike, each with the way to its own pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import PLAIN_FORM, VISIT_FORM

from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.errors import NotFound
from tirek.core.keys import uuid7
from tirek.core.personal.viewlog import ReasonNeeded
from tirek.desks import panels, queries
from tirek.people.models import Person
from tirek.people.queries import person_for
from tirek.ui.desks import DeskRequest
from tirek.ui.worklist import worklist

#: A form of another app, for people only.
REQUEST_FORM = "correction_request"


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def person(officer: Actor) -> Person:
    return make.person()


@pytest.fixture
def who(person: Person) -> Actor:
    return make.recipient_of(person)


def begin(actor: Actor, form: str, person: Person, *, hours: int = 0) -> Draft:
    with clock.at(make.MORNING + timedelta(hours=hours)):
        return drafts.begin(actor, form=form, form_version=2, subject_id=person.pk, values={"times": f"{hours}"})


def keys(found: list[draft_forms.Begun]) -> list[object]:
    return [one.draft.pk for one in found]


def request_of(actor: Actor) -> DeskRequest:
    made = DeskRequest()
    made.actor = actor
    return made


# --- of every app


@pytest.mark.parametrize("desk", [Desk.RECIPIENT, Desk.OFFICER], ids=lambda one: one.value)
def test_forms__of_every_app_stand_in_the_list_of_their_desk(
    officer: Actor, who: Actor, person: Person, desk: Desk
) -> None:
    actor = officer if desk is Desk.OFFICER else who
    known = draft_forms.known(desk)
    made = {form: begin(actor, form, person) for form in draft_forms.known()}
    assert {one.draft.form for one in queries.begun(actor)} == known
    assert set(made) > known, "each desk leaves out forms of the other"
    assert len({form.partition("-")[0] for form in known}) > 1


def test_forms__each_leads_to_its_own_pages(officer: Actor, person: Person) -> None:
    for form, place in ((VISIT_FORM, "ask"), (PLAIN_FORM, "plain")):
        draft = begin(officer, form.code, person)
        (one,) = [found for found in queries.begun(officer) if found.draft.form == form.code]
        assert one.url == f"/made-up/{place}/{draft.pk}"
        assert one.discard_url == f"/made-up/{place}/{draft.pk}/discard"
        assert one.take_url == f"/made-up/{place}/{draft.pk}/take"
        page = open_page(signed_in(officer), "/office/drafts")
        assert {one.url, one.discard_url} <= {link.address for link in page.links}
        assert str(form.title) in page.main


def test_forms__all_have_addresses_of_their_own(person: Person) -> None:
    for code in draft_forms.known():
        draft = Draft(form=code, form_version=1)
        (one,) = draft_forms.begun([draft])
        addresses = {one.url, one.discard_url, one.take_url}
        assert len(addresses) == 3
        assert all(str(draft.pk) in address for address in addresses)


def test_forms__of_a_kind_that_is_gone_are_neither_listed_nor_counted(officer: Actor, person: Person) -> None:
    begin(officer, "of the last version", person)
    waits = begin(officer, "of the last version", person)
    drafts.hand_to_office(officer, waits.pk, territory_code=person.territory_id)
    assert (queries.begun(officer), queries.count_begun(officer)) == ([], 0)
    assert (queries.waiting(officer), queries.count_waiting(officer)) == ([], 0)


# --- begun


def test_begun__newest_first_and_only_what_the_officer_holds(officer: Actor, who: Actor, person: Person) -> None:
    old = begin(officer, VISIT_FORM.code, person)
    young = begin(officer, PLAIN_FORM.code, person, hours=2)
    given_away = begin(officer, VISIT_FORM.code, person, hours=1)
    drafts.hand_to_person(officer, given_away.pk, user_id=who.account)
    begin(make.officer(), VISIT_FORM.code, person)
    assert keys(queries.begun(officer)) == [young.pk, old.pk]
    assert queries.count_begun(officer) == 2
    assert keys(queries.begun(who)) == [given_away.pk]


def test_begun__by_the_person_keeps_what_was_handed_to_the_office(officer: Actor, who: Actor, person: Person) -> None:
    own, handed = begin(who, VISIT_FORM.code, person), begin(who, VISIT_FORM.code, person, hours=1)
    drafts.hand_to_office(who, handed.pk, territory_code=person.territory_id)
    assert set(keys(queries.begun(who))) == {own.pk, handed.pk}
    drafts.take(officer, handed.pk)
    assert set(keys(queries.begun(who))) == {own.pk, handed.pk}
    assert keys(queries.begun(officer)) == [handed.pk]


def test_begun__is_listed_counted_and_cut_alike(
    officer: Actor, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forms that the desk does not show take no place in its list, and none in its count."""
    shown = [begin(officer, VISIT_FORM.code, person, hours=n) for n in range(4)]
    for n in range(5, 9):
        begin(officer, REQUEST_FORM, person, hours=n)
        begin(officer, "of the last version", person, hours=n)
    monkeypatch.setattr(queries, "MOST_FORMS", 3)
    assert keys(queries.begun(officer)) == [one.pk for one in reversed(shown)][:3]
    assert queries.count_begun(officer) == 4
    monkeypatch.setattr(queries, "MOST_FORMS", 50)
    assert len(queries.begun(officer)) == queries.count_begun(officer) == 4


# --- waiting for the office


def test_waiting__oldest_first_of_the_district_and_no_other(officer: Actor, who: Actor, person: Person) -> None:
    young, old = begin(who, VISIT_FORM.code, person), begin(who, VISIT_FORM.code, person)
    away, foreign = begin(who, VISIT_FORM.code, person), begin(who, VISIT_FORM.code, person)
    for n, draft in enumerate((old, young)):
        with clock.at(make.MORNING + timedelta(hours=n)):
            drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    drafts.hand_to_office(who, away.pk, territory_code=make.district("311010000").pk)
    drafts.archive(who, foreign.pk)
    assert keys(queries.waiting(officer)) == [old.pk, young.pk]
    assert queries.count_waiting(officer) == 2
    assert queries.waiting(who) == []
    assert queries.count_waiting(who) == 0
    assert keys(queries.waiting(make.officer(make.district("311010000")))) == [away.pk]
    drafts.take(officer, old.pk)
    assert keys(queries.waiting(officer)) == [young.pk]


def test_waiting__shows_forms_of_the_officers_desk_only(officer: Actor, who: Actor, person: Person) -> None:
    for form in (REQUEST_FORM, "of the last version"):
        draft = begin(who, form, person)
        drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    assert queries.waiting(officer) == []
    assert queries.count_waiting(officer) == 0


def test_waiting__is_listed_counted_and_cut_alike(
    officer: Actor, who: Actor, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for n in range(4):
        made.append(begin(who, VISIT_FORM.code, person))
        with clock.at(make.MORNING + timedelta(hours=n)):
            drafts.hand_to_office(who, made[-1].pk, territory_code=person.territory_id)
    monkeypatch.setattr(queries, "MOST_FORMS", 3)
    assert keys(queries.waiting(officer)) == [one.pk for one in made[:3]]
    assert queries.count_waiting(officer) == 4


def test_left_lying__by_a_colleague_waits_again(officer: Actor, who: Actor, person: Person) -> None:
    draft, colleague = begin(who, VISIT_FORM.code, person), make.officer()
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    drafts.take(colleague, draft.pk)
    assert queries.waiting(officer) == []
    with clock.at(make.MORNING + timedelta(days=40)):
        assert keys(queries.waiting(officer)) == [draft.pk]
        assert queries.waiting(colleague) == [], "it is among those the colleague has begun"
        assert keys(queries.begun(colleague)) == [draft.pk]


# --- pages and panels


@pytest.mark.finding("J-O4")
def test_page_of_the_office__shows_what_the_worklist_counts(officer: Actor, who: Actor, person: Person) -> None:
    begin(officer, VISIT_FORM.code, person)
    begin(officer, PLAIN_FORM.code, person)
    begin(officer, REQUEST_FORM, person)
    waits = begin(who, VISIT_FORM.code, person)
    drafts.hand_to_office(who, waits.pk, territory_code=person.territory_id)
    with translation.override("en"):
        work = worklist(officer)
    assert [(one.count, one.words) for one in work.counters] == [
        (1, "form waits for the office"),
        (2, "forms begun by you"),
    ]
    assert [one.url for one in work.items].count("/office/drafts") == 1
    assert all(person.full_name in str(one.about) for one in work.items)
    page = open_page(signed_in(officer), "/office/drafts")
    assert page.html.count("Take it up") == 1
    assert page.html.count("Go on<") == 2
    assert person.full_name in page.main


def test_page_of_the_person__offers_what_can_be_done_now(officer: Actor, who: Actor, person: Person) -> None:
    client: Client = registered(person)
    assert "No unfinished forms" in open_page(client, "/drafts").main
    draft = begin(who, VISIT_FORM.code, person)
    assert f"/made-up/ask/{draft.pk}" in {link.address for link in open_page(client, "/drafts").links}
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    page = open_page(client, "/drafts")
    assert "You can take it back until then." in page.main
    assert f'action="/made-up/ask/{draft.pk}/take"' in page.html
    drafts.take(officer, draft.pk)
    page = open_page(client, "/drafts")
    assert "The office is filling it in now." in page.main
    assert f"/made-up/ask/{draft.pk}" not in page.html


def test_panel_of_the_person__is_silent_without_forms_and_short_with_many(who: Actor, person: Person) -> None:
    assert panels.begun_by_person(request_of(who), None) is None
    made = [begin(who, VISIT_FORM.code, person, hours=n) for n in range(7)]
    filled = panels.begun_by_person(request_of(who), None)
    assert filled is not None
    rows = filled["rows"]
    assert isinstance(rows, list)
    assert keys([row["form"] for row in rows]) == [one.pk for one in reversed(made)][:5]
    page = Template('{% include "desks/recipient/forms_panel.html" %}').render(Context({"panel": filled}))
    assert page.count("<li>") == 5


@pytest.mark.finding("J-M18")
@pytest.mark.finding("J-M19")
def test_panel_of_the_person__says_what_for_whom_and_whose_hands(officer: Actor, who: Actor, person: Person) -> None:
    mine, with_office = begin(who, VISIT_FORM.code, person, hours=1), begin(who, VISIT_FORM.code, person, hours=2)
    drafts.hand_to_office(who, with_office.pk, territory_code=person.territory_id)
    with translation.override("en"):
        waiting = Template('{% include "desks/recipient/forms_panel.html" %}')
        page = waiting.render(Context({"panel": panels.begun_by_person(request_of(who), None)}))
        assert "handed over, not taken up yet" in page.lower()
        drafts.take(officer, with_office.pk)
        page = waiting.render(Context({"panel": panels.begun_by_person(request_of(who), None)}))
    assert "the office is filling it in" in page.lower()
    assert str(with_office.pk) not in page, "leads to the list, which says what can be done"
    assert str(mine.pk) in page
    assert "not sent, saved" in page


def test_lists__ask_the_same_however_many_forms_there_are(
    officer: Actor, person: Person, django_assert_max_num_queries: object
) -> None:
    begin(officer, VISIT_FORM.code, person)
    with django_assert_max_num_queries(9) as one:  # type: ignore[operator]
        queries.begun(officer)
    for _n in range(3):
        begin(officer, VISIT_FORM.code, person)
    with django_assert_max_num_queries(len(one.captured_queries)):  # type: ignore[operator]
        queries.begun(officer)


# --- a form is a task in a person's file


def test_task__a_form_that_waits_or_lies_with_the_officer_opens_the_file(
    officer: Actor, who: Actor, person: Person
) -> None:
    with pytest.raises(ReasonNeeded):
        person_for(officer, person.pk)
    draft = begin(who, VISIT_FORM.code, person)
    assert not queries.waits_in_forms(officer, person.pk)
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    assert queries.waits_in_forms(officer, person.pk)
    assert not queries.waits_in_forms(officer, uuid7())
    assert not queries.waits_in_forms(make.officer(make.district("311010000")), person.pk)
    drafts.take(officer, draft.pk)
    assert queries.waits_in_forms(officer, person.pk)
    assert not queries.waits_in_forms(make.officer(), person.pk), "it lies with a colleague"
    assert person_for(officer, person.pk) == person


@pytest.mark.finding("R-L10")
def test_task__a_form_that_the_officer_began_opens_the_file_no_longer_than_a_form_may_lie(
    officer: Actor, person: Person
) -> None:
    begin(officer, VISIT_FORM.code, person)
    with clock.at(make.MORNING + timedelta(days=1)):
        assert queries.waits_in_forms(officer, person.pk)
    with clock.at(make.MORNING + timedelta(days=4)):
        assert not queries.waits_in_forms(officer, person.pk)
        with pytest.raises(ReasonNeeded):
            person_for(officer, person.pk)


def test_task__a_form_that_was_handed_to_the_person_opens_the_file_no_more(
    officer: Actor, who: Actor, person: Person
) -> None:
    draft = begin(who, VISIT_FORM.code, person)
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    drafts.take(officer, draft.pk)
    assert queries.waits_in_forms(officer, person.pk)
    drafts.hand_to_person(officer, draft.pk, user_id=who.account)
    assert not queries.waits_in_forms(officer, person.pk)
    with pytest.raises(ReasonNeeded):
        person_for(officer, person.pk)
    with pytest.raises(NotFound):
        person_for(make.officer(make.district("311010000")), person.pk)


def test_forms_of_office__say_that_there_are_more_than_stand_on_the_page(
    officer: Actor, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(3):
        begin(officer, VISIT_FORM.code, person, hours=hours)
    address, said = "/office/drafts", "Not all forms are shown: there are 3."
    monkeypatch.setattr(queries, "MOST_FORMS", 3)
    assert "Not all forms" not in open_page(signed_in(officer), address).text
    monkeypatch.setattr(queries, "MOST_FORMS", 2)
    assert open_page(signed_in(officer), address).text.count(said) == 1
