"""What the worklists of supplier and officer say of orders."""

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World
from tests.orders.declared import accepted, handed_over

from tirek.core import clock
from tirek.orders import actions
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
Task = Order.OfficeTask


@pytest.mark.finding("J-O4")
def test_suppliers_worklist__holds_only_what_waits_for_the_supplier() -> None:
    with translation.override("en"), clock.at(make.MORNING):
        world = World()
        given = {"reason": "does_not_fit", "note": ""}
        refused = actions.refuse_delivery(actor=world.actor, order=handed_over(world), **given)
        waits = [world.order(3), accepted(world), refused]
        handed_over(world)
        looked_at, unpaid = accepted(world), accepted(world)
        Order.objects.filter(pk=looked_at.pk).update(office_task=Task.REVIEW)
        Order.objects.filter(pk=unpaid.pk).update(state=Order.State.AWAITING_TOP_UP, pay_to=looked_at.pk)
        page = open_page(world.client(world.supplier_actor), "/supply")
        said = {row[1].rpartition(" ")[2]: row[0].partition(" :")[0] for row in page.rows[1:]}
    assert said == dict(
        zip(
            [one.number for one in waits],
            ["Accept or decline the order", "Prepare the order", "Answer the refusal"],
            strict=True,
        )
    )
    assert "3 orders wait for you" in page.main
    # "60 × 90 × 60" would leave open which of the three is the quantity
    assert all("Quantity: 3" in row[1] and "×" not in row[1] for row in page.rows[1:])


@pytest.mark.finding("J-O4")
def test_officers_worklist__says_of_each_order_what_is_to_be_done() -> None:
    said = {
        Task.CONFIRMATION: "Call: has the order come?",
        Task.LATE: "Ask the supplier: the order is late",
        Task.REVIEW: "Decide whether the order goes on",
        Task.OF_AGE: "Ask who acts for the recipient now",
        Task.MONEY: "Ask the supplier: the payment is not returned",
        Task.QUESTION: "Ask the recipient: a question is not answered",
        Task.FITTING: "Ask both sides: the fitting does not go on",
        Task.DISPUTE: "Ask the commission: its conclusion is late",
    }
    with translation.override("en"), clock.at(make.MORNING):
        world = World()
        orders = {task: world.order(1) for task in Task}
        for task, order in orders.items():
            Order.objects.filter(pk=order.pk).update(office_task=task)
        world.order(1)
        page = open_page(world.client(world.officer), "/office")
        told = {row[1].rpartition(" ")[2]: row for row in page.rows[1:]}
        assert {number: row[0].partition(" : ")[0] for number, row in told.items()} == {
            order.number: said[task] for task, order in orders.items()
        }
        assert all(world.person.full_name in row[1] for row in told.values())
        assert "8 orders to reach somebody about or to check" in page.main
        assert "Nobody has to be reached" not in page.main
