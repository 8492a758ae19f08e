"""Consents: a row for each, given with the order, seen and withdrawn by the person."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.kit.sign_in import registered
from tests.security.attack import signed_in

from tirek.core import clock
from tirek.core.actors import Actor, Channel
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.orders import actions as orders
from tirek.orders.forms.person import CONSENT_VERSION, CONSENT_WORDS
from tirek.orders.models import Order
from tirek.people import actions, queries
from tirek.people.models import Consent, Person, Representation
from tirek.people.rules import PRIVACY_VERSION

pytestmark = pytest.mark.django_db
ORDER, PRIVACY = Consent.Purpose.ORDER, Consent.Purpose.PRIVACY


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def representative_of(person: Person) -> tuple[Person, Actor, Representation]:
    one = make.person(place=person.territory)
    basis = Representation.objects.create(
        representative=one, represented=person, basis="guardian", document_number="1", since=date(2020, 1, 1)
    )
    return one, make.recipient_of(one).behalf(person.pk), basis


def acting_for(one: Person, other: Person) -> Client:
    """A browser of somebody who has chosen to act for another."""
    client = registered(one)
    client.post(reverse("entrance:use-person"), {"person": str(other.pk)})
    return client


# --- given with the order


def test_order__keeps_the_consent_of_the_person_as_a_row(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(10)
    consent = shop.person.consents.get(purpose=ORDER)
    assert (consent.purpose, consent.text_version, consent.channel) == (ORDER, CONSENT_VERSION, "web")
    assert (consent.given_by, consent.given_at, consent.withdrawn_at) == (shop.actor.user_id, make.MORNING, None)
    event = shop.person.events.get(kind="consent_given")
    assert event.details == {"purpose": "order", "text": CONSENT_VERSION}
    assert (event.actor_id, event.desk, event.channel) == (shop.actor.user_id, "recipient", "web")


def test_order__of_a_representative_names_the_account_that_agreed(shop: make.Shop) -> None:
    _one, actor, _basis = representative_of(shop.person)
    with clock.at(make.MORNING):
        shop.order(10, actor=actor)
    consent = shop.person.consents.get(purpose=ORDER)
    assert (consent.given_by, consent.channel) == (actor.user_id, "web")


def test_order__at_the_counter_says_so(shop: make.Shop) -> None:
    officer = make.officer(shop.place)
    with clock.at(make.MORNING):
        shop.order(10, actor=officer)
    consent = shop.person.consents.get(purpose=ORDER)
    assert (consent.given_by, consent.channel) == (officer.user_id, Channel.COUNTER)
    assert shop.person.events.get(kind="consent_given").desk == "officer"


def test_order__the_same_words_are_agreed_to_once(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(10)
        shop.order(10)
    assert shop.person.consents.filter(purpose=ORDER).count() == 1
    assert shop.person.events.filter(kind="consent_given").count() == 1


def test_order__that_is_refused_leaves_no_consent(shop: make.Shop) -> None:
    with clock.at(make.MORNING), pytest.raises(RuleBroken):
        shop.order(366)
    assert not shop.person.consents.filter(purpose=ORDER).exists()


def test_order__after_a_withdrawal_asks_and_records_again(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        running = shop.order(10)
        actions.withdraw_consent(actor=shop.actor, consent=shop.person.consents.get(purpose=ORDER))
        with pytest.raises(RuleBroken) as refused:
            orders.submit_order(actor=shop.actor, draft_key=shop.draft(10, consent="").pk)
        assert refused.value.code == "incomplete_check"
        shop.order(10)
    assert shop.person.consents.filter(purpose=ORDER).count() == 2
    assert shop.person.consents.filter(purpose=ORDER, withdrawn_at__isnull=True).count() == 1
    running.refresh_from_db()
    assert running.state == Order.State.SUBMITTED


def test_record__takes_one_statement(shop: make.Shop) -> None:
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            actions.record_consent(actor=shop.actor, person=shop.person, purpose=ORDER, text_version="7")
        assert len(asked) == 1
    assert shop.person.consents.filter(purpose=ORDER).count() == 1


def test_record__is_not_for_strangers(shop: make.Shop) -> None:
    stranger = make.recipient_of(make.person())
    for actor in (stranger, make.officer(make.district("311000000")), shop.supplier_actor):
        with pytest.raises(NotAllowed):
            actions.record_consent(actor=actor, person=shop.person, purpose=ORDER, text_version="7")
    assert not shop.person.consents.filter(purpose=ORDER).exists()


def test_words__of_every_version_that_is_asked_for_can_be_read() -> None:
    assert str(CONSENT_WORDS[CONSENT_VERSION])


# --- withdrawn


def given(shop: make.Shop) -> Consent:
    return actions.give_consent(actor=shop.actor, person=shop.person, purpose=ORDER, text_version="1")


def test_withdrawal__by_the_person_is_journalled_once(shop: make.Shop) -> None:
    consent = given(shop)
    with clock.at(make.MORNING):
        actions.withdraw_consent(actor=shop.actor, consent=consent)
    with clock.at(make.MORNING + timedelta(days=1)):
        actions.withdraw_consent(actor=shop.actor, consent=Consent.objects.get(purpose=ORDER))
    assert Consent.objects.get(purpose=ORDER).withdrawn_at == make.MORNING
    event = shop.person.events.get(kind="consent_withdrawn")
    assert (event.details, event.actor_id) == ({"purpose": "order", "text": "1"}, shop.actor.user_id)


def test_withdrawal__by_a_representative_while_the_authority_lasts(shop: make.Shop) -> None:
    _one, actor, basis = representative_of(shop.person)
    consent = given(shop)
    Representation.objects.filter(pk=basis.pk).update(until=clock.today() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.withdraw_consent(actor=actor, consent=consent)
    Representation.objects.filter(pk=basis.pk).update(until=None)
    assert actions.withdraw_consent(actor=actor, consent=consent).withdrawn_at is not None


def test_withdrawal__is_nobody_elses(shop: make.Shop) -> None:
    consent = given(shop)
    elsewhere = make.officer(make.district("101010000"))
    for actor in (make.recipient_of(make.person()), elsewhere, shop.supplier_actor):
        with pytest.raises(NotAllowed), transaction.atomic():
            actions.withdraw_consent(actor=actor, consent=consent)
        with pytest.raises(NotFound):
            queries.consent_for(actor, consent.pk)
    assert Consent.objects.get(purpose=ORDER).withdrawn_at is None


# --- on the pages


@pytest.mark.finding("J-consents")
def test_my_data__shows_each_consent_with_its_words_and_who_gave_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        shop.order(10, actor=make.officer(shop.place))
    client = registered(shop.person)
    page = client.get(reverse("entrance:my-data")).content.decode()
    consent = shop.person.consents.get(purpose=ORDER)
    address = reverse("entrance:consent", args=[consent.pk])
    assert address in page
    words = client.get(address).content.decode()
    assert "No diagnosis is passed on." in words
    assert "Officer at the counter" in words
    assert CONSENT_VERSION in words


def test_withdraw__from_the_page_of_the_consent(shop: make.Shop) -> None:
    consent = given(shop)
    client = registered(shop.person)
    address = reverse("entrance:consent", args=[consent.pk])
    page = client.get(address).content.decode()
    assert "Orders that are under way go on" in page
    assert "You yourself" in page
    assert client.post(address).url == reverse("entrance:my-data")
    assert Consent.objects.get(pk=consent.pk).withdrawn_at is not None
    assert 'type="submit" data-module="govuk-button"' not in client.get(address).content.decode()


def test_withdraw__of_the_privacy_consent_asks_at_the_next_page_and_leaves_the_data_readable(shop: make.Shop) -> None:
    client = registered(shop.person)
    assert client.get(reverse("desks:recipient-home")).status_code == 200
    client.post(reverse("entrance:consent", args=[shop.person.consents.get(purpose=PRIVACY).pk]))
    asked = client.get(reverse("desks:recipient-home"))
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("entrance:welcome"))
    for name in ("entrance:my-data", "entrance:export", "entrance:all-data"):
        assert client.get(reverse(name)).status_code == 200, name


def test_withdraw__for_the_represented_and_not_for_strangers(shop: make.Shop) -> None:
    one, _actor, _basis = representative_of(shop.person)
    address = reverse("entrance:consent", args=[given(shop).pk])
    assert registered(make.person()).post(address).status_code == 404
    assert Consent.objects.get(purpose=ORDER).withdrawn_at is None
    assert acting_for(one, shop.person).post(address).status_code == 302
    assert Consent.objects.get(purpose=ORDER).withdrawn_at is not None


@pytest.mark.finding("A-A5")
def test_withdrawn_agreement__stops_an_order_sent_by_hand_and_by_a_second_device(shop: make.Shop) -> None:
    """The page on the way is not asked: the order itself is."""
    with clock.at(make.MORNING):
        second = registered(shop.person)
        assert second.get(reverse("desks:recipient-home")).status_code == 200
        draft = shop.draft(3)
        actions.withdraw_consent(actor=shop.actor, consent=Consent.objects.get(person=shop.person, purpose=PRIVACY))
        answer = second.post(reverse("orders:submit", args=[draft.pk]), make.as_shown(draft))
        assert answer.status_code == 422
        assert not Order.objects.exists()
        with pytest.raises(RuleBroken) as refused:
            orders.submit_order(actor=shop.actor, draft_key=draft.pk)
        assert refused.value.code == "no_agreement"
        actions.give_consent(actor=shop.actor, person=shop.person, purpose=PRIVACY, text_version=PRIVACY_VERSION)
        assert orders.submit_order(actor=shop.actor, draft_key=draft.pk).state == Order.State.SUBMITTED


@pytest.mark.finding("A-A5")
def test_counter__asks_for_the_agreement_and_records_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        actions.withdraw_consent(actor=shop.actor, consent=Consent.objects.get(person=shop.person, purpose=PRIVACY))
        officer = make.officer(shop.place)
        make.came(officer, shop.person)
        with pytest.raises(RuleBroken) as refused:
            shop.order(3, actor=officer)
        assert refused.value.code == "no_agreement"
        browser, file = signed_in(officer), reverse("desks:officer-person", args=[shop.person.pk])
        address = reverse("people:agree", args=[shop.person.pk])
        assert address in browser.get(file).content.decode()
        assert browser.post(address).headers["Location"] == file
        assert address not in browser.get(file).content.decode()
        given = Consent.objects.get(person=shop.person, purpose=PRIVACY, withdrawn_at__isnull=True)
        assert (given.channel, given.given_by) == (Channel.COUNTER, officer.user_id)
        assert shop.order(3, actor=officer).state == Order.State.SUBMITTED


@pytest.mark.finding("A-A5")
def test_child__is_ordered_for_on_the_word_of_who_represents_it(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        one, actor, _basis = representative_of(shop.person)
        Consent.objects.filter(person=shop.person, purpose=PRIVACY).delete()
        assert not queries.has_agreed(actor, shop.person)
        assert not queries.has_agreed(make.officer(shop.place), shop.person)
        make.agree(one)
        assert queries.has_agreed(actor, shop.person)
        assert queries.has_agreed(make.officer(shop.place), shop.person)
        make.agree(shop.person)
        actions.withdraw_consent(actor=shop.actor, consent=Consent.objects.get(person=shop.person, purpose=PRIVACY))
        assert not queries.has_agreed(actor, shop.person)  # the person's own word comes first
