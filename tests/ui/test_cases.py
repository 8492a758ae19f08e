"""Pages of a case and what can be done there, over a made-up type."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import Visit, Well
from tests.kit.filling import forms_of
from tests.kit.pages import Link, Page, on_paper, open_page, pressed, read, words
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import FINISH, PAGES, PASS, REMARK, VISITS

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import journal
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.personal.viewlog import View
from tirek.people.models import Person, Representation
from tirek.ui.acts import Act, NoFields, told_at_field, words_for
from tirek.ui.cases import with_query
from tirek.ui.fields import DayField
from tirek.ui.lists import Chosen

OFFICE = "/made-up/office/visits"


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def client(officer: Actor) -> Client:
    return signed_in(officer)


@pytest.fixture
def case(officer: Actor) -> Visit:
    return site.visit(officer)


def page_of(case: Visit) -> str:
    return f"{OFFICE}/{case.number}"


def events(case: Visit) -> list[str]:
    return [event.type for event in journal.events_of(case)]


# --- what is shown


def test_page__shows_what_the_process_lets_this_reader_do(client: Client, case: Visit) -> None:
    page = open_page(client, page_of(case))
    assert page.headings[0] == f"A visit as the officer reads it Visit {case.number}"
    assert page.title.startswith(f"Visit {case.number}")
    assert "Write a remark" in page.headings
    assert "Be short." in page.main
    assert f"officer of {case.number}" in page.main
    assert "It was: begin." in page.main
    assert "Next of open." in page.main
    links = {link.text: link.address for link in page.links}
    assert links["Finish the visit"] == f"{page_of(case)}/finish"
    assert f'action="{page_of(case)}/remark"' in page.html


def test_page__does_not_offer_what_is_the_clocks_or_not_offered_now(
    officer: Actor, client: Client, case: Visit
) -> None:
    page = open_page(client, page_of(case))
    assert PASS.button not in page.text
    Visit._default_manager.filter(pk=case.pk).update(remark="not yet")
    page = open_page(client, page_of(case))
    assert "Finish the visit" not in page.text
    assert "Write a remark" in page.text


def test_page__of_an_ended_case_offers_nothing(officer: Actor, client: Client, case: Visit) -> None:
    made_up.act(case, "finish", actor=officer)
    page = open_page(client, page_of(case))
    assert "Write a remark" not in page.text
    assert "Finish the visit" not in page.text
    assert "Next of done." in page.main


def test_page__at_the_other_desks_shows_their_words_and_no_acts(officer: Actor, case: Visit) -> None:
    seller = make.staff("supplier", "supplier_manager")
    Visit._default_manager.filter(pk=case.pk).update(organisation_id=seller.organisation_id)
    for who, place in ((signed_in(seller), "supply/visits"), (registered(case.person), "visits")):
        page = open_page(who, f"/made-up/{place}/{case.number}")
        assert "as the officer reads it" not in page.text
        assert "Said by the desk: ." in page.main
        assert "Write a remark" not in page.text
        assert who.post(f"/made-up/{place}/{case.number}/remark", {"remark-remark": "x"}).status_code == 404
    back = {link.text: link.address for link in page.links}["Back"]
    assert back == "/back-of-the-person", "where there is no list"


def test_page__remembers_the_list_it_was_opened_from(client: Client, case: Visit) -> None:
    page = open_page(client, f"{page_of(case)}?sort=number&light=blue&page=2")
    links = {link.text: link.address for link in page.links}
    assert links["Back"] == f"{OFFICE}?sort=number"
    assert links["Finish the visit"] == f"{page_of(case)}/finish?sort=number"
    done = client.post(f"{page_of(case)}/remark?sort=number", {"remark-remark": "x"})
    assert done["Location"] == f"{page_of(case)}?sort=number"


# --- looks and strangers


def test_look__of_an_officer_is_recorded_once(officer: Actor, client: Client, case: Visit) -> None:
    View.objects.all().delete()
    make.came(officer, case.person)
    open_page(client, page_of(case))
    open_page(client, page_of(case))
    look = View.objects.get(case_id=case.pk)
    assert (look.user_id, look.subject_id, look.case_type) == (officer.user_id, case.person_id, "visit")


def test_look__without_a_task_or_a_reason_is_asked_for_one(client: Client, case: Visit) -> None:
    View.objects.all().delete()
    for address in (page_of(case), f"{page_of(case)}/finish"):
        answer = client.get(address)
        assert answer.status_code == 302
        reason = reverse("desks:officer-reason", args=[case.person_id])
        assert answer["Location"].startswith(f"{reason}?next=")
    before = events(case)
    assert client.post(f"{page_of(case)}/remark", {"remark-remark": "x"}).status_code == 302
    assert events(case) == before, "nothing is done on a file that is not open"


def test_stranger__finds_no_page_and_carries_out_nothing(officer: Actor, case: Visit) -> None:
    far = signed_in(make.officer(make.district("311010000")))
    for address in (page_of(case), f"{page_of(case)}/remark", f"{page_of(case)}/finish"):
        assert far.get(address).status_code == 404
    for verb in ("remark", "finish"):
        assert far.post(f"{page_of(case)}/{verb}", {"remark-remark": "x"}).status_code == 404
    assert events(case) == ["visit.begin"]
    assert registered(make.person()).get(f"/made-up/visits/{case.number}").status_code == 404
    assert registered(case.person).get(page_of(case)).status_code == 403
    assert not View.objects.exclude(user_id=officer.user_id).exists()


def test_nobody__is_sent_to_sign_in(case: Visit) -> None:
    for address in (page_of(case), f"{page_of(case)}/finish"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


# --- what is done


def test_act__is_done_and_said_with_the_words_for_this_case(client: Client, case: Visit) -> None:
    done = client.post(f"{page_of(case)}/remark", {"remark-remark": "came"}, follow=True)
    assert done.redirect_chain == [(page_of(case), 302)]
    assert f"Kept with {case.number}." in read(done).text
    case.refresh_from_db()
    assert (case.remark, case.state) == ("came", "open")
    assert events(case) == ["visit.begin", "visit.remark"]


def test_act__with_a_question_asks_before_and_changes_nothing_by_asking(client: Client, case: Visit) -> None:
    page = open_page(client, f"{page_of(case)}/finish")
    assert page.headings[0] == f"Finish {case.number}?"
    assert "Nobody comes again." in page.main
    assert {link.text: link.address for link in page.links}["No, go back"] == page_of(case)
    assert events(case) == ["visit.begin"]
    done = client.post(f"{page_of(case)}/finish", follow=True)
    assert "It is finished." in read(done).text
    case.refresh_from_db()
    assert case.state == "done"


def test_act__without_a_question_has_no_page_of_its_own(client: Client, case: Visit) -> None:
    answer = client.get(f"{page_of(case)}/remark?sort=number")
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(case)}?sort=number")
    assert events(case) == ["visit.begin"]


def test_act__without_fields_is_done_by_post_only(officer: Actor, client: Client) -> None:
    well = made_up.begun(Well, officer)
    where = f"/made-up/office/wells/{well.number}"
    assert "Close it" in open_page(client, where).main
    assert client.get(f"{where}/finish")["Location"] == where
    assert client.put(f"{where}/finish").status_code == 405
    assert client.post(where).status_code == 405
    well.refresh_from_db()
    assert well.state == "open"
    assert client.post(f"{where}/finish")["Location"] == where
    well.refresh_from_db()
    assert well.state == "done"


@pytest.mark.parametrize("verb", ["begin", "unheard", "run"])
def test_act__that_the_desk_does_not_have_is_not_found(client: Client, case: Visit, verb: str) -> None:
    assert client.get(f"{page_of(case)}/{verb}").status_code == 404
    assert client.post(f"{page_of(case)}/{verb}").status_code == 404
    assert events(case) == ["visit.begin"]


def test_act__of_the_clock_is_refused_to_an_officer(client: Client, case: Visit) -> None:
    assert client.post(f"{page_of(case)}/pass").status_code == 403
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize("method", ["get", "post"])
def test_act__that_is_not_offered_now_is_neither_asked_nor_done(client: Client, case: Visit, method: str) -> None:
    Visit._default_manager.filter(pk=case.pk).update(remark="not yet")
    assert getattr(client, method)(f"{page_of(case)}/finish").status_code == 409
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize("method", ["get", "post"])
def test_act__on_a_case_that_has_moved_says_so(officer: Actor, client: Client, case: Visit, method: str) -> None:
    made_up.act(case, "finish", actor=officer)
    answer = getattr(client, method)(f"{page_of(case)}/finish")
    assert answer.status_code == 409
    assert "This has changed since you opened the page." in read(answer).text
    assert client.post(f"{page_of(case)}/remark", {"remark-remark": "x"}).status_code == 409
    assert events(case) == ["visit.begin", "visit.finish"]


# --- what is refused


def test_refusal__stands_at_its_field_and_keeps_what_was_typed(client: Client, case: Visit) -> None:
    page = read(client.post(f"{page_of(case)}/remark", {"remark-remark": "rude"}))
    assert page.status == 422
    assert page.errors == ["Error: Nothing rude. Be kind."]
    assert 'value="rude"' in page.html
    assert "Error" in page.title
    assert events(case) == ["visit.begin"]


def test_refusal__of_no_field_stands_over_the_page_and_keeps_what_was_typed(client: Client, case: Visit) -> None:
    for said, status in (("full", 422), ("often", 422)):
        page = read(client.post(f"{page_of(case)}/remark", {"remark-remark": said}))
        assert page.status == status
        assert page.errors == []
        assert f'value="{said}"' in page.html
    assert "You remark too often." in page.main


@pytest.mark.parametrize("typed", ["", "x" * 21])
def test_refusal__of_the_form_itself_keeps_what_was_typed(client: Client, case: Visit, typed: str) -> None:
    page = read(client.post(f"{page_of(case)}/remark", {"remark-remark": typed}))
    assert page.status == 422
    assert len(page.errors) == 1
    assert "Remark" in page.errors[0]
    assert f'value="{typed}"' in page.html or not typed
    assert events(case) == ["visit.begin"]


def test_refusal__after_a_question_stays_on_the_page_of_the_question(client: Client, case: Visit) -> None:
    Visit._default_manager.filter(pk=case.pk).update(remark="stuck")
    page = read(client.post(f"{page_of(case)}/finish"))
    assert page.status == 422
    assert "The door is stuck." in page.main
    assert f"Finish {case.number}?" in page.headings
    assert events(case) == ["visit.begin"]


def test_fields__of_two_acts_on_a_page_do_not_meet(client: Client, case: Visit) -> None:
    assert 'name="remark-remark"' in open_page(client, page_of(case)).html
    page = read(client.post(f"{page_of(case)}/remark", {"remark": "without its prefix"}))
    assert page.status == 422


class _WhyForm(forms.Form):
    why = forms.CharField(label="Why", max_length=20)
    told = forms.BooleanField(label="Told", required=False)
    on = DayField(label="Day")


@pytest.mark.finding("J-typed-beside")
def test_refusal__of_one_act_keeps_what_was_typed_for_another(
    client: Client, case: Visit, acts: dict[Desk, tuple[Act, ...]]
) -> None:
    other = replace(FINISH, ask=None, form=_WhyForm)
    acts[Desk.OFFICER] = (REMARK, replace(other, main=True))
    typed = {"finish-why": "x" * 30, "finish-told": "on", "finish-on_day": "31", "finish-on_month": "13"}
    page = read(client.post(f"{page_of(case)}/remark", {"remark-remark": "rude", **typed}))
    assert page.errors == ["Error: Nothing rude. Be kind."], "what nobody has sent is not checked yet"
    (form,) = [one for one in forms_of(page, page_of(case)) if one.address.endswith("/finish")]
    stands = form.as_served()
    assert {name: stands[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert re.search(r'<details class="govuk-details act" open>', page.html), "it is not hidden in what is folded"
    # nothing typed: folded, as offered
    page = read(client.post(f"{page_of(case)}/remark", {"remark-remark": "rude"}))
    assert not re.search(r'<details class="govuk-details act" open>', page.html)


# --- what takes something away


def button(page: Page, said: str) -> set[str]:
    """How the one button with these words looks, beside how every button does."""
    found = re.findall(r'<button\s+class="([^"]*)"[^>]*>(.*?)</button>', page.html, re.DOTALL)
    (classes,) = [classes.split() for classes, inner in found if words(inner) == said]
    assert "govuk-button" in classes
    return {one.removeprefix("govuk-button--") for one in classes if one != "govuk-button"}


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> dict[Desk, tuple[Act, ...]]:
    """The acts of the made-up pages, for this test to change."""
    known = cast("dict[Desk, tuple[Act, ...]]", PAGES.acts)
    monkeypatch.setitem(known, Desk.OFFICER, known[Desk.OFFICER])
    return known


@pytest.mark.parametrize("main", [True, False], ids=["main", "another"])
def test_button__of_an_act_that_warns_is_red_and_no_other(
    client: Client, case: Visit, acts: dict[Desk, tuple[Act, ...]], main: bool
) -> None:
    acts[Desk.OFFICER] = (replace(REMARK, main=main), replace(FINISH, main=True))
    plain = button(open_page(client, page_of(case)), "Keep the remark")
    assert plain == (set() if main else {"secondary"})
    acts[Desk.OFFICER] = (replace(REMARK, main=main, warns=True), replace(FINISH, main=True))
    assert button(open_page(client, page_of(case)), "Keep the remark") == {"warning"}
    refused = read(client.post(f"{page_of(case)}/remark", {"remark-remark": "rude"}))
    assert button(refused, "Keep the remark") == {"warning"}, "where it was refused, too"


@pytest.mark.parametrize("asked", [{}, {"warns": True}, {"warns": False}], ids=["as usual", "warns", "does not warn"])
def test_button__of_a_question_is_red_unless_it_takes_nothing_away(
    client: Client, case: Visit, acts: dict[Desk, tuple[Act, ...]], asked: dict[str, Any]
) -> None:
    assert FINISH.ask is not None
    acts[Desk.OFFICER] = (replace(FINISH, ask=replace(FINISH.ask, **asked)),)
    look = {"warning"} if asked.get("warns", True) else set()
    Visit._default_manager.filter(pk=case.pk).update(remark="stuck")
    for page in (open_page(client, f"{page_of(case)}/finish"), read(client.post(f"{page_of(case)}/finish"))):
        assert button(page, "Finish") == look
    assert "Nobody comes again." in page.main


# --- acts by themselves


def test_act__is_never_carried_out_by_a_template(officer: Actor, case: Visit) -> None:
    called: list[tuple[Actor, Visit]] = []

    def run(*, actor: Actor, case: Visit) -> None:
        called.append((actor, case))

    act = Act("finish", title="Finish", button="Do it", run=run)
    text = Template("{{ act.title }} {{ act }} {% if act %}{{ act.button }}{% endif %}").render(Context({"act": act}))
    assert text.startswith("Finish")
    assert text.endswith("Do it")
    assert called == []
    act(officer, case, {})
    assert called == [(officer, case)]


def test_act__that_is_signed_cannot_be_run_without(officer: Actor, case: Visit) -> None:
    signed = site.SIGNED_PAGES.act(Desk.OFFICER, "finish")
    assert signed.has_page
    assert not REMARK.has_page
    assert FINISH.has_page
    with pytest.raises(TypeError, match="page of its own"):
        signed(officer, case, {})
    for at, name in ((Desk.OFFICER, "begin"), (Desk.SUPPLIER, "finish")):
        with pytest.raises(NotFound):
            site.SIGNED_PAGES.act(at, name)


def test_signed_act__is_a_page_of_signing_that_keeps_the_filter(client: Client, case: Visit) -> None:
    here = f"/made-up/office/signed/{case.number}"
    page = open_page(client, f"{here}?sort=number")
    assert Link("Sign it", f"{here}/finish?sort=number") in page.links
    page = open_page(client, f"{here}/finish?sort=number")
    assert "Sign the visit" in page.text
    assert Link("Write a remark", f"{here}/remark?sort=number") in page.links, "what one does instead"
    back = f"/made-up/office/visits/{case.number}?sort=number"
    assert back in [one.address for one in page.links]
    asked = client.post(f"{here}/finish?sort=number", {"step": "ask"})["Location"]
    assert asked.startswith(f"{here}/finish?sort=number&asked=")
    assert client.post(f"{here}/finish?sort=number", on_paper())["Location"] == back
    case.refresh_from_db()
    assert case.state == "done"


def test_signed_act__is_refused_where_the_process_does_not_offer_it(officer: Actor, client: Client) -> None:
    ended, elsewhere = site.visit(officer, state="done"), site.visit(make.officer(make.district("311000000")))
    assert client.get(f"/made-up/office/signed/{ended.number}/finish").status_code == 409
    assert client.post(f"/made-up/office/signed/{ended.number}/finish", on_paper()).status_code == 409
    assert client.get(f"/made-up/office/signed/{elsewhere.number}/finish").status_code == 404
    assert client.get(f"/made-up/office/signed/{ended.number}/begin").status_code == 404


def test_told_at_field__only_where_the_form_has_the_field() -> None:
    refused = RuleBroken("Nothing rude.", code="rude")
    form = site.RemarkForm({"remark": "x"})
    assert form.is_valid()
    assert not told_at_field(form, refused, {})
    assert not told_at_field(form, refused, {"rude": "another"})
    assert not told_at_field(NoFields({}), refused, {"rude": "remark"})
    assert form.is_valid()
    assert told_at_field(form, refused, {"rude": "remark"})
    (error,) = form.errors.as_data()["remark"]
    assert (error.code, error.messages) == ("rude", ["Nothing rude."]), (
        "the general way out leads here, and is not said"
    )


def test_words__are_made_of_the_case_or_taken_as_they_are(case: Visit) -> None:
    assert words_for("Plain", case) == "Plain"
    assert words_for(lambda one: one.number, case) == case.number


@pytest.mark.parametrize(
    ("address", "whole"), [("/a", "/a?asked=1"), ("/a?b=2", "/a?b=2&asked=1"), ("/a?b=", "/a?b=&asked=1")]
)
def test_with_query__adds_to_what_is_there(address: str, whole: str) -> None:
    assert with_query(address, asked=1) == whole


def test_routes__of_a_desk_without_acts_have_no_act() -> None:
    names = {at: {one.name for one in PAGES.urls(at, "x")} for at in (Desk.OFFICER, Desk.SUPPLIER)}
    assert names == {
        Desk.OFFICER: {"officer-visit", "officer-visit-act"},
        Desk.SUPPLIER: {"supplier-visit"},
    }


def test_page__says_the_deadline_when_it_nears(officer: Actor, client: Client) -> None:
    near = site.visit(officer, last_day=clock.today())
    page = open_page(client, page_of(near))
    assert re.search(r"By when 9 November 2026", page.main)
    assert Chosen().is_empty
    assert VISITS.url(near, Desk.OFFICER) == page_of(near)


# --- about another person


@pytest.mark.finding("I-13")
def test_page_of_a_case__about_somebody_represented_asks_to_act_for_that_person(officer: Actor) -> None:
    case = site.visit(officer, remark="All is well.")
    parent, stranger = make.person(), make.person()
    Person.objects.filter(pk=case.person_id).update(birth_date=date(2019, 6, 10))
    Representation.objects.create(
        representative=parent, represented=case.person, basis="parent", since=date(2020, 1, 1)
    )
    client, here = registered(parent), f"/made-up/visits/{case.number}"
    sent = pressed(read(client.get(here)), f"Go on for {case.person.full_name}")
    assert (sent["person"], sent["next"]) == (str(case.person_id), here)
    assert client.post(sent.pop("action"), sent)["Location"] == here
    assert open_page(client, here).status == 200
    page = read(registered(stranger).get(here))
    assert (page.status, case.person.full_name in page.html) == (404, False)


def test_act__on_a_case_that_has_moved_on_shows_the_case_with_what_can_be_done_now(officer: Actor) -> None:
    ended = site.visit(officer, remark="done")
    client = signed_in(officer)
    made_up.act(ended, "finish", actor=officer)
    page = read(client.post(f"/made-up/office/visits/{ended.number}/finish"))
    assert page.status == 409
    assert ended.number in page.main, "the page of the case, not one that leads home only"
    assert "What has happened" in page.headings
