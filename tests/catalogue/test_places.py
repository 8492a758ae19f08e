"""Places that offers reach stand as rows, which the database keeps whatever changes an offer."""

from datetime import date

import pytest
from django.db import connection
from tests import factories as make

from tirek.catalogue import actions, queries, ranking
from tirek.catalogue.models import Offer, OfferPlace
from tirek.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.finding("P-G5")]

DAY = date(2026, 11, 2)


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def as_rows() -> set[tuple[object, ...]]:
    return set(OfferPlace.objects.values_list("offer_id", "place", "kind_id", "supplier_id"))


def as_told() -> set[tuple[object, ...]]:
    """What the offers themselves say."""
    return {
        (one.pk, place, one.kind_id, one.supplier_id)
        for one in Offer.objects.filter(state="active")
        for place in one.delivers_to
    }


def test_places__follow_every_change_of_an_offer(shop: make.Shop) -> None:
    other = make.offer(make.supplier(), shop.kind, to="310000000")
    assert as_rows() == as_told() != set()
    actions.pause_offer(actor=shop.supplier_actor, offer=shop.offer)
    assert {one[0] for one in as_rows()} == {other.pk}
    actions.resume_offer(actor=shop.supplier_actor, offer=shop.offer)
    assert as_rows() == as_told()
    Offer.objects.filter(pk=other.pk).update(delivers_to=["310000000", "710000000", "310000000"])
    assert {one[1] for one in as_rows() if one[0] == other.pk} == {"310000000", "710000000"}
    Offer.objects.filter(pk=other.pk).update(supplier=shop.supplier, kind=make.kind("TI-01"))
    assert as_rows() == as_told()
    Offer.objects.filter(pk=other.pk).update(state="archived")
    assert as_rows() == as_told()


def test_places__are_not_written_anew_by_what_they_do_not_hold(shop: make.Shop) -> None:
    def places() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid::text, offer_id, place FROM catalogue_offerplace ORDER BY 1")
            return list(cursor.fetchall())

    before = places()
    shop.offer.maker = "Another maker"
    shop.offer.save()
    assert places() == before


def test_kinds_offered__are_those_that_reach_the_district(shop: make.Shop) -> None:
    place = shop.person.territory_id
    kinds = {shop.kind.code, make.kind("TI-01").code}
    assert queries.kinds_offered(kinds, territory_code=place, on=DAY) == {shop.kind.code}
    assert queries.kinds_offered(kinds, territory_code="310000000", on=DAY) == set()
    Offer.objects.update(delivers_to=[f"{place[:2]}0000000", place])
    assert queries.kinds_offered(kinds, territory_code=place, on=DAY) == {shop.kind.code}, "with its whole region"
    assert len(queries.offers_of(shop.kind, on=DAY, territory_code=place)) == 1, "an offer that names both is one"
    assert list(ranking.ranking(shop.person, queries.Requirement(shop.kind.code, {}), on=DAY)) == [shop.offer.pk]
    assert queries.kinds_offered(set(), territory_code=place, on=DAY) == set()
