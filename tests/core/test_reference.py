"""Dated reference data: the value at a date, versions, loading, checking."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from tirek.catalogue import reference_data
from tirek.core import reference
from tirek.core.reference import MissingReference, ReferenceValue, Status, Unit, Value

FIRST = Value("t.term", "", "10", Unit.CALENDAR_DAYS, date(2020, 1, 1), None, "Order 1", Status.APPROVED)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_values")
def test_value__is_the_version_in_force_at_the_date() -> None:
    reference.add_version(FIRST)
    reference.add_version(replace(FIRST, text="7", effective_from=date(2024, 7, 1)))
    assert reference.term("t.term", at=date(2024, 6, 30)).amount == 10
    assert reference.value("t.term", at=date(2024, 7, 1)).number == Decimal(7)
    assert ReferenceValue.objects.get(value="10").effective_to == date(2024, 6, 30)
    with pytest.raises(MissingReference):
        reference.value("t.term", at=date(2019, 12, 31))


@pytest.mark.django_db
def test_value__a_scope_goes_before_the_general_value() -> None:
    reference.add_version(FIRST)
    reference.add_version(replace(FIRST, scope="kind:GI-01", text="3"))
    assert reference.value("t.term", at=date(2026, 1, 1), scopes=["kind:GI-01"]).text == "3"
    assert reference.value("t.term", at=date(2026, 1, 1), scopes=["kind:GI-02"]).text == "10"


@pytest.mark.django_db
def test_version__is_never_edited_in_place() -> None:
    reference.add_version(FIRST)
    assert reference.add_version(FIRST).value == "10"
    with pytest.raises(ValueError, match="add a later version"):
        reference.add_version(replace(FIRST, text="11"))


@pytest.mark.django_db
@pytest.mark.usefixtures("no_values")
def test_load__is_repeatable() -> None:
    first = dict(reference.load())
    count = ReferenceValue.objects.count()
    assert dict(reference.load()) == first
    assert ReferenceValue.objects.count() == count
    assert first["catalogue kinds"] == 65


def test_check__finds_nothing_in_what_is_shipped() -> None:
    assert reference.check() == []


def test_check__names_file_and_line_of_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "values.csv"
    head = "key,scope,value,unit,effective_from,effective_to,citation,status\n"
    rows = [
        "a,,ten,calendar_days,2020-01-01,,Order,demo",
        "b,,1,fortnights,2020-01-01,,Order,demo",
        "c,,1,hours,2020-01-01,,,demo",
        "d,,1,hours,2020-01-01,,Order,demo",
        "d,,2,hours,2021-01-01,,Order,demo",
    ]
    path.write_text(head + "\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(reference.values, "files", lambda: [path])
    found = reference.check()
    assert [one.line for one in found] == [2, 3, 4, 0]
    assert "overlap" in found[-1].text
    with pytest.raises(ValueError, match="fortnights"):
        list(reference.load())


def test_check__looks_into_the_tables_of_the_apps_too() -> None:
    names = {f"{path.parent.parent.name}/{path.stem}" for path in reference.tables()}
    assert names >= {"catalogue/kinds", "catalogue/parameters", "catalogue/guaranteed_amounts", "territory/territories"}
    shipped = {
        path
        for one in apps.get_app_configs()
        for path in (Path(one.path) / "reference").glob("*.csv")
        if one.name.startswith("tirek.")
    }
    known = {*reference.tables(), *reference.files(), *reference.files("citations.csv")}
    assert shipped == known, "a file that nobody checks"


def test_check__names_what_is_wrong_in_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds, amounts = tmp_path / "kinds.csv", tmp_path / "amounts.csv"
    kinds.write_text("code\nGI-01\n", encoding="utf-8")
    rows = [
        "GI-01,10,2020-01-01,2020-12-31,Order,demo",
        "GI-01,12,2021-01-01,,Order,demo",
        "GI-01,13,2025-01-01,,Order,demo",
        "GI-02,ten,2020-01-01,,Order,demo",
        "GI-01,1,tomorrow,2019-12-31,,certain",
    ]
    amounts.write_text("kind,amount,effective_from,effective_to,citation,status\n" + "\n".join(rows), encoding="utf-8")
    columns: dict[str, reference.Cell] = {
        "kind": reference.filled,
        "amount": Decimal,
        "effective_from": date.fromisoformat,
        "effective_to": reference.or_empty(date.fromisoformat),
        "citation": reference.filled,
        "status": reference.one_of(*Status.values),
    }
    monkeypatch.setattr(reference.values, "_tables", [])
    reference.table(amounts, columns=columns, key=("kind",), points_at={"kind": (kinds, "code")})
    assert [(one.line, one.text.partition(":")[0]) for one in reference.check()] == [
        (4, "GI-01 stands twice, or its versions overlap"),
        (5, "amount"),
        (5, "kind"),
        (6, "effective_from"),
        (6, "citation"),
        (6, "status"),
    ]
    reference.table(kinds, columns={"code": reference.filled, "name": reference.filled}, key=("code",))
    assert reference.check()[-1].text == "columns: name"
    with pytest.raises(ValueError, match="columns: name"):
        list(reference.load())


@pytest.mark.parametrize("wrong", ["side", "nameless:number", "side:left|sideways"])
def test_check__a_kind_has_words_for_each_parameter(wrong: str) -> None:
    with pytest.raises(ValueError, match="no words"):
        reference_data._parameters(f"stump_length_cm:number;{wrong}")


def test_every_value_that_is_shipped__has_a_name_in_three_languages() -> None:
    keys: set[str] = set()
    for path in Path(reference.__file__).parents[2].glob("*/reference/values.csv"):
        keys |= {row["key"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    assert len(keys) > 30
    said = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            said[language] = {key: reference.words_of(key) for key in keys}
    assert {key for language in said for key, words in said[language].items() if words == key} == set()
    for language, words in said.items():
        assert len(set(words.values())) == len(keys), language
    assert reference.words_of("nobody.named_it") == "nobody.named_it"


@pytest.mark.finding("L-8")
def test_every_shipped_source__has_words_in_three_languages() -> None:
    assert reference.check_sources() == []


@pytest.mark.finding("L-8")
def test_check__names_a_source_without_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "values.csv"
    path.write_text("key,citation\na,Order 7 of nobody\n", encoding="utf-8")
    monkeypatch.setattr(reference.citations, "tables", lambda: [path])
    assert [one.line for one in reference.check_sources() if one.file == str(path)] == [2]


@pytest.mark.finding("L-8")
def test_source__is_told_in_the_language_of_the_reader_and_a_typed_one_as_typed() -> None:
    shipped = "Social Code art. 168(2): the person orders within two months from the notice"
    with translation.override("kk"):
        assert str(reference.words_of_source(shipped)).startswith("Қазақстан Республикасының Әлеуметтік кодексі, 168")
    with translation.override("ru"):
        assert str(reference.words_of_source(shipped)).startswith("Социальный кодекс Республики Казахстан, пункт 2")
        assert reference.words_of_source("Order 5 of today") is None
