"""Who checks and who pays: never the officer who entered the order, and two different ones (portal.md section 10)."""

from typing import Any, Final

from tirek.core.case.workflow import Party
from tirek.people.parties import second_officer

#: Checks a claim: not who entered the order.
checker: Final[Party[Any]] = second_officer("entered_by")
#: Records its payment: not who checked it.
payer: Final[Party[Any]] = second_officer("verified_by")
