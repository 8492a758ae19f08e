"""What makes a growing database slow has a guard: keys without an index, searches that no index helps, compiled
queries.
"""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

from tirek.cli import embedded

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tirek"

#: Columns of foreign keys that begin no index of the whole table.
_WITHOUT_INDEX = """
SELECT held.conrelid::regclass::text || '.' || named.attname
FROM pg_constraint AS held
JOIN pg_attribute AS named ON named.attrelid = held.conrelid AND named.attnum = held.conkey[1]
WHERE held.contype = 'f' AND NOT EXISTS (
    SELECT 1 FROM pg_index AS known
    WHERE known.indrelid = held.conrelid AND known.indpred IS NULL AND known.indisvalid
      AND known.indkey[0] = held.conkey[1]
)
ORDER BY 1
"""
#: Tables of a library, which makes and keeps them itself.
_NOT_OURS = ("procrastinate_",)

_UNHELPED = re.compile(r"\w*__(i?contains|i?endswith|iregex|search)")
_LIKE = re.compile(r"\bI?LIKE\b", re.IGNORECASE)
#: Place and look-up, with the reason why no index is needed.
ALLOWED = {
    # an array of territories, not a text: one equal member
    ("catalogue/queries.py", "delivers_to__contains"),
}


def keys_without_index() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_INDEX)
        return [str(name) for (name,) in cursor.fetchall() if not str(name).startswith(_NOT_OURS)]


@pytest.mark.django_db
def test_foreign_keys__each_begins_an_index() -> None:
    assert keys_without_index() == [], "a deletion or a join would read the whole table"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("", True),
        ("CREATE INDEX ON a_leaf (a_root)", False),
        ("CREATE INDEX ON a_leaf (a_root, n)", False),
        ("CREATE INDEX ON a_leaf (n, a_root)", True),
        ("CREATE INDEX ON a_leaf (a_root) WHERE n > 0", True),
    ],
)
def test_guard__knows_a_key_without_index(index: str, found: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a_root (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE a_leaf (id int PRIMARY KEY, n int, a_root int REFERENCES a_root)")
        if index:
            cursor.execute(index)
    assert ("a_leaf.a_root" in keys_without_index()) is found


def unhelped(text: str) -> set[str]:
    """Searches of a file that look into the middle or at the end of a text: every row would be read."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg and _UNHELPED.fullmatch(node.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _LIKE.search(node.value) and re.search(r"'%|LIKE %s|LIKE \$", node.value):
                found.add("LIKE")
            elif _UNHELPED.fullmatch(node.value):
                found.add(node.value)
        elif isinstance(node, ast.ImportFrom) and node.module == "django.db.models.lookups":
            found |= {alias.name for alias in node.names if re.fullmatch("I?(Contains|EndsWith|Regex)", alias.name)}
    return found


def test_searches__are_helped_by_an_index() -> None:
    found = {
        (path.relative_to(SOURCE).as_posix(), lookup)
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        for lookup in unhelped(path.read_text(encoding="utf-8"))
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "Order.objects.filter(number__endswith='7')",
        "Person.objects.filter(user__name__icontains=text)",
        "Person.objects.exclude(Q(surname__iregex=text))",
        "Person.objects.filter(**{'surname__contains': text})",
        "Person.objects.filter(**{f'{name}__icontains': text})",
        "cursor.execute(\"SELECT 1 FROM a WHERE b LIKE '%x'\")",
        "cursor.execute('SELECT 1 FROM a WHERE b ILIKE %s', [text])",
        "from django.db.models.lookups import IContains",
    ],
)
def test_guard__knows_searches_that_read_every_row(line: str) -> None:
    assert unhelped(line)


@pytest.mark.parametrize(
    "line", ["Person.objects.filter(sort_key__startswith=text)", "cursor.execute('SELECT 1')", "text = 'I like it'"]
)
def test_guard__lets_searches_from_the_beginning_pass(line: str) -> None:
    assert not unhelped(line)


def test_queries__are_not_compiled_by_the_embedded_server() -> None:
    """Told in the configuration that every start writes; the servers of the tests are started by it too."""
    assert re.search(r"^jit = off$", embedded._CONF, re.MULTILINE)


#: Who keeps the text of a statement: what a submit reads, and nothing else; everybody else asks the querysets.
COMPILED = {
    "accounts/backends.py",
    "catalogue/queries.py",
    "core/database/session_store.py",
    "core/drafts/drafts.py",
    "entitlements/actions/ledger.py",
    "entitlements/queries.py",
    "people/queries.py",
    "people/telling.py",
}


def test_compiled_statements__are_for_the_way_of_a_submit_only() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "tirek.core.database.compiled"
    }
    assert users == COMPILED
