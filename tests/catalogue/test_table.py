"""Sizes of a kind as a table: the difference first, nothing overwritten that nobody saw, nothing typed lost."""

import html
import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.catalogue.filling_in import as_csv, bring, page_of, take
from tests.catalogue.offering import SIZE, admitted, complete_draft
from tests.catalogue.test_files import new_line
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.catalogue.actions import change_price, take_stock
from tirek.catalogue.actions.changes import change_card, change_size
from tirek.catalogue.actions.many import change_many
from tirek.catalogue.changes import open_proposal
from tirek.catalogue.deciding import Held, WantedOffer, WantedSize, load
from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.queries import version_to_order
from tirek.catalogue.views import table
from tirek.core import clock, reference
from tirek.core.database import locks
from tirek.core.errors import Busy, DomainError, NotAllowed, NotFound, RuleBroken
from tirek.core.imports import Run, carry_out
from tirek.core.reference.values import ReferenceValue

pytestmark = pytest.mark.django_db
TABLE = "/supply/cards/table"
_FIELD = re.compile(r"<input[^>]*>")


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return world.client(world.supplier_actor)


def address(world: World, **more: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{TABLE}?kind={world.kind.code}{query}"


def filled(markup: str) -> dict[str, str]:
    """What a page would send as it is."""
    found: dict[str, str] = {}
    for one in _FIELD.findall(markup.partition("<main")[2]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        name, told = attributes.get("name", ""), html.unescape(attributes.get("value", ""))
        if name and name != "csrfmiddlewaretoken":
            found[name] = told
    return found


def test_table__shows_the_difference_first_and_saves_it_then(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer, draft = admitted(world), complete_draft(world)
        size, other = offer.variants.get(), draft.variants.get()
        sent = filled(seller.get(address(world)).content.decode())
        assert sent[f"{size.pk}-price"] == "180"
        sent |= {
            f"{size.pk}-price": "207",
            f"{size.pk}-days": "4",
            f"{other.pk}-stock": "7",
            f"{size.pk}-article": "A-9",
        }
        asked = seller.post(address(world), sent)
        assert asked.status_code == 200
        told = pages.read(asked).main
        assert all(words in told for words in ("+15", "Days to deliver", "A-9", "Save the change"))
        assert make.version_of(offer).price == Decimal(180), "nothing is saved yet"
        back = seller.post(address(world), sent | {"step": "edit"}).content.decode()
        assert filled(back)[f"{size.pk}-price"] == "207", "what was typed comes back"
        assert seller.post(address(world), sent | {"step": "do"}).status_code == 302
        offer.refresh_from_db()
        now = make.version_of(offer)
        assert (now.price, now.delivery_days, offer.delivery_days) == (Decimal(207), 4, 4)
        assert Variant.objects.get(pk=other.pk).stock == 7
        assert Variant.objects.get(pk=size.pk).article == "A-9"
        assert "a-9" in Variant.objects.get(pk=size.pk).search_key or "9" in Variant.objects.get(pk=size.pk).search_key
        untouched = seller.post(address(world), filled(seller.get(address(world)).content.decode()))
        assert untouched.status_code == 302
        assert make.version_of(offer).n == now.n, "what was not touched makes no version"


def test_table_of_before__overwrites_nothing_and_loses_nothing_typed(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        size = offer.variants.get()
        sent = filled(seller.get(address(world)).content.decode())
        change_price(actor=world.supplier_actor, variant=size, price=Decimal(190))
        take_stock(size.pk, 4)
        sent |= {f"{size.pk}-price": "207", "step": "do"}
        refused = seller.post(address(world), sent)
        assert refused.status_code == 422
        text = pages.read(refused).text
        assert "this page showed 180" in text
        assert "now it is 190" in text
        again = filled(refused.content.decode())
        assert again[f"{size.pk}-price"] == "207"
        assert again[f"{size.pk}-stock"] == "36", "what nobody has touched is as it is now"
        assert make.version_of(offer).price == Decimal(190)
        assert seller.post(address(world), again | {"step": "do"}).status_code == 302
        assert make.version_of(offer).price == Decimal(207)
        assert Variant.objects.get(pk=size.pk).stock == 36


@pytest.mark.parametrize("refusal", [Busy(), NotFound(), RuleBroken("moved in this moment", code="moved")])
def test_table_that_cannot_be_saved_now__keeps_every_row_that_was_typed(
    world: World, seller: Client, monkeypatch: pytest.MonkeyPatch, refusal: DomainError
) -> None:
    def refused(**_given: object) -> None:
        raise refusal

    monkeypatch.setattr(table, "change_many", refused)
    with clock.at(make.MORNING):
        size = admitted(world).variants.get()
        sent = filled(seller.get(address(world)).content.decode()) | {f"{size.pk}-price": "207", "step": "do"}
        answer = seller.post(address(world), sent)
    assert answer.status_code == 422
    assert filled(answer.content.decode())[f"{size.pk}-price"] == "207"


def test_field_that_is_not_safe__goes_the_way_of_a_proposal(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        offer = admitted(world)
        size = offer.variants.get()
        ReferenceValue.objects.filter(key="offer.change.stock").update(value="admission")
        reference.forget()
        try:
            sent = filled(seller.get(address(world)).content.decode()) | {f"{size.pk}-stock": "7"}
            assert "after the admission" in pages.read(seller.post(address(world), sent)).main
            seller.post(address(world), sent | {"step": "do"})
        finally:
            ReferenceValue.objects.filter(key="offer.change.stock").update(value="at_once")
            reference.forget()
        proposal = open_proposal(offer)
        assert proposal is not None
        assert proposal.sizes == {str(size.pk): {"stock": 7}}
        assert Variant.objects.get(pk=size.pk).stock == 40


def test_mistake_in_a_row__is_told_at_its_field_with_its_goods(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        size = admitted(world).variants.get()
        sent = filled(seller.get(address(world)).content.decode()) | {f"{size.pk}-price": "0", f"{size.pk}-days": "999"}
        answer = seller.post(address(world), sent)
        assert answer.status_code == 422
        assert any("Коляска" in one for one in pages.read(answer).errors)
        assert filled(answer.content.decode())[f"{size.pk}-price"] == "0"


def test_table__is_read_piece_by_piece_and_reaches_every_size_once(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        lines = [new_line(world, name_ru=f"Card {n}", label=str(size)) for n in range(9) for size in range(7)]
        assert take(seller, bring(seller, world.kind.code, as_csv(lines))).state == Run.State.DONE
        met, next_page = list[str](), address(world)
        while next_page:
            markup = seller.get(next_page).content.decode()
            rows = re.findall(r'name="([^"]+)-seen"', markup)
            assert 0 < len(rows) <= 50
            met += rows
            found = re.search(r'rel="next" href="([^"]+)"', markup)
            next_page = f"{TABLE}{html.unescape(found.group(1))}" if found else ""
        assert len(met) == len(set(met)) == Variant.objects.filter(offer__supplier=world.supplier).count()


def test_goods_of_others__are_nobodys_to_change_in_the_table(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        foreign = make.offer(make.supplier(), world.kind, price=Decimal(500))
        size = foreign.variants.get()
        key = str(size.pk)
        sent = {f"{key}-price": "1", f"{key}-stock": "1", f"{key}-seen": "0|500|7|", "step": "do"}
        seller.post(address(world), sent)
        assert make.version_of(foreign).price == Decimal(500)
        wanted = [WantedOffer(0, foreign.pk, {}, [WantedSize(0, size.pk, {"price": Decimal(1)})])]
        with pytest.raises(NotFound):
            change_many(actor=world.supplier_actor, supplier=world.supplier, kind=world.kind, wanted=wanted)
        stranger = make.supplier_actor(make.supplier())
        with pytest.raises(NotAllowed):
            change_many(actor=stranger, supplier=world.supplier, kind=world.kind, wanted=wanted)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_same_file_in_two_windows_at_once__makes_its_cards_once(
    monkeypatch: pytest.MonkeyPatch, *, is_locked: bool
) -> None:
    with clock.at(make.MORNING):
        world = World()
        seller = world.client(world.supplier_actor)
        runs = [bring(seller, world.kind.code, as_csv([new_line(world)])) for _window in range(2)]
    both = Barrier(2, timeout=1)

    def slowly(*given: Any, **named: Any) -> dict[UUID, Held]:
        found = load(*given, **named)
        with suppress(BrokenBarrierError):
            both.wait()
        return found

    monkeypatch.setattr("tirek.catalogue.card_imports.load", slowly)
    if not is_locked:
        monkeypatch.setattr(locks, "lock_name", lambda _name: None)
    at_once(*[lambda run=run: take(signed_in(world.supplier_actor), run) for run in runs])
    made = Offer.objects.filter(supplier=world.supplier, name_ru="Коляска").count()
    assert made == (1 if is_locked else 2), "without the lock it is made twice"


@pytest.mark.django_db(transaction=True)
def test_file_against_a_page_at_once__one_of_them_is_told_and_no_version_is_lost() -> None:
    with clock.at(make.MORNING):
        world = World()
        offer = admitted(world)
        size = offer.variants.get()
        run = bring(
            world.client(world.supplier_actor), world.kind.code, as_csv([{"code": str(size.pk), "price": "250"}])
        )
    Run.objects.filter(pk=run.pk).update(state=Run.State.TAKING)
    at_once(
        lambda: carry_out(run.pk),
        lambda: change_price(actor=world.supplier_actor, variant=size, price=Decimal(190)),
    )
    run.refresh_from_db()
    versions = {one.n: one.price for one in size.versions.all()}
    assert versions[1] == Decimal(180)
    if run.state == Run.State.DONE:
        assert {versions[2], versions[3]} == {Decimal(250), Decimal(190)}
    else:
        assert versions[2] == Decimal(190)
        assert run.mistakes


@pytest.mark.django_db(transaction=True)
def test_price_by_a_file_against_an_order_at_once__nobody_buys_at_a_price_that_was_not_seen() -> None:
    with clock.at(make.MORNING):
        world = World()
        offer = admitted(world)
        size = offer.variants.get()
        seen = make.version_of(offer)
        run = bring(
            world.client(world.supplier_actor), world.kind.code, as_csv([{"code": str(size.pk), "price": "250"}])
        )
    Run.objects.filter(pk=run.pk).update(state=Run.State.TAKING)

    def order() -> Decimal:
        price = version_to_order(seen.pk).price
        take_stock(size.pk, 1)
        return price

    _taken, ordered = at_once(lambda: carry_out(run.pk), order)
    run.refresh_from_db()
    assert run.state == Run.State.DONE, "a sale is no change of the price"
    assert ordered == Decimal(180) or isinstance(ordered, RuleBroken)
    assert Variant.objects.get(pk=size.pk).stock == 40 - (ordered == Decimal(180))
    with pytest.raises(RuleBroken) as refused:
        version_to_order(seen.pk)
    assert refused.value.code == "offer_changed"


def test_page_of_a_file__costs_the_same_however_long_it_is(world: World, seller: Client) -> None:
    counts = []
    with clock.at(make.MORNING):
        for many in (1, 2, 60):
            lines = [new_line(world, name_ru=f"Card {n} of {many}") for n in range(many)]
            run = bring(seller, world.kind.code, as_csv(lines))
            with CaptureQueriesContext(connection) as asked:
                assert seller.get(page_of(run)).status_code == 200
            counts.append(len(asked))
            with CaptureQueriesContext(connection) as asked:
                take(seller, run)
            counts.append(len(asked))
    assert counts[2] == counts[4]
    assert counts[3] == counts[5], "rows of a table are written together"


def test_size_page_and_table__come_to_the_same(world: World) -> None:
    with clock.at(make.MORNING):
        actor, one, other = world.supplier_actor, admitted(world), admitted(world)
        card = replace(SIZE, price=Decimal(210), stock=3, article="X", parameters={"waist_min_cm": 60})
        change_size(actor=actor, offer=one, card=card, variant=one.variants.get())
        change_card(actor=actor, offer=one, given={"maker": "Altai", "delivery_days": 3})
        key = other.variants.get().pk
        values = {"label": "M", "price": Decimal(210), "stock": 3, "article": "X"}
        parameters = {"waist_min_cm": 60, "waist_max_cm": None, "type": None}
        wanted = WantedOffer(
            0, other.pk, {"maker": "Altai", "delivery_days": 3}, [WantedSize(0, key, values, parameters)]
        )
        change_many(actor=actor, supplier=world.supplier, kind=world.kind, wanted=[wanted])
        told = []
        for offer in (one, other):
            offer.refresh_from_db()
            size, version, proposal = offer.variants.get(), make.version_of(offer), open_proposal(offer)
            assert proposal is not None
            told.append((
                offer.maker, offer.delivery_days, size.stock, size.article, version.price, version.parameters,
                version.delivery_days, proposal.card, [*proposal.sizes.values()],
                sorted(offer.events.values_list("what", flat=True)),
            ))  # fmt: skip
        assert told[0] == told[1]
