"""Does an offer fit, and why; which offers a person sees, in which order; versions and stock."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests import factories as make

from tirek.catalogue import actions, queries, ranking
from tirek.catalogue.models import Kind, Offer, OfferVersion, Parameter
from tirek.catalogue.rules import Comparison, Fit, Relation, Verdict, delivers_to, fit, turn
from tirek.catalogue.words import Words
from tirek.core import clock, reference
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.suppliers.actions import lift_suspension, suspend_supplier

WAIST = [
    Comparison("waist_min_cm", "waist_cm", Relation.AT_MOST),
    Comparison("waist_max_cm", "waist_cm", Relation.AT_LEAST),
]
SEAT = [Comparison("seat_width_cm", "hip_cm", Relation.WITHIN, Decimal(2), Decimal(6))]
AGE = [Comparison("for", "age_years", Relation.AGE_GROUP)]


def _fit(
    offered: dict[str, object],
    measured: dict[str, object],
    rules: list[Comparison],
    wish: dict[str, object] | None = None,
) -> Fit:
    return fit(offered, measured=measured, recommended=wish or {}, comparisons=rules)


@pytest.mark.mission("S0.13")
@pytest.mark.parametrize(
    ("offered", "measured", "rules", "verdict"),
    [
        ({"waist_min_cm": 70, "waist_max_cm": 110}, {"waist_cm": 70}, WAIST, Verdict.FITS),
        ({"waist_min_cm": 70, "waist_max_cm": 110}, {"waist_cm": Decimal("110.5")}, WAIST, Verdict.DOES_NOT_FIT),
        ({"waist_min_cm": 70, "waist_max_cm": 110}, {}, WAIST, Verdict.UNKNOWN),
        ({"seat_width_cm": 39}, {"hip_cm": 37}, SEAT, Verdict.FITS),
        ({"seat_width_cm": 44}, {"hip_cm": 37}, SEAT, Verdict.DOES_NOT_FIT),
        ({"for": "child"}, {"age_years": 17}, AGE, Verdict.FITS),
        ({"for": "child"}, {"age_years": 18}, AGE, Verdict.DOES_NOT_FIT),
        ({"colour": "red"}, {}, WAIST, Verdict.NOT_COMPARED),
    ],
)
def test_fit__by_measurements(
    offered: dict[str, object], measured: dict[str, object], rules: list[Comparison], verdict: Verdict
) -> None:
    assert _fit(offered, measured, rules).verdict is verdict


def test_fit__the_programme_asks_for_a_parameter() -> None:
    assert _fit({"type": "posterior"}, {}, [], {"type": "posterior"}).verdict is Verdict.FITS
    assert _fit({"type": "static"}, {}, [], {"type": "posterior"}).verdict is Verdict.DOES_NOT_FIT
    assert _fit({"speech_language": "both"}, {}, [], {"speech_language": "kk"}).verdict is Verdict.FITS


def test_fit__the_worst_reason_stands_first() -> None:
    found = _fit({"waist_min_cm": 70, "waist_max_cm": 90, "seat_width_cm": 40}, {"waist_cm": 100}, WAIST + SEAT)
    assert [one.verdict for one in found.reasons] == [Verdict.DOES_NOT_FIT, Verdict.UNKNOWN, Verdict.FITS]


def test_delivery__to_a_district_by_its_own_code_or_its_region() -> None:
    assert delivers_to(["100000000"], "103600000")
    assert delivers_to(["103600000"], "103600000")
    assert not delivers_to(["101000000"], "103600000")


def test_turn__is_fair_over_time() -> None:
    offers = [uuid7() for _ in range(4)]
    firsts = {min(offers, key=lambda one: turn(str(one), date(2026, 1, 1) + timedelta(days=n))) for n in range(60)}
    assert firsts == set(offers)


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _listed(shop: make.Shop) -> list[queries.Listed]:
    with clock.at(make.MORNING):
        return ranking.offers_that_fit(shop.person, queries.Requirement(shop.kind.code, {}))


@pytest.mark.django_db
def test_list__what_fits_comes_first_and_the_cheapest_does_not(shop: make.Shop) -> None:
    shop.person.measurements.create(parameter="waist_cm", number=90, measured_on=date(2026, 11, 1), source="self")
    cheap = make.offer(
        shop.supplier, shop.kind, price=Decimal(1), parameters={"waist_min_cm": 30, "waist_max_cm": 60}, days=1
    )
    sold_out = make.offer(shop.supplier, shop.kind, price=Decimal(2), stock=0)
    listed = _listed(shop)
    assert [one.offer.pk for one in listed] == [shop.offer.pk, cheap.pk, sold_out.pk]
    assert [one.fit.verdict for one in listed[:2]] == [Verdict.FITS, Verdict.DOES_NOT_FIT]


@pytest.mark.django_db
@pytest.mark.mission("S2.16")
def test_list__shows_what_the_person_pays(shop: make.Shop) -> None:
    make.offer(shop.supplier, shop.kind, price=Decimal(250))
    assert sorted(one.person_pays for one in _listed(shop)) == [Decimal(0), Decimal(50)]


@pytest.mark.django_db
def test_list__leaves_out_what_cannot_be_ordered(shop: make.Shop) -> None:
    make.offer(shop.supplier, shop.kind, to="310000000")
    paused = make.offer(shop.supplier, shop.kind)
    Offer.objects.filter(pk=paused.pk).update(state="paused")
    assert [one.offer.pk for one in _listed(shop)] == [shop.offer.pk]
    clerk = make.officer(make.district(f"{shop.place.code[:2]}0000000"))
    with clock.at(make.MORNING):
        suspend_supplier(actor=clerk, supplier=shop.supplier, basis="№ 7")
    assert _listed(shop) == []
    lift_suspension(actor=clerk, supplier=shop.supplier, basis="№ 8")
    assert len(_listed(shop)) == 1


@pytest.mark.django_db
def test_list__takes_the_same_queries_for_one_and_three_offers(shop: make.Shop) -> None:
    _listed(shop)
    with CaptureQueriesContext(connection) as one:
        _listed(shop)
    for _ in range(2):
        make.offer(make.supplier(), shop.kind)
    _listed(shop)
    with CaptureQueriesContext(connection) as three:
        assert len(_listed(shop)) == 3
    assert len(one) == len(three)


@pytest.mark.finding("P-G5")
@pytest.mark.django_db
def test_list__reads_what_never_changes_once_in_a_process(shop: make.Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_known_versions", {})
    asked = queries.Requirement(shop.kind.code, {})

    def read() -> tuple[list[UUID], list[str]]:
        with CaptureQueriesContext(connection) as made:
            found = ranking.ranking(shop.person, asked)
        return list(found), [one["sql"] for one in made if "catalogue_offerversion" in one["sql"]]

    first, asked_first = read()
    assert (len(asked_first), read()) == (1, (first, []))
    dear = make.offer(make.supplier(), shop.kind)
    actions.change_price(actor=shop.supplier_actor, variant=shop.version.variant, price=Decimal(9_000))
    ranked, asked_again = read()
    assert (ranked, len(asked_again)) == ([dear.pk, *first], 1), "the new version is read, and counts"
    monkeypatch.setattr(ranking, "MOST_VERSIONS", 1)
    monkeypatch.setattr(ranking, "_known_versions", {})
    assert read()[0] == ranked
    make.offer(make.supplier(), shop.kind)
    read()
    assert len(ranking._known_versions) == 1, "what is remembered is bounded"


@pytest.mark.django_db
def test_price__a_new_one_is_a_new_version_and_the_old_stays(shop: make.Shop) -> None:
    variant = shop.version.variant
    with pytest.raises(NotAllowed):
        actions.change_price(actor=make.supplier_actor(make.supplier()), variant=variant, price=Decimal(1))
    with pytest.raises(RuleBroken):
        actions.change_price(actor=shop.supplier_actor, variant=variant, price=Decimal(0))
    actions.change_price(actor=shop.supplier_actor, variant=variant, price=Decimal(190))
    assert list(OfferVersion.objects.filter(variant=variant).order_by("n").values_list("n", "price")) == [
        (1, Decimal(180)),
        (2, Decimal(190)),
    ]
    with pytest.raises(ProgrammingError), transaction.atomic():
        OfferVersion.objects.filter(n=1).update(price=1)


@pytest.mark.django_db
def test_stock__is_the_suppliers_own(shop: make.Shop) -> None:
    variant = shop.version.variant
    with pytest.raises(NotAllowed):
        actions.set_stock(actor=make.supplier_actor(make.supplier()), variant=variant, stock=5)
    actions.set_stock(actor=shop.supplier_actor, variant=variant, stock=5)
    with pytest.raises(RuleBroken) as refused:
        actions.take_stock(variant.pk, 6)
    assert refused.value.code == "stock"
    with pytest.raises(NotFound):
        queries.variant_of_supplier(make.supplier().pk, variant.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "parameters", [{"colour": "red"}, {"waist_min_cm": "wide"}, {"type": "unknown"}, {"waist_min_cm": True}]
)
def test_offer__with_a_parameter_that_the_kind_does_not_have_is_refused(
    shop: make.Shop, parameters: dict[str, str | int | bool]
) -> None:
    with pytest.raises(RuleBroken):
        make.offer(shop.supplier, shop.kind, parameters=parameters)


@pytest.mark.django_db
def test_guaranteed_amount__is_that_of_the_region_at_the_date(shop: make.Shop) -> None:
    from tirek.catalogue.models import GuaranteedAmount

    GuaranteedAmount.objects.create(
        kind=shop.kind,
        region_code="100000000",
        amount=300,
        effective_from=date(2026, 7, 1),
        citation="t",
        status="demo",
    )
    reference.forget()
    assert queries.guaranteed_amount("GI-01", territory_code="103600000", on=date(2026, 11, 9)).amount == 300
    assert queries.guaranteed_amount("GI-01", territory_code="103600000", on=date(2026, 6, 30)).amount == 200
    assert queries.guaranteed_amount("GI-01", territory_code="311000000", on=date(2026, 11, 9)).amount == 200
    with pytest.raises(RuleBroken) as refused:
        queries.guaranteed_amount("GI-02", territory_code="311000000", on=date(2026, 11, 9))
    assert refused.value.code == "no_amount"


@pytest.mark.django_db
def test_catalogue__holds_65_kinds_with_words_in_three_languages() -> None:
    dict(reference.load())
    assert Kind.objects.count() == 65
    assert not Kind.objects.filter(name_kk="").exists()
    for parameter in Parameter.objects.all():
        assert parameter.name_kk, parameter.code
        assert parameter.name_ru, parameter.code
    for kind in Kind.objects.prefetch_related("parameters"):
        known = queries.choice_words(kind.code)
        assert {code for parameter in kind.parameters.all() for code in parameter.choices} <= set(known), kind.code


@pytest.mark.finding("J-M14")
@pytest.mark.django_db
def test_reasons__are_sentences_in_each_language(shop: make.Shop) -> None:
    shop.person.measurements.create(parameter="waist_cm", number=140, measured_on=date(2026, 11, 1), source="self")
    found = queries.fit_for(
        shop.person,
        queries.Requirement(shop.kind.code, {"type": "pants"}),
        {**shop.version.parameters, "type": "tabs"},
        on=date(2026, 11, 9),
    )
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            reasons = Words(shop.kind.code).reasons(found)
            sentences = [one.text for one in reasons]
            assert any(one.ruler is not None for one in reasons), "where the person stands between the bounds is drawn"
            assert len(sentences) == 2, "what bounds the waist is one sentence"
            assert any("140" in sentence for sentence in sentences)
            assert not any("%(" in sentence or "waist_" in sentence for sentence in sentences)
