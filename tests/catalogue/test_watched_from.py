"""Which place watches an offer stands in its row, and is what the product says, whatever changes."""

import pytest
from django.db import connection, transaction
from tests import factories as make

from tirek.catalogue.models import Offer
from tirek.catalogue.offers import place_of, visible_to, watched_by
from tirek.core import clock
from tirek.core.places import region_of
from tirek.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def _kept(offer: Offer) -> str:
    found = Offer.objects.select_related("supplier__organisation").get(pk=offer.pk)
    assert found.watched_from == place_of(found)
    return found.watched_from


def test_watched_from__follows_the_supplier_and_the_places_of_delivery() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
    here = _kept(shop.offer)
    assert here == shop.supplier.organisation.territory_id
    # a supplier of the whole country: the first region to which it delivers
    Organisation.objects.filter(pk=shop.supplier.organisation_id).update(territory=None)
    assert _kept(shop.offer) == region_of(shop.place.code)
    Offer.objects.filter(pk=shop.offer.pk).update(delivers_to=["710000000", shop.place.code])
    assert _kept(shop.offer) == "710000000"
    Offer.objects.filter(pk=shop.offer.pk).update(delivers_to=[])
    assert _kept(shop.offer) == ""
    # a row that was read before and is written whole takes nothing back
    stale = Offer.objects.get(pk=shop.offer.pk)
    Organisation.objects.filter(pk=shop.supplier.organisation_id).update(territory=shop.place)
    stale.save()
    assert _kept(shop.offer) == shop.place.code


def test_watched_from__is_read_by_the_office_of_the_place_and_its_region_alone() -> None:
    with clock.at(make.MORNING):
        shop, other = make.Shop(), make.Shop()
    Organisation.objects.filter(pk=other.supplier.organisation_id).update(territory=None)
    district, region = shop.place.code, region_of(shop.place.code)

    def watched(territory: str) -> set[object]:
        return set(Offer.objects.filter(watched_by(territory)).values_list("pk", flat=True))

    assert shop.offer.pk in watched(region)
    assert other.offer.pk in watched(region), "its first region"
    assert other.offer.pk not in watched(district), "a district watches who stands there"
    assert watched("710000000") == watched("") == set()
    if shop.supplier.organisation.territory_id == district:
        assert shop.offer.pk in watched(district)


def test_watched_from__a_list_of_a_region_is_read_from_its_index() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        clerk = make.officer(shop.place)
    rows = visible_to(clerk).order_by("-pk")[:50]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = rows.explain()
    assert "catalogue_offer_watched" in plan or "catalogue_offer_in_region" in plan
