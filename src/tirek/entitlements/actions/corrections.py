"""A correction of a balance, or a missing line: one officer proposes, another signs or rejects. Only then the ledger
moves.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, ProvisionChannel
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.numbers import Series
from tirek.entitlements import answers, queries
from tirek.entitlements.actions import requests, terms
from tirek.entitlements.actions.ledger import check_correction, correct, lock_line, open_window, orders_of
from tirek.entitlements.actions.programmes import LineGrant, add_missing_line
from tirek.entitlements.asking import Asked, check_asked, check_channel
from tirek.entitlements.case_types import PROGRAMMES, REQUESTS
from tirek.entitlements.forms import Corrected
from tirek.entitlements.messages import tell
from tirek.entitlements.models import Correction, CorrectionRequest, Line, Programme
from tirek.entitlements.workflow import CORRECTION
from tirek.notices.actions import notify

NUMBERS: Final = Series("ТЗ", "entitlements_correction_number")
State = Correction.State


def _target(actor: Actor, asked: answers.Target) -> tuple[Programme, Line | None, Kind]:
    """What is corrected, each part only if it is the actor's to see."""
    if asked.line_id is not None:
        found = queries.line_for(actor, asked.line_id)
        lock_line(found.pk)
        if Correction.objects.filter(line=found, state=State.PROPOSED).exists():
            raise RuleBroken(
                _("A correction of this item waits for its second signature already."),
                next_step=_("Ask a colleague to sign or reject it first."),
                code="open_correction",
            )
        return found.programme, found, found.kind
    programme = PROGRAMMES.by_key(actor, asked.programme_id)
    kind = Kind.objects.filter(pk=asked.kind_code).first()
    if kind is None:
        raise NotFound
    if Line.objects.filter(programme=programme, kind=kind).exists():
        raise RuleBroken(
            _("The programme has an item of this kind already."),
            next_step=_("Correct its balance instead."),
            code="line",
        )
    return programme, None, kind


def _answered(actor: Actor, key: UUID | None, person_id: UUID) -> CorrectionRequest | None:
    if key is None:
        return None
    request = REQUESTS.by_key(actor, key)
    if request.person_id != person_id:
        raise NotFound
    return request


@CORRECTION.action("propose")
def propose_correction(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> Correction:
    """An officer proposes to add units to the present window, to take some, to change what the line asks for or how it
    is provided, to allow an earlier replacement, or to add a missing line; a draft gives one correction.

    Raises:
        NotAllowed: the officer is close to the person.
        NotFound: the line is not of the officer's territory.
        RuleBroken: something is missing; another correction of the line waits already; the programme has ended; more
            is taken than there is; the way of provision would change under an open order.
    """
    draft = drafts.lock_for_submit(actor, draft_key, form=answers.CORRECTION_FORM)
    if draft.case_id is not None:
        return repeated(Correction.objects.get(pk=draft.case_id))
    values = {**draft.values(), **(final or {})}
    about = answers.target(values, form_version=draft.form_version)
    programme, line, kind = _target(actor, about)
    asked = answers.correction(values, about, Corrected.of(line, kind, programme))
    drafts.check_shown(draft, final)
    _active(programme)
    if line is not None:
        check_correction(line, asked.amount)
        if asked.channel:
            _check_nothing_open(line)
    request = _answered(actor, asked.request_id, programme.person_id)
    correction = perform(
        Correction(
            number=NUMBERS.take(),
            territory_code=programme.territory_code,
            programme=programme,
            person_id=programme.person_id,
            line=line,
            kind=kind,
            amount=asked.amount,
            recommended=dict(asked.asked.recommended) if asked.asked else None,
            must_match=list(asked.asked.must) if asked.asked else None,
            line_channel=asked.channel,
            earlier=asked.earlier,
            reason=asked.reason,
            document=asked.document,
            proposed_by=actor.account,
            request=request,
        ),
        data={
            "line": line.pk if line else None,
            "kind": kind.pk,
            "amount": asked.amount,
            "asks": bool(asked.asked),
            "channel": asked.channel,
            "earlier": asked.earlier,
            "draft": draft.pk,
        },
    )
    if request is not None:
        requests.begin_request(actor=actor, request=request)
    drafts.mark_submitted(draft, correction)
    return correction


def _check_nothing_open(line: Line) -> None:
    """Whether the way in which a line is provided can change now.

    Raises:
        RuleBroken: an order, or a purchase under contract, holds something of it.
    """
    if orders_of(line, since=clock.now()).holding:
        raise RuleBroken(
            _("An order or a purchase of this item is open."),
            next_step=_("Wait until it is received or ends; then the way of provision can be changed."),
            code="open_order",
        )


def ask_for(line: Line, asked: Asked) -> None:
    """A locked line asks for this from now on.

    Raises:
        RuleBroken: its kind does not have it.
    """
    check_asked(line.kind, asked.recommended, asked.must)
    line.recommended, line.must_match = dict(asked.recommended), list(asked.must)
    line.save(update_fields=["recommended", "must_match"])


def allow_earlier(line: Line) -> None:
    """The next one of a locked line can be ordered today, though the replacement term still runs."""
    today = clock.today()
    if line.next_on is not None and line.next_on > today:
        line.next_on = today
        line.save(update_fields=["next_on"])
        open_window(line, today)


def provide(line: Line, channel: str) -> None:
    """A locked line is provided so from now on; its term to order follows.

    Raises:
        RuleBroken: its kind is not provided so, or something of it is open.
    """
    check_channel(line.kind, channel)
    _check_nothing_open(line)
    line.channel = channel
    line.save(update_fields=["channel"])
    terms.follow_channel(line)


def _change_line(line: Line, correction: Correction) -> None:
    """What a locked line asks for, when the next one can be ordered, and how it is provided, from now on."""
    if correction.recommended is not None:
        ask_for(line, Asked(correction.recommended, tuple(correction.must_match or ())))
    if correction.earlier:
        allow_earlier(line)
    if correction.line_channel:
        provide(line, correction.line_channel)


def _tell_proposer(correction: Correction, template: str) -> None:
    facts = {"number": correction.number, "kind": correction.kind_id}
    notify(user_ids=[correction.proposed_by], template=template, context=facts, case=correction)


def _active(programme: Programme) -> None:
    if programme.state != Programme.State.ACTIVE:
        raise RuleBroken(
            _("The programme is no longer active."),
            next_step=_("Look at the newer programme: its items are what counts."),
            code="programme",
        )


@CORRECTION.action("sign")
def sign_correction(*, actor: Actor, correction: Correction) -> Correction:
    """A second officer signs: the correction enters the ledger and the line, the person is told, and the request it
    answers is done.

    Raises:
        NotAllowed: the actor proposed it, is close to the person, or is no officer of the territory.
        StaleState: it is decided already.
        RuleBroken: the balance would become negative, the programme has ended, or the way of provision would change
            under an open order.
    """
    programme = Programme.objects.select_related("person").get(pk=correction.programme_id)
    _active(programme)
    provided_before = ""
    if correction.line_id is None:
        grant = LineGrant(
            kind=Kind.objects.get(pk=correction.kind_id),
            quantity=correction.amount,
            recommended=correction.recommended or {},
            must=correction.must_match or (),
            channel=ProvisionChannel(correction.line_channel) if correction.line_channel else None,
        )
        correction.line = add_missing_line(programme, grant)
    else:
        line = lock_line(correction.line_id)
        # it may have ended while the line was somebody else's
        _active(line.programme)
        if correction.amount:
            correct(
                line,
                amount=correction.amount,
                decided_by=correction.proposed_by,
                second_by=actor.account,
                case_id=correction.pk,
            )
        provided_before = line.channel if correction.line_channel else ""
        _change_line(line, correction)
    correction.decided_by = actor.account
    perform(
        correction,
        data={"line": correction.line_id, "amount": correction.amount, "provided_before": provided_before},
        changed=["decided_by", "line_id"],
    )
    told = {"change": f"{correction.amount:+d}"} if correction.amount else {}
    template = "balance.corrected" if correction.amount else "line.corrected"
    tell(programme.person_id, template, case=correction, kind=correction.kind_id, **told)
    _tell_proposer(correction, "correction.signed_for_proposer")
    if correction.request is not None:
        requests.finish_request(actor=actor, request=correction.request)
    return correction


@CORRECTION.action("reject")
def reject_correction(*, actor: Actor, correction: Correction, reason: str) -> Correction:
    """A second officer does not sign, with a reason; the request it answers is open again.

    Raises:
        RuleBroken: no reason.
    """
    correction.decision_reason, correction.decided_by = (
        requests.said(reason, _("Say why you do not sign.")),
        actor.account,
    )
    perform(correction, changed=["decided_by", "decision_reason"])
    _tell_proposer(correction, "correction.rejected_for_proposer")
    if correction.request is not None:
        requests.take_up_again(actor=actor, request=correction.request)
    return correction
