"""What people are told about orders of parts."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import Text
from tirek.notices.templates import Fact, register

#: What an officer writes down for the person.
_ANSWERS: Final[Mapping[str, Text]] = {
    "ask": _("the part is ordered"),
    "confirm": _("the part came"),
    "not_right": _("something else came, or nothing"),
    "cancel": _("the part is not wanted any more"),
}


def _words_of_answer(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    return [{"answer": str(_ANSWERS.get(str(one.get("what")), "–"))} for one in facts]


register(
    "part.asked",
    title=_("Your order of a part {number} was sent"),
    body=_("The supplier accepts it with a day, or declines with a reason. We tell you."),
)
register(
    "part.answered_at_office",
    title=_("{number}: the office wrote this down for you"),
    body=_("It wrote: {answer}. If you did not say so, cancel it on its page, write to the department, or call 1414."),
    sms=_("Tirek: part {number}: the office wrote down an answer. If you did not give it, call or write to 1414."),
    words=_words_of_answer,
)
register(
    "part.new_for_supplier",
    title=_("A part was ordered: {number}"),
    body=_("Open it: accept it with a day, or decline with a reason. Without your answer it ends."),
)
register(
    "part.accepted",
    title=_("{number}: the supplier brings the part"),
    body=_("Last day: {day:day}. When it comes, say so on its page."),
    sms=_("Tirek: part {number}: the supplier brings it. Last day: {day:day}."),
)
register(
    "part.declined",
    title=_("{number}: the supplier declined"),
    body=_("Read the reason. Order another part, or report a fault of the thing: then the supplier has to answer."),
    sms=_("Tirek: part {number}: the supplier declined. Read the reason on the portal."),
)
register(
    "part.lapsed",
    title=_("{number}: the supplier did not answer"),
    body=_(
        "The order of the part ended. We told the regional department. Report a fault of the thing, or order again."
    ),
    sms=_("Tirek: part {number}: the supplier did not answer. We told the regional department."),
)
register(
    "part.lapsed_for_supplier",
    title=_("{number} ended: you did not answer"),
    body=_("The recipient and the regional department know. The pieces are in stock again."),
)
register(
    "part.lapsed_for_region",
    title=_("{number}: the supplier did not answer an order of a part"),
    body=_("It ended. Talk with the supplier; the recipient may need help."),
)
register(
    "part.sent",
    title=_("{number}: the part is on its way or handed over"),
    body=_("When it is with you, say that it came. If it is the wrong one or nothing came, say that."),
    sms=_("Tirek: part {number} is on its way. When it is with you, say on the portal that it came."),
)
register(
    "part.late",
    title=_("{number}: the supplier is late with the part"),
    body=_("We have told the regional department. You can wait, or cancel the order of the part."),
)
register(
    "part.late_for_supplier",
    title=_("{number}: you are late with the part"),
    body=_("The promised day has passed. The regional department has been told. Send it now."),
)
register(
    "part.late_for_region",
    title=_("{number}: the supplier is late with a part"),
    body=_("The promised day has passed. Talk with the supplier."),
)
register(
    "part.confirm_reminder",
    title=_("{number}: did the part come?"),
    body=_("Say on its page whether it came. If it is the wrong one or nothing came, say that."),
    sms=_("Tirek: part {number}. Say on the portal whether it came."),
)
register(
    "part.received_for_supplier",
    title=_("{number}: the part was received"),
    body=_("The recipient confirmed it. Nothing more is to be done."),
)
register(
    "part.not_right_for_supplier",
    title=_("{number}: something else came, or nothing"),
    body=_("Read what the recipient writes, and bring the right part by the new day."),
)
register(
    "part.not_right_for_region",
    title=_("{number}: the part was not right again"),
    body=_("Times: {times}. Talk with the supplier."),
)
register(
    "part.cancelled_for_supplier",
    title=_("{number}: the recipient cancelled it"),
    body=_("Send nothing. The pieces are in stock again."),
)
