"""What letters about orders say besides: the question itself, and the numbers that were measured, with the way to
answer without opening a page.
"""

from django.utils.translation import gettext as _

from tirek.notices.models import Notice
from tirek.notices.templates import tell_on_paper
from tirek.orders.fittings import measured_in_words
from tirek.orders.models import Fitting, Order
from tirek.orders.queries import question_of


def _order(notice: Notice) -> Order | None:
    return Order.objects.filter(pk=notice.case_id).first() if notice.case_id is not None else None


def _question(notice: Notice) -> str:
    order = _order(notice)
    asked = question_of(order) if order is not None else ""
    if not asked:
        return ""
    return _("The question: “%(asked)s”. Answer in a letter to your department, or come.") % {"asked": asked}


def _measured(notice: Notice) -> str:
    order = _order(notice)
    if order is None or order.state != Order.State.FITTING_CHECK:
        return ""
    held = order.fittings.filter(outcome=Fitting.Outcome.HELD).latest("n")
    told = {"numbers": "; ".join(measured_in_words(held.measured))}
    return _("What was measured: %(numbers)s. Is a number wrong? Write to your department, or come.") % told


for _code in ("order.question", "order.question_reminder"):
    tell_on_paper(_code, _question)
tell_on_paper("order.fitting_measured", _measured)
