"""What the local body has bought is a thing of the person: warranty, faults, harm, recall, parts."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from django.utils import translation
from tests import factories as make
from tests.aftercare.declared import fault_draft, harm_draft
from tests.kit import pages
from tests.kit.sign_in import for_years
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.kit.world import World
from tests.parts.declared import listed
from tests.procurement import declared as given

from tirek.aftercare import actions as aftercare
from tirek.aftercare.models import Harm, Telling
from tirek.core import clock
from tirek.core.case.deadlines import add_months
from tirek.core.errors import Busy, NotAllowed, RuleBroken
from tirek.notices.models import Notice
from tirek.orders.actions import keeping
from tirek.orders.models import Item, Make, Stop
from tirek.organisations.models import Organisation
from tirek.parts import actions as parts
from tirek.parts import queries as parts_queries
from tirek.parts.draft_forms import ASKING
from tirek.people.models import Person
from tirek.procurement import actions
from tirek.procurement.models import Purchase
from tirek.procurement.signing import RECEIPT


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        yield World()


def _received(world: make.Shop, who: Person | None = None, supplier: make.Shop | None = None, n: int = 1) -> Item:
    """A bought thing that was received; of a supplier of the portal, where one is told."""
    purchase = given.needed(world, fitted=False, who=who)
    if supplier is not None:
        Organisation.objects.filter(pk=supplier.supplier.organisation_id).update(bin=given.BIN)
    given.concluded(world, given.announced(world, purchase))
    purchase.refresh_from_db()
    purchase = actions.hand_over(actor=make.officer(world.place), purchase=purchase, numbers=f"SN-{n}")
    clerk = make.officer(world.place)
    actions.receive(actor=clerk, purchase=purchase, signature_id=RECEIPT.on_paper(clerk, purchase).pk)
    return Item.objects.get(case_id=purchase.pk)


@pytest.mark.django_db
def test_bought_thing__stands_among_ones_things_and_its_faults_go_to_the_body_that_bought_it(world: World) -> None:
    item = _received(world, world.person)
    assert (item.number, item.received_on) == ("SN1", clock.today())
    assert item.warranty_until == add_months(clock.today(), 24)
    assert (item.maker, item.organisation_id, item.line_id) == ("orto pro", None, item.line_id)
    person = world.client(world.actor)
    mine = pages.text(person, "/my-things")
    for words in ("Orto Pro, Motus 2", "Serial number SN1", "Warranty until", "Report a fault"):
        assert words in mine
    fault = aftercare.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    assert (fault.organisation_id, fault.in_warranty) == (None, True)
    clerk = make.officer(world.place)
    assert Notice.objects.filter(template="fault.new_for_supplier").exists()
    with pytest.raises(NotAllowed):
        aftercare.promise(actor=world.supplier_actor, fault=fault, way="exchange", ready_on=clock.today())
    office = world.client(clerk)
    assert fault.number in pages.text(office, "/office/bought-faults-waiting")
    sent = {"promise-way": "exchange"} | {
        f"promise-ready_on_{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")
    }
    assert office.post(f"/office/faults/{fault.number}/promise", sent).status_code == 302
    fault.refresh_from_db()
    fault = aftercare.hand_back(actor=clerk, fault=fault, numbers="SN-9")
    fault = aftercare.confirm_repair(actor=world.actor, fault=fault)
    new = Item.objects.get(ended_on__isnull=True)
    assert (new.number, new.warranty_until, new.case_id, new.received_on) == (
        "SN9",
        item.warranty_until,
        item.case_id,
        item.received_on,
    )
    assert "Who answers for it" in pages.text(person, f"/faults/{fault.number}")


@pytest.mark.django_db
def test_bought_thing__of_a_supplier_of_the_portal_is_answered_and_served_with_parts_by_it(world: World) -> None:
    item = _received(world, world.person, supplier=world)
    assert item.organisation_id == world.supplier.organisation_id
    fault = aftercare.report_fault(actor=world.actor, draft_key=fault_draft(world, item).pk)
    aftercare.promise(actor=world.supplier_actor, fault=fault, way="repair", ready_on=clock.today())
    part = listed(world)
    assert not parts_queries.fitting(item).exists()
    choice = f"make:{item.make_id}"
    assert choice in dict(parts_queries.may_fit(part))
    parts.add_fits(actor=world.supplier_actor, part=part, fits=[choice])
    parts.add_fits(actor=world.supplier_actor, part=part, fits=[choice])
    item = parts_queries.rows_of_things().get(pk=item.pk)
    assert list(parts_queries.fitting(item)) == [part]
    assert parts_queries.counts([item]) == {item.pk: 1}
    assert parts_queries.anew_on(item) == add_months(clock.today(), 24)
    values = {"item": str(item.pk), "part": str(part.pk), "quantity": "1", "address": "Абай 1", "phone": "+77010000001"}
    draft = ASKING.begin(world.actor, values | {"comment": ""}, subject_id=item.person_id)
    order = parts.ask_for_part(actor=world.actor, draft_key=draft.pk)
    assert order.organisation_id == item.organisation_id
    seller = world.client(world.supplier_actor)
    assert "Orto Pro, Motus 2" in pages.text(seller, "/supply/parts/find?number=sn-1")
    assert item.case_number in pages.text(seller, f"/supply/part-orders/{order.number}")
    other = World(place=make.district("310000001"))
    with pytest.raises(RuleBroken, match="fits"):
        parts.add_fits(actor=other.supplier_actor, part=listed(other), fits=[choice])


@pytest.mark.django_db
def test_harm_by_a_bought_thing__keeps_its_maker_and_model_back_and_tells_who_has_one(world: World) -> None:
    mine, other = _received(world, world.person), _received(world, n=2)
    waits = given.contracted(world, fitted=False)
    harm = aftercare.report_harm(actor=world.actor, draft_key=harm_draft(world, mine).pk)
    assert (harm.stop.by, harm.stop.make, harm.organisation_id) == (Stop.By.MAKE, Make.objects.get(), None)
    clerk = make.officer(world.place)
    with pytest.raises(RuleBroken, match="numbers"):
        actions.hand_over(actor=clerk, purchase=waits, numbers="SN-3", maker=" ORTO  pro", model="motus 2")
    actions.hand_over(actor=clerk, purchase=waits, numbers="SN-3", maker="Orto Pro", model="Motus 3")
    while aftercare.tell_holders():
        pass
    told = Notice.objects.get(template="harm.stop_using_thing")
    assert (told.user_id, told.context["maker"]) == (other.person.user_id, "Orto Pro")
    page = for_years(world.actor)
    purchase = Purchase.objects.get(pk=mine.case_id)
    assert "they are not to be used" in pages.text(page, f"/purchases/{purchase.number}")
    region = given.region_of(world)
    harm = aftercare.recall_batch(actor=region, harm=harm, reasons="It burns.")
    while aftercare.tell_holders():
        pass
    assert Notice.objects.filter(template="harm.recalled_bought", user_id=other.person.user_id).exists()
    aftercare.bring_back(actor=region, harm=harm, item=str(other.pk))
    other.refresh_from_db()
    assert other.ended_because == "recalled"


@pytest.mark.django_db
def test_goods_of_a_purchase__end_with_a_refusal_and_their_maker_is_asked_for(world: World) -> None:
    purchase = given.handed_over(world)
    clerk = make.officer(world.place)
    purchase = actions.refuse(actor=clerk, purchase=purchase, words="It is torn.")
    first = Item.objects.get()
    assert (first.ended_because, first.warranty_until) == ("refused", None)
    purchase = actions.hand_over(actor=clerk, purchase=purchase, numbers="S-0", maker="Другой", warranty_months=6)
    again = Item.objects.get(ended_on__isnull=True)
    assert (again.make.maker, again.make.model, again.warranty_months) == ("Другой", "", 6)
    actions.cancel_purchase(actor=clerk, purchase=purchase, reason="mistake", words="Wrong person.")
    again.refresh_from_db()
    assert again.ended_because == "taken_back"
    unnamed = given.needed(world, fitted=False)
    given.concluded(world, given.announced(world, unnamed), maker="", model="", price=Decimal(1))
    unnamed.refresh_from_db()
    with pytest.raises(RuleBroken, match="maker"):
        actions.hand_over(actor=clerk, purchase=unnamed, numbers="S-5")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_hold_against_hand_over_of_a_purchase__it_is_kept_back_or_its_receiver_is_told() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        mine = _received(shop, shop.person)
        waits, clerk = given.contracted(shop, fitted=False), make.officer(shop.place)
        draft = harm_draft(shop, mine)
    with (
        meeting(keeping, "_stop", seconds=KEPT_OUT),
        meeting(keeping, "keep_items", seconds=KEPT_OUT, before=True),
    ):
        handed, reported = at_once(
            partial(actions.hand_over, actor=clerk, purchase=waits, numbers="SN-2"),
            partial(aftercare.report_harm, actor=shop.actor, draft_key=draft.pk),
        )
    assert isinstance(reported, Harm), reported
    with clock.at(make.MORNING):
        while aftercare.tell_holders():
            pass
    gone_through = Telling.objects.get().told
    waits.refresh_from_db()
    if isinstance(handed, RuleBroken | Busy):
        assert (waits.state, gone_through) == (Purchase.State.CONTRACTED, 1)
    else:
        assert (waits.state, gone_through) == (Purchase.State.HANDED_OVER, 2)
