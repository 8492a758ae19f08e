"""The supplier's list of orders: what stands in it, and many accepted in one go, page by page."""

import html
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page, read, words
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db
LIST, MANY = "/supply/orders", "/supply/orders/bulk/accept"
Task = Order.OfficeTask


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return signed_in(world.supplier_actor)


def buttons(page: Page) -> list[str]:
    """What the buttons say."""
    return [words(inner) for inner in re.findall(r"<button\b[^>]*>(.*?)</button>", page.html, re.DOTALL)]


def sent(*orders: Order, days: int = 2, **more: str) -> dict[str, object]:
    day = clock.today() + timedelta(days=days)
    parts = {f"ready_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    return {"case": [one.number for one in orders], **parts, **more}


def values_of(page: Page) -> dict[str, str]:
    """What the text fields of the page show."""
    fields = re.findall(r'<input\b[^>]*type="text"[^>]*>', page.html)
    names = {re.search(r'name="([^"]*)"', one): re.search(r'value="([^"]*)"', one) for one in fields}
    return {name.group(1): value.group(1) if value else "" for name, value in names.items() if name}


# --- tags


@pytest.mark.parametrize("task", Task.values)
def test_list__tells_an_officer_what_is_asked_and_a_supplier_nothing_of_it(
    world: World, seller: Client, task: str
) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        before = open_page(seller, LIST).main
        Order.objects.filter(pk=order.pk).update(office_task=task)
        with translation.override("en"):
            said = "call the person" if task == Task.CONFIRMATION else str(Task(task).label)
        (row,) = [row for row in open_page(signed_in(world.officer), "/office/orders").rows if order.number in row]
        assert said in " ".join(row).lower()
        page = open_page(seller, LIST)
        assert order.number in page.main
        assert said not in page.main.lower()
        assert page.main == before


# --- many at once


def test_many__the_button_and_the_pages_have_words_of_their_own(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        page = open_page(seller, LIST)
        assert "Accept the ticked orders" in buttons(page)
        assert "Accept several orders" not in buttons(page)
        assert open_page(seller, f"{MANY}?case={order.number}").headings[0] == "Accept several orders"
        answer = seller.get(MANY, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Tick the orders that you want to accept." in read(answer).text
    assert "Tick what you want to carry on." not in read(answer).text


def test_many__going_back_from_the_check_keeps_the_ticks_and_the_answers(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        first, second = world.order(3), world.order(3)
        check = read(seller.post(MANY, sent(first, second, days=3)))
        assert "Change the answers" in buttons(check)
        # by POST: what is typed does not stand in an address
        form = read(seller.post(MANY, {**sent(first, second, days=3), "step": "change"}))
        assert form.status == 200
        assert form.headings[0] == "Accept several orders"
        assert form.errors == [], "it is the form as it was, not one that was refused"
        assert values_of(form) == {"ready_on_day": "12", "ready_on_month": "11", "ready_on_year": "2026"}
        ticked = re.findall(r'name="case" value="([^"]+)"', form.html)
        assert sorted(ticked) == sorted([first.number, second.number])
        assert set(Order.objects.values_list("state", flat=True)) == {"submitted"}
        again = read(seller.post(MANY, {"case": ticked, **values_of(form)}))
    assert again.main == check.main


def test_many__going_back_keeps_answers_that_nothing_was_done_with(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        check = read(seller.post(MANY, sent(order, days=90)))
        assert "This will not be done: 1 order" in check.main
        assert not [one for one in buttons(check) if one.startswith("Accept")], "there is nothing to go on with"
        assert "Change the answers" in buttons(check)
        shown = values_of(read(seller.post(MANY, {**sent(order, days=90), "step": "change"})))
    day = clock_day(90)
    assert shown == {"ready_on_day": day[0], "ready_on_month": day[1], "ready_on_year": day[2]}


def clock_day(days: int) -> tuple[str, str, str]:
    """A day after the morning of the tests, in parts."""
    day = make.MORNING.date() + timedelta(days=days)
    return str(day.day), str(day.month), str(day.year)


def test_many__a_day_that_is_none_is_refused_at_the_field_and_stays(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        page = read(seller.post(MANY, sent(world.order(3)) | {"ready_on_day": "41"}))
    assert (page.status, len(page.errors)) == (422, 1)
    assert values_of(page)["ready_on_day"] == "41"


def test_many__the_outcome_keeps_its_words_whatever_happens_afterwards(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        taken, gone = world.order(3), world.order(3)
        actions.cancel_order(actor=world.actor, order=gone)
        pressed = seller.post(MANY, sent(taken, gone, step="do"))
        assert pressed["Location"] == f"{MANY}?done"
        outcome = open_page(seller, pressed["Location"])
        assert "The day for all of them 11 November 2026" in outcome.main
        assert ("Done: 1 order" in outcome.main, "Not done: 1 order" in outcome.main) == (True, True)
        assert "The recipients have been told." in outcome.main
        version = Order.objects.get(pk=taken.pk).version
        taken.refresh_from_db()
        assert open_page(seller, pressed["Location"]).main == outcome.main
        assert Order.objects.get(pk=taken.pk).version == version, "asked for anew, nothing is done"
        actions.cancel_order(actor=world.actor, order=taken)
        assert open_page(seller, pressed["Location"]).main == outcome.main


def test_many__the_outcome_is_read_by_the_account_that_pressed_and_no_other(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order, numbers = world.order(3), r"ТС-\d{4}-\d{7}"
        done = seller.post(MANY, sent(order, step="do"))["Location"]
        assert re.search(numbers, open_page(seller, done).main)
        colleague = signed_in(make.supplier_actor(world.supplier))
        stranger = signed_in(make.supplier_actor(make.supplier()))
        for other in (colleague, stranger):
            answer = other.get(done)
            assert (answer.status_code, answer["Location"]) == (302, LIST)
            assert "What was done" not in html.unescape(other.get(done, follow=True).content.decode())
        assert signed_in(world.officer).get(done).status_code == 403
        assert signed_in(world.actor).get(done).status_code == 403
        assert Client().get(done).status_code == 302


def test_many__the_outcome_is_not_read_in_another_role(world: World) -> None:
    """Who works for two suppliers reads at each what was done there."""
    with clock.at(make.MORNING):
        seller, both = world.supplier_actor, signed_in(world.supplier_actor)
        elsewhere = Membership.objects.create(
            user_id=make.user_of(seller),
            organisation=make.supplier().organisation,
            role=seller.role,
            since=date(2020, 1, 1),
        )
        order = world.order(3)
        done = both.post(MANY, sent(order, step="do"))["Location"]
        assert order.number in open_page(both, done).main
        both.post(reverse("entrance:use-role"), {"role": str(elsewhere.pk)})
        assert order.number not in read(both.get(done)).main


@pytest.mark.finding("I-20")
def test_home__shows_the_order_of_today_before_older_ones_without_haste() -> None:
    with clock.at(make.MORNING):
        world = World(stock=10_000)
        for _n in range(21):
            actions.accept_order(
                actor=world.supplier_actor, order=world.order(1), ready_on=clock.today() + timedelta(days=7)
            )
        today = actions.accept_order(actor=world.supplier_actor, order=world.order(1), ready_on=clock.today())
        table = open_page(world.client(world.supplier_actor), "/supply").rows
    numbers = [cell for row in table for cell in row if "ТС-" in cell]
    assert today.number in numbers[0]
