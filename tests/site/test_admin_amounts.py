"""Guaranteed amounts at the administrator's desk, and what a new version of a value reaches."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.sign_in import signed_in
from tests.kit.world import World
from tests.markup import folded

from tirek.catalogue.amounts import AMOUNTS, effect_of
from tirek.catalogue.models import GuaranteedAmount
from tirek.catalogue.queries import guaranteed_amount
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.reference import amendments
from tirek.core.reference.amendments import Amendment
from tirek.orders import actions
from tirek.organisations.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-A3")]
ADMIN = Actor(desk=Desk.ADMIN, user_id=uuid7(), organisation_id=uuid7(), role="admin")
NEXT_YEAR = date(2027, 1, 1)
ABAI, ELSEWHERE = "103600000", "311000000"
FORM = {
    "region_code": "country",
    "amount": "150",
    "effective_from_day": "1",
    "effective_from_month": "1",
    "effective_from_year": "2027",
    "citation": "Order 5",
    "status": "approved",
    "reason": "",
}
NEW = "/manage/prices/GI-01/new"


@pytest.fixture
def world() -> Iterator[World]:
    """Adult diapers for 180, of which the budget pays up to 200."""
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def boss(world: World) -> Membership:
    return make.member(make.organisation("centre"), "admin")


@pytest.fixture
def admin(boss: Membership) -> Client:
    return signed_in(boss)


def said(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, response.content.decode()
    return folded(response.content.decode().replace("\u00a0", " "))


def version(amount: int = 150, *, region: str = "", since: date = NEXT_YEAR, **said: str) -> GuaranteedAmount:
    told = {"citation": "Order 5", "status": "approved", **said}
    return GuaranteedAmount(kind_id="GI-01", region_code=region, amount=Decimal(amount), effective_from=since, **told)


def paid(place: str, on: date) -> int:
    return int(guaranteed_amount("GI-01", territory_code=place, on=on).amount)


def test_new_amount__holds_from_its_day_and_is_withdrawn_before_it(world: World) -> None:
    assert paid(ABAI, NEXT_YEAR) == 200
    row = AMOUNTS.amend(actor=ADMIN, row=version())
    assert (paid(ABAI, date(2026, 12, 31)), paid(ABAI, NEXT_YEAR)) == (200, 150)
    first = GuaranteedAmount.objects.get(kind="GI-01", amount=200)
    assert (first.effective_to, first.closed_by) == (date(2026, 12, 31), row.pk)
    AMOUNTS.withdraw(actor=ADMIN, key=row.pk)
    first.refresh_from_db()
    assert (first.effective_to, first.closed_by, paid(ABAI, NEXT_YEAR)) == (None, None, 200)
    kept = Amendment.objects.order_by("at", "pk")
    assert [(one.kind, one.what, one.actor_id) for one in kept] == [
        ("added", "GI-01", ADMIN.user_id),
        ("withdrawn", "GI-01", ADMIN.user_id),
    ]
    with pytest.raises(NotFound):
        AMOUNTS.withdraw(actor=ADMIN, key=row.pk)


def test_amount_of_a_region__goes_before_that_of_the_country(world: World) -> None:
    AMOUNTS.amend(actor=ADMIN, row=version(300, region="100000000"))
    assert (paid(ABAI, NEXT_YEAR), paid(ELSEWHERE, NEXT_YEAR), paid(ABAI, date(2026, 12, 31))) == (300, 200, 200)


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("amount", {"amount": 0}),
        ("region", {"region": "999999999"}),
        ("citation", {"citation": " "}),
        ("past", {"since": date(2026, 11, 8)}),
        ("far_day", {"since": date(2040, 1, 1)}),
        ("overlap", {"since": date(2020, 1, 1)}),
    ],
)
def test_new_amount__says_what_is_wrong(world: World, code: str, row: dict[str, object]) -> None:
    reason = "late" if code == "overlap" else ""
    with pytest.raises(RuleBroken) as error:
        AMOUNTS.amend(actor=ADMIN, row=version(**row), reason=reason)  # type: ignore[arg-type]  # one each
    assert error.value.code == code
    assert not Amendment.objects.exists()


def test_amount_in_force__is_not_withdrawn_but_replaced_on_its_day(world: World) -> None:
    row = AMOUNTS.amend(actor=ADMIN, row=version(since=clock.today()))
    with pytest.raises(RuleBroken, match="in_force"):
        AMOUNTS.withdraw(actor=ADMIN, key=row.pk)
    AMOUNTS.amend(actor=ADMIN, row=version(160, since=clock.today()))
    assert paid(ABAI, clock.today()) == 160
    assert not GuaranteedAmount.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("desk", [one for one in Desk if one is not Desk.ADMIN])
def test_amounts__are_amended_by_administrators_alone(world: World, desk: Desk) -> None:
    actor = Actor(desk=desk, user_id=uuid7())
    standing = GuaranteedAmount.objects.get(kind="GI-01")
    for act in (
        lambda: AMOUNTS.amend(actor=actor, row=version()),
        lambda: AMOUNTS.check(actor=actor, row=version()),
        lambda: AMOUNTS.withdraw(actor=actor, key=standing.pk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_effect__counts_offers_by_what_people_would_pay_themselves(world: World) -> None:
    make.offer(make.supplier(), world.kind, price=Decimal(250), to="100000000")
    make.district("311010000")
    make.offer(make.supplier(), world.kind, price=Decimal(90), to="310000000")
    lower = effect_of(version(150))
    assert (lower.before, lower.offers, lower.dearer, lower.cheaper, lower.free) == (200, 3, 2, 0, 1)
    higher = effect_of(version(300))
    assert (higher.offers, higher.dearer, higher.cheaper, higher.free) == (3, 0, 1, 3)
    there = effect_of(version(100, region="310000000"))
    assert (there.before, there.offers, there.dearer, there.free) == (200, 1, 0, 1)
    AMOUNTS.amend(actor=ADMIN, row=version(200, region="310000000"))
    assert effect_of(version(150)).offers == 2


def test_file__that_comes_again_leaves_the_amounts_of_an_administrator(world: World) -> None:
    from tirek.catalogue.reference_data import load_guaranteed_amounts, load_kinds

    load_kinds()
    load_guaranteed_amounts()
    reference.forget()
    kept = GuaranteedAmount.objects.get(kind="PO-04")
    row = version(20_000)
    row.kind_id = "PO-04"
    AMOUNTS.amend(actor=ADMIN, row=row)
    load_guaranteed_amounts()
    kept.refresh_from_db()
    assert kept.effective_to == date(2026, 12, 31)
    assert GuaranteedAmount.objects.filter(kind="PO-04").count() == 2


def test_pages__check_save_tell_who_and_withdraw(world: World, admin: Client, boss: Membership) -> None:
    assert world.placed
    make.offer(make.supplier(), world.kind, price=Decimal(250), to="100000000")
    checked = folded(admin.post(NEW, FORM).content.decode().replace("\u00a0", " "))
    assert "Check the new version" in checked
    for label, value in {
        "Before it": "200 ₸",
        "Offers of this kind there": "2",
        "Of them, people would pay more for": "2",
        "Of them, people would pay nothing for": "0",
        "Open orders of this kind there": "1 (they keep the amount of the day they were sent)",
    }.items():
        assert f'{label}</dt><dd class="govuk-summary-list__value">{value}' in checked, label
    assert GuaranteedAmount.objects.filter(kind="GI-01").count() == 1
    page = folded(admin.post(NEW, {**FORM, "confirmed": "yes"}, follow=True).content.decode().replace("\u00a0", " "))
    assert "The new version is saved." in page
    assert f"{boss.user.name or boss.user.email}: added 150 ₸ (whole country) from 1 January 2027" in page
    row = GuaranteedAmount.objects.get(kind="GI-01", amount=150)
    address = f"/manage/prices/GI-01/withdraw/{row.pk}"
    assert "Withdraw this version?" in said(admin, address)
    assert b"The version is withdrawn." in admin.post(address, follow=True).content
    assert admin.get(address).status_code == 404
    assert "withdrawn 150 ₸" in said(admin, "/manage/prices/GI-01")


def test_pages__say_beside_the_field_what_is_wrong_and_lead_back(world: World, admin: Client) -> None:
    refused = admin.post(NEW, {**FORM, "amount": "0", "confirmed": "yes"})
    assert refused.status_code == 422
    assert b"The amount must be more than 0" in refused.content
    again = admin.post(NEW, {**FORM, "change": "yes"})
    assert b'value="Order 5"' in again.content
    assert b"Save the version" not in again.content
    assert admin.get("/manage/prices/no-such").status_code == 404


def test_analyst__reads_amounts_and_cannot_amend(world: World) -> None:
    client = signed_in(make.member(make.organisation("centre"), "analyst"))
    assert "New version" not in said(client, "/manage/prices/GI-01")
    assert client.post(NEW, {**FORM, "confirmed": "yes"}).status_code == 403


def test_kind_without_an_amount__is_listed(world: World, admin: Client) -> None:
    assert "Kinds without an amount" not in said(admin, "/manage/prices")
    GuaranteedAmount.objects.filter(kind="GI-01").delete()
    page = said(admin, "/manage/prices")
    assert "Kinds without an amount" in page
    assert "/manage/prices/GI-01" in page
    assert "This kind has no amount yet" in said(admin, "/manage/prices/GI-01")


VALUE = {
    "value": "4",
    "unit": "working_days",
    "effective_from_day": "1",
    "effective_from_month": "1",
    "effective_from_year": "2027",
    "citation": "Order 5",
    "status": "approved",
    "reason": "",
}


def changed(client: Client, key: str) -> tuple[str, str, str]:
    """The page before saving, the coming version in the table, and the list of amendments, of a changed value."""
    unit = reference.history(key, "")[0].unit.value
    form = {**VALUE, "unit": unit}
    checked = folded(client.post(f"/manage/reference/{key}/new", form).content.decode().replace("\u00a0", " "))
    client.post(f"/manage/reference/{key}/new", {**form, "confirmed": "yes"})
    versions, _heading, told = said(client, f"/manage/reference/{key}").partition("Amendments</h2>")
    return checked, versions, told


def test_change_of_a_value__tells_the_open_cases_that_it_can_reach(world: World, admin: Client) -> None:
    assert world.placed
    checked, versions, told = changed(admin, "order.confirmation")
    assert "It can still reach: 1 open order." in checked
    assert "can still reach: 1 open order" in versions
    assert "On that day it could still reach: 1 open order." in told


def test_change_of_a_value__that_reaches_no_open_case_says_so(world: World, admin: Client) -> None:
    """Whoever was declined comes never again to where the supplier's time to answer begins."""
    actions.decline_order(actor=world.supplier_actor, order=world.placed, reason="capacity")
    checked, versions, told = changed(admin, "order.acceptance")
    assert "It reaches no open case: new cases only." in checked
    assert "for new cases only" in versions
    assert "It reached no open case: new cases only." in told


def test_change_of_a_value__says_nothing_where_nobody_counts(world: World, admin: Client) -> None:
    checked, versions, told = changed(admin, "drafts.keep")
    assert "Open cases" not in checked
    assert "new cases only" not in versions + told


def test_every_value_of_orders_and_entitlements__says_what_it_reaches(world: World) -> None:
    keys = {one.key for one in reference.all_versions()}
    counted = {key for key in keys if key.partition(".")[0] in {"order", "entitlement", "quota"}}
    assert counted
    assert {key for key in counted if reference.reached(key) is None} == set()


def test_reached__is_kept_as_it_was_when_the_version_was_made(world: World) -> None:
    newest = reference.history("order.confirmation", "")[0]
    amendments.amend_value(actor=ADMIN, one=replace(newest, effective_from=NEXT_YEAR, effective_to=None))
    assert world.placed
    assert Amendment.objects.get().facts["reached"] == 0
    assert reference.reached("order.confirmation") == 1
