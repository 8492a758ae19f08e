"""Only actions write: rooms that read, and views, hold no verb that changes a row."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tirek"
ROOMS = {
    "case_types",
    "context",
    "exports",
    "filters",
    "forms",
    "pages",
    "permissions",
    "queries",
    "rules",
    "tables",
    "views",
    "words",
}
VERB = re.compile(r"a?(save|create|get_or_create|update_or_create|bulk_create|bulk_update|update|delete)")
WRITES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|NEXTVAL|SETVAL|ALTER|CREATE|DROP)\b", re.IGNORECASE
)
#: Rooms that declare pages: they name the actions that a page carries out, and write nothing by themselves.
DECLARE = {"forms", "case_pages", "draft_forms"}
#: Not rows: a picture that is written to memory.
OTHER_THINGS = {("files/rules.py", "fresh.save")}


def rooms() -> list[Path]:
    """Files of the rooms that read; ``admin_queries.py`` is one of them, and so is each file of a folder of that
    name.
    """
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if path.stem.split("_")[-1] in ROOMS or path.stem in ROOMS or {*path.relative_to(SOURCE).parts[1:-1]} & ROOMS
    ]


def _text_of(node: ast.expr | None, known: dict[str, str]) -> str | None:
    """A statement as it is written down; ``None`` when it is put together elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part, known) or "" for part in node.values)
    return known.get(node.id) if isinstance(node, ast.Name) else None


def writes(text: str) -> list[str]:
    """Calls of a file that change rows."""
    tree = ast.parse(text)
    named: dict[str, str] = {}
    for node in tree.body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign):
            named[target.id] = _text_of(node.value, {}) or ""
    lean = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tirek.core.database.rows"
        for alias in node.names
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        last = called.rpartition(".")[2]
        is_raw = isinstance(node.func, ast.Attribute) and last in {"execute", "executemany", "aexecute", "raw"}
        statement = _text_of(node.args[0] if node.args else None, named) if is_raw else ""
        if (
            (isinstance(node.func, ast.Attribute) and VERB.fullmatch(last))
            or called in {"rows.insert", "rows.update", *lean}
            or statement is None
            or WRITES.search(statement)
        ):
            found.append(called)
    return found


@pytest.mark.parametrize("path", rooms(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_room_that_reads__writes_nothing(path: Path) -> None:
    place = path.relative_to(SOURCE).as_posix()
    assert [one for one in writes(path.read_text(encoding="utf-8")) if (place, one) not in OTHER_THINGS] == []


@pytest.mark.parametrize("path", [path for path in rooms() if path.parent.name != "views" and path.stem not in DECLARE])
def test_room_that_reads__knows_no_actions(path: Path) -> None:
    known = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert [name for name in known if "actions" in name.split(".")] == []


def test_rooms__are_those_of_every_app() -> None:
    names = {path.relative_to(SOURCE).as_posix() for path in rooms()}
    assert {
        "orders/queries.py",
        "orders/rules.py",
        "site/admin_queries.py",
        "site/views/public.py",
        "ui/context.py",
    } <= names
    assert "orders/actions.py" not in names


@pytest.mark.parametrize(
    "line",
    [
        "Order.objects.create(n=1)",
        "Order.objects.get_or_create(n=1)",
        "Order.objects.filter(n=1).update(n=2)",
        "Order.objects.filter(n=1).delete()",
        "Order.objects.bulk_create([])",
        "Order.objects.bulk_update([], [])",
        "Order.objects.update_or_create(n=1)",
        "order.save()",
        "await order.asave()",
        "await Order.objects.acreate(n=1)",
        "rows.insert([order])",
        "rows.update(order)",
        "cursor.execute('insert into orders_order values (1)')",
        "cursor.execute(f'UPDATE {table} SET n = 1')",
        "cursor.execute(SENTENCE)",
        "cursor.execute(elsewhere.SENTENCE)",
        "cursor.executemany('DELETE FROM orders_order', [])",
        "Order.objects.raw('WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone')",
    ],
)
def test_guard__knows_every_verb(line: str) -> None:
    assert writes("\n".join(["SENTENCE = 'DELETE FROM a'", "async def f():", f"    {line}"]))


@pytest.mark.parametrize(
    "line",
    [
        "Order.objects.filter(n=1).first()",
        "viewlog.look(actor, person_id)",
        "viewlog.record(actor, subject_id=person_id)",
        "cursor.execute('SELECT updated_at, created FROM a')",
        "cursor.execute(READ, [1])",
    ],
)
def test_guard__lets_readers_read_and_the_look_be_written_down(line: str) -> None:
    assert writes(f"READ = 'SELECT 1'\ndef f():\n    {line}\n") == []
