"""Every kind that users, attacks and odd inputs have shown is kept mended by a test, or says why by none."""

import csv

import pytest
from tests.kit.floors import ROOT
from tools import proofs


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def kept() -> set[str]:
    return {one for mark in proofs.marks("finding") if mark.exercises for one in mark.lines}


def test_finding__has_a_test_or_the_reason_why_it_has_none(rows: list[dict[str, str]], kept: set[str]) -> None:
    without = {row["id"] for row in rows if not row["reason"]}
    assert without - kept == set(), "neither a test nor a reason"
    assert kept & {row["id"] for row in rows if row["reason"]} == set(), "the reason is out of date: a test keeps it"
    assert len(without) > 100, "the control: rows are found"


def test_finding__is_named_once_and_said_in_words(rows: list[dict[str, str]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["kind"].strip() for row in rows)


def test_test_that_carries_a_finding__names_one_of_the_table(rows: list[dict[str, str]]) -> None:
    named = {one for mark in proofs.marks("finding") for one in mark.lines}
    assert named - {row["id"] for row in rows} == set()
