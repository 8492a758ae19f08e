"""What a programme requires and what it wishes, against what is offered; and every measured parameter has a rule."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from django.http import QueryDict
from django.utils import translation
from tests import factories as make

from tirek.catalogue import queries, ranking, reference_data
from tirek.catalogue.forms import NarrowForm
from tirek.catalogue.models import FitRule
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.queries import Requirement
from tirek.catalogue.rules import Comparison, Relation, Verdict, fit
from tirek.catalogue.words import MEASUREMENTS, Words
from tirek.core import clock, reference

WAIST: Final = [Comparison("waist_max_cm", "waist_cm", Relation.AT_LEAST)]


@pytest.mark.parametrize(
    ("offered", "must", "verdict", "barred"),
    [
        ({"type": "posterior"}, {"type"}, Verdict.FITS, False),
        ({"type": "static"}, {"type"}, Verdict.DOES_NOT_FIT, True),
        ({"type": "static"}, set(), Verdict.DOES_NOT_FIT, False),
        ({"type": "both"}, {"type"}, Verdict.FITS, False),
        ({}, {"type"}, Verdict.UNKNOWN, False),
        ({"type": ""}, {"type"}, Verdict.UNKNOWN, False),
        ({}, set(), Verdict.NOT_COMPARED, False),
        ({"waist_max_cm": 110}, {"type"}, Verdict.UNKNOWN, False),
        ({"waist_max_cm": 70, "type": "posterior"}, {"type"}, Verdict.DOES_NOT_FIT, False),
    ],
)
def test_fit__what_must_match_bars_and_a_wish_does_not(
    offered: dict[str, object], must: set[str], verdict: Verdict, *, barred: bool
) -> None:
    found = fit(offered, measured={"waist_cm": 90}, recommended={"type": "posterior"}, must=must, comparisons=WAIST)
    assert (found.verdict, found.barred is not None) == (verdict, barred)


def test_fit__values_are_compared_as_what_they_are() -> None:
    asked = {"foldable": True, "width_cm": 60, "language": "any"}
    told = fit(
        {"foldable": True, "width_cm": 60.0, "language": "kk"},
        measured={},
        recommended=asked,
        must=asked,
        comparisons=[],
    )
    assert told.verdict is Verdict.FITS
    wrong = fit({"foldable": False, "width_cm": 60}, measured={}, recommended=asked, must={"foldable"}, comparisons=[])
    assert wrong.barred is not None
    assert wrong.barred.parameter == "foldable"


def test_fit__what_must_match_is_told_before_a_wish() -> None:
    found = fit({"a": "1", "b": "1"}, measured={}, recommended={"a": "2", "b": "2"}, must={"b"}, comparisons=[])
    assert [one.parameter for one in found.reasons] == ["b", "a"]


@pytest.mark.parametrize(
    ("rule", "offered", "needed", "verdict"),
    [
        (Comparison("child", "age_years", Relation.AGE_GROUP), True, 8, Verdict.FITS),
        (Comparison("child", "age_years", Relation.AGE_GROUP), True, 40, Verdict.DOES_NOT_FIT),
        (Comparison("child", "age_years", Relation.AGE_GROUP), False, 40, Verdict.FITS),
        (Comparison("for", "person_group", Relation.PERSON_GROUP), "male", "male", Verdict.FITS),
        (Comparison("for", "person_group", Relation.PERSON_GROUP), "male", "female", Verdict.DOES_NOT_FIT),
    ],
)
def test_fit__for_whom_it_is_made(rule: Comparison, offered: object, needed: object, verdict: Verdict) -> None:
    measured = {rule.measurement: needed}
    assert fit({rule.parameter: offered}, measured=measured, recommended={}, comparisons=[rule]).verdict is verdict


@pytest.mark.django_db
def test_list__knows_what_must_match_and_what_was_not_compared() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        shop.person.measurements.create(parameter="waist_cm", number=90, measured_on=date(2026, 11, 1), source="self")
        pants = make.offer(
            shop.supplier, shop.kind, parameters={"waist_min_cm": 70, "waist_max_cm": 110, "type": "pants"}, days=9
        )
        tabs = make.offer(
            shop.supplier,
            shop.kind,
            price=Decimal(1),
            parameters={"waist_min_cm": 70, "waist_max_cm": 110, "type": "tabs"},
        )
        asked = Requirement(shop.kind.code, {"type": "pants"}, ["type"])
        listed = ranking.offers_that_fit(shop.person, asked)
        assert [one.offer.pk for one in listed] == [pants.pk, shop.offer.pk, tabs.pk]
        assert [one.fit.verdict for one in listed] == [Verdict.FITS, Verdict.UNKNOWN, Verdict.DOES_NOT_FIT]
        assert list(ranking.ranking(shop.person, asked, narrowed=Narrowed(fits=True))) == [pants.pk]
        bare = make.offer(shop.supplier, shop.kind, parameters={"type": "tabs"})
        nothing = Requirement(shop.kind.code, {})
        last = next(one for one in ranking.offers_that_fit(shop.person, nothing) if one.offer.pk == bare.pk)
        assert last.fit.verdict is Verdict.NOT_COMPARED
        assert bare.pk not in list(ranking.ranking(shop.person, nothing, narrowed=Narrowed(fits=True)))
        assert list(ranking.ranking(shop.person, nothing))[-1] == bare.pk


@pytest.mark.django_db
def test_words__tell_what_must_match() -> None:
    asked = Requirement(make.kind().code, {"type": "pants", "waist_min_cm": 70}, ["type"])
    words = Words(asked.kind_code)
    with translation.override("en"):
        told = words.asked(asked)
        assert (told.must, told.wishes) == ([("Waist", "pants")], [("Waist", "70\u00a0cm")])
        found = fit({"type": "tabs"}, measured={}, recommended=asked.recommended, must=asked.must, comparisons=[])
        assert found.barred is not None
        assert words.sentence(found.barred) == "Waist: tabs. The programme requires pants: it cannot be ordered."
        untold = fit({}, measured={}, recommended=asked.recommended, must=asked.must, comparisons=[])
        assert "the supplier does not tell" in words.reasons(untold)[0].text


@pytest.mark.django_db
def test_filter__by_what_fits_is_asked_only_where_something_tells_of_it() -> None:
    kind, bare = make.kind(), make.kind("GI-06")
    bare.parameters.exclude(code="type").delete()

    def only(kind_code: str, recommended: dict[str, object]) -> list[str]:
        asked = Requirement(kind_code, recommended)
        form = NarrowForm(QueryDict(), Words(kind_code), at_counter=False, asked=asked)
        return [code for code, _label in form.fields["only"].choices]  # type: ignore[attr-defined]

    assert only(bare.code, {}) == ["free", "stock"]
    assert only(bare.code, {"type": "tabs"}) == ["fits", "free", "stock"]
    assert only(kind.code, {}) == ["fits", "free", "stock"]


#: Numbers of kinds that are compared with no measurement of the person, and why.
_STUMP: Final = "the stump is measured at the fitting of a prosthesis, and is not kept"
_ROOM: Final = "of the thing and the place where it is used, not of the body"
_THING: Final = "of the thing alone"
_NOT_KEPT: Final = "this part of the body is measured at the fitting, and is not kept"
_NO_LENGTH: Final = "the number of a size, not a length in centimetres"
_SERVICE: Final = "what is agreed of a service"
NOT_COMPARED: Final = {
    "stump_length_cm": _STUMP,
    "stump_circumference_cm": _STUMP,
    "foot_size": _NO_LENGTH,
    "size": _NO_LENGTH,
    "size_fr": "the thickness of a catheter is chosen by a doctor",
    "foot_width_mm": _NOT_KEPT,
    "instep_mm": _NOT_KEPT,
    "leg_length_difference_mm": _NOT_KEPT,
    "trunk_height_cm": _NOT_KEPT,
    "segment_length_cm": _NOT_KEPT,
    "PO-06.hip_cm": "around the hips, while the measurement is their width when sitting",
    "circumference_cm": "of the part of the body that zone or joint names",
    "seat_height_cm": "the lower leg is not measured",
    "back_height_cm": "the back is not measured",
    "width_cm": _ROOM,
    "overall_width_cm": _ROOM,
    "indoor_turn_radius_cm": _ROOM,
    "chair_weight_kg": _THING,
    "camber_deg": _THING,
    "range_km": _THING,
    "climb_deg": _THING,
    "GI-03.length_cm": _THING,
    "GI-11.length_cm": "the length of a catheter is chosen by a doctor",
    "sections": _THING,
    "channels": _THING,
    "screen_inch": _THING,
    "gain_db": "an amplifier has a volume control",
    "ram_gb": _THING,
    "disk_gb": _THING,
    "memory_gb": _THING,
    "cells": _THING,
    "lines": _THING,
    "cells_per_line": _THING,
    "density_gsm": _THING,
    "strips_included": _THING,
    "magnification": "sight is not measured here",
    "max_weight_kg": "scales weigh food",
    "absorbency_drops": _THING,
    "absorbency_ml": _THING,
    "volume_ml": _THING,
    "tube_length_cm": _THING,
    "weight_g": _THING,
    "flange_mm": "a plate and its bag fit each other",
    "days": _SERVICE,
    "hours_per_day": _SERVICE,
    "distance_max_km": _SERVICE,
    "age": _SERVICE,
}


def _parameters() -> list[tuple[str, str, str]]:
    """Kind, code and type of each parameter that is shipped."""
    return [
        (row["code"], *one.split(":"))  # type: ignore[misc]
        for row in reference_data._rows("kinds")
        for one in row["suggested_parameters"].split(";")
    ]


@pytest.mark.django_db
def test_rules__each_measured_parameter_has_one_or_a_reason_why_not() -> None:
    reference_data.load_fit_rules()
    reference.forget()
    used: set[str] = set()
    for kind, code, of_type in _parameters():
        compared = {one.parameter for one in queries.comparisons(kind)}
        if of_type == "number":
            named = {f"{kind}.{code}", code} & set(NOT_COMPARED)
            used |= named
            assert (code in compared) != bool(named), (kind, code)
        elif code in {"for", "child"}:
            assert code in compared, (kind, code)
    assert used == set(NOT_COMPARED), "a reason for what there is not"
    measured = {one.measurement for one in FitRule.objects.all()}
    assert measured == {*MEASUREMENTS, "person_group"}, "each measurement is compared with something"


RULES: Final[list[tuple[str, dict[str, object], dict[str, object], Verdict]]] = [
    ("PO-02", {"body_weight_kg": 80}, {"weight_kg": 80}, Verdict.FITS),
    ("PO-06", {"waist_cm": 80, "chest_cm": 90}, {"waist_cm": 80, "chest_cm": 91}, Verdict.FITS),
    ("PO-07", {"height_cm": 125}, {"height_cm": 121}, Verdict.FITS),
    ("PO-12", {"height_cm": 90}, {"handle_height_cm": 84, "height_cm": 170}, Verdict.FITS),
    ("PO-12", {"height_cm": 80}, {"handle_height_cm": 84}, Verdict.DOES_NOT_FIT),
    ("TI-01", {"length_cm": 120}, {"height_cm": 170}, Verdict.FITS),
    ("TI-01", {"length_cm": 90}, {"height_cm": 170}, Verdict.DOES_NOT_FIT),
    ("GI-03", {"length_cm": 90}, {"height_cm": 170}, Verdict.NOT_COMPARED),
    ("SU-01", {"hearing_loss_db": 70}, {"hearing_loss_db": 60}, Verdict.FITS),
    ("SU-02", {"hearing_loss_db": 40}, {"hearing_loss_db": 60}, Verdict.DOES_NOT_FIT),
    ("GI-11", {"for": "female"}, {"person_group": "female", "age_years": 40}, Verdict.FITS),
    ("SM-04", {"max_load_kg": 120}, {"weight_kg": 121}, Verdict.DOES_NOT_FIT),
]


@pytest.mark.django_db
def test_rules__of_one_kind_say_what_they_mean() -> None:
    reference_data.load_fit_rules()
    reference.forget()
    for kind, offered, measured, verdict in RULES:
        assert queries.fit_of(measured, Requirement(kind, {}), offered).verdict is verdict, (kind, offered)


def test_kinds__made_to_individual_order_are_marked() -> None:
    marked = {row["code"] for row in reference_data._rows("kinds_portal") if row["made_to_order"] == "yes"}
    assert marked == {f"SM-0{n}" for n in range(1, 10)}
