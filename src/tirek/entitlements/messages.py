"""What people and offices are told about programmes, terms to order and corrections."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core.tables import CaseRow
from tirek.notices.actions import notify
from tirek.notices.templates import register
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import local_body_of, staff_of
from tirek.people.models import Person
from tirek.people.queries import representatives_of
from tirek.territory.rules import region_of

Facts = Mapping[str, str | int | bool | None]
_AT_WORK = frozenset({Membership.Role.OFFICER.value, Membership.Role.HEAD_OFFICER.value})


def tell(person: Person, template: str, *, case: CaseRow, **context: str | int | date) -> None:
    """Tell the person, and who represents the person now."""
    accounts = [person.user_id, *(one.representative.user_id for one in representatives_of(person))]
    notify(user_ids=[one for one in accounts if one is not None], template=template, context=context, case=case)


def tell_office(territory_code: str, template: str, *, case: CaseRow, **context: str | int | date) -> None:
    """Tell the officers of the body that answers for a district."""
    _tell_body(local_body_of(territory_code), template, case, context)


def tell_region(territory_code: str, template: str, *, case: CaseRow, **context: str | int | date) -> None:
    """Tell the officers of the region in which a district lies."""
    _tell_body(local_body_of(region_of(territory_code)), template, case, context)


def _tell_body(body: Organisation | None, template: str, case: CaseRow, context: Mapping[str, str | int | date]) -> None:
    if body is not None:
        notify(user_ids=staff_of(body.pk, roles=_AT_WORK), template=template, context=context, case=case)


def _words(facts: Sequence[Facts]) -> list[dict[str, str]]:
    names = {kind.code: kind.name for kind in Kind.objects.filter(code__in={str(one.get("kind")) for one in facts})}
    return [{"what": names.get(str(one.get("kind")), "–")} for one in facts]


def register_all() -> None:
    """Make the notices of entitlements known."""
    register(
        "programme.on_portal",
        title=_("Programme {number}: you can order now"),
        body=_(
            "Your programme was sent to the portal. Order what it gives until {day:until}: the Social Code, article 168, gives two months. "
            "We will remind you. Open the programme to see each line."
        ),
        sms=_("Tirek: your programme {number} is on the portal. Order until {day:until}."),
    )
    register(
        "term.reminder",
        title=_("Order until {day:until}"),
        body=_(
            "Not ordered yet: {what}. You can order until {day:until}. If you need help, call 1414 or come to your department: "
            "an officer orders together with you."
        ),
        sms=_("Tirek: something of your programme is not ordered yet. Order until {day:until}. Help: 1414."),
        words=_words,
    )
    register(
        "term.passed",
        title=_("The term to order has passed"),
        body=_(
            "Not ordered until {day:until}: {what}. The line stays in your programme. An officer of your department will contact you. "
            "You can also ask for the term to be opened again: open the line, or call 1414."
        ),
        sms=_("Tirek: the term to order has passed. Nothing is lost: an officer will contact you. Help: 1414."),
        words=_words,
    )
    register(
        "term.reopened",
        title=_("You can order again until {day:until}"),
        body=_("The office has opened the term again: {what}. Order until {day:until}."),
        sms=_("Tirek: you can order again until {day:until}."),
        words=_words,
    )
    register(
        "term.runs_on",
        title=_("You can order again until {day:until}"),
        body=_("The order came to nothing: {what}. Nothing of your entitlement was lost. Order again until {day:until}."),
        words=_words,
    )
    register(
        "balance.corrected",
        title=_("Your programme was corrected"),
        body=_("Corrected by two officers: {what}, {change}. Open it to see the entry and the reason."),
        sms=_("Tirek: your programme was corrected. Sign in to see how and why."),
        words=_words,
    )
    register(
        "request.submitted",
        title=_("Your request {number} was sent"),
        body=_("Your department answers until {day:until}. If it does not, the region is told."),
    )
    register(
        "request.begun",
        title=_("Request {number}: a correction was prepared"),
        body=_("An officer agrees with you and has prepared a correction. A second officer checks and signs it."),
    )
    register(
        "request.corrected",
        title=_("Request {number}: corrected"),
        body=_("What you asked for was put right. Open the request to see how."),
        sms=_("Tirek: request {number}: it was corrected. Sign in to see how."),
    )
    register(
        "request.explained",
        title=_("Request {number}: the department has answered"),
        body=_(
            "The department has answered with a reason. Open the request to read it. If you do not agree, you can complain to the region."
        ),
        sms=_("Tirek: your department has answered request {number}. Sign in to read the answer."),
    )
    register(
        "request.still_open",
        title=_("Request {number}: the correction was not signed"),
        body=_(
            "The second officer did not sign the correction. Your request stays open: the department still owes you an answer until {day:until}."
        ),
    )
    register(
        "request.escalated",
        title=_("Request {number}: the region was told"),
        body=_(
            "Your department did not answer in time. The department of the region now sees your request. It stays open until it is answered."
        ),
        sms=_("Tirek: request {number} was not answered in time. The region was told. It stays open."),
    )
    register(
        "request.new_for_office",
        title=_("New request for a correction {number}"),
        body=_("A person of your district asks for a correction. Answer until {day:until}."),
    )
    register(
        "request.escalated_for_region",
        title=_("Request {number} was not answered in time"),
        body=_("A district of your region did not answer a request for a correction in time. See to it that it is answered."),
    )
