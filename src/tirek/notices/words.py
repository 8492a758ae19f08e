"""Words that notices of several apps put beside their facts."""

from collections.abc import Mapping, Sequence

from tirek.core import clock, reference
from tirek.core.tables import CaseRow
from tirek.ui.text import term_text


def terms_then(model: type[CaseRow], key: str, facts: Sequence[Mapping[str, object]]) -> list[str]:
    """The length of a term of the reference data in words, as it was on the day when the case of each fact
    (``number``) began, not on the day of reading (one query).
    """
    numbers = [str(one.get("number")) for one in facts]
    began = dict(model._default_manager.filter(number__in=numbers).values_list("number", "created_at"))
    days = [began.get(number, clock.now()).astimezone(clock.COUNTRY_ZONE).date() for number in numbers]
    return [term_text(one.amount, one.unit) for one in (reference.term(key, at=day) for day in days)]
