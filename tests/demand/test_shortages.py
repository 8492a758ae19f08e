"""What could not be ordered for want of stock is kept as it happens, and told once a day to who can change it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import on_paper, open_page
from tests.kit.sign_in import for_years
from tests.kit.world import World
from tests.orders.test_together import Chest, _pressed

from tirek.catalogue.models import Variant
from tirek.core import clock
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.personal.export import Subject
from tirek.demand import actions as demand
from tirek.demand import personal, rules, shortages
from tirek.demand.models import Shortage
from tirek.notices.models import Notice
from tirek.orders import actions
from tirek.prepared.models import Prepared

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S2.4")]
LATER = make.MORNING + timedelta(days=1)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def leave(world: World, stock: int) -> None:
    Variant.objects.filter(pk=world.version.variant_id).update(stock=stock)


def short(world: World, *, wanted: int = 30, left: int = 4) -> None:
    demand.note_shortage(line=world.line, version_id=world.version.pk, wanted=wanted, left=left)


def kept() -> list[tuple[int, int]]:
    return list(Shortage.objects.order_by("pk").values_list("wanted", "left"))


def test_order_of_more_than_there_is__is_kept_at_the_step_and_at_the_press(world: World) -> None:
    draft, client = world.draft(30), world.client(world.actor)
    leave(world, 7)
    page = reverse("orders:step", args=[draft.pk, "quantity"])
    answer = client.post(page, {"quantity": "20", "v_quantity": "0"})
    assert answer.status_code == 422
    assert kept() == [(20, 7)]
    client.post(page, {"quantity": "0", "v_quantity": "0"})
    assert kept() == [(20, 7)], "a slip of the pen is no shortage"


def test_press__that_is_taken_back_whole_leaves_the_shortage(world: World) -> None:
    draft, client = world.draft(30), world.client(world.actor)
    shown = make.as_shown(draft)
    leave(world, 7)
    answer = client.post(reverse("orders:submit", args=[draft.pk]), shown)
    assert answer.status_code == 422
    assert "The supplier has only 7 left." in answer.content.decode()
    assert kept() == [(30, 7)]


def test_more_than_there_is_on_the_page_of_an_offer__is_kept_and_what_is_in_stock_is_named(world: World) -> None:
    other = make.offer(make.supplier(), world.kind, parameters=world.version.parameters)
    sold_out = make.offer(make.supplier(), world.kind, parameters=world.version.parameters)
    Variant.objects.filter(offer=sold_out).update(stock=0)
    client = world.client(world.actor)
    leave(world, 7)
    page = reverse("orders:offer", args=[world.line.pk, world.offer.pk])
    assert client.get(page).status_code == 200
    assert kept() == [], "a look is no try"
    answer = client.post(page, {"version": str(world.version.pk), "quantity": "20"})
    assert answer.status_code == 422
    assert kept() == [(20, 7)]
    instead = [reverse("orders:offer", args=[world.line.pk, one.pk]) for one in (other, sold_out, world.offer)]
    assert [one in answer.content.decode() for one in instead] == [True, False, False]
    leave(world, 0)
    assert instead[0] in client.get(page).content.decode()


def test_prepared_order_of_more_than_there_is__is_kept(world: World) -> None:
    found = Prepared.objects.create(
        person=world.person,
        line=world.line,
        kind=world.kind,
        territory_code=world.place.code,
        cause="opened",
        since=clock.today(),
        version=world.version,
        quantity=30,
        offered_on=clock.today(),
        open_until=LATER.date(),
    )
    leave(world, 7)
    shown = {"version": str(world.version.pk), "quantity": "30", "person_part": "0"}
    answer = world.client(world.actor).post(reverse("prepared:take", args=[found.pk]), shown)
    assert answer.status_code == 422
    assert kept() == [(30, 7)]


def test_order_at_the_counter__is_kept_too(world: World) -> None:
    draft = world.draft(30, actor=world.officer)
    leave(world, 5)
    assert world.client(world.officer).post(reverse("orders:sign", args=[draft.pk]), on_paper()).status_code == 422
    assert kept() == [(30, 5)]


def test_one_of_several__that_cannot_go_is_kept() -> None:
    with clock.at(make.MORNING):
        chest = Chest()
        chest.drafts()
        client = for_years(chest.actor)
        pressed = _pressed(client.get(chest.page).content.decode())
        Variant.objects.filter(pk=chest.version.variant_id).update(stock=3)
        assert client.post(chest.page, pressed).status_code == 422
        assert list(Shortage.objects.values_list("variant", "wanted", "left")) == [(chest.version.variant_id, 20, 3)]


def test_declined_for_want_of_stock__is_a_shortage_and_another_reason_is_none(world: World) -> None:
    actions.decline_order(actor=world.supplier_actor, order=world.order(30), reason="no_stock", left=12)
    assert kept() == [(30, 12)]
    with clock.at(LATER):
        actions.decline_order(actor=world.supplier_actor, order=world.order(10), reason="capacity")
        assert kept() == [(30, 12)]


def test_tried_again_on_one_day__is_one_with_the_most_that_was_wanted(world: World) -> None:
    short(world, wanted=10, left=4)
    short(world, wanted=30, left=5)
    short(world, wanted=20, left=3)
    assert kept() == [(30, 3)]
    with clock.at(LATER):
        short(world, wanted=10, left=3)
    assert kept() == [(30, 3), (10, 3)]


def test_more_than_may_be_ordered__counts_as_what_may_be(world: World) -> None:
    leave(world, 3)
    demand.note_shortage(line=world.line, version_id=world.version.pk, wanted=999_999)
    assert kept() == [(world.line.quantity, 3)]
    Shortage.objects.all().delete()
    leave(world, world.line.quantity)
    assert not demand.note_shortage(line=world.line, version_id=world.version.pk, wanted=999_999)
    other = make.version_of(make.offer(world.supplier, make.kind("GI-05"), stock=0))
    assert not demand.note_shortage(line=world.line, version_id=other.pk, wanted=3), "goods of another kind"
    assert kept() == []


def test_supplier__is_told_once_on_the_next_day_and_led_to_the_list(world: World) -> None:
    short(world)
    assert demand.tell_suppliers() == 0, "the day is not over"
    with clock.at(LATER):
        assert (demand.tell_suppliers(), demand.tell_suppliers()) == (1, 0)
        (notice,) = Notice.objects.filter(template="demand.shortage", user_id=world.supplier_actor.user_id)
        assert notice.context["n"] == 1
        client = world.client(world.supplier_actor)
        page = open_page(client, reverse("notices:notice", args=[notice.pk]))
        assert "Too little in stock: orders that could not be sent: 1" in page.main
        assert reverse("demand:list") in page.html
        told = open_page(client, reverse("demand:list")).main
        assert "Too little of yours in stock" in told
        assert world.offer.name in told
        assert world.person.surname not in told
    stranger = make.Shop().supplier_actor
    with pytest.raises(NotFound):
        shortages.address_of(stranger, Shortage.objects.get().pk)
    assert shortages.of_own(stranger) == []


def test_list__tells_the_office_by_district_and_suppliers_nothing_of_few(world: World) -> None:
    short(world)
    (told,) = shortages.in_places(world.officer)
    assert (told.kind, told.place, told.people) == (world.kind, world.place.name, 1)
    assert "Offered, but too little in stock" in open_page(world.client(world.officer), reverse("demand:list")).main
    assert shortages.in_places(make.officer(make.district("710000000"))) == []
    assert shortages.in_places(world.supplier_actor) == []
    for _n in range(rules.FEWEST - 1):
        line = make.programme(make.person(place=world.place), world.kind).lines.get()
        demand.note_shortage(line=line, version_id=world.version.pk, wanted=30, left=0)
    # several programmes of one person, in two districts of the region, are one person
    again = make.programme(world.person, world.kind).lines.get()
    demand.note_shortage(line=again, version_id=world.version.pk, wanted=30, left=0)
    Shortage.objects.filter(line=again).update(territory_code=make.district(f"{world.place.code[:2]}9900000").code)
    (told,) = shortages.in_places(world.supplier_actor)
    assert told.people == rules.FEWEST
    assert [one.people for one in shortages.of_own(world.supplier_actor)] == [rules.FEWEST]
    Shortage.objects.exclude(line__person=world.person).first().delete()
    assert shortages.in_places(world.supplier_actor) == [], "five lines of four people"
    with clock.at(make.MORNING + timedelta(days=shortages.DAYS)):
        assert shortages.in_places(world.officer) == []


def test_person__reads_it_and_it_is_forgotten(world: World) -> None:
    short(world)
    (told,) = personal._short(Subject(person_id=world.person.pk, user_id=world.actor.account))
    assert (told["wanted"], told["left"]) == (30, 4)
    assert personal._forget_shortages(clock.now(), 10) == 1
    assert kept() == []


def test_draft_that_is_refused_for_something_else__leaves_none(world: World) -> None:
    draft = world.draft(30)
    world.supplier.offers.update(state="paused")
    with pytest.raises(RuleBroken):
        actions.submit_order(actor=world.actor, draft_key=draft.pk)
    assert kept() == []
