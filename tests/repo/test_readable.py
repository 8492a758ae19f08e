"""Code can be read: short lines, names that say something; what every page shares is drawn by its tags only."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.kit.floors import ROOT

import tirek

SOURCE: Final = Path(tirek.__file__).parent
TEMPLATES: Final = sorted(path for folder in SOURCE.glob("*/templates") for path in folder.rglob("*") if path.is_file())
LONGEST: Final = 160
LONGEST_OF_CODE: Final = 120
#: A variable of types is a letter by custom.
OF_TYPES: Final = {"TypeVar", "ParamSpec", "TypeVarTuple"}
SHARED: Final = re.compile(r"govuk-summary-list|govuk-error-summary|<table\b")


def long_lines(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Each line that is too long, with its number."""
    return (
        f"{number}: {len(line)} characters" for number, line in enumerate(text.splitlines(), 1) if len(line) > longest
    )


def code() -> list[Path]:
    """Every file of Python that the repository keeps, without what Django writes."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if "migrations" not in path.parts and path.is_file()]


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _names(one)
    elif isinstance(target, ast.Starred):
        yield from _names(target.value)


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of the module itself, also behind a condition."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For):
            yield from _own_statements([one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)])


def letters(text: str) -> list[str]:
    """Constants of a module that are named by one letter."""
    found = []
    for node in _own_statements(ast.parse(text).body):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign | ast.For)
            else []
        )
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in OF_TYPES:
            continue
        names = [name for target in targets for name in _names(target)]
        found += [f"{node.lineno}: {name}" for name in names if len(name.strip("_")) == 1]
    return found


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


def test_code__has_no_line_over_120_characters() -> None:
    long = {
        str(path.relative_to(ROOT)): found
        for path in code()
        if (found := list(long_lines(path.read_text(encoding="utf-8"), LONGEST_OF_CODE)))
    }
    assert long == {}


def test_constants__have_names_of_more_than_one_letter() -> None:
    named = {
        str(path.relative_to(SOURCE)): found
        for path in code()
        if path.is_relative_to(SOURCE) and (found := letters(path.read_text(encoding="utf-8")))
    }
    assert named == {}


def test_guard__reads_every_folder_of_code() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in code()}
    assert {"assets", "bench", "src", "tests", "tools"} <= folders
    assert Path(__file__) in code()
    assert list(long_lines("a" * 121 + "  # noqa: E501", LONGEST_OF_CODE))
    assert list(long_lines("ә" * 120, LONGEST_OF_CODE)) == []


@pytest.mark.parametrize(
    "line",
    [
        "X = 1",
        "N: Final = 3",
        "_N: Final = 3",
        "A, LONG = 1, 2",
        "if DEBUG:\n    X = 1",
        "try:\n    X = 1\nfinally:\n    pass",
        "M = State.MET",
        "T = Var('T')",
    ],
)
def test_guard__sees_a_constant_of_one_letter(line: str) -> None:
    assert letters(line)


@pytest.mark.parametrize(
    "line",
    [
        "T = TypeVar('T')",
        "P = typing.ParamSpec('P')",
        "_ = 1",
        "LONG = 1",
        "def f():\n    x = 1",
        "class A:\n    n = 1",
    ],
)
def test_guard__lets_variables_of_types_be(line: str) -> None:
    assert letters(line) == []


def test_guards__see_what_they_are_for() -> None:
    assert len(TEMPLATES) > 100
    assert list(long_lines("a\n" + "b" * 161)) == ["2: 161 characters"]
    assert list(long_lines("b" * 160)) == []
    for markup in ('<div class="govuk-summary-list__row">', "<table>", '<div class="govuk-error-summary">'):
        assert list(written_by_hand(f"<p>\n{markup}")) == [f"2: {markup}"]
    assert list(written_by_hand("{% table caption=title %}{% summary %}{% refusal refusal %}")) == []
