"""What can be done with an order, at each desk."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.units import units_of_kind
from tirek.catalogue.words import MEASUREMENTS, sizes_compared
from tirek.core import clock, reference
from tirek.core.actors import Actor
from tirek.core.errors import Text
from tirek.orders import actions, items, promises, queries
from tirek.orders.actions import settling
from tirek.orders.actions.refusing import Conclusion, last_replacement, refuse_with_photo
from tirek.orders.forms.office import DecideForm, HandedOverForm
from tirek.orders.forms.person import AnswerForm, RefuseForm
from tirek.orders.forms.shared import AskForm, NoteForm
from tirek.orders.forms.supplier import (
    AcceptForm,
    DeclineForm,
    DisputeForm,
    HandOverForm,
    MoneyBackForm,
    ReplacedForm,
    ReplaceForm,
    TopUpForm,
)
from tirek.orders.models import Order
from tirek.orders.numbers import BATCH
from tirek.orders.signing import RECEIPT
from tirek.people.queries import measured
from tirek.ui.acts import Act, Ask
from tirek.ui.text import day_text, size_text, tenge_text, term_text

State = Order.State
Task = Order.OfficeTask


def goods_of(order: Order) -> str:
    """The goods with their size or model."""
    variant = order.version_of_offer.variant
    return f"{variant.offer.name}, {size_text(variant.label)}"


def goods_and_quantity(order: Order) -> str:
    """The goods with their size or model, and how many; a size may be written with a cross itself."""
    return _("%(goods)s. Quantity: %(quantity)s") % {
        "goods": goods_of(order),
        "quantity": units_of_kind(order.quantity, order.kind_code),
    }


ACCEPT: Final = Act(
    "accept",
    _("Accept"),
    _("Accept the order"),
    _("The order is accepted. The person has been told."),
    actions.accept_order,
    AcceptForm,
    fields={"promise": "ready_on"},
    main=True,
    knows=lambda order: {"last": promises.last_promise(order), "why": promises.why_last_promise(order)},
)


def _term_of(key: str) -> str:
    length = reference.term(key, at=clock.today())
    return term_text(length.amount, length.unit)


def _answer_term(_order: Order) -> str:
    """How long the supplier has to answer a refusal of today, and its last day."""
    last = queries.last_day_of(clock.now(), "order.refusal_answer")
    return _("%(term)s, the last day is %(day)s") % {"term": _term_of("order.refusal_answer"), "day": day_text(last)}


def _numbered(order: Order) -> Mapping[str, object]:
    """By what the goods are told apart, whether they are handed over only with their number, and which batches are not
    handed over at all.
    """
    told_apart_by = items.numbering(order.kind_code, at=clock.today())
    offer = order.version_of_offer.variant.offer
    return {
        "numbering": told_apart_by,
        "held": items.must_be_numbered(items.of_an_order(order)),
        "kept_back": items.batches_kept_back(offer) if told_apart_by == BATCH else [],
    }


def _due(order: Order) -> Mapping[str, object]:
    """How many are handed over next, how many are still to come and by when; by what they are told apart."""
    due = queries.next_quantity(order)
    rest = due if order.state == State.REPLACING else order.rest
    return {"due": due, "rest": rest, "rest_by": queries.rest_by(order) if due < rest else None, **_numbered(order)}


def _due_by_office(order: Order) -> Mapping[str, object]:
    """The same for an officer, who may not know the numbers."""
    return {**_due(order), "must": False}


def _has_sizes(order: Order) -> Mapping[str, bool]:
    return {"has_sizes": bool(sizes_compared(order.kind_code, order.version_of_offer.parameters))}


_ASK: Final = Act(
    "ask",
    _("Ask the recipient first"),
    _("Send the question"),
    _("The question was sent. The time to answer the order begins anew with the recipient's answer."),
    actions.ask_question,
    AskForm,
    Ask(
        _("Ask the recipient first"),
        _("Ask only for what the order needs. The recipient changes that one thing, everything else stays."),
        warns=False,
    ),
    fields={"field": "field", "words": "words"},
    knows=_has_sizes,
)


def _answering(title: Text, done: Text) -> Act:
    """Answering the question about an order, by the person or by an officer for the person."""
    return Act(
        "answer",
        title,
        _("Send the answer"),
        done,
        actions.answer_with_file,
        AnswerForm,
        fields={
            **{one: one for one in Order.Asked.values},
            **{code: code for code in MEASUREMENTS},
        },
        main=True,
        knows=_asked,
    )


def _asked(order: Order) -> Mapping[str, object]:
    """What is asked about an order, with what stands there now."""
    is_sizes = order.asked_about == Order.Asked.SIZES
    sizes = sizes_compared(order.kind_code, order.version_of_offer.parameters) if is_sizes else {}
    newest = measured(order.person_id) if sizes else {}
    known = {"address": order.address, "phone": order.phone, "comment": order.comment}
    return {
        "asked": order.asked_about,
        "question": queries.question_of(order),
        "known": known | {code: str(value) for code, value in newest.items() if code in sizes},
        "sizes": sizes,
    }


def _decide(*, actor: Actor, order: Order, decision: str, number: str, day: date, reasons: str) -> Order:
    conclusion = Conclusion(number=number, day=day, reasons=reasons)
    return actions.decide_dispute(actor=actor, order=order, decision=decision, conclusion=conclusion)


SUPPLIER: Final = (
    ACCEPT,
    _ASK,
    Act(
        "decline",
        _("Decline"),
        _("Decline the order"),
        _("The order is declined. The person has been told and can choose again."),
        actions.decline_order,
        DeclineForm,
        Ask(
            _("Decline this order?"),
            _("The order ends. The person gets the reason and chooses another offer. This cannot be undone."),
        ),
        fields={"left": "left", "reason": "reason"},
        main=True,
    ),
    Act(
        "record_top_up",
        _("Record the person's payment"),
        _("Record the payment"),
        _("The payment is recorded."),
        actions.record_top_up,
        TopUpForm,
        main=True,
    ),
    Act(
        "prepare",
        _("Begin to prepare"),
        _("Begin to prepare"),
        _("The order is being prepared."),
        actions.prepare_order,
        main=True,
    ),
    Act(
        "dispatch",
        _("Send it on its way"),
        _("It is on its way"),
        _("The order is on the way. The person has been told."),
        actions.dispatch_order,
        main=True,
    ),
    Act(
        "hand_over",
        _("Hand over at the door"),
        _("Handed over"),
        _("Handed over. The act was made; the person is asked to confirm."),
        actions.hand_over_at_door,
        HandOverForm,
        fields={
            "door_code": "code",
            "too_many": "code",
            "delivered_quantity": "quantity",
            "numbers": "numbers",
        },
        main=True,
        knows=_due,
    ),
    Act(
        "hand_over_replacement",
        _("Hand over the other goods at the door"),
        _("Handed over"),
        _("Handed over. The act was made; the person is asked to confirm."),
        actions.replace_at_door,
        ReplacedForm,
        fields={"door_code": "code", "too_many": "code", "numbers": "numbers"},
        main=True,
        knows=_numbered,
    ),
    Act(
        "replace",
        _("Bring other goods"),
        _("Promise other goods"),
        _("Recorded. The recipient has been told the day."),
        actions.replace_goods,
        ReplaceForm,
        fields={"replace_by": "replace_by"},
        main=True,
        knows=lambda _order: {"last": last_replacement()},
    ),
    Act(
        "return_money",
        _("The payment was returned"),
        _("Record that it was returned"),
        _("Recorded: the payment was returned. The person has been told."),
        settling.return_money,
        MoneyBackForm,
        main=True,
    ),
    Act(
        "take_back",
        _("Take the goods back"),
        _("Take back"),
        _("The goods are taken back. The person can order the item again."),
        actions.take_back,
        ask=Ask(
            _("Take the goods back?"),
            lambda order: _and(
                _("You agree with the refusal and fetch the goods. The order ends. This cannot be undone."),
                _owed(order, _("You return to the recipient what was paid: %(amount)s, by %(day)s.")),
            ),
        ),
        main=True,
    ),
    Act(
        "dispute",
        _("Disagree with the refusal"),
        _("Send to the commission"),
        _("Sent. The commission decides, and you and the recipient read its reasons."),
        actions.dispute_refusal,
        DisputeForm,
        Ask(
            _("Disagree with the refusal"),
            lambda _order: (
                _("The commission decides on it. Time for it: %(term)s.") % {"term": _term_of("order.dispute")}
            ),
            warns=False,
        ),
        fields={"words": "words"},
    ),
)


def _owed(order: Order, words: Text) -> Text:
    """What becomes of the payment when an order ends; "" where nothing was paid."""
    if not order.is_paid:
        return ""
    return words % {"amount": tenge_text(order.owed), "day": day_text(queries.money_back_by())}


def _and(first: Text, second: Text) -> str:
    return f"{first} {second}" if second else str(first)


def _money_after_refusal(order: Order) -> Text:
    if not order.is_paid:
        return ""
    length = reference.term("order.money_back", at=clock.today())
    return _("The supplier then returns what was paid: %(amount)s. Time for it: %(term)s.") % {
        "amount": tenge_text(order.owed),
        "term": term_text(length.amount, length.unit),
    }


def _goods_at_hand(order: Order) -> str:
    """The goods that were handed over, with how many where it was a part."""
    return ", ".join(filter(None, (goods_of(order), queries.part_at_hand(order))))


def _refusal(title: Text, done: Text, kept: Text) -> Act:
    """Refusing the goods; ``kept`` says to its reader, recipient or officer, that nothing is lost."""
    return Act(
        "refuse",
        title,
        _("Refuse"),
        lambda order: done % {"term": _answer_term(order)},
        refuse_with_photo,
        RefuseForm,
        Ask(
            _("Refuse the goods"),
            lambda order: _and(
                kept % {"goods": _goods_at_hand(order), "number": order.number, "term": _answer_term(order)},
                _money_after_refusal(order),
            ),
        ),
        fields={"photo": "photo"},
        main=True,
    )


RECIPIENT: Final = (
    _answering(_("Answer the question"), _("Your answer was sent. The supplier has been told.")),
    Act(
        "confirm",
        _("Confirm the receipt"),
        _("Confirm the receipt"),
        signing=RECEIPT,
        instead="refuse",
        main=True,
    ),
    _refusal(
        _("Something is wrong: refuse"),
        _("Your refusal was recorded. Time for the supplier to answer: %(term)s."),
        _(
            "Goods: %(goods)s, order %(number)s. You keep your full entitlement. Time for the supplier to answer: "
            "%(term)s. Without an answer it is decided in your favour. This cannot be undone."
        ),
    ),
    Act(
        "cancel",
        _("Cancel this order"),
        _("Cancel the order"),
        _("The order was cancelled. You can order again now."),
        actions.cancel_order,
        NoteForm,
        Ask(
            _("Cancel this order?"),
            lambda order: _and(
                _("We tell the supplier. You keep your full entitlement and can order again now."),
                _owed(order, _("The supplier returns to you what you paid: %(amount)s, by %(day)s.")),
            ),
        ),
    ),
)
OFFICER: Final = (
    _answering(_("Record the recipient's answer"), _("The answer was recorded. The supplier has been told.")),
    Act(
        "decide_dispute",
        _("Record the commission's conclusion"),
        _("Record the conclusion"),
        _("The conclusion was recorded. Both sides have been told."),
        _decide,
        DecideForm,
        fields={"decision": "decision", "number": "number", "reasons": "reasons", "day": "day"},
        main=True,
    ),
    Act(
        "confirm",
        _("Confirm with the person present"),
        _("Confirm with the person present"),
        signing=RECEIPT,
        main=True,
    ),
    Act(
        "let_go_on",
        _("Let the order go on"),
        _("Let the order go on"),
        _("The order goes on."),
        settling.let_go_on,
        main=True,
        offered=lambda _actor, order: (
            order.office_task in {Task.REVIEW, Task.OF_AGE} and order.person.deceased_on is None
        ),
    ),
    _refusal(
        _("Record a refusal"),
        _("The refusal was recorded. Time for the supplier to answer: %(term)s."),
        _(
            "Goods: %(goods)s, order %(number)s. The recipient keeps the full entitlement. Time for the supplier to "
            "answer: %(term)s. Without an answer it is decided in the recipient's favour. This cannot be undone."
        ),
    ),
    Act(
        "confirm_hand_over",
        _("Confirm the hand-over without the code"),
        _("The goods came"),
        _("The hand-over is confirmed. We told the recipient, who confirms the receipt or refuses."),
        actions.confirm_hand_over,
        HandedOverForm,
        knows=_due_by_office,
        fields={"delivered_quantity": "quantity", "numbers": "numbers"},
        ask=Ask(
            _("Confirm the hand-over without the code"),
            format_lazy(
                "{} {}",
                _(
                    "Only when you have asked the supplier and the recipient, and both say that the goods came. We "
                    "tell the recipient, who still confirms the receipt or refuses."
                ),
                _(
                    "Whoever confirms the hand-over cannot record the paper signature of the receipt: another officer "
                    "does."
                ),
            ),
            warns=False,
        ),
    ),
    _ASK,
    Act(
        "cancel",
        _("Cancel for the person"),
        _("Cancel the order"),
        _("The order was cancelled."),
        actions.cancel_order,
        NoteForm,
        Ask(
            _("Cancel this order for the person?"),
            lambda order: _and(
                _("We tell the supplier. The person keeps the full entitlement."),
                _owed(order, _("The supplier returns to the recipient what was paid: %(amount)s, by %(day)s.")),
            ),
        ),
    ),
)
