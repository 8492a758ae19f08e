"""What is ready in a region, and what is missing for the others, in words."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue.models import GuaranteedAmount, Kind
from tirek.core import clock, reference
from tirek.core.places import region_of
from tirek.entitlements.models import Programme
from tirek.insight import actions, readiness
from tirek.insight.rules import Lack, Supply, lacks
from tirek.organisations.actions import record_training
from tirek.organisations.models import Organisation
from tirek.organisations.queries import officers_in

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S2.15")]
TODAY = date(2026, 11, 9)
READY = Supply(is_bought=False, since=date(2020, 1, 1), has_amount=True, offers=4, suppliers=2, without=frozenset())


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def anybody() -> Client:
    return Client(headers={"accept-language": "en"})


def changed(**how: object) -> Supply:
    values = {name: getattr(READY, name) for name in Supply.__slots__} | how
    return Supply(**values)


@pytest.mark.parametrize(
    ("supply", "missing"),
    [
        (READY, []),
        (changed(since=None), [Lack.NOT_SWITCHED_ON]),
        (changed(since=TODAY), []),
        (changed(since=TODAY + timedelta(days=1)), [Lack.LATER]),
        (changed(has_amount=False, suppliers=1), [Lack.AMOUNT, Lack.CHOICE]),
        (changed(offers=0, suppliers=0, without=frozenset({"1"})), [Lack.OFFER]),
        (changed(without=frozenset({"1"})), [Lack.DISTRICTS]),
        (changed(is_bought=True, since=None, has_amount=False, offers=0, suppliers=0), []),
    ],
)
def test_what_is_missing__is_told_the_gravest_first(supply: Supply, missing: list[Lack]) -> None:
    assert lacks(supply, TODAY) == missing


def region(world: World) -> str:
    return region_of(world.place.code)


def row_of(world: World, kind: Kind, state: str = "") -> readiness.Row:
    view = readiness.view(region(world), state=state)
    (found,) = [row for _group, rows in view.groups for row in rows if row.kind == kind]
    return found


def test_kind__becomes_ready_step_by_step(world: World) -> None:
    far = make.district("105200000")
    kind = make.kind("GI-03", name_en="sheets", orderable_from=None, position=5)
    GuaranteedAmount.objects.filter(kind=kind).delete()
    reference.forget()
    assert row_of(world, kind).lacks == [
        "Бұл түрге тапсырыс беру әзірге ашылмаған.",
        "Кепілдік берілген сома белгісіз.",
        "Бұл өңірде оны ешкім ұсынбайды.",
    ]
    Kind.objects.filter(pk=kind.pk).update(orderable_from=date(2020, 1, 1))
    GuaranteedAmount.objects.create(
        kind=kind, amount=100, effective_from=date(2020, 1, 1), citation="test", status="demo"
    )
    make.offer(world.supplier, kind, to=world.place.code)
    reference.forget()
    row = row_of(world, kind, readiness.NOT_READY)
    assert (row.supply.offers, row.supply.suppliers, row.supply.without) == (1, 1, {far.code})
    assert len(row.without) == 1
    assert len(row.lacks) == 2
    make.offer(make.supplier(), kind, to=region(world))
    row = row_of(world, kind, readiness.READY)
    assert (row.supply.offers, row.supply.suppliers, row.lacks, row.without) == (2, 2, [], [])
    assert readiness.view(region(world)).counts["ready"] == 1


def test_supplier_that_takes_no_orders__offers_nothing(world: World) -> None:
    assert row_of(world, world.kind).supply.offers == 1
    world.supplier.suspended_since, world.supplier.suspension_basis = TODAY, "test"
    world.supplier.save()
    assert row_of(world, world.kind).supply.offers == 0


def test_what_the_local_body_buys__needs_nothing_of_the_portal(anybody: Client, world: World) -> None:
    make.kind("PO-05", name_en="orthopaedic shoes", channel="procurement", orderable_from=None, position=6)
    reference.forget()
    page = open_page(anybody, f"/readiness/{region(world)}?state=bought")
    assert "The local body buys it: nothing is chosen on the portal." in page.main
    assert "Adult diapers" not in page.main


def test_page__is_open_to_everybody_and_tells_nothing_of_few_people(anybody: Client, world: World) -> None:
    assert [one.address for one in open_page(anybody, "/readiness").links if "/readiness/" in one.address]
    (row,) = [row for row in open_page(anybody, f"/readiness/{region(world)}").rows if row[0] == "Adult diapers"]
    assert row[1:6] == ["1 January 2020", "yes", "1", "1", "–"]
    assert "There is one supplier only" in row[6]
    actions.count()
    (row,) = [row for row in open_page(anybody, f"/readiness/{region(world)}").rows if row[0] == "Adult diapers"]
    assert row[5] == "fewer than 5"
    assert anybody.get("/readiness/999999999").status_code == 404


def test_officer__is_led_to_the_own_region_and_may_look_at_others(world: World) -> None:
    client = world.client(world.officer)
    assert client.get("/readiness")["Location"] == f"/readiness/{region(world)}"
    assert client.get("/readiness?all=1").status_code == 200


def test_page__asks_as_many_queries_however_much_is_offered(
    world: World, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    readiness.view(region(world))
    for _ in range(3):
        make.offer(make.supplier(), world.kind, to=region(world))
    with django_assert_max_num_queries(9):
        readiness.view(region(world))


def test_preparation__names_who_is_not_trained_and_counts_suppliers_and_programmes(
    anybody: Client, world: World
) -> None:
    code, address = region(world), f"/readiness/{region(world)}"
    far = make.district("105200000")
    body = make.officer(far).organisation_id
    found = readiness.view(code).preparation
    assert (found.staff, found.trained, found.suppliers, found.loaded) == (2, 0, 1, None)
    assert len(found.untrained) == 2
    assert "not counted yet" in open_page(anybody, address).main
    for organisation in Organisation.objects.filter(pk__in=[world.officer.organisation_id, body]):
        assert not readiness.view(code).preparation.is_ready
        record_training(
            actor=world.admin,
            organisation=organisation,
            members=officers_in(organisation.pk).values_list("pk", flat=True),
            on=TODAY,
        )
    actions.count()
    found = readiness.view(code).preparation
    assert (found.trained, found.untrained, found.is_ready) == (2, [], True)
    page = open_page(anybody, address)
    assert "Officers 2 Of them trained in the work on the portal 2 Suppliers" in page.main
    assert "Individual programmes on the portal fewer than 5" in page.main, "of few people nothing is told"
    for n in range(5):
        make.programme(make.person(place=world.place), world.kind, quantity=n + 1)
    actions.count()
    found = readiness.view(code).preparation
    assert found.loaded is not None
    assert (found.loaded.programmes, found.loaded.lines, found.loaded.newest_on) == (5, 5, TODAY)
    Programme.objects.update(state=Programme.State.EXPIRED)
    actions.count()
    assert "none yet" in open_page(anybody, address).main
