"""Names that a paper has in two languages."""

import pytest
from django.utils import translation

from tirek.core.languages import own_part
from tirek.entitlements.models import Programme


@pytest.mark.finding("L-140")
@pytest.mark.parametrize(("language", "words"), [("kk", "МӘС № 2"), ("ru", "МСЭ № 2"), ("en", "МӘС № 2")])
def test_name_in_two_languages__is_told_in_one(language: str, words: str) -> None:
    with translation.override(language):
        assert own_part("МӘС № 2 / МСЭ № 2") == words
        assert own_part("МСЭ № 2") == "МСЭ № 2"


@pytest.mark.finding("L-140")
def test_issuer_of_a_programme__is_told_in_one_language() -> None:
    with translation.override("ru"):
        assert Programme(issued_by="МӘС № 2 / МСЭ № 2").issuer == "МСЭ № 2"
