"""A request for a correction: sent by the person, answered by the office in time, never closed in silence."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case import deadlines
from tirek.core.case.workflow import perform, repeated
from tirek.core.errors import NotFound, RuleBroken, Text
from tirek.core.numbers import Series
from tirek.entitlements import answers, queries
from tirek.entitlements.forms import LONGEST
from tirek.entitlements.messages import tell
from tirek.entitlements.models import Correction, CorrectionRequest, Line
from tirek.entitlements.workflow import REQUEST
from tirek.organisations.telling import tell_office, tell_region
from tirek.people.actions import require_agreement
from tirek.people.queries import person_for

NUMBERS: Final = Series("ТӨ", "entitlements_request_number")


def said(text: str, message: Text) -> str:
    """The words somebody owes.

    Raises:
        RuleBroken: there are none, or too many; ``message`` says what is asked for.
    """
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise RuleBroken(message, next_step=_("Write it in at most 1,000 characters."), code="reason")
    return words


def _line(actor: Actor, key: UUID | None, person_id: UUID) -> Line | None:
    if key is None:
        return None
    line = queries.line_for(actor, key)
    if line.person_id != person_id:
        raise NotFound
    return line


def _kind(asked: answers.RequestAnswers, line: Line | None) -> Kind | None:
    if line is not None:
        return line.kind
    return Kind.objects.filter(pk=asked.kind_code).first() if asked.kind_code else None


@REQUEST.action("submit")
def submit_request(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> CorrectionRequest:
    """Send a request from a draft; the same draft sent again gives the same request. The office is told, its term
    begins.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        RuleBroken: something is missing.
    """
    draft = drafts.lock_for_submit(actor, draft_key, form=answers.REQUEST_FORM)
    if draft.case_id is not None:
        return repeated(CorrectionRequest.objects.get(pk=draft.case_id))
    if draft.subject_id is None or draft.subject_id != actor.subject_id:
        raise NotFound
    values = {**draft.values(), **(final or {})}
    line = _line(actor, answers.line_of_request(values), draft.subject_id)
    asked = answers.request(values, line, form_version=draft.form_version)
    drafts.check_shown(draft, final)
    person = person_for(actor, draft.subject_id)
    require_agreement(actor, person)
    kind = _kind(asked, line)
    request = perform(
        CorrectionRequest(
            number=NUMBERS.take(),
            territory_code=person.territory_id,
            person=person,
            line=line,
            kind=kind,
            wrong=asked.wrong,
            words=asked.words,
            asked_by=actor.account,
        ),
        data={
            "line": line.pk if line else None,
            "kind": kind.pk if kind else None,
            "wrong": asked.wrong,
            "draft": draft.pk,
        },
    )
    drafts.mark_submitted(draft, request)
    last_day = deadlines.open_of(request)[0].last_day
    tell(person.pk, "request.submitted", case=request, number=request.number, day=last_day)
    tell_office(request.territory_code, "request.new_for_office", case=request, number=request.number, day=last_day)
    return request


def _tell(request: CorrectionRequest, template: str) -> None:
    tell(request.person_id, template, case=request, number=request.number)


@REQUEST.action("explain")
def explain_request(*, actor: Actor, request: CorrectionRequest, answer: str) -> CorrectionRequest:
    """The office answers that nothing is wrong, and why.

    Raises:
        RuleBroken: no reason.
    """
    request.answer = said(answer, _("Explain to the person why nothing is corrected."))
    perform(request, changed=["answer"])
    _tell(request, "request.explained")
    return request


@REQUEST.action("begin")
def begin_request(*, actor: Actor, request: CorrectionRequest) -> CorrectionRequest:
    """A correction that answers the request was proposed; called with it, in its transaction.

    Raises:
        RuleBroken: no correction that answers the request waits for a signature.
    """
    _check_newest(request, Correction.State.PROPOSED)
    perform(request)
    _tell(request, "request.begun")
    return request


def _check_newest(request: CorrectionRequest, state: Correction.State) -> None:
    newest = Correction.objects.filter(request=request).order_by("-created_at", "-pk").first()
    if newest is None or newest.state != state:
        raise RuleBroken(
            _("The correction of this request is in another state."),
            next_step=_("Open the correction: it says what waits."),
            code="correction",
        )


@REQUEST.action("record_fix")
def record_fix(*, actor: Actor, request: CorrectionRequest, document: str, answer: str) -> CorrectionRequest:
    """The programme's data were put right without a change of a balance: by which document, and what the person should
    know.

    Raises:
        RuleBroken: the document or the answer is missing.
    """
    named = " ".join(document.split())
    if not named:
        raise RuleBroken(_("Name the document by which the data were put right."), code="document")
    request.answer = said(answer, _("Say to the person what was put right."))
    perform(request, data={"document": True}, note=named[:100], changed=["answer"])
    _tell(request, "request.corrected")
    return request


@REQUEST.action("finish")
def finish_request(*, actor: Actor, request: CorrectionRequest) -> CorrectionRequest:
    """The correction was signed; called with it, in its transaction.

    Raises:
        RuleBroken: it was not.
    """
    _check_newest(request, Correction.State.SIGNED)
    perform(request)
    _tell(request, "request.corrected")
    return request


@REQUEST.action("take_up_again")
def take_up_again(*, actor: Actor, request: CorrectionRequest) -> CorrectionRequest:
    """The correction was rejected: the office owes its answer still, in a new term; called with it, in its transaction.

    Raises:
        RuleBroken: it was not rejected.
    """
    _check_newest(request, Correction.State.REJECTED)
    perform(request)
    day = deadlines.open_of(request)[0].last_day
    tell(request.person_id, "request.still_open", case=request, number=request.number, day=day)
    return request


@REQUEST.action("escalate")
def escalate_request(*, actor: Actor, request: CorrectionRequest) -> CorrectionRequest:
    """No answer in time: the region's officers are told, the person too; the request stays open."""
    request.escalated_at = clock.now()
    perform(request, changed=["escalated_at"])
    _tell(request, "request.escalated")
    tell_region(request.territory_code, "request.escalated_for_region", case=request, number=request.number)
    return request
