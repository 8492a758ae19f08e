"""Pure rules of the catalogue: does an offer fit, where does it deliver, what may it cost."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

ADULT_AGE: Final = 18
#: Digits before the point of a number that is one: "1e999999" is a few signs, and fills the memory as a whole number.
_MOST_DIGITS: Final = 15


class Verdict(StrEnum):
    """Whether an offer fits the person; where nothing tells of it, nobody says that it does."""

    FITS = "fits"
    NOT_COMPARED = "not_compared"
    UNKNOWN = "unknown"
    DOES_NOT_FIT = "does_not_fit"


class Relation(StrEnum):
    """How an offer's value relates to a measurement when it fits."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"
    AGE_GROUP = "age_group"
    PERSON_GROUP = "person_group"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a line of a programme asks for.

    Attributes:
        kind_code: of the classifier.
        recommended: parameter code → value that the programme asks for.
        must: codes of those among them that an offer must match; the others are wishes.
    """

    kind_code: str
    recommended: Mapping[str, object]
    must: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rule: the parameter, the measurement it is compared with, and the margins (same unit as the measurement)."""

    parameter: str
    measurement: str
    relation: Relation
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an offer fits or not in one respect.

    Attributes:
        verdict: of this respect.
        parameter: code of the offer's parameter.
        offered: the offer's value; "" where it tells none.
        measurement: code of the person's measurement, or "recommended" for the programme's wish.
        needed: the value it is compared with, "" when it is unknown.
        relation: how they are compared.
        low: least allowed difference (relation "within").
        high: greatest allowed difference.
        must: whether the programme says that it must match.
    """

    verdict: Verdict
    parameter: str
    offered: str
    measurement: str
    needed: str
    relation: Relation
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    must: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """The verdict over all respects, and the reasons, worst first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def barred(self) -> Reason | None:
        """What must match and does not, so that it cannot be ordered for this line; ``None`` where nothing is so."""
        return next((one for one in self.reasons if one.must and one.verdict is Verdict.DOES_NOT_FIT), None)


def as_number(value: object) -> Decimal | None:
    """The value as a number, ``None`` when it is none, or one that measures nothing (16 digits and more)."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _MOST_DIGITS else None


def _numbers_fit(offered: Decimal, needed: Decimal, rule: Comparison) -> bool:
    match rule.relation:
        case Relation.AT_LEAST:
            return offered >= needed + rule.low
        case Relation.AT_MOST:
            return offered <= needed + rule.high
        case Relation.WITHIN:
            return needed + rule.low <= offered <= needed + rule.high
        case _:
            return offered == needed


def _respect(rule: Comparison, offered: object, needed: object | None) -> Reason:
    if needed is None or needed == "":
        verdict = Verdict.UNKNOWN
    elif rule.relation is Relation.AGE_GROUP:
        years = as_number(needed)
        # a thing is made for a group, or says whether it is made for a child
        group = {"child", "True"} if years is not None and years < ADULT_AGE else {"adult", "False"}
        verdict = Verdict.FITS if str(offered) in group else Verdict.DOES_NOT_FIT
    else:
        left, right = as_number(offered), as_number(needed)
        same = str(offered) == str(needed) if left is None or right is None else _numbers_fit(left, right, rule)
        verdict = Verdict.FITS if same else Verdict.DOES_NOT_FIT
    return Reason(
        verdict,
        rule.parameter,
        str(offered),
        rule.measurement,
        "" if needed is None else str(needed),
        rule.relation,
        rule.low,
        rule.high,
    )


_WORST_FIRST: Final = {Verdict.DOES_NOT_FIT: 0, Verdict.UNKNOWN: 1, Verdict.NOT_COMPARED: 2, Verdict.FITS: 3}
#: Values that stand for each of the others: of what is offered, and of what is asked for.
_EACH_OFFERED: Final = frozenset({"any", "both"})
_EACH_ASKED: Final = "any"
_RECOMMENDED: Final = "recommended"


def _asked(parameter: str, offered: object, wish: object, *, must: bool) -> Reason:
    """One parameter that the programme recommends against what is offered."""
    if offered is None or offered == "":
        verdict = Verdict.UNKNOWN
    elif str(offered) in _EACH_OFFERED or str(wish) == _EACH_ASKED:
        verdict = Verdict.FITS
    else:
        verdict = _respect(Comparison(parameter, _RECOMMENDED, Relation.EQUAL), offered, wish).verdict
    told = "" if offered is None else str(offered)
    return Reason(verdict, parameter, told, _RECOMMENDED, str(wish), Relation.EQUAL, must=must)


def fit(
    offered: Mapping[str, object],
    *,
    measured: Mapping[str, object],
    recommended: Mapping[str, object],
    comparisons: Sequence[Comparison],
    must: Collection[str] = (),
) -> Fit:
    """Compare an offer's parameters with the person's measurements and the programme's recommended parameters.

    Args:
        offered: parameter code → value of the offer's version.
        measured: measurement code → newest value; ``age_years`` among them.
        recommended: parameter code → value the programme asks for ("any" and "both" of the offer satisfy each wish).
        comparisons: the reference rules; only those whose parameter the offer has are applied.
        must: codes of recommended parameters that have to match; the others are wishes, and one of which the offer
            tells nothing is not compared.

    Returns:
        "does not fit" when one respect says so, else "unknown" when one cannot be judged or the offer does not tell
        what must match, else "fits"; "not compared" where nothing tells of it. (portal.md, body parameters; section 2,
        "must match" or "wish")
    """
    reasons = [
        _respect(rule, offered[rule.parameter], measured.get(rule.measurement))
        for rule in comparisons
        if rule.parameter in offered
    ]
    reasons += [
        _asked(parameter, offered.get(parameter), wish, must=parameter in must)
        for parameter, wish in recommended.items()
        if parameter in offered or parameter in must
    ]
    # of what is equally bad, what must match comes first
    reasons.sort(key=lambda reason: (_WORST_FIRST[reason.verdict], not reason.must))
    if not reasons:
        return Fit(Verdict.NOT_COMPARED, ())
    return Fit(reasons[0].verdict, tuple(reasons))


@dataclass(frozen=True, slots=True)
class VariantCard:
    """A size or model as the supplier describes it: label, price (tenge per unit), stock, parameters, own number."""

    label: str
    price: Decimal
    stock: int
    parameters: Mapping[str, str | float | bool]
    article: str = ""


@dataclass(frozen=True, slots=True)
class StockAndPrice:
    """Of a variant: as a page showed them, or as somebody wants them; price in tenge."""

    stock: int
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a size: what the supplier saw when it was decided, and what is wanted."""

    variant: UUID
    shown: StockAndPrice
    wanted: StockAndPrice
    article: str


def search_words(text: str) -> list[str]:
    """The words of a text in small letters, for searching: letters and digits, nothing that stands between them."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold().replace("_", " "))


def delivers_to(codes: Sequence[str], territory_code: str) -> bool:
    """Whether an offer reaches a district: it names the district itself, or its region (КАТО: nn0000000)."""
    return territory_code in codes or f"{territory_code[:2]}0000000" in codes


def turn(offer: str, day: date) -> bytes:
    """A place that is fair over time: each day another order, the same for everybody on that day.

    Args:
        offer: its key as text.
        day: on which it is shown.
    """
    return sha256(f"{day} {offer}".encode()).digest()
