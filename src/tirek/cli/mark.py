"""What a database is for, written on the database itself: demo data and real people never share one.

The mark is the comment on the database, so it needs no table and only the owner can change it.
"""

from enum import StrEnum

import psycopg
from psycopg import sql

from tirek.cli.problems import Problem
from tirek.config import Config


class Mark(StrEnum):
    """Purposes of a database."""

    NONE = ""
    PRODUCTION = "Tirek: production"
    DEMO = "Tirek: demo"
    DEMO_LOADED = "Tirek: demo, with demo data"


def read(url: str) -> Mark:
    """The mark of the database at ``url``; ``NONE`` for a new one."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    return Mark(row[0]) if row and row[0] in set(Mark) else Mark.NONE


def write(owner_url: str, mark: Mark) -> None:
    """Marks the database at ``owner_url``, the address of its owner."""
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(mark.value)))


def refuse_mixing(config: Config, mark: Mark) -> None:
    """Refuses demo mode on a production database, and production on demo data.

    Raises:
        Problem: the two do not fit.
    """
    if config.demo and mark is Mark.PRODUCTION:
        raise Problem("This database was made for production: demo mode does not touch it.", command="unset TIREK_DEMO")
    if not config.demo and mark in {Mark.DEMO, Mark.DEMO_LOADED}:
        raise Problem(
            "This database holds demo data: it is not for production. Use another database or folder.",
            command="TIREK_DEMO=1 tirek run",
        )
