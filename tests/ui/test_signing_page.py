"""The page of signing, over a made-up case: a code, paper with the second-officer rule, what was signed before."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from tests import factories as make
from tests.core.made_up import Visit
from tests.kit.pages import Page, on_paper, open_page, read
from tests.kit.sign_in import registered, signed_in
from tests.ui import made_up_site as site

from tirek.accounts.models import User
from tirek.core import clock, signing
from tirek.core.actors import Actor
from tirek.core.keys import uuid7
from tirek.core.signing import Signature
from tirek.notices.models import SentMessage
from tirek.people.models import Person, Representation

EXPIRED = "The code is no longer valid."


@pytest.fixture
def officer(db: None) -> Iterator[Actor]:
    with site.opened() as one:
        yield one


@pytest.fixture
def case(officer: Actor) -> Visit:
    return site.visit(officer, remark="All is well.")


@pytest.fixture
def client(case: Visit) -> Client:
    """The person's own browser."""
    return registered(case.person)


@pytest.fixture
def clerk(officer: Actor) -> Client:
    return signed_in(officer)


def here(case: Visit) -> str:
    return f"/made-up/sign/{case.number}"


def last_code() -> str:
    found = re.search(r"\b\d{6}\b", SentMessage.objects.order_by("-at", "-pk")[0].text)
    assert found is not None
    return found.group()


def wrong_code() -> str:
    return f"{(int(last_code()) + 1) % 1_000_000:06d}"


def ask(client: Client, case: Visit) -> str:
    """Key of the request for a code."""
    answer = client.post(here(case), {"step": "ask"})
    assert answer.status_code == 302, read(answer).main
    return str(Signature.objects.latest("created_at").pk)


def press(client: Client, case: Visit, **given: str) -> Page:
    return read(client.post(here(case), given))


def state(case: Visit) -> str:
    return Visit._default_manager.get(pk=case.pk).state


# --- a code to the phone


def test_page__shows_exactly_the_words_that_are_signed(client: Client, clerk: Client, case: Visit) -> None:
    page = open_page(client, here(case))
    assert page.headings[0] == "Sign the visit"
    assert "You sign: I was visited. All is well." in page.main
    assert "Send me the code" in page.main
    assert "on paper" not in page.main
    page = open_page(clerk, here(case))
    assert "The person signs: Let the recipient read these words. I was visited. All is well." in page.main
    assert "The sheet is signed: record it" in page.main
    assert "+77011234567" not in page.html
    assert not Signature.objects.exists(), "opening asks for nothing"


def test_code__is_asked_for_and_signs(client: Client, case: Visit) -> None:
    key = ask(client, case)
    page = open_page(client, f"{here(case)}?asked={key}")
    assert "ends with 4567" in page.main
    assert "autofocus" in page.html, "who asked for the code has heard the words already"
    assert last_code() not in page.html
    answer = client.post(here(case), {"step": "sign", "asked": key, "code": last_code()}, follow=True)
    assert answer.redirect_chain[0][0] == f"/made-up/visits/{case.number}"
    assert "Signed by a code." in read(answer).text
    signed = Signature.objects.get()
    assert (signed.state, str(signed.pk), bytes(signed.text).decode()) == (
        Signature.State.SIGNED,
        key,
        "I was visited. All is well.",
    )
    assert state(case) == "done"


def test_code__with_a_space_is_the_same_code(client: Client, case: Visit) -> None:
    key, code = ask(client, case), last_code()
    assert press(client, case, step="sign", asked=key, code=f"{code[:3]} {code[3:]}").status == 302


def test_code__that_is_wrong_is_said_at_the_field_and_can_be_tried_again(client: Client, case: Visit) -> None:
    key = ask(client, case)
    page = press(client, case, step="sign", asked=key, code=wrong_code())
    assert page.status == 422
    assert page.errors == ["Error: This is not the code we sent. Check the six digits in the message."]
    assert f'name="asked" value="{key}"' in page.html
    assert state(case) == "open"
    assert press(client, case, step="sign", asked=key, code=last_code()).status == 302


@pytest.mark.parametrize("code", ["", "12345", "12345678"])
def test_code__that_cannot_be_one_is_refused_by_the_form_and_costs_no_try(
    client: Client, case: Visit, code: str
) -> None:
    key = ask(client, case)
    page = press(client, case, step="sign", asked=key, code=code)
    assert (page.status, len(page.errors)) == (422, 1)
    assert Signature.objects.get().tries == 0
    assert f'name="asked" value="{key}"' in page.html


def test_code__wrong_five_times_signs_nothing_any_more(client: Client, case: Visit) -> None:
    key, wrong = ask(client, case), wrong_code()
    for _n in range(5):
        page = press(client, case, step="sign", asked=key, code=wrong)
    assert "The code was wrong five times." in page.main
    assert EXPIRED in press(client, case, step="sign", asked=key, code=last_code()).main
    assert state(case) == "open"


def test_code__that_has_expired_signs_nothing(client: Client, case: Visit) -> None:
    key = ask(client, case)
    with clock.at(make.MORNING + timedelta(minutes=10)):
        page = press(client, case, step="sign", asked=key, code=last_code())
        assert (page.status, EXPIRED in page.main) == (422, True)
        assert "Send me the code" in page.main
        assert "We sent a code" not in open_page(client, f"{here(case)}?asked={key}").main
    assert (state(case), Signature.objects.get().state) == ("open", Signature.State.REQUESTED)


def test_code__for_other_words_signs_nothing(client: Client, case: Visit) -> None:
    key = ask(client, case)
    Visit._default_manager.filter(pk=case.pk).update(remark="All is bad.")
    page = press(client, case, step="sign", asked=key, code=last_code())
    assert (page.status, EXPIRED in page.main) == (422, True)
    assert "I was visited. All is bad." in page.main
    assert Signature.objects.get().state == Signature.State.REQUESTED


def test_code__of_another_case_or_another_purpose_signs_nothing(officer: Actor, client: Client, case: Visit) -> None:
    other = site.visit(officer, remark="All is well.", person_id=case.person_id)
    key = ask(client, other)
    assert EXPIRED in press(client, case, step="sign", asked=key, code=last_code()).main
    Signature.objects.update(case_id=case.pk, purpose="something else")
    assert EXPIRED in press(client, case, step="sign", asked=key, code=last_code()).main
    assert state(case) == state(other) == "open"


@pytest.mark.parametrize("asked", ["", "nonsense", "01a218de-edd1-73ad-86c3-faeb472a0000", "²"])
def test_code__that_nobody_asked_for_signs_nothing(client: Client, case: Visit, asked: str) -> None:
    page = press(client, case, step="sign", asked=asked, code="123456")
    assert (page.status, EXPIRED in page.main) == (422, True)
    assert open_page(client, f"{here(case)}?asked={asked}").status == 200
    assert not Signature.objects.exists()


def test_code__that_somebody_else_asked_for_is_not_theirs_to_use(officer: Actor, client: Client, case: Visit) -> None:
    key = ask(signed_in(officer), case)
    other = make.officer()
    page = read(signed_in(other).post(here(case), {"step": "sign", "asked": key, "code": last_code()}))
    assert page.status == 404
    assert state(case) == "open"
    assert press(client, case, step="sign", asked=key, code=last_code()).status == 302, "the signer may"


def test_codes__are_not_asked_for_without_end(client: Client, case: Visit) -> None:
    for _n in range(6):
        ask(client, case)
    page = press(client, case, step="ask")
    assert page.status == 429
    assert "Too many codes were asked for" in page.main


@pytest.mark.parametrize("step", ["send", "unheard", ""])
def test_step__that_is_none_signs_nothing(client: Client, case: Visit, step: str) -> None:
    page = press(client, case, step=step)
    assert (page.status, EXPIRED in page.main) == (422, True)
    assert not Signature.objects.exists()


def test_phone__that_is_new_does_not_sign(client: Client, clerk: Client, case: Visit) -> None:
    User.objects.filter(pk=case.person.user_id).update(
        phone_since=make.MORNING - timedelta(hours=1), phone_changed=True
    )
    for browser in (client, clerk):
        page = press(browser, case, step="ask")
        assert page.status == 422
        assert "The phone on file was changed less than a day ago" in page.main
    assert not Signature.objects.exists()


def test_representative__signs_with_the_own_phone_for_the_person(case: Visit) -> None:
    guardian = make.person(phone="+77059998877")
    Representation.objects.create(
        representative=guardian, represented=case.person, basis="guardian", since=date(2020, 1, 1)
    )
    browser = registered(guardian, behalf=str(case.person_id))
    key = ask(browser, case)
    assert SentMessage.objects.order_by("-at", "-pk")[0].address == "+77059998877"
    assert press(browser, case, step="sign", asked=key, code=last_code()).status == 302
    signed = Signature.objects.get()
    assert (signed.signer_person_id, signed.on_behalf_of) == (guardian.pk, case.person_id)


# --- paper at the counter


def test_paper__is_recorded_by_an_officer(officer: Actor, clerk: Client, case: Visit) -> None:
    answer = clerk.post(here(case), on_paper(), follow=True)
    assert answer.redirect_chain[0][0] == f"/made-up/office/visits/{case.number}"
    assert "Signed on paper." in read(answer).text
    signed = Signature.objects.get()
    assert (signed.strength, signed.recorded_by, signed.signer_person_id) == (
        Signature.Strength.PAPER,
        officer.user_id,
        case.person_id,
    )
    assert state(case) == "done"


def test_paper__is_not_recorded_by_the_person_at_home(client: Client, case: Visit) -> None:
    page = press(client, case, **on_paper())
    assert page.status == 422
    assert "Only an officer records a signature on paper." in page.main
    assert (state(case), Signature.objects.count()) == ("open", 0)


def test_paper__is_not_recorded_by_the_officer_who_entered_it(officer: Actor, clerk: Client, case: Visit) -> None:
    Visit._default_manager.filter(pk=case.pk).update(remark=f"{officer.account}"[-12:])
    page = press(clerk, case, **on_paper())
    assert page.status == 422
    assert "You entered it yourself. Ask a colleague." in page.main
    assert (state(case), Signature.objects.count()) == ("open", 0)
    assert press(signed_in(make.officer()), case, **on_paper()).status == 302


def test_paper__by_the_first_officer_is_refused_but_a_code_is_not(officer: Actor, clerk: Client, case: Visit) -> None:
    Visit._default_manager.filter(pk=case.pk).update(remark=f"{officer.account}"[-12:])
    key = ask(clerk, case)
    assert press(clerk, case, step="sign", asked=key, code=last_code()).status == 302


@pytest.mark.parametrize("closeness", ["self", "represents", "once represented"])
@pytest.mark.parametrize("step", ["ask", "paper"])
def test_an_officer_who_is_close_to_the_person__witnesses_nothing(
    officer: Actor, case: Visit, closeness: str, step: str
) -> None:
    if closeness == "self":
        Person.objects.filter(pk=case.person_id).update(user=officer.user_id)
    else:
        own = make.person()
        Person.objects.filter(pk=own.pk).update(user=officer.user_id)
        ended = {"revoked_at": make.MORNING - timedelta(days=9)} if closeness == "once represented" else {}
        Representation.objects.create(
            representative=own, represented=case.person, basis="guardian", since=date(2020, 1, 1), **ended
        )
    answer = signed_in(officer).post(here(case), {**on_paper(), "step": step})
    assert answer.status_code == 403
    assert (state(case), Signature.objects.count()) == ("open", 0)


def test_person_without_an_account__is_told_what_to_do(clerk: Client, case: Visit) -> None:
    Person.objects.filter(pk=case.person_id).update(user=None)
    page = open_page(clerk, here(case))
    assert "Send the recipient a code" not in page.main
    page = press(clerk, case, step="ask")
    assert (page.status, "This person has no account yet." in page.main) == (422, True)


def test_stranger__does_not_come_to_the_page(case: Visit) -> None:
    far = signed_in(make.officer(make.district("311010000")))
    assert far.get(here(case)).status_code == 404
    assert far.post(here(case), on_paper()).status_code == 404
    assert registered(make.person()).post(here(case), {"step": "ask"}).status_code == 404
    assert not Signature.objects.exists()


# --- what was signed before


def test_signed_before__goes_on_when_what_follows_did_not_go_through(client: Client, case: Visit) -> None:
    Visit._default_manager.filter(pk=case.pk).update(remark="stuck")
    key = ask(client, case)
    page = press(client, case, step="sign", asked=key, code=last_code())
    assert page.status == 422
    assert "The door is stuck. Knock again." in page.main
    assert "These words are signed already." in page.main
    assert "Go on with what was signed" in page.main
    assert (state(case), Signature.objects.get().state) == ("open", Signature.State.SIGNED)
    Visit._default_manager.filter(pk=case.pk).update(last_day=date(2026, 11, 9))
    assert press(client, case, step="send").status == 302
    assert (state(case), Signature.objects.count()) == ("done", 1)


def test_signed_before__pressed_again_signs_no_second_time(client: Client, clerk: Client, case: Visit) -> None:
    key = ask(client, case)
    given = {"step": "sign", "asked": key, "code": last_code()}
    assert press(client, case, **given).status == 302
    assert press(client, case, **given).status == 302
    assert press(clerk, case, **on_paper()).status == 302
    assert Signature.objects.count() == 1


def test_signed_before__other_words_are_not_signed(client: Client, case: Visit) -> None:
    key = ask(client, case)
    press(client, case, step="sign", asked=key, code=last_code())
    Visit._default_manager.filter(pk=case.pk).update(remark="All is bad.", state="open")
    assert "signed already" not in open_page(client, here(case)).main
    assert EXPIRED in press(client, case, step="send").main
    assert state(case) == "open"


def test_given__only_for_exactly_this_text_case_and_purpose(officer: Actor, case: Visit) -> None:
    document = site.document(case)
    signing.record_paper(officer, document, signing.Signer(officer.account, person_id=case.person_id))
    assert site.SIGNING.given(case, document) is not None
    for other in (
        replace(document, text=f"{document.text} "),
        replace(document, case_id=uuid7()),
        replace(document, case_type="well"),
        replace(document, purpose="visit.other"),
    ):
        assert site.SIGNING.given(case, other) is None


# --- who signs


@pytest.fixture
def of_child(case: Visit) -> Visit:
    """The case is about a child with a phone."""
    Person.objects.filter(pk=case.person_id).update(birth_date=date(2019, 6, 10))
    return case


def parent(case: Visit, phone: str = "+77059998877") -> Person:
    found = make.person(phone=phone)
    Representation.objects.create(representative=found, represented=case.person, basis="parent", since=date(2020, 1, 1))
    return found


@pytest.mark.finding("I-6")
def test_child__is_signed_for_by_the_parent_at_the_counter(clerk: Client, of_child: Visit) -> None:
    mother = parent(of_child)
    assert mother.full_name in open_page(clerk, here(of_child)).main
    ask(clerk, of_child)
    assert SentMessage.objects.order_by("-at", "-pk")[0].address == "+77059998877"
    asked = Signature.objects.get()
    assert (asked.signer_person_id, asked.on_behalf_of) == (mother.pk, of_child.person_id)


@pytest.mark.finding("I-6")
def test_child__is_told_who_signs(client: Client, of_child: Visit) -> None:
    page = press(client, of_child, step="ask")
    assert page.status == 422
    assert "a parent or guardian sends and signs for you" in page.main
    assert not Signature.objects.exists()


@pytest.mark.finding("I-6")
def test_child_of_nobody__is_said_so_at_the_counter(clerk: Client, of_child: Visit) -> None:
    assert open_page(clerk, here(of_child)).status == 200
    page = press(clerk, of_child, **on_paper())
    assert page.status == 422
    assert "Nobody is entered who may sign for this person." in page.main


@pytest.mark.finding("I-29")
def test_two_parents__are_chosen_from_by_the_officer(clerk: Client, of_child: Visit) -> None:
    father, mother = parent(of_child, phone=""), parent(of_child)
    assert str(father.pk) not in open_page(clerk, here(of_child)).html, "a code cannot go to who has no phone"
    page = open_page(clerk, f"{here(of_child)}?paper=1")
    assert "Who is here and signs?" in page.main
    assert (page.html.count(f'value="{father.pk}"'), page.html.count(f'value="{mother.pk}"')) == (1, 1)
    assert press(clerk, of_child, **on_paper(signer=str(father.pk))).status == 302
    assert Signature.objects.get().signer_person_id == father.pk
    assert mother.pk != father.pk


@pytest.mark.finding("I-29")
def test_somebody_who_may_not_sign__is_not_chosen(clerk: Client, of_child: Visit) -> None:
    parent(of_child)
    page = press(clerk, of_child, **on_paper(signer=str(make.person().pk)))
    assert page.status == 403
    assert not Signature.objects.exists()
