"""Kazakh and Russian words are written with their own letters and marks, and Kazakh dates take the case that stands
before "дейін".
"""

import csv
import re
from pathlib import Path
from typing import Final

import polib
import pytest

import tirek

SOURCE: Final = Path(tirek.__file__).parent
CATALOGUES: Final = sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))
TABLES: Final = sorted(SOURCE.glob("*/reference/*.csv"))
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|\{\w*(?::\w+)?\}|</?[a-z][^<>]*>")
_WORD: Final = re.compile(r"[^\W\d_]+")
_DAY_BEFORE_UNTIL: Final = re.compile(r"\{\w+:day\} дейін")


def _texts(catalogue: Path) -> list[str]:
    return [text for one in polib.pofile(str(catalogue)) for text in (one.msgstr, *one.msgstr_plural.values()) if text]


def _mixed(text: str) -> list[str]:
    """Words that hold Latin and Cyrillic letters together: an "i" or an "h" that only looks right."""
    words = _WORD.findall(_PLACEHOLDER.sub(" ", text))
    return [word for word in words if re.search("[A-Za-z]", word) and re.search("[\u0400-\u04ff]", word)]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: f"{path.parts[-5]}-{path.parts[-3]}")
def test_no_translation__mixes_latin_letters_into_a_word(catalogue: Path) -> None:
    assert [word for text in _texts(catalogue) for word in _mixed(text)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_no_reference_table__mixes_latin_letters_into_a_word(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        assert [word for row in csv.reader(file) for cell in row for word in _mixed(cell)] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: f"{path.parts[-5]}-{path.parts[-3]}")
def test_translations__use_the_quotation_marks_and_dashes_of_the_language(catalogue: Path) -> None:
    wrong = [text for text in _texts(catalogue) if re.search('["“”]|\\.\\.\\.| - ', _PLACEHOLDER.sub(" ", text))]
    assert wrong == []


@pytest.mark.parametrize("catalogue", [one for one in CATALOGUES if "kk" in one.parts], ids=lambda path: path.parts[-5])
def test_kazakh__a_date_before_the_word_until_is_in_the_dative(catalogue: Path) -> None:
    assert [text for text in _texts(catalogue) if _DAY_BEFORE_UNTIL.search(text)] == []
