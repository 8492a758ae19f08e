"""What PostgreSQL spends on keeping the figures of an order: rows written with its triggers and without, in turn.

Prints milliseconds of processor time: of an order that is written, of the same without triggers, and of the two for a
change of its state. Everything is rolled back.
"""

import json
import sys
from pathlib import Path
from statistics import median

import django

django.setup()

import psycopg  # noqa: E402 - after setup

from tirek.cli import addresses  # noqa: E402
from tirek.config import config  # noqa: E402

ROUNDS, ROWS = 7, 400


def _used(owner: psycopg.Connection[tuple[object, ...]]) -> float:
    """Milliseconds that this connection's process of the server was on a processor."""
    return int(Path(f"/proc/{owner.info.backend_pid}/schedstat").read_text().split()[0]) / 1e6


def _columns(owner: psycopg.Connection[tuple[object, ...]]) -> tuple[str, str]:
    """Names of the columns, and what a copy of an order holds in them."""
    rows = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'orders_order'::regclass AND attnum > 0 AND NOT attisdropped"
    )
    names = [str(row[0]) for row in rows]
    own = {"id": "gen_random_uuid()", "number": "left(md5(random()::text), 16)"}
    return ", ".join(names), ", ".join(own.get(name, name) for name in names)


def _turn(owner: psycopg.Connection[tuple[object, ...]], *, kept: bool) -> tuple[float, float]:
    with owner.transaction(force_rollback=True):
        owner.execute(f"ALTER TABLE orders_order {'ENABLE' if kept else 'DISABLE'} TRIGGER USER")
        keys = [row[0] for row in owner.execute("SELECT id FROM orders_order LIMIT %s", [ROWS])]
        names, copied = _columns(owner)
        insert = f"INSERT INTO orders_order ({names}) SELECT {copied} FROM orders_order WHERE id = %s"
        change = "UPDATE orders_order SET state = 'accepted', version = version + 1 WHERE id = %s"
        spent = []
        for statement in (insert, change):
            before = _used(owner)
            for key in keys:
                owner.execute(statement, [key])
            spent.append((_used(owner) - before) / len(keys))
    return spent[0], spent[1]


def main() -> None:
    with psycopg.connect(addresses.owner(config()), autocommit=True) as owner:
        _turn(owner, kept=True)
        turns = [(_turn(owner, kept=True), _turn(owner, kept=False)) for _ in range(ROUNDS)]
    told = {}
    for place, name in enumerate(("insert", "change")):
        told[name] = median(kept[place] for kept, _bare in turns)
        told[f"{name}_bare"] = median(bare[place] for _kept, bare in turns)
        told[f"{name}_more"] = median(kept[place] - bare[place] for kept, bare in turns)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
