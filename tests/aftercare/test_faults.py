"""A fault from the report to the person's word, and each way beside it; who may what; what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.aftercare.declared import (
    checking,
    declined,
    fault_draft,
    handed_back,
    held,
    recalled,
    region_of,
    reported,
)
from tests.kit import pages
from tests.kit.sign_in import for_years
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.aftercare import actions
from tirek.aftercare.models import Fault, Harm
from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.case import effects
from tirek.core.case.workflow import sweep
from tirek.core.errors import Busy, DomainError, NotAllowed, NotFound, RuleBroken, StaleState
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import actions as ordering
from tirek.orders.models import Item
from tirek.orders.queries import door_code_for
from tirek.orders.signing import RECEIPT
from tirek.people.models import Representation

State = Fault.State


def _sent(client: Client, item: Item) -> Fault:
    things = pages.open_page(client, "/my-things")
    assert "Report a fault" in things.main
    form = client.post(reverse("aftercare:fault-begin"), {"item": str(item.pk)}).headers["Location"]
    step = client.get(form).headers["Location"]
    missing = client.post(step, {"wrong": "broken", "words": ""})
    assert (missing.status_code, len(pages.read(missing).errors)) == (422, 1)
    check = client.post(step, {"wrong": "broken", "words": "A strap is torn.", "place": ""}).headers["Location"]
    assert "A strap is torn." in pages.text(client, check)
    sent = [client.post(form + "/submit").headers["Location"] for _press in range(2)]
    assert sent[0] == sent[1]
    return Fault.objects.get()


@pytest.mark.django_db
def test_fault__is_reported_promised_mended_and_confirmed_over_the_pages() -> None:
    world = World()
    person, seller, officer = (world.client(one) for one in (world.actor, world.supplier_actor, world.officer))
    fault = _sent(person, held(world))
    page, supply = f"/faults/{fault.number}", f"/supply/faults/{fault.number}"
    assert fault.number in pages.text(seller, "/supply/faults")
    assert f"A fault was reported: {fault.number}" in pages.text(seller, "/notices")
    day = clock.today() + timedelta(days=3)
    answer = {f"promise-ready_on_{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert seller.post(f"{supply}/promise", answer | {"promise-way": ""}).status_code == 422
    done = seller.post(f"{supply}/promise", answer | {"promise-way": "repair", "promise-has_loan": "on"})
    assert done.status_code == 302
    assert "The recipient has another one meanwhile" in pages.text(person, page)
    assert seller.post(f"{supply}/take_in").status_code == 302
    person, seller, officer = (for_years(one) for one in (world.actor, world.supplier_actor, world.officer))
    with clock.at(clock.now() + timedelta(days=2)):
        assert "Days without the thing 2" in pages.text(person, page)
        assert seller.post(f"{supply}/hand_back", {"hand_back-note": "A new strap."}).status_code == 302
        assert "A new strap." in pages.text(officer, f"/office/faults/{fault.number}")
        assert person.post(f"{page}/confirm").status_code == 302
        assert "Report a fault" in pages.text(person, "/my-things")
    fault.refresh_from_db()
    assert (fault.state, fault.days_away, fault.away_since) == (State.MENDED, 2, None)


@pytest.mark.django_db
@pytest.mark.parametrize("consumable", [True, False])
def test_fault__of_what_is_used_up_is_none_of_a_battery(*, consumable: bool) -> None:
    world = World()
    Kind.objects.filter(pk=world.kind.pk).update(consumable=consumable)
    person = world.client(world.actor)
    form = person.post(reverse("aftercare:fault-begin"), {"item": str(held(world).pk)}).headers["Location"]
    step = person.get(form).headers["Location"]
    assert ("the battery or the charger" in pages.text(person, step).lower()) is not consumable
    sent = person.post(step, {"wrong": "power", "words": "It is empty.", "place": ""})
    assert sent.status_code == (422 if consumable else 302)


@pytest.mark.django_db
def test_what_still_does_not_work__goes_back_and_the_region_hears_of_the_second_time() -> None:
    world = World()
    region = world.client(region_of(world))
    fault = handed_back(world)
    for times in (1, 2):
        fault = actions.not_mended(actor=world.actor, fault=fault, words="It tore again.")
        assert (fault.state, fault.came_back, fault.ready_on) == (State.REPORTED, times, None)
        assert ("still not mended" in pages.text(region, "/notices")) is (times == 2)
        fault = actions.promise(actor=world.supplier_actor, fault=fault, way="repair", ready_on=clock.today())
        fault = actions.hand_back(actor=world.supplier_actor, fault=fault)


@pytest.mark.django_db
def test_price__is_named_only_after_the_warranty() -> None:
    world = World()
    fault = reported(world)
    Fault.objects.filter(pk=fault.pk).update(in_warranty=True)
    with pytest.raises(RuleBroken, match="price"):
        actions.name_price(actor=world.supplier_actor, fault=fault, price=Decimal(5000), repair_days=4)
    with pytest.raises(RuleBroken, match="reason"):
        actions.decline_fault(actor=world.supplier_actor, fault=fault, reason="warranty", words="Over.")
    Fault.objects.filter(pk=fault.pk).update(in_warranty=False)
    fault = actions.name_price(actor=world.supplier_actor, fault=fault, price=Decimal(5000), repair_days=4)
    fault = actions.accept_price(actor=world.actor, fault=fault)
    assert (fault.state, fault.way, fault.ready_on) == (State.PROMISED, "repair", clock.today() + timedelta(days=4))


@pytest.mark.django_db
def test_region__decides_between_the_two_with_reasons() -> None:
    world = World()
    region = region_of(world)
    fault = actions.go_to_region(actor=world.actor, fault=declined(world), words="It is torn, look at the photo.")
    with pytest.raises(NotAllowed):
        actions.decide_fault(actor=world.officer, fault=fault, decision="for_person", reasons="Torn.")
    with pytest.raises(RuleBroken):
        actions.decide_fault(actor=region, fault=fault, decision="for_person", reasons=" ")
    with pytest.raises(RuleBroken):
        actions.decide_fault(actor=region, fault=fault, decision="maybe", reasons="Torn.")
    fault = actions.decide_fault(actor=region, fault=fault, decision="for_person", reasons="It is torn.")
    assert (fault.state, fault.is_ordered) == (State.REPORTED, True)
    assert "It is torn." in pages.text(world.client(world.supplier_actor), f"/supply/faults/{fault.number}")
    for refused in (
        lambda: actions.decline_fault(actor=world.supplier_actor, fault=fault, reason="no_fault", words="No."),
        lambda: actions.name_price(actor=world.supplier_actor, fault=fault, price=Decimal(1), repair_days=1),
    ):
        with pytest.raises(RuleBroken, match="ordered"):
            refused()


@pytest.mark.django_db
def test_region__may_find_that_the_supplier_is_right() -> None:
    world = World()
    fault = actions.go_to_region(actor=world.actor, fault=declined(world), words="It is torn.")
    fault = actions.decide_fault(actor=region_of(world), fault=fault, decision="for_supplier", reasons="It works.")
    assert fault.state == State.CLOSED


@pytest.mark.django_db
def test_region__decides_nothing_about_the_officer_or_somebody_close() -> None:
    world = World()
    fault = actions.go_to_region(actor=world.actor, fault=declined(world), words="It is torn.")
    harm, recall = checking(world), recalled(world)
    parent = make.person()
    Representation.objects.create(
        representative=parent,
        represented=world.person,
        basis="guardian",
        since=date(2026, 1, 1),
    )
    for key in (world.person.pk, parent.pk):
        close = replace(region_of(world), person_id=key)
        for refused in (
            partial(actions.decide_fault, fault=fault, decision="for_person", reasons="It is torn."),
            partial(actions.clear_batch, harm=harm, reasons="Clean."),
            partial(actions.recall_batch, harm=harm, reasons="Harmful."),
            partial(actions.bring_back, harm=recall, item=str(recall.item_id)),
            partial(actions.close_recall, harm=recall, reasons="Over."),
        ):
            with pytest.raises(NotAllowed) as said:
                refused(actor=close)
            with translation.override("en"):
                assert "close to you" in str(said.value.message)
    assert actions.clear_batch(actor=region_of(world), harm=harm, reasons="Clean.").state == Harm.State.CLEARED


@pytest.mark.django_db
def test_exchange__ends_the_old_item_and_keeps_the_day_of_the_warranty() -> None:
    shop = World(kind_code="SM-01", quantity=4)
    item = held(shop, "wc-1", 1)
    until = clock.today() + timedelta(days=100)
    Item.objects.filter(pk=item.pk).update(warranty_until=until)
    fault = actions.report_fault(actor=shop.actor, draft_key=fault_draft(shop, item).pk)
    assert fault.in_warranty
    fault = actions.promise(actor=shop.supplier_actor, fault=fault, way="exchange", ready_on=clock.today())
    for wrong in ("", "wc-2\nwc-3", "<>"):
        with pytest.raises(RuleBroken, match="numbers"):
            actions.hand_back(actor=shop.supplier_actor, fault=fault, numbers=wrong)
    other = held(shop, "wc-9", 1)
    with pytest.raises(RuleBroken, match="numbers"):
        actions.hand_back(actor=shop.supplier_actor, fault=fault, numbers="WC9")
    item.refresh_from_db()
    assert item.ended_on is None
    fault = actions.hand_back(actor=shop.supplier_actor, fault=fault, numbers="wc-2")
    item.refresh_from_db()
    new = Item.objects.exclude(pk__in=[item.pk, other.pk]).get()
    assert (item.ended_because, new.number, new.warranty_until, fault.item_id) == ("exchanged", "WC2", until, new.pk)
    assert "serial number WC2" in pages.text(shop.client(shop.actor), f"/faults/{fault.number}")


@pytest.mark.django_db
def test_exchange__brings_no_number_of_the_same_delivery() -> None:
    shop = World(kind_code="SM-01", quantity=4)
    order = ordering.accept_order(actor=shop.supplier_actor, order=shop.order(2), ready_on=clock.today())
    code = door_code_for(shop.actor, order)
    order = ordering.hand_over(actor=shop.supplier_actor, order=order, code=code, numbers="wc-1\nwc-2")
    officer = make.officer(shop.place)
    ordering.confirm_receipt(actor=officer, order=order, signature_id=RECEIPT.on_paper(officer, order).pk)
    item, _other = Item.objects.order_by("number")
    fault = actions.report_fault(actor=shop.actor, draft_key=fault_draft(shop, item).pk)
    fault = actions.promise(actor=shop.supplier_actor, fault=fault, way="exchange", ready_on=clock.today())
    seller, address = shop.client(shop.supplier_actor), f"/supply/faults/{fault.number}/hand_back"
    refused = seller.post(address, {"hand_back-numbers": "WC-2"})
    assert (refused.status_code, "was handed over before" in " ".join(pages.read(refused).errors)) == (422, True)
    assert seller.post(address, {"hand_back-numbers": "WC-3"}).status_code == 302
    assert list(Item.objects.filter(ended_on=None).order_by("number").values_list("number", flat=True)) == [
        "WC2",
        "WC3",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make_fault", "days", "state", "told"),
    [
        (reported, 30, State.REPORTED, "the supplier is late"),
        (declined, 60, State.CLOSED, "is closed"),
        (handed_back, 30, State.BACK, "does it work?"),
    ],
)
def test_term_that_passes__is_told_and_confirms_nothing(
    make_fault: Callable[[make.Shop], Fault], days: int, state: str, told: str
) -> None:
    world = World()
    fault, person = make_fault(world), for_years(world.actor)
    with clock.at(clock.now() + timedelta(days=days)):
        sweep()
        fault.refresh_from_db()
        assert fault.state == state
        assert told in pages.text(person, "/notices")


@pytest.mark.django_db
def test_region_that_is_late__is_reminded() -> None:
    world = World()
    region = region_of(world)
    actions.go_to_region(actor=world.actor, fault=declined(world), words="It is torn.")
    client = for_years(region)
    with clock.at(clock.now() + timedelta(days=30)):
        sweep()
        assert "your decision is late" in pages.text(client, "/notices")


@pytest.mark.django_db
def test_fault__is_refused_on_goods_of_others_given_back_or_reported_already() -> None:
    world, other = World(), World(place=make.district("310000001"))
    item = held(world)
    with pytest.raises(NotFound):
        actions.report_fault(actor=other.actor, draft_key=fault_draft(other, item, other.actor).pk)
    foreign = fault_draft(world, held(other))
    with pytest.raises(DomainError):
        actions.report_fault(actor=world.actor, draft_key=foreign.pk)
    actions.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    with pytest.raises(RuleBroken, match="open_already"):
        actions.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    Item.objects.filter(pk=item.pk).update(ended_on=clock.today(), ended_because="recalled")
    with pytest.raises(RuleBroken, match="given_back"):
        actions.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    assert Fault.objects.count() == 1


@pytest.mark.django_db
def test_officer__reports_for_the_person_at_the_counter() -> None:
    world = World()
    item, officer = held(world), make.officer(world.place)
    make.came(officer, world.person)
    client = world.client(officer)
    assert "Report a fault" in pages.text(client, f"/office/things/{world.person.pk}")
    form = client.post(reverse("aftercare:fault-begin"), {"item": str(item.pk)}).headers["Location"]
    client.post(client.get(form).headers["Location"], {"wrong": "dead", "words": "Nothing happens.", "place": ""})
    assert client.post(form + "/submit").status_code == 302
    assert Fault.objects.get().person_id == world.person.pk


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 90])
def test_promise__is_for_a_day_within_the_term(days: int) -> None:
    world = World()
    fault = reported(world)
    with pytest.raises(RuleBroken, match="ready_on"):
        actions.promise(
            actor=world.supplier_actor, fault=fault, way="repair", ready_on=clock.today() + timedelta(days=days)
        )


@pytest.mark.django_db
def test_other_desks__see_and_do_nothing() -> None:
    world, other = World(), World(place=make.district("310000001"))
    fault = reported(world)
    for stranger in (other.actor, other.supplier_actor, other.officer):
        with pytest.raises(NotAllowed):
            actions.withdraw_fault(actor=stranger, fault=fault)
        with pytest.raises(NotAllowed):
            actions.promise(actor=stranger, fault=fault, way="repair", ready_on=clock.today())
    client = world.client(other.supplier_actor)
    assert client.get(f"/supply/faults/{fault.number}").status_code == 404
    assert world.client(other.actor).get(f"/faults/{fault.number}").status_code == 404
    assert world.client(other.officer).get(f"/office/things/{world.person.pk}").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_word_and_word_against_it__one_of_them_counts() -> None:
    with clock.at(make.MORNING):
        world = make.Shop()
        fault = handed_back(world)
    results: list[Any] = list(
        at_once(
            lambda: actions.confirm_repair(actor=world.actor, fault=fault),
            lambda: actions.not_mended(actor=world.actor, fault=fault, words="Torn."),
        )
    )
    assert sorted(isinstance(one, StaleState | Busy) for one in results) == [False, True], results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_thing_at_once__are_one_fault() -> None:
    with clock.at(make.MORNING):
        world = make.Shop()
        item = held(world)
        drafts = [fault_draft(world, item), fault_draft(world, item)]
    jobs = [partial(actions.report_fault, actor=world.actor, draft_key=one.pk) for one in drafts]
    results = at_once(*jobs)
    assert sorted(isinstance(one, RuleBroken | Busy) for one in results) == [False, True], results
    assert Fault.objects.count() == 1


@pytest.mark.django_db
def test_officer__answers_for_the_person_who_is_told_and_never_for_somebody_close() -> None:
    world = World()
    fault = handed_back(world)
    actions.confirm_repair(actor=world.officer, fault=fault)
    effects.run()
    told = Notice.objects.filter(user_id=world.actor.account, template="fault.answered_at_office")
    assert [one.context["what"] for one in told] == ["confirm"]
    with translation.override("en"):
        [words] = render_many("fault.answered_at_office", [told[0].context])
    assert "Answer: it works." in words.body
    # who answers at home is told nothing of it
    again = handed_back(world)
    actions.confirm_repair(actor=world.actor, fault=again)
    effects.run()
    assert told.count() == 1
    third = handed_back(world)
    close = replace(world.officer, person_id=world.person.pk)
    for verb, given in (
        (actions.confirm_repair, {}),
        (actions.not_mended, {"words": "It still squeaks."}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor=close, fault=third, **given)
