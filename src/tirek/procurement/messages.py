"""What people are told about purchases and lots."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.notices.templates import Fact, register
from tirek.procurement.models import Purchase


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    reasons = {value: str(label) for value, label in Purchase.Why.choices}
    return [
        {"what": kind, "reason": reasons.get(str(one.get("why")), "–")}
        for one, kind in zip(facts, named_kinds(facts), strict=True)
    ]


register(
    "purchase.recorded",
    title=_("{number}: your department buys {what} for you"),
    body=_(
        "The need is recorded. You do not need to apply or to bring papers. The regional department puts it into a "
        "lot; we write to you at each step."
    ),
    words=_words,
)
register(
    "purchase.in_lot",
    title=_("{number}: the procurement is announced"),
    body=_("{what}: suppliers make their bids now. We write to you when the contract is concluded."),
    words=_words,
)
register(
    "purchase.contracted",
    title=_("{number}: the contract is concluded"),
    body=_("{what}: the supplier delivers it by {day:day}. You do not need to do anything until then."),
    sms=_("Tirek: {number}: the contract is concluded. Delivery by {day:day}."),
    words=_words,
)
register(
    "purchase.contracted_fitting",
    title=_("{number}: the contract is concluded"),
    body=_("{what}: next come times of the fitting, and you choose one. It is delivered by {day:day}."),
    sms=_("Tirek: {number}: the contract is concluded. Next: the fitting. Delivery by {day:day}."),
    words=_words,
)
register(
    "purchase.returned_lot_failed",
    title=_("{number}: the procurement did not succeed"),
    body=_("{what}: it waits for the next lot. Your place in the queue stays, and you do not need to do anything."),
    words=_words,
)
register(
    "purchase.returned_contract_ended",
    title=_("{number}: the contract with the supplier ended"),
    body=_("{what}: it waits for the next lot. Your place in the queue stays, and you do not need to do anything."),
    words=_words,
)
register(
    "purchase.late",
    title=_("{number}: it takes longer"),
    body=_("{what}: the time limit of this step has passed. We told the regional department; your place stays."),
    words=_words,
)
register(
    "purchase.closed_on_portal",
    title=_("{number}: you can order it yourself now"),
    body=_("{what}: suppliers offer it on the portal in your region. Choose it in your programme."),
    sms=_("Tirek: {number}: you can choose and order it on the portal now."),
    words=_words,
)
register(
    "purchase.closed_no_right",
    title=_("{number}: it is not bought any more"),
    body=_("{what}: your programme does not give it any more. If this is wrong, ask for a correction."),
    words=_words,
)
register(
    "purchase.closed_died",
    title=_("{number}: the purchase ended"),
    body=_("{what}: the purchase was ended because the death of the person was entered."),
    words=_words,
)
register(
    "purchase.cancelled",
    title=_("{number}: your department ended the purchase"),
    body=_("{what}. Reason: {reason}. If you do not agree, write to the department, or call 1414."),
    sms=_("Tirek: {number}: the department ended the purchase. The reason is on the portal. Write or call 1414."),
    words=_words,
)
register(
    "purchase.withdrawn_for_office",
    title=_("{number}: the recipient does not need it any more"),
    body=_("{what}: the purchase has ended. Nothing is to be done."),
    words=_words,
)
register(
    "purchase.lot_late_for_region",
    title=_("{number} waits for a lot"),
    body=_("{what}: the time limit to announce a procurement has passed. Put it into a lot."),
    words=_words,
)
register(
    "purchase.review_for_office",
    title=_("{number}: does it go on?"),
    body=_("{what}: the programme has ended or the person has died while it is made. Open it and decide."),
    words=_words,
)
register(
    "purchase.fitting_times",
    title=_("{number}: choose a time of the fitting"),
    body=_("{what}. Times to choose from: {n}. Choose one, or write when it would suit. No call is needed."),
    sms=_("Tirek: {number}: times of the fitting are named. Choose one on the portal, or write or call 1414."),
    words=_words,
)
register(
    "purchase.fitting_agreed",
    title=_("{number}: the fitting is on {at:moment}"),
    body=_("{what}. Place and way in are on the page. If you cannot come, say it there before."),
    sms=_("Tirek: {number}: fitting on {at:moment}. If you cannot come, write it on the portal or call 1414."),
    words=_words,
)
register(
    "purchase.fitting_agreed_for_office",
    title=_("{number}: the recipient chose a time of the fitting"),
    body=_("{what}: {at:moment}. Tell the supplier."),
    words=_words,
)
register(
    "purchase.fitting_again",
    title=_("{number}: another time of the fitting is named"),
    body=_("{what}: the reason is on the page. You will be asked to choose a time."),
    words=_words,
)
register(
    "purchase.fitting_again_for_office",
    title=_("{number}: name other times of the fitting"),
    body=_("{what}: the recipient asks for another time. What suits is on the page."),
    words=_words,
)
register(
    "purchase.fitting_held",
    title=_("{number}: the fitting was held"),
    body=_("{what}: it is being made now. What was measured and agreed is on the page. Delivery by {day:day}."),
    words=_words,
)
register(
    "purchase.fitting_reminder",
    title=_("{number}: a time of the fitting is still to be chosen"),
    body=_("{what}: choose one, or write when it would suit. The department helps you if you like."),
    sms=_("Tirek: {number}: please choose a time of the fitting on the portal; 1414 helps, in writing too."),
    words=_words,
)
register(
    "purchase.fitting_late_for_office",
    title=_("{number}: the fitting does not go on"),
    body=_("{what}: the time limit of this step has passed. Write to both sides, and help them to a time."),
    words=_words,
)
register(
    "purchase.fitting_tomorrow",
    title=_("{number}: the fitting is on {at:moment}"),
    body=_("{what}. Place and way in are on the page."),
    sms=_("Tirek: {number}: reminder of the fitting on {at:moment}."),
    words=_words,
)
register(
    "purchase.handed_over",
    title=_("{number}: sign the receipt"),
    body=_("{what}: it was handed over. Try it. If it fits, sign; if not, refuse it and say why."),
    sms=_("Tirek: {number}: it was handed over. Sign the receipt on the portal or at the office, or refuse it."),
    words=_words,
)
register(
    "purchase.received",
    title=_("{number}: the receipt is confirmed"),
    body=_("{what}: you have it. When the next one is due, the need is recorded by itself."),
    words=_words,
)
register(
    "purchase.refused_for_office",
    title=_("{number}: the recipient refused it"),
    body=_("{what}: the reason is on the page. The supplier makes it fit, or makes it anew."),
    words=_words,
)
register(
    "purchase.refused_for_region",
    title=_("{number}: what was made was refused"),
    body=_("{what}: the reason is on the page. See to it that the supplier keeps the contract."),
    words=_words,
)
register(
    "purchase.refused_at_office",
    title=_("{number}: the office wrote down that you refused it"),
    body=_("{what}. If you did not say so, write to the regional department, or call 1414."),
    words=_words,
)
register(
    "purchase.delivery_late",
    title=_("{number}: the delivery is late"),
    body=_("{what}: the last day of delivery has passed. We told the regional department."),
    words=_words,
)
register(
    "purchase.delivery_late_for_region",
    title=_("{number}: the delivery is late"),
    body=_("{what}: the last day of delivery by the contract has passed. The person still waits."),
    words=_words,
)
register(
    "purchase.receipt_reminder",
    title=_("{number}: please sign or refuse"),
    body=_("{what}: say whether it fits. If signing is hard, the department helps: write, call 1414 or come."),
    sms=_("Tirek: {number}: please sign the receipt, or refuse it, on the portal or at the office."),
    words=_words,
)
register(
    "purchase.receipt_late_for_office",
    title=_("{number}: no signature yet"),
    body=_("{what}: write to the recipient and help to sign or to refuse."),
    words=_words,
)
#: Told before goods of purchases were things: their notices are still read.
register(
    "purchase.batch_held",
    title=_("Look at the maker of goods with batch {batch}"),
    body=_(
        "Harm by goods of this batch, made by {maker}, was reported, and you have some with this number from "
        "{number}. Do not use them until they are checked: we will tell you. If you feel ill, go to a doctor. If yours "
        "are of another maker, you can use them."
    ),
    sms=_("Tirek: do not use goods of batch {batch}, maker {maker}, until we tell you. Harm was reported."),
)
register(
    "purchase.batch_free",
    title=_("Batch {batch} is checked"),
    body=_("Nothing harmful was found. You can use the goods from {number} again."),
    sms=_("Tirek: batch {batch} is checked, nothing harmful was found. You can use the goods again."),
)
register(
    "purchase.batch_recalled",
    title=_("Give back goods of batch {batch}"),
    body=_(
        "The batch is recalled: maker {maker}. Do not use the goods from {number}. Your department takes them back and "
        "has them replaced; write to it or call 1414."
    ),
    sms=_("Tirek: batch {batch}, maker {maker}, is recalled. Do not use the goods; write or call 1414."),
)
register(
    "purchase.batch_for_office",
    title=_("{number}: its batch {batch} is not to be used"),
    body=_("Maker {maker}. The recipient has been told. Compare the maker, and see to it that the goods are replaced."),
)
register(
    "lot.contract_late",
    title=_("Lot {number} has no contract yet"),
    body=_("{what}: the time limit has passed. Record the contract, or that the procurement failed."),
    words=_words,
)
register(
    "lot.delivery_late",
    title=_("Lot {number}: the delivery is late"),
    body=_("{what}: the last day of delivery has passed, and people still wait."),
    words=_words,
)
