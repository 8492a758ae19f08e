"""Harm by goods with serial numbers: kept back by offer, version or number; who has some is told, and told when not."""

from functools import partial

import pytest
from tests import factories as make
from tests.aftercare.declared import harm_draft, held, region_of
from tests.kit import pages
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.kit.world import World

from tirek.aftercare import actions, queries
from tirek.aftercare.draft_forms import HARMING
from tirek.aftercare.models import Harm, Telling
from tirek.core import clock
from tirek.core.database import locks
from tirek.core.errors import Busy, RuleBroken
from tirek.notices.models import Notice
from tirek.orders import actions as ordering
from tirek.orders.actions import delivering, keeping
from tirek.orders.models import Batch, Item, Order, Stop
from tirek.orders.queries import door_code_for

State = Harm.State


def _world() -> World:
    return World(kind_code="SM-01")


def _accepted(shop: make.Shop) -> Order:
    return ordering.accept_order(actor=shop.supplier_actor, order=shop.order(1), ready_on=clock.today())


def _hand(shop: make.Shop, order: Order, numbers: str) -> Order:
    code = door_code_for(shop.actor, order)
    return ordering.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers=numbers)


def _neighbour(shop: make.Shop, number: str) -> make.Person:
    item = held(shop, number, 1)
    other = make.person(place=shop.place)
    make.agree(other)
    Item.objects.filter(pk=item.pk).update(person=other)
    return other


def _reported(shop: make.Shop, number: str) -> Harm:
    item = held(shop, number, 1)
    return actions.report_harm(actor=shop.actor, draft_key=harm_draft(shop, item).pk)


def _tell() -> None:
    while actions.tell_holders():
        pass


def _told(person: make.Person) -> list[str]:
    found = Notice.objects.filter(user_id=person.user_id, template__startswith="harm.")
    return list(found.order_by("id").values_list("template", flat=True))


@pytest.mark.django_db
def test_harm_by_a_chair__keeps_all_of_its_offer_back_and_narrows_to_some_numbers() -> None:
    world = _world()
    region, near, far = region_of(world), _neighbour(world, "WC-1002"), _neighbour(world, "WC-2001")
    waiting, harm = _accepted(world), _reported(world, "WC-1001")
    assert (harm.batch_id, Stop.objects.get().by) == (None, Stop.By.OFFER)
    _tell()
    assert (_told(near), _told(far)) == (["harm.stop_using_thing"], ["harm.stop_using_thing"])
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, waiting, "WC-3000")
    # a second report of the same goods is kept back by the same hold, and nobody is told twice
    again = _reported_by(near)
    assert again.stop_id == harm.stop_id
    client = world.client(region)
    page = pages.text(client, f"/office/harm/{harm.number}")
    assert "all goods of the offer" in page.lower()
    address = f"/office/harm/{harm.number}/narrow"
    sent = {"narrow-by": "numbers", "narrow-serials": "WC-1000 … WC-0999", "narrow-reasons": "One series."}
    refused = client.post(address, sent)
    assert "ends before it begins" in " ".join(pages.read(refused).errors)
    assert "One series." in refused.content.decode(), "nothing typed is lost"
    refused = client.post(address, sent | {"narrow-serials": "WC-1002"})
    assert "WC1001, is not among them" in " ".join(pages.read(refused).errors)
    assert client.post(address, sent | {"narrow-serials": "WC-1000 … WC-1999"}).status_code == 302
    _tell()
    assert _told(far) == ["harm.stop_using_thing"], "the other report still keeps all of the offer back"
    actions.clear_batch(actor=region, harm=again, reasons="Another thing.")
    _tell()
    assert _told(far)[-1] == "harm.cleared_thing"
    assert _told(near) == ["harm.stop_using_thing", "harm.reported", "harm.cleared"], "its own number is kept back"
    harm.refresh_from_db()
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, waiting, "WC-1500")
    _hand(world, waiting, "WC-3000")
    assert "Do not use it" in pages.text(world.client(world.actor), "/my-things")
    actions.clear_batch(actor=region, harm=harm, reasons="The sample is clean.")
    _tell()
    assert _told(near)[-1] == "harm.cleared_thing"
    assert "Do not use it" not in pages.text(world.client(world.actor), "/my-things")


def _reported_by(person: make.Person) -> Harm:
    actor, item = make.recipient_of(person), Item.objects.get(person=person)
    values = {"item": str(item.pk), "what": "injury", "words": "It tipped over."}
    draft = HARMING.begin(actor, values, subject_id=item.person_id)
    return actions.report_harm(actor=actor, draft_key=draft.pk)


@pytest.mark.django_db
def test_recall_by_numbers__lets_the_others_go_and_never_hands_its_own_over_again() -> None:
    world = _world()
    region, near, far = region_of(world), _neighbour(world, "WC-1002"), _neighbour(world, "WC-2001")
    harm = _reported(world, "WC-1001")
    _tell()
    harm = actions.recall_batch(
        actor=region, harm=harm, reasons="The axle breaks.", by="numbers", serials="WC-1001 … 1999"
    )
    _tell()
    assert _told(near) == ["harm.stop_using_thing", "harm.recalled_thing"]
    assert _told(far) == ["harm.stop_using_thing", "harm.left_out_thing"]
    assert [one.number for one in queries.out_of(harm)] == ["WC1002", "WC1001"]
    seller = world.client(world.supplier_actor)
    out = f"/supply/harm/{harm.number}/out"
    assert "WC1002" in pages.text(seller, out + "?number=wc-1002")
    assert "Nothing that is still out" in pages.text(seller, out + "?number=wc-2001")
    key = Item.objects.get(number="WC1002").pk
    assert seller.post(out, {"item": str(key)}).status_code == 302
    assert seller.post(out, {"item": str(key)}).status_code == 422
    assert Item.objects.get(pk=key).ended_because == "recalled"
    actions.close_recall(actor=region, harm=harm, reasons="All are back.")
    order = _accepted(world)
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, order, "WC-1777")
    _hand(world, order, "WC-2777")


@pytest.mark.django_db
def test_stop__reaches_the_version_that_was_ordered_and_who_told_no_number() -> None:
    world = _world()
    harm = _reported(world, "WC-1001")
    region = region_of(world)
    harm = actions.narrow_hold(actor=region, harm=harm, by="version", reasons="Made since spring.")
    assert (harm.stop.by, harm.stop.version_id) == ("version", world.version.pk)
    with pytest.raises(RuleBroken, match="by"):
        actions.narrow_hold(actor=region, harm=harm, by="version", reasons="Again.")
    for wrong in ("", "make", "x"):
        with pytest.raises(RuleBroken, match="by"):
            actions.narrow_hold(actor=region, harm=harm, by=wrong, reasons="No way.")
    actions.narrow_hold(actor=region, harm=harm, by="numbers", serials="WC-1001", reasons="One piece.")
    order = _accepted(world)
    with pytest.raises(RuleBroken, match="numbers"):
        ordering.confirm_hand_over(actor=make.officer(world.place), order=order, reason="no_phone")
    ordering.confirm_hand_over(actor=make.officer(world.place), order=order, reason="no_phone", numbers="WC-7")


@pytest.mark.django_db
def test_recall__is_paged_through_whatever_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    mine = held(world)
    for _n in range(3):
        held(world)
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, mine).pk)
    harm = actions.recall_batch(actor=region_of(world), harm=harm, reasons="Harmful.")
    monkeypatch.setattr(queries, "MOST_OUT", 3)
    client = world.client(region_of(world))
    first, second = (pages.open_page(client, f"/office/harm/{harm.number}/out?page={n}") for n in (1, 2))
    assert (first.text.count("They came back"), second.text.count("They came back")) == (3, 1)
    assert "/out" in client.get(f"/office/harm/{harm.number}").content.decode()


@pytest.mark.django_db
def test_all_clear__reaches_who_was_told_although_the_recall_of_another_maker_is_over() -> None:
    world = World()
    item = held(world)
    # bought before makers were told: its number alone is known
    unknown = Batch.objects.create(kind=world.kind, maker="", number="L204")
    holder = make.person(place=world.place)
    make.agree(holder)
    Item.objects.filter(pk=held(world).pk).update(person=holder, batch=unknown, maker="")
    Batch.objects.create(kind=world.kind, maker="another", number="L204", state=Batch.State.OVER)
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, item).pk)
    _tell()
    actions.clear_batch(actor=region_of(world), harm=harm, reasons="The sample is clean.")
    _tell()
    assert _told(holder) == ["harm.stop_using", "harm.cleared_for_holder"]
    notice = Notice.objects.get(template="harm.cleared_for_holder", user_id=holder.user_id)
    assert world.offer.maker in str(notice.context)


def _shop() -> tuple[make.Shop, Item, Order]:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code="SM-01")
        return shop, held(shop, "WC-1", 1), _accepted(shop)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_hold_against_hand_over_of_a_serial_number__it_is_kept_back_or_its_receiver_is_told() -> None:
    shop, mine, order = _shop()
    with clock.at(make.MORNING):
        draft, code = harm_draft(shop, mine), door_code_for(shop.actor, order)
    with (
        meeting(keeping, "_stop", seconds=KEPT_OUT),
        meeting(delivering, "keep_items", seconds=KEPT_OUT, before=True),
    ):
        handed, reported = at_once(
            partial(ordering.hand_over, actor=shop.supplier_actor, order=order, code=code, numbers="WC-2"),
            partial(actions.report_harm, actor=shop.actor, draft_key=draft.pk),
        )
    assert isinstance(reported, Harm), reported
    assert Stop.objects.get().state == Stop.State.HELD
    with clock.at(make.MORNING):
        _tell()
    gone_through = Telling.objects.get().told
    order.refresh_from_db()
    if isinstance(handed, RuleBroken | Busy):
        assert (order.state, gone_through) == (Order.State.ACCEPTED, 1)
    else:
        assert (order.state, gone_through) == (Order.State.AWAITING_CONFIRMATION, 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control__without_the_shared_name_a_held_number_is_out_and_nobody_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, mine, order = _shop()
    with clock.at(make.MORNING):
        draft, code = harm_draft(shop, mine), door_code_for(shop.actor, order)
    monkeypatch.setattr(locks, "share_name", lambda _name: None)
    gone_through, real = [], keeping.keep_items

    def hold_in_between(*given: object) -> object:
        [harm] = at_once(partial(actions.report_harm, actor=shop.actor, draft_key=draft.pk))
        assert isinstance(harm, Harm), harm
        at_once(_tell)
        gone_through.append(Telling.objects.get().told)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(delivering, "keep_items", hold_in_between)
    [handed] = at_once(partial(ordering.hand_over, actor=shop.supplier_actor, order=order, code=code, numbers="WC-2"))
    assert isinstance(handed, Order), handed
    assert (gone_through, Item.objects.count()) == ([1], 2)
