"""Writes the recipe as a ``pgbench`` script; the people it is run for stand in a table of its own."""

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup
from psycopg.sql import Literal  # noqa: E402

from bench.recipe import statements, value  # noqa: E402
from tirek.cli import addresses, embedded  # noqa: E402
from tirek.config import config  # noqa: E402

_QUOTED = re.compile(r"E?'(?:[^']|'')*'")
NAMES = ("draft", "line", "person", "user", "programme", "version", "variant", "session")


def main(folder: Path) -> None:
    people = json.loads(Path(os.environ["BENCH_PEOPLE"]).read_text(encoding="utf-8"))
    import psycopg

    with psycopg.connect(addresses.owner(config()), autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS bench_people")
        owner.execute("DROP SEQUENCE IF EXISTS bench_people_n")
        owner.execute("CREATE SEQUENCE bench_people_n")
        columns = ", ".join(f'"{name}" text' for name in NAMES)
        owner.execute(f"CREATE TABLE bench_people (n bigint PRIMARY KEY, {columns})")
        with owner.cursor().copy(
            f"COPY bench_people (n, {', '.join(chr(34) + name + chr(34) for name in NAMES)}) FROM STDIN"
        ) as copy:
            for n, person in enumerate(people, start=1):
                copy.write_row([n, *[person[name] for name in NAMES]])
        owner.execute("GRANT ALL ON bench_people, bench_people_n TO PUBLIC")
    script = folder / "orders.sql"
    script.write_text("\n".join(_script()) + "\n", encoding="utf-8")
    parts = urlsplit(addresses.serving(config()))
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    environment = {
        "PGPASSWORD": unquote(parts.password or ""),
        "PGHOST": unquote(query.get("host", parts.hostname or "")),
        "PGUSER": unquote(parts.username or ""),
    }
    json.dump(
        {
            "pgbench": str(embedded.programs() / "pgbench"),
            "script": str(script),
            "dsn": parts.path.lstrip("/"),
            "environment": environment,
        },
        sys.stdout,
    )


def _literal(told: dict[str, object], fresh: dict[str, str]) -> str:
    if "name" in told:
        return f":{told['name']}" if told.get("text") or told["name"] == "session" else f":{told['name']}::uuid"
    if "fresh" in told:
        return fresh.setdefault(str(told["fresh"]), f":fresh{len(fresh)}::uuid")
    if "number" in told:
        return ":number"
    if "list" in told:
        rows = told["list"]
        assert isinstance(rows, list)
        return f"ARRAY[{', '.join(_literal(one, fresh) for one in rows)}]"
    made = Literal(value(told, {}, {}, "")).as_string(connection.connection)
    return _QUOTED.sub(_without_colons, made)


def _without_colons(found: re.Match[str]) -> str:
    """A quoted text whose colons pgbench does not take for variables."""
    text = found.group()
    if ":" not in text:
        return text
    inner = text[2:-1] if text[0] == "E" else text[1:-1].replace("\\", "\\\\")
    return "E'" + inner.replace(":", "\\x3a") + "'"


def _script() -> list[str]:
    fresh: dict[str, str] = {}
    body = []
    for sql, params in statements():
        words = iter([_literal(one, fresh) for one in params])
        # used at once
        filled = re.sub(r"%s", lambda _found: next(words), sql)  # noqa: B023
        body.append(filled.replace("%%", "%").replace("\n", " ") + ";")
    names = ", ".join(f'"{name}"' for name in NAMES)
    keys = ", ".join(f"gen_random_uuid() AS fresh{n}" for n in range(len(fresh)))
    head = (
        f"SELECT {names}, substr(gen_random_uuid()::text, 1, 30) AS number, {keys} "
        f"FROM bench_people WHERE n = (SELECT nextval('bench_people_n')) \\gset"
    )
    return [head, *body]


if __name__ == "__main__":
    with connection.cursor():
        main(Path(sys.argv[1]))
