"""Writes the generated pages of the documentation: ``python tools/reference_docs.py [--check]``.

* ``docs/reference/processes/``: each process as a table and a diagram, from ``workflow.py``;
* ``docs/reference/settings.md``: every setting, from ``tirek.config``;
* ``docs/reference/retention.md``: how long which personal data are kept, and where they are told to the person, from
  each ``personal.py``;
* ``docs/reference/findings.md``: what users, attacks and odd inputs have shown, as kinds, and the tests that keep each
  mended, from the marks in ``tests/``;
* ``docs/reference/mission.md``: the mission's lines, where each lives, and the tests that prove it, from the marks in
  ``tests/``, or the figures of the bench with the day on which they were measured.
"""

import csv
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ |= {"TIREK_DEMO": "1", "DJANGO_SETTINGS_MODULE": "tirek.settings", "TIREK_LOG_LEVEL": "ERROR"}
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - the environment comes first
from django.utils import translation  # noqa: E402

django.setup()

from pydantic import SecretStr  # noqa: E402 - after setup
from tools import proofs  # noqa: E402 - the path comes first

from tirek.config import Config  # noqa: E402 - after setup
from tirek.core import reference  # noqa: E402 - after setup
from tirek.core.case import workflow  # noqa: E402 - after setup
from tirek.core.personal import export, retention  # noqa: E402 - after setup

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
            f"| {f'`{state}`' if state else 'new'} | `{name}` | `{target}` | {who} | {within} | {otherwise} | "
            f"{why[name]} |"
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
        (
            "Periods are dated reference data; a job erases every night what is past its period, in batches, and logs "
            "counts only. Each app says in its"
        ),
        (
            "`personal.py` what it forgets, what it keeps and why, and what it tells the person. A test fails when "
            "a table is in none of these lists."
        ),
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
        lines.append(
            f"| {one.what} | {tables} | {row['value']} {unit} | {one.since} | `{one.key}` | {row['status']} | "
            f"{row['citation']} |"
        )
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
    lines += [
        f"| {one.title} | `{one.code}` | {', '.join(f'`{table}`' for table in one.models)} |"
        for one in export.sections()
    ]
    lines += ["", "Not told:", "", "| table | why |", "| --- | --- |"]
    lines += [f"| `{table}` | {why} |" for table, why in sorted(export.left_out().items())]
    return HEAD + "\n".join(lines) + "\n"


def _state(row: dict[str, str], tests: list[str], figures: list[proofs.Figure]) -> str:
    """What may be said of a line: a figure tells what was on one day, a test what is."""
    if figures:
        return "measured"
    if not tests:
        return "open"
    return "partly" if row["partly"] else "proven"


def _row(row: dict[str, str], tests: list[str], figures: list[proofs.Figure]) -> str:
    state = _state(row, tests, figures)
    day = f" on {min(one.day for one in figures)}" if figures else ""
    note = f" ({row['partly']})" if row["partly"] and state != "open" else ""
    shown = [f"`{test}`" for test in sorted(tests)]
    shown += [f"`{one.key}` = {one.value}{f' ({one.bound})' if one.bound else ''}" for one in figures]
    return f"| {row['id']} | {row['line']} | {state}{day}{note} | {row['where']} | {'<br>'.join(shown)} |"


def mission() -> str:
    """The page of the mission: each line with where it lives, its tests and figures; a line without both is open."""
    by_line: dict[str, list[str]] = {}
    for mark in proofs.marks():
        for line in mark.lines if mark.exercises else ():
            by_line.setdefault(line, []).append(mark.test)
    with (ROOT / "docs" / "mission.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    unknown = sorted(set(by_line) - {row["id"] for row in rows})
    if unknown:
        raise SystemExit(f"Tests name mission lines that docs/mission.csv does not have: {unknown}")
    measured = proofs.figures()
    counts = dict.fromkeys(("proven", "measured", "partly", "open"), 0)
    lines = []
    for row in rows:
        strange = sorted(set(row["figures"].split()) - set(measured))
        if strange:
            raise SystemExit(f"{row['id']} names figures that the page of performance does not have: {strange}")
        tests, figures = by_line.get(row["id"], []), [measured[key] for key in row["figures"].split()]
        counts[_state(row, tests, figures)] += 1
        lines.append(_row(row, tests, figures))
    head = (
        "# Mission\n\nWhat Tirek is for, line by line. A line is proven by tests that carry its id and exercise it; "
        "a line that stands on\n"
        "figures of the bench is measured, on the day that is named; a line without either is open.\n\n"
        f"{', '.join(f'{n} {state}' for state, n in counts.items())}.\n\n"
        "| id | line | state | where | tests and figures |\n| --- | --- | --- | --- | --- |\n"
    )
    return HEAD + head + "\n".join(lines) + "\n"


def findings() -> str:
    """The page of findings: each kind with the tests that would fail if it came back, or the reason why it has none."""
    by_id: dict[str, list[str]] = {}
    for mark in proofs.marks("finding"):
        for one in mark.lines if mark.exercises else ():
            by_id.setdefault(one, []).append(mark.test)
    with (ROOT / "docs" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    unknown = sorted(set(by_id) - {row["id"] for row in rows})
    if unknown:
        raise SystemExit(f"Tests name findings that docs/findings.csv does not have: {unknown}")
    kept = sum(row["id"] in by_id for row in rows)
    tests = {one: "<br>".join(f"`{test}`" for test in sorted(found)) for one, found in by_id.items()}
    lines = [f"| {row['id']} | {row['kind']} | {tests.get(row['id'], row['reason'] or 'open')} |" for row in rows]
    head = (
        "# Findings\n\nWhat was found when the product was tried as its users would, attacked, and fed with odd "
        "inputs: kinds, not single places.\nEach is kept mended by the tests that carry its id, or says why by none."
        "\n\n"
        f"{kept} kept by tests, {len(rows) - kept} not.\n\n| id | kind | tests |\n| --- | --- | --- |\n"
    )
    return HEAD + head + "\n".join(lines) + "\n"


def settings() -> str:
    """The page of settings: what ``tirek doctor`` explains, without the values of an installation."""
    lines = [
        "# Settings",
        "",
        (
            "Read from the environment when a process starts. `tirek doctor` prints them with the values in force, "
            "secrets hidden, and names variables that look like a setting and are none."
        ),
        "",
        "| variable | unless set | meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Config.model_fields.items():
        plain = field.default if field.default_factory is None else ""
        shown = str(plain) if plain not in ("", None) and not isinstance(plain, SecretStr) else ""
        told = f"`{shown}`" if shown else "processors, at most 4" if name == "web_processes" else ""
        lines.append(f"| `TIREK_{name.upper()}` | {told} | {(field.description or '').replace('|', '/')} |")
    return HEAD + "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All generated pages by path below ``docs/reference``."""
    with translation.override("en"):
        return {
            **processes(),
            "settings.md": settings(),
            "retention.md": personal_data(),
            "mission.md": mission(),
            "findings.md": findings(),
        }


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
