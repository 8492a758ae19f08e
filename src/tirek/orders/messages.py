"""What people are told about their orders, in the inbox and by short message."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core import clock, reference
from tirek.notices.templates import Words, register
from tirek.orders import rules
from tirek.orders.models import Order
from tirek.ui.text import term_text


def _words(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
    kinds = {kind.code: kind.name for kind in Kind.objects.filter(code__in={str(one.get("kind")) for one in facts})}
    reasons = dict([*Order.DeclineReason.choices, *Order.RefusalReason.choices])
    return [
        {"what": kinds.get(str(one.get("kind")), ""), "why": str(reasons.get(str(one.get("reason")), ""))}
        for one in facts
    ]


def _words_with_code(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
    orders = dict(
        Order.objects.filter(number__in=[str(one.get("number")) for one in facts]).values_list("number", "pk")
    )
    words = _words(facts)
    for one, said in zip(facts, words, strict=True):
        key = orders.get(str(one.get("number")))
        said["code"] = rules.door_code(settings.SECRET_KEY, key) if key else ""
    return words


def _words_with_term(key: str) -> Words:
    """Words with ``term``: the length of time that was in force on the day of each order, not on the day of reading."""

    def words(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
        numbers = [str(one.get("number")) for one in facts]
        placed = dict(Order.objects.filter(number__in=numbers).values_list("number", "created_at"))
        said = _words(facts)
        for number, one in zip(numbers, said, strict=True):
            day = placed.get(number, clock.now()).astimezone(clock.COUNTRY_ZONE).date()
            term = reference.term(key, at=day)
            one["term"] = term_text(term.amount, term.unit)
        return said

    return words


#: One function for each term: the same texts may be registered twice.
_WITH_ACCEPTANCE: Final = _words_with_term("order.acceptance")


register(
    "order.submitted",
    title=_("Your order {number} was sent"),
    body=_(
        "Goods: {what}. The supplier has {term} to answer. If there is no answer, the order is cancelled and you "
        "can choose again."
    ),
    sms=_("Tirek: order {number} was sent. We will tell you when the supplier answers."),
    words=_WITH_ACCEPTANCE,
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
        "Goods: {what}. Your part is {amount:tenge}. Pay it to the supplier until {until:until}; the order goes on "
        "when the supplier has recorded "
        "your receipt. Without the payment the order is cancelled then, and nothing of your entitlement is lost."
    ),
    sms=_(
        "Tirek: order {number} is accepted. Pay your part {amount:tenge} to the supplier until {until:until}, or "
        "it is cancelled."
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
    body=_("Goods: {what}. You can order again at once: nothing of your entitlement was lost."),
    sms=_("Tirek: order {number} was cancelled, no payment came. You can order again."),
    words=_words,
)
register(
    "order.declined",
    title=_("Order {number}: the supplier declined"),
    body=_(
        "Goods: {what}. Reason: {why}. You can order from another supplier at once: nothing of your entitlement "
        "was lost."
    ),
    sms=_("Tirek: the supplier declined order {number}: {why}. You can choose another offer at once."),
    words=_words,
)
register(
    "order.lapsed",
    title=_("Order {number} was cancelled: the supplier did not answer"),
    body=_(
        "Goods: {what}. You can order from another supplier at once: nothing of your entitlement was lost. Open "
        "the order to see other offers."
    ),
    sms=_("Tirek: the supplier did not answer order {number}; it is cancelled. You can choose another offer at once."),
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
        "If you have received nothing, refuse or call the office."
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
    body=_(
        "Goods: {what}. It was cancelled at the office or by who represents you. Nothing of your entitlement is lost."
    ),
    sms=_("Tirek: order {number} was cancelled for you. If you did not want this, call the office."),
    words=_words,
)
register(
    "order.refused_for_you",
    title=_("Order {number}: the goods were refused for you"),
    body=_(
        "Goods: {what}. Reason: {why}. It was recorded at the office or by who represents you. Nothing of your "
        "entitlement is lost."
    ),
    sms=_("Tirek: the goods of order {number} were refused for you. If you did not want this, call the office."),
    words=_words,
)
register(
    "order.handed_over_for_supplier",
    title=_("Order {number}: the office confirmed the hand-over"),
    body=_("Goods: {what}. You need not ask for the code any more."),
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
    body=_("Goods: {what}. You can order again at once: nothing of your entitlement was lost."),
    sms=_("Tirek: order {number}: your refusal was accepted. You can order again at once."),
    words=_words,
)
register(
    "order.new_for_supplier",
    title=_("New order {number}"),
    body=_(
        "Goods: {what}. Accept it with a promised day, or decline with a reason. Without an answer it is cancelled "
        "after this time: {term}."
    ),
    words=_WITH_ACCEPTANCE,
)
register(
    "order.cancelled_for_supplier",
    title=_("Order {number} was cancelled"),
    body=_("Goods: {what}. You need not deliver it."),
    words=_words,
)
register(
    "order.refused_for_supplier",
    title=_("Order {number} was refused at receipt"),
    body=_("Goods: {what}. Read the reason and answer until {until:until}."),
    words=_words,
)
