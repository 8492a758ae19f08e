"""What pages say of an order, whoever looks."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.orders.models import Order

State = Order.State
Task = Order.OfficeTask

ORDER_WORDS: Final = CaseWords(
    path=(
        Stage(pgettext_lazy("step of an order", "Sent"), frozenset({State.SUBMITTED})),
        Stage(
            pgettext_lazy("step of an order", "Accepted"),
            frozenset({State.ACCEPTED, State.AWAITING_TOP_UP, State.IN_PREPARATION}),
        ),
        Stage(pgettext_lazy("step of an order", "On the way"), frozenset({State.ON_THE_WAY})),
        Stage(pgettext_lazy("step of an order", "Handed over"), frozenset({State.AWAITING_CONFIRMATION})),
        Stage(pgettext_lazy("step of an order", "Received"), frozenset({State.RECEIVED})),
    ),
    states={
        State.SUBMITTED: StateWords(
            "waiting",
            Next(_("The supplier accepts the order or declines it."), _("Supplier")),
            at={
                Desk.RECIPIENT: Next(
                    _("The supplier accepts the order or declines it. You do not need to do anything now."),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(_("Accept the order and promise a day, or decline it with a reason."), _("You")),
            },
            name={Desk.SUPPLIER: _("new, waiting for your answer")},
        ),
        State.AWAITING_TOP_UP: StateWords(
            "waiting",
            Next(
                _("The recipient pays their part to the supplier, and the supplier records the receipt."),
                _("Recipient and supplier"),
            ),
            at={
                Desk.RECIPIENT: Next(
                    _("Pay the top-up to the supplier. The supplier then records the receipt here."),
                    _("You, then the supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _("The recipient pays the top-up to you. Record the number of the receipt."),
                    _("Recipient, then you"),
                ),
            },
            name={Desk.RECIPIENT: _("waiting for your payment")},
        ),
        State.AWAITING_CONFIRMATION: StateWords(
            "waiting",
            Next(_("The recipient checks the goods and confirms the receipt, or refuses."), _("Recipient")),
            at={Desk.RECIPIENT: Next(_("Check the goods and confirm the receipt, or refuse them."), _("You"))},
            name={Desk.RECIPIENT: _("handed over, waiting for your confirmation")},
        ),
        State.ACCEPTED: StateWords(
            "active",
            Next(_("The supplier prepares the order and brings it."), _("Supplier")),
            at={Desk.SUPPLIER: Next(_("Prepare the order and bring it by the promised day."), _("You"))},
        ),
        State.IN_PREPARATION: StateWords(
            "active",
            Next(_("The supplier brings the order."), _("Supplier")),
            at={Desk.SUPPLIER: Next(_("Bring the order by the promised day."), _("You"))},
        ),
        State.ON_THE_WAY: StateWords(
            "active",
            Next(_("The courier brings the order. The recipient tells the code at the door."), _("Supplier")),
            at={
                Desk.RECIPIENT: Next(
                    _("The courier brings the order. Look at the goods, then tell the courier the code."), _("Supplier")
                ),
                Desk.SUPPLIER: Next(_("Hand the order over at the door. The recipient tells you the code."), _("You")),
            },
        ),
        State.RECEIVED: StateWords("done", Next(_("Nothing more: the order is complete."))),
        State.DECLINED: StateWords(
            "stopped",
            Next(_("This order has ended. Another offer can be chosen now.")),
            at={
                Desk.RECIPIENT: Next(_("This order has ended. You can choose another offer now.")),
                Desk.SUPPLIER: Next(_("Nothing more: you declined this order.")),
            },
            name={Desk.SUPPLIER: _("declined by you")},
        ),
        State.CANCELLED: StateWords(
            "quiet",
            Next(_("This order is closed. The item can be ordered again.")),
            at={
                Desk.RECIPIENT: Next(_("This order has ended. You can use the entitlement again.")),
                Desk.SUPPLIER: Next(_("Nothing more: this order has ended.")),
            },
        ),
        State.MONEY_OWED: StateWords(
            "waiting",
            Next(_("The order has ended. The supplier returns the recipient's payment."), _("Supplier")),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The order has ended, and you can order again. The supplier returns what you paid and "
                        "records it here. You do not need to do anything."
                    ),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _("Return to the recipient what was paid, and record the number of the receipt."), _("You")
                ),
            },
        ),
        State.REFUSED: StateWords(
            "stopped",
            Next(
                _("The supplier takes the goods back. Without an answer it is decided in the recipient's favour."),
                _("Supplier"),
            ),
            at={
                Desk.RECIPIENT: Next(
                    _("The supplier takes the goods back. Without an answer it is decided in your favour."),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _("Take the goods back. Without your answer it is decided in the recipient's favour."), _("You")
                ),
            },
            name={Desk.SUPPLIER: _("refused at receipt, waiting for your answer")},
        ),
    },
    events={
        "submit": _("The order was sent to the supplier."),
        "accept": _("The supplier accepted the order and named a day of delivery."),
        "decline": _("The supplier declined the order."),
        "lapse": _("The supplier did not answer in time. The order was cancelled."),
        "account_named": _("The supplier named the account for the payment."),
        "account_changed": _("The supplier changed the bank details. We asked the recipient to check before paying."),
        "record_top_up": _("The supplier recorded the payment."),
        "lapse_top_up": _("The payment did not come in time. The order was cancelled."),
        "prepare": _("The supplier began to prepare the order."),
        "dispatch": _("The order is on the way."),
        "hand_over": _("The order was handed over. The recipient told the code at the door."),
        "confirm_hand_over": _("An officer confirmed the hand-over without the code."),
        "confirm": _("The receipt was confirmed by a signature."),
        "refuse": _("The goods were refused at receipt."),
        "remind": _("A reminder to confirm was sent."),
        "call_office": _("The office was asked to call."),
        "warn_late": _("The promised day has passed. We told the recipient and asked the office to help."),
        "take_back": _("The supplier took the goods back."),
        "decide_for_person": _("The supplier did not answer the refusal. It was decided in the recipient's favour."),
        "cancel": _("The order was cancelled."),
        "return_money": _("The supplier returned the payment."),
        "call_about_money": _("The payment was not returned in time. The office was asked to see to it."),
        "come_of_age": _("The recipient came of age. The office was asked who acts now."),
        "ask_for_review": _("The office was asked to look whether the order goes on."),
        "let_go_on": _("The office lets the order go on."),
    },
    reasons=(Order.DeclineReason, Order.RefusalReason, Order.NoCodeReason),
    task=lambda order: order.office_task,
    tasks={
        Task.LATE: {
            Desk.RECIPIENT: Next(
                _(
                    "The promised day has passed. Wait for the order, or cancel it without giving a reason. "
                    "The office asks the supplier."
                ),
                _("Supplier"),
            ),
            Desk.SUPPLIER: Next(
                _("The promised day has passed. Bring the order now: the recipient may cancel it at any moment."),
                _("You"),
            ),
            "": Next(
                _(
                    "The promised day has passed. Ask the supplier when the order comes, and tell the recipient, "
                    "who may wait or cancel."
                ),
                _("You, then the supplier"),
            ),
        },
        Task.CONFIRMATION: {
            Desk.RECIPIENT: Next(
                _("Check the goods and confirm the receipt, or refuse them. The office will contact you."), _("You")
            ),
            Desk.SUPPLIER: Next(
                _("The recipient has not answered yet. The office contacts the recipient."), _("Office")
            ),
            "": Next(
                _(
                    "Contact the recipient: have the goods come, and are they right? "
                    "Nothing is confirmed without the recipient."
                ),
                _("You"),
            ),
        },
        Task.MONEY: {
            Desk.RECIPIENT: Next(
                _("The payment was not returned in time. The office asks the supplier."), _("Supplier")
            ),
            Desk.SUPPLIER: Next(
                _("The time to return the payment has passed. Return it now, and record the receipt."), _("You")
            ),
            "": Next(
                _("The supplier has not returned the payment in time. Ask the supplier, and tell the recipient."),
                _("You, then the supplier"),
            ),
        },
        Task.OF_AGE: {
            "": Next(
                _(
                    "The recipient has come of age, and the parent's right to act has ended. Ask who acts now: have a "
                    "phone put on file, or enter a guardian or an attorney. Then let the order go on."
                ),
                _("You"),
            ),
            Desk.RECIPIENT: Next(
                _("The order goes on. The office asks who acts now that the recipient is of age."), _("Office")
            ),
            Desk.SUPPLIER: Next(_("The order goes on. The office asks who acts for the recipient now."), _("Supplier")),
        },
        Task.REVIEW: {
            Desk.RECIPIENT: Next(
                _("The office looks whether this order goes on, because the programme has ended."), _("Office")
            ),
            Desk.SUPPLIER: Next(_("The office looks whether this order goes on. Wait: we will tell you."), _("Office")),
            "": Next(_("The person has died or the programme has ended. Let the order go on, or cancel it."), _("You")),
        },
    },
    day_at=lambda order, desk: (
        order.pay_by if order.state == State.AWAITING_TOP_UP and desk == Desk.RECIPIENT else None
    ),
    notes={
        "record_top_up": _("Number of the fiscal receipt"),
        "return_money": _("Number of the receipt for the returned payment"),
    },
    notes_for=frozenset({Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER}),
    who={Desk.OFFICER: _("Officer at the counter")},
)
