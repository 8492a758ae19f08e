"""What people and offices are told about programmes, terms to order and corrections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.core.tables import CaseRow
from tirek.entitlements import queries
from tirek.entitlements.last_days import last_day_to_order, next_window_from
from tirek.entitlements.models import OrderingTerm, Programme
from tirek.notices.templates import Fact, register
from tirek.notices.words import terms_then
from tirek.people.telling import tell_person
from tirek.ui.text import day_text

Facts = Mapping[str, Fact]


def tell(person_id: UUID, template: str, *, case: CaseRow, **context: str | int | date) -> None:
    """Tell the person, and who represents the person now; with the day when a window ends before the term does."""
    terms: Iterable[OrderingTerm] = ()
    if isinstance(case, OrderingTerm):
        running = OrderingTerm.objects.filter(pk=case.pk, state=OrderingTerm.State.RUNNING)
        terms = running.select_related("line__programme")
    tell_of_terms(person_id, template, terms, case=case, **context)


def tell_of_terms(
    person_id: UUID, template: str, terms: Iterable[OrderingTerm], *, case: CaseRow, **context: str | int | date
) -> None:
    """``tell`` of running terms to order that are at hand, with their lines and programmes."""
    tell_person(person_id, template, case=case, but=None, **context | _ends_before_the_term(terms))


def _ends_before_the_term(terms: Iterable[OrderingTerm]) -> dict[str, date]:
    """Facts about a window, or a programme, that ends before a running term to order: until when, and when the next one
    begins.
    """
    found = []
    for term in terms:
        window = queries.window_now(term.line)
        last = last_day_to_order(term.line, window, term)
        if last is not None and last < term.order_by:
            found.append((last, next_window_from(term.line, window)))
    if not found:
        return {}
    last, following = min(found, key=lambda one: one[0])
    return {"ends": last} | ({"next": following} if following else {})


def _words(facts: Sequence[Facts]) -> list[dict[str, str]]:
    return [{"what": kind} for kind in named_kinds(facts)]


def _written_off(fact: Facts) -> str:
    """What becomes of the rest of a window that ends before the term; begins with a space, "" where no window does."""
    if not fact.get("ends"):
        return ""
    if not fact.get("next"):
        return " " + gettext("What is left is written off after this day: the programme ends.")
    words = gettext(
        "What is left of this period is written off after this day. The next period begins on %(day)s, with a new "
        "quota."
    )
    return " " + words % {"day": day_text(date.fromisoformat(str(fact["next"])))}


def _words_with_last_day(facts: Sequence[Facts]) -> list[dict[str, str]]:
    """Words with the day until which it can really be ordered, and what becomes of the rest."""
    return [
        said | {"day": str(one.get("ends") or one.get("day")), "after": _written_off(one)}
        for one, said in zip(facts, _words(facts), strict=True)
    ]


def _words_of_replaced(facts: Sequence[Facts]) -> list[dict[str, str]]:
    """What of an earlier programme has ended with a new one; begins with a space, "" where nothing has."""
    kinds = [str(one.get("ended") or "").split() for one in facts]
    names = iter(named_kinds([{"kind": code} for codes in kinds for code in codes]))
    found = []
    for codes in kinds:
        ended = ", ".join(next(names) for _code in codes)
        words = gettext(
            "What the earlier programme gave and this one does not has ended: %(ended)s. If this one leaves it out by "
            "mistake, ask for a correction."
        )
        found.append({"ended": " " + words % {"ended": ended} if ended else ""})
    return found


def _words_of_programme(facts: Sequence[Facts]) -> list[dict[str, str]]:
    """Words with the length of the term, as it was on the day of registration, with what ends before it, and with what
    of an earlier programme has ended.
    """
    found = []
    terms, ended = terms_then(Programme, "entitlement.order_within", facts), _words_of_replaced(facts)
    for one, term, said in zip(facts, terms, ended, strict=True):
        ends, after = one.get("ends"), ""
        if ends:
            words = gettext(
                "Some of it ends earlier: by %(day)s order what is given for a period. What is left of it is "
                "written off."
            )
            after = " " + words % {"day": day_text(date.fromisoformat(str(ends)))}
        found.append({"term": term, "after": after + said["ended"], "first": str(ends or one.get("day"))})
    return found


def _words_of_opened(facts: Sequence[Facts]) -> list[dict[str, str]]:
    """The same with what it is that can be ordered."""
    return [one | said for one, said in zip(_words_of_programme(facts), _words(facts), strict=True)]


register(
    "programme.on_portal",
    title=_("Programme {number}: you can order now"),
    body=_(
        "Your programme was sent to the portal. Order what it gives by {day:day}: the Social Code, article 168, "
        "gives {term}. We will remind you. Open the programme to see each item.{after}"
    ),
    sms=_("Tirek: your programme {number} is on the portal. Order by {first:day}."),
    words=_words_of_programme,
)
register(
    "programme.replaced",
    title=_("Programme {number}: it has taken the place of an earlier one"),
    body=_("Your new programme was sent to the portal. Open it to see each item.{ended}"),
    sms=_("Tirek: a new programme {number} has taken the place of an earlier one. Sign in to see what has ended."),
    words=_words_of_replaced,
)
register(
    "programme.opened",
    title=_("Programme {number}: you can order more now"),
    body=_(
        "In your region it can be ordered on the portal now: {what}. Order it by {day:day}: the Social Code, "
        "article 168, gives {term}. We will remind you.{after}"
    ),
    sms=_("Tirek: something of your programme {number} can be ordered on the portal now. Order by {first:day}."),
    words=_words_of_opened,
)
register(
    "term.reminder",
    title=_("Order by {day:day}"),
    body=_(
        "Not ordered yet: {what}. You can order by {day:day}. If you need help, write to your department, "
        "call 1414 or come: an officer orders together with you.{after}"
    ),
    sms=_("Tirek: something of your programme is not ordered yet. Order by {day:day}. Help: on the site or 1414."),
    words=_words_with_last_day,
)
register(
    "term.passed",
    title=_("The time to order is over"),
    body=_(
        "Not ordered by {day:day}: {what}. The item stays in your programme. An officer of your department will "
        "contact you. You can also ask for more time: open the item, or call 1414."
    ),
    sms=_("Tirek: the time to order is over. Nothing is lost: an officer will contact you. Help: on the site or 1414."),
    words=_words,
)
register(
    "term.reopened",
    title=_("You can order again by {day:day}"),
    body=_("The office has given more time: {what}. Order by {day:day}.{after}"),
    sms=_("Tirek: you can order again by {day:day}."),
    words=_words_with_last_day,
)
register(
    "term.runs_on",
    title=_("You can order again by {day:day}"),
    body=_("The order did not go through: {what}. You keep your full entitlement. Order again by {day:day}.{after}"),
    words=_words_with_last_day,
)
register(
    "balance.corrected",
    title=_("Your programme was corrected"),
    body=_("Corrected by two officers: {what}, {change}. Open it to see the entry and the reason."),
    sms=_("Tirek: your programme was corrected. Sign in to see how and why."),
    words=_words,
)
register(
    "line.corrected",
    title=_("Your programme was corrected"),
    body=_(
        "Corrected by two officers: {what}. What the programme asks for, or how it is provided, is another now. Open "
        "it to see."
    ),
    sms=_("Tirek: your programme was corrected. Sign in to see how and why."),
    words=_words,
)
register(
    "correction.signed_for_proposer",
    title=_("Correction {number} was signed"),
    body=_("A colleague signed what you proposed: {what}. It is now in the record, and we have told the person."),
    words=_words,
)
register(
    "correction.rejected_for_proposer",
    title=_("Correction {number} was not signed"),
    body=_("A colleague did not sign what you proposed: {what}. Open the correction to read why."),
    words=_words,
)
register(
    "request.submitted",
    title=_("Your request {number} was sent"),
    body=_("Your department will answer by {day:day}. If it does not, we will tell the regional department."),
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
        "The department has answered with a reason. Open the request to read it. If you do not agree, you can "
        "complain to the regional department."
    ),
    sms=_("Tirek: your department has answered request {number}. Sign in to read the answer."),
)
register(
    "request.still_open",
    title=_("Request {number}: the correction was not signed"),
    body=_(
        "The second officer did not sign the correction. Your request stays open: the department still owes you an "
        "answer by {day:day}."
    ),
)
register(
    "request.escalated",
    title=_("Request {number}: we told the regional department"),
    body=_(
        "Your department did not answer in time. The regional department now sees your request. It stays open until "
        "it is answered."
    ),
    sms=_("Tirek: request {number} was not answered in time. We told the regional department. It stays open."),
)
register(
    "request.new_for_office",
    title=_("New request for a correction {number}"),
    body=_("A person of your district asks for a correction. Answer by {day:day}."),
)
register(
    "request.escalated_for_region",
    title=_("Request {number} was not answered in time"),
    body=_(
        "A district of your region did not answer a request for a correction in time. See to it that it is answered."
    ),
)
