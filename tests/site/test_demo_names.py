"""Names in the demo that are held as they were written."""

import pytest

from tirek.site.demo.load import ISSUER, ISSUER_OF_THE_DEAF


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER_OF_THE_DEAF])
def test_issuer_of_a_demo_programme__is_named_in_kazakh_and_in_russian(issuer: str) -> None:
    kazakh, _slash, russian = issuer.partition(" / ")
    assert "МӘС" in kazakh
    assert "Отдел МСЭ" in russian
