"""The worked example of ``docs/howto/new-app.md`` is built from its text, walked through, and counted."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kit.floors import ROOT

PAGE = ROOT / "docs" / "howto" / "new-app.md"
APP = "repairs"
#: Lines of a new app beside its domain and its words.
MOST_LINES = 250
#: Tables, process, verbs, dated values; what the app says.
DOMAIN = {"models.py", "workflow.py", "rules.py", "actions.py", "migrations", "reference"}
WORDS = {"words.py", "messages.py", "reference_names.py"}
_BLOCK = re.compile(r'^```\w+ title="(add to )?([^"\n]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)
_BROUGHT = ("src", "tests", "tools", "docs", "pyproject.toml", "requirements-dev.lock", "CHANGELOG.md")


def blocks(page: str) -> tuple[dict[str, str], dict[str, str]]:
    """The files of the example, and what is added to files that are there, by path."""
    found = _BLOCK.findall(page)
    made = {path: text for added, path, text in found if not added}
    added = {path: text for added, path, text in found if added}
    assert len(made) + len(added) == len(found), "a file stands in two blocks"
    return made, added


def put(folder: Path, page: str) -> None:
    """Write the example into a copy of the product."""
    made, added = blocks(page)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".py" and name.startswith("src/"):
            (path.parent / "__init__.py").touch()
    for name, text in added.items():
        path, known = folder / name, text.splitlines(keepends=True)[0]
        there = path.read_text(encoding="utf-8")
        assert there.count(f"\n{known}") == 1, f"{name} has no line {known!r}"
        path.write_text(there.replace(f"\n{known}", f"\n{text}"), encoding="utf-8")


def lines(name: str, text: str) -> int:
    """Lines of a file that say something: without blank lines, comments and docstrings."""
    said = {n for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.strip().startswith("#")}
    if name.endswith(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                said -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(said)


def run(folder: Path, *command: str, var: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command of Python in the copy, which knows nothing of the running tests; its database stands in ``var``."""
    kept = {"PATH", "HOME", "LANG", "TIREK_TEST_BINARIES"}
    environment = {name: value for name, value in os.environ.items() if name in kept} | {
        "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}",
        "TIREK_TEST_VAR": str(var or folder / "var"),
        "TIREK_DEMO": "1",
        "TIREK_DATABASE_POOL": "0",
    }
    if command[0] == "django":
        environment["DJANGO_SETTINGS_MODULE"] = "tirek.settings"
    # without a database makemigrations warns that it cannot ask which migrations ran
    call = [sys.executable, "-W", "ignore", "-m", *command]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def made_folder() -> Path:
    """A folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tirek-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def build(page: str) -> Path:
    """A copy of the product with the example in it; every user may enter it."""
    folder = made_folder()
    for name in _BROUGHT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
        else:
            shutil.copy2(source, folder / name)
    put(folder, page)
    # without the time of day above it a migration is the same in every copy
    made = run(folder, "django", "makemigrations", APP, "--no-header")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Where the database of every copy stands: one after the other, and all with the same migrations."""
    folder = made_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def new_app() -> Iterator[Path]:
    """The product with the app of the page."""
    folder = build(PAGE.read_text(encoding="utf-8"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_example__is_short_beside_its_domain_and_its_words() -> None:
    made, added = blocks(PAGE.read_text(encoding="utf-8"))
    counted = {}
    for name, text in made.items():
        room = name.removeprefix(f"src/tirek/{APP}/").partition("/")[0]
        if name.startswith("src/") and room not in DOMAIN | WORDS:
            counted[name] = lines(name, text)
    assert len(counted) > len(DOMAIN)
    assert sum(counted.values()) <= MOST_LINES, counted
    assert set(added) == {"src/tirek/settings.py", "src/tirek/urls.py", "pyproject.toml"}
    assert {text.count("\n") for text in added.values()} == {2}, "one line is added to each"


def test_lines__are_counted_without_what_only_explains() -> None:
    text = '"""A module."""\n\nimport os\n\n\n# why\ndef f() -> None:\n    """Two\n\n    lines."""\n    os.fork()\n'
    assert lines("a.py", text) == 3
    assert lines("a.html", "<p>\n\n</p>\n") == 2


def test_page__says_where_its_one_line_goes() -> None:
    with pytest.raises(AssertionError, match="has no line"):
        put(ROOT, '```toml title="add to pyproject.toml"\n  "no such floor",\n  "repairs",\n```\n')


@pytest.mark.finding("A-newcomer")
def test_example__is_walked_through_and_clean(new_app: Path, var: Path) -> None:
    walked = run(new_app, "pytest", "-q", f"tests/{APP}", var=var)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert "2 passed" in walked.stdout
    for command in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        clean = run(new_app, "ruff", *command, f"src/tirek/{APP}", f"tests/{APP}", "--exclude", "0002_*.py")
        assert clean.returncode == 0, clean.stdout


@pytest.mark.slow
def test_example__has_sound_types_and_passes_the_guards(new_app: Path, var: Path) -> None:
    typed = run(new_app, "mypy", "-p", f"tirek.{APP}", "--no-incremental")
    assert typed.returncode == 0, typed.stdout
    guards = ["addresses", "pages", "personal_data", "reading", "scale"]
    kept = run(
        new_app,
        "pytest",
        "-q",
        *(f"tests/repo/test_{one}.py" for one in guards),
        "tests/core/test_permissions.py",
        "tests/security/test_strangers.py",
        "tests/repo/test_law.py::test_import_law__holds",
        "tests/repo/test_law.py::test_foreign_keys__obey_the_import_law",
        "tests/repo/test_law.py::test_migrations__take_short_locks",
        var=var,
    )
    assert kept.returncode == 0, kept.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("block", "right", "wrong"),
    [
        ("workflow", "State.ASKED, by=recipient", "State.ASKED, by=office"),
        ("messages", '"repair.mended"', '"repair.mendet"'),
        ("case_pages", "series=NUMBERS,", ""),
        ("urls", "*LIST.urls(Desk.OFFICER", "*LIST.urls(Desk.SUPPLIER"),
    ],
)
def test_example__that_is_broken_does_not_pass(block: str, right: str, wrong: str, var: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    text = blocks(page)[0][f"src/tirek/{APP}/{block}.py"]
    folder = build(page.replace(text, text.replace(right, wrong)))
    try:
        walked = run(folder, "pytest", "-q", f"tests/{APP}", var=var)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert right in text
    assert walked.returncode != 0, walked.stdout
