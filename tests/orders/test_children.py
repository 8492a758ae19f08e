"""Orders of children: who sends and signs, who is told, and what happens on the birthday of majority."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, pressed, read
from tests.kit.sign_in import registered
from tests.kit.world import World

from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case import workflow
from tirek.core.errors import NotFound
from tirek.desks import queries
from tirek.entitlements.models import OrderingTerm
from tirek.notices.actions import deliver
from tirek.notices.models import ContactPoint, Delivery, Notice, SentMessage
from tirek.orders import actions
from tirek.orders import queries as orders
from tirek.orders.actions import settling
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.people.actions import add_representation, record_death, tell_of_majority
from tirek.people.models import Person, Representation
from tirek.people.queries import may_act_for, represented_by
from tirek.people.signing import NotOfAge

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """The person of the programme is a child of seven, with a phone of its own."""
    with clock.at(make.MORNING):
        shop = World()
        Person.objects.filter(pk=shop.person.pk).update(birth_date=date(2019, 6, 10))
        shop.person.refresh_from_db()
        yield shop


@pytest.fixture
def mother(world: World) -> Person:
    return parent(world)


def parent(world: World) -> Person:
    who = make.person(place=world.place, phone="+77059998877")
    make.agree(who)
    add_representation(
        actor=world.officer,
        representative=who,
        represented=world.person,
        basis=Representation.Basis.PARENT,
        document_number="АА 1",
        since=date(2020, 1, 1),
    )
    return who


@pytest.mark.finding("I-6")
def test_child__does_not_order_alone_and_loses_nothing(world: World, mother: Person) -> None:
    draft = world.draft()
    with pytest.raises(NotOfAge):
        actions.submit_order(actor=world.actor, draft_key=draft.pk)
    answer = world.client(world.actor).post(f"/order/form/{draft.pk}/submit", make.as_shown(draft))
    assert answer.status_code == 422
    assert "a parent or guardian sends and signs for you" in answer.content.decode()
    assert not Order.objects.exists()
    acting = make.recipient_of(mother).behalf(world.person.pk)
    assert actions.submit_order(actor=acting, draft_key=world.draft(actor=acting).pk).placed_by == mother.user_id


@pytest.mark.finding("I-6")
def test_child__does_not_sign_the_receipt(world: World, mother: Person) -> None:
    acting = make.recipient_of(mother).behalf(world.person.pk)
    order = world.order(actor=acting)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(acting, order))
    with pytest.raises(NotOfAge):
        RECEIPT.ask(world.actor, order)
    asked = RECEIPT.ask(acting, order)
    with pytest.raises(NotOfAge):
        actions.confirm_receipt(actor=world.actor, order=order, signature_id=asked.pk)


@pytest.mark.finding("J-M22")
@pytest.mark.finding("J-free-said")
def test_code__says_what_it_signs_and_who_may_hear_it(world: World, mother: Person) -> None:
    Person.objects.filter(pk=world.person.pk).update(language="en")
    acting = make.recipient_of(mother).behalf(world.person.pk)
    order = world.order(actor=acting)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(acting, order))
    said = {}
    for actor in (acting, world.officer):
        with translation.override("en"):
            RECEIPT.ask(actor, order)
        said[actor.desk] = SentMessage.objects.order_by("-at", "-pk")[0].text
        assert re.search(r"\b\d{6}\b", said[actor.desk])
        assert f"order {order.number}. Free for you. Valid for" in said[actor.desk]
    assert "Do not tell it to anyone" in said["recipient"]
    assert "only to the officer with you" in said["officer"]


# --- told for another


def acting(mother: Person, world: World) -> Actor:
    return make.recipient_of(mother).behalf(world.person.pk)


@pytest.mark.finding("I-13")
@pytest.mark.finding("A-A4")
def test_notice_about_a_child__names_the_child_and_leads_there_with_one_press(world: World, mother: Person) -> None:
    order = world.order(actor=acting(mother, world))
    client, name = registered(mother), world.person.given_name
    page = open_page(client, "/notices")
    [link] = [one for one in page.links if one.text.startswith(f"{name}: ")]
    page = open_page(client, link.address)
    [to_case] = [one.address for one in page.links if one.text == "Open the case"]
    asked = client.get(to_case)
    words = read(asked).main
    assert "You act for yourself now." in words
    assert world.person.full_name in words
    sent = pressed(read(asked), f"Go on for {world.person.full_name}")
    answer = client.post(sent.pop("action"), sent, follow=True)
    assert answer.status_code == 200
    assert order.number in read(answer).main


@pytest.mark.finding("I-13")
def test_notice_about_oneself__names_nobody(world: World) -> None:
    Person.objects.filter(pk=world.person.pk).update(birth_date=date(1980, 1, 1))
    order = world.order()
    page = open_page(world.client(world.actor), "/notices")
    assert any(one.text.startswith(f"Your order {order.number}") for one in page.links)


@pytest.mark.finding("I-13")
def test_stranger__is_led_nowhere(world: World, mother: Person) -> None:
    order = world.order(actor=acting(mother, world))
    stranger = registered(make.person())
    page = read(stranger.get(f"/orders/{order.number}"))
    assert page.status == 404
    assert world.person.full_name not in page.html


@pytest.mark.finding("I-16")
def test_one_number_of_mother_and_child__hears_of_an_event_once(world: World, mother: Person) -> None:
    ContactPoint.objects.update_or_create(
        user_id=world.person.user_id,
        channel="sms",
        defaults={"address": "+77059998877", "language": "en"},
    )
    ContactPoint.objects.update_or_create(
        user_id=mother.user_id, channel="sms", defaults={"address": "+77059998877", "language": "en"}
    )
    world.order(actor=acting(mother, world))
    assert Notice.objects.filter(template="order.submitted").count() == 2
    deliver()
    [one] = SentMessage.objects.filter(purpose="order.submitted")
    assert f"({world.person.given_name})" in one.text


# --- forms


@pytest.mark.finding("I-12")
def test_form_of_another_child__goes_on_after_one_press_and_loses_nothing(world: World, mother: Person) -> None:
    draft, client = world.draft(actor=acting(mother, world)), registered(mother)
    step = f"/order/form/{draft.pk}/delivery"
    sent = {"address": "Сәтбаев көшесі 9", "v_address": "1", "phone": "+7 701 123 45 67", "v_phone": "1"}
    answer = client.post(step, sent)
    page = read(answer)
    assert page.status == 404
    assert pressed(page, f"Go on for {world.person.full_name}")["next"] == step
    draft.refresh_from_db()
    assert draft.values()["address"] == "Сәтбаев көшесі 9", "what was typed is kept"


@pytest.mark.finding("I-12")
@pytest.mark.finding("R-M10")
def test_form_begun_by_one_parent__stands_in_the_lists_of_both_and_is_taken_over(world: World, mother: Person) -> None:
    father = parent(world)
    draft = world.draft(actor=acting(mother, world))
    for reader in (acting(mother, world), acting(father, world), make.recipient_of(mother)):
        assert draft.pk in [one.draft.pk for one in queries.begun(reader)]
    client = registered(father, behalf=str(world.person.pk))
    take = pressed(open_page(client, "/drafts"), "Take it over")["action"]
    assert client.post(take).status_code == 302
    draft.refresh_from_db()
    assert draft.holder_id == father.user_id


@pytest.mark.finding("I-12")
def test_delete__names_what_the_form_is_about(world: World, mother: Person) -> None:
    draft = world.draft(actor=acting(mother, world))
    client = registered(mother, behalf=str(world.person.pk))
    assert "Adult diapers" in open_page(client, f"/order/form/{draft.pk}/discard").main
    assert registered(mother).get(f"/order/form/{draft.pk}/discard").status_code == 404


@pytest.mark.finding("R-L5")
def test_representative_whose_right_has_ended__writes_into_no_form_any_more(world: World, mother: Person) -> None:
    draft = world.draft(actor=acting(mother, world))
    Representation.objects.update(revoked_at=make.MORNING)
    for actor in (acting(mother, world).behalf(mother.pk), make.recipient_of(mother)):
        with pytest.raises(drafts.DraftLost):
            drafts.save_fields(actor, draft.pk, {"address": drafts.Typed("x", 1)})


@pytest.mark.finding("A-A1")
@pytest.mark.parametrize("begun_at", ["home", "counter"])
def test_form_given_back_by_the_office__reaches_the_parent_and_not_the_childs_account(
    world: World, mother: Person, begun_at: str
) -> None:
    make.came(world.officer, world.person)
    if begun_at == "home":
        draft = world.draft(actor=acting(mother, world))
        drafts.hand_to_office(acting(mother, world), draft.pk, territory_code=world.place.code)
        drafts.take(world.officer, draft.pk)
    else:
        draft = world.draft(actor=world.officer)
    assert world.client(world.officer).post(f"/order/form/{draft.pk}/hand").status_code == 302
    draft.refresh_from_db()
    assert draft.holder_id == mother.user_id
    assert Notice.objects.filter(template="draft.handed_back", user_id=mother.user_id).count() == 1
    order = actions.submit_order(actor=acting(mother, world), draft_key=draft.pk)
    assert order.person == world.person


@pytest.mark.finding("A-A1")
def test_form_of_somebody_who_cannot_sign_in__stays_at_the_office(world: World) -> None:
    make.came(world.officer, world.person)
    draft = world.draft(actor=world.officer)
    answer = world.client(world.officer).post(f"/order/form/{draft.pk}/hand")
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.holder_id == world.officer.user_id


@pytest.mark.finding("I-15")
def test_form_deleted_by_the_office__needs_a_reason_and_the_family_is_told(world: World, mother: Person) -> None:
    draft = world.draft(actor=acting(mother, world))
    drafts.hand_to_office(acting(mother, world), draft.pk, territory_code=world.place.code)
    drafts.take(world.officer, draft.pk)
    client, address = world.client(world.officer), f"/order/form/{draft.pk}/discard"
    assert client.post(address).status_code == 422
    assert not Notice.objects.filter(template="draft.deleted").exists()
    assert client.post(address, {"reason": "sent"}).status_code == 302
    notice = Notice.objects.get(template="draft.deleted", user_id=mother.user_id)
    page = open_page(registered(mother), f"/notices/{notice.pk}")
    assert "the same form was sent already" in page.main


# --- the birthday of majority


@pytest.fixture
def birthday(world: World, mother: Person) -> Iterator[Order]:
    """The child comes of age two days after the mother has ordered."""
    Person.objects.filter(pk=world.person.pk).update(birth_date=date(2008, 11, 11))
    order = world.order(actor=acting(mother, world))
    with clock.at(make.MORNING + timedelta(days=2)):
        yield order


@pytest.mark.finding("I-11")
def test_birthday__parents_follow_what_runs_and_the_office_asks_who_acts(
    world: World, mother: Person, birthday: Order
) -> None:
    assert tell_of_majority() == 1
    assert tell_of_majority() == 0, "once"
    birthday.refresh_from_db()
    assert birthday.office_task == Order.OfficeTask.OF_AGE
    assert birthday in orders.needing(world.officer)
    assert Notice.objects.filter(template="person.of_age", user_id=mother.user_id).exists()
    order = actions.accept_order(actor=world.supplier_actor, order=birthday, ready_on=clock.today())
    assert Notice.objects.filter(template="order.accepted", user_id=mother.user_id).exists()
    own = make.recipient_of(mother)
    assert ORDERS.find(own, order.number) == order
    assert orders.door_code_for(own, order) != ""
    assert not ORDERS.process.open_to(own, order), "she looks, and does nothing"
    page = open_page(registered(mother), f"/orders/{order.number}")
    assert orders.door_code_for(own, order) in page.main
    settling.let_go_on(actor=world.officer, order=order)


@pytest.mark.finding("I-11")
def test_birthday__gives_no_new_right_and_ends(world: World, mother: Person, birthday: Order) -> None:
    own = make.recipient_of(mother)
    with clock.at(make.MORNING + timedelta(days=2)):
        later = world.order()
        with pytest.raises(NotFound):
            ORDERS.find(own, later.number)
        with pytest.raises(NotFound):
            ORDERS.find(make.recipient_of(make.person()), birthday.number)
    with clock.at(make.MORNING + timedelta(days=250)), pytest.raises(NotFound):
        ORDERS.find(own, birthday.number)


@pytest.mark.finding("I-11")
def test_birthday__is_told_half_a_year_before(world: World, mother: Person) -> None:
    for born, told in ((date(2009, 5, 10), 0), (date(2009, 5, 9), 1), (date(2008, 11, 10), 2)):
        Person.objects.filter(pk=world.person.pk).update(birth_date=born)
        tell_of_majority()
        found = Notice.objects.filter(template="person.soon_of_age")
        # the child has an account of its own, too
        assert found.count() == min(told, 1) * 2, born
    assert found[0].context["day"] == "2027-05-09"


# --- somebody who has died


@pytest.mark.finding("I-5")
def test_dead__are_never_written_to_terms_close_and_others_are_told(world: World, mother: Person) -> None:
    order = world.order(actor=acting(mother, world))
    ContactPoint.objects.update_or_create(
        user_id=world.person.user_id, channel="sms", defaults={"address": "+77051112233", "language": "en"}
    )
    Notice.objects.all().delete()
    other = make.kind("GI-02")
    make.programme(world.person, other)
    assert OrderingTerm.objects.filter(person=world.person).exclude(state="closed").exists()
    record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
    assert not OrderingTerm.objects.filter(person=world.person).exclude(state="closed").exists()
    order.refresh_from_db()
    assert order.office_task == Order.OfficeTask.REVIEW
    waiting = Notice.objects.filter(user_id=world.person.user_id).count()
    actions.decline_order(actor=world.supplier_actor, order=order, reason="capacity")
    with clock.at(make.MORNING + timedelta(days=70)):
        workflow.sweep()
        deliver()
    assert Notice.objects.filter(user_id=world.person.user_id).count() == waiting
    assert Notice.objects.filter(user_id=mother.user_id, template="order.declined").exists()
    assert not SentMessage.objects.filter(address="+77051112233").exists()


@pytest.mark.finding("I-5")
def test_dead_without_an_account__are_followed_too(world: World, mother: Person) -> None:
    order = world.order(actor=acting(mother, world))
    Person.objects.filter(pk=world.person.pk).update(user=None)
    record_death(actor=world.officer, person=Person.objects.get(pk=world.person.pk), deceased_on=clock.today())
    order.refresh_from_db()
    assert order.office_task == Order.OfficeTask.REVIEW


@pytest.mark.finding("I-5")
def test_message_that_waits__does_not_leave_to_somebody_who_has_died(world: World, mother: Person) -> None:
    ContactPoint.objects.update_or_create(
        user_id=world.person.user_id, channel="sms", defaults={"address": "+77051112233", "language": "en"}
    )
    with clock.at(make.MORNING.replace(hour=19)):
        world.order(actor=acting(mother, world))
        deliver()
        record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
    with clock.at(make.MORNING + timedelta(days=1)):
        deliver()
    assert not SentMessage.objects.filter(address="+77051112233").exists()
    assert not Delivery.objects.filter(address="+77051112233", state__in=Delivery.NEEDS_STAFF).exists()


@pytest.mark.finding("I-5")
def test_who_acted_for_the_dead__acts_no_more_and_follows_what_ran(world: World, mother: Person) -> None:
    order = world.order(actor=acting(mother, world))
    record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
    own = make.recipient_of(mother)
    assert represented_by(own) == []
    assert not may_act_for(own, Person.objects.get(pk=world.person.pk), clock.now())
    assert ORDERS.find(own, order.number) == order
    assert not ORDERS.process.open_to(own, order), "she looks, and does nothing"
    with pytest.raises(NotFound):
        ORDERS.find(make.recipient_of(make.person()), order.number)
    home = open_page(registered(mother), "/home")
    assert order.number in home.main
    assert f"Orders that you follow: {world.person.full_name}" in home.main
    assert "/for-whom" not in home.main
    order.refresh_from_db()
    actions.cancel_order(actor=world.officer, order=order)
    assert order.number not in open_page(registered(mother), "/home").main


@pytest.mark.finding("I-11")
def test_birthday__leaves_the_order_on_the_mothers_home(world: World, mother: Person, birthday: Order) -> None:
    tell_of_majority()
    page = registered(mother)
    assert birthday.number in open_page(page, "/home").main
    Representation.objects.filter(representative=mother).update(revoked_at=clock.now())
    assert birthday.number not in open_page(page, "/home").main
