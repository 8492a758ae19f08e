"""Short texts are found by their letters, however people of the country write them, and by what they mean."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tirek.core import vectors
from tirek.core.likeness import Letters, in_order
from tirek.core.spelling import in_cyrillic, plain, readings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("zhorgek", "жөргек"),
        ("jörgek", "жөргек"),
        ("kolyaska", "коляска"),
        ("aq tayaq", "ақ таяқ"),
        ("gfvgthc", "памперс"),
        ("ayaq kiim", "аяқ киім"),
        ("komekwi", "көмекші"),
        ("SHıPAJAı", "шипажай"),
    ],
)
def test_readings__hold_what_is_meant_however_it_is_written(written: str, meant: str) -> None:
    assert plain(meant) in readings(written)


def test_readings__begin_with_the_text_and_are_told_once() -> None:
    assert readings("Ақ-таяқ!") == ["ак таяк"]
    assert readings("wheelchair")[0] == "wheelchair"
    assert readings(" ?! ") == []


def test_sounds__of_several_letters_are_read_before_those_of_one() -> None:
    assert in_cyrillic("shchuka") == "шука"
    assert in_cyrillic("qazaqsha") == "казакша"


@given(st.text(max_size=60))
def test_any_text__is_read_without_an_error(text: str) -> None:
    found = readings(text)
    assert len(found) == len(set(found)) <= 4
    assert all(0 <= one <= 1.000001 for one in Letters([("a", "коляска"), ("b", "жөргек")]).alike(text).values())


def test_letters__forgive_slips_and_endings_and_tell_the_best_first() -> None:
    known = Letters([("chair", "инвалидная коляска"), ("chair", "арба"), ("cane", "трость"), ("cane", "ақ таяқ")])
    for asked in ("коляску", "каляска", "коляск", "арбаға"):
        assert in_order(known.alike(asked))[0] == "chair", asked
    assert in_order(known.alike("таягы"))[0] == "cane"
    exact, near = known.alike("трость")["cane"], known.alike("тросточка")["cane"]
    assert exact > near > known.alike("трость").get("chair", 0)
    assert known.alike("вв") == {}
    assert in_order({"b": 0.4, "a": 0.4, "c": 0.9, "d": 0.1}, least=0.2) == ["c", "a", "b"]


def test_rare_parts__count_more_than_those_that_many_have() -> None:
    known = Letters([("a", "аппарат слуховой"), ("b", "аппарат давления"), ("c", "аппарат голоса")])
    assert in_order(known.alike("аппарат для слуха"))[0] == "a"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that has no vectors."""
    monkeypatch.setattr(vectors, "PACKAGE", "no_such_package")
    vectors.available.cache_clear()
    yield
    vectors.available.cache_clear()


@pytest.mark.usefixtures("elsewhere")
def test_machine_without_vectors__says_so() -> None:
    assert not vectors.available()
    with pytest.raises(RuntimeError):
        vectors.of_texts(["жөргек"])


def test_processor_without_what_the_engine_needs__has_no_vectors(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = tmp_path_factory.mktemp("cpu") / "cpuinfo"
    monkeypatch.setattr(vectors, "_CPU", told)
    for flags, has in (("sse2 avx", False), ("avx2", False), ("fma avx2 sse2", True)):
        told.write_text(f"processor : 0\nflags\t\t: {flags}\n", encoding="utf-8")
        vectors.available.cache_clear()
        assert vectors.available() is has, flags
    vectors.available.cache_clear()


@pytest.mark.skipif(not vectors.available(), reason="this processor has no vectors")
def test_meaning__is_found_across_languages() -> None:
    told = vectors.of_texts(["blood pressure monitor", "wheelchair", "hearing aid"])
    assert [len(one) for one in told] == [768] * 3
    known = vectors.Meanings(told)
    near = known.alike("мерить давление")
    assert near[0] == max(near)
    assert all(-1.01 < one < 1.01 for one in near)
    assert vectors.of_texts([]) == []
