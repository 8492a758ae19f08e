"""Offers are found by the words of their names and makers, as people write them."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue import actions, finding_offers, jobs
from tirek.catalogue.finding import Found
from tirek.catalogue.finding_offers import distance, forms_of, how_far, meant, offers_found, words_in
from tirek.catalogue.models import KindName, Offer, OfferWords
from tirek.core import clock
from tirek.core.reference import snapshot
from tirek.suppliers.models import Supplier

TODAY = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("трость", "трость", 0),
        ("трость", "трости", 1),
        ("трость", "торсть", 1),
        ("трость", "трост", 1),
        ("памперсы", "памперсов", 2),
        ("трость", "коляска", 3),
        ("", "аб", 2),
    ],
)
def test_distance__counts_slips_up_to_the_most(one: str, other: str, far: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == far


def test_how_far__wants_every_word_and_forgives_more_in_a_longer_one() -> None:
    words = words_in("Складная трость «Қадам»\nFolding cane Qadam\nТОО Комфорт")
    assert how_far(["трость"], words) == 0
    assert how_far(["скл"], words) == 0.5, "a beginning"
    assert how_far(["кадам"], words) == 0
    assert how_far(["трасть", "кадам"], words) == 1
    assert how_far(["трасть", "коляска"], words) is None
    assert how_far(["сладноя"], words) is None, "seven letters: one slip"
    assert how_far(["скалдноя"], words) == 2
    assert how_far(["тоо"], words) == 0
    assert how_far(["тоа"], words) is None, "a short word has none"


def test_forms__hold_what_is_looked_up_for_each_slip() -> None:
    known = set(forms_of("памперсов"))
    for typed in ("памперсов", "пам", "памперсы", "памперов", "памперсав", "папмерсов"):
        assert known & finding_offers._shortened(typed), typed
    assert set(forms_of("42")) == {"42"}


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        shop = World()
        offer = shop.version.variant.offer
        Offer.objects.filter(pk=offer.pk).update(
            name_kk="Жиналмалы таяқ «Қадам»", name_ru="Трость складная «Қадам»", name_en="Folding cane", maker="Tena"
        )
        shop.sold = offer
        jobs.offer_words(timestamp=0)
        yield shop


def found(text: str) -> list[object]:
    return [one.pk for one in offers_found(text, on=TODAY).offers]


@pytest.mark.django_db
@pytest.mark.mission("S2.1")
@pytest.mark.parametrize(
    "typed",
    [
        "Трость складная",
        "складная трость",
        "таяқ",
        "таяк",
        "tayaq",
        "TENA",
        "тена",
        "folding",
        "трасть",
        "кадам tena",
        "хочу трость тена пожалуйста",
        "nhjcnm",
    ],
)
def test_offer__is_found_as_people_write(world: World, typed: str) -> None:
    assert found(typed) == [world.sold.pk]


@pytest.mark.django_db
def test_words__follow_the_names_and_only_what_is_on_sale_is_found(world: World) -> None:
    assert found("") == found("и для") == found("коляска") == found("трость коляска") == []
    assert found("трость " * 9 + "складная қадам таяқ жиналмалы тена коляска") == [world.sold.pk], "six words are read"
    assert actions.write_offer_words() == 0
    Offer.objects.filter(pk=world.sold.pk).update(name_ru="Костыль")
    assert actions.write_offer_words() == 1
    assert found("трость") == []
    assert found("костыль") == [world.sold.pk]
    assert OfferWords.objects.count() == Offer.objects.exclude(state__in=Offer.BEFORE).count()
    Offer.objects.filter(pk=world.sold.pk).update(state="paused")
    assert found("костыль") == []
    Offer.objects.filter(pk=world.sold.pk).update(state="active")
    Supplier.objects.filter(pk=world.supplier.pk).update(registered_on=date(2026, 11, 10))
    assert found("костыль") == []


@pytest.mark.django_db
def test_word_of_a_model__makes_no_other_kind_sure(world: World) -> None:
    own, other = world.kind, make.kind("RE-02")
    likely = Found([other, own], [])
    named = offers_found("Қадам", on=TODAY)
    assert [one.pk for one in named.offers] == [world.sold.pk]
    assert meant("Қадам", likely, named) == Found([own], [other])
    # a kind that is called so itself stays, and so does all where the words are nobody's own
    KindName.objects.create(kind=other, text="Қадам")
    snapshot.forget_all()
    assert meant("кадам", likely, named) == likely
    assert meant("Қадом", likely, offers_found("Қадом", on=TODAY)) == likely
    assert meant("шина", likely, offers_found("шина", on=TODAY)) == likely


@pytest.mark.django_db
def test_page__lists_offers_by_name_and_says_when_there_are_many(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies["tirek_language"] = "en"
    page = open_page(client, "/things?text=тена")
    (link,) = [one for one in page.links if one.address == f"/things/offers/{world.sold.pk}"]
    assert link.text == f"Folding cane , {world.supplier.organisation.name}"
    assert "Found by the names of offers" in page.main
    assert "Try another word" not in page.main
    for bound in ("MOST", "_COMPARED"):
        with monkeypatch.context() as only:
            only.setattr(finding_offers, bound, 0)
            page = open_page(client, "/things?text=тена")
        assert "Many offers have these words." in page.main
        assert str(world.sold.pk) not in page.html
