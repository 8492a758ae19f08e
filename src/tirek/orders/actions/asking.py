"""Something has to be known of an order before it goes on: a question about one thing, and its answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import perform
from tirek.core.errors import RuleBroken
from tirek.correspondence.actions import write
from tirek.correspondence.talks import talk
from tirek.files.rules import Unsuitable
from tirek.orders.actions.telling import tell
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import question_of, questions_about
from tirek.orders.workflow import ORDER
from tirek.organisations.telling import SUPPLIERS, tell_staff
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Asked = Order.Asked
#: Questions about one order; who still does not know then accepts, declines or calls.
MOST_QUESTIONS: Final = 3
#: Columns of the order that an answer changes.
_COLUMNS: Final = frozenset({Asked.ADDRESS.value, Asked.PHONE.value, Asked.COMMENT.value})


@ORDER.action("ask")
def ask_question(*, actor: Actor, order: Order, field: str, words: str) -> Order:
    """The supplier or an officer asks the person about one thing of an order; the time to accept waits for the answer.

    Raises:
        RuleBroken: the thing is none of the list, nothing is asked, or three questions were asked already.
    """
    if field not in Asked.values:
        raise RuleBroken(_("Choose what you ask about."), code="field")
    if not words.strip():
        raise RuleBroken(_("Write your question: the recipient reads exactly these words."), code="words")
    if questions_about(order).count() >= MOST_QUESTIONS:
        raise RuleBroken(
            _("%(most)s questions were asked about this order already.") % {"most": MOST_QUESTIONS},
            next_step=_("Accept the order, decline it with a reason, or write to the recipient."),
            code="questions",
        )
    order.asked_about = field
    perform(order, data={"field": field}, note=words.strip(), changed=["asked_about"])
    tell(order, "order.question")
    return order


@ORDER.action("answer")
def answer_question(*, actor: Actor, order: Order, given: Mapping[str, object]) -> Order:
    """The person answers; what was asked about changes, everything else stays, and the supplier's time begins anew.

    Args:
        actor: the person, a representative, or an officer for the person.
        order: the order.
        given: the answer by the name of the field, as the form has read it; sizes by their codes.

    Raises:
        RuleBroken: nothing was answered; or a size that cannot be right (its code is that of the size).
    """
    asked, changed = order.asked_about, ["asked_about", "office_task"]
    answer = str(given.get(asked) or "").strip()
    if asked == Asked.SIZES:
        _record_sizes(actor, order, given)
    elif not answer and asked not in {Asked.COMMENT, Asked.DOCUMENT}:
        raise RuleBroken(_("Answer the question first."), code=asked)
    if asked in _COLUMNS:
        setattr(order, asked, answer)
        changed.append(asked)
    order.asked_about = ""
    if order.office_task == Order.OfficeTask.QUESTION:
        order.office_task = ""
    perform(order, data={"field": asked}, note=answer if asked == Asked.WORDS else "", changed=changed)
    if actor.person_id != order.person_id:
        tell(order, "order.answered_for_you", but=actor.user_id)
    facts = {"number": order.number, "kind": order.kind_code}
    tell_staff(order.organisation_id, "order.answered_for_supplier", roles=SUPPLIERS, case=order, **facts)
    return order


def _record_sizes(actor: Actor, order: Order, given: Mapping[str, object]) -> None:
    source = Measurement.Source.OFFICER if actor.desk is Desk.OFFICER else Measurement.Source.SELF
    sizes = {code: value for code, value in given.items() if isinstance(value, Decimal)}
    if not sizes:
        raise RuleBroken(_("Type at least one size."), code="sizes")
    for code, value in sizes.items():
        try:
            record_measurement(
                actor=actor, person=order.person, parameter=code, value=value, measured_on=clock.today(), source=source
            )
        except RuleBroken as refused:
            raise RuleBroken(refused.message, next_step=refused.next_step, code=code) from refused


def answer_with_file(
    *, actor: Actor, order: Order, document: "UploadedFile[bytes] | None" = None, **given: object
) -> Order:
    """Answer, with the photo or document that was asked for; both or nothing. The file is a message on the order.

    Raises:
        RuleBroken: as for ``answer_question``; with the code ``document`` when no file came that may be kept.
        TooMany: the account wrote too many messages today.
    """
    with transaction.atomic():
        question = question_of(order)
        if order.asked_about == Asked.DOCUMENT and document is None:
            raise RuleBroken(_("Choose the photo or document that was asked for."), code="document")
        answered = answer_question(actor=actor, order=order, given=given)
        if document is not None:
            about = talk(ORDERS.code)
            try:
                write(
                    actor=actor,
                    talk=about,
                    key=order.pk,
                    text=question,
                    readers=[one.value for one in about.others(actor, order)],
                    topic="delivery",
                    upload=document,
                )
            except Unsuitable as unfit:
                raise RuleBroken(unfit.message, next_step=unfit.next_step, code="document") from unfit
    return answered


@ORDER.action("call_about_question")
def call_about_question(*, actor: Actor, order: Order) -> Order:
    """The question was not answered in time: the person is reminded, and an officer is asked to help."""
    order.office_task = order.office_task or Order.OfficeTask.QUESTION
    perform(order, changed=["office_task"])
    tell(order, "order.question_reminder")
    return order
