"""What each app declares for the guards, in ``tests/<app>/declared.py``; the guards gather it by themselves.

A guard walks all apps: every page at every desk, every list with one row and with three, every plan of a big table. An
app that is new is in all of them as soon as its folder declares it, and a page that nobody declared fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tirek.core.actors import Actor, Desk
from tirek.ui.desks import DESKS

if TYPE_CHECKING:
    from tests.kit.world import World

TESTS = Path(__file__).resolve().parents[1]
Keys = Callable[["World"], Mapping[str, object]]


def at(**keys: Callable[[World], object]) -> Keys:
    """Keys of a route: for each parameter what of the world it names."""
    return lambda world: {name: find(world) for name, find in keys.items()}


def by(attribute: str) -> Keys:
    """A route whose one parameter is the key of something of the world."""
    return lambda world: {"key": getattr(world, attribute).pk}


def numbered(attribute: str) -> Keys:
    """A route whose one parameter is the number of a case of the world."""
    return lambda world: {"number": getattr(world, attribute).number}


_nothing: Keys = at()

#: Roles of ``tests/core/test_permissions.py`` that often go together.
RECIPIENT = frozenset({"recipient", "representative"})
SUPPLIER = frozenset({"supplier"})
UNRELATED = frozenset({"officer here", "officer of the region"})
OFFICE = UNRELATED | {"officer close to the person"}
THE_CLOCK = frozenset({"clock"})


@dataclass(frozen=True, kw_only=True)
class Page:
    """How a route of an app is reached.

    Attributes:
        keys: its parameters, which name something of the world; strangers to it are refused.
        query: what stands behind the question mark.
        post: the route answers nothing but POST.
        open_to: desks that may see the object wherever it is: not strangers to it.
        nobodys: its parameters name no object of anybody.
        closed: why it opens to nobody in the world as it is made.
    """

    keys: Keys = _nothing
    query: Callable[[World], str] = lambda _world: ""
    post: bool = False
    open_to: frozenset[Desk] = frozenset()
    nobodys: bool = False
    closed: str = ""


@dataclass(frozen=True)
class List:
    """A page whose length grows: it asks the same number of queries with one row and with three.

    Attributes:
        name: in words.
        desk: who reads it.
        where: its address.
        reads_whole: big tables that it reads from end to end so far: a defect that is known, and ends with its mending.
    """

    name: str
    desk: Desk
    where: str | Callable[[World], str]
    reads_whole: frozenset[str] = frozenset()

    def address(self, world: World) -> str:
        """Where it is read in this world."""
        return self.where if isinstance(self.where, str) else self.where(world)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What one folder of tests declares.

    Attributes:
        roles: somebody of the world at each desk, to whom the world's objects belong.
        strangers: somebody at each desk whom nothing in the world concerns.
        makes: objects of the world by name; made when a test first asks for one.
        cases: one case of each type, by the type's code.
        may: who may perform each transition of each process, in roles of ``tests/core/test_permissions.py``: said once
            more, by hand, beside the process.
        own_roles: roles that only one process knows, by its code: from its case, who they are.
        grow: makes every list of the app longer by at least one row.
        pages: routes by full name.
        lists: pages whose length grows.
        big: tables that grow with the country; no page reads one of them from end to end.
        small: the app's other tables.
    """

    roles: Mapping[Desk, Callable[[World], Actor]] = field(default_factory=dict)
    strangers: Mapping[Desk, Callable[[World], Actor]] = field(default_factory=dict)
    makes: Mapping[str, Callable[[World], Any]] = field(default_factory=dict)
    cases: Mapping[str, Callable[[World], Any]] = field(default_factory=dict)
    may: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    own_roles: Mapping[str, Callable[[Any], Mapping[str, Actor]]] = field(default_factory=dict)
    grow: Callable[[World], None] | None = None
    pages: Mapping[str, Page] = field(default_factory=dict)
    lists: tuple[List, ...] = ()
    big: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()


@cache
def every() -> dict[str, Declared]:
    """What every folder of tests declares, by its name."""
    names = sorted(path.parent.name for path in TESTS.glob("*/declared.py") if path.parent != TESTS / "kit")
    return {name: import_module(f"tests.{name}.declared").DECLARED for name in names}


def _gathered(attribute: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for folder, one in every().items():
        for name, value in getattr(one, attribute).items():
            assert name not in found, f"tests/{folder}/declared.py: {attribute} declares {name} a second time"
            found[name] = value
    return found


@cache
def roles() -> dict[Desk, Callable[[World], Actor]]:
    """Somebody of the world at each desk."""
    return _gathered("roles")


@cache
def strangers() -> dict[Desk, Callable[[World], Actor]]:
    """A stranger at each desk."""
    return _gathered("strangers")


@cache
def makes() -> dict[str, Callable[[World], Any]]:
    """Makers of the world's objects, by name."""
    return _gathered("makes")


@cache
def cases() -> dict[str, Callable[[World], Any]]:
    """Makers of cases, by the code of their type."""
    return _gathered("cases")


@cache
def may() -> dict[str, Mapping[str, frozenset[str]]]:
    """Who may perform each transition, by the code of the process."""
    return _gathered("may")


@cache
def own_roles() -> dict[str, Callable[[Any], Mapping[str, Actor]]]:
    """Roles that only one process knows, by the code of the process."""
    return _gathered("own_roles")


@cache
def pages() -> dict[str, Page]:
    """Every declared route, by full name."""
    return _gathered("pages")


@cache
def lists() -> tuple[List, ...]:
    """Every declared list."""
    return tuple(one for declared in every().values() for one in declared.lists)


def big_tables() -> frozenset[str]:
    """Tables that grow with the country."""
    return frozenset[str]().union(*(one.big for one in every().values()))


def small_tables() -> frozenset[str]:
    """Every other table."""
    return frozenset[str]().union(*(one.small for one in every().values()))


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every route of the product: (address pattern, full name, entry)."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        name = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            for address, full, found in routes(entry, name):
                yield address, f"{entry.namespace}:{full}" if entry.namespace else full, found
        else:
            yield name, entry.name or "", entry


def desks_of(entry: URLPattern) -> frozenset[Desk]:
    """The desks that a route is for."""
    found: frozenset[Desk] = getattr(entry.callback, DESKS)
    return found


def address_of(name: str, world: World) -> str:
    """Where a declared route is reached in this world, without its query."""
    return reverse(name, kwargs=pages()[name].keys(world))
