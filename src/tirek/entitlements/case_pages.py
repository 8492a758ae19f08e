"""The pages of a term to order, a correction and a request for one, with what can be done there."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.units import change_in_units, units_text
from tirek.core.actors import Actor, Desk
from tirek.core.case.words import ListedCase
from tirek.core.errors import Text
from tirek.entitlements import actions, queries
from tirek.entitlements.actions import corrections, requests
from tirek.entitlements.asking import Asked
from tirek.entitlements.case_types import CORRECTIONS, REQUESTS, TERMS
from tirek.entitlements.draft_forms import left_in_words
from tirek.entitlements.forms import (
    CallForm,
    Corrected,
    ExplainForm,
    FixForm,
    RejectForm,
    ReopenForm,
    WhichForm,
    change_in_words,
)
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme
from tirek.people.queries import names_of_users, needs_of, not_to_be_called
from tirek.people.words import needs_in_words
from tirek.ui.acts import Act
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column, OwnList, TaskList, TaskPage, always, by_state
from tirek.ui.text import day_text


def _change(correction: Correction) -> str:
    """By how much a balance is changed."""
    if correction.line_id is None:
        new = _("new item")
        return f"{new}: {units_text(correction.amount, correction.kind.unit)}"
    if not correction.amount:
        return str(_("Early replacement") if correction.earlier else _("what it asks for"))
    return change_in_units(correction.amount, correction.kind.unit)


def _own(actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, str]:
    return {
        one.case.pk: str(_("proposed by you"))
        for one in rows
        if isinstance(one.case, Correction) and one.case.proposed_by == actor.user_id
    }


def _is_late(request: CorrectionRequest) -> bool:
    """Whether the region was told of the present delay; a correction that was begun since has a term of its own."""
    return REQUESTS.words.task(request) == "late"


def _told(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, str]:
    asked = [one.case for one in rows if isinstance(one.case, CorrectionRequest)]
    return {one.pk: str(_("reported to the regional department")) for one in asked if _is_late(one)}


def _written(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, str]:
    terms = [one.case for one in rows if isinstance(one.case, OrderingTerm)]
    writes = not_to_be_called(one.person_id for one in terms)
    return {one.pk: str(_("Do not call: write")) for one in terms if one.person_id in writes}


def _calls(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, Text]:
    terms = [one.case for one in rows if isinstance(one.case, OrderingTerm)]
    writes = not_to_be_called(one.person_id for one in terms)
    return {
        one.pk: _("Write: not ordered in time") if one.person_id in writes else _("Call: not ordered in time")
        for one in terms
    }


_DISTRICT: Final = Column(_("District"), lambda one: one.person.territory.name)
REQUEST_LIST: Final = CaseList(
    case=REQUESTS,
    title={Desk.OFFICER: _("Requests to answer")},
    columns=(
        Column(_("Goods or service"), lambda one: capfirst(one.kind.name) if one.kind else "–"),
        Column(_("What is wrong"), lambda one: capfirst(one.get_wrong_display())),
        _DISTRICT,
    ),
    series=requests.NUMBERS,
    tags=_told,
)
CORRECTION_LIST: Final = CaseList(
    case=CORRECTIONS,
    title={Desk.OFFICER: _("Corrections to sign")},
    columns=(
        Column(_("Goods or service"), lambda one: capfirst(one.kind.name)),
        Column(_("By how much"), _change),
        Column(_("Since"), lambda one: day_text(one.state_since)),
        _DISTRICT,
    ),
    series=corrections.NUMBERS,
    tags=_own,
    tag_tone="quiet",
)
CALL_LIST: Final = CaseList(
    case=TERMS,
    title={Desk.OFFICER: _("People to reach: not ordered in time")},
    columns=(
        Column(_("Recipient"), lambda one: one.line.person.full_name, names_person=True),
        Column(_("Goods or service"), lambda one: capfirst(one.line.kind.name)),
        Column(_("Last day was"), lambda one: day_text(one.order_by)),
        _DISTRICT,
    ),
    tags=_written,
)
OWN_REQUESTS: Final = OwnList(
    case=REQUESTS,
    title=_("Requests for a correction"),
    route="entitlements:recipient-requests",
    card=lambda one: capfirst(one.kind.name if one.kind else one.get_wrong_display()),
    empty=(
        _("No requests yet"),
        _(
            "When something in your programme is missing or wrong, ask for a correction: the request and its answer "
            "appear here."
        ),
        _("Look at your programme"),
    ),
    leads_to="entitlements:recipient-programme",
    back="entitlements:recipient-programme",
)
TO_ANSWER: Final = TaskList(
    "requests",
    REQUEST_LIST,
    waiting=Q(state__in=CorrectionRequest.open_states()),
    order=("escalated_at", "state_since"),
    counted=lambda count: ngettext("request for a correction to answer", "requests for a correction to answer", count),
    empty=(
        _("No requests wait"),
        _("When a person of your territory asks for a correction, it appears here with its last day."),
    ),
    does=by_state(
        {
            CorrectionRequest.State.SUBMITTED: _("Answer the request"),
            CorrectionRequest.State.CORRECTING: _("See that the correction is signed"),
        }
    ),
    notes=_told,
    about=lambda one: f"{one.person.full_name}, {one.kind.name if one.kind else one.get_wrong_display()}",
    # with the correction it is the second officer's, until that is late, too
    by_others=lambda _actor: (
        Q(state=CorrectionRequest.State.CORRECTING)
        & (Q(escalated_at__isnull=True) | Q(escalated_at__lt=F("state_since")))
    ),
    others=_("A correction is proposed: a second officer signs it"),
)
TO_SIGN: Final = TaskList(
    "sign",
    CORRECTION_LIST,
    waiting=Q(state=Correction.State.PROPOSED),
    order=("state_since",),
    counted=lambda count: ngettext("correction to sign", "corrections to sign", count),
    empty=(_("Nothing to sign"), _("A correction that a colleague proposes waits here for a second officer.")),
    does=always(_("Check and sign the correction")),
    about=lambda one: f"{one.person.full_name}, {one.kind.name}",
    by_others=lambda actor: Q(proposed_by=actor.account),
    others=_("Proposed by you: a colleague signs"),
)
TO_CALL: Final = TaskList(
    "call",
    CALL_LIST,
    waiting=Q(call_waits=True),
    order=("state_since",),
    counted=lambda count: ngettext("person to call: not ordered in time", "people to call: not ordered in time", count),
    empty=(
        _("Nobody has to be reached"),
        _(
            "When somebody has not ordered in time, you are asked here to call, or to write where the person asked "
            "for it."
        ),
    ),
    does=_calls,
    about=lambda one: f"{one.line.person.full_name}, {one.line.kind.name}",
)
TASKS: Final = TaskPage(
    title=_("Programme tasks"),
    at=Desk.OFFICER,
    route="entitlements:officer-tasks",
    lists=(TO_ANSWER, TO_SIGN, TO_CALL),
    place=30,
)


def _tasks(_actor: Actor, _case: object) -> str:
    return reverse("entitlements:officer-tasks")


def _of_term(_actor: Actor, term: OrderingTerm) -> Mapping[str, object]:
    needs = needs_of(term.line.person)
    return {"person": term.line.person, "needs": needs, "needed": needs_in_words(needs)}


TERM_PAGES: Final = CasePages(
    case=TERMS,
    app="entitlements",
    name="term",
    heading=lambda term, _desk: capfirst(term.line.kind.name),
    noun=lambda _term: _("Term to order"),
    facts="entitlements/officer/term_facts.html",
    acts={
        Desk.OFFICER: (
            Act(
                "record_call",
                _("Record a call"),
                _("Record the call"),
                _("The call was recorded. The task is done."),
                actions.record_call,
                CallForm,
            ),
            Act(
                "reopen",
                _("Give more time to order"),
                _("Give more time to order"),
                _("There is more time to order. We have told the person."),
                actions.reopen_term,
                ReopenForm,
                hint=_("The full time to order begins anew. We tell the person."),
            ),
        )
    },
    context={Desk.OFFICER: _of_term},
    back=_tasks,
)


def _can_be_signed(_actor: Actor, correction: Correction) -> bool:
    return correction.programme.state == Programme.State.ACTIVE


def _of_correction(actor: Actor, correction: Correction) -> Mapping[str, object]:
    line = queries.line_for(actor, correction.line_id) if correction.line_id else None
    asked = None
    if correction.recommended is not None:
        asked = Asked(correction.recommended, tuple(correction.must_match or ()))
    waits = correction.state == Correction.State.PROPOSED and line is not None
    before = Corrected.of(line, correction.kind, line.programme) if waits and line else None
    return {
        "change_of_line": change_in_words(
            correction.kind_id, asked, correction.line_channel, earlier=correction.earlier, before=before
        ),
        "line": line,
        "by_how_much": _change(correction),
        "status": queries.status_of(line) if line else None,
        "newer": queries.line_instead(line) if line else None,
        "can_be_signed": _can_be_signed(actor, correction),
        "left": left_in_words(line, correction.amount) if waits and line else None,
        "history": queries.history_of(line) if line else [],
        "is_own": actor.user_id == correction.proposed_by,
        "may": CORRECTIONS.process.open_to(actor, correction),
        "proposer": names_of_users([correction.proposed_by]).get(correction.proposed_by, ""),
    }


CORRECTION_PAGES: Final = CasePages(
    case=CORRECTIONS,
    app="entitlements",
    name="correction",
    heading=lambda correction, _desk: capfirst(correction.kind.name),
    noun=lambda correction: _("Correction %(number)s") % {"number": correction.number},
    facts="entitlements/officer/correction_facts.html",
    acts={
        Desk.OFFICER: (
            Act(
                "sign",
                _("Sign: it is right"),
                _("Sign: it is right"),
                _("Signed. It is now in the record, and we have told the person."),
                actions.sign_correction,
                offered=_can_be_signed,
            ),
            Act(
                "reject",
                _("It is not right"),
                _("Do not sign"),
                _("The correction was rejected."),
                actions.reject_correction,
                RejectForm,
                fields={"reason": "reason"},
                warns=True,
            ),
        )
    },
    context={Desk.OFFICER: _of_correction},
    below={Desk.OFFICER: "entitlements/officer/correction_ledger.html"},
    back=_tasks,
)


def _of_request(actor: Actor, request: CorrectionRequest) -> Mapping[str, object]:
    corrections = queries.corrections_of(actor, request)
    if actor.desk is not Desk.OFFICER:
        return {"corrections": corrections, "call": "1414"}
    line = queries.line_for(actor, request.line_id) if request.line_id else None
    return {
        "corrections": corrections,
        "status": queries.status_of(line) if line else None,
        "is_ended": line is not None and line.programme.state != Programme.State.ACTIVE,
        "can_begin": queries.has_active_programme(request.person_id),
        "which": WhichForm(initial={"kind": request.kind_id or ""}),
        "may": REQUESTS.process.open_to(actor, request),
        "tag": _("reported to the regional department") if _is_late(request) else "",
    }


REQUEST_PAGES: Final = CasePages(
    case=REQUESTS,
    app="entitlements",
    name="request",
    heading=lambda request, _desk: capfirst(request.kind.name) if request.kind else _("Request for a correction"),
    noun=lambda request: _("Request %(number)s") % {"number": request.number},
    facts="entitlements/request_facts.html",
    acts={
        Desk.OFFICER: (
            Act(
                "record_fix",
                _("The data were put right elsewhere"),
                _("Record and tell the person"),
                _("Recorded. We have told the person."),
                actions.record_fix,
                FixForm,
                fields={"document": "document", "reason": "answer"},
                hint=_(
                    "When the assessment or the register corrected the programme and no balance changes, or when "
                    "you gave more time to order."
                ),
            ),
            Act(
                "explain",
                _("Nothing is wrong"),
                _("Send the answer"),
                _("The answer was sent to the person."),
                actions.explain_request,
                ExplainForm,
                fields={"reason": "answer"},
            ),
        )
    },
    context={Desk.RECIPIENT: _of_request, Desk.OFFICER: _of_request},
    back=lambda actor, _request: reverse(
        "entitlements:officer-tasks" if actor.desk is Desk.OFFICER else "entitlements:recipient-requests"
    ),
)
