"""What pages say of an admission."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Admission
from tirek.core.actors import Desk
from tirek.core.case.words import CaseWords, Next, Stage, StateWords

State = Admission.State
_SUPPLIER, _REGION, _YOU = _("Supplier"), _("Regional department"), _("You")

ADMISSION_WORDS: Final = CaseWords(
    states={
        State.CHECKING: StateWords(
            "waiting",
            Next(_("The regional department checks the card and the documents."), _REGION),
            at={
                Desk.OFFICER: Next(
                    _("Check the card and the documents. Then give it to the commission, or return it with a reason."),
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
                    yours=frozenset({"admit"}),
                )
            },
        ),
        State.ADMITTED: StateWords("done", Next(_("Nothing more: people can order it."))),
        State.RETURNED: StateWords(
            "stopped",
            Next(_("The supplier corrects it and sends it again."), _SUPPLIER),
            at={Desk.SUPPLIER: Next(_("Read the reason, correct it, and send it again."), _YOU)},
        ),
        State.REFUSED: StateWords(
            "stopped",
            Next(_("Nothing more: it was not admitted.")),
            at={Desk.SUPPLIER: Next(_("Read the reason. You can make a new offer at any time."), _YOU)},
        ),
        State.TAKEN_BACK: StateWords(
            "quiet",
            Next(_("The supplier took it back. It can be sent again.")),
            at={Desk.SUPPLIER: Next(_("You took it back. You can change it and send it again."))},
        ),
    },
    events={
        "send": _("The supplier sent it for admission."),
        "enter": _("It was entered with the conclusion of the commission, from a file."),
        "pass_on": _("It was checked and given to the commission."),
        "admit": _("It was admitted by the conclusion of the commission."),
        "refuse": _("It was refused by the conclusion of the commission."),
        "give_back": _("It was returned for correction."),
        "take_back": _("The supplier took it back."),
        "remind": _("The time limit passed. The regional department was reminded."),
    },
    path=(
        Stage(_("Check by the regional department"), frozenset({State.CHECKING})),
        Stage(_("Commission"), frozenset({State.COMMISSION})),
        Stage(_("Admitted"), frozenset({State.ADMITTED})),
    ),
)
