"""The list of applications and the page of one, at the desks of the applicant, the supplier and the officer."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.core.actors import Actor, Desk
from tirek.suppliers import checks
from tirek.suppliers.actions.registrations import (
    DATA,
    NUMBERS,
    conclude,
    give_back,
    pass_on,
    refuse_registration,
    reject_registration,
    send_again,
    send_registration,
    withdraw_registration,
)
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.joining_forms import BackForm, ConclusionForm, RefusalForm, RejectionForm
from tirek.suppliers.models import Registration
from tirek.suppliers.permissions import may_examine
from tirek.suppliers.signing import ACCEPTANCE
from tirek.suppliers.words import supplies_text
from tirek.territory.queries import districts_of, names
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column, OwnList
from tirek.ui.text import day_text

LIST: Final = CaseList(
    case=REGISTRATIONS,
    routes="suppliers:registrations",
    title={Desk.OFFICER: _("Applications of suppliers")},
    counted=lambda n: ngettext("%(n)s application", "%(n)s applications", n) % {"n": n},
    columns=(
        Column(_("Organisation"), lambda case: case.name),
        Column(_("BIN or IIN"), lambda case: case.number_shown),
        Column(_("Sent on"), lambda case: day_text(case.sent_at.date()) if case.sent_at else "–"),
    ),
    series=NUMBERS,
    places=districts_of(REGISTRATIONS),
)
OWN: Final = OwnList(
    case=REGISTRATIONS,
    title=_("Your applications to join the register"),
    route="suppliers:recipient-registrations",
    card=lambda one: one.name,
    empty=(
        _("No applications yet"),
        _("Whoever represents an organisation can apply to supply goods and services here."),
        _("Read how to join"),
    ),
    leads_to="suppliers:join",
)
_CODES: Final = {one: one for one in ("reason", "conclusion_number", "conclusion_on")}


def _facts(registration: Registration, items: list[checks.Item]) -> dict[str, object]:
    return {
        "items": items,
        "place": names([registration.place_code]).get(registration.place_code, ""),
        "supplies": supplies_text(registration.supplies),
    }


def _task(registration: Registration, one: checks.Item) -> dict[str, object]:
    """A requirement as a step of the applicant: opened where there is something to bring."""
    may_open = registration.state in Registration.CHANGED and one.is_document
    if registration.state == Registration.State.RETURNED:
        may_open = may_open and not one.is_in_order
    url = reverse("suppliers:recipient-paper", args=[registration.number, one.requirement.pk]) if may_open else ""
    wrong = one.check.words if one.check is not None and one.is_wrong else ""
    return {
        "label": capfirst(one.requirement.name),
        "url": url,
        "hint": wrong or one.requirement.hint,
        "state": one.state,
        "tone": one.tone,
    }


def _of_applicant(_actor: Actor, registration: Registration) -> Mapping[str, object]:
    items = checks.items_of(registration)
    may_amend = registration.state == Registration.State.PREPARING or (
        registration.state == Registration.State.RETURNED and registration.data_remark
    )
    data = {
        "label": _("Data of the organisation"),
        "url": reverse("suppliers:recipient-data", args=[registration.number]) if may_amend else "",
        "hint": registration.data_remark,
        "state": _("not in order") if registration.data_remark else _("filled in"),
        "tone": "stopped" if registration.data_remark else "done",
    }
    return _facts(registration, items) | {
        "tasks": [data, *(_task(registration, one) for one in items if one.is_asked)],
        "with_cards": [one for one in items if not one.is_asked],
        "is_open": registration.state not in Registration.ENDED,
        "missing": [one.requirement for one in checks.missing(items)]
        if registration.state in Registration.CHANGED
        else [],
    }


def _of_officer(actor: Actor, registration: Registration) -> Mapping[str, object]:
    may = registration.state in Registration.EXAMINED and may_examine(actor, registration)
    items = checks.items_of(registration)
    return _facts(registration, items) | {"may_examine": may, "data_code": DATA}


def _of_supplier(_actor: Actor, registration: Registration) -> Mapping[str, object]:
    return _facts(registration, checks.items_of(registration))


_SEND: Final = Ask(
    _("Send the application?"),
    _("You state that what you have written is true. Until the office answers, you can only withdraw it."),
    warns=False,
)
PAGES: Final = CasePages(
    case=REGISTRATIONS,
    app="suppliers",
    name="registration",
    heading=lambda registration, _desk: registration.name,
    noun=lambda registration: _("Application %(number)s") % {"number": registration.number},
    facts="suppliers/registration/facts.html",
    acts={
        Desk.RECIPIENT: (
            Act(
                "send",
                _("Send the application"),
                _("Send the application"),
                _("It was sent. We tell you here what the regional department answers."),
                send_registration,
                ask=_SEND,
                main=True,
                offered=lambda _actor, one: not checks.missing(checks.items_of(one)),
            ),
            Act(
                "send_again",
                _("Send it again"),
                _("Send it again"),
                _("It was sent. We tell you here what the regional department answers."),
                send_again,
                ask=_SEND,
                main=True,
                offered=lambda _actor, one: not one.data_remark and not checks.missing(checks.items_of(one)),
            ),
            Act("accept", _("Read and sign the public offer"), _("Read and sign"), signing=ACCEPTANCE, main=True),
            Act(
                "withdraw",
                _("Withdraw it"),
                _("Withdraw it"),
                _("You withdrew it. You can begin a new application at any time."),
                withdraw_registration,
                ask=Ask(
                    _("Withdraw the application?"),
                    _("It ends. What you have entered stays here to read; a new application begins anew."),
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
                hint=_("Every requirement is in order."),
            ),
            Act(
                "register",
                _("The commission registers the supplier"),
                _("Register"),
                _("The conclusion is entered. The applicant was asked to sign the public offer."),
                conclude,
                ConclusionForm,
                fields=_CODES,
                main=True,
            ),
            Act(
                "give_back",
                _("Return it for correction"),
                _("Return"),
                _("It was returned. We have told the applicant."),
                give_back,
                BackForm,
                fields=_CODES | {"nothing_wrong": "reason"},
            ),
            Act(
                "refuse",
                _("The commission refuses it"),
                _("Do not register"),
                _("It is refused. We have told the applicant."),
                refuse_registration,
                RefusalForm,
                fields=_CODES,
                warns=True,
            ),
            Act(
                "reject",
                _("The application is false"),
                _("Close the application"),
                _("It is closed. We have told the applicant, and whoever acts for the organisation can apply."),
                reject_registration,
                RejectionForm,
                fields=_CODES | {"ground": "ground"},
                warns=True,
            ),
        ),
    },
    context={Desk.RECIPIENT: _of_applicant, Desk.SUPPLIER: _of_supplier, Desk.OFFICER: _of_officer},
    extra={Desk.RECIPIENT: "suppliers/registration/tasks.html", Desk.OFFICER: "suppliers/registration/items.html"},
    lists={Desk.OFFICER: LIST},
    back=lambda actor, _case: reverse(
        "suppliers:recipient-registrations" if actor.desk is Desk.RECIPIENT else "suppliers:supplier-checks"
    ),
)
