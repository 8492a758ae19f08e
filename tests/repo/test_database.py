"""What makes a growing database slow has a guard: keys without an index, searches that no index helps, compiled
queries.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from tests.kit import database, declared

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

#: Indexes whose columns another index of the table begins with, and those for searches by a beginning (``LIKE 'a%'``).
_WITHOUT_USE = """
SELECT one.indexrelid::regclass::text
FROM pg_index AS one
JOIN pg_class AS named ON named.oid = one.indexrelid
WHERE one.indrelid::regclass::text LIKE ANY(%s) AND NOT one.indisunique AND one.indexprs IS NULL AND (
    EXISTS (
        SELECT 1 FROM pg_index AS other
        WHERE other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
          AND one.indpred IS NULL AND other.indpred IS NULL
          AND (one.indkey::int2[])[0:one.indnkeyatts - 1] = (other.indkey::int2[])[0:one.indnkeyatts - 1]
          AND (one.indclass::oid[])[0:one.indnkeyatts - 1] = (other.indclass::oid[])[0:one.indnkeyatts - 1]
          AND (other.indnkeyatts > one.indnkeyatts OR other.indisunique OR other.indexrelid < one.indexrelid)
    ) OR (
        SELECT opcname LIKE '%%pattern_ops' FROM pg_opclass AS kind WHERE kind.oid = one.indclass[0]
    )
)
ORDER BY 1
"""
#: Look-ups that no index helps: within a text, at its end, by a pattern, or whatever its capitals are.
_UNHELPED = re.compile(r"(\w*)__(i?contains|i?endswith|i?regex|istartswith|iexact|search|trigram_\w+)")
_LOOKUPS = re.compile(r"I?(Contains|EndsWith|Regex)|IStartsWith|IExact|(Search|Trigram)\w+")
_OF_LOOKUPS = {"django.db.models.lookups", "django.contrib.postgres.search", "django.contrib.postgres.lookups"}
#: What of a statement searches from anywhere: a pattern that begins so, or is known only when it is asked.
_LIKE = re.compile(
    r"\bI(?i:LIKE)\b\s*(?:[^\w\s]|\w+\(|$)"
    r"|\b(?i:LIKE|SIMILAR\s+TO)\s*\(?\s*(?:E?'[%_]|E?'$|%s|%\(|\$\d|\{|[\w.]+\s*(?:\(|\|\|)|'[^']*'\s*\|\|)"
    r"|\b(?:LIKE|SIMILAR TO)\s*$"
)
_TILDE = re.compile(r"""[\w)"\]}]\s*!?~\*?\s*(?:E?'|%s|%\(|\$\d|\{)""")
#: A text of a page may say "like", too.
_STATEMENT = re.compile(
    r"\b(SELECT|WHERE|UPDATE|DELETE|I?LIKE|SIMILAR TO)\b|\b(select|update|delete)\b.*\bwhere\b", re.DOTALL
)
#: Place and look-up, with the reason why no index is needed.
ALLOWED: set[tuple[str, str]] = {
    # words of the index catalogue_variant_words
    ("catalogue/models/__init__.py", "SearchVector"),
    ("catalogue/queries.py", "SearchVector"),
    ("catalogue/queries.py", "SearchQuery"),
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


def indexes_without_use(*tables: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_USE, [list(tables)])
        return [str(name) for (name,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.finding("P-G6")
def test_indexes__of_tables_that_grow_are_each_of_use() -> None:
    grow = [
        name for name in declared.big_tables() if name.startswith(("catalogue", "entitlements", "orders", "people"))
    ]
    assert indexes_without_use(*grow) == [], "every row that is written writes them, too"


@pytest.mark.django_db
@pytest.mark.finding("P-G6")
@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("CREATE INDEX one ON a_leaf (n)", True),
        ("CREATE INDEX one ON a_leaf (n, m)", True),
        ("CREATE INDEX one ON a_leaf (n) WHERE m > 0", False),
        ("CREATE INDEX one ON a_leaf (m)", False),
        ("CREATE INDEX one ON a_leaf (m, n)", False),
        ("CREATE INDEX one ON a_leaf (t text_pattern_ops)", True),
    ],
)
def test_guard__knows_an_index_without_use(index: str, found: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a_leaf (n int, m int, o int, t text)")
        cursor.execute("CREATE INDEX other ON a_leaf (n, m, o)")
        cursor.execute(index)
    assert indexes_without_use("a_leaf") == (["one"] if found else [])


@cache
def lists() -> frozenset[str]:
    """Names of fields that hold lists or tables of values: what they contain is a member, not a part of a text."""
    kinds: dict[str, set[bool]] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            kinds.setdefault(field.name, set()).add(isinstance(field, models.JSONField | ArrayField))
    return frozenset(name for name, are in kinds.items() if are == {True})


def _is_unhelped(lookup: str) -> bool:
    found = _UNHELPED.fullmatch(lookup)
    if found is None:
        return False
    return found[2] != "contains" or not set(found[1].split("__")) & lists()


def _as_text(node: ast.AST) -> str | None:
    """A text as it is written down, with ``{}`` for what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_as_text(part) or "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def unhelped(text: str) -> set[str]:
    """Searches of a file that look into the middle or at the end of a text: every row would be read.

    A check of a row's own columns, when it is written, searches nothing.
    """
    tree = ast.parse(text)
    checks = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and "CheckConstraint" in ast.unparse(one.func)]
    in_checks = {id(node) for check in checks for node in ast.walk(check)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in in_checks:
            continue
        said = _as_text(node)
        if isinstance(node, ast.keyword) and node.arg and _is_unhelped(node.arg):
            found.add(node.arg)
        elif said is not None and _is_unhelped(said):
            found.add(said)
        elif said is not None and _STATEMENT.search(said) and _LIKE.search(said):
            found.add("LIKE")
        elif said is not None and _TILDE.search(said):
            found.add("~")
        elif isinstance(node, ast.ImportFrom) and node.module in _OF_LOOKUPS:
            found |= {alias.name for alias in node.names if _LOOKUPS.fullmatch(alias.name)}
        elif isinstance(node, ast.Attribute) and _LOOKUPS.fullmatch(node.attr):
            found.add(node.attr)
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
        "Person.objects.filter(**{f'{name}__contains': text})",
        "Person.objects.filter(surname__contains=text)",
        "Person.objects.filter(user__surname__regex=text)",
        "Person.objects.filter(surname__istartswith=text)",
        "Person.objects.filter(surname__iendswith=text)",
        "Person.objects.filter(surname__iexact=text)",
        "Person.objects.filter(surname__search=text)",
        "Offer.objects.filter(delivers_to__icontains='75')",
        "Q(('surname__endswith', text))",
        "cursor.execute(\"SELECT 1 FROM a WHERE b LIKE '%x'\")",
        "cursor.execute('SELECT 1 FROM a WHERE b ILIKE %s', [text])",
        "cursor.execute(\"SELECT 1 FROM a WHERE b ILIKE 'x%'\")",
        "cursor.execute('SELECT 1 FROM a WHERE b LIKE %(text)s', given)",
        "cursor.execute(\"select 1 from a where b like '%x'\")",
        "cursor.execute(\"SELECT 1 FROM a WHERE b LIKE '%' || %s\", [text])",
        "cursor.execute('SELECT 1 FROM a WHERE b LIKE concat(%s)', [text])",
        "cursor.execute(f'SELECT 1 FROM a WHERE b LIKE {text}')",
        "cursor.execute(f\"SELECT 1 FROM a WHERE b LIKE '{text}'\")",
        'cursor.execute("SELECT 1 FROM a WHERE b LIKE \'" + text)',
        "cursor.execute(\"SELECT 1 FROM a WHERE b SIMILAR TO '%x'\")",
        "cursor.execute('SELECT 1 FROM a WHERE b ~ %s', [text])",
        "cursor.execute(\"SELECT 1 FROM a WHERE lower(b) ~* 'x'\")",
        "cursor.execute(\"SELECT 1 FROM a WHERE b !~ 'x'\")",
        "RawSQL('b ~* %s', [text])",
        "RawSQL('b LIKE %s', [text])",
        "from django.db.models.lookups import IContains",
        "from django.db.models.lookups import Regex",
        "from django.contrib.postgres.search import SearchVector",
        "lookups.IStartsWith(F('surname'), text)",
    ],
)
def test_guard__knows_searches_that_read_every_row(line: str) -> None:
    assert unhelped(line)


@pytest.mark.parametrize(
    "line",
    [
        "Person.objects.filter(sort_key__startswith=text)",
        "Offer.objects.filter(delivers_to__contains=['750000000'])",
        "Offer.objects.filter(Q(variants__offer__delivers_to__contains=['750000000']))",
        "models.CheckConstraint(condition=Q(iin__regex='^[0-9]{12}$'), name='form')",
        "cursor.execute('SELECT 1')",
        "cursor.execute(\"SELECT 1 FROM a WHERE b LIKE 'x%'\")",
        "text = 'I like it'",
        "text = 'It looks like %s'",
        "found = ~Q(words='') | Q(place='~')",
    ],
)
def test_guard__lets_searches_from_the_beginning_pass(line: str) -> None:
    assert not unhelped(line)


def test_queries__are_not_compiled_by_the_embedded_server() -> None:
    """Told in the configuration that every start writes; the servers of the tests are started by it too."""
    assert re.search(r"^jit = off$", embedded._CONF, re.MULTILINE)


#: Who keeps the text of a statement: what a submit reads, and what every page, list or home page does; everybody else
#: asks the querysets.
COMPILED = {
    "accounts/backends.py",
    "catalogue/queries.py",
    "catalogue/ranking.py",
    "core/case/deadlines.py",
    "core/case/journal.py",
    "core/case/scope.py",
    "core/database/session_store.py",
    "core/drafts/drafts.py",
    "correspondence/queries.py",
    "entitlements/actions/ledger.py",
    "entitlements/queries.py",
    "notices/queries.py",
    "orders/queries.py",
    "orders/repeats.py",
    "organisations/queries.py",
    "people/queries.py",
    "people/telling.py",
    "ui/lists/paging.py",
}


def test_compiled_statements__are_for_a_submit_and_for_what_pages_read_all_day() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "tirek.core.database.compiled"
    }
    assert users == COMPILED


def test_template_of_the_tests__is_made_anew_for_what_migrations_are_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "src" / "tirek"
    texts = {
        tmp_path / "requirements-dev.lock": "django==5.2",
        source / "orders/migrations/0001_initial.py": "import tirek.core.keys\nfrom tirek.core.numbers import Series\n",
        source / "core/keys.py": "key = 1\n",
        source / "core/numbers/series.py": "class Series: ...\n",
        source / "orders/actions.py": "does = 1\n",
        source / "orders/reference/values.csv": "a;b\n",
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(database, "ROOT", tmp_path)
    monkeypatch.setattr(database, "SOURCE", source)
    monkeypatch.setattr(database, "_AFTERWARDS", source / "core/keys.py")
    before, told = database.state_of_the_migrations(), {}
    for path, text in texts.items():
        path.write_text(f"{text}# more\n", encoding="utf-8")
        told[path.name] = database.state_of_the_migrations() != before
        path.write_text(text, encoding="utf-8")
    assert told == {
        "requirements-dev.lock": True,
        "0001_initial.py": True,
        "keys.py": True,
        "series.py": True,
        "actions.py": False,
        "values.csv": False,
    }
