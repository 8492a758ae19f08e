"""What is done for a person is told to the person and to everybody else who acts for the person, not to who did it."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import registered
from tests.orders.test_defences import handed_over, told

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.notices.models import Notice
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.people.models import Person, Representation

pytestmark = pytest.mark.django_db
Do = Callable[[Actor, Order], Order]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def shop() -> make.Shop:
    return make.Shop()


@pytest.fixture
def parents(shop: make.Shop) -> tuple[Person, Person]:
    """Two who represent the person of the shop."""
    both = make.person(), make.person()
    for one in both:
        Representation.objects.create(
            representative=one, represented=shop.person, basis="guardian", since=date(2020, 1, 1)
        )
    return both


def _cancel(actor: Actor, order: Order) -> Order:
    return actions.cancel_order(actor=actor, order=order)


def _refuse(actor: Actor, order: Order) -> Order:
    return actions.refuse_delivery(actor=actor, order=order, reason="defect")


EACH = pytest.mark.parametrize(
    ("template", "do"),
    [("order.cancelled_for_you", _cancel), ("order.refused_for_you", _refuse)],
    ids=["cancelled", "refused"],
)


def order_for(shop: make.Shop, template: str) -> Order:
    return shop.order(10) if template == "order.cancelled_for_you" else handed_over(shop)


@EACH
def test_representative__who_did_it_is_not_told_and_the_others_are(
    shop: make.Shop, parents: tuple[Person, Person], template: str, do: Do
) -> None:
    mother, father = parents
    do(make.recipient_of(mother).behalf(shop.person.pk), order_for(shop, template))
    assert told(template) == {shop.person.user_id, father.user_id}
    assert Notice.objects.filter(template=template).count() == 2
    for person, is_told in ((mother, False), (father, True), (shop.person, True)):
        assert ("for you" in open_page(registered(person), "/notices").main) is is_told


@EACH
def test_office__that_did_it_tells_the_person_and_who_represents_the_person(
    shop: make.Shop, parents: tuple[Person, Person], template: str, do: Do
) -> None:
    mother, father = parents
    do(make.officer(shop.place), order_for(shop, template))
    assert told(template) == {shop.person.user_id, mother.user_id, father.user_id}


@EACH
def test_person__who_did_it_is_told_nothing_of_the_sort(
    shop: make.Shop, parents: tuple[Person, Person], template: str, do: Do
) -> None:
    do(shop.actor, order_for(shop, template))
    assert told(template) == set()
    assert len(parents) == 2
