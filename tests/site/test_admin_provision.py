"""How kinds are provided, at the administrator's desk: a version with the commission's conclusion, and withdrawal."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page, read, text
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.models import KindProvision
from tirek.catalogue.provision import PROVISIONS
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed
from tirek.core.keys import uuid7
from tirek.core.reference.amendments import Amendment

pytestmark = pytest.mark.django_db
NEW = "/manage/provision/GI-01/new"
FORM = {
    "region_code": "100000000",
    "way": "procurement",
    "conclusion_number": "14-2026",
    **{f"conclusion_on_{part}": value for part, value in (("day", "1"), ("month", "12"), ("year", "2026"))},
    **{f"effective_from_{part}": value for part, value in (("day", "1"), ("month", "1"), ("year", "2027"))},
    **{f"effective_to_{part}": value for part, value in (("day", "30"), ("month", "6"), ("year", "2027"))},
    "citation": "Decision 9",
    "status": "approved",
    "reason": "",
}


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(make.member(make.organisation("centre"), "admin"))


def test_pages__check_save_tell_what_changes_and_withdraw(world: World, admin: Client) -> None:
    assert world.placed
    assert "Every kind is provided as the classifier says" in text(admin, "/manage/provision")
    checked = admin.post(NEW, FORM).content.decode().replace("\xa0", " ")
    for words in (
        "Bought by the local body",
        "Conclusion of the commission: No 14-2026, 1 December 2026",
        "Last day: 30 June 2027",
        "People choose and order it on the portal.",
        "they go on",
    ):
        assert words in checked, words
    assert not KindProvision.objects.exists()
    saved = admin.post(NEW, {**FORM, "confirmed": "yes"}, follow=True).content.decode().replace("\xa0", " ")
    assert "The new version is saved." in saved
    assert "Conclusion of the commission: No 14-2026, 1 December 2026" in saved
    row = KindProvision.objects.get()
    assert (row.way, row.region_code, row.effective_to) == ("procurement", "100000000", date(2027, 6, 30))
    assert [one.area for one in Amendment.objects.all()] == [Amendment.Area.PROVISION]
    analyst = Actor(desk=Desk.ANALYST, user_id=uuid7())
    assert [len(PROVISIONS.listed(analyst, date(2027, month, 1))) for month in (6, 7)] == [1, 0]
    address = f"/manage/provision/GI-01/withdraw/{row.pk}"
    assert "Withdraw this version?" in text(admin, address)
    assert b"The version is withdrawn." in admin.post(address, follow=True).content
    assert not KindProvision.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("conclusion_number", {"conclusion_number": ""}),
        ("conclusion_on", {"conclusion_on_year": "2027", "conclusion_on_month": "3"}),
        ("region_code", {"region_code": "country"}),
        ("effective_to", {"effective_to_year": "2026"}),
        ("way", {"way": "portal"}),
    ],
)
def test_pages__say_beside_the_field_what_is_wrong_and_keep_what_was_typed(
    world: World, admin: Client, field: str, given: dict[str, str]
) -> None:
    refused = admin.post(NEW, {**FORM, **given, "confirmed": "yes"})
    assert refused.status_code == 422
    page = read(refused)
    assert len(page.errors) == 1
    assert f"id_{field}" in page.html.partition("govuk-error-summary")[2][:900]
    assert "Decision 9" in page.html
    assert not Amendment.objects.exists()


def test_provision__is_amended_by_administrators_alone_and_read_by_analysts(world: World) -> None:
    row = KindProvision(kind=world.kind, way="closed", effective_from=date(2027, 1, 1), citation="x", status="demo")
    for one in Desk:
        actor = Actor(desk=one, user_id=uuid7())
        if one is not Desk.ADMIN:
            with pytest.raises(NotAllowed):
                PROVISIONS.amend(actor=actor, row=row)
        if one not in {Desk.ADMIN, Desk.ANALYST}:
            with pytest.raises(NotAllowed):
                PROVISIONS.listed(actor, date(2027, 1, 1))
    analyst = signed_in(make.member(make.organisation("centre"), "analyst"))
    assert "New version" not in open_page(analyst, "/manage/provision/GI-01").main
    assert analyst.post(NEW, {**FORM, "confirmed": "yes"}).status_code == 403
