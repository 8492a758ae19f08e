"""What people are told about their orders, in the inbox and by short message."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.notices.templates import Fact, register
from tirek.notices.words import terms_then
from tirek.orders import rules
from tirek.orders.fittings import Place
from tirek.orders.models import Order


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    reasons = dict([*Order.DeclineReason.choices, *Order.RefusalReason.choices])
    return [
        {"what": kind, "why": str(reasons.get(str(one.get("reason")), ""))}
        for one, kind in zip(facts, named_kinds(facts), strict=True)
    ]


def _words_with_code(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    orders = dict(
        Order.objects.filter(number__in=[str(one.get("number")) for one in facts]).values_list("number", "pk")
    )
    keys = [orders.get(str(one.get("number"))) for one in facts]
    turns = [int(str(one.get("n") or 1)) for one in facts]
    codes = [rules.door_code(settings.SECRET_KEY, key, n=n) if key else "" for key, n in zip(keys, turns, strict=True)]
    return [said | {"code": code} for said, code in zip(_words(facts), codes, strict=True)]


def _words_of_fitting(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    places = {place.value: str(place.label) for place in Place}
    return [
        said | {"where": places.get(str(one.get("where")), "")} for one, said in zip(facts, _words(facts), strict=True)
    ]


def _words_with_acceptance(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    terms = terms_then(Order, "order.acceptance", facts)
    return [said | {"term": term} for said, term in zip(_words(facts), terms, strict=True)]


def _words_of_several(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    kinds = [str(one.get("kinds") or "").split() for one in facts]
    names = iter(named_kinds([{"kind": code} for codes in kinds for code in codes]))
    firsts = [{"number": str(one.get("numbers")).partition(",")[0]} for one in facts]
    terms = terms_then(Order, "order.acceptance", firsts)
    return [
        {"what": ", ".join(next(names) for _code in codes), "term": term}
        for codes, term in zip(kinds, terms, strict=True)
    ]


register(
    "order.submitted_together",
    title=_("Your orders were sent: {n}"),
    body=_(
        "Numbers: {numbers}. Goods: {what}. Each supplier has {term} to answer. If one does not answer, its order is "
        "cancelled and you can choose again; the others go on."
    ),
    sms=_("Tirek: your orders were sent: {n}. We will tell you when the suppliers answer."),
    words=_words_of_several,
)
register(
    "order.submitted",
    title=_("Your order {number} was sent"),
    body=_(
        "Goods: {what}. The supplier has {term} to answer. If there is no answer, the order is cancelled and you "
        "can choose again."
    ),
    sms=_("Tirek: order {number} was sent. We will tell you when the supplier answers."),
    words=_words_with_acceptance,
)
register(
    "order.accepted",
    title=_("Order {number}: the supplier has accepted it"),
    body=_(
        "Goods: {what}. Promised by {day:day}. At the door tell the courier the code {code}. Tell it only when you "
        "have the goods."
    ),
    sms=_(
        "Tirek: order {number} is accepted, by {day:day}. Code for the courier: {code}. Tell it only when you have "
        "the goods."
    ),
    words=_words_with_code,
)
register(
    "order.accepted_top_up",
    title=_("Order {number}: accepted, your payment is awaited"),
    body=_(
        "Goods: {what}. Your part is {amount:tenge}. Pay it to the supplier by {until:day}. Open the order: the "
        "bank details are there. The order goes on when the supplier has recorded your receipt. Without the payment "
        "the order is cancelled, and you keep your full entitlement."
    ),
    sms=_(
        "Tirek: order {number} is accepted. Pay your part {amount:tenge} to the supplier by {until:day}, or it is "
        "cancelled. Bank details: on the page of the order."
    ),
    words=_words,
)
register(
    "order.accepted_top_up_ask",
    title=_("Order {number}: accepted, your payment is awaited"),
    body=_(
        "Goods: {what}. Your part is {amount:tenge}. Pay it to the supplier by {until:day}; the order goes on when "
        "the supplier has recorded your receipt. Without the payment the order is cancelled, and you keep your full "
        "entitlement."
    ),
    sms=_(
        "Tirek: order {number} is accepted. Pay your part {amount:tenge} to the supplier by {until:day}, or "
        "it is cancelled."
    ),
    words=_words,
)
register(
    "order.where_to_pay",
    title=_("Order {number}: where to pay"),
    body=_(
        "Goods: {what}. The supplier has named the account for your part, {amount:tenge}. Open the order: the bank "
        "details are there. Pay by {until:day}."
    ),
    sms=_("Tirek: order {number}: the bank details for your part {amount:tenge} are on the page of the order."),
    words=_words,
)
register(
    "order.account_changed",
    title=_("Order {number}: the supplier changed the bank details"),
    body=_(
        "Goods: {what}. If you have not paid yet, call the supplier or write to the office before you pay: open the "
        "order, the number and both accounts are there. If you have paid already, you do not need to do anything."
    ),
    sms=_(
        "Tirek: order {number}: the supplier changed the bank details. If you have not paid yet, call the supplier "
        "or write to the office first."
    ),
    words=_words,
)
register(
    "order.top_up_paid",
    title=_("Order {number}: your payment was recorded"),
    body=_(
        "Goods: {what}. The supplier now prepares your order, promised by {day:day}. At the door tell the courier "
        "the code {code}."
    ),
    sms=_("Tirek: order {number}: payment recorded, promised by {day:day}. Code for the courier: {code}."),
    words=_words_with_code,
)
register(
    "order.top_up_lapsed",
    title=_("Order {number} was cancelled: no payment came"),
    body=_("Goods: {what}. You can order again now. You keep your full entitlement."),
    sms=_("Tirek: order {number} was cancelled, no payment came. You can order again."),
    words=_words,
)
register(
    "order.declined",
    title=_("Order {number}: the supplier declined"),
    body=_("Goods: {what}. Reason: {why}. You can order from another supplier now. You keep your full entitlement."),
    sms=_("Tirek: the supplier declined order {number}: {why}. You can choose another offer now."),
    words=_words,
)
register(
    "order.lapsed",
    title=_("Order {number} was cancelled: the supplier did not answer"),
    body=_(
        "Goods: {what}. You can order from another supplier now. You keep your full entitlement. Open the order to "
        "see other offers."
    ),
    sms=_("Tirek: the supplier did not answer order {number}; it is cancelled. You can choose another offer now."),
    words=_words,
)
register(
    "order.on_the_way",
    title=_("Order {number} is on the way"),
    body=_("Goods: {what}. At the door tell the courier the code {code}. Tell it only when you have the goods."),
    sms=_("Tirek: order {number} is on the way. Code for the courier: {code}."),
    words=_words_with_code,
)
register(
    "order.late",
    title=_("Order {number} is late"),
    body=_(
        "Goods: {what}. It was promised by {day:day}. You can wait, or cancel without giving a reason. The office "
        "was asked to see to it."
    ),
    sms=_("Tirek: order {number} is late. You can wait or cancel without a reason."),
    words=_words,
)
register(
    "order.handed_over",
    title=_("Order {number}: confirm that you received it"),
    body=_(
        "Goods: {what}. The supplier says that it was handed over. Open the order and confirm, or refuse if "
        "something is wrong."
    ),
    sms=_("Tirek: order {number} was handed over. Confirm the receipt, or refuse if something is wrong."),
    words=_words,
)
register(
    "order.handed_over_by_office",
    title=_("Order {number}: confirm that you received it"),
    body=_(
        "Goods: {what}. The office recorded that it was handed over. Open the order and confirm, or refuse if "
        "something is wrong. "
        "If you have received nothing, refuse, or write to the office or call it."
    ),
    sms=_(
        "Tirek: the office recorded that order {number} was handed over. Confirm the receipt, or refuse if "
        "something is wrong."
    ),
    words=_words,
)
register(
    "order.cancelled_for_you",
    title=_("Order {number} was cancelled for you"),
    body=_("Goods: {what}. It was cancelled at the office or by who represents you. You keep your full entitlement."),
    sms=_("Tirek: order {number} was cancelled for you. If you did not want this, write to the office or call it."),
    words=_words,
)
register(
    "order.refused_for_you",
    title=_("Order {number}: the goods were refused for you"),
    body=_(
        "Goods: {what}. Reason: {why}. It was recorded at the office or by who represents you. You keep your full "
        "entitlement."
    ),
    sms=_(
        "Tirek: the goods of order {number} were refused for you. If you did not want this, write to the office or "
        "call it."
    ),
    words=_words,
)
register(
    "order.handed_over_for_supplier",
    title=_("Order {number}: the office confirmed the hand-over"),
    body=_("Goods: {what}. You do not need to ask for the code any more."),
    words=_words,
)
register(
    "order.part_received",
    title=_("Order {number}: thank you, {received} received, {left} still to come"),
    body=_(
        "Goods: {what}. The rest is promised by {day:day}. At the door tell the courier the new code {code}. Tell it "
        "only when you have the goods."
    ),
    sms=_("Tirek: order {number}: {left} still to come, by {day:day}. New code for the courier: {code}."),
    words=_words_with_code,
)
register(
    "order.question",
    title=_("Order {number}: there is a question"),
    body=_(
        "Goods: {what}. Something has to be known before the order goes on. Open the order: the question is there, "
        "and you answer that one thing alone."
    ),
    sms=_("Tirek: there is a question about order {number}. Open the order and answer it."),
    words=_words,
)
register(
    "order.question_reminder",
    title=_("Order {number}: the question waits for your answer"),
    body=_("Goods: {what}. Open the order and answer. The office was asked to help you with it."),
    sms=_("Tirek: the question about order {number} waits for your answer. The office can help you."),
    words=_words,
)
register(
    "order.answered_for_you",
    title=_("Order {number}: the question was answered for you"),
    body=_("Goods: {what}. It was answered at the office or by who represents you. Open the order to see the answer."),
    sms=_(
        "Tirek: the question about order {number} was answered for you. If you did not want this, write to the office "
        "or call it."
    ),
    words=_words,
)
register(
    "order.answered_for_supplier",
    title=_("Order {number}: your question was answered"),
    body=_("Goods: {what}. Accept the order with a promised day, or decline it with a reason."),
    words=_words,
)
register(
    "order.replacing",
    title=_("Order {number}: other goods are coming"),
    body=_(
        "Goods: {what}. The supplier agrees and brings other goods by {day:day}. At the door tell the courier the new "
        "code {code}. Tell it only when you have the goods and have looked at them."
    ),
    sms=_("Tirek: order {number}: other goods come by {day:day}. New code for the courier: {code}."),
    words=_words_with_code,
)
register(
    "order.not_replaced",
    title=_("Order {number} has ended: no other goods came in time"),
    body=_("Goods: {what}. You can order again now. You keep your full entitlement."),
    sms=_("Tirek: order {number}: no other goods came in time. You can order again now."),
    words=_words,
)
register(
    "order.disputed",
    title=_("Order {number}: the supplier does not agree with the refusal"),
    body=_(
        "Goods: {what}. The commission decides. You do not need to do anything. Open the order to read what the "
        "supplier says; you can write what else the commission should know."
    ),
    sms=_("Tirek: order {number}: the supplier does not agree with the refusal, the commission decides."),
    words=_words,
)
register(
    "order.decided_for_person",
    title=_("Order {number}: the commission has decided in your favour"),
    body=_(
        "Goods: {what}. The goods go back, and you can order again now. You keep your full entitlement. Open the order "
        "to read the reasons."
    ),
    sms=_("Tirek: order {number}: the commission has decided in your favour. You can order again now."),
    words=_words,
)
register(
    "order.decided_replace",
    title=_("Order {number}: the commission has decided in your favour"),
    body=_(
        "Goods: {what}. The supplier brings other goods by {day:day}. At the door tell the courier the new code "
        "{code}. Open the order to read the reasons."
    ),
    sms=_("Tirek: order {number}: decided for you, other goods come by {day:day}. New code for the courier: {code}."),
    words=_words_with_code,
)
register(
    "order.decided_for_supplier",
    title=_("Order {number}: the commission finds that the goods are as ordered"),
    body=_(
        "Goods: {what}. Open the order to read the reasons, and confirm the receipt. If something else is wrong, "
        "refuse again. Nothing is confirmed without you."
    ),
    sms=_("Tirek: order {number}: the commission finds the goods as ordered. Open the order to read the reasons."),
    words=_words,
)
register(
    "order.decision_late",
    title=_("Order {number}: the commission's conclusion is late"),
    body=_("Goods: {what}. We told the regional department. You do not need to do anything."),
    words=_words,
)
register(
    "order.decision_late_for_region",
    title=_("Order {number}: the commission's conclusion is late"),
    body=_("The refusal of order {number} was to be decided by now. See to it that the commission decides."),
)
register(
    "order.replacing_for_supplier",
    title=_("Order {number}: the commission asks you for other goods"),
    body=_("Goods: {what}. Open the order to read the reasons, and bring other goods by the day that is named there."),
    words=_words,
)
register(
    "order.decided_for_supplier_too",
    title=_("Order {number}: the commission finds that the goods are as ordered"),
    body=_("Goods: {what}. The recipient is asked again to confirm the receipt. You do not need to do anything."),
    words=_words,
)
register(
    "order.confirm_reminder",
    title=_("Order {number} waits for your confirmation"),
    body=_(
        "Goods: {what}. Nothing is confirmed without you. Open the order and confirm, or refuse if something is wrong."
    ),
    sms=_("Tirek: order {number} waits for your confirmation."),
    words=_words,
)
register(
    "order.received",
    title=_("Order {number}: thank you, the receipt is confirmed"),
    body=_("Goods: {what}. The order is complete."),
    words=_words,
)
register(
    "order.taken_back",
    title=_("Order {number}: your refusal was accepted"),
    body=_("Goods: {what}. You can order again now. You keep your full entitlement."),
    sms=_("Tirek: order {number}: your refusal was accepted. You can order again now."),
    words=_words,
)
register(
    "order.money_owed",
    title=_("Order {number}: the supplier returns {amount:tenge}"),
    body=_(
        "Goods: {what}. The order has ended after your part was paid. The supplier returns it: {amount:tenge}, last "
        "day {until:day}. If it does not come, the office sees to it."
    ),
    sms=_("Tirek: order {number} has ended, the supplier returns {amount:tenge}, last day {until:day}."),
    words=_words,
)
register(
    "order.money_returned",
    title=_("Order {number}: the supplier returned {amount:tenge}"),
    body=_(
        "Goods: {what}. The supplier recorded that the payment was returned. If you did not get it, ask the office."
    ),
    sms=_("Tirek: the supplier returned {amount:tenge} for order {number}. If you did not get it, tell the office."),
    words=_words,
)
register(
    "order.money_late",
    title=_("Order {number}: the payment was not returned in time"),
    body=_("Goods: {what}. The supplier has not returned {amount:tenge} in time. The office was asked to see to it."),
    sms=_("Tirek: the supplier has not returned {amount:tenge} for order {number} in time. The office sees to it."),
    words=_words,
)
register(
    "order.money_owed_for_supplier",
    title=_("Order {number} has ended: return {amount:tenge} to the recipient"),
    body=_(
        "Goods: {what}. You do not need to deliver it. Return to the recipient what was paid: {amount:tenge}, last "
        "day {until:day}. Then record the number of the receipt on the page of the order."
    ),
    words=_words,
)
register(
    "order.new_for_supplier",
    title=_("New order {number}"),
    body=_(
        "Goods: {what}. Accept it with a promised day, or decline with a reason. Without an answer it is cancelled "
        "after this time: {term}."
    ),
    words=_words_with_acceptance,
)
register(
    "order.cancelled_for_supplier",
    title=_("Order {number} was cancelled"),
    body=_("Goods: {what}. You do not need to deliver it."),
    words=_words,
)
register(
    "order.refused_for_supplier",
    title=_("Order {number} was refused at receipt"),
    body=_("Goods: {what}. Read the reason and answer by {until:day}."),
    words=_words,
)
for _code, _title, _body, _sms in (
    (
        "order.accepted_fitting",
        _("Order {number}: accepted, a fitting comes next"),
        _(
            "Goods: {what}. They are made to fit the recipient. The supplier names up to three times of a fitting, and "
            "you choose one or write when it would suit."
        ),
        _("Tirek: order {number} is accepted. The supplier will name times of a fitting."),
    ),
    (
        "order.top_up_paid_fitting",
        _("Order {number}: your payment is recorded, a fitting comes next"),
        _("Goods: {what}. The supplier names up to three times of a fitting, and you choose one."),
        None,
    ),
    (
        "order.fitting_times",
        _("Order {number}: choose a time of the fitting"),
        _(
            "Goods: {what}. Open the order and choose one of the times, or write when it would suit. The page says how "
            "one gets in."
        ),
        _("Tirek: order {number}: choose a time of the fitting on the page of the order."),
    ),
    (
        "order.fitting_agreed",
        _("Order {number}: the fitting is arranged"),
        _(
            "Goods: {what}. Fitting: {at:moment}, {where}. The address and how one gets in are on the page of the "
            "order. If you cannot come, ask there for another time before it."
        ),
        _("Tirek: order {number}: fitting {at:moment}. The address is on the page of the order."),
    ),
    (
        "order.fitting_agreed_for_supplier",
        _("Order {number}: the recipient chose a time of the fitting"),
        _("Goods: {what}. Fitting: {at:moment}. Record afterwards what came of it."),
        None,
    ),
    (
        "order.fitting_none_suits",
        _("Order {number}: no time of the fitting suits"),
        _(
            "Goods: {what}. The recipient wrote when it would suit. Read it on the page of the order, and name other "
            "times."
        ),
        None,
    ),
    (
        "order.fitting_answered_for_you",
        _("Order {number}: other times of the fitting were asked for"),
        _("Goods: {what}. The supplier was asked for you to name other times. You choose one when they come."),
        None,
    ),
    (
        "order.fitting_moved",
        _("Order {number}: the fitting is called off to another time"),
        _("Goods: {what}. The fitting {at:moment} is not held. The supplier names other times, and the order goes on."),
        _("Tirek: order {number}: the fitting {at:moment} is not held. Other times will be named."),
    ),
    (
        "order.fitting_measured",
        _("Order {number}: check the measurements"),
        _(
            "Goods: {what}. The fitting was held. Look at what was measured and correct what is wrong: the goods are "
            "made by these numbers."
        ),
        _("Tirek: order {number}: check what was measured at the fitting, on the page of the order."),
    ),
    (
        "order.fitting_again",
        _("Order {number}: another fitting is needed"),
        _("Goods: {what}. The reason is on the page of the order. The supplier names times of the next fitting."),
        None,
    ),
    (
        "order.cannot_fit",
        _("Order {number}: the goods cannot be made to fit"),
        _(
            "Goods: {what}. The order has ended, and the reason is on its page. You keep your full entitlement and can "
            "choose another offer now."
        ),
        _("Tirek: order {number} has ended: the goods cannot be made to fit. You can choose another offer."),
    ),
    (
        "order.fitting_missed_person",
        _("Order {number}: the recipient did not come to the fitting"),
        _(
            "Goods: {what}. Fitting: {at:moment}. The order goes on, and the supplier names other times. If this is "
            "not right, write it on the page of the order."
        ),
        None,
    ),
    (
        "order.fitting_missed_supplier",
        _("Order {number}: the supplier did not come to the fitting"),
        _("Goods: {what}. Fitting: {at:moment}. This is kept. The order goes on, and the supplier names other times."),
        None,
    ),
    (
        "order.fitting_confirmed",
        _("Order {number}: the recipient confirmed the measurements"),
        _("Goods: {what}. You can begin to make them."),
        None,
    ),
    (
        "order.fitting_corrected",
        _("Order {number}: the recipient corrected the measurements"),
        _("Goods: {what}. Make them by the numbers that are on the page of the order now."),
        None,
    ),
    (
        "order.fitting_reminder",
        _("Order {number}: the fitting waits for you"),
        _("Goods: {what}. Open the order: choose a time of the fitting, or check what was measured. Nothing is lost."),
        _("Tirek: order {number}: the fitting waits for your answer. Nothing is lost."),
    ),
    (
        "order.fitting_reminder_for_supplier",
        _("Order {number}: the fitting waits for you"),
        _("Goods: {what}. Name times of the fitting, or record what came of it."),
        None,
    ),
    (
        "order.fitting_tomorrow",
        _("Order {number}: the fitting is tomorrow"),
        _(
            "Goods: {what}. Fitting: {at:moment}. The address and how one gets in are on the page of the order. If you "
            "cannot come, ask there for another time."
        ),
        _("Tirek: order {number}: fitting {at:moment}. The address is on the page of the order."),
    ),
    (
        "order.fitting_tomorrow_for_supplier",
        _("Order {number}: the fitting is tomorrow"),
        _("Goods: {what}. Fitting: {at:moment}. If you cannot hold it, say so on the page of the order before."),
        None,
    ),
):
    register(_code, title=_title, body=_body, sms=_sms, words=_words_of_fitting)
register(
    "order.fitting_done",
    title=_("Order {number}: the goods are being made"),
    body=_(
        "Goods: {what}. The fitting is done. Promised by {day:day}. At the door tell the courier the code {code}. Tell "
        "it only when you have the goods."
    ),
    sms=_("Tirek: order {number}, by {day:day}. Code for the courier: {code}. Tell it only when you have the goods."),
    words=_words_with_code,
)
