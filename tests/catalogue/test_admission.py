"""An offer from its supplier's first word to sale, over the pages of both desks; what may not be, and races."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests import factories as make
from tests.catalogue.offering import (
    SIZE,
    admitted,
    before_commission,
    complete_draft,
    empty_draft,
    region_of,
    sent,
    upload,
)
from tests.kit import pages
from tests.kit.sign_in import for_years, signed_in
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.catalogue import offers
from tirek.catalogue.actions import pause_offer, resume_offer
from tirek.catalogue.actions.admissions import admit_offer, refuse_offer, return_offer, send_offer, take_back
from tirek.catalogue.actions.offers import archive_offer, block_offer, lift_block, make_draft, write_card, write_size
from tirek.catalogue.models import Admission, Offer, OfferEvent
from tirek.catalogue.queries import offered_of, offers_of, variants_of_supplier
from tirek.core import clock
from tirek.core.case.workflow import sweep
from tirek.core.errors import DomainError, NotAllowed, NotFound, RuleBroken, StaleState
from tirek.orders.models import Order
from tirek.suppliers.actions import suspend_supplier

pytestmark = pytest.mark.django_db
State, What = Offer.State, OfferEvent.What


def _on_sale(world: World, offer: Offer) -> bool:
    rows = offers_of(world.kind, on=clock.today(), territory_code=world.place.code)
    return rows.filter(pk=offer.pk).exists()


def _done(offer: Offer) -> list[str]:
    return list(offer.events.order_by("at", "id").values_list("what", flat=True))


def test_offer__is_made_part_by_part_sent_admitted_and_then_seen_by_people() -> None:
    with clock.at(make.MORNING):
        world = World()
        supplier, officer = world.client(world.supplier_actor), signed_in(region_of(world))
        found = pages.text(supplier, reverse("catalogue:supplier-kind"))
        assert "Adult diapers" in found
        page = supplier.post(reverse("catalogue:supplier-begin"), {"kind": "GI-01"}).headers["Location"]
        assert "Name and description in Kazakh and Russian" in pages.text(supplier, page)
        early = supplier.post(f"{page}/send")
        assert early.status_code == 422
        words = {"name_kk": "Арба", "name_ru": "Коляска", "description_kk": "Жеңіл", "description_ru": "Лёгкая"}
        assert supplier.post(f"{page}/part/words", words).status_code == 302
        wrong = supplier.post(f"{page}/part/terms", {"maker": "Ertis", "country": "XX", "delivery_days": "7"})
        assert wrong.status_code == 422
        assert 'value="Ertis"' in pages.read(wrong).html, "what was typed stays"
        terms = {"maker": "Ertis", "country": "kz", "delivery_days": "7"}
        assert supplier.post(f"{page}/part/terms", terms).status_code == 302
        assert supplier.post(f"{page}/part/places", {"whole": ["100000000"]}).status_code == 302
        size = {"label": "M", "price": "180,50", "stock": "40", "p-waist_min_cm": "70", "p-type": "tabs"}
        assert supplier.post(f"{page}/sizes/new", size | {"price": "nought"}).status_code == 422
        assert supplier.post(f"{page}/sizes/new", size).status_code == 302
        twice = supplier.post(f"{page}/sizes/new", size)
        assert "label already" in pages.read(twice).main
        offer = Offer.objects.get(state=State.DRAFT)
        version = make.version_of(offer)
        assert (str(version.price), version.parameters) == ("180.50", {"waist_min_cm": 70, "type": "tabs"})
        assert (offer.name_en, offer.delivers_to) == ("Коляска", ["100000000"])
        unpapered = supplier.post(f"{page}/send")
        assert "document that it meets the classifier" in pages.read(unpapered).main
        paper = {"number": "7", "issued_on_day": "12", "issued_on_month": "1", "issued_on_year": "2026"}
        for sort in ("classifier", "origin"):
            answer = supplier.post(f"{page}/documents/new", paper | {"sort": sort, "file": upload()})
            assert answer.status_code == 302
        assert supplier.post(f"{page}/send").status_code == 302
        case = Admission.objects.get()
        assert f"New admission {case.number}" in pages.text(officer, "/notices")
        where = f"/office/admissions/{case.number}"
        assert "Check the card and the documents" in pages.text(officer, where)
        assert officer.post(f"{where}/pass_on").status_code == 302
        nothing = officer.post(f"{where}/admit", {"admit-conclusion_number": "", "admit-conclusion_on": ""})
        assert nothing.status_code == 422
        assert not _on_sale(world, offer)
        given = {"admit-conclusion_number": "17"} | dict(
            zip(
                ("admit-conclusion_on_day", "admit-conclusion_on_month", "admit-conclusion_on_year"),
                ["9", "11", "2026"],
                strict=True,
            )
        )
        assert officer.post(f"{where}/admit", given).status_code == 302
        offer.refresh_from_db()
        assert offer.state == State.ACTIVE
        assert _on_sale(world, offer)
        assert _done(offer) == ["made", "sent", "admitted"]
        assert "№ 17, 09.11.2026" in pages.text(supplier, page)
        assert "Admitted: Коляска" in pages.text(supplier, "/notices")


def test_district__reads_along_and_decides_nothing() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = before_commission(world)
        district = world.client(world.officer)
        where = f"/office/admissions/{case.number}"
        assert "Enter the conclusion" in pages.text(district, where)
        assert district.post(f"{where}/admit", {"admit-conclusion_number": "1"}).status_code == 403
        with pytest.raises(NotAllowed):
            admit_offer(actor=world.officer, admission=case, conclusion_number="1", conclusion_on=clock.today())
        with pytest.raises(NotAllowed):
            block_offer(actor=world.officer, offer=world.offer, reason="1 of 9 November")


def test_other_supplier_and_other_region__see_nothing_of_it() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft, case = empty_draft(world), sent(world)
        stranger = make.supplier_actor(make.supplier())
        abroad = make.officer(make.district("310000000"))
        for actor, offer in (
            (stranger, draft),
            (stranger, case.offer),
            (abroad, case.offer),
            (region_of(world), draft),
        ):
            with pytest.raises(NotFound):
                offers.offer_for(actor, offer.pk)
        with pytest.raises(NotAllowed):
            write_card(actor=stranger, offer=draft, given={"maker": "x"})
        with pytest.raises(NotAllowed):
            send_offer(actor=stranger, offer=complete_draft(world))
        with pytest.raises(NotAllowed):
            block_offer(actor=abroad, offer=world.offer, reason="1")


def test_returned_offer__is_a_draft_with_its_reason_and_is_sent_anew() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = sent(world)
        with pytest.raises(RuleBroken):
            return_offer(actor=region_of(world), admission=case, reason="  ")
        return_offer(actor=region_of(world), admission=case, reason="The maker's certificate is missing")
        offer = Offer.objects.get(pk=case.offer_id)
        assert offer.state == State.DRAFT
        assert "certificate is missing" in pages.text(
            world.client(world.supplier_actor), reverse("catalogue:supplier-card", args=[offer.pk])
        )
        again = send_offer(actor=world.supplier_actor, offer=offer)
        assert again.number != case.number


def test_refused_offer__comes_to_its_end_with_conclusion_and_reason() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = before_commission(world)
        refuse_offer(
            actor=region_of(world), admission=case, conclusion_number="18", conclusion_on=clock.today(), reason="Unsafe"
        )
        offer = Offer.objects.get(pk=case.offer_id)
        assert offer.state == State.ARCHIVED
        assert "Unsafe" in offer.events.get(what=What.REFUSED).reason


def test_conclusion__lies_neither_before_the_sending_nor_in_the_future() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = before_commission(world)
        for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
            with pytest.raises(RuleBroken) as refused:
                admit_offer(actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=day)
            assert refused.value.code == "conclusion_on"
        assert not _on_sale(world, case.offer)


def test_offer_under_admission__is_changed_only_after_it_was_taken_back() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = sent(world)
        with pytest.raises(RuleBroken):
            write_card(actor=world.supplier_actor, offer=case.offer, given={"maker": "Other"})
        with pytest.raises(RuleBroken):
            archive_offer(actor=world.supplier_actor, offer=case.offer)
        take_back(actor=world.supplier_actor, admission=case)
        write_card(actor=world.supplier_actor, offer=case.offer, given={"maker": "Other"})
        assert Offer.objects.get(pk=case.offer_id).maker == "Other"


def test_late_region__is_reminded_and_nothing_is_admitted_by_silence() -> None:
    with clock.at(make.MORNING):
        world = World()
        case, officer = sent(world), region_of(world)
    with clock.at(make.MORNING + timedelta(days=30)):
        sweep()
        assert f"Admission {case.number} is late" in pages.text(for_years(officer), "/notices")
        case.refresh_from_db()
        assert case.state == Admission.State.CHECKING
        assert not _on_sale(world, case.offer)


def test_suspended_supplier__makes_sends_and_gets_admitted_nothing_new() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft, case = complete_draft(world), before_commission(world)
        suspend_supplier(actor=world.admin, supplier=world.supplier, basis="Decision 5")
        world.supplier.refresh_from_db()
        draft.supplier.refresh_from_db()
        attempts: list[Any] = [
            lambda: make_draft(actor=world.supplier_actor, supplier=world.supplier, kind=world.kind),
            lambda: send_offer(actor=world.supplier_actor, offer=draft),
            lambda: admit_offer(
                actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today()
            ),
        ]
        for attempt in attempts:
            with pytest.raises(RuleBroken) as refused:
                attempt()
            assert refused.value.code == "supplier_suspended"
        assert world.client(world.supplier_actor).get(reverse("catalogue:supplier-kind")).status_code == 422


def test_block__takes_an_offer_off_sale_and_lifting_brings_back_what_was() -> None:
    with clock.at(make.MORNING):
        world = World()
        officer, client = region_of(world), world.client(world.supplier_actor)
        selling, paused = admitted(world), admitted(world)
        pause_offer(actor=world.supplier_actor, offer=paused)
        for offer in (selling, paused):
            block_offer(actor=officer, offer=offer, reason="Order 7 of 8 November: it burns the skin")
            assert not _on_sale(world, offer)
            with pytest.raises(RuleBroken):
                resume_offer(actor=world.supplier_actor, offer=offer)
            with pytest.raises(RuleBroken):
                archive_offer(actor=world.supplier_actor, offer=offer)
            page = pages.text(client, reverse("catalogue:supplier-card", args=[offer.pk]))
            assert "it burns the skin" in page
            lift_block(actor=officer, offer=offer, reason="Checked")
        assert (_on_sale(world, selling), _on_sale(world, paused)) == (True, False)
        assert "Blocked: " in pages.text(client, "/notices")


def test_officer__blocks_over_the_page_with_a_basis() -> None:
    with clock.at(make.MORNING):
        world = World()
        officer = signed_in(region_of(world))
        page = reverse("catalogue:officer-card", args=[world.offer.pk])
        assert officer.post(f"{page}/block", {"reason": ""}).status_code == 422
        assert officer.post(f"{page}/block", {"reason": "Order 7"}).status_code == 302
        assert "Order 7" in pages.text(officer, page)
        assert "Lift the block" in pages.text(officer, page)


def test_archived_offer__ends_and_open_orders_go_on() -> None:
    with clock.at(make.MORNING):
        world = World()
        order = world.order()
        archive_offer(actor=world.supplier_actor, offer=world.offer)
        assert not _on_sale(world, world.offer)
        assert offered_of(world.kind.code, on=clock.today()) is None
        client = world.client(world.supplier_actor)
        assert client.get(f"/supply/orders/{order.number}").status_code == 200
        order.refresh_from_db()
        assert order.state == Order.State.SUBMITTED


def _tried(attempt: Any) -> str:
    try:
        attempt()
    except DomainError as refused:
        return refused.code
    return "done"


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once__admit_once() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = before_commission(world)
        officers = [region_of(world), region_of(world)]
    results = at_once(
        *(
            lambda officer=officer, number=str(number): admit_offer(  # type: ignore[misc]
                actor=officer, admission=case, conclusion_number=number, conclusion_on=make.MORNING.date()
            )
            for number, officer in enumerate(officers, start=1)
        )
    )
    assert sorted(type(one) for one in results if isinstance(one, Exception)) == [StaleState]
    assert OfferEvent.objects.filter(offer=case.offer_id, what=What.ADMITTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_back_against_admitting__one_of_them_holds_and_the_offer_agrees() -> None:
    with clock.at(make.MORNING):
        world = World()
        case, officer = before_commission(world), region_of(world)
    results = at_once(
        lambda: take_back(actor=world.supplier_actor, admission=case),
        lambda: admit_offer(actor=officer, admission=case, conclusion_number="1", conclusion_on=make.MORNING.date()),
    )
    assert len([one for one in results if isinstance(one, StaleState)]) == 1
    case.refresh_from_db()
    expected = {"taken_back": State.DRAFT, "admitted": State.ACTIVE}[case.state]
    assert Offer.objects.get(pk=case.offer_id).state == expected


def test_draft_without_a_name__that_was_archived_stands_in_no_list_of_stock() -> None:
    with clock.at(make.MORNING):
        world = World()
        offer = make_draft(actor=world.supplier_actor, supplier=world.supplier, kind=world.kind)
        write_size(actor=world.supplier_actor, offer=offer, card=SIZE)
        archive_offer(actor=world.supplier_actor, offer=offer)
        stock = variants_of_supplier(world.supplier.pk)
        assert [one.offer_id for one in stock] == [world.offer.pk]
        assert pages.open_page(world.client(world.supplier_actor), "/supply/offers").status == 200
