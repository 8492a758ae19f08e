"""The code of 22 November 2026 on the country of today, so that both read the same rows.

Nearly all that has come since is added beside what it knows. What it misses (three columns of a kind, a table that is
now another app's, two indexes) is put there for the time of the measurement, with the values of today, and taken off
again. It keeps what was added meanwhile to read faster: what is told of it is too good rather than too bad.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tirek.cli import embedded

ADD = """
ALTER TABLE catalogue_kind ADD replacement_term_months smallint, ADD quantity_per_period integer,
    ADD period varchar(10) NOT NULL DEFAULT '';
UPDATE catalogue_kind SET
    replacement_term_months = terms.replacement_months, quantity_per_period = terms.norm, period = terms.period
FROM (SELECT DISTINCT ON (kind_id) * FROM catalogue_kindterms ORDER BY kind_id, effective_from DESC) AS terms
WHERE terms.kind_id = code;
CREATE TABLE orders_savedfilter (
    id uuid PRIMARY KEY, created_at timestamptz NOT NULL, user_id uuid NOT NULL, desk varchar(20) NOT NULL,
    name varchar(60) NOT NULL, query varchar(300) NOT NULL
);
GRANT SELECT ON orders_savedfilter TO PUBLIC;
CREATE INDEX core_draft_office ON core_draft (territory_code);
CREATE INDEX orders_order_supplier ON orders_order (organisation_id, state, created_at DESC);
"""
TAKE_OFF = """
ALTER TABLE catalogue_kind DROP replacement_term_months, DROP quantity_per_period, DROP period;
DROP TABLE orders_savedfilter;
DROP INDEX core_draft_office, orders_order_supplier;
"""


def address(var: Path) -> str:
    """Of the country's database, as the code serves from it."""
    return embedded.address(var, embedded.APP)


@contextmanager
def known(var: Path) -> Iterator[None]:
    """The country whose server runs has what the earlier code reads, in the block."""
    with psycopg.connect(embedded.address(var, embedded.OWNER), autocommit=True) as owner:
        owner.execute(ADD)
        try:
            yield
        finally:
            owner.execute(TAKE_OFF)


def pictures(earlier: Path, present: Path) -> None:
    """Let the earlier code find the pictures that offers of today name."""
    lists = [one / "static" / "staticfiles.json" for one in (earlier, present)]
    told, more = (json.loads(one.read_text(encoding="utf-8")) for one in lists)
    told["paths"] = {**more["paths"], **told["paths"]}
    lists[0].write_text(json.dumps(told), encoding="utf-8")
