"""Why: each yes and no about what a programme gives, as one object that pages, papers, refusals, scenarios and tests
read.

``rules`` decide; here stand the words for it, the article it rests on, the value that was used and what would change
it. The article is dated reference data (``entitlement.basis.*``), as the values are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _lazy

from tirek.catalogue.models import GuaranteedAmount, KindProvision, KindTerms
from tirek.catalogue.terms import terms_of
from tirek.catalogue.units import units_text
from tirek.catalogue.words import conclusion_in_words
from tirek.core import clock, reference
from tirek.core.errors import Text
from tirek.core.reference import MissingReference, Status, Value
from tirek.entitlements import rules
from tirek.entitlements.last_days import last_day_to_order, next_window_from, runs
from tirek.entitlements.models import Line, OrderingTerm
from tirek.entitlements.provision import provided_of
from tirek.ui.text import day_text, tenge_text, term_text, value_text

Reason = rules.Reason


class Reader(Enum):
    """Who reads it: the person it is about, or somebody of the department."""

    PERSON = "person"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Used:
    """A value that decided.

    Attributes:
        name: stable code of what it is.
        value: the value itself.
        label: what it is, in words.
        text: the value in words.
        since: first day of the version of the dated value; ``None`` where it stands in the programme or the record.
        citation: source of that version.
        is_demo: whether that version is a demo value.
    """

    name: str
    value: date | int | Decimal
    label: str
    text: str
    since: date | None = None
    citation: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no, and why.

    Attributes:
        rule: stable code of the rule that decided.
        holds: whether it is a yes.
        sentence: the answer in words.
        basis: the article it rests on, in the version that counts; ``None`` where none is in force.
        used: the values that decided.
        next_step: what would change it, or what follows, in words.
    """

    rule: str
    holds: bool
    sentence: str
    basis: Value | None
    used: tuple[Used, ...]
    next_step: str

    @property
    def citation(self) -> str:
        """The source as it is cited; "" where there is none."""
        return self.basis.citation if self.basis is not None else ""

    @property
    def link(self) -> str:
        """The address of the text of the law; "" where none is known."""
        return reference.link_of_source(self.citation)

    @property
    def is_demo(self) -> bool:
        """Whether the rule itself is a demo rule, and no article."""
        return self.basis is not None and self.basis.status is Status.DEMO


def _basis(key: str, on: date) -> Value | None:
    try:
        return reference.value(key, at=on)
    except MissingReference:
        return None


#: The article that each rule rests on, as the key of its dated reference.
BASES: Final[Mapping[str, str]] = {
    Reason.AVAILABLE: "entitlement.basis.programme",
    Reason.PROGRAMME_ENDED: "entitlement.basis.re_examination",
    Reason.PROGRAMME_REPLACED: "entitlement.basis.programme",
    Reason.PROGRAMME_EXPIRED: "entitlement.basis.programme",
    Reason.EMPLOYER_PAYS: "entitlement.basis.employer",
    Reason.PROCUREMENT: "entitlement.basis.procurement",
    Reason.BOUGHT_HERE: "entitlement.basis.no_supplier",
    Reason.NOT_ON_PORTAL_YET: "entitlement.basis.portal",
    Reason.TERM_NOT_OVER: "entitlement.basis.replacement",
    Reason.TERM_PASSED: "entitlement.order_within",
    Reason.QUOTA_USED: "entitlement.basis.programme",
    Reason.QUOTA_RESERVED: "entitlement.basis.programme",
    Reason.YEAR_USED: "entitlement.basis.programme",
    Reason.ALL_RECEIVED: "entitlement.basis.programme",
    Reason.ALL_RESERVED: "entitlement.basis.programme",
    Reason.HELD_BEFORE: "entitlement.basis.programme",
    Reason.DECEASED: "entitlement.basis.death",
    "order_by": "entitlement.order_within",
    "within_guarantee": "entitlement.basis.split",
    "above_guarantee": "entitlement.basis.split",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """How a reader is told what can be ordered of a line: until a day, without one, by the reason why not, and what
    would change it.
    """

    until: Callable[[int], str]
    now: Callable[[int], str]
    no_day: Mapping[Reason, Text]
    from_day: Mapping[Reason, Text]
    steps: Mapping[Reason, Text]


_NO_DAY: Final = {
    Reason.DECEASED: _lazy("The person has died. Open orders are looked at by an officer."),
    Reason.PROGRAMME_EXPIRED: _lazy(
        "Your programme ended on %(ended)s. Ask your clinic for a referral to a new examination."
    ),
    Reason.PROGRAMME_ENDED: _lazy("This programme was ended by a re-examination. The newer programme counts."),
    Reason.PROGRAMME_REPLACED: _lazy(
        "A newer programme has taken the place of the one that gave this. The newer one counts."
    ),
    Reason.EMPLOYER_PAYS: _lazy(
        "Your employer pays for this, because the injury was by the employer's fault (Social Code, article 162)."
    ),
    Reason.PROCUREMENT: _lazy(
        "This is made to your measure. The local department buys it for you; its steps are in your programme."
    ),
    Reason.BOUGHT_HERE: _lazy(
        "Nobody offers this on the portal in your region, so your local department buys it for you. Conclusion of the "
        "commission: %(conclusion)s."
    ),
    Reason.NOT_ON_PORTAL_YET: _lazy(
        "This cannot be ordered here yet. Your local department arranges it: write to it, call 1414 or come."
    ),
    Reason.TERM_PASSED: _lazy(
        "The last day to order was %(passed)s (%(term)s, Social Code, article 168). The item stays yours: the "
        "office can give you more time."
    ),
    Reason.QUOTA_USED: _lazy("You have received all that the programme gives."),
    Reason.YEAR_USED: _lazy("You have received all that the programme gives."),
    Reason.ALL_RECEIVED: _lazy("You have received all that the programme gives."),
    Reason.QUOTA_RESERVED: _lazy("Your open order holds all that the programme gives."),
    Reason.ALL_RESERVED: _lazy("Your open order holds all that the programme gives."),
    Reason.HELD_BEFORE: _lazy("All that is left is in your open order by the earlier programme."),
}
_FROM_DAY: Final = {
    Reason.BOUGHT_HERE: _lazy(
        "Nobody offers this on the portal in your region, so your local department buys it for you. Conclusion of the "
        "commission: %(conclusion)s. It can be ordered here from %(day)s."
    ),
    Reason.NOT_ON_PORTAL_YET: _lazy("This can be ordered here from %(day)s. Until then ask your local department."),
    Reason.TERM_NOT_OVER: _lazy("You received this already. The next one can be ordered from %(day)s."),
    Reason.QUOTA_USED: _lazy(
        "You have received all that this period gives. The next part can be ordered from %(day)s."
    ),
    Reason.YEAR_USED: _lazy("You have received all that this year gives. The next part can be ordered from %(day)s."),
    Reason.QUOTA_RESERVED: _lazy(
        "Your open order holds all that this period gives. The next part can be ordered from %(day)s."
    ),
    Reason.HELD_BEFORE: _lazy(
        "All that is left of this period is in your open order by the earlier programme. The next part can be ordered "
        "from %(day)s."
    ),
}
_STEPS: Final = {
    Reason.AVAILABLE: _lazy("Each order takes from it. If an order does not go through, it comes back in full."),
    Reason.DECEASED: _lazy("If this is a mistake, tell the department, or call 1414: it is put right."),
    Reason.PROGRAMME_EXPIRED: _lazy("After the new examination the next programme comes here by itself."),
    Reason.PROGRAMME_ENDED: _lazy("Order by the newer programme: it is on this page, too."),
    Reason.PROGRAMME_REPLACED: _lazy(
        "Order by the newer programme. If it leaves this out by mistake, ask for a correction: it takes no new "
        "assessment."
    ),
    Reason.EMPLOYER_PAYS: _lazy(
        "If the employer is bankrupt, liquidated or closed (article 162), ask for a correction: then the budget pays."
    ),
    Reason.PROCUREMENT: _lazy(
        "You do not need to do anything now: the need is recorded by itself, and we write to you at each step: lot, "
        "contract, fitting, hand-over."
    ),
    Reason.BOUGHT_HERE: _lazy(
        "You do not need to do anything now: the need is recorded by itself, and we write to you at each step. When it "
        "can be ordered in your region again, the button to order appears by itself."
    ),
    Reason.NOT_ON_PORTAL_YET: _lazy(
        "When orders for it begin here, you do not need to apply: the button to order appears by itself."
    ),
    Reason.TERM_NOT_OVER: _lazy(
        "If it is broken or no longer fits, ask your department for an earlier replacement: it decides."
    ),
    Reason.TERM_PASSED: _lazy("You can ask for more time: here, at the department, or at 1414."),
    Reason.QUOTA_USED: _lazy("If you did not receive it, ask for a correction: it takes no new assessment."),
    Reason.YEAR_USED: _lazy("If you did not receive it, ask for a correction: it takes no new assessment."),
    Reason.ALL_RECEIVED: _lazy("If you did not receive it, ask for a correction: it takes no new assessment."),
    Reason.QUOTA_RESERVED: _lazy("If you cancel the order, or refuse the goods, you can order all of it again."),
    Reason.ALL_RESERVED: _lazy("If you cancel the order, or refuse the goods, you can order all of it again."),
    Reason.HELD_BEFORE: _lazy("If you cancel the order, or refuse the goods, you can order it by this programme."),
}
_TO_PERSON: Final = _Told(
    lambda n: ngettext(
        "You can order up to %(quantity)s by %(end)s.", "You can order up to %(quantity)s by %(end)s.", n
    ),
    lambda n: ngettext("You can order %(quantity)s now.", "You can order up to %(quantity)s now.", n),
    _NO_DAY,
    _FROM_DAY,
    _STEPS,
)
_ALL_RECEIVED: Final = _lazy("The recipient has received all that the programme gives.")
_ALL_RESERVED: Final = _lazy("An open order of the recipient holds all that the programme gives.")
_ONLY_A_CORRECTION: Final = _lazy("If it was not received, a correction that two officers sign puts it right.")
_STEPS_FOR_OFFICE: Final = {
    Reason.AVAILABLE: _STEPS[Reason.AVAILABLE],
    Reason.DECEASED: _lazy("If this is a mistake, the register puts it right first."),
    Reason.PROGRAMME_EXPIRED: _STEPS[Reason.PROGRAMME_EXPIRED],
    Reason.PROGRAMME_ENDED: _lazy("The recipient orders by the newer programme."),
    Reason.PROGRAMME_REPLACED: _lazy(
        "The recipient orders by the newer programme. If it leaves this out by mistake, a correction that two officers "
        "sign adds it."
    ),
    Reason.EMPLOYER_PAYS: _lazy(
        "If the employer is bankrupt, liquidated or closed (article 162), correct how the item is provided, with the "
        "document that says so: then the budget pays. Two officers sign."
    ),
    Reason.PROCUREMENT: _lazy(
        "The need is recorded by itself; the purchase with its steps is in the recipient's file."
    ),
    Reason.BOUGHT_HERE: _lazy(
        "When the commission's conclusion ends, recipients can order it here again: the administrator enters its last "
        "day."
    ),
    Reason.NOT_ON_PORTAL_YET: _lazy("It can be ordered here as soon as the catalogue lets orders for it begin."),
    Reason.TERM_NOT_OVER: _lazy(
        "If it is broken or no longer fits, the department decides on an earlier replacement: a correction that two "
        "officers sign."
    ),
    Reason.TERM_PASSED: _lazy("More time opens it again, with a reason."),
    Reason.QUOTA_USED: _ONLY_A_CORRECTION,
    Reason.YEAR_USED: _ONLY_A_CORRECTION,
    Reason.ALL_RECEIVED: _ONLY_A_CORRECTION,
    Reason.QUOTA_RESERVED: _lazy("When the order is cancelled, or the goods are refused, all of it comes back."),
    Reason.ALL_RESERVED: _lazy("When the order is cancelled, or the goods are refused, all of it comes back."),
    Reason.HELD_BEFORE: _lazy(
        "When the order is cancelled, or the goods are refused, it comes back to this programme."
    ),
}
_TO_OFFICE: Final = _Told(
    lambda n: ngettext(
        "Up to %(quantity)s can be ordered by %(end)s.", "Up to %(quantity)s can be ordered by %(end)s.", n
    ),
    lambda n: ngettext("%(quantity)s can be ordered now.", "Up to %(quantity)s can be ordered now.", n),
    {
        **_NO_DAY,
        Reason.PROGRAMME_EXPIRED: _lazy(
            "The recipient's programme ended on %(ended)s. The clinic refers to a new examination."
        ),
        Reason.EMPLOYER_PAYS: _lazy(
            "The employer pays for this, because the injury was by the employer's fault (Social Code, article 162)."
        ),
        Reason.PROCUREMENT: _lazy("This is made to measure. Your department buys it: it is not ordered here."),
        Reason.BOUGHT_HERE: _lazy(
            "Nobody offers this on the portal in your region, so your department buys it. Conclusion of the "
            "commission: %(conclusion)s."
        ),
        Reason.NOT_ON_PORTAL_YET: _lazy("This cannot be ordered here yet. Your department arranges it."),
        Reason.TERM_PASSED: _lazy(
            "The last day to order was %(passed)s (%(term)s, Social Code, article 168). The item stays in the "
            "programme: give more time when the recipient asks."
        ),
        Reason.QUOTA_USED: _ALL_RECEIVED,
        Reason.YEAR_USED: _ALL_RECEIVED,
        Reason.ALL_RECEIVED: _ALL_RECEIVED,
        Reason.QUOTA_RESERVED: _ALL_RESERVED,
        Reason.ALL_RESERVED: _ALL_RESERVED,
        Reason.HELD_BEFORE: _lazy("All that is left is in an open order of the recipient by the earlier programme."),
    },
    {
        Reason.BOUGHT_HERE: _lazy(
            "Nobody offers this on the portal in your region, so your department buys it. Conclusion of the "
            "commission: %(conclusion)s. It can be ordered here from %(day)s."
        ),
        Reason.NOT_ON_PORTAL_YET: _lazy(
            "This can be ordered here from %(day)s. Until then your department arranges it."
        ),
        Reason.TERM_NOT_OVER: _lazy(
            "The recipient has received this already. The next one can be ordered from %(day)s."
        ),
        Reason.QUOTA_USED: _lazy(
            "The recipient has received all that this period gives. The next part can be ordered from %(day)s."
        ),
        Reason.YEAR_USED: _lazy(
            "The recipient has received all that this year gives. The next part can be ordered from %(day)s."
        ),
        Reason.QUOTA_RESERVED: _lazy(
            "An open order of the recipient holds all that this period gives. The next part can be ordered from "
            "%(day)s."
        ),
        Reason.HELD_BEFORE: _lazy(
            "All that is left of this period is in an open order of the recipient by the earlier programme. The next "
            "part can be ordered from %(day)s."
        ),
    },
    _STEPS_FOR_OFFICE,
)
_TOLD: Final = {Reader.PERSON: _TO_PERSON, Reader.OFFICE: _TO_OFFICE}
_SPLIT: Final[Mapping[Reader, Mapping[str, tuple[Text, Text]]]] = {
    Reader.PERSON: {
        "within_guarantee": (
            _lazy("The price lies within the guaranteed amount, so the budget pays all of it."),
            _lazy("You would pay only for a price above %(amount)s for one."),
        ),
        "above_guarantee": (
            _lazy("The budget pays up to the guaranteed amount, %(amount)s for one; you pay the rest."),
            _lazy("What costs %(amount)s or less for one is free for you."),
        ),
    },
    Reader.OFFICE: {
        "within_guarantee": (
            _lazy("The price lies within the guaranteed amount, so the budget pays all of it."),
            _lazy("The recipient would pay only for a price above %(amount)s for one."),
        ),
        "above_guarantee": (
            _lazy("The budget pays up to the guaranteed amount, %(amount)s for one; the recipient pays the rest."),
            _lazy("What costs %(amount)s or less for one is free for the recipient."),
        ),
    },
}


def _length_of_term(began: date) -> Value:
    return reference.value("entitlement.order_within", at=began)


def _used(
    name: str,
    value: date | int | Decimal,
    label: str,
    text: str,
    of: KindTerms | GuaranteedAmount | KindProvision | Value | None = None,
) -> Used:
    if of is None or of.effective_from is None:
        return Used(name, value, label, text)
    return Used(name, value, label, text, of.effective_from, of.citation, of.status == Status.DEMO)


def _terms(line: Line, on: date) -> KindTerms:
    return terms_of(line.kind_id, territory_code=line.programme.territory_code, on=on)


def _of_quota(line: Line, state: rules.Availability, on: date) -> tuple[Used, ...]:
    unit, terms = line.kind.unit, _terms(line, on)
    found = [
        _used(
            "quantity",
            line.quantity,
            gettext("The programme gives"),
            f"{units_text(line.quantity, unit)} {line.get_window_display()}",
            terms,
        )
    ]
    if line.year_quantity is not None:
        year = line.year_quantity
        found.append(_used("year_quantity", year, gettext("In a year"), units_text(year, unit), terms))
    sums = state.balance
    if sums.received:
        found.append(_used("received", sums.received, gettext("Received"), units_text(sums.received, unit)))
    if sums.reserved:
        found.append(_used("reserved", sums.reserved, gettext("In open orders"), units_text(sums.reserved, unit)))
    return tuple(found)


def _of_term(term: OrderingTerm | None, on: date) -> list[Used]:
    began = term.started_on if term is not None else on
    length = _length_of_term(began)
    return [_used("order_within", int(length.number), gettext("Time to order"), value_text(length), length)]


def _of_replacement(line: Line) -> tuple[Used, ...]:
    found, received = [], line.last_received_on
    if received is not None:
        found.append(_used("received_on", received, gettext("Last received"), day_text(received)))
        months = (terms := _terms(line, received)).replacement_months
        if months:
            found.append(_used("replacement", months, gettext("Replacement term"), term_text(months, "months"), terms))
    if line.next_on is not None:
        found.append(_used("next_on", line.next_on, gettext("Next one from"), day_text(line.next_on)))
    return tuple(found)


def _of_provision(line: Line, state: rules.Availability, on: date) -> tuple[Used, ...]:
    """The conclusion by which it is bought, and from when it can be ordered, where that is known."""
    found, version, opens = [], provided_of(line, on).conclusion, state.from_day
    if state.reason is Reason.BOUGHT_HERE and version is not None and version.conclusion_on is not None:
        label = gettext("Conclusion of the commission")
        found.append(_used("conclusion", version.conclusion_on, label, conclusion_in_words(version), version))
    if opens is not None:
        label, by = gettext("On the portal from"), provided_of(line, opens).version
        found.append(_used("orderable_from", opens, label, day_text(opens), by))
    return tuple(found)


def _of_line(line: Line, state: rules.Availability, term: OrderingTerm | None, on: date) -> tuple[Used, ...]:
    """The values that decided about a line."""
    programme = line.programme
    match state.reason:
        case Reason.BOUGHT_HERE | Reason.NOT_ON_PORTAL_YET:
            return _of_provision(line, state, on)
        case Reason.PROGRAMME_EXPIRED if programme.valid_until is not None:
            ended = programme.valid_until
            return (_used("valid_until", ended, gettext("Last day of the programme"), day_text(ended)),)
        case Reason.TERM_NOT_OVER:
            return _of_replacement(line)
        case Reason.TERM_PASSED if line.term_passed_on is not None:
            passed = line.term_passed_on
            return (_used("order_by", passed, gettext("Last day to order"), day_text(passed)), *_of_term(term, passed))
        case (
            Reason.AVAILABLE
            | Reason.QUOTA_USED
            | Reason.QUOTA_RESERVED
            | Reason.YEAR_USED
            | Reason.ALL_RECEIVED
            | Reason.ALL_RESERVED
            | Reason.HELD_BEFORE
        ):
            return _of_quota(line, state, on)
        case _:
            return ()


def of_line(
    line: Line, state: rules.Availability, term: OrderingTerm | None = None, *, reader: Reader = Reader.PERSON
) -> Answer:
    """Whether something of a line can be ordered now and until when, or why not and from when; ``term`` is the line's
    term to order.
    """
    told, on = _TOLD[reader], clock.today()
    return Answer(
        rule=state.reason.value,
        holds=state.reason is Reason.AVAILABLE,
        sentence=_sentence(told, line, state, term),
        basis=_basis(BASES[state.reason], on),
        used=_of_line(line, state, term, on),
        next_step=str(told.steps[state.reason]),
    )


def _sentence(told: _Told, line: Line, state: rules.Availability, term: OrderingTerm | None) -> str:
    if state.reason is Reason.AVAILABLE:
        last, units = last_day_to_order(line, state.window, term), units_text(state.quantity, line.kind.unit)
        at_once = ""
        if state.most < state.quantity:
            most = units_text(state.most, line.kind.unit)
            at_once = " " + gettext("At most %(most)s in one order.") % {"most": most}
        if state.window.end is not None and last is not None:
            return told.until(state.quantity) % {"quantity": units, "end": day_text(last)} + at_once
        return told.now(state.quantity) % {"quantity": units} + at_once
    version = provided_of(line, clock.today()).conclusion if state.reason is Reason.BOUGHT_HERE else None
    conclusion = conclusion_in_words(version) if version is not None else ""
    if state.from_day is not None:
        return str(told.from_day[state.reason]) % {"day": day_text(state.from_day), "conclusion": conclusion}
    ended, passed = line.programme.valid_until, line.term_passed_on
    length = ""
    if state.reason is Reason.TERM_PASSED:
        began = term.started_on if term is not None else passed or clock.today()
        length = value_text(_length_of_term(began))
    return str(told.no_day[state.reason]) % {
        "ended": day_text(ended) if ended else "",
        "passed": day_text(passed) if passed else "",
        "term": length,
        "conclusion": conclusion,
    }


def of_term(line: Line, window: rules.Window, term: OrderingTerm | None) -> Answer | None:
    """Until when what the line gives is to be ordered, while a term runs, and what becomes of what is not; to the
    person.
    """
    last = last_day_to_order(line, window, term) if runs(term) else None
    if term is None or last is None:
        return None
    following = next_window_from(line, window)
    if last == term.order_by:
        step = gettext(
            "If you do not, nothing is lost: an officer contacts you, and the office gives you more time when you ask."
        )
    elif following is not None:
        step = gettext(
            "What you do not order of this period is written off after this day. The next period begins on %(day)s, "
            "with a new quota."
        ) % {"day": day_text(following)}
    else:
        step = gettext("What you do not order is written off after this day: the programme ends.")
    started = _used("started_on", term.started_on, gettext("Term began"), day_text(term.started_on))
    return Answer(
        rule="order_by",
        holds=True,
        sentence=gettext("Order by %(day)s.") % {"day": day_text(last)},
        basis=_basis(BASES["order_by"], term.started_on),
        used=(started, *_of_term(term, term.started_on)),
        next_step=step,
    )


def of_split(
    split: rules.PriceSplit, guaranteed: GuaranteedAmount, *, reader: Reader = Reader.PERSON, on: date | None = None
) -> Answer:
    """Who pays what, and why (Social Code art. 168(3)), by the article of a day; of today, when none is given."""
    rule = "above_guarantee" if split.person else "within_guarantee"
    amount, said = tenge_text(guaranteed.amount), _SPLIT[reader]
    sentence, step = said[rule]
    return Answer(
        rule=rule,
        holds=not split.person,
        sentence=str(sentence) % {"amount": amount},
        basis=_basis(BASES[rule], on or clock.today()),
        used=(_used("guaranteed", guaranteed.amount, gettext("Guaranteed amount for one"), amount, guaranteed),),
        next_step=str(step) % {"amount": amount},
    )
