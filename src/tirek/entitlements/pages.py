"""What the pages of terms, corrections and requests show, whoever looks: timeline and next step. Plain values for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core import deadlines, journal
from tirek.core.actors import Actor, Desk
from tirek.core.errors import Text
from tirek.core.tables import CaseRow
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm

_HAPPENED: Final[dict[str, Text]] = {
    "programme.register": _("The programme was registered."),
    "programme.replace": _("The programme was replaced by a newer one."),
    "programme.expire": _("The term of the programme ended."),
    "programme.cancel": _("The programme was ended by a re-examination."),
    "orderingterm.open": _("The person was told that the line can be ordered."),
    "orderingterm.order": _("It was ordered."),
    "orderingterm.remind_first": _("The first reminder was due."),
    "orderingterm.remind_second": _("The second reminder was due."),
    "orderingterm.remind_third": _("The third reminder was due."),
    "orderingterm.lapse": _("The last day of the term has passed."),
    "orderingterm.record_call": _("The office called the person."),
    "orderingterm.reopen": _("The office opened the term again."),
    "orderingterm.resume": _("The order came to nothing; the term goes on."),
    "orderingterm.close": _("The term is no longer needed: received, or the programme has ended."),
    "correction.propose": _("An officer proposed the correction."),
    "correction.sign": _("A second officer signed it. It stands in the ledger."),
    "correction.reject": _("A second officer did not sign it."),
    "correctionrequest.submit": _("The request was sent to the department."),
    "correctionrequest.explain": _("The department answered with a reason."),
    "correctionrequest.begin": _("An officer prepared a correction. A second officer checks it."),
    "correctionrequest.record_fix": _("The department put the data right."),
    "correctionrequest.finish": _("The correction was signed."),
    "correctionrequest.take_up_again": _("The correction was not signed. The answer is still owed."),
    "correctionrequest.escalate": _("No answer came in time. The department of the region was told."),
}
_WHO: Final[dict[str, Text]] = {
    Desk.RECIPIENT: _("Recipient"),
    Desk.OFFICER: _("Officer"),
    Desk.CLOCK: _("System"),
}
_TONES: Final[dict[str, str]] = {
    OrderingTerm.State.RUNNING: "active",
    OrderingTerm.State.ORDERED: "done",
    OrderingTerm.State.NOT_ORDERED: "stopped",
    OrderingTerm.State.CLOSED: "quiet",
    Correction.State.PROPOSED: "waiting",
    Correction.State.SIGNED: "done",
    Correction.State.REJECTED: "stopped",
    CorrectionRequest.State.SUBMITTED: "waiting",
    CorrectionRequest.State.CORRECTING: "active",
    CorrectionRequest.State.CORRECTED: "done",
    CorrectionRequest.State.EXPLAINED: "quiet",
}


def words_of_event(kind: str) -> str:
    """What an event of a case's history is called; one that is not known stands for itself."""
    return str(_HAPPENED.get(kind, kind))


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a timeline."""

    text: Text
    at: datetime
    by: Text
    reason: Text
    note: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, who acts, and by which day."""

    text: Text
    who: Text
    by: date | None


def tone_of(state: str) -> str:
    """The tone of the tag of a state."""
    return _TONES[state]


def timeline(actor: Actor, case: CaseRow) -> Sequence[Happened]:
    """What has happened to a case, newest first; what an officer noted is for officers."""
    events = journal.events_of(case)
    notes = journal.notes_of(events) if actor.desk is Desk.OFFICER else {}
    results = dict(OrderingTerm.CallResult.choices)
    return [
        Happened(
            text=_HAPPENED.get(event.type, event.type),
            at=event.at,
            by=_WHO.get(str(event.content["desk"]), ""),
            reason=results.get(str(event.data.get("result", "")), ""),
            note=notes.get(event.pk, ""),
        )
        for event in reversed(events)
    ]


def next_of_request(request: CorrectionRequest) -> NextStep:
    """What happens next with a request."""
    owed = deadlines.open_of(request)
    by = owed[0].last_day if owed else None
    late = request.escalated_at is not None
    match request.state:
        case CorrectionRequest.State.SUBMITTED:
            text = (
                _("The department did not answer in time. The region sees to it that you get an answer.")
                if late
                else _("The department puts it right, or answers why it is right as it is.")
            )
            return NextStep(text, _("Department of the region") if late else _("Department of your district"), by)
        case CorrectionRequest.State.CORRECTING:
            return NextStep(_("A second officer checks the correction and signs it."), _("Second officer"), by)
        case CorrectionRequest.State.CORRECTED:
            return NextStep(_("Nothing more: it was put right. Open your programme to see it."), "", None)
        case _:
            return NextStep(_("Nothing more. If you do not agree, ask again, or complain to the department of the region."), "", None)


def next_of_term(term: OrderingTerm) -> NextStep:
    """What happens next with a term to order."""
    match term.state:
        case OrderingTerm.State.RUNNING:
            return NextStep(_("The person orders. Reminders are sent before the last day."), _("Recipient"), term.order_by)
        case OrderingTerm.State.NOT_ORDERED if term.call_waits:
            return NextStep(
                _(
                    "Call the person, or write where the person asked not to be called. Ask what is in the way, and open the term again "
                    "when it is needed."
                ),
                _("Officer"),
                None,
            )
        case OrderingTerm.State.NOT_ORDERED:
            return NextStep(_("The line stays. The term can be opened again whenever the person asks."), _("Officer"), None)
        case OrderingTerm.State.ORDERED:
            return NextStep(_("The order goes its way. If it comes to nothing, the term goes on."), "", None)
        case _:
            return NextStep(_("Nothing more."), "", None)
