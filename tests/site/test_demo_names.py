"""Names in the demo that are held as they were written."""

from pathlib import Path

import pytest

from tirek.site import demo
from tirek.site.demo.load import BODIES, ISSUER, ISSUER_OF_THE_DEAF


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER_OF_THE_DEAF])
def test_issuer_of_a_demo_programme__is_named_in_kazakh_and_in_russian(issuer: str) -> None:
    kazakh, _slash, russian = issuer.partition(" / ")
    assert "МӘС" in kazakh
    assert "Отдел МСЭ" in russian


@pytest.mark.finding("J-demo-quotes")
def test_name_of_the_demo__closes_each_quotation_that_it_opens() -> None:
    names = [name for _key, _kind, _place, *names in BODIES for name in names]
    assert any("«" in name for name in names), "the control: there are quotations"
    assert [name for name in names if name.count("«") != name.count("»")] == []


@pytest.mark.finding("J-readme")
def test_tour__of_the_console_is_that_of_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    steps = list(demo.tour())
    assert len(steps) == 5
    for n, step in enumerate(steps, start=1):
        assert f"{n}. {step}\n" in readme
