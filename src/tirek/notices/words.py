"""Words that notices of several apps put beside their facts, and what became of messages."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, reference
from tirek.core.errors import Text
from tirek.core.tables import CaseRow
from tirek.ui.text import term_text

#: Why a message did not leave, by the code that is kept with it.
_PROBLEMS: Final[Mapping[str, Text]] = {
    "not_now": _("The provider did not take it, however often we tried."),
    "undeliverable": _("The provider refuses it: the phone or e-mail may be wrong."),
    "worker_lost": _("Our server stopped while it was being sent."),
}


def problem_in_words(code: str) -> str:
    """Why a message did not leave, or may not have, for staff; what nobody foresaw by its code."""
    return str(_PROBLEMS.get(code) or _now("A failure that nobody foresaw: %(code)s.") % {"code": code})


def terms_then(model: type[CaseRow], key: str, facts: Sequence[Mapping[str, object]]) -> list[str]:
    """The length of a term of the reference data in words, as it was on the day when the case of each fact
    (``number``) began, not on the day of reading (one query).
    """
    numbers = [str(one.get("number")) for one in facts]
    began = dict(model._default_manager.filter(number__in=numbers).values_list("number", "created_at"))
    days = [began.get(number, clock.now()).astimezone(clock.COUNTRY_ZONE).date() for number in numbers]
    return [term_text(one.amount, one.unit) for one in (reference.term(key, at=day) for day in days)]
