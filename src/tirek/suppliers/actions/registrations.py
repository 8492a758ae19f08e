"""Verbs of an application to join the register, bound to the table of ``workflow.py``."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, drafts, signing
from tirek.core.actors import CLOCK, Actor
from tirek.core.case.workflow import perform, repeated
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.identifiers import Bin, Iin
from tirek.core.numbers import Series
from tirek.core.places import region_of
from tirek.notices.actions import notify
from tirek.organisations.actions import add_member, enter_organisation
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import members_of
from tirek.organisations.telling import tell_region
from tirek.people.models import Person
from tirek.suppliers import checks, joining
from tirek.suppliers.actions import register_supplier, return_supplier
from tirek.suppliers.actions.agreements import agree
from tirek.suppliers.actions.checks import keep_file, paper_of, record_finding, replace, said_if_wrong
from tirek.suppliers.models import Check, Registration, Supplier
from tirek.suppliers.queries import already_open, check_may_apply, current_offer, entry_of
from tirek.suppliers.workflow import REGISTRATION

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

NUMBERS: Final = Series("ӨТ", "suppliers_registration_number")
SIGN_OFFER: Final = "registration.accept"
#: Which step of an application its data are, beside the codes of requirements.
DATA: Final = "data"
LONGEST_NUMBER: Final = 60
State = Registration.State
_DATA_COLUMNS: Final = ("name_kk", "name_ru", "name_en", "place_code", "address", "contact_phone", "supplies")


def tell_applicant(registration: Registration, template: str, **facts: str | date) -> None:
    """Put a notice into the applicant's inbox."""
    user = registration.applicant.user_id
    if user is not None:
        notify(
            user_ids=[user],
            template=template,
            context={"number": registration.number, **facts},
            case=registration,
        )


def _tell_region(registration: Registration, template: str) -> None:
    tell_region(registration.territory_code, template, case=registration, number=registration.number)


def _known(registration: Registration) -> list[checks.Item]:
    return checks.items_of(registration)


@REGISTRATION.action("begin")
def begin_registration(*, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None) -> Registration:
    """Begin an application from a draft: its papers come next. A draft gives one application.

    Raises:
        DraftLost, HeldElsewhere: the draft is not the actor's to send.
        NotAllowed: the actor acts for somebody else.
        RuleBroken: something is missing, or the organisation may not apply.
    """
    del final
    draft = drafts.lock_for_submit(actor, draft_key, form=joining.FORM)
    if draft.case_id is not None:
        return repeated(Registration.objects.select_related("applicant").get(pk=draft.case_id))
    drafts.check_version(draft.form_version, present=joining.FORM_VERSION)
    person = _person_of(actor)
    given = joining.given(draft.values(), iin=person.iin)
    check_may_apply(actor.account, given["bin"])
    made = Registration(number=NUMBERS.take(), territory_code="", applicant=person, **given)
    perform(made, data={"draft": draft.pk})
    drafts.mark_submitted(draft, made)
    return made


def _person_of(actor: Actor) -> Person:
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotFound
    if actor.on_behalf_of is not None:
        raise NotAllowed(
            _("You act for somebody else now. An application to join the register is sent in one's own name."),
            next_step=_("Choose yourself under “For whom”, then go on."),
        )
    return person


@REGISTRATION.action("amend")
def amend_registration(*, actor: Actor, registration: Registration, given: Mapping[str, Any]) -> Registration:
    """The applicant changes the data: before it is sent, or where the office found them wrong.

    Raises:
        RuleBroken: the office found them in order.
    """
    del actor
    if registration.state == State.RETURNED and not registration.data_remark:
        raise RuleBroken(_("The data were in order and stay as they are."), code=DATA)
    for name in _DATA_COLUMNS:
        setattr(registration, name, given[name])
    registration.data_remark = ""
    return perform(registration, changed=[*_DATA_COLUMNS, "data_remark"])


@REGISTRATION.action("provide")
def provide_document(
    *,
    actor: Actor,
    registration: Registration,
    requirement: str,
    document_number: str,
    issued_on: date,
    valid_until: date | None,
    file: "UploadedFile[bytes]",
) -> Registration:
    """The applicant brings a document; the one before is kept and counts no more.

    Raises:
        NotFound: nothing of this code is asked.
        RuleBroken: it was in order, its days do not agree, or it has expired.
        files.rules.Unsuitable: the file is none that may be kept.
    """
    found = checks.item(_known(registration), requirement)
    if not found.is_document:
        raise NotFound
    if registration.state == State.RETURNED and not found.is_missing and found.is_in_order:
        raise RuleBroken(_("This document was in order and stays as it is."), code="requirement")
    paper = paper_of(document_number, issued_on, valid_until)
    stored = keep_file(actor, file, owner_id=registration.applicant_id, case=registration)
    replace(found)
    Check.objects.create(registration=registration, requirement=found.requirement, file=stored, **paper)
    return perform(registration, data={"requirement": found.requirement.pk})


@REGISTRATION.action("send")
def send_registration(*, actor: Actor, registration: Registration) -> Registration:
    """The applicant sends it to the region where the organisation stands.

    Raises:
        RuleBroken: a document is missing, or the organisation may not apply.
    """
    registration.territory_code = registration.place_code
    return _sent(actor, registration, "registration.new")


@REGISTRATION.action("send_again")
def send_again(*, actor: Actor, registration: Registration) -> Registration:
    """The applicant has corrected it: the office checks what was not in order once more.

    Raises:
        RuleBroken: something of what was not in order is as it was.
    """
    if registration.data_remark:
        raise RuleBroken(
            _("The data are not corrected yet: %(what)s") % {"what": registration.data_remark},
            next_step=_("Open the step, correct it, then send the application again."),
            code="missing_data",
        )
    registration.territory_code = registration.place_code
    return _sent(actor, registration, "registration.corrected")


def _sent(actor: Actor, registration: Registration, template: str) -> Registration:
    check_may_apply(actor.account, registration.bin, but=registration.pk)
    found = _known(registration)
    absent = checks.missing(found)
    if absent:
        raise RuleBroken(
            _("Something is missing: %(what)s.") % {"what": absent[0].requirement.name},
            next_step=_("Open the step, add the document, then send the application. What you have entered is kept."),
            code="missing_document",
        )
    lapsed = next((one for one in found if one.is_document and one.is_lapsed), None)
    if lapsed is not None:
        raise RuleBroken(
            _("A document has expired: %(what)s.") % {"what": lapsed.requirement.name},
            next_step=_("Open the step and add the present document."),
            code="missing_document",
        )
    for one in found:
        if one.is_wrong:
            # what a register said before the correction says nothing of today
            replace(one)
    registration.sent_at, registration.reason = clock.now(), ""
    try:
        perform(registration, changed=["sent_at", "reason", "territory_code"])
    except IntegrityError as error:
        raise already_open() from error
    _tell_region(registration, template)
    return registration


@REGISTRATION.action("examine")
def examine(
    *,
    actor: Actor,
    registration: Registration,
    requirement: str,
    finding: str,
    words: str = "",
    answered_on: date | None = None,
    seen: str | None = None,
) -> Registration:
    """An officer says whether one requirement, or the data, are in order; of a document, which one the page has shown.

    Raises:
        NotFound: nothing of this code is asked.
        RuleBroken: there is no document yet, or another than was ``seen``, no day of the register's answer, or no word
            of what is wrong.
    """
    if requirement == DATA:
        registration.data_remark = said_if_wrong(finding, words)
    else:
        found = checks.item(_known(registration), requirement)
        record_finding(
            actor, found, finding=finding, words=words, answered_on=answered_on, seen=seen, registration=registration
        )
    told = {"requirement": requirement, "finding": finding}
    return perform(registration, data=told, changed=["data_remark"])


@REGISTRATION.action("pass_on")
def pass_on(*, actor: Actor, registration: Registration) -> Registration:
    """Everything is in order: the commission concludes.

    Raises:
        RuleBroken: a requirement is not looked at, or not in order.
    """
    del actor
    _check_in_order(registration)
    perform(registration)
    tell_applicant(registration, "registration.passed_on")
    return registration


def _check_in_order(registration: Registration) -> None:
    left = checks.not_found_in_order(_known(registration))
    if left or registration.data_remark:
        what = left[0].requirement.name if left else str(_("the data of the application"))
        raise RuleBroken(
            _("Not found in order yet: %(what)s.") % {"what": what},
            next_step=_("Look at each requirement first. If something is not in order, return the application."),
            code="not_in_order",
        )


def _concluded(registration: Registration, number: str, on: date) -> dict[str, object]:
    typed = number.strip()
    if not typed or len(typed) > LONGEST_NUMBER:
        raise RuleBroken(_("Enter the number of the conclusion, at most 60 characters."), code="conclusion_number")
    sent = registration.sent_at or registration.created_at
    if not sent.astimezone(clock.COUNTRY_ZONE).date() <= on <= clock.today():
        raise RuleBroken(
            _("The commission concludes after the application was sent, and not after today."), code="conclusion_on"
        )
    registration.conclusion_number, registration.conclusion_on = typed, on
    return {"conclusion": typed, "concluded_on": on}


@REGISTRATION.action("register")
def conclude(*, actor: Actor, registration: Registration, conclusion_number: str, conclusion_on: date) -> Registration:
    """The commission's conclusion is positive: the applicant signs the public offer next.

    Raises:
        RuleBroken: no conclusion, or a requirement is not in order.
    """
    del actor
    _check_in_order(registration)
    told = _concluded(registration, conclusion_number, conclusion_on)
    perform(registration, data=told, changed=["conclusion_number", "conclusion_on"])
    tell_applicant(registration, "registration.concluded")
    return registration


@REGISTRATION.action("refuse")
def refuse_registration(
    *, actor: Actor, registration: Registration, conclusion_number: str, conclusion_on: date, reason: str
) -> Registration:
    """The commission's conclusion refuses it.

    Raises:
        RuleBroken: no conclusion, or no reason.
    """
    del actor
    registration.reason = _said(reason)
    told = _concluded(registration, conclusion_number, conclusion_on)
    perform(registration, data=told, changed=["conclusion_number", "conclusion_on", "reason"])
    tell_applicant(registration, "registration.refused")
    return registration


@REGISTRATION.action("reject")
def reject_registration(*, actor: Actor, registration: Registration, ground: str, reason: str) -> Registration:
    """The office ends an application that is none of the organisation's: whoever does act for it can apply.

    Raises:
        RuleBroken: the ground is not of the list, or no reason.
    """
    del actor
    if ground not in Registration.Falsehood.values:
        raise RuleBroken(_("Choose a ground from the list."), code="ground")
    registration.reason = _said(reason)
    perform(registration, data={"ground": ground}, changed=["reason"])
    tell_applicant(registration, "registration.rejected")
    return registration


def _said(reason: str) -> str:
    told = reason.strip()
    if not told:
        raise RuleBroken(_("Say why: the applicant reads it."), code="reason")
    return told


@REGISTRATION.action("give_back")
def give_back(*, actor: Actor, registration: Registration, reason: str = "") -> Registration:
    """It is returned for correction: the applicant changes what was not in order, and nothing else.

    Raises:
        RuleBroken: nothing is marked as not in order.
    """
    del actor
    wrong = [one for one in _known(registration) if one.is_wrong]
    if not wrong and not registration.data_remark:
        raise RuleBroken(
            _("Nothing is marked as not in order."),
            next_step=_("Open the requirement that is to be corrected, and say what is wrong with it."),
            code="nothing_wrong",
        )
    registration.reason = reason.strip()
    perform(registration, changed=["reason"])
    tell_applicant(registration, "registration.returned")
    return registration


@REGISTRATION.action("withdraw")
def withdraw_registration(*, actor: Actor, registration: Registration) -> Registration:
    """The applicant takes it back for good."""
    del actor
    was_sent = bool(registration.territory_code)
    perform(registration)
    if was_sent:
        _tell_region(registration, "registration.withdrawn")
    return registration


@REGISTRATION.action("escalate")
def escalate(*, actor: Actor, registration: Registration) -> Registration:
    """The term of the office has passed: the region is told, the application waits."""
    del actor
    perform(registration)
    _tell_region(registration, "registration.late")
    return registration


@REGISTRATION.action("lapse")
def lapse(*, actor: Actor, registration: Registration) -> Registration:
    """The applicant did nothing in time: it is closed, and can be begun anew."""
    del actor
    perform(registration)
    tell_applicant(registration, "registration.lapsed")
    return registration


@REGISTRATION.action("accept")
def accept_offer(*, actor: Actor, registration: Registration, signature_id: UUID) -> Registration:
    """The applicant has signed the public offer: the organisation is in the register, and the applicant works for it.

    Raises:
        RuleBroken: not signed, signed under an earlier offer, or the organisation came into the register meanwhile.
    """
    signature = signing.signed(signature_id, purpose=SIGN_OFFER, case_id=registration.pk)
    offer = current_offer(clock.today())
    if signature.text_version != offer.version:
        raise RuleBroken(
            _("The public offer has changed since you read it."),
            next_step=_("Read the new words and sign them."),
            code="offer_changed",
        )
    check_may_apply(actor.account, registration.bin, but=registration.pk)
    supplier = _entered(registration)
    agree(supplier, offer, signature_id=signature.pk, actor=actor)
    _keep_checks(registration, supplier)
    registration.organisation = supplier.organisation
    perform(registration, data={"signature": signature.pk, "supplier": supplier.pk}, changed=["organisation"])
    tell_applicant(registration, "registration.registered")
    _tell_region(registration, "registration.accepted")
    return registration


def _entered(registration: Registration) -> Supplier:
    """The entry in the register, with the organisation and its first member: made by the service, whose clerk is the
    conclusion of the commission.
    """
    assert registration.conclusion_on is not None  # noqa: S101 - a conclusion leads here
    organisation = Organisation.objects.filter(bin=registration.bin).first()
    if organisation is None:
        number = Iin(registration.bin) if registration.is_individual else Bin(registration.bin)
        organisation = enter_organisation(
            actor=CLOCK,
            kind=Organisation.Kind.SUPPLIER,
            number=number,
            names=(registration.name_kk, registration.name_ru, registration.name_en),
            active_from=clock.today(),
            territory_code=registration.place_code,
            address=registration.address,
            phone=registration.contact_phone,
        )
    _join(registration, organisation)
    told = {
        "conclusion_number": registration.conclusion_number,
        "conclusion_on": registration.conclusion_on,
        "contact_phone": registration.contact_phone,
        "supplies": registration.supplies,
    }
    known = entry_of(organisation)
    if known is not None:
        return return_supplier(actor=CLOCK, supplier=known, **told)
    return register_supplier(
        actor=CLOCK,
        organisation=organisation,
        registered_on=clock.today(),
        is_individual=registration.is_individual,
        **told,
    )


def _join(registration: Registration, organisation: Organisation) -> None:
    user, role = registration.applicant.user, Membership.Role.SUPPLIER_MANAGER
    if user is None:
        raise NotFound
    if not members_of(organisation.bin).filter(user=user, role=role).exists():
        add_member(actor=CLOCK, user=user, organisation=organisation, role=role, since=clock.today())


def _keep_checks(registration: Registration, supplier: Supplier) -> None:
    """The answers of the application stand for the supplier from now on; those of an entry of before count no more."""
    Check.objects.filter(supplier=supplier, replaced_at__isnull=True).update(replaced_at=clock.now())
    place = region_of(registration.place_code)
    for one in _known(registration):
        if one.check is not None:
            Check.objects.filter(pk=one.check.pk).update(
                supplier=supplier, place=place, due_on=checks.due_on(one.requirement, one.check)
            )
