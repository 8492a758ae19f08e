"""Answers that are sent by several inputs: a day in three parts, several ticks. Kept, shown again, checked and sent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django import forms
from django.test import Client, override_settings
from django.urls import include, path
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.sign_in import registered
from tests.ui import made_up_site as site

from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.people.models import Person
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.fields import DayField, HintedCheckboxes


class WhenForm(forms.Form):
    """A day, and what is to be brought."""

    last = DayField(label="Until which day")
    bring = forms.MultipleChoiceField(
        label="What to bring",
        choices=[("pump", "A pump"), ("rope", "A rope"), ("lamp", "A lamp")],
        widget=HintedCheckboxes(hints={"rope": "Ten metres."}),
    )


class OnceForm(forms.Form):
    """Asked until it is answered."""

    once = forms.CharField(label="Once", max_length=20)


FORM: DraftForm[site.Filled] = replace(
    site.VISIT_FORM,
    code="made-up-when",
    prefix="when-",
    signing=None,
    can_be_handed_over=False,
    steps=(
        Step[site.Filled](
            "once",
            lambda _one: "Once",
            lambda _one, data, typed: OnceForm(data, initial=typed),
            asked=lambda one: not one.draft.values().get("once"),
        ),
        Step[site.Filled]("when", lambda _one: "When", lambda _one, data, typed: WhenForm(data, initial=typed)),
    ),
)
ALONE: DraftForm[site.Filled] = replace(FORM, code="made-up-alone", prefix="alone-", steps=FORM.steps[:1])
handler400 = site.handler400
_own = [*site._own, *FORM.urls("when/form"), *ALONE.urls("alone/form")]
urlpatterns = [path("made-up/", include((_own, "made_up"))), path("", include("tirek.urls"))]
DAY = {"last_day": "27", "last_month": "3", "last_year": "2027"}


@pytest.fixture
def person(db: None) -> Iterator[Person]:
    with site.opened(), override_settings(ROOT_URLCONF=__name__):
        FORM.declare()
        ALONE.declare()
        yield make.person()


@pytest.fixture
def client(person: Person) -> Client:
    return registered(person)


def begun(person: Person, form: DraftForm[site.Filled] = FORM, **values: str) -> Draft:
    actor: Actor = make.recipient_of(person)
    return form.begin(actor, values, subject_id=person.pk)


def answered(draft: Draft) -> WhenForm:
    """The form of the page, bound to what the draft keeps."""
    draft.refresh_from_db()
    form = WhenForm(draft.values())
    assert form.is_valid(), form.errors
    return form


def test_day_and_ticks__are_kept_shown_again_and_checked(person: Person, client: Client) -> None:
    draft = begun(person, once="x")
    here = FORM.url("step", draft.pk, "when")
    sent = client.post(here, DAY | {"bring": ["pump", "lamp"]})
    assert sent["Location"] == FORM.url("step", draft.pk, "check")
    given = answered(draft).cleaned_data
    assert (given["last"], given["bring"]) == (date(2027, 3, 27), ["pump", "lamp"])
    page = open_page(client, here)
    for part, value in DAY.items():
        (shown,) = re.findall(rf'<input[^>]*name="{part}"[^>]*>', page.html)
        assert f'value="{value}"' in shown
    assert page.html.count(" checked") == 2
    assert "Something is still missing" not in open_page(client, FORM.url("step", draft.pk, "check")).main


def test_day__typed_anew_is_the_one_that_is_sent(person: Person, client: Client) -> None:
    """The script of the page keeps the three inputs under their names; the form sends them under the same."""
    draft = begun(person, once="x", **DAY)
    here = FORM.url("step", draft.pk, "when")
    client.post(here, DAY | {"last_day": "28", "bring": "rope"})
    given = answered(draft).cleaned_data
    assert (given["last"], given["bring"]) == (date(2027, 3, 28), ["rope"])


def test_day__that_is_none_is_kept_as_it_was_typed(person: Person, client: Client) -> None:
    draft = begun(person, once="x")
    page = read(client.post(FORM.url("step", draft.pk, "when"), DAY | {"last_month": "13", "bring": "rope"}))
    assert page.status == 422
    draft.refresh_from_db()
    assert draft.values()["last_month"] == "13"
    assert 'value="13"' in open_page(client, FORM.url("step", draft.pk, "when")).html


def test_day__changed_elsewhere_meanwhile_names_the_question(person: Person, client: Client) -> None:
    draft = begun(person, once="x")
    here = FORM.url("step", draft.pk, "when")
    client.post(here, DAY | {"bring": "rope"})
    client.post(here, DAY | {"last_day": "28", "bring": "rope", "v_last_day": "1"})
    late = read(client.post(here, DAY | {"last_day": "29", "bring": "rope", "v_last_day": "1"}))
    assert late.status == 409
    assert "Until which day:" in late.main


def test_step__that_its_own_answer_makes_unasked_leads_on(person: Person, client: Client) -> None:
    draft = begun(person)
    assert client.get(FORM.url("form", draft.pk))["Location"] == FORM.url("step", draft.pk, "once")
    sent = client.post(FORM.url("step", draft.pk, "once"), {"once": "done"})
    assert sent["Location"] == FORM.url("step", draft.pk, "when")
    assert client.get(FORM.url("form", draft.pk))["Location"] == FORM.url("step", draft.pk, "when")


def test_form__of_which_no_page_is_asked_any_more_is_checked(person: Person, client: Client) -> None:
    draft = begun(person, ALONE)
    sent = client.post(ALONE.url("step", draft.pk, "once"), {"once": "done"})
    check = ALONE.url("step", draft.pk, "check")
    assert sent["Location"] == check
    assert client.get(ALONE.url("form", draft.pk))["Location"] == check
    assert open_page(client, check).status == 200
