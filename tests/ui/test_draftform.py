"""Forms over drafts, over a made-up form: steps, check page, submit, receipt; handed over, taken up, thrown away."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.core.made_up import Visit
from tests.kit.pages import Page, on_paper, open_page, read
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site
from tests.ui.made_up_site import FORM, PLAIN_FORM, VISIT_FORM

from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft, Typed
from tirek.core.drafts import forms as draft_forms
from tirek.core.errors import RuleBroken
from tirek.core.keys import uuid7
from tirek.core.signing import Signature
from tirek.notices.models import SentMessage
from tirek.people.models import Person
from tirek.ui.draftform import CHECK, answers
from tirek.ui.ways import way

FULL = {"times": "2", "comment": "hello"}


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


@pytest.fixture
def client(person: Person) -> Client:
    return registered(person)


def begin(who: Actor, person: Person, **values: str) -> Draft:
    return VISIT_FORM.begin(who, values, subject_id=person.pk)


def url(draft: Draft, part: str = "") -> str:
    return f"/made-up/ask/{draft.pk}" + (f"/{part}" if part else "")


def fresh(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def visits() -> int:
    return Visit._default_manager.count()


# --- beginning


def test_begin__again_goes_on_with_the_open_one_about_the_same(who: Actor, person: Person) -> None:
    first = VISIT_FORM.begin(who, FULL, subject_id=person.pk, again=True)
    assert VISIT_FORM.begin(who, FULL, subject_id=person.pk, again=True) == first
    others = [
        VISIT_FORM.begin(who, FULL | {"times": "3"}, subject_id=person.pk, again=True),
        VISIT_FORM.begin(who, FULL, subject_id=make.person().pk, again=True),
        VISIT_FORM.begin(make.recipient_of(make.person()), FULL, subject_id=person.pk, again=True),
        PLAIN_FORM.begin(who, FULL, subject_id=person.pk, again=True),
        VISIT_FORM.begin(who, FULL, subject_id=person.pk),
    ]
    assert len({first.pk, *(one.pk for one in others)}) == 6
    assert (first.form, first.form_version, first.step) == (FORM, 2, "times")


@pytest.mark.parametrize("gone", ["archived", "sent", "handed over"])
def test_begin__again_does_not_go_on_with_what_is_out_of_hands(
    who: Actor, person: Person, client: Client, gone: str
) -> None:
    first = VISIT_FORM.begin(who, FULL, subject_id=person.pk, again=True)
    if gone == "archived":
        drafts.archive(who, first.pk)
    elif gone == "sent":
        client.post(url(first, "submit"), {"agreed": "on"})
        assert fresh(first).state == Draft.State.SUBMITTED
    else:
        drafts.hand_to_office(who, first.pk, territory_code=person.territory_id)
    assert VISIT_FORM.begin(who, FULL, subject_id=person.pk, again=True) != first


# --- steps


def test_form__opens_where_it_was_left(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, times="5")
    assert client.get(url(draft))["Location"] == url(draft, "times")
    drafts.save_fields(who, draft.pk, {}, step="why")
    assert client.get(url(draft))["Location"] == url(draft, "why")
    drafts.save_fields(who, draft.pk, {"times": Typed("2", 1)})
    assert client.get(url(draft))["Location"] == url(draft, "times"), "that step is asked no more"


def test_step__shows_what_was_typed_and_where_it_is_kept(who: Actor, person: Person, client: Client) -> None:
    page = open_page(client, url(begin(who, person, **FULL), "times"))
    assert page.headings[0] == "How many times"
    assert 'value="2"' in page.html
    assert 'name="v_times" value="1"' in page.html
    assert {link.text: link.address for link in page.links}["Back"] == "/before-the-form"


def test_step__leads_on_over_the_steps_that_are_asked(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person)
    assert client.post(url(draft, "times"), {"times": "2"})["Location"] == url(draft, CHECK)
    assert client.post(url(draft, "times"), {"times": "5"})["Location"] == url(draft, "why")
    page = open_page(client, url(draft, "why"))
    assert "More than three times is often." in page.main
    assert {link.text: link.address for link in page.links}["Back"] == url(draft, "times")
    assert client.post(url(draft, "why"), {"why": "ill"})["Location"] == url(draft, CHECK)
    assert {link.text: link.address for link in open_page(client, url(draft, CHECK)).links}["Back"] == url(draft, "why")


@pytest.mark.parametrize("step", ["why", "unheard", "final"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_step__that_is_not_asked_is_not_found_and_keeps_nothing(
    who: Actor, person: Person, client: Client, step: str, method: str
) -> None:
    draft = begin(who, person, times="2")
    assert getattr(client, method)(url(draft, step), {"why": "x"}).status_code == 404
    assert fresh(draft).values() == {"times": "2"}


@pytest.mark.parametrize("typed", ["12", "", "often", "0"])
def test_step__keeps_what_is_wrong_before_it_says_so(who: Actor, person: Person, client: Client, typed: str) -> None:
    draft = begin(who, person, times="2")
    page = read(client.post(url(draft, "times"), {"times": typed, "comment": "kept", "v_times": "1"}))
    assert (page.status, len(page.errors)) == (422, 1)
    assert "Times" in page.errors[0]
    assert fresh(draft).values() == {"times": typed, "comment": "kept"}
    assert "kept" in page.html


def test_step__what_its_own_rule_refuses_stands_at_the_field(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person)
    page = read(client.post(url(draft, "times"), {"times": "2", "comment": "rude"}))
    assert (page.status, page.errors) == (422, ["Error: Nothing rude."])
    assert fresh(draft).values()["comment"] == "rude"


def test_step__changed_elsewhere_meanwhile_shows_both_answers(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    drafts.save_fields(who, draft.pk, {"comment": Typed("on the phone", 1)})
    sent = {"times": "2", "comment": "at home", "v_times": "1", "v_comment": "1"}
    page = read(client.post(url(draft, "times"), sent))
    assert page.status == 409
    assert "Comment: “at home” is kept; the other answer was “on the phone”." in page.main
    assert fresh(draft).values() == {"times": "2", "comment": "at home"}
    assert 'name="v_comment" value="3"' in page.html
    again = client.post(url(draft, "times"), sent | {"v_comment": "3"})
    assert again["Location"] == url(draft, CHECK)


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30, "²"])
def test_step__a_version_that_is_no_number_is_the_stored_one(
    who: Actor, person: Person, client: Client, base: str
) -> None:
    draft = begin(who, person, **FULL)
    answer = client.post(url(draft, "times"), {"times": "3", "comment": "hello", "v_times": base})
    assert answer.status_code == 302
    assert fresh(draft).values()["times"] == "3"


# --- the check page


def test_check__names_the_pages_on_which_something_is_missing(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, times="5")
    page = open_page(client, url(draft, CHECK))
    assert "Something is still missing: Why" in page.main
    assert ("Why", f"{url(draft, 'why')}?from=check") in {(link.text, link.address) for link in page.links}
    assert "Send it" not in page.main
    drafts.save_fields(who, draft.pk, {"why": Typed("ill", 0)})
    page = open_page(client, url(draft, CHECK))
    assert "missing" not in page.main
    assert "Send it" in page.main
    assert "Times: 5. Reason: ill." in page.main
    assert {
        ("Change times", f"{url(draft, 'times')}?from=check"),
        ("Change why", f"{url(draft, 'why')}?from=check"),
    } <= {(link.text, link.address) for link in page.links}


def test_check__of_an_empty_form_names_the_first_page(who: Actor, person: Person, client: Client) -> None:
    page = open_page(client, url(begin(who, person), CHECK))
    assert "Something is still missing: How many times" in page.main


# --- one parser of an answer


@pytest.mark.parametrize(
    ("values", "step", "field"),
    [
        ({"times": ""}, "times", "times"),
        ({"times": "12"}, "times", "times"),
        ({"times": "often"}, "times", "times"),
        ({"times": "2", "comment": "x" * 21}, "times", "comment"),
        ({"times": "5"}, "why", "why"),
        ({"times": "5", "why": "x" * 21}, "why", "why"),
    ],
)
def test_submit__refuses_what_the_step_refuses_in_the_same_words(
    who: Actor, person: Person, client: Client, values: dict[str, str], step: str, field: str
) -> None:
    draft = begin(who, person, **values)
    at_step = read(client.post(url(draft, step), {name: values.get(name, "") for name in ("times", "comment", "why")}))
    assert at_step.status == 422
    (said,) = at_step.errors
    with pytest.raises(RuleBroken) as refused, translation.override("en"):
        site.submit(actor=who, draft_key=draft.pk, final={"agreed": "yes"})
    assert refused.value.code == f"incomplete_{step}"
    assert said == f"Error: {refused.value.message}"
    page = read(client.post(url(draft, "submit"), {"agreed": "on"}))
    assert page.status == 422
    assert str(refused.value.message) in page.main
    assert (visits(), fresh(draft).state) == (0, Draft.State.OPEN)


def test_answers__are_those_of_all_forms_as_they_understood_them() -> None:
    times, why = site.TimesForm({"times": " 5 ", "comment": ""}), site.WhyForm({"why": "ill"})
    assert answers([("times", times), ("why", why)]) == {"times": 5, "comment": "", "why": "ill"}


def test_submit__a_step_that_is_no_more_asked_is_not_checked(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, times="2", why="x" * 90)
    assert client.post(url(draft, "submit"), {"agreed": "on"}).status_code == 302
    assert visits() == 1


# --- sending


@pytest.mark.finding("J-M7")
@pytest.mark.parametrize("part", ["submit", "hand"])
def test_press__whose_address_is_opened_leads_to_the_page_of_the_press(
    who: Actor, person: Person, client: Client, part: str
) -> None:
    draft = begin(who, person, **FULL)
    for opened in (client.get(url(draft, part)), client.head(url(draft, part))):
        assert (opened.status_code, opened["Location"]) == (302, url(draft, CHECK))
    assert client.put(url(draft, part)).status_code == 405
    assert (visits(), fresh(draft).state) == (0, Draft.State.OPEN)


def test_submit__gives_a_case_and_leads_to_its_receipt(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    answer = client.post(url(draft, "submit"), {"agreed": "on"}, follow=True)
    case = Visit._default_manager.get()
    assert answer.redirect_chain[-1][0] == f"/made-up/visits/{case.number}"
    assert "It was sent." in read(answer).text
    assert (fresh(draft).state, fresh(draft).case_id, fresh(draft).case_type) == ("submitted", case.pk, "visit")
    assert case.remark == "2 times"


def test_submit__twice_gives_one_case(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    places = {client.post(url(draft, "submit"), {"agreed": "on"})["Location"] for _n in range(3)}
    assert visits() == 1
    assert places == {f"/made-up/visits/{Visit._default_manager.get().number}"}
    assert site.submit(actor=who, draft_key=draft.pk) == Visit._default_manager.get()


def test_submit__by_the_script_of_the_page_learns_where_to_go(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    for _n in range(2):
        answer = client.post(url(draft, "submit"), {"agreed": "on"}, headers={"Accept": "application/json"})
        assert answer.json() == {"leads_to": f"/made-up/visits/{Visit._default_manager.get().number}"}


def test_submit__without_the_last_answer_stays_on_the_check_page(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    page = read(client.post(url(draft, "submit"), {}))
    assert (page.status, page.errors) == (422, ["Error: Tick “I agree” to continue."])
    assert page.headings[0] != ""
    assert visits() == 0
    assert client.get(url(draft, "submit"))["Location"] == url(draft, CHECK)
    assert read(client.post(url(draft, CHECK), {"agreed": "on"})).status == 302, "a page without script sends from here"
    assert visits() == 1


@pytest.mark.parametrize("emptied", [False, True], ids=["whole", "emptied"])
def test_a_form_that_was_sent__leads_to_its_receipt_from_everywhere(
    who: Actor, person: Person, client: Client, emptied: bool
) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "submit"), {"agreed": "on"})
    if emptied:
        Draft.objects.filter(pk=draft.pk).update(fields={}, subject_id=None)
    receipt = f"/made-up/visits/{Visit._default_manager.get().number}"
    for part in ("", "times", "why", CHECK):
        assert client.get(url(draft, part))["Location"] == receipt
    for part in ("times", CHECK, "submit", "hand"):
        assert client.post(url(draft, part), {"times": "7"})["Location"] == receipt
    assert visits() == 1
    assert fresh(draft).values().get("times") == (None if emptied else "2")


def test_a_form_that_was_sent__is_not_thrown_away(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "submit"), {"agreed": "on"})
    assert client.post(url(draft, "discard")).status_code == 409
    assert fresh(draft).state == Draft.State.SUBMITTED


def test_a_form_of_another_version__asks_once_to_look_again(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    Draft.objects.filter(pk=draft.pk).update(form_version=1)
    # the script of the page asks first: nobody has seen that answer, and the page that follows still asks
    unseen = client.post(url(draft, "submit"), {"agreed": "on"}, headers={"Accept": "application/json"})
    assert unseen.status_code == 422
    page = read(client.post(url(draft, "submit"), {"agreed": "on"}))
    assert page.status == 422
    assert "This form was changed since you began." in page.main
    assert "checked" in page.html, "the tick stays"
    assert (visits(), fresh(draft).form_version) == (0, 2)
    assert client.post(url(draft, "submit"), {"agreed": "on"}).status_code == 302
    assert visits() == 1


# --- strangers


PARTS = ["", "times", CHECK, "submit", "hand", "take", "discard", "sign"]


@pytest.mark.parametrize("part", PARTS)
def test_stranger__finds_no_form_at_any_address(officer: Actor, who: Actor, person: Person, part: str) -> None:
    draft = begin(who, person, **FULL)
    strangers = [registered(make.person()), signed_in(make.officer()), signed_in(officer)]
    for stranger in strangers:
        opened, pressed = stranger.get(url(draft, part)), stranger.post(url(draft, part), {"times": "7", "step": "ask"})
        # what takes a press only leads to its page, which is not found either
        assert opened.status_code in ({302, 403} if part in {"submit", "sign", "hand", "take"} else {404})
        if opened.status_code == 302:
            assert stranger.get(opened["Location"]).status_code in {200, 404}
        assert pressed.status_code in ({403, 404} if part else {405})
    assert (visits(), fresh(draft).values(), fresh(draft).state) == (0, FULL, Draft.State.OPEN)


def test_stranger__at_another_desk_is_refused_and_nobody_signs_in(who: Actor, person: Person) -> None:
    draft = begin(who, person, **FULL)
    seller = signed_in(make.staff("supplier", "supplier_manager"))
    assert seller.get(url(draft, "times")).status_code == 403
    assert "next=" in Client().get(url(draft, "times"))["Location"]


def test_form__of_another_kind_is_not_opened_by_this_one(officer: Actor, person: Person) -> None:
    draft = PLAIN_FORM.begin(officer, FULL, subject_id=person.pk)
    clerk = signed_in(officer)
    assert clerk.get(url(draft)).status_code == 404
    assert clerk.get(f"/made-up/plain/{draft.pk}").status_code == 302
    assert clerk.get(f"/made-up/ask/{uuid7()}").status_code == 404
    assert registered(person).get(f"/made-up/plain/{draft.pk}").status_code == 403


@pytest.mark.parametrize("part", ["times", "submit", "discard", "take", "hand", "sign"])
def test_form__of_another_kind_is_neither_sent_nor_deleted_by_this_one(
    officer: Actor, person: Person, part: str
) -> None:
    draft, asked = PLAIN_FORM.begin(officer, FULL, subject_id=person.pk), begin(officer, person, **FULL)
    clerk = signed_in(officer)
    addresses = [url(draft, part)] + ([f"/made-up/plain/{asked.pk}/{part}"] if part in {"times", "discard"} else [])
    for address in addresses:
        # at the counter a form that is signed is not sent by a press
        refused = {403} if part == "submit" else {404}
        assert clerk.post(address, {"times": "9", "step": "ask"}).status_code in refused, address
        if part in {"times", "discard"}:
            assert clerk.get(address).status_code == 404, address
    for one in (draft, asked):
        assert (fresh(one).state, fresh(one).values()) == (Draft.State.OPEN, FULL)


def test_form__that_is_not_handed_over_or_signed_has_no_such_addresses() -> None:
    names = {one.name for one in PLAIN_FORM.urls("x")}
    assert names == {"plain-form", "plain-submit", "plain-discard", "plain-take", "plain-step"}
    assert {one.name for one in VISIT_FORM.urls("x")} - {"ask-hand", "ask-sign"} == {
        name.replace("plain", "ask") for name in names
    }


def test_form__of_officers_only_is_sent_by_a_press(officer: Actor, person: Person) -> None:
    draft = PLAIN_FORM.begin(officer, FULL, subject_id=person.pk)
    clerk = signed_in(officer)
    page = open_page(clerk, f"/made-up/plain/{draft.pk}/check")
    assert "Send it" in page.main
    assert "Let the person finish it" not in page.main


# --- thrown away


def test_discard__asks_before_and_leads_to_the_list(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    page = open_page(client, url(draft, "discard"))
    assert page.headings[0] == "Delete this form?"
    assert fresh(draft).state == Draft.State.OPEN
    answer = client.post(url(draft, "discard"))
    assert answer["Location"] == way("recipient-forms")
    assert fresh(draft).state == Draft.State.ARCHIVED
    for part in ("", "times", CHECK, "discard"):
        assert client.get(url(draft, part)).status_code == 404


# --- handed over


def test_hand__the_person_to_the_office_whose_officer_takes_it_up(
    officer: Actor, who: Actor, person: Person, client: Client
) -> None:
    draft = begin(who, person, **FULL)
    assert "Let the office finish it" in open_page(client, url(draft, CHECK)).main
    assert client.post(url(draft, "hand"))["Location"] == way("recipient-forms")
    assert (fresh(draft).state, fresh(draft).holder_id) == (Draft.State.WAITING, None)
    assert fresh(draft).territory_code == person.territory_id
    assert client.post(url(draft, "times"), {"times": "7"}).status_code == 409
    far = signed_in(make.officer(make.district("311010000")))
    assert far.post(url(draft, "take")).status_code == 404
    clerk = signed_in(officer)
    assert clerk.post(url(draft, "take"))["Location"] == url(draft)
    assert (fresh(draft).state, fresh(draft).holder_id) == (Draft.State.OPEN, officer.user_id)
    assert client.post(url(draft, "take")).status_code == 409, "an officer is filling it in"
    assert signed_in(make.officer()).post(url(draft, "take")).status_code == 404
    assert fresh(draft).values() == FULL


def test_hand__the_person_takes_it_back_until_somebody_took_it_up(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "hand"))
    assert client.post(url(draft, "take"))["Location"] == url(draft)
    assert (fresh(draft).state, fresh(draft).holder_id, fresh(draft).territory_code) == ("open", who.user_id, "")


def test_hand__the_officer_to_the_person(officer: Actor, who: Actor, person: Person, client: Client) -> None:
    draft = begin(officer, person, **FULL)
    clerk = signed_in(officer)
    assert clerk.post(url(draft, "hand"))["Location"] == way("officer-forms")
    assert (fresh(draft).holder_id, fresh(draft).state) == (who.user_id, Draft.State.OPEN)
    assert client.get(url(draft, "times")).status_code == 200
    assert clerk.post(url(draft, "times"), {"times": "7"}).status_code == 409
    assert fresh(draft).values() == FULL


def test_hand__to_a_person_without_an_account_is_refused(officer: Actor, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(user=None)
    draft = begin(officer, person, **FULL)
    answer = signed_in(officer).post(url(draft, "hand"))
    assert answer.status_code == 422
    assert "Nobody can finish it at home" in read(answer).text
    assert fresh(draft).holder_id == officer.user_id


def test_hand__only_who_holds_it_hands_it_on(officer: Actor, who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "hand"))
    assert client.post(url(draft, "hand")).status_code == 409
    assert signed_in(officer).post(url(draft, "hand")).status_code == 409
    assert fresh(draft).state == Draft.State.WAITING
    assert client.get(url(draft, "hand"))["Location"] == url(draft, CHECK)
    assert client.get(url(draft, "take"))["Location"] == way("recipient-forms")


@pytest.mark.parametrize("by", ["person", "colleague"])
def test_take__what_an_officer_left_lying_is_taken_back(
    officer: Actor, who: Actor, person: Person, client: Client, by: str
) -> None:
    draft = begin(who, person, **FULL)
    client.post(url(draft, "hand"))
    drafts.take(officer, draft.pk)
    colleague = make.officer()
    with clock.at(make.MORNING + timedelta(days=40)):
        taker = registered(person, seconds=99 * 86_400) if by == "person" else signed_in(colleague, seconds=99 * 86_400)
        assert taker.post(url(draft, "take"))["Location"] == url(draft)
    assert fresh(draft).holder_id == (who.user_id if by == "person" else colleague.user_id)


# --- at the counter


@pytest.fixture
def at_counter(officer: Actor, person: Person) -> tuple[Client, Draft]:
    """An officer's complete form about a person."""
    return signed_in(officer), begin(officer, person, **FULL)


def last_code() -> str:
    found = re.search(r"\b\d{6}\b", SentMessage.objects.order_by("-at", "-pk")[0].text)
    assert found is not None
    return found.group()


def asked(page: Page) -> str:
    found = re.search(r'name="asked" value="([0-9a-f-]+)"', page.html)
    assert found is not None
    return found.group(1)


def test_counter__a_press_alone_does_not_send(at_counter: tuple[Client, Draft]) -> None:
    clerk, draft = at_counter
    assert clerk.post(url(draft, "submit"), {"agreed": "on"}).status_code == 403
    assert clerk.post(url(draft, CHECK), {"agreed": "on"}).status_code == 200
    assert visits() == 0
    page = open_page(clerk, url(draft, CHECK))
    assert "Visit me 2 times." in page.main
    assert "The sheet is signed: record it" in page.main


def test_counter__the_person_agrees_by_a_code(at_counter: tuple[Client, Draft]) -> None:
    clerk, draft = at_counter
    page = read(clerk.post(url(draft, "sign"), {"step": "ask"}, follow=True))
    given = {"step": "sign", "asked": asked(page), "code": "000000" if last_code() != "000000" else "111111"}
    wrong = read(clerk.post(url(draft, "sign"), given))
    assert wrong.status in {200, 422}
    assert wrong.errors == ["Error: This is not the code we sent. Check the six digits in the message."]
    assert visits() == 0
    sent = clerk.post(url(draft, "sign"), given | {"code": last_code()})
    case = Visit._default_manager.get()
    assert sent["Location"] == f"/made-up/office/visits/{case.number}"
    assert case.remark == "2 times signed"
    assert clerk.post(url(draft, "sign"), {"step": "ask"})["Location"] == sent["Location"]
    assert visits() == 1


def test_counter__the_person_agrees_on_paper(at_counter: tuple[Client, Draft]) -> None:
    clerk, draft = at_counter
    assert clerk.post(url(draft, "sign"), on_paper()).status_code == 302
    assert Signature.objects.get().strength == Signature.Strength.PAPER
    assert visits() == 1


@pytest.mark.parametrize("step", ["", "sign", "send", "unheard"])
def test_counter__what_nobody_asked_for_sends_nothing(at_counter: tuple[Client, Draft], step: str) -> None:
    clerk, draft = at_counter
    page = read(clerk.post(url(draft, "sign"), {"step": step, "code": "123456", "asked": str(uuid7())}))
    assert page.status == 422
    assert "The code is no longer valid." in page.main
    assert (visits(), Signature.objects.count()) == (0, 0)


def test_counter__an_incomplete_form_is_not_signed(officer: Actor, person: Person) -> None:
    draft, clerk = begin(officer, person, times="5"), signed_in(officer)
    assert "The sheet is signed: record it" not in open_page(clerk, url(draft, CHECK)).main
    for step in ("ask", "paper"):
        page = read(clerk.post(url(draft, "sign"), {**on_paper(), "step": step}))
        assert page.status == 422
        assert "Fill in “Why so often”." in page.main
    assert (visits(), Signature.objects.count()) == (0, 0)


def test_counter__an_answer_that_is_not_valid_is_said_on_the_check_page(officer: Actor, person: Person) -> None:
    draft, clerk = begin(officer, person, times="77"), signed_in(officer)
    page = open_page(clerk, url(draft, CHECK))
    assert "Why" in page.main


def test_counter__other_answers_are_other_words(at_counter: tuple[Client, Draft], officer: Actor) -> None:
    """The code that was asked for two visits does not sign three."""
    clerk, draft = at_counter
    page = read(clerk.post(url(draft, "sign"), {"step": "ask"}, follow=True))
    drafts.save_fields(officer, draft.pk, {"times": Typed("3", 1)})
    answer = read(clerk.post(url(draft, "sign"), {"step": "sign", "asked": asked(page), "code": last_code()}))
    assert answer.status == 422
    assert "The code is no longer valid." in answer.main
    assert visits() == 0


def test_counter__a_person_at_home_does_not_sign_there(who: Actor, person: Person, client: Client) -> None:
    draft = begin(who, person, **FULL)
    assert client.post(url(draft, "sign"), on_paper()).status_code == 403
    assert (visits(), Signature.objects.count()) == (0, 0)


def test_counter__a_form_of_another_version_is_looked_through_by_opening_the_page(
    at_counter: tuple[Client, Draft],
) -> None:
    clerk, draft = at_counter
    Draft.objects.filter(pk=draft.pk).update(form_version=1)
    refused = read(clerk.post(url(draft, "sign"), on_paper()))
    assert "This form was changed since you began." in refused.main
    assert (visits(), fresh(draft).form_version) == (0, 2)
    assert clerk.post(url(draft, "sign"), {"step": "send"}).status_code == 302
    assert visits() == 1


# --- lists of forms


def test_declare__makes_the_form_known_with_its_addresses(who: Actor, person: Person) -> None:
    draft = begin(who, person, **FULL)
    (one,) = draft_forms.begun([draft])
    assert (str(one.title), one.about) == ("Ask for a visit", "visit 2 times")
    assert (one.url, one.take_url, one.discard_url) == (url(draft), url(draft, "take"), url(draft, "discard"))
    assert draft_forms.address_for(who, draft.pk) == url(draft)
    assert FORM in draft_forms.known(Desk.RECIPIENT) & draft_forms.known(Desk.OFFICER)
    assert PLAIN_FORM.code not in draft_forms.known(Desk.RECIPIENT)
    assert draft_forms.begun([Draft(form="unheard", form_version=1)]) == []
    assert replace(VISIT_FORM, version=3).version == 3
