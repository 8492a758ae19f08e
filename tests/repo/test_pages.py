"""Every route has a desk and is declared, every page opens where it belongs, every list asks the same number of queries
however long it is, and no template holds script or style.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, resolve
from pytest_django import DjangoDbBlocker
from tests import factories as make
from tests.kit import declared
from tests.kit.declared import List
from tests.kit.pages import Page, read, words
from tests.kit.sign_in import signed_in
from tests.kit.standing import rolled_back
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.case import effects, registry
from tirek.core.errors import DomainError
from tirek.ui.desks import DESKS
from tirek.ui.templatetags.ui import HELP_LINE

ROOT = Path(__file__).resolve().parents[2] / "src" / "tirek"
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))


@pytest.mark.parametrize(("address", "route"), [(address, route) for address, _name, route in declared.routes()])
def test_route__has_a_desk(address: str, route: URLPattern) -> None:
    desks = getattr(route.callback, DESKS, None)
    assert desks, f"/{address} has no desk: put @desk(…) on the view"
    assert desks <= set(Desk)
    assert Desk.CLOCK not in desks
    assert route.name, f"/{address} has no name"


FORBIDDEN = {
    "htmx, which no page loads": re.compile(r"(?<![\w-])(?:data-)?hx-[a-z]", re.IGNORECASE),
    "js: needs eval": re.compile(r"""["'\s]js:|javascript:"""),
    "script within the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style within the page": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template__holds_neither_script_nor_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [why for why, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_code__draws_no_attribute_of_htmx() -> None:
    drawn = FORBIDDEN["htmx, which no page loads"]
    assert [path for path in ROOT.rglob("*.py") if drawn.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ('<button hx-on:click="x()">', "htmx, which no page loads"),
        ("<a data-values='js:{a: 1}'>", "js: needs eval"),
        ('<form hx-post="/orders">', "htmx, which no page loads"),
        ('<form\n  data-hx-get="/orders">', "htmx, which no page loads"),
        ('<a class="a"hx-boost="true">', "htmx, which no page loads"),
        ('<div {% if a %}HX-Target="b"{% endif %}>', "htmx, which no page loads"),
        ("<script>alert(1)</script>", "script within the page"),
        ('<script type="module">a</script>', "script within the page"),
        ("<style>p {}</style>", "style within the page"),
        ('<p style="color:red">', "style attribute"),
        ('<p class="a" onclick="x()">', "event attribute"),
    ],
)
def test_guard__sees_what_it_forbids(sample: str, why: str) -> None:
    assert FORBIDDEN[why].search(sample)


@pytest.mark.parametrize("sample", ['<p class="box-hx-large">', "<p>shx-1</p>", "{{ form.hx }}"])
def test_guard__lets_names_with_those_letters_be(sample: str) -> None:
    assert not any(pattern.search(sample) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template__has_at_most_one_main_heading(path: Path) -> None:
    text = re.sub(r"{% if .*?%}.*?{% endif %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(re.findall(r"<h1\b", text)) <= 1


# --- what the apps declare


@pytest.fixture
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def test_every_route__is_declared_by_the_folder_of_its_app() -> None:
    known = {name for _address, name, _entry in declared.routes()}
    assert known - set(declared.pages()) == set(), "a new route: say in tests/<app>/declared.py how it is reached"
    assert set(declared.pages()) - known == set(), "a route that is no more"


def test_every_desk_with_pages__has_somebody_who_works_there_and_a_stranger() -> None:
    desks = {desk for _address, _name, entry in declared.routes() for desk in declared.desks_of(entry)}
    # desks that so far have nothing of their own
    desks -= {Desk.PUBLIC, Desk.OPERATOR, Desk.INSPECTOR}
    assert desks <= set(declared.roles())
    assert desks <= set(declared.strangers())


def test_every_table__is_declared_as_one_that_grows_with_the_country_or_not() -> None:
    ours = {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("tirek.")
        for model in config.get_models()
    }
    assert declared.big_tables() & declared.small_tables() == set()
    assert declared.big_tables() | declared.small_tables() == ours | {"django_session"}


def _owners(name: str) -> list[Desk]:
    entry = next(entry for _address, full, entry in declared.routes() if full == name)
    return sorted(declared.desks_of(entry) & set(declared.roles())) or [Desk.PUBLIC, Desk.RECIPIENT]


def _browsers(world: World) -> dict[Desk, Client]:
    """A browser for each desk, and one of somebody who is not signed in."""
    found = {desk: signed_in(world.at(desk)) for desk in declared.roles()}
    return found | {Desk.PUBLIC: Client(headers={"Accept-Language": "en"})}


def _address(name: str, world: World) -> str:
    query = declared.pages()[name].query(world)
    return declared.address_of(name, world) + (f"?{query}" if query else "")


@pytest.fixture(scope="module")
def walked(furnished_for_all: World) -> dict[str, dict[Desk, Page]]:
    """What every address answers when it is opened at each desk that it is for."""
    with clock.at(make.MORNING), rolled_back():
        world = copy.copy(furnished_for_all)
        browsers = _browsers(world)
        return {
            name: {desk: read(browsers[desk].get(_address(name, world))) for desk in _owners(name)}
            for name in declared.pages()
        }


@pytest.mark.django_db
def test_every_page__opens_at_a_desk_that_it_is_for(walked: dict[str, dict[Desk, Page]]) -> None:
    closed = {}
    for name, page in declared.pages().items():
        answers = [one.status for one in walked[name].values()]
        if page.post:
            assert 200 not in answers, f"{name} is a page: it answers GET"
        elif not set(answers) & {200, 302}:
            closed[name] = answers
    assert set(closed) == {name for name, page in declared.pages().items() if page.closed}, closed


def not_called(html: str) -> list[str]:
    """Where a page names the help line without a link that calls it."""
    plain = words(
        re.sub(r'<a\b[^>]*href="tel:1414"[^>]*>1414</a>|<textarea\b.*?</textarea>', "", html, flags=re.DOTALL)
    )
    return [plain[max(one.start() - 30, 0) : one.end()] for one in HELP_LINE.finditer(plain)]


@pytest.mark.finding("J-1414")
@pytest.mark.django_db
@pytest.mark.usefixtures("_morning")
def test_help_line__is_called_by_a_tap_on_every_page(walked: dict[str, dict[Desk, Page]]) -> None:
    missed = {}
    for name, page in declared.pages().items():
        for answer in () if page.post else walked[name].values():
            found = not_called(answer.html)
            missed |= {name: found} if found else {}
    for name in ("400", "404", "413", "500", "503"):
        found = not_called(render_to_string(f"{name}.html"))
        missed |= {name: found} if found else {}
    assert missed == {}
    assert not_called('<p>Call 1414 or <a class="phone" href="tel:1414">1414</a></p>') == ["Call 1414"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning")
def test_every_case_type__has_its_case_which_opens_at_a_desk(furnished_world: World) -> None:
    assert set(declared.cases()) == {one.code for one in registry.all_types()}
    world = furnished_world
    browsers = _browsers(world)
    for code, make_case in declared.cases().items():
        case, opened = make_case(world), 0
        for desk in declared.roles():
            try:
                address = registry.address_of(code, world.at(desk), case.pk)
            except DomainError:
                continue
            if address:
                assert browsers[desk].get(address, follow=True).status_code == 200, (
                    f"{code} at the {desk} desk: {address}"
                )
                opened += 1
        assert opened, code


# --- lists


def _asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    assert response.status_code == 200, address
    assert len(re.findall(rb"<h1\b", response.content)) == 1, address
    return [query["sql"] for query in seen]


def _lists_of(desk: Desk) -> list[List]:
    return [one for one in declared.lists() if one.desk == desk]


def _shapes(asked: Iterable[str]) -> Counter[str]:
    """How often each statement was run, whatever its values and however many."""
    plain = (re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", sql) for sql in asked)
    return Counter(re.sub(r"\?(?:::\w+)?(?:, \?(?:::\w+)?)+", "?", sql) for sql in plain)


@dataclass
class Growth:
    """The lists of one world with few things in them and with more.

    Attributes:
        asked: what each list asked of the database: before, afterwards.
        cards: how many cards the recipient's orders were: before, afterwards.
    """

    asked: tuple[dict[List, Counter[str]], dict[List, Counter[str]]]
    cards: tuple[int, int]


def _asked_by_lists(browsers: dict[Desk, Client], world: World) -> dict[List, Counter[str]]:
    found = {}
    for known in declared.lists():
        address = known.address(world)
        _asked(browsers[known.desk], address)  # what is kept for half a minute is read before the counting
        found[known] = _shapes(_asked(browsers[known.desk], address))
    return found


@pytest.fixture(scope="module")
def growth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Growth:
    """Every list, looked at before its world grows twice and afterwards."""
    with django_db_blocker.unblock(), clock.at(make.MORNING), rolled_back():
        world = World()
        world.grow()
        browsers = _browsers(world)

        def cards() -> int:
            return browsers[Desk.RECIPIENT].get("/orders").content.count(b'class="card"')

        first, few = _asked_by_lists(browsers, world), cards()
        world.grow()
        world.grow()
        return Growth((first, _asked_by_lists(browsers, world)), (few, cards()))


@pytest.mark.django_db
@pytest.mark.parametrize("desk", sorted({one.desk for one in declared.lists()}))
def test_lists_of_a_desk__ask_nothing_for_each_row(growth: Growth, desk: Desk) -> None:
    one, three = growth.asked
    # of what several sorts share a list, a sort that was not on the page before is read once
    grown = {
        known.name: told
        for known in _lists_of(desk)
        if three[known].total() > one[known].total()
        and (told := {sql: n for sql, n in three[known].items() if n > max(one[known][sql], 1)})
    }
    assert grown == {}


@pytest.mark.django_db
def test_list__really_grows_in_this_test(growth: Growth) -> None:
    before, after = growth.cards
    assert 0 < before < after


def _entries(browsers: dict[Desk, Client], addresses: dict[tuple[str, Desk], str]) -> dict[tuple[str, Desk], int]:
    """How many things of a sort each page shows."""
    return {(name, desk): read(browsers[desk].get(address)).entries for (name, desk), address in addresses.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning")
def test_every_page_that_grows__is_declared_as_a_list() -> None:
    world = World()
    world.grow()
    browsers = _browsers(world)
    addresses = {
        (name, desk): _address(name, world)
        for name, page in declared.pages().items()
        if not page.post
        for desk in _owners(name)
    }
    # what was made when an address asked for it has its effects before the first look
    effects.run()
    few = _entries(browsers, addresses)
    world.grow()
    world.grow()
    grown = {name for (name, desk), count in _entries(browsers, addresses).items() if count > few[name, desk]}
    lists = {resolve(one.address(world).partition("?")[0]).view_name for one in declared.lists()}
    assert grown - lists == set(), "a list page: say in tests/<app>/declared.py where it is read"
    assert len(grown & lists) > 10
