"""Only actions write: every room that is not told to write holds no verb that changes a row.

A room is found by its name in an app: a new sort of room reads until it is named among those that write. What an action
does is called by its name from the rooms that carry it out, and from no other.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from tests.kit.floors import SOURCE, floors

#: Rooms of an app that write: the verbs, what is erased of a person, dated data from their files, the demo's people.
WRITE = {"actions", "personal", "reference_data", "demo"}
#: Other calls that change rows, each with its reason. They are the only ones of their file.
EXCUSED = {
    # a filter that somebody keeps under a name: the floor's own table, its two verbs beside its two questions
    ("ui/lists/saved.py", "SavedFilter.objects.update_or_create"),
    ("ui/lists/saved.py", "saved_filter(actor, code, key).delete"),
    # every try to sign in is counted, also one that is refused and whose transaction ends
    ("accounts/limits.py", "SignInEvent.objects.create"),
    # the moment of the first sign-in, with the session that begins
    ("accounts/sessions.py", "User.objects.filter(pk=user.pk, first_signed_in_at__isnull=True).update"),
    # how Django makes an account
    ("accounts/models.py", "user.save"),
    # the demo's channel keeps what it would send
    ("notices/channels.py", "SentMessage.objects.create"),
    # no rows: a picture that is written to memory, and what a page has said already
    ("files/rules.py", "fresh.save"),
    ("catalogue/paper_sheets.py", "small.save"),
    ("ui/addresses.py", "made.make_image().save"),
    ("ui/templatetags/ui.py", "shown.update"),
}
#: Not of an app: what the command does with the database, and the core, whose rooms stand by their own names below.
NO_APPS = {"cli", "config", "core", "settings", "urls", "wsgi"}
#: Rooms of the core that read; the others are what actions are made of.
CORE_READS = {"forms", "languages", "library_words", "parties", "places", "reference_names", "scope", "tables", "words"}
#: Rooms that carry actions out: views; what declares the pages on which an action is offered, and the form or signature
#: behind which it follows; what happens by the clock and after an event.
CARRY_OUT = {"views", "imports", "case_pages", "draft_forms", "signing", "jobs", "subscriptions"}
#: What other rooms take of a room of actions: the one verb of telling, and what writes nothing.
NAMED = {
    ("people/telling.py", "tirek.notices.actions.notify"),
    ("organisations/telling.py", "tirek.notices.actions.notify"),
    # staff is told by e-mail, too
    ("organisations/telling.py", "tirek.notices.actions.reach_by_email"),
    # how the account looks, from the panel and from what the browser asks for
    ("accounts/apps.py", "tirek.accounts.actions.set_display"),
    ("accounts/sessions.py", "tirek.accounts.actions.account.suggest_display"),
    # a phone is read from what was typed
    ("accounts/fields.py", "tirek.accounts.actions.parse_phone"),
    ("orders/forms/person.py", "tirek.accounts.actions.parse_phone"),
    # an item of a programme as the form reads it; nothing is written by it
    ("entitlements/programme_form.py", "tirek.entitlements.actions.LineGrant"),
    # the name of a notice
    ("notices/messages.py", "tirek.notices.actions.ENDING_DRAFT"),
}
VERB = re.compile(
    r"a?(save|create|get_or_create|update_or_create|bulk_create|bulk_update|update|delete|set)|_raw_delete|save_base"
)
#: Verbs of a relation that a set of Python has, too.
OF_RELATIONS = re.compile(r"a?(add|remove|clear)")
RAW = {"execute", "executemany", "aexecute", "raw", "callproc", "copy"}
ROWS = "tirek.core.database.rows"
WRITES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|NEXTVAL|SETVAL|ALTER|CREATE|DROP)\b", re.IGNORECASE
)


def _names(path: Path) -> set[str]:
    """The rooms that a file belongs to: ``admin_queries.py`` is one of queries, and so is a file of such a folder."""
    return {path.stem, path.stem.split("_")[-1], *path.relative_to(SOURCE).parts[1:-1]}


def place_of(path: Path) -> str:
    """A file, as the tables above name it."""
    return path.relative_to(SOURCE).as_posix()


def rooms() -> list[Path]:
    """Files of the rooms that read, of every app and of the middle floor."""
    named = frozenset[str]().union(*floors()) - NO_APPS
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
        and (
            (path.relative_to(SOURCE).parts[0] in named and not {path.stem, *path.relative_to(SOURCE).parts} & WRITE)
            or (path.is_relative_to(SOURCE / "core") and _names(path) & CORE_READS)
        )
    ]


@cache
def relations() -> frozenset[str]:
    """Names under which a row of any model has its related rows: ``order.deliveries``."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    return frozenset(
        str(field.get_accessor_name() if field.auto_created and not field.concrete else field.name)
        for field in fields
        if field.one_to_many or field.many_to_many
    ) - {"None"}


def _text_of(node: ast.expr | None, known: dict[str, str]) -> str | None:
    """A statement as it is written down; ``None`` when it is put together elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part, known) or "" for part in node.values)
    return known.get(node.id) if isinstance(node, ast.Name) else None


def _modules_of_rows(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Under which names a file knows the lean inserts: as a module, and one by one."""
    modules, single = {"rows"}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == ROWS:
            single |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            inside = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            modules |= {alias.asname or alias.name for alias in node.names if f"{inside}{alias.name}" == ROWS}
    return modules, single


def _kept_relations(tree: ast.Module) -> set[str]:
    """Names that stand for the related rows of something: ``lines = person.lines``."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr in relations()
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _of_a_relation(called: ast.expr, kept: set[str]) -> bool:
    """Whether ``add`` and its like are asked of related rows: a set of Python is a plain name, or not so named."""
    if not (isinstance(called, ast.Attribute) and OF_RELATIONS.fullmatch(called.attr)):
        return False
    of = called.value
    return (isinstance(of, ast.Attribute) and of.attr in relations()) or (isinstance(of, ast.Name) and of.id in kept)


def writes(text: str) -> list[str]:
    """What of a file changes rows: a verb that is called or handed on, a statement, a lean insert."""
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
    modules, lean = _modules_of_rows(tree)
    kept = _kept_relations(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and VERB.fullmatch(node.attr):
            # also one that is handed to somebody who calls it
            found.append(ast.unparse(node))
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        before, _dot, last = called.rpartition(".")
        # a dictionary is copied without an argument
        is_raw = isinstance(node.func, ast.Attribute) and last in RAW and (last != "copy" or bool(node.args))
        statement = _text_of(node.args[0] if node.args else None, named) if is_raw else ""
        if (
            _of_a_relation(node.func, kept)
            or (before in modules and last in {"insert", "update"})
            or called in lean
            or statement is None
            or (is_raw and last == "callproc")
            or WRITES.search(statement)
        ):
            found.append(called)
    return found


def actions_named(text: str) -> list[str]:
    """What a file takes of rooms of actions."""
    found = []
    for node in ast.walk(ast.parse(text)):
        inside = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += [f"{inside}{alias.name}" for alias in node.names]
    return [name for name in found if name.startswith("tirek.") and "actions" in name.split(".")]


@pytest.mark.parametrize("path", rooms(), ids=place_of)
def test_room_that_reads__writes_nothing(path: Path) -> None:
    place = place_of(path)
    found = writes(path.read_text(encoding="utf-8"))
    assert [one for one in found if (place, one) not in EXCUSED] == []
    assert {(place, one) for one in found} == {one for one in EXCUSED if one[0] == place}, "an excuse for nothing"


@pytest.mark.parametrize("path", [path for path in rooms() if not _names(path) & CARRY_OUT], ids=place_of)
def test_room_that_reads__knows_no_actions(path: Path) -> None:
    place = place_of(path)
    found = {(place, name) for name in actions_named(path.read_text(encoding="utf-8"))}
    assert found == {one for one in NAMED if one[0] == place}


def test_rooms__are_those_of_every_app_and_of_the_middle_floor() -> None:
    names = {place_of(path) for path in rooms()}
    assert {
        "core/case/words.py",
        "entitlements/answers.py",
        "entitlements/messages.py",
        "orders/acts.py",
        "orders/case_pages/__init__.py",
        "orders/draft_forms.py",
        "orders/panels.py",
        "orders/queries.py",
        "orders/rules.py",
        "orders/signing.py",
        "organisations/telling.py",
        "people/telling.py",
        "site/admin_queries.py",
        "site/views/public.py",
        "ui/cases.py",
        "ui/context.py",
        "ui/lists/lists.py",
        "ui/lists/saved.py",
        "ui/lists/tasks.py",
    } <= names
    assert names & {"orders/actions.py", "entitlements/actions/terms.py", "orders/personal.py"} == set()
    assert {place for place, _call in EXCUSED | NAMED} <= names, "a file that is no more"


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
        "order.save_base(raw=True)",
        "transaction.on_commit(order.save)",
        "person.orders.set([1])",
        "await person.orders.aset([1])",
        "person.orders.add(1)",
        "person.orders.remove(1)",
        "person.orders.clear()",
        "known = person.orders\n    known.add(1)",
        "Order.objects.all()._raw_delete('default')",
        "cursor.callproc('forget')",
        "cursor.copy('COPY orders_order FROM STDIN')",
        "lean_rows.insert([order])",
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
    text = [
        "import tirek.core.database.rows as lean_rows",
        "SENTENCE = 'DELETE FROM a'",
        "async def f():",
        f"    {line}",
    ]
    assert writes("\n".join(text))


@pytest.mark.parametrize(
    "line",
    [
        "Order.objects.filter(n=1).first()",
        "viewlog.look(actor, person_id)",
        "viewlog.record(actor, subject_id=person_id)",
        "cursor.execute('SELECT updated_at, created FROM a')",
        "cursor.execute(READ, [1])",
        "found.add(1)",
        "self.seen.add(1)",
        "orders = set()\n    orders.add(1)",
        "names.insert(0, 1)",
        "parts.remove('')",
        "request.GET.copy()",
        "known = list(person.orders.all())",
    ],
)
def test_guard__lets_readers_read_and_the_look_be_written_down(line: str) -> None:
    assert writes(f"READ = 'SELECT 1'\ndef f():\n    {line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "from tirek.orders.actions import accept_order",
        "from tirek.orders import actions",
        "from tirek.entitlements.actions.terms import lapse_term",
        "import tirek.orders.actions",
        "import tirek.orders.actions as verbs",
        "def f():\n    from tirek.orders import actions as verbs",
    ],
)
def test_guard__sees_an_action_under_every_name(line: str) -> None:
    assert actions_named(line)
    assert actions_named("from tirek.orders import acts, queries\nimport tirek.orders.models") == []


def test_guard__knows_the_names_of_related_rows() -> None:
    assert {"deliveries", "orders", "represents", "represented_by"} <= relations()
    assert {"None", "state", "kind"} & relations() == set()
