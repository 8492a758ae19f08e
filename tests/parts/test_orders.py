"""An order of a part from the thing's page to the receipt, and each way beside it; who pays; races."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests import factories as make
from tests.aftercare.declared import held, region_of
from tests.kit import pages
from tests.kit.sign_in import for_years
from tests.kit.together import at_once
from tests.kit.world import World
from tests.parts.declared import accepted, ask_draft, asked, given, listed, sent

from tirek.catalogue.models import Variant
from tirek.core import clock
from tirek.core.case import effects
from tirek.core.case.workflow import sweep
from tirek.core.errors import Busy, NotFound, RuleBroken, StaleState
from tirek.entitlements.models import LedgerEntry
from tirek.orders.models import Item
from tirek.parts import actions, queries
from tirek.parts.draft_forms import ASKING
from tirek.parts.models import Part, PartFit, PartOrder
from tirek.people.signing import NotOfAge
from tirek.suppliers.models import Supplier

State = PartOrder.State
ANSWER = {"quantity": "2", "address": "Абай көшесі 1", "phone": "+7 701 123 45 67", "comment": "Ring twice."}


def _stock(part: Part) -> int:
    return Part.objects.get(pk=part.pk).stock


@pytest.mark.django_db
def test_part__is_found_at_the_thing_ordered_promised_sent_and_received_over_the_pages() -> None:
    world = World()
    person, seller, officer = (world.client(one) for one in (world.actor, world.supplier_actor, world.officer))
    item, part = held(world), listed(world)
    ledger = LedgerEntry.objects.count()
    things = pages.open_page(person, "/my-things")
    assert "Spare parts and accessories (1)" in things.main
    found = person.get("/my-things/find?number=l 204")
    assert found.headers["Location"] == f"/my-things/{item.pk}/parts"
    page = pages.open_page(person, found.headers["Location"])
    assert "1 500 ₸ for one." in page.main.replace("\u00a0", " ")
    assert "after the warranty the recipient pays for a part" in page.main
    form = person.post(reverse("parts:ask-begin"), {"item": str(item.pk), "part": str(part.pk)}).headers["Location"]
    step = person.get(form).headers["Location"]
    # where the thing itself was brought is proposed
    assert "Абай көшесі" in pages.open_page(person, step).html
    missing = person.post(step, ANSWER | {"quantity": "0"})
    assert (missing.status_code, len(pages.read(missing).errors)) == (422, 1)
    check = person.post(step, ANSWER).headers["Location"]
    assert "To pay: 3 000 ₸" in pages.text(person, check).replace("\u00a0", " ")
    wrong = person.post(f"{form}/submit", {"seen_amount": "1"})
    assert (wrong.status_code, PartOrder.objects.count()) == (422, 0)
    sent_twice = [person.post(f"{form}/submit", {"seen_amount": "3000.00"}).headers["Location"] for _press in range(2)]
    assert sent_twice[0] == sent_twice[1]
    order = PartOrder.objects.get()
    assert (order.person_part, order.payer, _stock(part)) == (Decimal(3000), "person", 8)
    # the same part of the same thing waits already, and nothing of the programme was touched
    assert "what happens now" in pages.text(person, f"/my-things/{item.pk}/parts")
    assert LedgerEntry.objects.count() == ledger
    assert f"A part was ordered: {order.number}" in pages.text(seller, "/notices")
    assert order.number in pages.text(seller, "/supply/parts-waiting")
    supply, mine = f"/supply/part-orders/{order.number}", f"/part-orders/{order.number}"
    late = clock.today() + timedelta(days=part.delivery_days + 1)
    for day, status in ((late, 422), (clock.today(), 302)):
        answer = {f"accept-ready_on_{name}": getattr(day, name) for name in ("day", "month", "year")}
        assert seller.post(f"{supply}/accept", answer).status_code == status
    assert seller.post(f"{supply}/send", {"send-note": "By post, RR1."}).status_code == 302
    assert "By post, RR1." in pages.text(person, mine)
    assert order.number in pages.text(person, "/home")
    assert person.post(f"{mine}/confirm").status_code == 302
    make.came(world.officer, world.person)
    assert "received" in pages.text(officer, f"/office/part-orders/{order.number}").lower()
    order.refresh_from_db()
    assert (order.state, _stock(part)) == (State.RECEIVED, 8)


@pytest.mark.django_db
@pytest.mark.mission("S2.16")
def test_who_pays__is_the_warranty_then_the_person_then_the_thing_is_ordered_anew() -> None:
    world = World(kind_code="SM-01", quantity=4, months=48)
    item, part = held(world, "WC-1", 1), listed(world, is_covered=True)
    Item.objects.filter(pk=item.pk).update(warranty_until=clock.today())
    order = asked(world, item=item, part=part)
    assert (order.payer, order.person_part) == ("warranty", 0)
    assert "free of charge" in pages.text(world.client(world.supplier_actor), f"/supply/part-orders/{order.number}")
    actions.cancel_part(actor=world.actor, order=order)
    person = for_years(world.actor)
    with clock.at(clock.now() + timedelta(days=1)):
        assert asked(world, item=item, part=part).person_part == part.current.price  # type: ignore[union-attr]
    with clock.at(clock.now() + timedelta(days=365 * 4 + 30)):
        assert "the thing itself can be ordered anew" in pages.text(person, f"/my-things/{item.pk}/parts")
        with pytest.raises(RuleBroken, match="anew"):
            asked(world, item=item, part=listed(world))


@pytest.mark.django_db
def test_thing__is_found_by_its_number_by_who_holds_it_and_who_handed_it_over_and_nobody_else() -> None:
    world, other = World(kind_code="SM-01", quantity=4), World(place=make.district("310000001"), kind_code="SM-01")
    item, part = held(world, "WC-77", 1), listed(world)
    person, stranger = world.client(world.actor), other.client(other.actor)
    assert person.get("/my-things/find?number=wc77").headers["Location"] == f"/my-things/{item.pk}/parts"
    for client, address in (
        (stranger, "/my-things/find"),
        (other.client(other.supplier_actor), "/supply/parts/find"),
    ):
        nothing = pages.text(client, f"{address}?number=WC-77")
        assert "Nothing has this number" in nothing
        assert "A serial number is on the thing itself" in nothing
    own = pages.text(world.client(world.supplier_actor), "/supply/parts/find?number=WC-77")
    assert part.article in own
    assert world.person.full_name not in own
    make.came(world.officer, world.person)
    officer = world.client(world.officer)
    found = officer.get(f"/office/things/{world.person.pk}/find?number=WC-77")
    assert found.headers["Location"] == f"/office/thing/{item.pk}/parts"
    assert stranger.get(f"/my-things/{item.pk}/parts").status_code == 404
    assert other.client(other.officer).get(f"/office/thing/{item.pk}/parts").status_code in {302, 404}
    # a batch that came twice is told apart by the day; what was given back is said so
    held(world, "WC-78", 1)
    Item.objects.filter(number="WC78").update(
        number="WC77", batch=None, ended_on=clock.today(), ended_because="refused"
    )
    assert person.get("/my-things/find?number=WC-77").status_code == 302
    Item.objects.filter(pk=item.pk).update(ended_on=clock.today(), ended_because="exchanged")
    assert "Exchanged for other goods" in pages.text(person, "/my-things/find?number=WC-77")


@pytest.mark.django_db
def test_part__is_ordered_for_ones_own_received_thing_of_the_size_that_it_fits() -> None:
    world = World()
    item, part = held(world), listed(world)
    # an officer sees both people: the thing still has to be that of the person whom the order is for
    other = make.person(place=world.place)
    draft = ASKING.begin(world.officer, ask_draft(world, item, part).values(), subject_id=other.pk)
    make.came(world.officer, world.person)
    make.came(world.officer, other)
    with pytest.raises(NotFound):
        actions.ask_for_part(actor=world.officer, draft_key=draft.pk)
    own_size = item.delivery.order.version_of_offer.variant_id
    another = Variant.objects.create(offer=world.offer, label="XXL", stock=1)
    assert another.pk != own_size
    PartFit.objects.filter(part=part).update(variant=another)
    assert not queries.fitting(item).exists()
    assert queries.counts([item]) == {}
    PartFit.objects.filter(part=part).update(variant=own_size)
    assert list(queries.fitting(item)) == [part]
    Item.objects.filter(pk=item.pk).update(received_on=None)
    with pytest.raises(RuleBroken, match="not_received"):
        asked(world, item=item, part=part)
    assert not PartOrder.objects.exists()


@pytest.mark.django_db
def test_order_of_a_part__is_refused_where_it_does_not_hold_any_more() -> None:
    world, other = World(), World(place=make.district("310000001"))
    item, part = held(world), listed(world, stock=1)
    with pytest.raises(NotFound):
        actions.ask_for_part(actor=other.actor, draft_key=ask_draft(other, item, part, other.actor).pk)
    with pytest.raises(RuleBroken, match="gone"):
        asked(world, item=item, part=listed(other))
    with pytest.raises(RuleBroken, match="stock"):
        asked(world, item=item, part=part, quantity="2")
    asked(world, item=item, part=part)
    with pytest.raises(RuleBroken, match="open_already"):
        asked(world, item=item, part=part)
    ended = listed(world, sold_until=clock.today() - timedelta(days=1))
    assert queries.counts([item]) == {item.pk: 1}
    with pytest.raises(RuleBroken, match="gone"):
        asked(world, item=item, part=ended)


@pytest.mark.django_db
@pytest.mark.mission("S1.6")
def test_supplier_that_takes_no_orders__sells_no_parts_and_the_written_way_is_shown() -> None:
    world = World()
    item, part = held(world), listed(world)
    Supplier.objects.filter(pk=world.supplier.pk).update(suspended_since=clock.today(), suspension_basis="№ 7")
    page = pages.open_page(world.client(world.actor), f"/my-things/{item.pk}/parts")
    assert "Report a fault in writing instead" in page.main
    assert "Order this part" not in page.main
    with pytest.raises(RuleBroken, match="supplier_suspended"):
        asked(world, item=item, part=part)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "state", "told", "to_region", "stock"),
    [
        (asked, State.LAPSED, "the supplier did not answer", True, 10),
        (accepted, State.ACCEPTED, "the supplier is late with the part", True, 9),
        (sent, State.SENT, "did the part come?", False, 9),
    ],
)
def test_term_that_passes__is_told_and_confirms_nothing(
    made: Callable[..., PartOrder], state: str, told: str, to_region: bool, stock: int
) -> None:
    world = World()
    part = listed(world)
    order, person, region = made(world, part=part), for_years(world.actor), for_years(region_of(world))
    with clock.at(clock.now() + timedelta(days=30)):
        sweep()
        order.refresh_from_db()
        assert (order.state, _stock(part)) == (state, stock)
        assert told in pages.text(person, "/notices")
        assert (order.number in pages.text(region, "/notices")) is to_region


@pytest.mark.django_db
def test_decline__names_the_right_part_and_what_is_wrong_comes_again() -> None:
    world = World()
    item, part, right = held(world), listed(world), listed(world, name_en="Wide strap")
    order = asked(world, item=item, part=part)
    foreign = listed(World(place=make.district("310000001")))
    for instead in ("", str(foreign.pk)):
        with pytest.raises(RuleBroken, match="instead"):
            actions.decline_part(
                actor=world.supplier_actor, order=order, reason="other_part", instead=instead, words="Too narrow."
            )
    order = actions.decline_part(
        actor=world.supplier_actor, order=order, reason="other_part", instead=str(right.pk), words="Too narrow."
    )
    assert _stock(part) == 10
    page = pages.text(world.client(world.actor), f"/part-orders/{order.number}")
    assert "Wide strap" in page
    assert "Too narrow." in page
    again, region = sent(world, item=item, part=right), world.client(region_of(world))
    for times in (1, 2):
        with pytest.raises(RuleBroken, match="words"):
            actions.not_right(actor=world.actor, order=again, words=" ")
        again = actions.not_right(actor=world.actor, order=again, words="A black one came.")
        assert (again.state, again.came_wrong) == (State.ACCEPTED, times)
        assert ("was not right again" in pages.text(region, "/notices")) is (times == 2)
        again = actions.send_part(actor=world.supplier_actor, order=again)
    with pytest.raises(StaleState):
        actions.cancel_part(actor=world.actor, order=again)


@pytest.mark.django_db
def test_officer__orders_for_the_person_who_is_told() -> None:
    world = World()
    make.came(world.officer, world.person)
    draft = ask_draft(world, held(world), listed(world), world.officer)
    order = actions.ask_for_part(actor=world.officer, draft_key=draft.pk)
    effects.run()
    assert "the office wrote this down for you" in pages.text(world.client(world.actor), "/notices")
    assert "Cancel the order of the part" in pages.text(world.client(world.actor), f"/part-orders/{order.number}")


# --- races, with real threads


@pytest.mark.django_db(transaction=True)
def test_last_piece__is_ordered_by_one_of_two() -> None:
    world = World()
    part, first, second = listed(world, stock=1), held(world), held(world, "L-205")
    drafts = [ask_draft(world, item, part) for item in (first, second)]
    results = at_once(
        *[lambda key=draft.pk: actions.ask_for_part(actor=world.actor, draft_key=key) for draft in drafts]
    )
    assert sorted(isinstance(one, RuleBroken | Busy) for one in results) == [False, True], results
    assert (_stock(part), PartOrder.objects.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.mission("S0.5")
def test_press__twice_is_one_order_and_two_forms_of_one_part_are_one() -> None:
    world = World()
    part, item = listed(world), held(world)
    draft, other = ask_draft(world, item, part), ask_draft(world, item, part)
    results = at_once(
        *[lambda key=key: actions.ask_for_part(actor=world.actor, draft_key=key) for key in (draft.pk, draft.pk)]
    )
    assert {one.pk for one in results if isinstance(one, PartOrder)} == {PartOrder.objects.get().pk}
    with pytest.raises(RuleBroken, match="open_already"):
        actions.ask_for_part(actor=world.actor, draft_key=other.pk)
    assert _stock(part) == 9


@pytest.mark.django_db(transaction=True)
def test_price_that_changes_before_the_press__is_asked_again_and_nothing_is_lost() -> None:
    world = World()
    part, item = listed(world), held(world)
    draft = ask_draft(world, item, part)
    changed = given(article=part.article, price=Decimal(1600), seen_stock=part.stock)
    results = at_once(
        lambda: actions.keep_part(actor=world.supplier_actor, part=part, given=changed),
        lambda: actions.ask_for_part(actor=world.actor, draft_key=draft.pk, final={"seen_amount": "1500.00"}),
    )
    order = PartOrder.objects.first()
    if order is None:
        assert isinstance(results[1], RuleBroken)
        assert results[1].code == "amounts"
        order = actions.ask_for_part(actor=world.actor, draft_key=draft.pk, final={"seen_amount": "1600.00"})
        assert (order.person_part, order.price.n) == (Decimal(1600), 2)
    else:
        assert (order.person_part, order.price.n) == (Decimal(1500), 1)
    # the supplier typed the stock that it saw: what was ordered meanwhile stays ordered
    assert _stock(part) == 9
    assert (draft.values()["address"], PartFit.objects.count()) == ("Абай көшесі 1", 1)


@pytest.mark.django_db
def test_minor__orders_only_with_who_represents_the_child() -> None:
    world = World()
    item, part = held(world), listed(world)
    type(world.person).objects.filter(pk=world.person.pk).update(birth_date=clock.today() - timedelta(days=365 * 10))
    with pytest.raises(NotOfAge):
        asked(world, item=item, part=part)
