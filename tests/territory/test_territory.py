from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tirek.core import places
from tirek.core.sorting import sort_key
from tirek.territory import queries, reference_data
from tirek.territory.models import Level, Succession, Territory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def _loaded() -> None:
    reference_data.load()


@pytest.mark.usefixtures("_loaded")
class TestList:
    def test_republic__has_twenty_regions_and_every_district_lies_in_one(self) -> None:
        assert len(queries.regions(TODAY)) == 20
        districts = queries.districts(at=TODAY)
        assert len(districts) > 200
        assert all(places.within(one.code, one.parent_id) for one in districts)

    def test_districts__have_codes_that_tell_them_apart(self) -> None:
        codes = [one.code for one in queries.districts(at=TODAY)]
        assert len({places.prefix_of(code) for code in codes}) == len(codes)

    def test_loading_again__changes_nothing(self) -> None:
        before = list(Territory.objects.order_by("code").values())
        assert reference_data.load() == len(before)
        assert list(Territory.objects.order_by("code").values()) == before
        assert Succession.objects.count() == 3

    def test_split_of_2022__new_regions_begin_then_and_know_where_they_came_from(self) -> None:
        before = {one.code for one in queries.regions(date(2022, 6, 7))}
        after = {one.code for one in queries.regions(date(2022, 6, 8))}
        assert after - before == {"100000000", "330000000", "620000000"}
        came_from = dict(Succession.objects.values_list("successor", "predecessor"))
        assert came_from == {"100000000": "630000000", "330000000": "190000000", "620000000": "350000000"}

    def test_names__are_plain_words_in_three_languages(self) -> None:
        for one in queries.in_force(TODAY):
            for name in (one.name_kk, one.name_ru, one.name_en):
                assert name
                assert "Г.А." not in name
                assert "Қ.Ә." not in name
                assert "г." not in name
        semey = Territory.objects.get(code="101000000")
        assert (semey.name_kk, semey.name_ru, semey.name_en) == ("Семей қаласы", "город Семей", "Semey city")

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_lists__stand_in_the_order_of_the_readers_alphabet(self, language: str) -> None:
        with translation.override(language):
            names = [one.name for one in queries.regions(TODAY)]
            assert names == sorted(names, key=sort_key)
            first = queries.districts("630000000", at=TODAY)
            assert [one.name for one in first] == sorted((one.name for one in first), key=sort_key)

    def test_kazakh_order__is_not_the_databases_own(self) -> None:
        with translation.override("kk"):
            names = [one.name for one in queries.districts("750000000", at=TODAY)]
        assert names.index("Әуезов ауданы") < names.index("Бостандық ауданы")

    def test_list_of_districts__is_one_query_with_their_regions(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown = [(one.parent.name, one.name) for one in queries.districts(at=TODAY)]
        assert len(asked) == 1
        assert shown

    def test_names__of_many_codes_are_one_query(self) -> None:
        with translation.override("ru"), CaptureQueriesContext(connection) as asked:
            assert queries.names(["710000000", "101000000", "999999999"]) == {
                "710000000": "город Астана",
                "101000000": "город Семей",
            }
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("code", "territory", "inside"),
    [
        ("101010000", "101000000", True),
        ("101010000", "100000000", True),
        ("101010000", "", False),
        ("101010000", "101800000", False),
        ("101010000", "110000000", False),
        ("100000000", "101000000", False),
        ("751110000", "750000000", True),
        ("751110000", "751210000", False),
        ("710000000", "710000000", True),
    ],
)
def test_within__goes_by_the_first_two_or_four_digits(code: str, territory: str, inside: bool) -> None:
    assert places.within(code, territory) is inside


def test_region_of__a_place() -> None:
    assert places.region_of("101010000") == "100000000"
    assert places.region_of("") == ""


def row(**changes: object) -> Territory:
    names = {
        "name_kk": "А",
        "name_ru": "А",
        "name_en": "A",
        "sort_kk": "+",
        "sort_ru": "+",
        "sort_en": "+",
        "citation": "x",
    }
    return Territory(**{"code": "990000000", "level": Level.REGION, **names, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "99000000"},
        {"code": "99000000x"},
        {"level": Level.DISTRICT},
        {"effective_from": date(2022, 1, 2), "effective_to": date(2022, 1, 1)},
    ],
)
def test_database__refuses_an_impossible_territory(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row(**changes).save()
    row().save()
