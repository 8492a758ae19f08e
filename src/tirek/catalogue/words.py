"""Parameters, measurements and verdicts in the reader's words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from tirek.catalogue.finding import all_kinds
from tirek.catalogue.models import CarryOver, Choice, Group, Kind, KindProvision, KindTerms, Parameter, Period
from tirek.catalogue.narrowing import Narrowed
from tirek.catalogue.provision import Provided
from tirek.catalogue.queries import choice_words, comparisons, parameters_of
from tirek.catalogue.rules import Fit, Reason, Relation, Requirement, Verdict, as_number
from tirek.catalogue.spans import Span, spans_of
from tirek.catalogue.units import UNITS_OF_KINDS, number_with, unit_of, units_text, with_unit
from tirek.core import clock
from tirek.people.models import Measurement
from tirek.people.queries import measured
from tirek.ui.text import JOINED, day_text, number_text, tenge_text

MEASUREMENTS: Final[dict[str, Promise]] = {
    "height_cm": _lazy("Height"),
    "weight_kg": _lazy("Weight"),
    "waist_cm": _lazy("Waist"),
    "hip_cm": _lazy("Hips, sitting"),
    "chest_cm": _lazy("Chest"),
    "thigh_length_cm": _lazy("Thigh, sitting: back to knee"),
    "handle_height_cm": _lazy("Height of the wrist above the floor, standing"),
    "arm_circumference_cm": _lazy("Upper arm, around"),
    "foot_length_left_mm": _lazy("Left foot, length"),
    "foot_length_right_mm": _lazy("Right foot, length"),
    "stoma_diameter_mm": _lazy("Stoma, diameter"),
    "hearing_loss_db": _lazy("Hearing loss"),
    "age_years": _lazy("Age"),
}


@dataclass(frozen=True, slots=True)
class Ruler:
    """Where a measurement lies on what a size is made for, as a drawing 100 wide.

    Attributes:
        start: left end of what fits.
        width: of what fits.
        at: the measurement.
    """

    start: int
    width: int
    at: int


@dataclass(frozen=True, slots=True)
class ReasonInWords:
    """Why an offer fits or not in one respect, as one sentence; with a ruler where two numbers are compared."""

    verdict: Verdict
    text: str
    ruler: Ruler | None = None


@dataclass(frozen=True, slots=True)
class AskedInWords:
    """What a line of a programme asks for, as (parameter, value).

    Attributes:
        must: what an offer must match to be ordered.
        wishes: what is better, and may be otherwise.
    """

    must: list[tuple[str, str]]
    wishes: list[tuple[str, str]]

    def __bool__(self) -> bool:
        return bool(self.must or self.wishes)


@dataclass(frozen=True, slots=True)
class PriceTold:
    """What a person pays, in words.

    Attributes:
        text: a sentence that never takes the price of one for the price of all.
        amount: the same where a label says already who pays.
        is_free: whether the person pays nothing.
    """

    text: str
    amount: str
    is_free: bool


def told_price(each: Decimal, quantity: int, *, at_counter: bool, unit: str = "") -> PriceTold:
    """What a person pays for one and for all.

    Args:
        each: the person's part of one unit, tenge.
        quantity: units; of one, or of an unknown number, only one is told.
        at_counter: whether an officer reads it.
        unit: code of the unit of the kind; "" where none is told.
    """
    if not each:
        free = _("Free for the person") if at_counter else _("Free for you")
        return PriceTold(free, free, is_free=True)
    told = {"each": tenge_text(each), "total": tenge_text(each * quantity), "quantity": units_text(quantity, unit)}
    if quantity > 1:
        words = (
            _("The person pays %(each)s each, %(total)s for %(quantity)s")
            if at_counter
            else _("You pay %(each)s each, %(total)s for %(quantity)s")
        )
        amount = _("%(each)s each, %(total)s for %(quantity)s")
    else:
        words = _("The person pays %(each)s for one") if at_counter else _("You pay %(each)s for one")
        amount = "%(each)s" if quantity else _("%(each)s for one")
    return PriceTold(words % told, amount % told, is_free=False)


def told_total(total: Decimal) -> str:
    """What a person pays in all, to the person and as short as can be: "You pay 60 ₸", "Free for you"."""
    if not total:
        return told_price(total, 1, at_counter=False).text
    return _("You pay %(total)s") % {"total": tenge_text(total)}


def _name_of(kind: Kind) -> str:
    return capfirst(kind.name)


def kinds_by_group(
    named: Callable[[Kind], str] = _name_of, *, but: Collection[Group] = ()
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of the classifier under the name of its group, as the choices of a field; ``named`` says what stands
    for a kind, the groups of ``but`` are left out.
    """
    grouped: dict[str, list[tuple[str, str]]] = {}
    for kind in Kind.objects.exclude(group__in=but).order_by("position"):
        grouped.setdefault(str(Group(kind.group).label), []).append((kind.code, named(kind)))
    return list(grouped.items())


def kinds_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Names of kinds in the reader's language, by code (one query)."""
    return {kind.code: kind.name for kind in Kind.objects.filter(code__in=set(codes))}


def named_kinds(facts: Sequence[Mapping[str, object]]) -> list[str]:
    """The name of the kind whose code stands in each fact (``kind``), in the reader's language; "–" when there is none
    (no query: kinds are kept; one for those that are new).
    """
    codes = [str(one.get("kind")) for one in facts]
    names = {one.code: one.name for one in all_kinds()}
    new = [code for code in codes if code not in names]
    names |= kinds_by_code(new) if new else {}
    return [names.get(code, "–") for code in codes]


@dataclass(frozen=True, slots=True)
class TermsInWords:
    """The terms of a kind as people read them.

    Attributes:
        gives: how much a programme gives.
        parts: in which parts a year's quantity is given out; "" at once.
        rest: what becomes of what was not ordered in a period; "" where no period ends.
        order: how much one order takes at most; "" without a bound.
        next: when the next one is due; "" where that is not known, or not so.
    """

    gives: str
    parts: str
    rest: str
    order: str
    next: str

    @property
    def all(self) -> list[str]:
        """Every sentence that says something."""
        return [one for one in (self.gives, self.parts, self.rest, self.order, self.next) if one]


def terms_in_words(terms: KindTerms, unit: str) -> TermsInWords:
    """The terms of a kind in the present language; ``unit`` is the code of the kind's unit."""

    def per(quantity: int, period: str) -> str:
        counted = units_text(quantity, unit)
        return str(_("%(quantity)s %(window)s") % {"quantity": counted, "window": Period(period).label})

    gives = str(_("As much as the programme says, %(window)s") % {"window": Period(terms.period).label})
    parts = rest = order = following = ""
    if terms.norm is not None:
        gives = per(terms.norm, terms.period)
    if terms.part and terms.part_quantity is not None:
        parts = str(_("Given out in parts: %(part)s") % {"part": per(terms.part_quantity, terms.part)})
    elif terms.part:
        parts = str(_("Given out in equal parts, once %(window)s") % {"window": Period(terms.part).label})
    if terms.carry_over == CarryOver.YEAR:
        rest = str(_("What is not ordered in a period is carried on to the end of the year"))
    elif terms.window != Period.ONCE:
        rest = str(_("What is not ordered in a period is written off at its end"))
    if terms.max_per_order is not None:
        order = str(_("At most %(most)s in one order") % {"most": units_text(terms.max_per_order, unit)})
    if terms.replacement_months is not None:
        words = ngettext(
            "A new one %(months)s month after receipt",
            "A new one %(months)s months after receipt",
            terms.replacement_months,
        )
        following = words % {"months": terms.replacement_months}
    return TermsInWords(gives=gives, parts=parts, rest=rest, order=order, next=following)


def conclusion_in_words(version: KindProvision) -> str:
    """Number and day of the conclusion by which the local body buys a kind; "" where a version rests on none."""
    if version.conclusion_on is None:
        return ""
    return _("No %(number)s, %(day)s") % {"number": version.conclusion_number, "day": day_text(version.conclusion_on)}


def provision_in_words(version: KindProvision) -> list[str]:
    """What a version says of how a kind is provided: sentences without a full stop."""
    said = [capfirst(version.get_way_display())]
    if version.conclusion_on is not None:
        said.append(_("Conclusion of the commission: %(conclusion)s") % {"conclusion": conclusion_in_words(version)})
    if version.effective_to is not None:
        said.append(_("Last day: %(day)s") % {"day": day_text(version.effective_to)})
    return said


def provided_in_words(here: Provided, on: date | None = None) -> str:
    """How a kind is provided in a place, in a sentence; ``on`` is the day it is told for, today when none is given."""
    opens = here.orderable_from
    if here.can_be_ordered(on or clock.today()):
        return _("People choose and order it on the portal.")
    said = _("It cannot be ordered on the portal yet.")
    if here.conclusion is not None:
        said = _(
            "The local body buys it, because nobody offers it there. Conclusion of the commission: %(conclusion)s."
        )
        said %= {"conclusion": conclusion_in_words(here.conclusion)}
    elif here.is_bought:
        said = _("The local body buys it.")
    if opens is None:
        return said
    return f"{said} " + _("It can be ordered on the portal from %(day)s.") % {"day": day_text(opens)}


@dataclass(frozen=True, slots=True)
class MeasuredInWords:
    """One measurement: what, how much with its unit, when, and who measured."""

    name: str
    value: str
    on: date
    by: str


def measured_in_words(rows: Iterable[Measurement], names: Mapping[UUID, str]) -> list[MeasuredInWords]:
    """Measurements for a page, in the order of ``MEASUREMENTS``; ``names`` holds the names of accounts that are
    known.
    """
    order = list(MEASUREMENTS)
    found = []
    for row in sorted(
        rows, key=lambda one: (order.index(one.parameter) if one.parameter in order else len(order), one.parameter)
    ):
        value = with_unit(row.number, row.parameter) if row.number is not None else row.text
        who = names.get(row.measured_by, "") if row.measured_by else ""
        by = f"{row.get_source_display()}: {who}" if who else row.get_source_display()
        found.append(MeasuredInWords(str(MEASUREMENTS.get(row.parameter, row.parameter)), value, row.measured_on, by))
    return found


def sizes_needed(person_id: UUID, kind_code: str, parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    """The measurements of a person by which goods of a kind with these parameters are chosen, in words: what, and how
    much.

    No more of the person than that: neither the age nor what such goods are not compared with.
    """
    asked = {one.measurement for one in comparisons(kind_code) if one.parameter in parameters}
    known = measured(person_id)
    return [
        (str(words), with_unit(value, code) if isinstance(value := known[code], Decimal) else str(value))
        for code, words in MEASUREMENTS.items()
        if code in asked and code in known
    ]


def sizes_compared(kind_code: str, parameters: Mapping[str, object]) -> dict[str, str]:
    """Measurements in numbers by which goods with these parameters are chosen: their words with units, by code."""
    asked = {one.measurement for one in comparisons(kind_code) if one.parameter in parameters}
    return Words(kind_code).measurements(code for code in MEASUREMENTS if code in asked)


class Words:
    """Words of one kind's parameters; asks the database at most three times, when needed."""

    def __init__(self, kind_code: str) -> None:
        self._kind = kind_code

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Parameters of the kind by code, in order."""
        return parameters_of(self._kind)

    @cached_property
    def spans(self) -> list[Span]:
        """Columns of the kind's size chart."""
        return spans_of(self.parameters)

    def measured(self, span: Span) -> str:
        """What is measured, in words."""
        rule = next((one for one in comparisons(self._kind) if one.parameter == span.low), None)
        code = rule.measurement if rule else span.code
        return str(MEASUREMENTS.get(code, code))

    def span(self, span: Span) -> str:
        """The head of a column of the size chart: what is measured, with its unit."""
        return ", ".join(part for part in (self.measured(span), unit_of(span.code)) if part)

    def made_for(self, span: Span, parameters: Mapping[str, object]) -> str:
        """From where to where a size is made: "70–110 cm"; "" where it tells nothing."""
        low, high = span.ends(parameters)
        return "" if low is None and high is None else range_text(low, high, unit_of(span.code))

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return choice_words(self._kind)

    @cached_property
    def unit(self) -> str:
        """The unit of the kind, in words."""
        return str(UNITS_OF_KINDS.get(self.unit_code, ""))

    @cached_property
    def unit_code(self) -> str:
        """The code of the unit of the kind; "" where nothing tells it."""
        from_kind = next(iter(self.parameters.values()), None)
        return from_kind.kind.unit if from_kind else ""

    def parameter(self, code: str) -> str:
        """Name of a parameter."""
        known = self.parameters.get(code)
        return known.name if known else code

    def value(self, code: str, value: object) -> str:
        """A parameter's value; "" when there is none."""
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        known = self.parameters.get(code)
        if known is not None and known.type == Parameter.Type.CHOICE:
            word = self._choices.get(str(value))
            return word.name if word else str(value)
        return with_unit(value, code)

    def wanted(self, narrowed: Narrowed) -> list[str]:
        """What is wanted of the parameters, each in words, in the kind's order."""
        found = []
        by_low = {one.low: one for one in self.spans}
        for code, row in self.parameters.items():
            name = capfirst(row.name)
            if code in narrowed.ranges:
                one = narrowed.ranges[code]
                found.append(f"{name}: {range_text(one.low, one.high, unit_of(code))}")
            span = by_low.get(code)
            if span is not None and span.code in narrowed.ranges:
                one = narrowed.ranges[span.code]
                found.append(f"{self.measured(span)}: {range_text(one.low, one.high, unit_of(span.code))}")
            if span is not None and span.code in narrowed.spans:
                measured = with_unit(narrowed.spans[span.code], span.code)
                found.append(f"{self.measured(span)}: {measured}")
            if code in narrowed.values:
                told = sorted(self._value(code, value) for value in narrowed.values[code])
                found.append(f"{name}: {', '.join(told)}")
        return found

    def facts(self, parameters: Mapping[str, object], *, but: Collection[Span] = ()) -> list[tuple[str, str]]:
        """All parameters of an offer but those of ``but``, as (name, value), in the kind's order: the two ends of a
        span are one fact.
        """
        found = []
        parameters = {
            code: value for code, value in parameters.items() if all(code not in (one.low, one.high) for one in but)
        }
        by_low = {one.low: one for one in self.spans if one.low in parameters and one.high in parameters}
        ends = {one.high for one in by_low.values()}
        for code, row in self.parameters.items():
            if code in by_low:
                found.append((self.measured(by_low[code]), self.made_for(by_low[code], parameters)))
            elif code in parameters and code not in ends:
                found.append((row.name, self.value(code, parameters[code])))
        return found

    def measurements(self, codes: Iterable[str]) -> dict[str, str]:
        """Words with units of those codes that can be measured."""
        found = {}
        for code in codes:
            if code in MEASUREMENTS and code != "age_years":
                found[code] = f"{MEASUREMENTS[code]}, {unit_of(code)}"
        return found

    def verdict(self, fit: Fit) -> str:
        """The verdict in a word or two."""
        return {
            Verdict.FITS: _("fits"),
            Verdict.NOT_COMPARED: _("not compared: nothing tells here whether it fits"),
            Verdict.UNKNOWN: _("cannot be judged: something is not known"),
            Verdict.DOES_NOT_FIT: _("does not fit"),
        }[fit.verdict]

    def reasons(self, fit: Fit) -> list[ReasonInWords]:
        """Each respect as one sentence, worst first: what bounds the same measurement is one respect."""
        by_measurement: dict[str, list[Reason]] = {}
        for one in fit.reasons:
            is_number = one.relation in _NUMBERS
            respect = one.measurement if is_number else f"{one.measurement} {one.parameter}"
            by_measurement.setdefault(respect, []).append(one)
        return [
            self._bounded(group) if group[0].relation in _NUMBERS else self._plain(group[0])
            for group in by_measurement.values()
        ]

    def sentence(self, one: Reason) -> str:
        """One respect that bounds no measurement, as a sentence."""
        return self._plain(one).text

    def _plain(self, one: Reason) -> ReasonInWords:
        told = {"name": capfirst(self.parameter(one.parameter)), "offered": self._value(one.parameter, one.offered)}
        if one.relation is Relation.AGE_GROUP:
            told["needed"] = with_unit(one.needed, "age_years")
            words = _AGE[one.verdict]
        elif one.relation is Relation.PERSON_GROUP:
            words = _GROUP[one.verdict]
        else:
            told["needed"] = self._value(one.parameter, one.needed)
            words = (_MUST if one.must else _WISH)[one.verdict]
        return ReasonInWords(one.verdict, str(words) % told)

    def asked(self, asked: Requirement) -> AskedInWords:
        """What a line asks for, in the kind's order."""

        def told(*, must: bool) -> list[tuple[str, str]]:
            return [
                (capfirst(self.parameter(code)), self._value(code, str(asked.recommended[code])))
                for code in sorted(asked.recommended, key=[*self.parameters, *asked.recommended].index)
                if (code in asked.must) is must
            ]

        return AskedInWords(told(must=True), told(must=False))

    def _bounded(self, group: Sequence[Reason]) -> ReasonInWords:
        one = group[0]
        low, high = _range(group)
        unit, name = unit_of(one.measurement), str(MEASUREMENTS.get(one.measurement, one.measurement))
        told = {"measured": name, "range": range_text(low, high, unit), "value": with_unit(one.needed, one.measurement)}
        value = as_number(one.needed)
        ruler = None if value is None else _ruler(low, high, value)
        return ReasonInWords(one.verdict, str(_BOUNDED[one.verdict]) % told, ruler)

    def _value(self, parameter: str, value: str) -> str:
        return self.value(parameter, {"True": True, "False": False}.get(value, value))


_NUMBERS: Final = frozenset({Relation.AT_LEAST, Relation.AT_MOST, Relation.WITHIN})
_BOUNDED: Final[dict[Verdict, Promise]] = {
    Verdict.FITS: _lazy("%(measured)s: made for %(range)s. Measured %(value)s: fits."),
    Verdict.UNKNOWN: _lazy("%(measured)s: made for %(range)s. The measurement is missing."),
    Verdict.DOES_NOT_FIT: _lazy("%(measured)s: made for %(range)s. Measured %(value)s: does not fit."),
}
_AGE: Final[dict[Verdict, Promise]] = {
    Verdict.FITS: _lazy("%(name)s: %(offered)s. Age %(needed)s: fits."),
    Verdict.UNKNOWN: _lazy("%(name)s: %(offered)s. The age is not known."),
    Verdict.DOES_NOT_FIT: _lazy("%(name)s: %(offered)s. Age %(needed)s: does not fit."),
}
_GROUP: Final[dict[Verdict, Promise]] = {
    Verdict.FITS: _lazy("%(name)s: %(offered)s: fits."),
    Verdict.UNKNOWN: _lazy("%(name)s: %(offered)s. For whom it is needed is not known."),
    Verdict.DOES_NOT_FIT: _lazy("%(name)s: %(offered)s: does not fit."),
}
_WISH: Final[dict[Verdict, Promise]] = {
    Verdict.FITS: _lazy("%(name)s: %(offered)s, as the programme asks."),
    Verdict.UNKNOWN: _lazy("%(name)s: %(offered)s. What the programme asks for is not known."),
    Verdict.DOES_NOT_FIT: _lazy("%(name)s: %(offered)s. The programme asks for %(needed)s: does not fit."),
}
_MUST: Final[dict[Verdict, Promise]] = {
    Verdict.FITS: _lazy("%(name)s: %(offered)s, as the programme requires."),
    Verdict.UNKNOWN: _lazy("%(name)s: the programme requires %(needed)s, and the supplier does not tell what it is."),
    Verdict.DOES_NOT_FIT: _lazy("%(name)s: %(offered)s. The programme requires %(needed)s: it cannot be ordered."),
}


def _range(group: Iterable[Reason]) -> tuple[Decimal | None, Decimal | None]:
    """What a measurement may be, so that the offer fits: least and greatest; ``None`` where there is no bound."""
    lows, highs = [], []
    for one in group:
        offered = as_number(one.offered) or Decimal(0)
        if one.relation is not Relation.AT_LEAST:
            lows.append(offered - one.high)
        if one.relation is not Relation.AT_MOST:
            highs.append(offered - one.low)
    return max(lows, default=None), min(highs, default=None)


def range_text(low: Decimal | None, high: Decimal | None, unit: str = "") -> str:
    """Numbers from one to another, in words; ``None`` where there is no end."""
    if low is None:
        return _("up to %(high)s") % {"high": number_with(high, unit)}
    if high is None:
        return _("%(low)s and more") % {"low": number_with(low, unit)}
    return f"{number_with(low, '')}–{JOINED}{number_with(high, unit)}"


def _ruler(low: Decimal | None, high: Decimal | None, value: Decimal) -> Ruler:
    least, most = low if low is not None else Decimal(0), high if high is not None else (low or Decimal(0)) * 2
    first, last = min(least, value), max(most, value)
    room = (last - first) / 10 or Decimal(1)
    whole = last - first + 2 * room

    def at(number: Decimal) -> int:
        return round((number - first + room) / whole * 100)

    return Ruler(at(least), at(most) - at(least), at(value))


def warranty_text(months: int) -> str:
    """How long the warranty of goods is: "12 months", or "none"."""
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": number_text(months)} if months else _("none")
