"""What people are told about faults and harm."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.core.errors import Text
from tirek.notices.templates import Fact, register

#: What an officer writes down as the person's answer.
_ANSWERS: Final[Mapping[str, Text]] = {
    "accept_price": _("you accept the price of the repair"),
    "go_to_region": _("the regional department is to decide"),
    "confirm": _("it works"),
    "not_mended": _("it still does not work"),
    "withdraw": _("nothing more is to be done"),
}


def _words_of_answer(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    return [{"answer": str(_ANSWERS.get(str(one.get("what")), "–"))} for one in facts]


def _named(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    return [{"what": kind} for kind in named_kinds(facts)]


register(
    "fault.reported",
    title=_("Your report of a fault {number} was sent"),
    body=_("The supplier answers it. If there is no answer in time, we tell the regional department."),
)
register(
    "fault.answered_at_office",
    title=_("{number}: the office wrote down your answer"),
    body=_("Answer: {answer}. If you did not say so, write to the regional department, or call 1414."),
    sms=_("Tirek: fault {number}: the office wrote down your answer. If you did not give it, call or write to 1414."),
    words=_words_of_answer,
)
register(
    "fault.new_for_supplier",
    title=_("A fault was reported: {number}"),
    body=_("Open it and answer: a repair, another one, or no with a reason."),
)
register(
    "fault.promised_repair",
    title=_("{number}: the supplier repairs it"),
    body=_("It will work again by {day:day}. It costs you nothing."),
    sms=_("Tirek: fault {number}. The supplier repairs it by {day:day}, free for you."),
)
register(
    "fault.promised_exchange",
    title=_("{number}: the supplier brings another one"),
    body=_("You get another one by {day:day}. It costs you nothing."),
    sms=_("Tirek: fault {number}. The supplier brings another one by {day:day}, free for you."),
)
register(
    "fault.priced",
    title=_("{number}: a price for the repair"),
    body=_(
        "The warranty has ended. The repair costs {price:tenge}. Accept the price, ask the regional department to "
        "decide, or let it be."
    ),
    sms=_("Tirek: fault {number}. The repair costs {price:tenge}. Open it and answer."),
)
register(
    "fault.declined",
    title=_("{number}: the supplier declined"),
    body=_("Read the reason. If you do not agree, ask the regional department to decide."),
    sms=_("Tirek: fault {number}. The supplier declined. Read the reason and answer."),
)
register(
    "fault.price_accepted",
    title=_("{number}: the price was accepted"),
    body=_("Your days for the repair begin today."),
)
register(
    "fault.with_region_for_supplier",
    title=_("{number}: the regional department decides"),
    body=_("The recipient does not agree with your answer. We tell you the decision."),
)
register(
    "fault.new_for_region",
    title=_("{number}: decide on a fault"),
    body=_("The recipient does not agree with the supplier. Read both sides and decide with reasons."),
)
register(
    "fault.taken_in",
    title=_("{number}: the supplier has it for repair"),
    body=_("We count the days that you are without it."),
)
register(
    "fault.handed_back",
    title=_("{number}: it is back with you"),
    body=_("Try it, then say whether it works."),
    sms=_("Tirek: fault {number}. It is back with you. Say whether it works."),
)
register(
    "fault.confirmed_for_supplier",
    title=_("{number}: it works"),
    body=_("The recipient has confirmed it. Nothing more is to be done."),
)
register(
    "fault.again_for_supplier",
    title=_("{number}: it still does not work"),
    body=_("Read what the recipient writes, and answer again."),
)
register(
    "fault.again_for_region",
    title=_("{number}: still not mended"),
    body=_("Times that it did not work after a repair: {times}. Talk with the supplier."),
)
register(
    "fault.withdrawn_for_supplier",
    title=_("{number}: nothing to do any more"),
    body=_("The recipient let it be."),
)
register(
    "fault.decided_for_person",
    title=_("{number}: decided in your favour"),
    body=_("The supplier repairs it or brings another, at its cost. Read the reasons."),
)
register(
    "fault.decided_for_person_too",
    title=_("{number}: decided for the recipient"),
    body=_("Repair it or bring another, at your cost. Read the reasons and promise a day."),
)
register(
    "fault.decided_for_supplier",
    title=_("{number}: the supplier is right"),
    body=_("The regional department has decided so. Read the reasons."),
)
register(
    "fault.decided_for_supplier_too",
    title=_("{number}: decided in your favour"),
    body=_("The regional department has decided so. Nothing more is to be done."),
)
register(
    "fault.lapsed",
    title=_("{number} is closed"),
    body=_("You did not answer the supplier. If it still does not work, report the fault again."),
    sms=_("Tirek: fault {number} is closed: there was no answer from you. You can report it again."),
)
register(
    "fault.late",
    title=_("{number}: the supplier is late"),
    body=_("We have told the regional department. You do not need to do anything."),
)
register(
    "fault.late_for_supplier",
    title=_("{number}: you are late"),
    body=_("The time limit has passed. The regional department has been told. Answer or hand it back now."),
)
register(
    "fault.late_for_region",
    title=_("{number}: the supplier is late"),
    body=_("The time limit has passed. Talk with the supplier."),
)
register(
    "fault.confirm_reminder",
    title=_("{number}: does it work?"),
    body=_("It is back with you. Say whether it works."),
    sms=_("Tirek: fault {number}. It is back with you. Say whether it works."),
)
register(
    "fault.decision_late",
    title=_("{number}: your decision is late"),
    body=_("The time limit has passed. Read both sides and decide with reasons."),
)
register(
    "harm.reported",
    title=_("Your report of harm {number} was sent"),
    body=_(
        "Do not use these goods. The regional department checks them and tells you. If you feel ill, go to a doctor."
    ),
    sms=_("Tirek: report {number}. Do not use these goods. If you feel ill, go to a doctor."),
)
register(
    "harm.new_for_supplier",
    title=_("{number}: harm by your goods was reported"),
    body=_("Batch: {batch}. Do not hand over goods of this batch. The regional department checks them."),
)
register(
    "harm.new_thing_for_supplier",
    title=_("{number}: harm by goods was reported"),
    body=_(
        "{what}, number {batch}. Goods like it are on hold: do not hand them over. The regional department checks "
        "them, and says which of them are free."
    ),
    words=_named,
)
register(
    "harm.narrowed_for_supplier",
    title=_("{number}: fewer goods are on hold"),
    body=_("Open it to see which goods are kept back now. Others can be handed over again."),
)
register(
    "harm.new_for_region",
    title=_("{number}: harm by goods was reported"),
    body=_("Check the goods: lift the hold with a reason, or recall them."),
)
register(
    "harm.stop_using",
    title=_("Do not use goods of batch {batch}"),
    body=_(
        "Harm by goods of this batch (maker: {maker}) was reported, and you have some from {number}. Do not "
        "use them until they are checked: we will tell you. If you feel ill, go to a doctor. Write to the department "
        "if you have questions."
    ),
    sms=_("Tirek: do not use goods of batch {batch}, {number}, until we tell you. Harm was reported."),
)
register(
    "harm.cleared_for_holder",
    title=_("Batch {batch} is checked"),
    body=_("Nothing harmful was found. You can use the goods from {number} again (maker: {maker})."),
    sms=_("Tirek: batch {batch} is checked, nothing harmful was found. You can use the goods again."),
)
register(
    "harm.recalled_for_holder",
    title=_("Give back goods of batch {batch}"),
    body=_(
        "The batch is recalled (maker: {maker}). Do not use the goods from {number}. The supplier fetches them; you "
        "find its phone on the page of the order."
    ),
    sms=_("Tirek: batch {batch}, {number}, is recalled. Do not use the goods, the supplier fetches them."),
)
register(
    "harm.stop_using_thing",
    title=_("Do not use: {what}"),
    body=_(
        "Harm by goods like yours was reported: {what}, number {batch}, from {number}, maker: {maker}. Do not use "
        "them until they are checked: we will tell you. If you feel ill, go to a doctor. Write to the department if "
        "you cannot do without them."
    ),
    sms=_("Tirek: do not use goods number {batch}, {number}, until we tell you. Harm by goods like them was reported."),
    words=_named,
)
register(
    "harm.cleared_thing",
    title=_("Checked: {what}"),
    body=_("Nothing harmful was found. You can use the goods from {number} again: number {batch}, maker: {maker}."),
    sms=_("Tirek: goods number {batch}, {number}, are checked, nothing harmful was found. You can use them again."),
    words=_named,
)
register(
    "harm.left_out_thing",
    title=_("You can use it again: {what}"),
    body=_(
        "It is known more exactly now which goods may be harmful. Yours from {number} are not among them: number "
        "{batch}, maker: {maker}. You can use them again."
    ),
    sms=_("Tirek: goods number {batch}, {number}, are not among those that are kept back. You can use them again."),
    words=_named,
)
register(
    "harm.recalled_thing",
    title=_("Give back: {what}"),
    body=_(
        "Goods like yours are recalled: number {batch}, from {number}, maker: {maker}. Do not use them. The supplier "
        "fetches them; you find its phone on the page of the order."
    ),
    sms=_("Tirek: goods number {batch}, {number}, are recalled. Do not use them, the supplier fetches them."),
    words=_named,
)
register(
    "harm.recalled_bought",
    title=_("Give back: {what}"),
    body=_(
        "The goods that your department bought are recalled: number {batch}, from {number}, maker: {maker}. Do not "
        "use them. Your department takes them back and has them replaced; write to it or call 1414."
    ),
    sms=_(
        "Tirek: goods number {batch}, {number}, are recalled. Do not use them; write to the department or call 1414."
    ),
    words=_named,
)
register(
    "harm.recalled_for_office",
    title=_("{number}: recalled goods to be taken back"),
    body=_("The recipient has been told. Take the goods back, and see to it that the supplier replaces them."),
)
register(
    "harm.cleared",
    title=_("{number}: the check is over"),
    body=_("The regional department found nothing harmful. Read the reasons."),
)
register(
    "harm.recalled",
    title=_("{number}: the goods are recalled"),
    body=_("Give the goods back to the supplier. Thank you: others are warned now."),
)
register(
    "harm.cleared_for_supplier",
    title=_("{number}: the hold is lifted"),
    body=_("The goods can be handed over again. Read the reasons."),
)
register(
    "harm.still_held_for_supplier",
    title=_("{number}: this report is checked"),
    body=_("Nothing harmful was found. Look at your other reports of harm before you hand over the goods."),
)
register(
    "harm.recalled_for_supplier",
    title=_("{number}: fetch the goods"),
    body=_("Fetch the goods from everybody and record what came back."),
)
register(
    "harm.came_back",
    title=_("{number}: the recalled goods came back"),
    body=_("The department corrects what you can order again. Write to it if you need other goods soon."),
)
register(
    "harm.came_back_for_office",
    title=_("{number}: recalled goods came back"),
    body=_("Correct the balance of the recipient, so that other goods can be ordered."),
)
register(
    "harm.closed_for_supplier",
    title=_("{number}: the recall is over"),
    body=_("These goods are never handed over again."),
)
register(
    "harm.late_for_region",
    title=_("{number}: the check is late"),
    body=_("The time limit has passed. Goods stay on hold until you decide."),
)
