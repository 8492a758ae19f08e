"""Orders of children: who sends and signs, who is told, and what happens on the birthday of majority."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from tests import factories as make
from tests.kit.world import World

from tirek.core import clock
from tirek.notices.models import SentMessage
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.people.actions import add_representation
from tirek.people.models import Person, Representation
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
    answer = world.client(world.actor).post(f"/order/form/{draft.pk}/submit", {"consent": "on"})
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
def test_code__says_what_it_signs_and_who_may_hear_it(world: World, mother: Person) -> None:
    acting = make.recipient_of(mother).behalf(world.person.pk)
    order = world.order(actor=acting)
    order = actions.accept_order(actor=world.supplier_actor, order=order, ready_on=clock.today())
    order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(acting, order))
    said = {}
    for actor in (acting, world.officer):
        RECEIPT.ask(actor, order)
        said[actor.desk] = SentMessage.objects.order_by("-at", "-pk")[0].text
        assert re.search(r"\b\d{6}\b", said[actor.desk])
        assert f"order {order.number}, you pay 0\u00a0₸" in said[actor.desk]
    assert "Tell it to nobody" in said["recipient"]
    assert "only to the officer with you" in said["officer"]
