"""Documents of offers with their last day, and photos with their words."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.catalogue.offering import admitted, complete_draft, document, empty_draft, photo, region_of, sent, upload
from tests.kit import pages
from tests.kit.sign_in import for_years, signed_in
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.kit.world import World

from tirek.catalogue import documents
from tirek.catalogue.actions import documents as verbs
from tirek.catalogue.actions import pause_offer, resume_offer
from tirek.catalogue.actions.admissions import admit_offer, pass_on, send_offer
from tirek.catalogue.actions.changes import drop_photo
from tirek.catalogue.actions.documents import Paper, add_document, expire_offer, warn_of_end, withdraw_document
from tirek.catalogue.actions.offers import block_offer, lift_block
from tirek.catalogue.actions.photos import Shot, add_photo, withdraw_photo
from tirek.catalogue.jobs import documents_end
from tirek.catalogue.models import Offer, OfferDocument, OfferPhoto
from tirek.catalogue.queries import offers_of
from tirek.core import clock
from tirek.core.errors import NotFound, RuleBroken
from tirek.files.models import StoredFile
from tirek.notices.models import Notice
from tirek.territory.queries import names

pytestmark = pytest.mark.django_db
State, Sort = Offer.State, OfferDocument.Sort
TODAY = make.MORNING.date()


def _day(days: int) -> datetime:
    return make.MORNING + timedelta(days=days)


def _with_end(world: World, *, in_days: int) -> Offer:
    """An offer on sale of which a certificate ends."""
    with clock.at(make.MORNING):
        offer = admitted(world)
        document(offer, world.supplier_actor, until=TODAY + timedelta(days=in_days))
    return offer


def _state(offer: Offer) -> str:
    return Offer.objects.values_list("state", flat=True).get(pk=offer.pk)


def _told(template: str) -> int:
    return Notice.objects.filter(template=template).count()


def test_expired_document__pauses_the_offer_the_day_after_its_last_one_and_the_supplier_is_told() -> None:
    world = World()
    offer = _with_end(world, in_days=40)
    with clock.at(_day(40)):
        documents_end(0)
        assert _state(offer) == State.ACTIVE, "the last day counts"
    with clock.at(_day(41)):
        documents_end(0)
        documents_end(0)
        assert _state(offer) == State.PAUSED
        assert not offers_of(world.kind, on=clock.today(), territory_code=world.place.code).filter(pk=offer.pk)
        page = pages.text(for_years(world.supplier_actor), reverse("catalogue:supplier-card", args=[offer.pk]))
    assert "A document has expired" in page
    assert "expired" in page
    assert _told("offer.expired") == 1
    event = offer.events.get(what="expired")
    assert (event.desk, event.by) == ("clock", None)


def test_supplier__is_warned_once_thirty_days_before() -> None:
    world = World()
    offer = _with_end(world, in_days=40)
    for day, warned in ((9, 0), (10, 1), (11, 1), (39, 1)):
        with clock.at(_day(day)):
            documents_end(0)
        assert _told("offer.expires_soon") == warned, day
    assert _state(offer) == State.ACTIVE
    # a second worker that has found the same document comes too late
    with clock.at(_day(39)):
        assert not warn_of_end(OfferDocument.objects.get(offer=offer, warned_on__isnull=False).pk)
    assert _told("offer.expires_soon") == 1


def test_warning__does_not_come_where_a_later_document_is_there_already() -> None:
    world = World()
    offer = _with_end(world, in_days=20)
    with clock.at(make.MORNING):
        document(offer, world.supplier_actor, Sort.DECLARATION, until=TODAY + timedelta(days=400))
    with clock.at(_day(1)):
        documents_end(0)
    with clock.at(_day(21)):
        documents_end(0)
    assert _told("offer.expires_soon") == 0
    assert _state(offer) == State.ACTIVE, "a declaration stands for a certificate"


def test_card__asks_for_the_next_document_where_none_that_lasts_longer_stands_for_it() -> None:
    world = World()
    offer = _with_end(world, in_days=20)
    asks = "A document expires soon."
    with clock.at(_day(1)):
        seller, address = for_years(world.supplier_actor), reverse("catalogue:supplier-card", args=[offer.pk])
        assert asks in pages.text(seller, address)
        document(offer, world.supplier_actor, Sort.DECLARATION, until=TODAY + timedelta(days=25))
        assert asks in pages.text(seller, address), "it ends soon, too"
        document(offer, world.supplier_actor, Sort.DECLARATION, until=TODAY + timedelta(days=400))
        assert asks not in pages.text(seller, address)


def test_new_document__resumes_what_the_clock_paused() -> None:
    world = World()
    offer = _with_end(world, in_days=5)
    with clock.at(_day(6)):
        documents_end(0)
        with pytest.raises(RuleBroken) as refused:
            resume_offer(actor=world.supplier_actor, offer=offer)
        assert refused.value.code == "expired"
        document(offer, world.supplier_actor, Sort.OTHER, until=TODAY + timedelta(days=400))
        assert _state(offer) == State.PAUSED, "of another sort"
        document(offer, world.supplier_actor, until=TODAY + timedelta(days=400))
    assert _state(offer) == State.ACTIVE
    assert list(offer.events.order_by("at", "id").values_list("what", flat=True))[-2:] == ["expired", "renewed"]


def test_new_document__leaves_alone_what_the_supplier_paused() -> None:
    world = World()
    offer = _with_end(world, in_days=5)
    with clock.at(_day(1)):
        pause_offer(actor=world.supplier_actor, offer=offer)
    with clock.at(_day(6)):
        documents_end(0)
        document(offer, world.supplier_actor, until=TODAY + timedelta(days=400))
        assert _state(offer) == State.PAUSED
        resume_offer(actor=world.supplier_actor, offer=offer)
    assert _state(offer) == State.ACTIVE


def test_lifted_block__does_not_bring_an_expired_document_back_to_sale() -> None:
    world = World()
    offer = _with_end(world, in_days=5)
    with clock.at(_day(1)):
        block_offer(actor=region_of(world), offer=offer, reason="Order 1")
    with clock.at(_day(6)):
        documents_end(0)
        lift_block(actor=region_of(world), offer=offer, reason="Checked")
        assert _state(offer) == State.PAUSED
        document(offer, world.supplier_actor, until=TODAY + timedelta(days=400))
    assert _state(offer) == State.ACTIVE


def test_document__that_has_expired_or_ends_before_it_begins_is_not_taken() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft = empty_draft(world)
        for issued, until in ((date(2026, 1, 1), TODAY - timedelta(days=1)), (TODAY, TODAY - timedelta(days=2))):
            with pytest.raises(RuleBroken) as refused:
                add_document(
                    actor=world.supplier_actor,
                    offer=draft,
                    paper=Paper(Sort.OTHER, "1", issued, until),
                    upload=upload(),
                )
            assert refused.value.code == "valid_until"
    assert not StoredFile.objects.exists()


def test_offer__is_neither_sent_nor_admitted_with_an_expired_document() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft, case = complete_draft(world), sent(world)
        document(draft, world.supplier_actor, until=TODAY)
        OfferDocument.objects.filter(offer=case.offer_id).update(valid_until=TODAY)
    with clock.at(_day(1)):
        with pytest.raises(RuleBroken) as refused:
            send_offer(actor=world.supplier_actor, offer=draft)
        assert refused.value.code == "missing_documents"
        pass_on(actor=region_of(world), admission=case)
        with pytest.raises(RuleBroken) as late:
            admit_offer(actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today())
        assert late.value.code == "expired"
    assert _state(case.offer) == State.ON_ADMISSION


def test_document__is_read_by_supplier_and_region_and_taken_from_a_draft_alone() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = sent(world)
        paper = documents.counting(case.offer)[0]
        download = reverse("files:download", args=[paper.file_id])
        seen = {
            "supplier": world.client(world.supplier_actor),
            "region": signed_in(region_of(world)),
            "recipient": world.client(world.actor),
            "other supplier": signed_in(make.supplier_actor(make.supplier())),
        }
        assert {name: client.get(download).status_code for name, client in seen.items()} == {
            "supplier": 200,
            "region": 200,
            "recipient": 404,
            "other supplier": 404,
        }
        with pytest.raises(RuleBroken):
            withdraw_document(actor=world.supplier_actor, offer=case.offer, document=paper)


@pytest.mark.django_db(transaction=True)
def test_expiry_against_renewal__whoever_comes_first_the_valid_document_holds() -> None:
    world = World()
    offer = _with_end(world, in_days=5)
    paper = Paper(Sort.CERTIFICATE, "new", TODAY, TODAY + timedelta(days=400))
    # both look whether the documents hold at one moment: kept apart by the offer's lock
    with meeting(verbs, "is_covered", seconds=KEPT_OUT):
        at_once(
            lambda: expire_offer(offer.pk),
            lambda: add_document(actor=world.supplier_actor, offer=offer, paper=paper, upload=upload()),
            at=_day(6),
        )
    assert _state(offer) == State.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_expiry_against_admission__nothing_expired_is_on_sale() -> None:
    with clock.at(make.MORNING):
        world = World()
        case = pass_on(actor=region_of(world), admission=sent(world))
        OfferDocument.objects.filter(offer=case.offer_id).update(valid_until=TODAY)
        officer = region_of(world)

    def admit(at: date) -> Any:
        return admit_offer(actor=officer, admission=case, conclusion_number="1", conclusion_on=at)

    at_once(lambda: admit(TODAY), lambda: expire_offer(case.offer_id), at=_day(0))
    assert _state(case.offer) == State.ACTIVE, "the last day counts"
    with clock.at(_day(1)):
        documents_end(0)
    assert _state(case.offer) == State.PAUSED


# --- photos


def test_photo__is_shown_to_people_with_its_words_once_it_was_admitted() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft = complete_draft(world)
        shot = photo(draft, world.supplier_actor)
        picture = reverse("catalogue:photo", args=[shot.pk])
        person, supplier = world.client(world.actor), world.client(world.supplier_actor)
        assert (person.get(picture).status_code, supplier.get(picture).status_code) == (404, 200)
        case = pass_on(actor=region_of(world), admission=send_offer(actor=world.supplier_actor, offer=draft))
        assert person.get(picture).status_code == 404
        admit_offer(actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today())
        answer = person.get(picture)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
        page = person.get(reverse("orders:offer", args=[world.line.pk, draft.pk]), headers={"Accept-Language": "ru"})
        assert 'alt="Синяя коляска" width="40" height="30"' in page.content.decode()
        drop_photo(actor=world.supplier_actor, offer=draft, photo=OfferPhoto.objects.get(pk=shot.pk))
        assert person.get(picture).status_code == 404
        assert Offer.objects.get(pk=draft.pk).shown_photos == []


def test_photo__without_words_in_a_language_is_never_kept() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft, client = empty_draft(world), world.client(world.supplier_actor)
        page = reverse("catalogue:supplier-card-photo", args=[draft.pk])
        refused = client.post(page, {"file": upload(), "alt_kk": "Арба", "alt_ru": " "})
        assert refused.status_code == 422
        assert 'value="Арба"' in pages.read(refused).html
        with pytest.raises(RuleBroken):
            add_photo(actor=world.supplier_actor, offer=draft, shot=Shot(upload(), " ", "Коляска"))
        kept = photo(draft, world.supplier_actor)
        with pytest.raises(IntegrityError), transaction.atomic():
            OfferPhoto.objects.filter(pk=kept.pk).update(alt_ru="")


def test_photo__is_a_picture_and_no_larger_than_pages_need() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft, client = empty_draft(world), world.client(world.supplier_actor)
        page = reverse("catalogue:supplier-card-photo", args=[draft.pk])
        pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
        refused = client.post(page, {"file": pdf, "alt_kk": "Арба", "alt_ru": "Коляска"})
        assert "This is no photo." in pages.read(refused).main
        large = upload(pixels=(2000, 500))
        made = add_photo(actor=world.supplier_actor, offer=draft, shot=Shot(large, "Арба", "Коляска"))
        assert (made.width, made.height) == (1200, 300)
        with pytest.raises(NotFound):
            withdraw_photo(actor=world.supplier_actor, offer=empty_draft(world), photo=made)


def test_page_of_an_offer__asks_no_more_for_its_photos() -> None:
    with clock.at(make.MORNING):
        world = World()
        person = world.client(world.actor)
        plain, pictured = admitted(world), complete_draft(world)
        for _n in range(3):
            photo(pictured, world.supplier_actor)
        case = pass_on(actor=region_of(world), admission=send_offer(actor=world.supplier_actor, offer=pictured))
        admit_offer(actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today())
        asked = []
        for offer in (plain, pictured):
            page = reverse("orders:offer", args=[world.line.pk, offer.pk])
            person.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert person.get(page).status_code == 200
            asked.append(len(seen))
        assert asked[0] == asked[1]


def test_pages_of_an_offer__tell_where_it_is_delivered_and_the_documents_that_hold() -> None:
    with clock.at(make.MORNING):
        world = World()
        offer = admitted(world)
        document(offer, world.supplier_actor, Sort.OTHER, number="GOES-7", until=TODAY + timedelta(days=10))
        document(offer, world.supplier_actor, number="HOLDS-8", until=TODAY + timedelta(days=90))
        gone = document(offer, world.supplier_actor, Sort.MEDICAL, number="GONE-9")
        OfferDocument.objects.filter(pk=gone.pk).update(withdrawn_at=clock.now())
    with clock.at(_day(11)):
        for client, address in (
            (Client(headers={"Accept-Language": "en"}), reverse("catalogue:offer", args=[offer.pk])),
            (for_years(world.actor), reverse("orders:offer", args=[world.line.pk, offer.pk])),
        ):
            told = pages.text(client, address).replace("\u00a0", " ")
            assert "Where it is delivered" in told
            assert names(offer.delivers_to)[offer.delivers_to[0]] in told
            assert "last day: 7 February 2027" in told
            for absent in ("GOES-7", "HOLDS-8", "GONE-9", "last day: 19 November 2026"):
                assert absent not in told
