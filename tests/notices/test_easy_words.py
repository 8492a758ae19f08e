"""Notices in easy words: for who asked for short, simple sentences, wherever the notice is read."""

from collections.abc import Iterator
from string import Formatter

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make
from tests.kit.pages import text
from tests.kit.sign_in import signed_in

from tirek.core import clock
from tirek.letters.paper_sheets import words_of
from tirek.notices import actions, queries, templates
from tirek.notices.models import Notice, Route, SentMessage
from tirek.people.models import Needs, Person

pytestmark = pytest.mark.django_db
CODES = sorted(templates._easy)
#: Words of an easy sentence, with a fact counted as one.
LONGEST = 14


def _named(said: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(said) if name}


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def _tell(person: Person) -> Notice:
    assert person.user_id is not None
    facts = {"number": "ТС-2026-0000001", "kind": "GI-01", "reason": "no_stock"}
    actions.notify(user_ids=[person.user_id], template="order.declined", context=facts, about=person.pk)
    return Notice.objects.filter(user_id=person.user_id).latest("created_at", "pk")


def _body(notice: Notice, language: str = "en") -> str:
    with translation.override(language):
        return queries.in_words([notice])[0].words.body


def _easy(person: Person) -> Person:
    Needs.objects.update_or_create(person=person, defaults={"easy_read": True})
    return person


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("code", CODES)
def test_easy_text__has_short_sentences_and_no_facts_of_its_own(code: str, language: str) -> None:
    with translation.override(language):
        easy, usual = templates.easy_body(code), str(templates.template(code).body)
        assert _named(easy) <= _named(usual)
        assert _named(usual) - _named(easy) <= {"term"}, "nothing is kept from them but the name of the article"
        for line in easy.splitlines():
            assert len(line.split()) <= LONGEST, line
        assert len(easy.splitlines()) >= 3
        assert easy != usual


def test_what_people_meet_most__is_said_easily() -> None:
    assert {"order.submitted", "order.accepted", "order.declined", "order.handed_over", "term.reminder"} <= set(CODES)


def test_reader_who_asked_for_it__reads_easy_words_and_others_the_usual() -> None:
    make.kind("GI-01")
    easy, usual = _tell(_easy(make.person())), _tell(make.person())
    assert _body(easy).startswith("The supplier said no.\nYou ordered: ")
    assert _body(usual).startswith("Goods: ")
    assert _body(easy, "kk") != _body(usual, "kk")


def test_inbox_page__shows_each_sentence_on_its_line() -> None:
    make.kind("GI-01")
    person = _easy(make.person())
    notice = _tell(person)
    page = text(signed_in(make.recipient_of(person)), f"/notices/{notice.pk}")
    assert "You have lost nothing." in page


def test_mail_and_letter__are_in_easy_words_too() -> None:
    make.kind("GI-01")
    person = _easy(make.person())
    assert person.user_id is not None
    actions.set_contact(user_id=person.user_id, channel=Route.EMAIL, address="a@example.kz", language="en")
    notice = _tell(person)
    actions.deliver()
    assert "You have lost nothing." in SentMessage.objects.get(channel="email").text
    with translation.override("en"):
        [(_title, body)] = words_of([notice])
    assert "You have lost nothing." in body


def test_who_reads_easily__is_asked_once_and_only_where_it_matters() -> None:
    make.kind("GI-01")
    notices = [_tell(_easy(make.person())) for _n in range(3)]
    with CaptureQueriesContext(connection) as asked:
        assert templates.easy_in(notices) == [True] * 3
    assert len(asked) == 1
    other = Notice(user_id=notices[0].user_id, template="order.cannot_fit", context={})
    with CaptureQueriesContext(connection) as asked:
        assert templates.easy_in([other]) == [False]
    assert len(asked) == 0


def test_easy_words__of_an_unknown_notice_and_two_of_one_are_refused() -> None:
    with pytest.raises(KeyError):
        templates.say_easily("no.such", "x")
    with pytest.raises(ValueError, match="twice"):
        templates.say_easily("order.declined", "Another text.")
