"""What people are told about their orders, in the inbox and by short message."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.notices.templates import Fact, register
from tirek.notices.words import terms_then
from tirek.orders import rules
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
    codes = [rules.door_code(settings.SECRET_KEY, key) if key else "" for key in keys]
    return [said | {"code": code} for said, code in zip(_words(facts), codes, strict=True)]


def _words_with_acceptance(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    terms = terms_then(Order, "order.acceptance", facts)
    return [said | {"term": term} for said, term in zip(_words(facts), terms, strict=True)]


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
