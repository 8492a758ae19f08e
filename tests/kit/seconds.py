"""The seconds that each folder of tests took, at the end of a run: to be read, never to be asserted.

An app's share is what its folder takes on all workers together; a folder that grows without its app growing is looked
at.
"""

from collections import Counter
from pathlib import Path

import pytest

_taken: Counter[str] = Counter()
_tests: Counter[str] = Counter()


def _folder(node: str) -> str:
    """``tests/orders/test_races.py::test_…`` → ``orders``."""
    parts = Path(node.partition("::")[0]).parts
    return parts[1] if len(parts) > 2 else parts[0]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Under xdist the controller hears of every worker's tests here."""
    _taken[_folder(report.nodeid)] += report.duration
    _tests[_folder(report.nodeid)] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, the longest first."""
    if len(_taken) < 2:
        return
    terminalreporter.section("seconds by folder, on all workers together")
    for folder, seconds in _taken.most_common():
        terminalreporter.write_line(f"{seconds:8.1f} s  {_tests[folder]:5}  {folder}")
    terminalreporter.write_line(f"{_taken.total():8.1f} s  {_tests.total():5}  in all")
