"""Names of parameters and of their values: one word for one thing, at the kinds where it has that meaning."""

import csv
import re
from typing import Final

import pytest
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page

from tirek.catalogue.models import Kind
from tirek.catalogue.reference_data import FOLDER, named_somewhere
from tirek.catalogue.words import Words, kinds_by_group
from tirek.core import reference

LANGUAGES: Final = ("kk", "ru", "en")
#: "A or B" as a name is shown to people; nobody knows which of the two is meant.
_OR: Final = re.compile(r"\b(?:немесе|или|or)\b")


@pytest.mark.finding("L-136")
@pytest.mark.parametrize("table", ["parameters", "choices"])
def test_name__says_one_thing(table: str) -> None:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["code"] for row in rows for one in LANGUAGES if _OR.search(row[f"name_{one}"])]
    assert wrong == []
    assert _OR.search("бойы немесе биіктігі")


@pytest.mark.finding("L-136")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "code", "value", "kk", "ru"),
    [
        ("PO-07", "height_cm", 170, "бойы: 170 см", "рост: 170 см"),
        ("PO-12", "height_cm", 98, "биіктігі: 98 см", "высота: 98 см"),
        ("SU-01", "power", "high", "қуаты: жоғары", "мощность: высокая"),
        ("SU-06", "power", "mains", "қорек көзі: электр желісі", "питание: сеть"),
        ("SU-01", "form", "behind_ear", "орналасуы: құлақ сыртында", "расположение: за ухом"),
        ("US-04", "form", "at_home", "түрі: үйде", "форма обслуживания: на дому"),
        ("PO-01", "level", "hand", "деңгейі: қол басы", "уровень: кисть"),
        ("TI-12", "type", "hand", "түрі: қолмен ұсталатын", "тип: ручная"),
        ("TI-08", "form", "wrist", "түрі: қолға тағылады", "вид: наручные"),
        ("PO-09", "joint", "wrist", "буыны: білезік", "сустав: запястье"),
    ],
)
def test_name__is_that_of_the_kind(kind: str, code: str, value: object, kk: str, ru: str) -> None:
    dict(reference.load())
    for language, said in (("kk", kk), ("ru", ru)):
        with translation.override(language):
            facts = Words(kind).facts({code: value})
        assert [f"{name}: {shown}".replace("\u00a0", " ") for name, shown in facts] == [said]


def test_name_of_one_kind__is_refused_when_there_is_no_such_kind() -> None:
    assert named_somewhere("PO-07.height_cm") == "PO-07.height_cm"
    for code in ("PO-99.height_cm", ""):
        with pytest.raises(ValueError, match=r"no kind PO-99|empty"):
            named_somewhere(code)


@pytest.mark.finding("J-correction-list")
@pytest.mark.django_db
def test_kinds__stand_under_the_name_of_their_group() -> None:
    dict(reference.load())
    with translation.override("ru"):
        grouped = kinds_by_group()
    assert [group for group, _kinds in grouped][0] == "Протезно-ортопедические средства"
    named = dict(pair for _group, kinds in grouped for pair in kinds)
    assert len(grouped) == 6
    assert len(named) == Kind.objects.count()
    assert named["GI-02"] == "Подгузники для детей"


@pytest.mark.finding("J-run-on")
@pytest.mark.django_db
def test_page_of_a_kind__lists_by_what_it_is_chosen() -> None:
    shop = make.Shop()
    page = open_page(Client(), f"/things/{shop.kind.code}")
    names = [one.name for one in Words(shop.kind.code).parameters.values()]
    assert names
    assert all(f"<li>{one}</li>" in page.html for one in names)
