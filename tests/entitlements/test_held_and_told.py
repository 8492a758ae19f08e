"""What a person's own data hold of corrections, what a late request says, and of whose line a form is named."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers

from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.case import workflow
from tirek.core.case.words import view_of
from tirek.core.drafts import forms as draft_forms
from tirek.core.personal import export
from tirek.entitlements import actions, answers
from tirek.entitlements.case_types import REQUESTS
from tirek.entitlements.models import CorrectionRequest
from tirek.orders.requests import FORM, FORM_VERSION

pytestmark = pytest.mark.django_db
LATER = make.MORNING + timedelta(days=10)


@pytest.fixture
def shop() -> Iterator[make.Shop]:
    with clock.at(make.MORNING):
        yield make.Shop()


def held(shop: make.Shop) -> list[export.Entry]:
    """The corrections among what is held about the person."""
    found = export.held_about(export.Subject(shop.person.pk, shop.person.user_id))
    (entries,) = [entries for section, entries in found if section.code == "corrections"]
    return list(entries)


def test_own_data__hold_a_correction_when_two_officers_signed_it(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    proposed = papers.proposed(shop, first, 10)
    assert held(shop) == [], "a proposal of one officer is nothing yet"
    actions.reject_correction(actor=second, correction=proposed, reason="Құжат жоқ")
    assert held(shop) == [], "what was not signed changed nothing, and its reason is the officers'"
    actions.sign_correction(actor=second, correction=papers.proposed(shop, first, 20))
    (entry,) = held(shop)
    assert entry["amount"] == 20


def late(shop: make.Shop, at: Desk) -> str:
    """What the next step of the request says at a desk."""
    request = CorrectionRequest.objects.get()
    actor = shop.actor if at is Desk.RECIPIENT else make.officer(shop.place)
    with translation.override("en"):
        return str(view_of(REQUESTS, actor, REQUESTS.find(actor, request.number)).next_step.text)


def test_late_request__is_told_to_each_reader_until_a_new_term_begins(shop: make.Shop) -> None:
    request = papers.asked(shop)
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(LATER):
        assert workflow.sweep() == 1
        assert "did not answer in time" in late(shop, Desk.RECIPIENT)
        assert "answer now" in late(shop, Desk.OFFICER)
    with clock.at(LATER + timedelta(hours=1)):
        correction = papers.proposed(shop, first, 10, request=str(request.pk))
        actions.reject_correction(actor=second, correction=correction, reason="Құжат жоқ")
        assert "did not answer in time" not in late(shop, Desk.RECIPIENT), "the term is a new one"
        assert "answer now" not in late(shop, Desk.OFFICER)


@pytest.mark.parametrize("form", [FORM, answers.REQUEST_FORM])
def test_form__is_named_by_a_line_of_its_own_person_only(shop: make.Shop, form: str) -> None:
    """The script of a page keeps any field that it is given: also the key of somebody else's line."""
    other = make.Shop(place=shop.place, kind_code="SM-01")
    version = FORM_VERSION if form == FORM else answers.FORM_VERSION

    def named(actor: Actor, line: object) -> str:
        draft = drafts.begin(
            actor, form=form, form_version=version, subject_id=shop.person.pk, values={"line": str(line)}
        )
        (entry,) = draft_forms.begun([draft])
        return entry.about

    assert named(shop.actor, shop.line.pk)
    assert named(shop.actor, other.line.pk) == ""
