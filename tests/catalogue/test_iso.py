"""Codes of ISO 9999: what the reference file may say, how a kind is found by one, and where people read it."""

import pytest
from django.test import Client
from tests.kit.pages import open_page

from tirek.catalogue import finding
from tirek.catalogue.models import Kind
from tirek.catalogue.reference_data import iso_code, load_kinds
from tirek.core.reference.snapshot import forget_all
from tirek.insight.open_data import FIELDS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cell", ["12", "122203", "12 22 3", "12.22.03", "12 22 03 ", ""])
def test_code__that_is_no_code_of_the_standard_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="ISO 9999"):
        iso_code(cell)
    assert [iso_code(one) for one in ("12 22", "12 22 03")] == ["12 22", "12 22 03"]


@pytest.fixture
def _kinds() -> None:
    load_kinds()
    forget_all()


@pytest.mark.usefixtures("_kinds")
def test_kind__is_found_by_its_code_however_it_is_written() -> None:
    for text in ("12 22 03", "122203", "12.22.03", " 12-22-03 ", "ISO 9999:2022 12 22 03"):
        found = finding.found(text)
        assert [one.code for one in found.sure] == ["SM-03"], text
        assert {one.code for one in found.perhaps} == {"SM-01", "SM-02"}, "the subclass that it lies in"
    assert {one.code for one in finding.found("12 22").sure} == {"SM-01", "SM-02", "SM-03", "SM-08"}
    assert finding.by_iso("wheelchair") is None
    assert finding.by_iso("99 99 99") == finding.Found([], []), "a code that no kind has"


@pytest.mark.usefixtures("_kinds")
def test_code__stands_on_the_page_of_its_kind_with_its_edition_and_nowhere_where_none_is_known() -> None:
    client = Client(headers={"accept-language": "en"})
    assert "ISO 9999:2022 12 22 03" in open_page(client, "/things/SM-03").main
    assert "ISO 9999" not in open_page(client, "/things/SM-07").main
    assert "/things/SM-03" in open_page(client, "/things?text=122203").html
    assert Kind.objects.get(pk="SM-07").iso == ""
    assert "kind_iso_9999" in FIELDS
