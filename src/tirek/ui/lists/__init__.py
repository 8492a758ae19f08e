"""Lists of cases at the desks of staff: filter in the address, sort, counters, paging, saved filters, exports, bulk."""

from tirek.ui.lists.bulk import Bulk, Sheet
from tirek.ui.lists.filters import Chosen, Sorting
from tirek.ui.lists.lists import CaseList, Column, Counts, Export
from tirek.ui.lists.own import OwnList
from tirek.ui.lists.parts import counters_part, soonest_first, table_part
from tirek.ui.lists.tasks import TaskList, TaskPage, always, by_state, of_a_region

__all__ = [
    "Bulk",
    "CaseList",
    "Chosen",
    "Column",
    "Counts",
    "Export",
    "OwnList",
    "Sheet",
    "Sorting",
    "TaskList",
    "TaskPage",
    "always",
    "by_state",
    "counters_part",
    "of_a_region",
    "soonest_first",
    "table_part",
]
