"""Writes the generated pages of the documentation: ``python tools/reference_docs.py [--check]``.

* ``docs/reference/processes/``: each process as a table and a diagram, from ``workflow.py``;
* ``docs/reference/retention.md``: how long which personal data are kept, and where they are told to the person, from each ``personal.py``;
* ``docs/reference/mission.md``: the mission's lines, where each lives, and the tests that prove it, from the marks in ``tests/``.
"""

import ast
import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ |= {"TIREK_DEMO": "1", "DJANGO_SETTINGS_MODULE": "tirek.settings", "TIREK_LOG_LEVEL": "ERROR"}
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - the environment comes first
from django.utils import translation  # noqa: E402

django.setup()

from tirek.core import held, reference, retention, workflow  # noqa: E402 - after setup

HEAD = "<!-- Written by tools/reference_docs.py; do not edit. -->\n\n"


def processes() -> dict[str, str]:
    """Pages of the processes by file name."""
    pages = {}
    index = [
        "# Processes",
        "",
        "Each process is a table in its app's `workflow.py`; these pages and the permission tests come from it.",
        "",
    ]
    for process in workflow.all_workflows():
        index.append(f"- [{process.title}]({process.name}.md)")
        states = dict(process.states.choices)
        lines = [
            f"# {process.title}",
            "",
            "```mermaid",
            process.mermaid(),
            "```",
            "",
            "## States",
            "",
            "| state | words |",
            "| --- | --- |",
        ]
        lines += [f"| `{value}` | {states[value]} |" for value in process.states.values]
        lines += [
            "",
            "## Transitions",
            "",
            "| from | transition | to | who | within | otherwise | why |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        why = {one.name: one.why for one in process.transitions}
        lines += [
            f"| {f'`{state}`' if state else 'new'} | `{name}` | `{target}` | {who} | {within} | {otherwise} | {why[name]} |"
            for state, name, target, who, within, otherwise in process.rows()
        ]
        pages[f"processes/{process.name}.md"] = HEAD + "\n".join(lines) + "\n"
    pages["processes/index.md"] = HEAD + "\n".join(index) + "\n"
    return pages


def personal_data() -> str:
    """The page of personal data: periods with their sources, tables that stay, sections of the export."""
    values = {row["key"]: row for path in reference.files() for _line, row in reference.read_rows(path)}
    lines = [
        "# Personal data: how long, and where a person sees them",
        "",
        "Periods are dated reference data; a job erases every night what is past its period, in batches, and logs counts only. Each app says in its",
        "`personal.py` what it forgets, what it keeps and why, and what it tells the person. A test fails when a table is in none of these lists.",
        "",
        "## Forgotten",
        "",
        "| what | tables | period | counted | reference | status | source |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in retention.periods():
        row = values[one.key]
        tables = ", ".join(f"`{table}`" for table in one.models)
        unit = reference.Unit(row["unit"]).label
        lines.append(f"| {one.what} | {tables} | {row['value']} {unit} | {one.since} | `{one.key}` | {row['status']} | {row['citation']} |")
    lines += ["", "## Kept", "", "| table | why |", "| --- | --- |"]
    lines += [f"| `{table}` | {why} |" for table, why in retention.kept().items()]
    lines += [
        "",
        "## Told to the person",
        "",
        "On “My data” as a page and as a file (JSON), in the person's language.",
        "",
        "| section | in the file | tables |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {one.title} | `{one.code}` | {', '.join(f'`{table}`' for table in one.models)} |" for one in held.sections()]
    lines += ["", "Not told:", "", "| table | why |", "| --- | --- |"]
    lines += [f"| `{table}` | {why} |" for table, why in sorted(held.left_out().items())]
    return HEAD + "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Proof:
    """A test and the mission lines it proves."""

    test: str
    lines: tuple[str, ...]


def _marks(node: ast.AST) -> list[str]:
    found = []
    for decorator in getattr(node, "decorator_list", []):
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.mission"):
            found += [str(argument.value) for argument in decorator.args if isinstance(argument, ast.Constant)]
    return found


def proofs() -> list[Proof]:
    """Every test that carries ``@pytest.mark.mission``."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (lines := _marks(node)):
                found.append(Proof(f"{path.relative_to(ROOT)}::{node.name}", tuple(lines)))
    return found


def mission() -> str:
    """The page of the mission: each line with where it lives and its tests; lines without a test are open."""
    by_line: dict[str, list[str]] = {}
    for proof in proofs():
        for line in proof.lines:
            by_line.setdefault(line, []).append(proof.test)
    with (ROOT / "docs" / "mission.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    known = {row["id"] for row in rows}
    unknown = sorted(set(by_line) - known)
    if unknown:
        raise SystemExit(f"Tests name mission lines that docs/mission.csv does not have: {unknown}")
    counts = {"proven": 0, "partly": 0, "open": 0}
    lines = []
    for row in rows:
        tests = by_line.get(row["id"], [])
        state = "open" if not tests else "partly" if row["partly"] else "proven"
        counts[state] += 1
        shown = "<br>".join(f"`{test}`" for test in sorted(tests))
        note = f" ({row['partly']})" if state == "partly" else ""
        lines.append(f"| {row['id']} | {row['line']} | {state}{note} | {row['where']} | {shown} |")
    head = (
        "# Mission\n\nWhat Tirek is for, line by line. A line is proven by tests that carry its id; a line without a test is open.\n\n"
        f"{counts['proven']} proven, {counts['partly']} partly, {counts['open']} open.\n\n"
        "| id | line | state | where | tests |\n| --- | --- | --- | --- | --- |\n"
    )
    return HEAD + head + "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All generated pages by path below ``docs/reference``."""
    with translation.override("en"):
        return {**processes(), "retention.md": personal_data(), "mission.md": mission()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are not up to date."""
    stale = []
    for name, text in pages().items():
        path = ROOT / "docs" / "reference" / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/reference/{name} is not up to date: make docs")  # noqa: T201 - a command speaks to its user
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
