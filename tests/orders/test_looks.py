"""Whoever opens a stranger's file is recorded; an officer for whom nothing waits there is asked why."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.sign_in import for_years

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.personal.viewlog import ReasonNeeded, View
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.people.queries import give_reason, person_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_morning")]


@pytest.fixture
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def shop() -> make.Shop:
    return make.Shop()


@pytest.fixture
def clerk(shop: make.Shop) -> Actor:
    return make.officer(shop.place)


def _ended(shop: make.Shop) -> Order:
    return actions.cancel_order(actor=shop.actor, order=shop.order(3))


def _file(shop: make.Shop) -> str:
    return reverse("desks:officer-person", args=[shop.person.pk])


def _looks() -> list[tuple[str, str]]:
    return list(View.objects.order_by("at", "pk").values_list("basis", "reason"))


def test_file__in_which_nothing_waits_asks_why_and_the_reason_opens_it_for_the_day(
    shop: make.Shop, clerk: Actor
) -> None:
    order, client = _ended(shop), for_years(clerk)
    page = reverse("orders:officer-order", args=[order.number])
    for address in (
        _file(shop),
        page,
        reverse("orders:offers", args=[shop.line.pk]),
        reverse("orders:receipt", args=[order.number]),
    ):
        answer = client.get(address)
        assert answer["Location"].startswith(f"{_file(shop)}/reason?next=")
    assert not View.objects.exists()
    asked = client.get(page)["Location"]
    shown = client.get(asked).content.decode()
    assert shop.person.surname not in shown
    assert client.post(asked, {"reason": " "}).status_code == 422
    assert client.post(asked, {"reason": "Asked by the prosecutor"})["Location"] == page
    assert client.get(page).status_code == 200
    assert set(_looks()) == {("reason", "Asked by the prosecutor")}
    with clock.at(make.MORNING + timedelta(hours=9)), pytest.raises(ReasonNeeded):
        person_for(clerk, shop.person.pk)


def test_file__of_a_person_who_is_present_opens_without_a_reason(shop: make.Shop, clerk: Actor) -> None:
    client = for_years(clerk)
    assert client.post(reverse("desks:officer-find"), {"what": shop.person.iin})["Location"] == _file(shop)
    assert client.get(_file(shop)).status_code == 200
    assert client.get(reverse("orders:offers", args=[shop.line.pk])).status_code == 200
    # the search and the pages of one visit are one look
    assert _looks() == [("present", "")]
    with clock.at(make.MORNING + timedelta(minutes=11)):
        assert client.get(_file(shop)).status_code == 200
    assert _looks() == [("present", "")] * 2


def test_file__with_an_open_order_opens_for_the_task(shop: make.Shop, clerk: Actor) -> None:
    shop.order(3)
    assert for_years(clerk).get(_file(shop)).status_code == 200
    assert _looks() == [("task", "")]


def test_reason__of_one_officer_opens_nothing_to_another_and_no_other_file(shop: make.Shop, clerk: Actor) -> None:
    give_reason(clerk, shop.person.pk, "Call back")
    other = make.person(place=shop.place)
    with pytest.raises(ReasonNeeded):
        person_for(make.officer(shop.place), shop.person.pk)
    with pytest.raises(ReasonNeeded):
        person_for(clerk, other.pk)


def test_reason__leads_nowhere_else(shop: make.Shop, clerk: Actor) -> None:
    client = for_years(clerk)
    here = f"{_file(shop)}/reason"
    for where in ("https://evil.example/", "//evil.example/"):
        assert client.post(f"{here}?next={where}", {"reason": "Call back"})["Location"] == "/"
    assert client.post(here, {"reason": "Call back"})["Location"] == _file(shop)
    assert for_years(make.officer(make.district("751110000"))).get(here).status_code == 404


def _pages(shop: make.Shop, order: Order, draft: object) -> Iterator[str]:
    yield _file(shop)
    yield reverse("entitlements:officer-line", args=[shop.line.pk])
    yield reverse("orders:officer-order", args=[order.number])
    yield reverse("orders:officer-order-act", args=[order.number, "cancel"])
    yield reverse("orders:receipt", args=[order.number])
    for page in ("offers", "compare"):
        yield reverse(f"orders:{page}", args=[shop.line.pk])
    yield reverse("orders:offer", args=[shop.line.pk, shop.offer.pk])
    for step in ("quantity", "delivery", "check"):
        yield reverse("orders:step", args=[draft, step])


def test_every_page_about_a_person__is_recorded(shop: make.Shop, clerk: Actor) -> None:
    order, draft = shop.order(3), shop.draft(3, actor=clerk)
    client: Client = for_years(clerk)
    for address in _pages(shop, order, draft.pk):
        View.objects.all().delete()
        assert client.get(address).status_code == 200, address
        assert View.objects.filter(user_id=clerk.user_id, subject_id=shop.person.pk).count() == 1, address


def test_suppliers_look_at_an_order__is_recorded_and_the_persons_own_is_not(shop: make.Shop) -> None:
    order = shop.order(3)
    assert for_years(shop.supplier_actor).get(reverse("orders:supplier-order", args=[order.number])).status_code == 200
    assert list(View.objects.values_list("user_id", "case_id")) == [(shop.supplier_actor.user_id, order.pk)]
    for_years(shop.actor).get(reverse("orders:recipient-order", args=[order.number]))
    assert View.objects.count() == 1
