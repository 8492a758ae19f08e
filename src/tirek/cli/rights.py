"""Which rights the serving role has on the tables of the owner."""

import psycopg
from psycopg import sql

#: tables whose rows may only be added: those that a migration has guarded so
GUARDED = (
    b"SELECT DISTINCT relname::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid "
    b"= tgrelid "
    b"WHERE proname = 'tirek_append_only'"
)


#: tables whose rows may be added and erased, never changed
NEVER_CHANGED = (
    b"SELECT DISTINCT relname::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid "
    b"= tgrelid "
    b"WHERE proname = 'tirek_never_changed'"
)
#: guarded tables that have a trigger against being emptied (32: TRUNCATE, in tgtype)
GUARDED_WHOLE = GUARDED + b" AND tgtype & 32 > 0"


def grant_serving(owner_url: str, app: str) -> None:
    """Lets ``app`` read and write the rows of every table the owner makes in this database from now on, and nothing
    more.

    Tables that may only grow lose rights again in ``settle_rights``.
    """
    role = sql.Identifier(app)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(role)
        )
        connection.execute(sql.SQL("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {}").format(role))


def settle_rights(owner_url: str, app: str) -> None:
    """Gives ``app`` its rights on the tables that are there, whatever its name: rows of all, but of those that may only
    grow no change.

    A table that may only grow has the trigger ``tirek_append_only``, and gets one more that refuses to empty it, also
    for the owner. One transaction: no moment with too many rights.
    """
    role = sql.Identifier(app)
    with psycopg.connect(owner_url) as connection:
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        connection.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role)
        )
        connection.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
        for (table,) in connection.execute(GUARDED).fetchall():
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role)
            )
            connection.execute(
                sql.SQL(
                    "CREATE OR REPLACE TRIGGER {} BEFORE TRUNCATE ON {} FOR EACH STATEMENT "
                    "EXECUTE FUNCTION tirek_append_only()"
                ).format(sql.Identifier(f"{table}_never_emptied"), sql.Identifier(table))
            )
        for (table,) in connection.execute(NEVER_CHANGED).fetchall():
            connection.execute(sql.SQL("REVOKE UPDATE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role))


def ungrant_serving(owner_url: str, app: str) -> None:
    """Takes back what ``grant_serving`` promised for tables to come: a restore brings the rights of each table
    along.
    """
    role = sql.Identifier(app)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM {}").format(role))
        connection.execute(sql.SQL("ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM {}").format(role))
