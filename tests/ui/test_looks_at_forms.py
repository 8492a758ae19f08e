"""Whoever opens a form about a stranger has looked at the stranger's file."""

from collections.abc import Iterator

import pytest
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import VISIT_FORM

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.personal.viewlog import View
from tirek.people.models import Person
from tirek.ui.draftform import CHECK

FULL = {"times": "2", "comment": "hello"}


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def person(officer: Actor) -> Person:
    return make.person()


def begin(actor: Actor, person: Person) -> Draft:
    return VISIT_FORM.begin(actor, FULL, subject_id=person.pk)


def url(draft: Draft, part: str = CHECK) -> str:
    return f"/made-up/ask/{draft.pk}/{part}"


@pytest.mark.parametrize("part", ["times", CHECK])
def test_look__of_an_officer_who_opens_a_form_about_a_person_is_recorded_once(
    officer: Actor, person: Person, part: str
) -> None:
    draft, clerk = begin(officer, person), signed_in(officer)
    for _n in range(2):
        open_page(clerk, url(draft, part))
    look = View.objects.get()
    assert (look.subject_id, look.user_id, look.desk) == (person.pk, officer.user_id, "officer")
    assert look.basis == View.Basis.TASK, "the form itself is what waits"


def test_look__at_a_form_that_waits_is_recorded_before_it_is_taken_up(officer: Actor, person: Person) -> None:
    who = make.recipient_of(person)
    draft = begin(who, person)
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    open_page(signed_in(officer), url(draft))
    assert View.objects.get().subject_id == person.pk


def test_look__of_the_person_is_none(person: Person) -> None:
    draft, client = begin(make.recipient_of(person), person), registered(person)
    for part in ("times", CHECK):
        open_page(client, url(draft, part))
    assert not View.objects.exists()
