"""What pages say of an order, whoever looks."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.orders.models import Fitting, Order

State = Order.State
Task = Order.OfficeTask
#: A review because the recipient has died: who reads of it then is a relative.
_DIED: Final = "died"


def _task(order: Order) -> str:
    is_of_the_dead = order.office_task == Task.REVIEW and order.person.deceased_on is not None
    return _DIED if is_of_the_dead else order.office_task


ORDER_WORDS: Final = CaseWords(
    path=(
        Stage(pgettext_lazy("step of an order", "Sent"), frozenset({State.SUBMITTED, State.CLARIFYING})),
        Stage(
            pgettext_lazy("step of an order", "Accepted"),
            frozenset({State.ACCEPTED, State.AWAITING_TOP_UP, State.IN_PREPARATION}),
            lambda order: not order.needs_fitting,
        ),
        Stage(
            pgettext_lazy("step of an order", "Accepted"),
            frozenset({State.AWAITING_TOP_UP, State.FITTING}),
            lambda order: order.needs_fitting,
        ),
        Stage(
            pgettext_lazy("step of an order", "Fitting"),
            frozenset({State.FITTING_TIMES, State.FITTING_AGREED, State.FITTING_CHECK}),
            lambda order: order.needs_fitting,
        ),
        Stage(
            pgettext_lazy("step of an order", "Being made"),
            frozenset({State.ACCEPTED, State.IN_PREPARATION}),
            lambda order: order.needs_fitting,
        ),
        Stage(pgettext_lazy("step of an order", "On the way"), frozenset({State.ON_THE_WAY})),
        Stage(
            pgettext_lazy("step of an order", "Handed over"), frozenset({State.AWAITING_CONFIRMATION, State.REPLACING})
        ),
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
        State.CLARIFYING: StateWords(
            "waiting",
            Next(_("The recipient answers the question. The supplier then answers the order."), _("Recipient")),
            at={
                Desk.RECIPIENT: Next(
                    _("Answer the question below. Everything else of your order stays as it is."), _("You")
                ),
                Desk.SUPPLIER: Next(
                    _("The recipient answers your question. Your time to answer the order then begins anew."),
                    _("Recipient"),
                ),
            },
            name={Desk.RECIPIENT: _("waiting for your answer")},
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
        State.FITTING: StateWords(
            "waiting",
            Next(_("The supplier names times of the fitting, and the recipient chooses one."), _("Supplier")),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The supplier names times of the fitting, and you choose one. You do not need to do anything "
                        "now."
                    ),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(_("Name up to three times of the fitting. Nothing is made before it."), _("You")),
            },
        ),
        State.FITTING_TIMES: StateWords(
            "waiting",
            Next(_("The recipient chooses a time of the fitting, or writes when it would suit."), _("Recipient")),
            at={
                Desk.RECIPIENT: Next(
                    _("Choose a time of the fitting, or write when it would suit you. No call is needed."), _("You")
                ),
            },
            name={Desk.RECIPIENT: _("choose a time of the fitting")},
        ),
        State.FITTING_AGREED: StateWords(
            "active",
            Next(_("The fitting is held at the arranged time. The supplier then records it."), _("Both sides")),
            at={
                Desk.RECIPIENT: Next(
                    _("Come to the fitting at the arranged time. If you cannot, ask for another time before it."),
                    _("You and the supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _("Hold the fitting at the arranged time, then record what came of it."), _("You and the recipient")
                ),
            },
        ),
        State.FITTING_CHECK: StateWords(
            "waiting",
            Next(_("The recipient checks what was measured. Then the goods are made."), _("Recipient")),
            at={
                Desk.RECIPIENT: Next(
                    _("Look at what was measured, and correct what is wrong. Then the goods are made."), _("You")
                ),
            },
            name={Desk.RECIPIENT: _("measured, check the measurements")},
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
                _(
                    "The supplier brings other goods, takes these back, or asks the commission. Without an answer it "
                    "is decided in the recipient's favour."
                ),
                _("Supplier"),
            ),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The supplier brings other goods, takes these back, or asks the commission. Without an answer "
                        "it is decided in your favour."
                    ),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _(
                        "Bring other goods, take these back, or say why you do not agree. Without your answer it is "
                        "decided in the recipient's favour."
                    ),
                    _("You"),
                ),
            },
            name={
                Desk.RECIPIENT: _("you refuse the goods"),
                Desk.SUPPLIER: _("refused at receipt, waiting for your answer"),
            },
        ),
        State.DISPUTED: StateWords(
            "waiting",
            Next(_("The commission decides on the refusal. Record its conclusion."), _("Commission, then you")),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The supplier does not agree with the refusal, and the commission decides. You do not need to "
                        "do anything; you can write what else it should know."
                    ),
                    _("Commission"),
                ),
                Desk.SUPPLIER: Next(
                    _("The commission decides. You can write what else it should know."), _("Commission")
                ),
            },
        ),
        State.REPLACING: StateWords(
            "active",
            Next(
                _("The supplier brings other goods. If they do not come in time, the order ends for the recipient."),
                _("Supplier"),
            ),
            at={
                Desk.RECIPIENT: Next(
                    _(
                        "The supplier brings other goods. If they do not come in time, the order ends and you can "
                        "order again."
                    ),
                    _("Supplier"),
                ),
                Desk.SUPPLIER: Next(
                    _("Bring other goods by the day that you promised. The recipient has a new code."), _("You")
                ),
            },
        ),
    },
    events={
        "submit": _("The order was sent to the supplier."),
        "accept": _("The supplier accepted the order and named a day of delivery."),
        "decline": _("The supplier declined the order."),
        "ask": _("The recipient was asked a question."),
        "answer": _("The question was answered."),
        "call_about_question": _("The question was not answered in time. The office was asked to help."),
        "lapse": _("The supplier did not answer in time. The order was cancelled."),
        "account_named": _("The supplier named the account for the payment."),
        "account_changed": _("The supplier changed the bank details. We asked the recipient to check before paying."),
        "record_top_up": _("The supplier recorded the payment."),
        "lapse_top_up": _("The payment did not come in time. The order was cancelled."),
        "propose_times": _("The supplier named times of the fitting."),
        "replace_times": _("The named times had passed. The supplier named others."),
        "choose_time": _("A time of the fitting was chosen."),
        "none_suits": _("No time suited. The recipient wrote when it would."),
        "move_fitting": _("The fitting was called off to another time."),
        "hold_fitting": _("The fitting was held."),
        "fit_again": _("The fitting was held. Another one is needed."),
        "cannot_fit": _("The fitting showed that the goods cannot be made to fit. The order ended."),
        "miss_fitting": _("Somebody did not come to the fitting."),
        "check_measurements": _("The recipient checked the measurements."),
        "remind_of_fitting": _("A reminder of the fitting was sent."),
        "call_about_fitting": _("The fitting does not go on. The office was asked to help."),
        "call_about_held": _("Nobody recorded what came of the fitting. The office was asked to help."),
        "remind_day_before": _("Both sides were reminded of the fitting on the day before."),
        "prepare": _("The supplier began to prepare the order."),
        "dispatch": _("The order is on the way."),
        "hand_over": _("The order was handed over. The recipient told the code at the door."),
        "confirm_hand_over": _("An officer confirmed the hand-over without the code."),
        "hand_over_replacement": _("Other goods were handed over. The recipient told the new code at the door."),
        "confirm": _("The receipt was confirmed by a signature."),
        "refuse": _("The goods were refused at receipt."),
        "remind": _("A reminder to confirm was sent."),
        "call_office": _("The office was asked to call."),
        "warn_late": _("The promised day has passed. We told the recipient and asked the office to help."),
        "take_back": _("The supplier took the goods back."),
        "replace": _("The supplier brings other goods."),
        "lapse_replacement": _("No other goods came in time. It was decided in the recipient's favour."),
        "dispute": _("The supplier does not agree with the refusal. The commission decides."),
        "decide_dispute": _("The commission has decided on the refusal."),
        "escalate_dispute": _("The commission's conclusion is late. We told the regional department."),
        "decide_for_person": _("The supplier did not answer the refusal. It was decided in the recipient's favour."),
        "cancel": _("The order was cancelled."),
        "return_money": _("The supplier returned the payment."),
        "call_about_money": _("The payment was not returned in time. The office was asked to see to it."),
        "come_of_age": _("The recipient came of age. The office was asked who acts now."),
        "ask_for_review": _("The office was asked to look whether the order goes on."),
        "let_go_on": _("The office lets the order go on."),
    },
    reasons=(Order.DeclineReason, Order.RefusalReason, Order.NoCodeReason, Fitting.Outcome),
    reason_keys=("reason", "missed"),
    task=_task,
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
        Task.QUESTION: {
            Desk.RECIPIENT: Next(
                _("Answer the question below. The office will contact you and can answer for you."), _("You")
            ),
            Desk.SUPPLIER: Next(
                _("The recipient has not answered yet. The office contacts the recipient. You can decline the order."),
                _("Office"),
            ),
            "": Next(
                _("Contact the recipient, and record the answer to the question."),
                _("You"),
            ),
        },
        Task.FITTING: {
            Desk.RECIPIENT: Next(
                _("The fitting does not go on as it should. The office asks both sides, and helps."), _("Office")
            ),
            Desk.SUPPLIER: Next(
                _("The fitting does not go on as it should. Do your step now: the office asks both sides."), _("You")
            ),
            "": Next(
                _(
                    "The fitting does not go on. Ask the recipient and the supplier what hinders them: the way, the "
                    "time, an escort. You can choose a time for the recipient."
                ),
                _("You"),
            ),
        },
        Task.DISPUTE: {
            Desk.RECIPIENT: Next(_("The commission's conclusion is late. The office sees to it."), _("Office")),
            Desk.SUPPLIER: Next(_("The commission's conclusion is late. The office sees to it."), _("Office")),
            "": Next(
                _("The commission's conclusion is late. Ask for it, and record its number, day and reasons."), _("You")
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
            "": Next(_("The programme has ended. Let the order go on, or cancel it."), _("You")),
        },
        _DIED: {
            Desk.RECIPIENT: Next(_("The office closes this order. You do not need to do anything."), _("Office")),
            Desk.SUPPLIER: Next(_("The office looks whether this order goes on. Wait: we will tell you."), _("Office")),
            "": Next(
                _("The recipient has died. Cancel the order, or record a refusal of what was handed over."), _("You")
            ),
        },
    },
    day_at=lambda order, desk: (
        order.pay_by if order.state == State.AWAITING_TOP_UP and desk == Desk.RECIPIENT else None
    ),
    notes={
        "record_top_up": _("Number of the fiscal receipt"),
        "return_money": _("Number of the receipt for the returned payment"),
        "dispute": _("The supplier writes"),
        "decide_dispute": _("The commission's reasons"),
        "none_suits": _("When it would suit"),
        "hold_fitting": _("What was agreed"),
    },
    open_notes=frozenset(
        {"ask", "answer", "cannot_fit", "decide_dispute", "fit_again", "hold_fitting", "move_fitting", "none_suits"}
    ),
    notes_for=frozenset({Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER}),
    who={Desk.OFFICER: _("Officer at the counter")},
)
