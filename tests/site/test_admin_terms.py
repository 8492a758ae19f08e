"""Terms of kinds at the administrator's desk: versions by date and region, with their source, and what people read."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page, text
from tests.kit.sign_in import signed_in
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.catalogue.models import CarryOver, KindTerms, Period
from tirek.catalogue.reference_data import load_guaranteed_amounts, load_kinds, load_terms_of_kinds
from tirek.catalogue.terms import TERMS, terms_of
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.reference.amendments import Amendment

pytestmark = pytest.mark.django_db
ADMIN = Actor(desk=Desk.ADMIN, user_id=uuid7(), organisation_id=uuid7(), role="admin")
NEXT_YEAR = date(2027, 1, 1)
ABAI, ELSEWHERE = "103600000", "311000000"
IN_PARTS: dict[str, object] = {"period": "year", "norm": 1460, "part": "quarter", "part_quantity": 365}
FORM = {
    "region_code": "country",
    "period": "year",
    "norm": "1 460",
    "part": "quarter",
    "part_quantity": "365",
    "carry_over": "year",
    "max_per_order": "200",
    "replacement_months": "",
    "effective_from_day": "1",
    "effective_from_month": "1",
    "effective_from_year": "2027",
    "citation": "Order 5",
    "status": "approved",
    "reason": "",
}
NEW = "/manage/terms/GI-01/new"


@pytest.fixture
def world() -> Iterator[World]:
    """Adult diapers: 1 460 a year, 365 each quarter, the rest written off."""
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(make.member(make.organisation("centre"), "admin"))


def version(*, region: str = "", since: date = NEXT_YEAR, **said: object) -> KindTerms:
    told = {"citation": "Order 5", "status": "approved", **IN_PARTS, **said}
    return KindTerms(kind_id="GI-01", region_code=region, effective_from=since, **told)


def at(place: str, on: date) -> KindTerms:
    return terms_of("GI-01", territory_code=place, on=on)


def test_new_terms__hold_from_their_day_in_their_region_and_are_withdrawn_before_it(world: World) -> None:
    row = TERMS.amend(actor=ADMIN, row=version(region="100000000", max_per_order=90))
    assert [at(place, NEXT_YEAR).max_per_order for place in (ABAI, ELSEWHERE)] == [90, None]
    assert at(ABAI, date(2026, 12, 31)).max_per_order is None
    TERMS.withdraw(actor=ADMIN, key=row.pk)
    assert at(ABAI, NEXT_YEAR).max_per_order is None
    kept = Amendment.objects.order_by("at", "pk").values_list("area", "kind", "what", "facts__max_per_order")
    assert list(kept) == [("terms", "added", "GI-01 100000000", 90), ("terms", "withdrawn", "GI-01 100000000", 90)]
    with pytest.raises(NotFound):
        TERMS.withdraw(actor=ADMIN, key=row.pk)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("norm", {"norm": 0}),
        ("part_quantity", {"part_quantity": 100_001}),
        ("max_per_order", {"max_per_order": 0}),
        ("replacement_months", {"replacement_months": 12}),
        ("replacement_months", {"period": "once", "part": "", "part_quantity": None, "replacement_months": 361}),
        ("part", {"period": "month"}),
        ("part", {"part": "year"}),
        ("part_quantity", {"part": ""}),
        ("carry_over", {"part": "", "part_quantity": None, "carry_over": "year"}),
        ("region", {"region": "999999999"}),
        ("citation", {"citation": ""}),
        ("past", {"since": date(2026, 11, 8)}),
        ("overlap", {"since": date(2020, 1, 1)}),
    ],
)
def test_new_terms__say_what_is_wrong(world: World, code: str, said: dict[str, object]) -> None:
    row = version(**said)  # type: ignore[arg-type]  # one each
    with pytest.raises(RuleBroken) as error:
        TERMS.amend(actor=ADMIN, row=row, reason="late" if code == "overlap" else "")
    assert error.value.code == code
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"norm": 0},
        {"part": "", "part_quantity": 5},
        {"part": "year"},
        {"period": "month"},
        {"replacement_months": 12},
        {"part": "", "part_quantity": None, "carry_over": "year"},
    ],
)
def test_database__refuses_terms_that_do_not_hold_together(world: World, said: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        version(**said).save()  # type: ignore[arg-type]  # one each


@pytest.mark.parametrize("desk", [one for one in Desk if one is not Desk.ADMIN])
def test_terms__are_amended_by_administrators_alone(world: World, desk: Desk) -> None:
    actor = Actor(desk=desk, user_id=uuid7())
    for act in (
        lambda: TERMS.amend(actor=actor, row=version()),
        lambda: TERMS.check(actor=actor, row=version()),
        lambda: TERMS.withdraw(actor=actor, key=KindTerms.objects.get(kind="GI-01").pk),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("desk", [one for one in Desk if one not in {Desk.ADMIN, Desk.ANALYST}])
def test_terms__are_listed_to_administrators_and_analysts_alone(world: World, desk: Desk) -> None:
    actor = Actor(desk=desk, user_id=uuid7())
    for read in (
        lambda: TERMS.listed(actor, NEXT_YEAR),
        lambda: TERMS.versions(actor, world.kind),
        lambda: TERMS.amendments(actor, world.kind, []),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_file__that_comes_again_leaves_the_terms_of_an_administrator() -> None:
    load_kinds()
    load_terms_of_kinds()
    reference.forget()
    hours = at_kind("US-02")
    assert (hours.norm, hours.period, hours.status) == (8, Period.DAY, "approved")
    assert at_kind("SU-01").replacement_months == 48
    with clock.at(make.MORNING):
        row = version()
        row.kind_id = "GI-02"
        TERMS.amend(actor=ADMIN, row=row)
    load_terms_of_kinds()
    assert [one.citation for one in KindTerms.objects.filter(kind="GI-02").order_by("effective_from")][1:] == [
        "Order 5"
    ]


def at_kind(code: str) -> KindTerms:
    return terms_of(code, territory_code=ABAI, on=date(2026, 11, 9))


def test_pages__check_save_tell_who_and_withdraw(world: World, admin: Client) -> None:
    assert world.placed
    begun = open_page(admin, NEW)
    assert 'value="1460"' in begun.html
    checked = admin.post(NEW, FORM).content.decode().replace("\u00a0", " ")
    for words in (
        "1 460 pieces a year",
        "Given out in parts: 365 pieces a quarter",
        "What is not ordered in a period is carried on to the end of the year",
        "What is not ordered in a period is written off at its end",
        "At most 200 pieces in one order",
        "they keep the quantity and the parts that they were given",
        "Open orders of this kind there",
    ):
        assert words in checked, words
    assert KindTerms.objects.filter(kind="GI-01").count() == 1
    saved = admin.post(NEW, {**FORM, "confirmed": "yes"}, follow=True).content.decode().replace("\u00a0", " ")
    assert "The new version is saved." in saved
    assert "At most 200 pieces in one order (whole country) from 1 January 2027" in " ".join(saved.split())
    row = KindTerms.objects.get(kind="GI-01", effective_from=NEXT_YEAR)
    assert (row.carry_over, row.max_per_order, row.citation) == (CarryOver.YEAR, 200, "Order 5")
    address = f"/manage/terms/GI-01/withdraw/{row.pk}"
    assert "Withdraw this version?" in text(admin, address)
    assert b"The version is withdrawn." in admin.post(address, follow=True).content
    assert admin.get(f"/manage/terms/GI-01/withdraw/{UUID(int=7)}").status_code == 404


def test_pages__say_beside_the_field_what_is_wrong_and_keep_what_was_typed(world: World, admin: Client) -> None:
    refused = admin.post(NEW, {**FORM, "replacement_months": "12", "confirmed": "yes"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Only what is given once for the programme has a term to the next one." in page
    assert 'href="#id_replacement_months"' in page
    assert 'value="200"' in page
    assert not Amendment.objects.exists()


def test_analyst__reads_terms_and_cannot_amend(world: World) -> None:
    client = signed_in(make.member(make.organisation("centre"), "analyst"))
    assert "New version" not in text(client, "/manage/terms/GI-01")
    assert client.post(NEW, {**FORM, "confirmed": "yes"}).status_code == 403


def test_list__tells_terms_in_words_and_kinds_without_any(world: World, admin: Client) -> None:
    make.kind("SU-06")
    page = text(admin, "/manage/terms").replace("\u00a0", " ")
    assert "Given out in parts: 365 pieces a quarter" in page
    assert "Kinds without terms" in page
    assert "/manage/terms/SU-06" in open_page(admin, "/manage/terms").html


def test_everybody__reads_the_terms_of_a_kind_with_their_source() -> None:
    load_kinds()
    load_guaranteed_amounts()
    load_terms_of_kinds()
    reference.forget()
    client = Client()
    client.cookies["tirek_language"] = "en"
    with clock.at(make.MORNING):
        kind = text(client, "/things/GI-01").replace("\u00a0", " ")
        assert "1 460 pieces a year" in kind
        assert "Given out in parts: 365 pieces a quarter" in kind
        told = text(client, "/terms").replace("\u00a0", " ")
    assert "60 hours a year" in told
    assert "A new one 48 months after receipt" in told


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once__make_one_version() -> None:
    with clock.at(make.MORNING):
        make.kind()
        found = at_once(
            lambda: TERMS.amend(actor=ADMIN, row=version(max_per_order=90)),
            lambda: TERMS.amend(actor=ADMIN, row=version(max_per_order=80)),
        )
    refused = [one for one in found if isinstance(one, RuleBroken)]
    assert [one.code for one in refused] == ["overlap"]
    assert KindTerms.objects.filter(effective_from=NEXT_YEAR).count() == 1
