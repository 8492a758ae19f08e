"""What the page of the mission may call proven."""

import csv
import re
from pathlib import Path

import pytest
from tools import proofs

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import json
from pathlib import Path
import pytest
from bench.__main__ import BOUNDS
from django.test import Client
from tests import factories as make
from tirek.people import rules

ROOT = Path(__file__).parent
PAGE = ROOT / "a.md"

def read():
    return PAGE.read_text()

def asked():
    return answer()

def answer():
    return Client().get("/")

@pytest.fixture
def order():
    return make.Shop().order()

@pytest.fixture
def text():
    return read()

@pytest.mark.mission("S0.2")
"""


@pytest.mark.parametrize(
    ("test", "exercises"),
    [
        ("def test_a():\n    assert rules.age_on(1, 2) == 3", True),
        ("def test_a():\n    assert asked().status_code == 200", True),
        ("def test_a(order):\n    assert order", True),
        ("def test_a(page):\n    page.goto('/')", True),
        ("class TestA:\n    @pytest.mark.mission('S0.3')\n    def test_a(self):\n        assert asked()", True),
        ("def test_a():\n    assert 'x' in read()", False),
        ("def test_a(text):\n    assert 'x' in text", False),
        ("def test_a(tmp_path):\n    assert json.loads('1') == 1", False),
        ("def test_a():\n    assert BOUNDS['peak.orders'][0] == 50", False),
        (
            "@pytest.mark.parametrize(('key', 'bound'), [('a', 1)])\ndef test_a(key, bound):\n    assert key in read()",
            False,
        ),
        ("def test_a(kind: rules.Kind):\n    assert 'x' in read()", True),
    ],
)
def test_proof__is_a_test_that_exercises_the_product(test: str, exercises: bool) -> None:
    text = HEAD + test if test.startswith(("def", "@")) else HEAD.rpartition("@pytest.mark.mission")[0] + test
    (mark,) = proofs.marks_in(text, "tests/test_a.py")
    assert mark.exercises is exercises


def test_marks__stand_on_tests_that_exercise_the_line_only() -> None:
    marks = proofs.marks()
    assert len(marks) > 50
    assert [mark.test for mark in marks if not mark.exercises] == []


def test_measured_line__says_its_day_and_is_not_called_proven() -> None:
    text = (ROOT / "docs" / "reference" / "mission.md").read_text(encoding="utf-8")
    (state, shown) = re.findall(r"^\| S0\.2 \| [^|]+ \| ([^|]+) \| [^|]+ \| ([^|]+) \|", text, re.MULTILINE)[0]
    day = proofs.figures()["peak.wait_p95_s"].day
    assert state == f"measured on {day}"
    assert "`peak.wait_p95_s` = " in shown


def test_mark_of_a_file__counts_for_each_of_its_tests_and_for_nothing_else() -> None:
    text = HEAD.rpartition("@pytest")[0] + (
        "pytestmark = [pytest.mark.django_db, pytest.mark.mission('S0.7')]\n"
        "@pytest.mark.mission('S0.8')\ndef test_a():\n    assert asked()\ndef test_b():\n    assert asked()\n"
        "@pytest.mark.mission('S0.9')\nclass TestC:\n    def test_c(self):\n        assert asked()\n"
    )
    found = proofs.marks_in(text, "tests/test_a.py")
    assert [(one.test.partition("::")[2], one.lines) for one in found] == [
        ("test_a", ("S0.7", "S0.8")),
        ("test_b", ("S0.7",)),
        ("test_c", ("S0.7", "S0.9")),
    ]


def _is_there(named: str) -> bool:
    """Whether a path, or a module with what it holds, is in the repository."""
    if "/" in named:
        return any(found for folder in (ROOT, ROOT / "src/tirek") for found in folder.glob(named))
    parts = named.split(".")
    for n in range(len(parts), 0, -1):
        place = ROOT / "src/tirek" / "/".join(parts[:n])
        files = [place.with_suffix(".py")] if place.with_suffix(".py").exists() else list(place.glob("**/*.py"))
        if files:
            word = rf"^\s*(def |class |)({re.escape(parts[n])})\b" if n < len(parts) else ""
            return any(re.search(word, one.read_text(), re.MULTILINE) for one in files)
    return False


def test_where__names_modules_and_pages_that_there_are() -> None:
    with (ROOT / "docs/mission.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = [(row["id"], one.strip()) for row in rows for one in row["where"].split(",") if one.strip()]
    assert len(named) > 50
    assert [one for one in named if not _is_there(one[1])] == []
    assert not _is_there("core.admission")
