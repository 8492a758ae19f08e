"""Which tests prove a line of the mission, or keep what a finding was about: those that carry its id and exercise the
product.

A test that only reads files of the repository, a document or a figure of the bench exercises nothing. What a test
reaches is followed through the functions and constants of its own file.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Whoever calls these runs the product: its own modules, the kit that makes its rows, its pages in a client or browser.
_PRODUCT = ("tirek", "tests", "django.test", "django.utils.translation", "playwright")
#: Fixtures of pytest that run nothing of the product; every other fixture starts or makes something of it.
_BARE_FIXTURES = {"caplog", "capfd", "capsys", "monkeypatch", "request", "tmp_path", "tmp_path_factory"}
_FIGURE = re.compile(r"^\| `([\w.]+)` \| ([\d.e+]+) \| ([^|]*)\| (\d{4}-\d\d-\d\d) \|", re.MULTILINE)


@dataclass(frozen=True)
class Mark:
    """A test with the ids that it carries."""

    test: str
    lines: tuple[str, ...]
    exercises: bool


@dataclass(frozen=True)
class Figure:
    """A measured figure as the page of performance has it."""

    key: str
    value: str
    bound: str
    day: str


def _is_mark(decorator: ast.expr, name: str) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(f"mark.{name}")


def _named(marks: list[ast.expr], name: str) -> tuple[str, ...]:
    return tuple(
        str(argument.value)
        for mark in marks
        if isinstance(mark, ast.Call) and _is_mark(mark, name)
        for argument in mark.args
        if isinstance(argument, ast.Constant)
    )


def _of_all(tree: ast.Module, name: str) -> tuple[str, ...]:
    """Ids that every test of a file carries (``pytestmark``)."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            return _named(node.value.elts if isinstance(node.value, ast.List) else [node.value], name)
    return ()


def _values_of(node: ast.FunctionDef) -> set[str]:
    """Names of arguments that come from ``parametrize``."""
    names: set[str] = set()
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _is_mark(decorator, "parametrize"):
            names |= set(
                re.findall(
                    r"\w+",
                    " ".join(str(one.value) for one in ast.walk(decorator.args[0]) if isinstance(one, ast.Constant)),
                )
            )
    return names


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _body_names(node: ast.AST) -> set[str]:
    """Names that a definition uses when it runs, not those of its types and marks."""
    if not isinstance(node, ast.FunctionDef):
        return _names_in(node)
    return set().union(*(_names_in(one) for one in node.body))


class _File:
    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.defined: dict[str, ast.AST] = {}
        self.product: set[str] = set()
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.defined[node.name] = node
            elif isinstance(node, ast.Assign):
                self.defined |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.ImportFrom):
                self._learn(node.module or "", {alias.asname or alias.name for alias in node.names})
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self._learn(alias.name, {alias.asname or alias.name.partition(".")[0]})

    def _learn(self, module: str, names: set[str]) -> None:
        if any(module == one or module.startswith(f"{one}.") for one in _PRODUCT) or (
            module == "django.utils" and "translation" in names
        ):
            self.product |= names

    def exercises(self, test: ast.FunctionDef) -> bool:
        """Whether the test, or what it calls in its file, runs something of the product."""
        given = {one.arg for one in test.args.args + test.args.kwonlyargs} - {"self"} - _values_of(test)
        waiting = [*_body_names(test), *given]
        if any(name not in self.defined and name not in _BARE_FIXTURES for name in given):
            return True
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in self.product:
                return True
            if name in self.defined and name not in seen:
                seen.add(name)
                found = self.defined[name]
                waiting += _body_names(found)
                if isinstance(found, ast.FunctionDef) and any(
                    "fixture" in ast.unparse(one) for one in found.decorator_list
                ):
                    waiting += [one.arg for one in found.args.args]
        return False


def marks_in(text: str, place: str, name: str = "mission") -> list[Mark]:
    """The tests of one file that carry ``@pytest.mark.<name>``, themselves, their class or all of the file."""
    file = _File(text)
    of_all = _of_all(file.tree, name)
    of_classes = {
        id(one): _named(node.decorator_list, name)
        for node in file.tree.body
        if isinstance(node, ast.ClassDef)
        for one in node.body
    }
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef):
            around = (*of_all, *of_classes.get(id(node), ())) if node.name.startswith("test_") else ()
            if lines := (*around, *_named(node.decorator_list, name)):
                found.append(Mark(f"{place}::{node.name}", lines, file.exercises(node)))
    return found


def marks(name: str = "mission") -> list[Mark]:
    """Every test that carries ``@pytest.mark.<name>``."""
    return [
        mark
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for mark in marks_in(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), name)
    ]


def figures() -> dict[str, Figure]:
    """The figures on the page of performance, by key."""
    text = (ROOT / "docs" / "reference" / "performance.md").read_text(encoding="utf-8")
    rows = _FIGURE.findall(text)
    return {key: Figure(key, value, bound.strip(), day) for key, value, bound, day in rows}
