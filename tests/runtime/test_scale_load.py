"""A country is loaded into tables without keys and indexes, which come back as they were and are checked."""

from types import SimpleNamespace

import psycopg
import pytest
from tests.runtime.installation import Installation

from tirek.cli import addresses, scale
from tirek.cli.embedded import LOADING, OWNER, Embedded

pytestmark = pytest.mark.finding("P-scale")

TABLES = ["accounts_user", "core_deadline", "core_pause", "people_person"]
_THERE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE contype IN ('p', 'u', 'f')
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index
WHERE indrelid::regclass::text = ANY(%s)
ORDER BY 1, 2, 3
"""


def there(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    return owner.execute(_THERE, [TABLES]).fetchall()


@pytest.fixture
def owner(migrated: Installation, monkeypatch: pytest.MonkeyPatch) -> psycopg.Connection:
    with Embedded(migrated.var, settings=LOADING) as server:
        monkeypatch.setattr(addresses, "owner", lambda _config: server.address(OWNER))
        with psycopg.connect(server.address(OWNER), autocommit=True) as connection:
            yield connection


def test_keys_and_indexes__are_gone_for_the_load_and_the_same_afterwards(owner: psycopg.Connection) -> None:
    before, steps = there(owner), dict[str, list[int]]()

    def told(name: str, parts: int) -> object:
        steps[name] = [parts, 0]

        def done() -> None:
            steps[name][1] += 1

        return done

    with scale.without_keys(TABLES, 2, told):
        left = there(owner)
        assert not [one for one in left if one[0] in TABLES]
    assert [one[:2] for one in there(owner)] == [one[:2] for one in before]
    assert all(one[3] for one in there(owner)), "checked and valid"
    assert steps.keys() == {"Keys and indexes", "References"}
    assert all(parts == done > 0 for parts, done in steps.values())


def test_reference_to_nobody__is_found_at_the_end_of_the_load(owner: psycopg.Connection) -> None:
    with (
        pytest.raises(psycopg.errors.ForeignKeyViolation),
        scale.without_keys(TABLES, 2, lambda *_told: lambda: None),
    ):
        owner.execute(
            "INSERT INTO core_pause (id, created_at, deadline_id, started_at) "
            "VALUES (gen_random_uuid(), now(), gen_random_uuid(), now())"
        )


def test_cases__lie_in_the_order_of_time(owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    # a table of few columns stands for one of cases
    cases = SimpleNamespace(model=SimpleNamespace(_meta=SimpleNamespace(db_table="core_calendarday")))
    monkeypatch.setattr(scale, "all_types", lambda: [cases])
    with scale.without_keys(["core_calendarday"], 2, lambda *_told: lambda: None):
        for day in (3, 1, 2):
            owner.execute(
                "INSERT INTO core_calendarday (id, created_at, day, working, citation) "
                "VALUES (gen_random_uuid(), make_timestamptz(1991, 12, %(day)s, 0, 0, 0), "
                "make_date(1991, 12, %(day)s), true, 'test')",
                {"day": day},
            )
    found = owner.execute("SELECT created_at FROM core_calendarday ORDER BY ctid").fetchall()
    assert len(found) >= 3
    assert found == sorted(found)


def test_server__takes_its_usual_settings_after_the_load(migrated: Installation) -> None:
    with Embedded(migrated.var, settings=LOADING) as server, psycopg.connect(server.address()) as connection:
        assert connection.execute("SHOW full_page_writes").fetchone() == ("off",)
    with Embedded(migrated.var) as server, psycopg.connect(server.address()) as connection:
        assert connection.execute("SHOW full_page_writes").fetchone() == ("on",)
        assert connection.execute("SHOW wal_level").fetchone() == ("replica",)
