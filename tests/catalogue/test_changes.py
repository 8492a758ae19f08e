"""A change of an offer on sale: its difference is shown first, what is safe holds at once, the rest waits beside it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.catalogue.offering import SIZE, admitted, photo, region_of, sent
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.catalogue.actions import take_stock
from tirek.catalogue.actions.admissions import admit_offer, pass_on, refuse_offer, return_offer, send_offer, take_back
from tirek.catalogue.actions.changes import change_card, change_size, drop_photo, drop_proposal
from tirek.catalogue.actions.offers import archive_offer, block_offer, take_off, write_card
from tirek.catalogue.changes import open_proposal, per_cent
from tirek.catalogue.models import Admission, Offer, Variant
from tirek.catalogue.rules import StockAndPrice
from tirek.core import clock, reference
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.reference import Status, Unit
from tirek.core.reference.values import ReferenceValue
from tirek.notices.models import Notice

pytestmark = pytest.mark.django_db
State = Offer.State


def _page(offer: Offer) -> str:
    return reverse("catalogue:supplier-card", args=[offer.pk])


def _terms(offer: Offer, **changed: str) -> dict[str, str]:
    stands = {"maker": offer.maker, "country": offer.country, "delivery_days": "7", "warranty_months": "12"}
    return stands | changed


def _at_commission(world: World, offer: Offer) -> Admission:
    return pass_on(actor=region_of(world), admission=send_offer(actor=world.supplier_actor, offer=offer))


def _admit(world: World, case: Admission) -> None:
    admit_offer(actor=region_of(world), admission=case, conclusion_number="9", conclusion_on=clock.today())


def _row(html: str, name: str) -> str:
    """The row of a difference, as text."""
    return next((row for row in html.split("<tr>") if f">{name}<" in row), "")


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return world.client(world.supplier_actor)


def test_change__shows_its_difference_before_anything_is_saved(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        asked = seller.post(f"{_page(offer)}/part/terms", _terms(offer, delivery_days="4", maker="Altai"))
        html = asked.content.decode()
        assert asked.status_code == 200
        assert all(told in _row(html, "Days to deliver") for told in ("7", "4", "right away, for new orders"))
        assert all(told in _row(html, "Maker") for told in ("Ertis", "Altai", "after the admission"))
        offer.refresh_from_db()
        assert (offer.delivery_days, offer.maker) == (7, "Ertis")
        assert open_proposal(offer) is None
        again = seller.post(f"{_page(offer)}/part/terms", _terms(offer, maker="Altai") | {"step": "edit"})
        assert 'value="Altai"' in again.content.decode(), "what was typed comes back"


def test_safe_field__holds_at_once_and_the_other_waits_beside_the_card(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        before = make.version_of(offer)
        sent = _terms(offer, delivery_days="4", maker="Altai") | {"step": "do"}
        assert seller.post(f"{_page(offer)}/part/terms", sent).status_code == 302
        offer.refresh_from_db()
        assert (offer.delivery_days, offer.maker, offer.state) == (4, "Ertis", State.ACTIVE)
        now = make.version_of(offer)
        assert (now.delivery_days, now.n, now.price) == (4, before.n + 1, before.price)
        before.refresh_from_db()
        assert before.delivery_days == 7, "orders keep the version they were placed on"
        assert "Altai" in pages.text(seller, _page(offer))
        assert seller.post(f"{_page(offer)}/send").status_code == 302
        case = Admission.objects.get(offer=offer, proposal__isnull=False)
        officer = signed_in(region_of(world))
        row = _row(officer.get(f"/office/admissions/{case.number}").content.decode(), "Maker")
        assert all(told in row for told in ("Ertis", "Altai")), "the officer sees the same difference"
        assert Notice.objects.filter(template="admission.change").exists()
        pass_on(actor=region_of(world), admission=case)
        _admit(world, case)
        offer.refresh_from_db()
        assert (offer.maker, offer.state) == ("Altai", State.ACTIVE)
        told = officer.get(f"/office/admissions/{case.number}").content.decode()
        assert "Ertis" in _row(told, "Maker"), "what stood there is kept"


def test_list_of_safe_fields__is_reference_data(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        ReferenceValue.objects.filter(key="offer.change.delivery_days").update(value="admission")
        reference.forget()
        try:
            change_card(actor=world.supplier_actor, offer=offer, given={"delivery_days": 4})
            offer.refresh_from_db()
            assert offer.delivery_days == 7
            proposal = open_proposal(offer)
            assert proposal is not None
            assert proposal.card == {"delivery_days": 4}
        finally:
            ReferenceValue.objects.filter(key="offer.change.delivery_days").update(value="at_once")
            reference.forget()
        assert (
            reference.value("offer.change.maker", at=clock.today()).status,
            reference.value("offer.change.maker", at=clock.today()).unit,
        ) == (Status.DEMO, Unit.TEXT)


def _set(group: str, text: str) -> None:
    ReferenceValue.objects.filter(key=f"offer.change.{group}").update(value=text)
    reference.forget()


def test_sizes__hold_at_once_and_stock_waits_where_the_reference_data_say_so(world: World) -> None:
    with clock.at(make.MORNING):
        offer, actor = admitted(world), world.supplier_actor
        variant = offer.variants.get()
        _set("sizes", "at_once")
        _set("stock", "admission")
        try:
            wider = replace(SIZE, parameters={"waist_min_cm": 70, "waist_max_cm": 130}, stock=7)
            change_size(actor=actor, offer=offer, card=wider, variant=variant)
            change_size(actor=actor, offer=offer, card=replace(SIZE, label="XL"), variant=None)
        finally:
            _set("sizes", "admission")
            _set("stock", "at_once")
        sizes = {one.label: one for one in offer.variants.select_related("current")}
        assert set(sizes) == {"M", "XL"}
        current = sizes["M"].current
        assert current is not None
        assert (current.parameters["waist_max_cm"], sizes["M"].stock) == (130, 40)
        _admit(world, _at_commission(world, offer))
        assert offer.variants.get(label="M").stock == 7


def test_size__price_holds_at_once_parameters_and_new_sizes_wait(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        variant = offer.variants.get()
        typed = {"label": "M", "price": "207", "stock": "40", "p-waist_min_cm": "70", "p-waist_max_cm": "120"}
        html = seller.post(f"{_page(offer)}/sizes/{variant.pk}", typed | {"p-type": "tabs"}).content.decode()
        assert "+15" in _row(html, "M: Price of one")
        assert all(told in _row(html, "M: Waist") or told in html for told in ("110", "120"))
        seller.post(f"{_page(offer)}/sizes/{variant.pk}", typed | {"p-type": "tabs", "step": "do"})
        now = make.version_of(offer)
        assert (now.price, now.parameters["waist_max_cm"]) == (Decimal(207), 110)
        card = replace(SIZE, label="XL", price=Decimal(300))
        change_size(actor=world.supplier_actor, offer=offer, card=card, variant=None)
        assert offer.variants.count() == 1
        _admit(world, _at_commission(world, offer))
        sizes = {one.label: one.current for one in offer.variants.select_related("current")}
        assert set(sizes) == {"M", "XL"}
        assert sizes["M"] is not None
        assert (sizes["M"].price, sizes["M"].parameters["waist_max_cm"]) == (Decimal(207), 120)


def test_change_before_the_commission__can_be_neither_changed_nor_sent_twice(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        change_card(actor=world.supplier_actor, offer=offer, given={"maker": "Altai"})
        case = send_offer(actor=world.supplier_actor, offer=offer)
        actor = world.supplier_actor
        with pytest.raises(RuleBroken):
            change_card(actor=actor, offer=offer, given={"maker": "Other"})
        with pytest.raises(RuleBroken):
            send_offer(actor=actor, offer=offer)
        with pytest.raises(RuleBroken):
            archive_offer(actor=actor, offer=offer)
        with pytest.raises(RuleBroken):
            photo(offer, actor)
        change_card(actor=actor, offer=offer, given={"delivery_days": 3})
        take_back(actor=actor, admission=case)
        change_card(actor=actor, offer=offer, given={"maker": "Other"})
        drop_proposal(actor=actor, offer=offer)
        offer.refresh_from_db()
        assert (offer.maker, offer.delivery_days, offer.state) == ("Ertis", 3, State.ACTIVE)
        assert open_proposal(offer) is None


def test_change__that_is_refused_or_returned_leaves_the_card_as_it_is(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        change_card(actor=world.supplier_actor, offer=offer, given={"maker": "Altai"})
        return_offer(actor=region_of(world), admission=_at_commission(world, offer), reason="Which Altai?")
        assert open_proposal(offer) is not None, "it is corrected and sent again"
        case = _at_commission(world, offer)
        refuse_offer(
            actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today(), reason="No"
        )
        offer.refresh_from_db()
        assert (offer.maker, offer.state) == ("Ertis", State.ACTIVE)
        assert open_proposal(offer) is None
        assert list(offer.events.order_by("at", "id").values_list("what", flat=True))[-4:] == [
            "ch_sent",
            "ch_return",
            "ch_sent",
            "ch_refuse",
        ]


def test_photo_of_an_offer_on_sale__is_seen_after_its_admission(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        photo(offer, world.supplier_actor)
        offer.refresh_from_db()
        assert offer.shown_photos == []
        _admit(world, _at_commission(world, offer))
        offer.refresh_from_db()
        assert [one["ru"] for one in offer.shown_photos] == ["Синяя коляска"]


def test_new_photo__stands_beside_those_that_people_see(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        old = photo(offer, world.supplier_actor)
        _admit(world, _at_commission(world, offer))
        assert "photos-beside" not in pages.open_page(seller, _page(offer)).html
        new = photo(offer, world.supplier_actor)
        case = _at_commission(world, offer)
        region = world.client(region_of(world))
        for page in (seller.get(_page(offer)), region.get(f"/office/admissions/{case.number}")):
            now, to_be = page.content.decode().partition("photos-beside")[2].split("<div>")[1:3]
            addresses = [reverse("catalogue:photo", args=[one.pk]) for one in (old, new)]
            assert (addresses[0] in now, addresses[1] in now) == (True, False)
            assert addresses[1] in to_be.partition("</div>")[0]


def test_new_photo__before_the_commission_is_not_taken_away(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        new = photo(offer, world.supplier_actor)
        _at_commission(world, offer)
        with pytest.raises(RuleBroken) as refused:
            drop_photo(actor=world.supplier_actor, offer=offer, photo=new)
        assert refused.value.code == "under_way"
        new.refresh_from_db()
        assert new.withdrawn_at is None


def test_what_people_see__cannot_be_emptied(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        refused = seller.post(f"{_page(offer)}/part/terms", _terms(offer, maker="") | {"step": "do"})
        assert refused.status_code == 422
        assert "cannot be left empty" in pages.read(refused).main


def test_change_of_another_supplier__is_not_allowed(world: World) -> None:
    with clock.at(make.MORNING):
        offer, stranger = admitted(world), make.supplier_actor(make.supplier())
        with pytest.raises(NotAllowed):
            change_card(actor=stranger, offer=offer, given={"maker": "x"})
        with pytest.raises(NotAllowed):
            change_size(actor=stranger, offer=offer, card=SIZE, variant=None)


def test_admitted_change__of_a_blocked_offer_stays_blocked(world: World) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        change_card(actor=world.supplier_actor, offer=offer, given={"maker": "Altai"})
        case = _at_commission(world, offer)
        block_offer(actor=region_of(world), offer=offer, reason="Order 3")
        _admit(world, case)
        offer.refresh_from_db()
        assert (offer.maker, offer.state) == ("Altai", State.BLOCKED)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(200, 225, "+12,5"), (200, 150, "−25"), (200, 200, "0"), (3, 4, "+33,3"), (0, 5, "")],
)
def test_per_cent__says_by_how_much_a_price_changes(before: int, after: int, told: str) -> None:
    assert per_cent(Decimal(before), Decimal(after)) == (f"{told}\u00a0%" if told else "")


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once__admit_a_change_once() -> None:
    with clock.at(make.MORNING):
        world = World()
        offer = admitted(world)
        change_size(actor=world.supplier_actor, offer=offer, card=replace(SIZE, label="XL"), variant=None)
        case = _at_commission(world, offer)
    results = at_once(lambda: _admit(world, case), lambda: _admit(world, case))
    assert len([one for one in results if isinstance(one, StaleState)]) == 1
    assert Variant.objects.filter(offer=offer, label="XL").count() == 1


def test_size__changed_on_a_page_of_before_overwrites_no_stock_that_was_sold_meanwhile(
    world: World, seller: Client
) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        size = offer.variants.get()
        address = f"{_page(offer)}/sizes/{size.pk}"
        assert pages.open_page(seller, address).html.count('name="shown_stock"') == 1
        shown = StockAndPrice(40, Decimal(180))
        take_stock(size.pk, 4)
        card = replace(SIZE, price=Decimal(200))
        change_size(actor=world.supplier_actor, offer=offer, card=card, variant=size, shown=shown)
        size = offer.variants.select_related("current").get()
        assert (size.stock, size.current.price if size.current else None) == (36, Decimal(200))
        with pytest.raises(RuleBroken) as refused:
            change_size(
                actor=world.supplier_actor, offer=offer, card=replace(card, stock=50), variant=size, shown=shown
            )
        assert refused.value.code == "stock_moved"
        assert offer.variants.get().stock == 36


def test_size__gets_no_label_that_another_one_has_or_is_to_have(world: World) -> None:
    with clock.at(make.MORNING):
        offer, actor = admitted(world), world.supplier_actor
        size = offer.variants.get()
        change_size(actor=actor, offer=offer, card=replace(SIZE, label="L"), variant=None)
        with pytest.raises(RuleBroken) as refused:
            change_size(actor=actor, offer=offer, card=replace(SIZE, label="L"), variant=size)
        assert refused.value.code == "label"
        _admit(world, _at_commission(world, offer))
        take_off(actor=actor, offer=offer, variant=offer.variants.get(label="L"))
        with pytest.raises(RuleBroken) as refused:
            change_size(actor=actor, offer=offer, card=replace(SIZE, label="L"), variant=size)
        assert refused.value.code == "label", "the commission could not admit it"
        change_size(actor=actor, offer=offer, card=replace(SIZE, label="L"), variant=None)
        _admit(world, _at_commission(world, offer))
        assert sorted(offer.variants.filter(active=True).values_list("label", flat=True)) == ["L", "M"]


def test_office__reads_no_draft_and_no_change_that_was_not_sent(world: World) -> None:
    with clock.at(make.MORNING):
        case = sent(world)
        take_back(actor=world.supplier_actor, admission=case)
        offer = Offer.objects.get(pk=case.offer_id)
        write_card(actor=world.supplier_actor, offer=offer, given={"maker": "Not for others"})
        clerk = signed_in(region_of(world))
        assert "Not for others" not in pages.open_page(clerk, f"/office/admissions/{case.number}").main
        sold = admitted(world)
        shot = photo(sold, world.supplier_actor)
        address = reverse("catalogue:photo", args=[shot.pk])
        assert str(shot.pk) not in pages.open_page(clerk, f"/office/cards/{sold.pk}").html
        assert clerk.get(address).status_code == 404
        assert signed_in(world.supplier_actor).get(address).status_code == 200
        _at_commission(world, sold)
        assert clerk.get(address).status_code == 200


# --- what nobody wrote in English


def test_english__follows_the_russian_until_somebody_writes_it(world: World) -> None:
    offer, actor = world.offer, world.supplier_actor
    Offer.objects.filter(pk=offer.pk).update(name_ru="Трость", name_en="Трость")
    client, address = signed_in(actor), reverse("catalogue:supplier-card-part", args=[offer.pk, "words"])
    page = client.get(address).content.decode()
    assert 'name="name_en" value="' not in page
    assert "In English –" in pages.text(client, _page(offer))
    words = {name: getattr(offer, name) for name in ("name_kk", "description_kk", "description_ru", "description_en")}
    client.post(address, words | {"name_ru": "Трость опорная", "name_en": "", "step": "do"})
    offer.refresh_from_db()
    proposed = open_proposal(offer)
    assert proposed is not None
    assert (proposed.card["name_ru"], proposed.card["name_en"]) == ("Трость опорная", "Трость опорная")
    assert "description_en" not in proposed.card
    client.post(address, words | {"name_ru": "Трость", "name_en": "A cane", "step": "do"})
    proposed.refresh_from_db()
    assert proposed.card == {"name_en": "A cane"}
