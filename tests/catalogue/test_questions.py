"""The search of the catalogue is measured on questions that were written apart from its code."""

import csv
from collections import Counter

import pytest
from bench.questions import FILE, questions

from tirek.catalogue import actions, finding
from tirek.catalogue.models import Kind, KindName
from tirek.catalogue.reference_data import load_kinds, load_names_of_kinds
from tirek.core import vectors
from tirek.core.likeness import in_order
from tirek.core.reference.snapshot import forget_all

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.13")]


@pytest.fixture(autouse=True)
def _kinds() -> None:
    load_kinds()
    load_names_of_kinds()
    forget_all()


def test_questions__are_many_of_each_way_and_language_and_name_kinds_that_there_are() -> None:
    asked = questions()
    assert len(asked) >= 500
    assert {one for question in asked for one in question.right} == set(Kind.objects.values_list("pk", flat=True))
    ways, languages = (Counter(getattr(one, name) for one in asked) for name in ("way", "language"))
    assert len(ways) == 9
    assert min(ways.values()) >= 30
    assert min(languages[one] for one in ("kk", "ru", "en", "mixed")) >= 30
    with FILE.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert len(texts) == len(set(texts))


def test_search__has_the_right_kind_among_the_first_five_by_letters_alone() -> None:
    asked = questions()
    missed = [one.text for one in asked if not one.right & set(in_order(finding.likeness(one.text))[:5])]
    assert len(missed) <= 0.05 * len(asked), missed


@pytest.mark.skipif(not vectors.available(), reason="this processor has no vectors")
def test_meanings__are_told_once_and_find_what_shares_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_MEANINGS_AT_ONCE", 40)
    Kind.objects.exclude(pk__in=["TI-10", "SM-01"]).delete()
    asked = "приборы для измерения артериального"
    before = finding.likeness(asked).get("TI-10", 0.0)
    count = KindName.objects.count()
    assert actions.tell_meanings() == min(count, 40)
    while actions.tell_meanings():
        pass
    assert not KindName.objects.filter(vector=None).exists()
    forget_all()
    after = finding.likeness(asked)
    assert after["TI-10"] > before
    assert in_order(after)[0] == "TI-10"


def test_machine_without_vectors__tells_no_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "available", lambda: False)
    assert actions.tell_meanings() == 0
    assert finding.found("коляску").sure


def test_names__that_the_file_no_longer_has_go(monkeypatch: pytest.MonkeyPatch) -> None:
    name = KindName.objects.create(kind_id="SM-01", text="такого имени нет")
    kept = KindName.objects.exclude(pk=name.pk).first()
    load_names_of_kinds()
    assert not KindName.objects.filter(pk=name.pk).exists()
    assert kept is not None
    assert KindName.objects.filter(pk=kept.pk).exists(), "what stands keeps its row, and its meaning"
