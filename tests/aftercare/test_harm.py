"""Harm by goods: the batch is on hold at once, everybody who has it is told, the region lifts the hold or recalls."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.aftercare.declared import checking, fault_draft, harm_draft, held, recalled, region_of
from tests.kit import pages
from tests.kit.sign_in import for_years, registered
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.kit.world import World

from tirek.aftercare import actions
from tirek.aftercare.models import Harm, Telling
from tirek.core import clock
from tirek.core.case import effects
from tirek.core.case.workflow import sweep
from tirek.core.errors import Busy, NotAllowed, RuleBroken
from tirek.notices.models import Notice
from tirek.orders import actions as ordering
from tirek.orders import items
from tirek.orders.actions import delivering
from tirek.orders.models import Batch, Item, KeptBack, Order
from tirek.orders.queries import door_code_for
from tirek.people.models import Representation

State = Harm.State
DO_NOT = "Do not use for now: "


def _accepted(shop: make.Shop) -> Order:
    return ordering.accept_order(actor=shop.supplier_actor, order=shop.order(3), ready_on=clock.today())


def _hand(shop: make.Shop, order: Order, numbers: str) -> Order:
    code = door_code_for(shop.actor, order)
    return ordering.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers=numbers)


def _neighbour(shop: make.Shop, numbers: str = "L-204") -> tuple[make.Person, Item]:
    """Somebody else who has goods of the batch."""
    item = held(shop, numbers)
    other = make.person(place=shop.place)
    make.agree(other)
    Item.objects.filter(pk=item.pk).update(person=other)
    item.refresh_from_db()
    return other, item


@pytest.mark.django_db
def test_harm__holds_the_batch_everywhere_and_warns_who_has_it() -> None:
    world = World()
    _other, item = _neighbour(world)
    mine, waiting = held(world), _accepted(world)
    person, seller = world.client(world.actor), world.client(world.supplier_actor)
    form = person.post(reverse("aftercare:harm-begin"), {"item": str(mine.pk)}).headers["Location"]
    person.post(person.get(form).headers["Location"], {"what": "itch", "words": "It itched after an hour."})
    assert person.post(form + "/submit").status_code == 302
    harm = Harm.objects.get()
    assert (Batch.objects.get().state, harm.state) == (Batch.State.HELD, State.CHECKING)
    code = door_code_for(world.actor, waiting)
    sent = {"hand_over-code": code, "hand_over-numbers": "l 204", "hand_over-quantity": "3"}
    refused = seller.post(f"/supply/orders/{waiting.number}/hand_over", sent)
    assert "is not handed over: harm by it was reported" in " ".join(pages.read(refused).errors)
    page = pages.text(seller, f"/supply/harm/{harm.number}")
    assert "itching or a rash" in page.lower()
    assert world.person.surname not in page
    assert "It itched" not in page
    while actions.tell_holders():
        pass
    told = Notice.objects.filter(template="harm.stop_using")
    assert [one.user_id for one in told] == [Item.objects.select_related("person").get(pk=item.pk).person.user_id]
    assert "Do not use it" in pages.text(person, "/my-things")


@pytest.mark.django_db
def test_what_is_kept_back__stands_first_at_home_and_with_the_child_until_it_is_free_again() -> None:
    world = World()
    mother = make.person(place=world.place, phone="+77059998877")
    make.agree(mother)
    Representation.objects.create(
        represented=world.person, representative=mother, basis=Representation.Basis.ATTORNEY, since=clock.today()
    )
    held(world)
    people = [registered(world.person), registered(mother)]
    assert [DO_NOT in pages.text(one, "/home") for one in people] == [False, False]
    Batch.objects.update(state=Batch.State.HELD)
    own, hers = [pages.text(one, "/home") for one in people]
    assert own.index(DO_NOT) < own.rindex("My things")
    assert hers.index("People you act for") < hers.index(DO_NOT)
    Item.objects.update(ended_on=clock.today(), ended_because=Item.Ended.REFUSED)
    assert [DO_NOT in pages.text(one, "/home") for one in people] == [False, False]


@pytest.mark.django_db
def test_hold__is_lifted_with_reasons_when_no_other_report_is_open() -> None:
    world = World()
    region, items = region_of(world), [held(world), held(world)]
    first, second = (actions.report_harm(actor=world.actor, draft_key=harm_draft(world, one).pk) for one in items)
    with pytest.raises(RuleBroken):
        actions.clear_batch(actor=region, harm=first, reasons=" ")
    with pytest.raises(NotAllowed):
        actions.clear_batch(actor=world.officer, harm=first, reasons="Clean.")
    actions.clear_batch(actor=region, harm=first, reasons="The sample is clean.")
    assert Batch.objects.get().state == Batch.State.HELD
    actions.clear_batch(actor=region, harm=second, reasons="The sample is clean.")
    assert Batch.objects.get().state == Batch.State.FREE
    _hand(world, _accepted(world), "L-204")
    assert "The sample is clean." in pages.text(world.client(world.actor), f"/harm/{second.number}")


@pytest.mark.django_db
def test_recall__brings_goods_back_and_never_lets_the_batch_out_again() -> None:
    world = World()
    region, mine = region_of(world), held(world)
    _other, item = _neighbour(world)
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, mine).pk)
    harm = actions.recall_batch(actor=region, harm=harm, reasons="Harmful.")
    while actions.tell_holders():
        pass
    assert Notice.objects.filter(template="harm.recalled_for_holder").exists()
    assert not Notice.objects.filter(template="harm.stop_using").exists()
    seller = world.client(world.supplier_actor)
    address = f"/supply/harm/{harm.number}/bring_back"
    assert "Came back: 0. Still out: 2." in pages.text(seller, f"/supply/harm/{harm.number}")
    assert seller.post(address, {"bring_back-item": str(item.pk)}).status_code == 302
    assert seller.post(address, {"bring_back-item": str(item.pk)}).status_code == 422
    assert "Came back: 1. Still out: 1." in pages.text(seller, f"/supply/harm/{harm.number}")
    item.refresh_from_db()
    assert (item.ended_because, item.ended_on) == ("recalled", clock.today())
    actions.close_recall(actor=region, harm=harm, reasons="The rest is lost.")
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, _accepted(world), "L-204")


@pytest.mark.django_db
def test_report_of_harm__is_one_for_a_thing_as_long_as_it_is_open() -> None:
    world = World()
    item = held(world)
    first, second = (harm_draft(world, item) for _n in range(2))
    harm = actions.report_harm(actor=world.actor, draft_key=first.pk)
    assert actions.report_harm(actor=world.actor, draft_key=first.pk) == harm
    person = world.client(world.actor)
    refused = person.post(reverse("aftercare:harm-submit", args=[second.pk]), follow=True)
    assert f"Harm by this thing is reported already: {harm.number}" in pages.read(refused).main
    assert harm.number in pages.text(person, "/notices")
    assert Harm.objects.count() == 1
    actions.clear_batch(actor=region_of(world), harm=harm, reasons="The sample is clean.")
    assert actions.report_harm(actor=world.actor, draft_key=second.pk).state == State.CHECKING


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_reports_of_harm_by_one_thing_at_once__are_one_case() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        item = held(shop, "")
        drafts = [harm_draft(shop, item) for _n in range(2)]
    jobs = [partial(actions.report_harm, actor=shop.actor, draft_key=one.pk) for one in drafts]
    with meeting(actions.harm, "_reported_once", seconds=KEPT_OUT):
        results = at_once(*jobs)
    assert sorted(isinstance(one, RuleBroken | Busy) for one in results) == [False, True], results
    assert Harm.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("is_recalled", [True, False])
def test_recall_that_is_over__keeps_back_its_own_number_only(is_recalled: bool) -> None:
    world = World()
    region = region_of(world)
    first, second = held(world), held(world)
    harms = [actions.report_harm(actor=world.actor, draft_key=harm_draft(world, one).pk) for one in (first, second)]
    harms[0] = actions.recall_batch(actor=region, harm=harms[0], reasons="Harmful.")
    order = _accepted(world)
    actions.close_recall(actor=region, harm=harms[0], reasons="All are back.")
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, order, "")
    if is_recalled:
        harms[1] = actions.recall_batch(actor=region, harm=harms[1], reasons="Harmful.")
        actions.close_recall(actor=region, harm=harms[1], reasons="All are back.")
    else:
        actions.clear_batch(actor=region, harm=harms[1], reasons="It was the same batch.")
    assert Batch.objects.get().state == Batch.State.OVER
    with pytest.raises(RuleBroken, match="numbers"):
        _hand(world, order, "L-204")
    assert _hand(world, order, "").state == Order.State.AWAITING_CONFIRMATION
    assert "Do not use it" in pages.text(world.client(world.actor), "/my-things")


@pytest.mark.django_db
def test_exchange__keeps_what_a_recall_has_written() -> None:
    world = World()
    item = held(world)
    fault = actions.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    fault = actions.promise(actor=world.supplier_actor, fault=fault, way="exchange", ready_on=clock.today())
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, item).pk)
    harm = actions.recall_batch(actor=region_of(world), harm=harm, reasons="Harmful.")
    actions.bring_back(actor=world.supplier_actor, harm=harm, item=str(item.pk))
    with pytest.raises(RuleBroken, match="given_back"):
        actions.hand_back(actor=world.supplier_actor, fault=fault, numbers="L-300")
    item.refresh_from_db()
    assert (item.ended_because, Item.objects.count()) == ("recalled", 1)


@pytest.mark.django_db
def test_goods_without_a_batch__keep_back_what_comes_without_one_and_nothing_else() -> None:
    world = World()
    other, neighbour = _neighbour(world, "")
    _named, with_batch = _neighbour(world, "L-206")
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, held(world, "")).pk)
    assert (harm.batch_id, harm.stop.by, harm.stop.state) == (None, "offer", KeptBack.State.HELD)
    assert set(items.kept_by(harm.stop)) == {harm.item, neighbour}
    assert with_batch.batch_id is not None
    with translation.override("en"):
        with pytest.raises(RuleBroken) as refused:
            _hand(world, _accepted(world), "")
        assert (refused.value.code, "Without a batch number" in str(refused.value.message)) == ("numbers", True)
    _hand(world, _accepted(world), "L-205")
    while actions.tell_holders():
        pass
    told = Notice.objects.filter(template="harm.stop_using_thing").values_list("user_id", flat=True)
    assert list(told) == [other.user_id]
    actions.clear_batch(actor=region_of(world), harm=harm, reasons="Looked at.")
    _hand(world, _accepted(world), "")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["L-204", ""])
def test_number_of_the_batch__has_to_be_typed_while_goods_of_the_maker_are_on_hold(number: str) -> None:
    world = World()
    seller, waiting = world.client(world.supplier_actor), _accepted(world)
    at, address = f"/supply/orders/{waiting.number}", f"/supply/orders/{waiting.number}/hand_over"
    page = pages.text(seller, at)
    assert ("Batch numbers (optional)" in page, "no batch is printed" in page) == (True, True)
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, held(world, number)).pk)
    page = pages.text(seller, at)
    assert ("Batch numbers (optional)" in page, "no batch is printed" in page) == (False, False)
    assert "Without a batch number these cannot be handed over. One line for each batch" in page
    sent = {"hand_over-code": door_code_for(world.actor, waiting), "hand_over-quantity": "3"}
    refused = seller.post(address, {**sent, "hand_over-numbers": " "})
    assert refused.status_code == 422
    assert "Type the batch number from the package." in " ".join(pages.read(refused).errors)
    actions.clear_batch(actor=region_of(world), harm=harm, reasons="Looked at.")
    assert "Batch numbers (optional)" in pages.text(seller, at)
    assert seller.post(address, sent).status_code == 302


@pytest.mark.django_db
def test_recall_of_goods_without_a_batch__is_of_those_alone() -> None:
    world = World()
    harm = actions.report_harm(actor=world.actor, draft_key=harm_draft(world, held(world, "")).pk)
    harm = actions.recall_batch(actor=region_of(world), harm=harm, reasons="Harmful.")
    harm.stop.refresh_from_db()
    assert harm.stop.state == KeptBack.State.RECALLED
    with pytest.raises(RuleBroken):
        _hand(world, _accepted(world), "")
    _hand(world, _accepted(world), "L-205")


@pytest.mark.django_db
def test_refusal_because_of_illness__becomes_a_case_of_the_region_once() -> None:
    world = World()
    order = _hand(world, _accepted(world), "L-204")
    ordering.refuse_delivery(actor=world.actor, order=order, reason="reaction")
    effects.run()
    harm = Harm.objects.get()
    assert (harm.state, harm.asked_by, harm.batch) == (State.CHECKING, None, Batch.objects.get())
    assert actions.report_refused(harm.item.delivery_id) == []
    order = _hand(world, _accepted(world), "L-205")
    ordering.refuse_delivery(actor=world.actor, order=order, reason="defect")
    effects.run()
    assert Harm.objects.count() == 1


@pytest.mark.django_db
def test_refusal_of_two_batches__is_a_case_of_each_whose_holders_are_told() -> None:
    world = World()
    other, item = _neighbour(world, "L-206")
    order = _hand(world, _accepted(world), "L-205; 1\nL-206; 2")
    ordering.refuse_delivery(actor=world.actor, order=order, reason="reaction")
    # the worker comes to it when other goods were brought instead
    order.refresh_from_db()
    order = ordering.replace_goods(actor=world.supplier_actor, order=order, replace_by=clock.today())
    code = door_code_for(world.actor, order)
    ordering.hand_over_replacement(actor=world.supplier_actor, order=order, code=code, numbers="L-207")
    effects.run()
    harms = Harm.objects.order_by("batch__number")
    assert list(harms.values_list("batch__number", flat=True)) == ["L205", "L206"]
    assert actions.report_refused(harms[0].item.delivery_id) == []
    assert Batch.objects.get(number="L207").state == Batch.State.FREE
    while actions.tell_holders():
        pass
    told = Notice.objects.filter(template="harm.stop_using").values_list("user_id", flat=True)
    assert list(told) == [other.user_id]
    assert item.batch_id == harms[1].batch_id


@pytest.mark.django_db
def test_region_that_is_late__is_reminded_and_nothing_is_lifted() -> None:
    world = World()
    harm, client = checking(world), for_years(region_of(world))
    with clock.at(clock.now() + timedelta(days=40)):
        sweep()
        assert "the check is late" in pages.text(client, "/notices")
    harm.refresh_from_db()
    assert (harm.state, Batch.objects.get().state) == (State.CHECKING, Batch.State.HELD)


@pytest.mark.django_db
def test_holders__are_told_in_parts_from_where_it_stopped() -> None:
    world = World()
    mine = held(world)
    for _n in range(5):
        _neighbour(world)
    actions.report_harm(actor=world.actor, draft_key=harm_draft(world, mine).pk)
    assert actions.tell_holders(limit=2) == 2
    assert Telling.objects.get().done_at is None
    while actions.tell_holders(limit=2):
        pass
    telling = Telling.objects.get()
    assert (telling.told, telling.done_at is not None) == (6, True)
    assert Notice.objects.filter(template="harm.stop_using").count() == 5


@pytest.mark.django_db
def test_holder__is_told_once_whatever_was_received_of_the_batch_and_whoever_reports() -> None:
    world = World()
    mine = held(world)
    neighbour, item = _neighbour(world)
    _third, more = _neighbour(world)
    Item.objects.filter(pk=more.pk).update(person=neighbour)
    actions.report_harm(actor=world.actor, draft_key=harm_draft(world, mine).pk)
    while actions.tell_holders():
        pass
    told = Notice.objects.filter(template="harm.stop_using", user_id=neighbour.user_id)
    assert told.count() == 1, "two packs of the batch"
    second = make.recipient_of(neighbour)
    actions.report_harm(actor=second, draft_key=harm_draft(world, item, second).pk)
    while actions.tell_holders():
        pass
    assert Telling.objects.count() == 1, "everybody has been told of this hold"
    assert told.count() == 1


@pytest.mark.django_db
def test_other_supplier__records_nothing_of_a_recall() -> None:
    world, other = World(), World(place=make.district("310000001"))
    harm = recalled(world)
    item = Item.objects.get(batch=harm.batch)
    with pytest.raises(NotAllowed):
        actions.bring_back(actor=other.supplier_actor, harm=harm, item=str(item.pk))
    for wrong in ("", "x", str(held(other).pk)):
        with pytest.raises(RuleBroken, match="item"):
            actions.bring_back(actor=world.supplier_actor, harm=harm, item=wrong)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_report_of_harm_against_hand_over__the_goods_are_kept_back_or_their_receiver_is_warned() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        mine, order = held(shop), _accepted(shop)
        draft, code = harm_draft(shop, mine), door_code_for(shop.actor, order)
    with (
        meeting(actions.harm.keeping, "hold", seconds=KEPT_OUT, before=True),
        meeting(delivering, "keep_items", seconds=KEPT_OUT, before=True),
    ):
        handed, reported = at_once(
            lambda: ordering.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers="L-204"),
            lambda: actions.report_harm(actor=shop.actor, draft_key=draft.pk),
        )
    assert isinstance(reported, Harm), reported
    assert Batch.objects.get().state == Batch.State.HELD
    with clock.at(make.MORNING):
        while actions.tell_holders():
            pass
    gone_through = Telling.objects.get().told
    order.refresh_from_db()
    if isinstance(handed, RuleBroken | Busy):
        assert (order.state, gone_through) == (Order.State.ACCEPTED, 1)
    else:
        assert (order.state, gone_through) == (Order.State.AWAITING_CONFIRMATION, 2)
