"""Offers of a kind by a file: taken along, checked, taken whole or not at all, by the rules of the pages."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests import factories as make
from tests.catalogue.filling_in import as_csv, bring, page_of, take, taken_along
from tests.catalogue.offering import SIZE, TERMS, WORDS, admitted, complete_draft, region_of
from tests.kit import pages
from tests.kit.world import World

from tirek.catalogue.actions import take_stock
from tirek.catalogue.actions.admissions import admit_offer, pass_on, send_offer
from tirek.catalogue.actions.changes import change_size
from tirek.catalogue.actions.offers import write_size
from tirek.catalogue.changes import open_proposal
from tirek.catalogue.models import Group, Kind, Offer, OfferVersion, Variant
from tirek.core import clock
from tirek.core.imports import Run
from tirek.suppliers.models import Supplier

pytestmark = pytest.mark.django_db
State = Run.State


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return world.client(world.supplier_actor)


def new_line(world: World, **changed: str) -> dict[str, str]:
    """A line of a new card."""
    named = {name: str(value) for name, value in (WORDS | TERMS).items()}
    region = f"{world.place.code[:2]}0000000"
    size = {"label": "M", "article": "A-1", "price": "180", "stock": "40", "p-waist_min_cm": "70", "p-type": "tabs"}
    return named | {"delivers_to": region} | size | changed


def test_file__makes_drafts_changes_what_is_there_and_the_same_again_changes_nothing(
    world: World, seller: Client
) -> None:
    with clock.at(make.MORNING):
        lines = [new_line(world), new_line(world, label="L", price="200,50"), new_line(world, name_ru="Ходунки")]
        run = bring(seller, world.kind.code, as_csv(lines))
        assert (run.state, run.made, run.changed, run.mistakes) == (State.CHECKED, 3, 0, [])
        assert not Offer.objects.filter(state="draft").exists(), "nothing is written yet"
        assert take(seller, run).state == State.DONE
        made = Offer.objects.get(supplier=world.supplier, name_ru="Коляска")
        assert (made.state, made.maker, made.name_en, made.delivery_days) == ("draft", "Ertis", "Коляска", 7)
        sizes = {one.label: one for one in made.variants.select_related("current")}
        assert set(sizes) == {"M", "L"}
        assert sizes["L"].current is not None
        assert (sizes["L"].current.price, sizes["L"].stock) == (Decimal("200.50"), 40)
        assert sizes["L"].current.parameters == {"waist_min_cm": 70, "type": "tabs"}
        assert made.events.get().what == "made"
        assert "коляска" in sizes["M"].search_key
        again = bring(seller, world.kind.code, as_csv(lines))
        assert (again.made, again.changed, again.same) == (0, 0, 3)


def test_table_that_was_taken_along__comes_back_unchanged(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer, draft = admitted(world), complete_draft(world)
        change_size(actor=world.supplier_actor, offer=offer, card=replace(SIZE, label="XL"), variant=None)
        versions = OfferVersion.objects.count()
        for language in ("kk", "ru", "en"):
            seller.cookies["tirek_language"] = language
            _words, codes, lines = taken_along(seller, world.kind.code)
            assert codes[0] == "code"
            assert {draft.name_ru, offer.name_ru} <= {one["name_ru"] for one in lines}
            run = bring(seller, world.kind.code, as_csv(lines))
            assert (run.mistakes, run.made, run.changed, run.same) == ([], 0, 0, len(lines))
            # without the codes, too: by the name of the card and the label
            run = bring(seller, world.kind.code, as_csv([one | {"code": "", "was": ""} for one in lines]))
            assert (run.mistakes, run.made, run.changed, run.same) == ([], 0, 0, len(lines))
            assert take(seller, run).state == State.DONE
        assert OfferVersion.objects.count() == versions


def test_change_by_file__holds_at_once_where_it_is_safe_and_is_proposed_where_not(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        before = make.version_of(offer)
        _words, _codes, lines = taken_along(seller, world.kind.code)
        line = next(one for one in lines if one["name_ru"] == offer.name_ru)
        changed = {"price": "207", "stock": "9", "maker": "Altai", "delivery_days": "4", "p-waist_max_cm": "120"}
        run = bring(seller, world.kind.code, as_csv([line | changed, line | changed | {"code": "", "label": "XL"}]))
        assert (run.made, run.changed, run.mistakes) == (1, 1, [])
        text = pages.text(seller, page_of(run))
        assert all(told in text for told in ("Ertis", "Altai", "+15", "after the admission", "right away"))
        assert take(seller, run).state == State.DONE
        offer.refresh_from_db()
        now = make.version_of(offer)
        assert (offer.maker, offer.delivery_days, now.delivery_days) == ("Ertis", 4, 4)
        assert (now.n, now.price, now.parameters["waist_max_cm"]) == (before.n + 1, Decimal(207), 110)
        assert offer.variants.get().stock == 9
        proposal = open_proposal(offer)
        assert proposal is not None
        assert proposal.card == {"maker": "Altai"}
        assert {one.get("label") for one in proposal.sizes.values()} == {None, "XL"}
        case = pass_on(actor=region_of(world), admission=send_offer(actor=world.supplier_actor, offer=offer))
        admit_offer(actor=region_of(world), admission=case, conclusion_number="1", conclusion_on=clock.today())
        offer.refresh_from_db()
        assert (offer.maker, offer.variants.count()) == ("Altai", 2)


def test_file_with_a_mistake__takes_nothing_and_gives_the_lines_back(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        bad = new_line(world, label="L", price="dear", **{"p-type": "wings"})
        run = bring(seller, world.kind.code, as_csv([new_line(world), bad]))
        assert run.state == State.CHECKED
        assert {one["line"] for one in run.mistakes} == {3}
        take(seller, run)
        assert run.state == State.CHECKED, "a file with mistakes is not taken"
        assert not Offer.objects.filter(name_ru="Коляска").exists()
        answer = seller.get(f"{page_of(run)}/wrong?as=csv")
        told = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "dear" in told
        assert "wings" in told
        assert seller.get(f"{page_of(run)}/wrong").content.startswith(b"PK")
        # the file of mistakes, put right, is a file that can be brought
        run = bring(seller, world.kind.code, told.replace("dear", "190").replace("wings", "tabs"))
        assert (run.mistakes, run.made) == ([], 1)


def test_what_was_left_as_downloaded__overwrites_no_sale(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        _words, _codes, lines = taken_along(seller, world.kind.code)
        line = next(one for one in lines if one["name_ru"] == offer.name_ru)
        take_stock(offer.variants.get().pk, 4)
        run = bring(seller, world.kind.code, as_csv([line | {"price": "190"}]))
        take(seller, run)
        size = offer.variants.select_related("current").get()
        assert size.current is not None
        assert (size.stock, size.current.price) == (36, Decimal(190))


def test_what_was_sold_between_check_and_press__is_told_and_nothing_is_taken(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        _words, _codes, lines = taken_along(seller, world.kind.code)
        line = next(one for one in lines if one["name_ru"] == offer.name_ru)
        run = bring(seller, world.kind.code, as_csv([line | {"stock": "50", "price": "190"}]))
        take_stock(offer.variants.get().pk, 4)
        take(seller, run)
        assert run.state == State.CHECKED
        assert "changed since" in run.mistakes[0]["text"]
        assert make.version_of(offer).price == Decimal(180), "nothing half-taken"
        seller.post(page_of(run), {"again": "yes"})
        assert take(seller, run).state == State.DONE
        assert offer.variants.get().stock == 50


def test_suspended_supplier__is_told_and_makes_nothing_new_but_keeps_what_is_there(
    world: World, seller: Client
) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        Supplier.objects.filter(pk=world.supplier.pk).update(suspended_since=clock.today(), suspension_basis="№ 3")
        address = f"/supply/cards/files?kind={world.kind.code}"
        assert "suspended" in pages.text(seller, address)
        run = bring(seller, world.kind.code, as_csv([new_line(world)]))
        assert "suspended" in run.mistakes[0]["text"]
        size = offer.variants.get()
        run = bring(seller, world.kind.code, as_csv([{"code": str(size.pk), "price": "199"}]))
        assert take(seller, run).state == State.DONE
        assert make.version_of(offer).price == Decimal(199)


def test_goods_of_others__are_nobodys_to_change_by_a_file(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        other = make.supplier()
        foreign = make.offer(other, world.kind, price=Decimal(500))
        size = foreign.variants.get()
        run = bring(seller, world.kind.code, as_csv([{"code": str(size.pk), "price": "1"}]))
        assert "no goods of yours" in run.mistakes[0]["text"]
        stranger = world.client(make.supplier_actor(other))
        assert stranger.get(page_of(run)).status_code == 404
        assert stranger.post(page_of(run), {"off": "yes"}).status_code == 404
        assert stranger.get(f"{page_of(run)}/wrong").status_code == 404
        assert world.client(world.admin).get(f"/manage/imports/{run.pk}").status_code == 404
        _words, _codes, lines = taken_along(stranger, world.kind.code)
        assert [one["code"] for one in lines] == [str(size.pk)]


def test_change_before_the_commission__lets_only_safe_fields_through(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        change_size(actor=world.supplier_actor, offer=offer, card=replace(SIZE, label="XL"), variant=None)
        send_offer(actor=world.supplier_actor, offer=offer)
        size = offer.variants.get()
        run = bring(seller, world.kind.code, as_csv([{"code": str(size.pk), "maker": "Altai"}]))
        assert "before the commission" in run.mistakes[0]["text"]
        run = bring(seller, world.kind.code, as_csv([{"code": str(size.pk), "stock": "3"}]))
        assert take(seller, run).state == State.DONE
        assert Variant.objects.get(pk=size.pk).stock == 3
        waiting = complete_draft(world)
        send_offer(actor=world.supplier_actor, offer=waiting)
        run = bring(seller, world.kind.code, as_csv([{"code": str(waiting.variants.get().pk), "stock": "3"}]))
        assert "another state" in run.mistakes[0]["text"]


def test_draft__is_written_as_its_pages_write_it(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        draft = complete_draft(world)
        write_size(actor=world.supplier_actor, offer=draft, card=replace(SIZE, label="L"))
        keys = {one.label: str(one.pk) for one in draft.variants.all()}
        lines = [
            {"code": keys["M"], "name_kk": "Жаңа арба", "label": "M", "stock": "1"},
            {"code": keys["L"], "name_kk": "Жаңа арба", "label": "L-2", "stock": "2"},
        ]
        assert take(seller, bring(seller, world.kind.code, as_csv(lines))).state == State.DONE
        draft.refresh_from_db()
        assert draft.name_kk == "Жаңа арба"
        sizes = {one.label: one for one in draft.variants.all()}
        assert {name: one.stock for name, one in sizes.items()} == {"M": 1, "L-2": 2}
        assert all("жаңа" in one.search_key for one in sizes.values())
        assert "l" in sizes["L-2"].search_key.split()


def test_files_of_one_name__are_told_apart_by_when_they_were_brought(world: World, seller: Client) -> None:
    for hours in range(2):
        with clock.at(make.MORNING + timedelta(hours=hours)):
            bring(seller, world.kind.code, as_csv([new_line(world)]))
    with clock.at(make.MORNING + timedelta(hours=1)):
        page = pages.open_page(seller, f"/supply/cards/files?kind={world.kind.code}")
    links = [one for one in page.links if "/supply/cards/files/" in one.address]
    assert len(links) == len({one.text for one in links}) == 2
    assert all("9 November 2026" in one.text for one in links)


def test_kinds_of_a_file__are_goods_and_no_services() -> None:
    with clock.at(make.MORNING):
        world, service = World(), make.kind("GI-02")
        Kind.objects.filter(pk=service.pk).update(group=Group.SERVICE)
        page = pages.open_page(world.client(world.supplier_actor), "/supply/cards/files")
    offered = set(re.findall(r'<option value="([A-Z0-9-]+)"', page.html))
    assert (world.kind.code in offered, service.code in offered) == (True, False)
