"""An order is sent: from a draft, by the person or at the counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import actions as stock
from tirek.catalogue.models import GuaranteedAmount
from tirek.catalogue.queries import ToOrder, fit_for, guaranteed_amount, version_to_order
from tirek.catalogue.rules import Verdict, delivers_to
from tirek.catalogue.words import Words
from tirek.core import clock, drafts, signing
from tirek.core.actors import Actor, Desk
from tirek.core.case.workflow import perform, repeated
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.numbers import Series
from tirek.entitlements import actions as ledger
from tirek.entitlements.models import Line
from tirek.entitlements.rules import PriceSplit, split_price
from tirek.orders import acts, rules
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.orders.requests import FORM, OrderRequest, changed_quantity, parse
from tirek.orders.workflow import ORDER
from tirek.people.actions import record_consent, require_agreement
from tirek.people.models import Consent
from tirek.ui.text import paid_text

NUMBERS: Final = Series("ТС", "orders_order_number")
#: What a person signs when an officer enters an order; the signature belongs to the draft.
SIGN_ORDER: Final = "order.agreement"


@dataclass(frozen=True, slots=True)
class Together:
    """Orders that are sent by one press (``sending_together``).

    Attributes:
        key: written into each of them.
        agreed: what the person signed at the counter for all of them, checked already.
    """

    key: UUID
    agreed: signing.Signature | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    """What an order rests on, all of it checked."""

    line: Line
    wanted: ToOrder
    guaranteed: GuaranteedAmount
    split: PriceSplit


def _check(actor: Actor, draft: Draft, request: OrderRequest, today: date) -> _Checked:
    try:
        line = ledger.lock_line(request.line_id)
    except Line.DoesNotExist as error:
        raise NotFound from error
    person = line.person
    if draft.subject_id != person.pk or (actor.desk is Desk.RECIPIENT and actor.subject_id != person.pk):
        raise NotFound
    require_agreement(actor, person)
    wanted = version_to_order(request.version_id)
    if wanted.kind_code != line.kind_id:
        raise RuleBroken(_("This offer is of another kind than the item of your programme."), code="kind")
    if not wanted.supplier_takes_orders(today):
        raise RuleBroken(
            _("This supplier takes no new orders now."),
            next_step=_("Choose another offer: what you typed is kept."),
            code="supplier_suspended",
        )
    if not delivers_to(wanted.delivers_to, person.territory_id):
        raise RuleBroken(
            _("This supplier does not deliver to your district."), next_step=_("Choose another offer."), code="place"
        )
    fit = fit_for(person, line.asked, wanted.parameters, on=today)
    if fit.barred is not None:
        # what must match is no choice of the person's: nothing that is ticked lifts it
        raise RuleBroken(
            Words(line.kind_id).sentence(fit.barred),
            next_step=_(
                "Choose another offer. If there is none, tell us that you cannot find what you need. If the programme "
                "is wrong, ask for a correction."
            ),
            code="must_match",
        )
    if not request.fit_acknowledged and fit.verdict is Verdict.DOES_NOT_FIT:
        raise RuleBroken(
            _("By your measurements this does not fit."),
            next_step=_("Choose another size, or tick that you want to order it all the same."),
            code="does_not_fit",
        )
    guaranteed = guaranteed_amount(line.kind_id, territory_code=person.territory_id, on=today)
    split = split_price(price=wanted.price, quantity=request.quantity, guaranteed=guaranteed.amount)
    if request.seen_quantity not in {None, request.quantity}:
        raise RuleBroken(
            changed_quantity(request.seen_quantity, request.quantity),
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )
    if request.seen_part is not None and request.seen_part != split.person:
        raise RuleBroken(
            _("What is to be paid has changed: it was %(old)s, now it is %(new)s.")
            % {"old": paid_text(request.seen_part), "new": paid_text(split.person)},
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )
    return _Checked(line, wanted, guaranteed, split)


@ORDER.action("submit")
def submit_order(
    *,
    actor: Actor,
    draft_key: UUID,
    final: Mapping[str, str] | None = None,
    signature_id: UUID | None = None,
    together: Together | None = None,
) -> Order:
    """Send an order from a draft: reserve the entitlement and the stock, and give the number.

    The same draft sent again gives the same order. At the counter the officer submits for the person of the draft, who
    has agreed to exactly these words by ``signature_id`` (portal.md section 8): the record says who typed and who
    decided. ``final`` holds the answers of the check page itself (consent, acknowledgement), which are given with the
    button. Of orders sent ``together`` the person is told once, by who sends them.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        RuleBroken: something is missing or does not hold any more; nothing is reserved and nothing typed is lost.
    """
    draft = drafts.lock_for_submit(actor, draft_key, form=FORM)
    if draft.case_id is not None:
        return repeated(Order.objects.get(pk=draft.case_id))
    request, today = parse({**draft.values(), **(final or {})}, form_version=draft.form_version), clock.today()
    checked = _check(actor, draft, request, today)
    drafts.check_shown(draft, final)
    line, wanted, person = checked.line, checked.wanted, checked.line.person
    agreed = together.agreed if together else None
    if agreed is None and actor.desk is Desk.OFFICER:
        agreed = _agreement(draft, checked, request, signature_id)
    order = Order(
        number=NUMBERS.take(),
        territory_code=person.territory_id,
        person=person,
        line=line,
        version_of_offer_id=wanted.version_id,
        supplier_id=wanted.supplier_id,
        organisation_id=wanted.organisation_id,
        kind_code=line.kind_id,
        quantity=request.quantity,
        unit_price=wanted.price,
        guaranteed_amount=checked.guaranteed.amount * request.quantity,
        guaranteed_reference=checked.guaranteed.pk,
        budget_part=checked.split.budget,
        person_part=checked.split.person,
        payer_code=f"{person.territory_id[:2]}0000000",
        placed_on=today,
        placed_by=actor.account,
        channel=actor.channel.value,
        address=request.address,
        phone=request.phone,
        comment=request.comment,
        monthly_parts=min(request.monthly_parts, rules.most_parts(line.window, request.quantity))
        if line.kind.consumable
        else 1,
        fit_acknowledged=request.fit_acknowledged,
        consent_version=request.consent_version,
        sent_together=together.key if together else None,
        # a first order ends the wait for what the programme gives; a later one begins its own
        waits_since=None if line.last_received_on else line.created_at.astimezone(clock.COUNTRY_ZONE).date(),
    )
    stock.take_stock(wanted.variant_id, request.quantity)
    ledger.reserve(line, quantity=request.quantity, case_id=order.pk, on=today)
    perform(
        order,
        data={
            "line": line.pk,
            "version": wanted.version_id,
            "quantity": request.quantity,
            "budget": checked.split.budget,
            "person_part": checked.split.person,
            "guaranteed": checked.guaranteed.pk,
            "draft": draft.pk,
            "consent": request.consent_version,
            "typed_by": actor.user_id,
            "decided_by": agreed.signer_user_id if agreed else actor.user_id,
            "signature": agreed.pk if agreed else None,
        },
    )
    record_consent(actor=actor, person=person, purpose=Consent.Purpose.ORDER, text_version=request.consent_version)
    drafts.mark_submitted(draft, order)
    if together is None:
        tell(order, "order.submitted")
    return order


def _agreement(draft: Draft, checked: _Checked, request: OrderRequest, signature_id: UUID | None) -> signing.Signature:
    """The signature by which the person agreed to this order at the counter.

    Raises:
        RuleBroken: there is none, or it was given for other words.
    """
    signature = signature_of(signature_id, purpose=SIGN_ORDER, case_id=draft.pk)
    with translation.override(signature.language):
        words = acts.order_text(checked.line, request, checked.split, checked.guaranteed)
    check_words(signature, words)
    return signature


def signature_of(signature_id: UUID | None, *, purpose: str, case_id: UUID) -> signing.Signature:
    """A signature that was given at the counter.

    Raises:
        RuleBroken: there is none.
    """
    if signature_id is None:
        raise RuleBroken(
            _("The person has not agreed to this order yet."),
            next_step=_("Send a code to the person's phone, or let the person sign the printed page."),
            code="not_agreed",
        )
    return signing.signed(signature_id, purpose=purpose, case_id=case_id)


def check_words(signature: signing.Signature, words: str) -> None:
    """Whether it was given for these words.

    Raises:
        RuleBroken: for others.
    """
    if signing.digest(words) != bytes(signature.text_hash):
        raise RuleBroken(
            _("Something has changed since the person agreed."),
            next_step=_("Let the person read the page again and agree once more."),
            code="agreed_to_other_words",
        )


def words_to_agree_to(draft: Draft, final: Mapping[str, str]) -> tuple[str, Decimal]:
    """What the person of a complete draft would agree to at the counter, in the present language, and what the person
    would pay, tenge.

    Raises:
        RuleBroken: something is missing; ``code`` names the step.
        NotFound: the line or the offer is gone.
    """
    request = parse({**draft.values(), **final}, form_version=draft.form_version)
    line = Line.objects.select_related("person").filter(pk=request.line_id, person=draft.subject_id).first()
    if line is None:
        raise NotFound
    guaranteed = guaranteed_amount(line.kind_id, territory_code=line.person.territory_id, on=clock.today())
    price = version_to_order(request.version_id).price
    split = split_price(price=price, quantity=request.quantity, guaranteed=guaranteed.amount)
    return acts.order_text(line, request, split, guaranteed), split.person
