"""Several orders are sent by one press: one receipt, and each lives on by itself."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import OfferVersion
from tirek.core import drafts, signing
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken, Text
from tirek.core.keys import uuid7
from tirek.entitlements import actions as ledger
from tirek.entitlements.models import Line
from tirek.orders import acts
from tirek.orders.actions.submitting import Together, check_words, signature_of, submit_order, words_to_agree_to
from tirek.orders.actions.telling import tell
from tirek.orders.models import Order
from tirek.orders.requests import FORM, OrderRequest, parse

#: What a person signs when an officer sends several orders; the signature belongs to the drafts together.
SIGN_TOGETHER: Final = "order.agreement_together"
#: Orders of one press at most: as many as a page shows.
MOST_TOGETHER: Final = 10


class OneRefused(RuleBroken):
    """One of several orders cannot be sent as it is: none was.

    Attributes:
        draft_key: which.
        broken: why.
    """

    def __init__(self, draft_key: UUID, broken: RuleBroken) -> None:
        super().__init__(broken.message, next_step=broken.next_step, code=broken.code)
        self.draft_key = draft_key
        self.broken = broken


def key_of(draft_keys: Iterable[UUID]) -> UUID:
    """Under which key several drafts are signed together: the same for the same drafts, in any order."""
    return uuid5(NAMESPACE_OID, " ".join(sorted(str(one) for one in draft_keys)))


def words_to_agree_to_together(
    chosen: Iterable[Draft], finals: Mapping[UUID, Mapping[str, str]]
) -> tuple[str, Decimal]:
    """What the person of complete drafts would agree to at the counter, in the present language, and what the person
    would pay for all, tenge.

    Raises:
        OneRefused: something is missing in one of them.
        NotFound: a line or an offer is gone.
    """
    texts, person_part = [], Decimal(0)
    for draft in sorted(chosen, key=lambda one: one.pk):
        try:
            text, part = words_to_agree_to(draft, finals[draft.pk])
        except RuleBroken as broken:
            raise OneRefused(draft.pk, broken) from broken
        texts.append(text)
        person_part += part
    return acts.together_text(texts), person_part


@transaction.atomic
def submit_together(
    *, actor: Actor, finals: Mapping[UUID, Mapping[str, str]], signature_id: UUID | None = None
) -> UUID:
    """Send several orders from their drafts: all of them, or none. The same drafts sent again give the same key.

    Args:
        actor: who sends them; an officer with the person's signature for exactly these words of all.
        finals: what was agreed to by the press, and what its page has shown, by draft.
        signature_id: given at the counter.

    Returns:
        The key that all of them have (``Order.sent_together``).

    Raises:
        DraftLost, HeldElsewhere: a draft is not the actor's to send.
        OneRefused: of one something is missing, or does not hold any more; nothing is sent, and nothing typed is lost.
        RuleBroken: there are too many or none; some were sent already; the person has not agreed to these words.
    """
    if not 0 < len(finals) <= MOST_TOGETHER:
        refusal: Text = _("Choose at least one order, and at most %(n)s.") % {"n": MOST_TOGETHER}
        raise RuleBroken(refusal, code="how_many")
    # always in this order: drafts, then entitlements, then stock; each by its key
    locked = [drafts.lock_for_submit(actor, key, form=FORM) for key in sorted(finals)]
    before = _sent_before(locked)
    if before is not None:
        return before
    asked = {draft.pk: _read(draft, finals[draft.pk]) for draft in locked}
    for line in sorted({one.line_id for one in asked.values()}):
        with suppress(Line.DoesNotExist):  # said when the order itself is checked
            ledger.lock_line(line)
    stock = dict(
        OfferVersion.objects.filter(pk__in=[one.version_id for one in asked.values()]).values_list("pk", "variant_id")
    )
    together = Together(uuid7(), _agreed(locked, finals, signature_id) if actor.desk is Desk.OFFICER else None)
    sent = []
    for draft in sorted(locked, key=lambda one: (str(stock.get(asked[one.pk].version_id)), one.pk)):
        try:
            order = submit_order(actor=actor, draft_key=draft.pk, final=finals[draft.pk], together=together)
        except RuleBroken as broken:
            raise OneRefused(draft.pk, broken) from broken
        sent.append(order)
    _tell(sent)
    return together.key


def _sent_before(locked: Iterable[Draft]) -> UUID | None:
    """The key under which all of them were sent already; ``None`` where none was sent.

    Raises:
        RuleBroken: some were sent, or not together.
    """
    cases = [draft.case_id for draft in locked]
    if not any(cases):
        return None
    keys = set(Order.objects.filter(pk__in=[one for one in cases if one]).values_list("sent_together", flat=True))
    key = keys.pop() if len(keys) == 1 and all(cases) else None
    if key is None:
        raise RuleBroken(
            _("One of these orders was sent already."),
            next_step=_("Look at what is left below, then send again."),
            code="sent_already",
        )
    return key


def _read(draft: Draft, final: Mapping[str, str]) -> OrderRequest:
    try:
        return parse({**draft.values(), **final}, form_version=draft.form_version)
    except RuleBroken as broken:
        raise OneRefused(draft.pk, broken) from broken


def _agreed(
    chosen: Iterable[Draft], finals: Mapping[UUID, Mapping[str, str]], signature_id: UUID | None
) -> signing.Signature:
    signature = signature_of(signature_id, purpose=SIGN_TOGETHER, case_id=key_of(finals))
    with translation.override(signature.language):
        words, _person_part = words_to_agree_to_together(chosen, finals)
    check_words(signature, words)
    return signature


def _tell(sent: list[Order]) -> None:
    if len(sent) == 1:
        tell(sent[0], "order.submitted")
        return
    tell(
        sent[0],
        "order.submitted_together",
        n=str(len(sent)),
        numbers=", ".join(one.number for one in sent),
        kinds=" ".join(dict.fromkeys(one.kind_code for one in sent)),
    )
