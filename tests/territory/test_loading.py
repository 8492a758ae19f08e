"""The file of the classifier, loaded: what it adds, renames and ends, and how places are found in it."""

import os
import re
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from psycopg import ClientCursor
from tests.territory.excerpt import HEADINGS, UNITS, Row, changed, lines, written

from tirek.territory import queries, reference_data
from tirek.territory.classifier import NotTheClassifier
from tirek.territory.models import Level, Place, Rank, Succession, Territory
from tirek.territory.reference_data import AnotherLoads, Taken, TooManyEnds, load_classifier

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST_DAY = date(2026, 11, 27), date(2027, 3, 1), date(2027, 2, 28)
#: The statistics bureau's own file, where the folder of shared data stands beside the checkout.
SHARED = Path(os.environ.get("TIREK_TEST_SHARED", Path(__file__).resolve().parents[3] / "shared"))
WHOLE = SHARED / "reference" / "kato" / "kato.csv"
ORDA: Final = ("103235500", "settlement", "2", "с.Орда", "Орда а.")


def load(rows: Iterable[Row] = UNITS, *, since: date = LATER, ends: int = 0) -> Taken:
    return load_classifier(written(rows), since=since, ends=ends)


def counts(taken: Taken) -> dict[str, int]:
    return {name: count for name, count in taken.counts.items() if count}


def everything() -> list[list[dict[str, object]]]:
    tables = (Place.objects.order_by("code"), Territory.objects.order_by("code"), Succession.objects.order_by("pk"))
    return [list(rows.values()) for rows in tables]


@pytest.fixture
def _loaded() -> None:
    load(since=FIRST)


class TestFirstLoad:
    def test_units__stand_with_their_parents_and_their_territory(self) -> None:
        taken = load(since=FIRST)
        assert counts(taken) == {"added": len(UNITS)}
        assert taken.refusals == ()
        orda = Place.objects.get(pk="103235500")
        assert (orda.parent_id, orda.territory_id, orda.level) == ("103235000", "103200000", Rank.SETTLEMENT)
        assert (orda.name_kk, orda.name_ru, orda.edition) == ("Орда а.", "с.Орда", "NK RK 11-2025")
        assert (orda.effective_from, orda.effective_to) == (None, None), "it stood before the list begins"
        assert Place.objects.get(pk="113820100").territory_id == "113800000"
        assert Place.objects.get(pk="711210000").territory_id == "711210000"

    def test_settlements__are_what_nothing_lies_in_and_cities_like_a_region(self) -> None:
        load(since=FIRST)
        assert set(Place.objects.filter(is_settlement=True).values_list("code", flat=True)) == {
            "101010000", "103230100", "103235100", "103235500", "113820100", "710000000", "711210000",
        }  # fmt: skip

    def test_regions_and_districts__that_the_product_ships_stay_as_they_are(self) -> None:
        reference_data.load()
        before = list(Territory.objects.order_by("code").values())
        taken = load(since=FIRST, ends=len(before))
        assert [one for one in taken.territories if "has ended" not in one] == []
        for row in before:
            if row["code"] in {code for code, *_rest in UNITS}:
                assert row == Territory.objects.filter(pk=row["code"]).values().get()

    def test_region_and_district_that_are_new__begin_with_their_names_written_out(self) -> None:
        taken = load(since=FIRST)
        assert "101000000 is new: Семей қаласы, город Семей" in taken.territories
        semey = Territory.objects.get(pk="101000000")
        assert (semey.name_kk, semey.name_ru, semey.name_en) == ("Семей қаласы", "город Семей", "")
        assert (semey.level, semey.parent_id, semey.effective_from) == (Level.DISTRICT, "100000000", FIRST)
        with translation.override("en"):
            assert semey.name == "Семей қаласы", "nobody has translated it: Kazakh"
        assert Territory.objects.get(pk="711210000").parent_id == "710000000"

    def test_another_file__changes_nothing(self) -> None:
        with pytest.raises(NotTheClassifier):
            load_classifier(b"code,name\n103235500,Orda\n", since=FIRST)
        assert not Place.objects.exists()
        assert not Territory.objects.exists()

    def test_lines_with_mistakes__are_left_out_and_told(self) -> None:
        rows = "\n".join((HEADINGS, *lines(), "103235600,e,settlement,2,,А а.", "103235700,e,settlement,2,с.А,А а."))
        taken = load_classifier(rows.encode(), since=FIRST)
        assert [one.line for one in taken.refusals] == [len(UNITS) + 2]
        assert counts(taken) == {"added": len(UNITS) + 1}
        assert Place.objects.filter(pk="103235700").exists()

    def test_names_of_other_alphabets__have_keys_that_fit(self) -> None:
        load(changed(("103235600", "settlement", "2", "с." + "ض" * 190, "ض" * 190)), since=FIRST)
        assert len(Place.objects.get(pk="103235600").sort_kk) == 400


@pytest.mark.usefixtures("_loaded")
class TestLaterLoad:
    def test_same_file__changes_nothing(self) -> None:
        before = everything()
        assert counts(load()) == {"unchanged": len(UNITS)}
        assert everything() == before

    def test_next_edition__is_noted(self) -> None:
        taken = load_classifier(written(edition="NK RK 12-2027"), since=LATER)
        assert counts(taken) == {"unchanged": len(UNITS)}
        assert set(Place.objects.values_list("edition", flat=True)) == {"NK RK 12-2027"}

    def test_other_name__is_taken(self) -> None:
        rows = changed(("103235500", "settlement", "2", "с.Жана Орда", "Жаңа Орда а."))
        assert counts(load(rows)) == {"renamed": 1, "unchanged": len(UNITS) - 1}
        assert Place.objects.get(pk="103235500").name_kk == "Жаңа Орда а."
        assert [one.code for one in queries.places_beginning("жана орда")] == ["103235500"]
        assert queries.places_beginning("орда") == []

    def test_unit_that_is_new__begins_on_its_day(self) -> None:
        assert counts(load(changed(("103235600", "settlement", "2", "с.А", "А а.")))) == {
            "added": 1,
            "unchanged": len(UNITS),
        }
        assert Place.objects.get(pk="103235600").effective_from == LATER

    def test_unit_that_is_gone__ends_and_stays(self) -> None:
        assert counts(load(changed(without=["103235500"]))) == {"ended": 1, "unchanged": len(UNITS) - 1}
        assert Place.objects.get(pk="103235500").effective_to == LAST_DAY
        assert queries.places_beginning("орда") == []
        found = queries.place("103235500")
        assert found is not None
        assert found.name_ru == "с.Орда"
        before = everything()
        assert counts(load(changed(without=["103235500"]), since=date(2027, 4, 1))) == {"unchanged": len(UNITS) - 1}
        assert everything() == before, "it has ended already"

    def test_unit_that_is_there_again__is_in_force(self) -> None:
        load(changed(without=["103235500"]))
        assert counts(load(since=date(2027, 6, 1))) == {"added": 1, "unchanged": len(UNITS) - 1}
        orda = Place.objects.get(pk="103235500")
        assert (orda.effective_from, orda.effective_to) == (None, None)
        assert len(queries.places_beginning("орда")) == 1

    def test_unit_that_begins_and_ends_on_one_day__has_that_day(self) -> None:
        load(changed(("103235600", "settlement", "2", "с.А", "А а.")))
        load()
        assert Place.objects.get(pk="103235600").effective_to == LATER

    def test_unit_whose_line_is_refused__stays_as_it_is(self) -> None:
        rows = changed(("103235500", "settlement", "2", "", "Басқа а."))
        assert counts(load(rows)) == {"unchanged": len(UNITS) - 1}
        orda = Place.objects.get(pk="103235500")
        assert (orda.name_kk, orda.effective_to) == ("Орда а.", None)

    def test_units_below_a_line_that_is_refused__stay_where_they_are(self) -> None:
        taken = load(changed(("103235000", "sub_district", "2", "", "Арқат а.о.")))
        assert counts(taken) == {"unchanged": len(UNITS) - 1}
        assert len(taken.refusals) == 1
        assert Place.objects.get(pk="103235000").is_settlement is False
        assert Place.objects.get(pk="103235500").parent_id == "103235000"

    def test_line_without_readable_code__lets_nothing_end(self) -> None:
        rows = [("10323550", *row[1:]) if row[0] == "103235500" else row for row in UNITS]
        taken = load(rows)
        assert taken.ends_wait
        assert counts(taken) == {"unchanged": len(UNITS) - 1}
        assert Place.objects.get(pk="103235500").effective_to is None

    def test_villages_of_a_rural_district_that_is_gone__lie_in_the_district(self) -> None:
        taken = load(changed(without=["103235000"]))
        assert counts(taken) == {"ended": 1, "changed": 2, "unchanged": len(UNITS) - 3}
        assert Place.objects.get(pk="103235500").parent_id == "103200000"

    def test_town_that_gets_villages__is_no_settlement_any_more(self) -> None:
        taken = load(changed(("101010100", "settlement", "2", "с.А", "А а.")))
        assert counts(taken) == {"added": 1, "unchanged": len(UNITS)}
        assert Place.objects.get(pk="101010000").is_settlement is False

    def test_village_that_gets_a_rural_district__is_changed(self) -> None:
        taken = load(changed(("113820000", "sub_district", "1", "Атбасарская г.а.", "Атбасар қ.ә.")))
        assert counts(taken) == {"added": 1, "changed": 1, "unchanged": len(UNITS) - 1}
        assert Place.objects.get(pk="113820100").parent_id == "113820000"


@pytest.mark.usefixtures("_loaded")
class TestSuccessors:
    def test_unit_under_another_code__goes_on_there(self) -> None:
        rows = changed(("103230500", *ORDA[1:]), without=["103235500"])
        assert counts(load(rows)) == {"added": 1, "ended": 1, "succeeded": 1, "unchanged": len(UNITS) - 1}
        old = queries.place("103235500")
        assert old is not None
        assert old.successor is not None
        assert (old.successor.pk, old.successor.effective_from) == ("103230500", LATER)
        assert Succession.objects.count() == 0, "no district has changed"

    def test_unit_of_the_same_name_elsewhere__is_the_successor_where_there_is_but_one(self) -> None:
        load(changed(("113820500", *ORDA[1:]), without=["103235500"]))
        assert Place.objects.get(pk="103235500").successor_id == "113820500"

    def test_units_of_one_name__leave_the_successor_open(self) -> None:
        load(changed(("113820500", *ORDA[1:]), ("113820600", *ORDA[1:]), without=["103235500"]))
        assert Place.objects.get(pk="103235500").successor_id is None

    def test_nearest_one__is_the_successor_of_two(self) -> None:
        load(changed(("113820500", *ORDA[1:]), ("103230600", *ORDA[1:]), without=["103235500"]))
        assert Place.objects.get(pk="103235500").successor_id == "103230600"

    def test_district_under_another_code__ends_with_its_successor(self) -> None:
        moved = [("1190" + row[0][4:], *row[1:]) if row[0].startswith("1032") else row for row in UNITS]
        with pytest.raises(TooManyEnds) as refused:
            load(moved)
        assert (refused.value.count, refused.value.territories) == (6, ["103200000"])
        assert Territory.objects.get(pk="103200000").effective_to is None, "nothing was changed"
        taken = load(moved, ends=6)
        assert counts(taken) == {"added": 6, "ended": 6, "succeeded": 6, "unchanged": len(UNITS) - 6}
        assert Territory.objects.get(pk="103200000").effective_to == LAST_DAY
        assert "103200000 has ended: Абай ауданы, Абайский район" in taken.territories
        [succession] = Succession.objects.all()
        assert (succession.predecessor_id, succession.successor_id) == ("103200000", "119000000")
        assert succession.on == LATER
        before = everything()
        load(moved, since=date(2027, 4, 1))
        assert everything() == before


class TestEnds:
    def test_part_of_the_classifier__is_refused_with_what_it_lacks(self) -> None:
        many = [(f"103235{n}", *ORDA[1:]) for n in range(501, 501 + reference_data.ENDS_UNASKED + 1)]
        load(changed(*many), since=FIRST)
        before = everything()
        with pytest.raises(TooManyEnds) as refused:
            load()
        assert (refused.value.count, refused.value.territories) == (len(many), [])
        with pytest.raises(TooManyEnds):
            load(ends=len(many) - 1)
        assert everything() == before
        assert counts(load(ends=len(many)))["ended"] == len(many)

    @pytest.mark.usefixtures("_loaded")
    def test_region_that_a_file_lacks__is_asked_for(self) -> None:
        rows = changed(without=["710000000", "711210000"])
        with pytest.raises(TooManyEnds) as refused:
            load(rows)
        assert refused.value.territories == ["710000000", "711210000"]
        load(rows, ends=2)
        assert Territory.objects.get(pk="710000000").effective_to == LAST_DAY
        load()
        assert Territory.objects.get(pk="710000000").effective_to is None, "it is there again"


class TestShippedList:
    def test_what_the_file_has_brought__is_not_undone_by_the_list_of_the_product(self) -> None:
        reference_data.load()
        load(changed(("103200000", "district", "2", "Чингизский район", "Шыңғыстау ауданы")), since=LATER, ends=500)
        renamed = Territory.objects.get(pk="103200000")
        assert (renamed.name_kk, renamed.name_ru, renamed.name_en) == ("Шыңғыстау ауданы", "Чингизский район", "")
        assert renamed.citation == "Указ Президента РК № 887 от 03.05.2022", "what made it a district is the same"
        ended = Territory.objects.get(pk="104600000")
        assert ended.effective_to == LAST_DAY
        before = everything()
        reference_data.load()
        assert everything() == before

    def test_list_of_the_product__says_everything_before_a_file_is_loaded(self) -> None:
        reference_data.load()
        Territory.objects.filter(pk="103200000").update(name_kk="?", effective_to=LAST_DAY)
        reference_data.load()
        abai = Territory.objects.get(pk="103200000")
        assert (abai.name_kk, abai.effective_to) == ("Абай ауданы", None)


def test_second_load__waits_for_nobody_and_changes_nothing() -> None:
    parameters = connection.get_connection_params()
    names = {key: parameters[key] for key in ("dbname", "user", "host", "port", "password") if parameters.get(key)}
    with psycopg.connect(**names) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('territory.classifier', 0))")
        with pytest.raises(AnotherLoads):
            load()
        other.execute("SELECT pg_advisory_unlock_all()")
    assert not Place.objects.exists()
    assert counts(load()) == {"added": len(UNITS)}


@pytest.mark.usefixtures("_loaded")
class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "codes"),
        [
            ("Караау", ["103230100"]),
            ("қараау", ["103230100"]),
            ("село Караа", ["103230100"]),
            ("Арқ", ["103235100"]),
            ("арк", ["103235100"]),
            ("Арх", ["103235100"]),
            ("с.Ор", ["103235500"]),
            ("АСТАНА", ["710000000"]),
            ("Есиль", ["711210000"]),
            ("г. Сем", ["101010000"]),
            ("Атбасарский", []),
            ("ат", ["113820100"]),
            ("а", []),
            ("рда", []),
            ("%", []),
            ("ор%", ["103235500"]),
            ("о%а", []),
            ("", []),
        ],
    )
    def test_beginning__is_found_in_kazakh_and_russian_on_any_keyboard(self, typed: str, codes: list[str]) -> None:
        assert [one.code for one in queries.places_beginning(typed)] == codes

    def test_found_place__names_district_and_region_in_the_readers_language(self) -> None:
        with translation.override("ru"):
            [orda] = queries.places_beginning("орда")
            assert (orda.name, orda.district, orda.region) == ("с.Орда", "Абайский район", "область Абай")
        with translation.override("kk"):
            [orda] = queries.places_beginning("орда")
            assert (orda.name, orda.district, orda.region) == ("Орда а.", "Абай ауданы", "Абай облысы")
            [astana] = queries.places_beginning("астана")
            assert (astana.name, astana.district, astana.region) == ("Астана қ.", "", "Астана қаласы")

    @pytest.mark.parametrize(
        ("within", "found"),
        [("103200000", True), ("100000000", True), ("101000000", False), ("710000000", False), ("", True)],
    )
    def test_search__stays_within_a_territory(self, within: str, found: bool) -> None:
        assert bool(queries.places_beginning("орда", within=within)) is found

    def test_many__are_twenty_in_the_readers_alphabet(self) -> None:
        names = [("Әдемі", "Адеми"), ("Аққу", "Акку"), ("Адал", "Адал"), ("Айна", "Айна")]
        rows = [
            (f"103235{n}", "settlement", "2", f"с.{ru}", f"{kk} а.") for n, (kk, ru) in enumerate(names * 6, start=501)
        ]
        load(changed(*rows))
        with translation.override("kk"):
            found = queries.places_beginning("ад") + queries.places_beginning("ак")
            assert [one.name for one in found] == ["Адал а."] * 6 + ["Әдемі а."] * 6 + ["Аққу а."] * 6
        load(changed(*[(f"103235{n}", "settlement", "2", "с.Адал", "Адал а.") for n in range(501, 530)]), ends=500)
        assert len(queries.places_beginning("адал")) == queries.MOST_PLACES == 20

    def test_nearest_name__stands_first(self) -> None:
        load(
            changed(
                ("103235501", "settlement", "2", "с.Астраханка", "Шарбақ а."),
                ("103235502", "settlement", "2", "с.Шарап", "Шарап а."),
                ("103235503", "settlement", "2", "г.Шар", "Шар қ."),
                ("103235504", "settlement", "2", "с.Шартау", "Ақтау а."),
            )
        )
        with translation.override("ru"):
            names = [one.name for one in queries.places_beginning("шар")]
            assert names == ["г.Шар", "с.Шарап", "с.Шартау", "с.Астраханка"]
        with translation.override("kk"):
            names = [one.name for one in queries.places_beginning("шар")]
            assert names == ["Шар қ.", "Шарап а.", "Шарбақ а.", "Ақтау а."]

    def test_search__is_one_query(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert queries.places_beginning("орда")
        assert len(asked) == 1

    @pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
    def test_search__reads_by_the_indexes_of_both_languages(self, plan: str) -> None:
        letters = "абвгдежзиклмнопрстуф"
        rows = [
            (f"{place}{n}", "settlement", "2", f"с.{one}{two}{n}", f"{two}{one}{n} а.")
            for place in ("103230", "103235", "113820")
            for n, (one, two) in enumerate(((a, b) for a in letters for b in letters), start=501)
        ]
        load(changed(*rows))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE territory_place")
        with CaptureQueriesContext(connection) as asked:
            assert queries.places_beginning("орда")
        told = _plan_of(asked.captured_queries[0]["sql"], plan)
        assert "territory_place_kk" in told
        assert "territory_place_ru" in told
        assert "Seq Scan on territory_place" not in told


def _plan_of(sql: str, mode: str) -> str:
    """How the statement is carried out, with its two words as values that are bound later."""
    words = sorted(set(re.findall(r"'(орда[^']*)'", sql)))
    assert len(words) == 2, sql
    for n, word in enumerate(words, start=1):
        sql = sql.replace(f"'{word}'", f"${n}")
    with ClientCursor(connection.connection) as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        cursor.execute(f"PREPARE of_search (text, text) AS {sql}")
        cursor.execute("EXPLAIN EXECUTE of_search (%s, %s)", words)
        told = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE of_search")
    return told


@pytest.mark.usefixtures("_loaded")
class TestOnePlace:
    @pytest.mark.parametrize(
        ("code", "district"),
        [
            ("103235500", "103200000"),
            ("103235000", "103200000"),
            ("103200000", "103200000"),
            ("101010000", "101000000"),
            ("711210000", "711210000"),
            ("710000000", "710000000"),
            ("100000000", "100000000"),
        ],
    )
    def test_district__of_a_unit_is_where_its_executive_body_is(self, code: str, district: str) -> None:
        found = queries.district_of(code)
        assert found is not None
        assert found.pk == district

    @pytest.mark.parametrize("code", ["", "103235999", "x", "999999999"])
    def test_code_that_nobody_knows__is_nowhere(self, code: str) -> None:
        assert queries.place(code) is None
        assert queries.district_of(code) is None


def test_district__of_a_district_is_known_without_the_classifier() -> None:
    reference_data.load()
    found = queries.district_of("103200000")
    assert found is not None
    assert found.pk == "103200000"
    assert queries.place("103200000") is None


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize(
    "changes",
    [
        {"code": "10323550x"},
        {"parent_id": None},
        {"effective_from": date(2022, 1, 2), "effective_to": date(2022, 1, 1)},
        {"successor_id": "103235999"},
    ],
)
def test_database__refuses_an_impossible_unit(changes: dict[str, object]) -> None:
    def unit() -> Place:
        one = Place.objects.get(pk="103235500")
        one.code = "103235999"
        return one

    row = unit()
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    unit().save(force_insert=True)


@pytest.mark.skipif(not WHOLE.exists(), reason="the folder of shared data does not stand beside the checkout")
def test_whole_classifier__is_loaded_in_seconds_twice_without_a_change_and_found_in() -> None:
    reference_data.load()
    content = WHOLE.read_bytes()
    began = time.monotonic()
    taken = load_classifier(content, since=FIRST)
    assert time.monotonic() - began < 30
    assert (counts(taken), taken.refusals) == ({"added": 15594}, ())
    assert taken.territories == [], "the product ships the same regions and districts"
    before = everything()
    assert counts(load_classifier(content, since=LATER)) == {"unchanged": 15594}
    assert everything() == before
    with translation.override("ru"):
        assert [one.region for one in queries.places_beginning("Форт-Ш")] == ["Мангистауская область"]
        assert "Абайский район" in {one.district for one in queries.places_beginning("жидебай")}
        assert queries.places_beginning("Усть-Каменогорск")[0].district == "город Усть-Каменогорск"
        assert [one.code for one in queries.places_beginning("Өскемен")] == ["631010000"]
        assert "710000000" in {one.code for one in queries.places_beginning("астана")}
        assert len(queries.places_beginning("ка")) == 20
        assert {one.region for one in queries.places_beginning("ка", within="100000000")} == {"область Абай"}
    for code, name in Place.objects.filter(is_settlement=True).values_list("code", "search_kk")[::500]:
        assert code[:4] in {one.code[:4] for one in queries.places_beginning(name, within=code[:4] + "00000")}
