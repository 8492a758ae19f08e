"""How КАТО codes contain one another, and that the database and the program agree on it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.made_up import Well, begun

from tirek.core.actors import Actor
from tirek.core.places import covered, prefix_of, region_of, within

codes = st.text("0123456789", min_size=9, max_size=9)
ABAI, KURCHATOV, SEMEY, ALMATY = "100000000", "101810000", "101010000", "750000000"


@pytest.mark.parametrize(
    ("territory", "prefix"), [(ABAI, "10"), (ALMATY, "75"), (KURCHATOV, "1018"), (SEMEY, "1010"), ("", "")]
)
def test_prefix__two_digits_name_a_region_and_four_a_district(territory: str, prefix: str) -> None:
    assert prefix_of(territory) == prefix


@pytest.mark.parametrize(
    ("place", "territory", "lies"),
    [
        (KURCHATOV, KURCHATOV, True),
        (KURCHATOV, ABAI, True),
        ("101830000", KURCHATOV, True),
        (ABAI, KURCHATOV, False),
        (SEMEY, KURCHATOV, False),
        (KURCHATOV, ALMATY, False),
        ("751110000", ALMATY, True),
        (KURCHATOV, "", False),
        ("", KURCHATOV, False),
        ("", "", False),
    ],
)
def test_within__a_region_holds_its_districts_and_nothing_lies_nowhere(place: str, territory: str, lies: bool) -> None:
    assert within(place, territory) is lies


@given(codes)
def test_within__every_place_lies_in_itself_and_in_its_region_and_nothing_in_no_place(code: str) -> None:
    assert within(code, code)
    assert within(code, region_of(code))
    assert region_of(region_of(code)) == region_of(code)
    assert not within(code, "")


@given(codes, codes, codes)
def test_within__is_handed_on(place: str, district: str, other: str) -> None:
    inner = place[:4] + district[4:]
    region = region_of(other)
    if within(place, inner) and within(inner, region):
        assert within(place, region)


def test_region__of_no_place_is_no_place() -> None:
    assert region_of("") == ""
    assert region_of(KURCHATOV) == ABAI


def test_covered__finds_in_the_database_what_lies_within(clerk: Actor) -> None:
    dice = random.Random(11)  # noqa: S311 - the same codes in every run
    near = [
        f"{region}{district}{rest}"
        for region in ("09", "10", "11")
        for district in ("00", "10", "18", "99")
        for rest in ("00000", "10000", "99999")
    ]
    any_code = ["".join(dice.choices("0123456789", k=9)) for _n in range(40)]
    for code in {*near, *any_code}:
        begun(Well, clerk)
        Well._default_manager.filter(territory_code=clerk.territory).update(territory_code=code)
    places = set(Well._default_manager.values_list("territory_code", flat=True))
    for territory in (*near, *any_code[:10], ABAI, KURCHATOV, ""):
        found = set(
            Well._default_manager.filter(covered(territory, "territory_code")).values_list("territory_code", flat=True)
        )
        assert found == {code for code in places if within(code, territory)}, territory


def test_covered__no_territory_covers_nothing_not_everything(clerk: Actor) -> None:
    begun(Well, clerk)
    assert not Well._default_manager.filter(covered("", "territory_code")).exists()
