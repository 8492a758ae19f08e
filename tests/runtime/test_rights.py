"""What the roles of the database may not do with the tables that only grow."""

import psycopg
import pytest
from tests.runtime.installation import Installation

from tirek.cli.embedded import APP, OWNER, Embedded
from tirek.cli.rights import GUARDED, GUARDED_WHOLE, NEVER_CHANGED

pytestmark = pytest.mark.finding("T-truncate")


def test_tables_that_only_grow__cannot_be_emptied(migrated: Installation) -> None:
    with Embedded(migrated.var):
        guarded = {str(row[0]) for row in migrated.sql(GUARDED.decode())}
        assert {"core_event", "core_seal", "entitlements_ledgerentry", "suppliers_bankaccount"} <= guarded
        assert {str(row[0]) for row in migrated.sql(GUARDED_WHOLE.decode())} == guarded
        for table in sorted(guarded):
            with pytest.raises(psycopg.DatabaseError, match="append"):
                migrated.sql(f"TRUNCATE {table} CASCADE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                migrated.sql(f"TRUNCATE {table}", role=APP)
        for (table,) in migrated.sql(NEVER_CHANGED.decode()):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                migrated.sql(f"TRUNCATE {table}", role=APP)
        # the control: without its trigger a table of the owner is emptied
        migrated.sql("DROP TRIGGER core_seal_never_emptied ON core_seal")
        migrated.sql("TRUNCATE core_seal", role=OWNER)
