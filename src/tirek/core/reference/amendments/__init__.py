"""How administrators amend dated data: a new version of a reference value or in a dated table of
an app, a day of the working calendar.

Nothing is edited in place. Each amendment is written down once in ``Amendment`` (who, when, what, why), which the
serving role can only add to and read. Other processes see an amendment when their snapshot is read anew
(``core.reference.snapshot``).
"""

from tirek.core.reference.amendments.calendar import (
    MOST_DAYS,
    BrokenImport,
    BrokenRow,
    DayEntered,
    add_day,
    import_days,
    withdraw_day,
)
from tirek.core.reference.amendments.record import (
    Amendment,
    Facts,
    amendments_of,
    check_source,
    require_admin,
    require_reader,
)
from tirek.core.reference.amendments.values import (
    LONGEST_VALUE,
    amend_value,
    check_text,
    check_version,
    name_of,
    withdraw_value,
)
from tirek.core.reference.amendments.versions import Amended, add, check_days, check_room, withdraw

__all__ = [
    "LONGEST_VALUE",
    "MOST_DAYS",
    "Amended",
    "Amendment",
    "BrokenImport",
    "BrokenRow",
    "DayEntered",
    "Facts",
    "add",
    "add_day",
    "amend_value",
    "amendments_of",
    "check_days",
    "check_room",
    "check_source",
    "check_text",
    "check_version",
    "import_days",
    "name_of",
    "require_admin",
    "require_reader",
    "withdraw",
    "withdraw_day",
    "withdraw_value",
]
