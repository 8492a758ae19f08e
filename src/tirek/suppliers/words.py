"""What pages say of an application to join the register, and of what is supplied."""

from collections.abc import Iterable
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords
from tirek.suppliers.models import Activity, Registration

State = Registration.State
_APPLICANT, _REGION, _YOU = _("Applicant"), _("Regional department"), _("You")


def supplies_text(codes: Iterable[str]) -> str:
    """What is supplied, in words; "" where nobody has said it."""
    known = dict(Activity.choices)
    return capfirst(", ".join(str(known[one]) for one in codes if one in known))


REGISTRATION_WORDS: Final = CaseWords(
    states={
        State.PREPARING: StateWords(
            "active",
            Next(_("The applicant adds the documents and sends the application."), _APPLICANT),
            at={Desk.RECIPIENT: Next(_("Add the documents that are missing, then send the application."), _YOU)},
        ),
        State.CHECKING: StateWords(
            "waiting",
            Next(_("The regional department checks the application."), _REGION),
            at={
                Desk.OFFICER: Next(
                    _("Look at each requirement. Then give it to the commission, or return it for correction."),
                    _REGION,
                    yours=frozenset({"pass_on"}),
                )
            },
        ),
        State.COMMISSION: StateWords(
            "waiting",
            Next(_("The commission gives its conclusion."), _REGION),
            at={
                Desk.OFFICER: Next(
                    _("Enter the conclusion of the commission: its number and date."),
                    _REGION,
                    yours=frozenset({"register"}),
                )
            },
        ),
        State.RETURNED: StateWords(
            "stopped",
            Next(_("The applicant corrects it and sends it again."), _APPLICANT),
            at={
                Desk.RECIPIENT: Next(
                    _("Correct what is not in order, then send it again. Everything else stays as it is."), _YOU
                )
            },
        ),
        State.ACCEPTING: StateWords(
            "active",
            Next(_("The applicant signs the public offer."), _APPLICANT),
            at={
                Desk.RECIPIENT: Next(
                    _("The commission agrees. Read and sign the public offer: with it you are in the register."), _YOU
                )
            },
        ),
        State.REGISTERED: StateWords(
            "done",
            Next(_("Nothing more: it is in the register of suppliers.")),
            at={
                Desk.RECIPIENT: Next(
                    _("You are in the register. Choose the role of the supplier and make your first offer card."), _YOU
                )
            },
        ),
        State.REFUSED: StateWords(
            "stopped",
            Next(_("Nothing more: it was refused.")),
            at={Desk.RECIPIENT: Next(_("Read the reason. You can send a new application at any time."), _YOU)},
        ),
        State.WITHDRAWN: StateWords("quiet", Next(_("Nothing more: the applicant withdrew it."))),
        State.LAPSED: StateWords(
            "stopped",
            Next(_("Nothing more: it was closed when the time was over.")),
            at={Desk.RECIPIENT: Next(_("The time was over. You can begin a new application at any time."), _YOU)},
        ),
    },
    events={
        "begin": _("The application was begun."),
        "amend": _("The applicant changed the data."),
        "provide": _("The applicant added a document."),
        "send": _("The applicant sent the application."),
        "send_again": _("The applicant corrected the application and sent it again."),
        "examine": _("The regional department looked at a requirement."),
        "pass_on": _("It was checked and given to the commission."),
        "register": _("The commission concluded to register the supplier."),
        "refuse": _("It was refused by the conclusion of the commission."),
        "reject": _("The regional department closed it: it was not the organisation's own, or false."),
        "give_back": _("It was returned for correction."),
        "accept": _("The public offer was signed. The supplier is in the register."),
        "withdraw": _("The applicant withdrew the application."),
        "escalate": _("The time limit passed. The regional department was reminded."),
        "lapse": _("The time was over. The application was closed."),
    },
    who={Desk.RECIPIENT: _APPLICANT, Desk.OFFICER: _REGION},
    path=(
        Stage(_("Documents"), frozenset({State.PREPARING, State.RETURNED})),
        Stage(_("Check by the regional department"), frozenset({State.CHECKING})),
        Stage(_("Commission"), frozenset({State.COMMISSION})),
        Stage(_("Public offer"), frozenset({State.ACCEPTING})),
        Stage(_("In the register"), frozenset({State.REGISTERED})),
    ),
)
