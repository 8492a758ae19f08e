"""Templates can be read: short lines, and the parts that every page shares are drawn by their tags only."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import tirek

SOURCE: Final = Path(tirek.__file__).parent
TEMPLATES: Final = sorted(path for folder in SOURCE.glob("*/templates") for path in folder.rglob("*") if path.is_file())
LONGEST: Final = 160
SHARED: Final = re.compile(r"govuk-summary-list|govuk-error-summary|<table\b")


def long_lines(text: str) -> Iterator[str]:
    """Each line that is too long, with its number."""
    return (
        f"{number}: {len(line)} characters" for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST
    )


def written_by_hand(text: str) -> Iterator[str]:
    """Each line that draws what a tag draws, with its number."""
    return (f"{number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if SHARED.search(line))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template__has_no_line_over_160_characters(path: Path) -> None:
    assert list(long_lines(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if not path.is_relative_to(SOURCE / "ui")],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_template__draws_summaries_tables_and_refusals_by_their_tags(path: Path) -> None:
    assert list(written_by_hand(path.read_text(encoding="utf-8"))) == []


def test_guards__see_what_they_are_for() -> None:
    assert len(TEMPLATES) > 100
    assert list(long_lines("a\n" + "b" * 161)) == ["2: 161 characters"]
    assert list(long_lines("b" * 160)) == []
    for markup in ('<div class="govuk-summary-list__row">', "<table>", '<div class="govuk-error-summary">'):
        assert list(written_by_hand(f"<p>\n{markup}")) == [f"2: {markup}"]
    assert list(written_by_hand("{% table caption=title %}{% summary %}{% refusal refusal %}")) == []
