"""Guard of addresses: their names obey the floors, as imports and foreign keys do.

A page of an upper app is reached from below by a way (``tirek.ui.ways``), whose owner says where it leads.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.kit.declared import routes
from tests.kit.floors import SOURCE, floors, may_know

#: Names without a namespace stand in ``urls.py`` itself.
TOP = "urls"
_QUOTED = re.compile(r"""["']([a-z_]+):[a-z][\w-]*["']""")
_TAG = re.compile(r"""{%-?\s*url\s+["']([^"':]+)["']""")
#: Functions whose first argument is the name of a route.
_TAKES_ROUTE = {"reverse", "reverse_lazy", "redirect", "route", "_route"}


@cache
def owners() -> dict[str, str]:
    """The app of each namespace."""
    found = {}
    for path in SOURCE.rglob("*urls.py"):
        for space in re.findall(r'^app_name = "(\w+)"$', path.read_text(encoding="utf-8"), re.MULTILINE):
            found[space] = path.relative_to(SOURCE).parts[0]
    return found


@cache
def _without_namespace() -> frozenset[str]:
    return frozenset(name for _address, name, _entry in routes() if name and ":" not in name)


def _in_python(text: str) -> Iterator[tuple[int, str]]:
    """Every string that begins like the name of a route, whatever takes it: a call, a declaration, a table."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            space, colon, name = node.value.partition(":")
            if colon and space in owners() and re.fullmatch(r"[\w-]*", name):
                yield node.lineno, owners()[space]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _TAKES_ROUTE and node.args:
            named = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            if named in _without_namespace():
                yield node.lineno, TOP


def _in_template(text: str) -> Iterator[tuple[int, str]]:
    for n, line in enumerate(text.splitlines(), 1):
        yield from ((n, owners()[space]) for space in _QUOTED.findall(line) if space in owners())
        yield from ((n, TOP) for name in _TAG.findall(line) if name in _without_namespace())


def upward(app: str, path: Path, text: str) -> list[str]:
    """Where a file names an address of an app that its own must not know."""
    found = _in_python(text) if path.suffix == ".py" else _in_template(text)
    return [f"{path}:{line} → {other}" for line, other in found if not may_know(app, other)]


def _files() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and path.is_file() and "migrations" not in path.parts:
            yield path


def test_namespaces__belong_to_apps_of_a_floor() -> None:
    known = frozenset[str]().union(*floors())
    assert {"entrance", "manage", "orders", "desks", "ui"} <= set(owners())
    assert set(owners().values()) <= known
    spaces = {name.rpartition(":")[0] for _address, name, _entry in routes()} - {""}
    assert spaces == set(owners())


def test_names_of_addresses__obey_the_floors() -> None:
    wrong = []
    for path in _files():
        app = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        wrong += upward(app, path.relative_to(SOURCE), path.read_text(encoding="utf-8"))
    assert wrong == []


@pytest.mark.parametrize(
    ("app", "name", "text"),
    [
        ("orders", "a.html", "{% url 'desks:officer-person' case.person_id as file %}"),
        ("orders", "a.html", '{% url "entrance:home" %}'),
        ("accounts", "a.html", "{% url 'notices:sent' %}"),  # apps on one line do not know each other
        ("orders", "a.html", "{% url 'draft-fields' key %}"),
        ("orders", "a.py", 'reverse("desks:officer-person", args=[1])'),
        ("entitlements", "a.py", 'redirect("orders:offers", key)'),
        ("entitlements", "a.py", 'pages = {1: route("orders:officer-order")}'),
        ("entitlements", "menu.py", 'navigation.register(1, "", "orders:recipient-orders", 3)'),
        ("entitlements", "menu.py", 'ways.announce("order-line", "orders:offers")'),
        ("entitlements", "menu.py", 'ways.announce(name, f"manage:{name}")'),
        ("ui", "a.py", 'reverse("draft-fields", args=[key])'),
    ],
)
def test_guard__finds_an_address_of_an_upper_app(app: str, name: str, text: str) -> None:
    assert len(upward(app, Path(name), text)) == 1


@pytest.mark.parametrize(
    ("app", "name", "text"),
    [
        ("orders", "a.html", "{% url 'orders:offers' key %} {% url 'entitlements:recipient-programme' %}"),
        ("desks", "a.py", 'redirect("people:phone")'),
        ("site", "menu.py", 'ways.announce("autosave", "manage:home")'),
        ("orders", "a.py", 'said = "orders: how many"'),
    ],
)
def test_guard__lets_own_and_lower_addresses_be(app: str, name: str, text: str) -> None:
    assert upward(app, Path(name), text) == []
