"""What pages say of programmes, terms to order, corrections and requests, whoever looks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, StateWords
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm, Programme

ProgrammeState = Programme.State
TermState = OrderingTerm.State
CorrectionState = Correction.State
RequestState = CorrectionRequest.State
_NOTHING_MORE: Final = Next(_("Nothing more."))

PROGRAMME_WORDS: Final = CaseWords(
    states={
        ProgrammeState.ACTIVE: StateWords("active", Next(_("The person orders item by item."), _("Recipient"))),
        ProgrammeState.EXPIRED: StateWords("quiet", _NOTHING_MORE),
        ProgrammeState.REPLACED: StateWords("quiet", _NOTHING_MORE),
        ProgrammeState.CANCELLED: StateWords("quiet", _NOTHING_MORE),
    },
    events={
        "register": _("The programme was registered."),
        "replace": _("The programme was replaced by a newer one."),
        "expire": _("The term of the programme ended."),
        "cancel": _("The programme was ended by a re-examination."),
    },
    who={Desk.ADMIN: _("Administrator, from a file")},
    day=lambda programme: programme.valid_until,
)

TERM_WORDS: Final = CaseWords(
    states={
        TermState.RUNNING: StateWords(
            "active", Next(_("The person orders. Reminders are sent before the last day."), _("Recipient"))
        ),
        TermState.ORDERED: StateWords(
            "done", Next(_("The order is under way. If it does not go through, the time to order runs on."))
        ),
        TermState.NOT_ORDERED: StateWords(
            "stopped",
            Next(_("The item stays in the programme. More time can be given whenever the person asks."), _("Officer")),
        ),
        TermState.CLOSED: StateWords("quiet", _NOTHING_MORE),
    },
    events={
        "open": _("We have told the person that the item can be ordered."),
        "order": _("It was ordered."),
        "remind_first": _("The first reminder was due."),
        "remind_second": _("The second reminder was due."),
        "remind_third": _("The third reminder was due."),
        "begin_by_letter": _("The notice went by post: the time to order counts from the day on which it comes."),
        "lapse": _("The last day to order has passed."),
        "record_call": _("The office called the person."),
        "reopen": _("The office gave more time to order."),
        "resume": _("The order did not go through. There is still time to order."),
        "close": _("No time limit is needed any more: received, or the programme has ended."),
    },
    reasons=(OrderingTerm.CallResult,),
    reason_keys=("result",),
    task=lambda term: "call" if term.call_waits else "",
    tasks={
        "call": {
            "": Next(
                _(
                    "Call the person, or write where the person asked not to be called. Ask what is in the way, and "
                    "give more time to order when it is needed."
                ),
                _("Officer"),
            )
        }
    },
)

CORRECTION_WORDS: Final = CaseWords(
    states={
        CorrectionState.PROPOSED: StateWords(
            "waiting", Next(_("A second officer checks the correction and signs it."), _("Second officer"))
        ),
        CorrectionState.SIGNED: StateWords("done", _NOTHING_MORE),
        CorrectionState.REJECTED: StateWords("stopped", _NOTHING_MORE),
    },
    events={
        "propose": _("An officer proposed the correction."),
        "sign": _("A second officer signed it. It is now in the record."),
        "reject": _("A second officer did not sign it."),
    },
)

REQUEST_WORDS: Final = CaseWords(
    states={
        RequestState.SUBMITTED: StateWords(
            "waiting",
            Next(
                _("The department puts it right, or answers why it is right as it is."),
                _("Department of your district"),
            ),
            at={Desk.OFFICER: Next(_("Prepare a correction, or answer why it is right as it is."), _("You"))},
            name={Desk.OFFICER: _("waits for an answer")},
        ),
        RequestState.CORRECTING: StateWords(
            "active", Next(_("A second officer checks the correction and signs it."), _("Second officer"))
        ),
        RequestState.CORRECTED: StateWords(
            "done", Next(_("Nothing more: it was put right. Open your programme to see it."))
        ),
        RequestState.EXPLAINED: StateWords(
            "quiet",
            Next(_("Nothing more. If you do not agree, ask again, or complain to the regional department.")),
        ),
    },
    events={
        "submit": _("The request was sent to the department."),
        "explain": _("The department answered with a reason."),
        "begin": _("An officer prepared a correction. A second officer checks it."),
        "record_fix": _("The department put the data right."),
        "finish": _("The correction was signed."),
        "take_up_again": _("The correction was not signed. The answer is still owed."),
        "escalate": _("No answer came in time. We told the regional department."),
    },
    # a correction that was not signed gives the office a new term
    task=lambda request: "late" if request.escalated_at and request.escalated_at > request.state_since else "",
    tasks={
        "late": {
            "": Next(
                _("The department did not answer in time. The region sees to it that you get an answer."),
                _("Regional department"),
            ),
            Desk.OFFICER: Next(
                _("No answer came in time, and we told the regional department. The person still waits: answer now."),
                _("You"),
            ),
        }
    },
    notes={"record_fix": _("Document by which the data were put right")},
    notes_for=frozenset({Desk.OFFICER}),
)
