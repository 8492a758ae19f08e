"""The lists of admissions and the page of one, at the supplier's and the officer's desk."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from tirek.catalogue import changes, documents, photos
from tirek.catalogue.actions.admissions import (
    NUMBERS,
    admit_offer,
    pass_on,
    refuse_offer,
    return_offer,
    take_back,
)
from tirek.catalogue.card_forms import ConclusionForm, RefusalForm, ReturnForm
from tirek.catalogue.cards import card_of
from tirek.catalogue.case_types import ADMISSIONS
from tirek.catalogue.models import Admission, Offer
from tirek.core.actors import Actor, Desk
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column
from tirek.ui.text import day_text

LIST: Final = CaseList(
    case=ADMISSIONS,
    routes="catalogue:admissions",
    title={Desk.SUPPLIER: _("Your offers before the commission"), Desk.OFFICER: _("Admission of offers")},
    counted=lambda n: ngettext("%(n)s admission", "%(n)s admissions", n) % {"n": n},
    columns=(
        Column(pgettext_lazy("of a supplier", "Offer"), lambda case: case.offer.name or capfirst(case.offer.kind.name)),
        Column(_("Supplier"), lambda case: case.organisation.name, desks=frozenset({Desk.OFFICER})),
        Column(_("Sent on"), lambda case: day_text(case.created_at.date())),
    ),
    series=NUMBERS,
)
_CODES: Final = {one: one for one in ("reason", "conclusion_number", "conclusion_on")}


def _card_url(actor: Actor, offer: Offer) -> str:
    """The page of an offer at the reader's desk; "" where it is a draft of somebody else."""
    is_there = actor.desk is Desk.SUPPLIER or offer.state != offer.State.DRAFT
    return reverse(f"catalogue:{actor.desk.value}-card", args=[offer.pk]) if is_there else ""


def _told(actor: Actor, admission: Admission) -> Mapping[str, object]:
    offer, is_open = admission.offer, admission.state not in Admission.ENDED
    if actor.desk is not Desk.SUPPLIER and not is_open:
        # what the supplier changes since is the supplier's own; a change that was concluded on is kept as it was
        kept = admission.proposal if admission.proposal and admission.proposal.closed_at else None
        differ = changes.of_proposal(offer, kept, []) if kept else []
        return {"card": None, "card_url": _card_url(actor, offer), "documents": [], "photos": [], "differences": differ}
    shots = photos.kept(offer)
    new = shots if is_open else []
    return {
        "card": card_of(offer),
        "card_url": _card_url(actor, offer),
        "documents": documents.shown(offer),
        "photos": shots,
        "differences": changes.of_proposal(offer, admission.proposal, new) if admission.proposal else [],
        "beside": photos.beside(new) if admission.proposal else None,
    }


PAGES: Final = CasePages(
    case=ADMISSIONS,
    app="catalogue",
    name="admission",
    heading=lambda admission, _desk: admission.offer.name or capfirst(admission.offer.kind.name),
    noun=lambda admission: _("Admission %(number)s") % {"number": admission.number},
    facts="catalogue/cards/admission_facts.html",
    acts={
        Desk.SUPPLIER: (
            Act(
                "take_back",
                _("Withdraw it"),
                _("Withdraw it"),
                _("You took it back. You can change it and send it again."),
                take_back,
                ask=Ask(
                    _("Take the offer back?"),
                    _("The check stops. When you send it again, it begins anew."),
                ),
            ),
        ),
        Desk.OFFICER: (
            Act(
                "pass_on",
                _("The check is done"),
                _("Give it to the commission"),
                _("The commission has it now."),
                pass_on,
                main=True,
                hint=_("Card and documents are complete and agree with one another."),
            ),
            Act(
                "admit",
                _("The commission admits it"),
                _("Admit"),
                _("It is admitted. We have told the supplier."),
                admit_offer,
                ConclusionForm,
                fields=_CODES,
                main=True,
            ),
            Act(
                "give_back",
                _("Return it for correction"),
                _("Return"),
                _("It was returned. We have told the supplier."),
                return_offer,
                ReturnForm,
                fields=_CODES,
            ),
            Act(
                "refuse",
                _("The commission refuses it"),
                _("Do not admit it"),
                _("It is refused. We have told the supplier."),
                refuse_offer,
                RefusalForm,
                fields=_CODES,
                warns=True,
            ),
        ),
    },
    context={Desk.SUPPLIER: _told, Desk.OFFICER: _told},
    lists={Desk.SUPPLIER: LIST, Desk.OFFICER: LIST},
)
