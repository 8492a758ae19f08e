"""Scenarios by experts: a person, a programme, what happened, and what the rules have to say on a day.

A file (YAML, one scenario per document) is read strictly: an unknown key, a missing one or a value that cannot be read
is refused with file, line and key. How one is played stands in ``actions.scenarios``; nothing personal belongs in here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, TypeVar

import yaml

from tirek.catalogue.models import CarryOver, Period, ProvisionChannel
from tirek.people.models import Disability

T = TypeVar("T")
#: Scenarios that are shipped.
FOLDER: Final = Path(__file__).parent / "reference" / "scenarios"
#: No file of scenarios is longer, characters.
MOST: Final = 1_000_000
_MOST_SHOWN: Final = 40
#: Days of scenarios: what is earlier or later is a slip of the fingers.
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_MOST_DIGITS: Final = 9
#: What happens in one scenario spans no more years, and no list in it is longer: each is played while somebody waits.
_MOST_YEARS: Final = 15
_MOST_IN_A_LIST: Final = 100

Plain = str | int | Decimal | date | None


class BrokenScenario(ValueError):
    """A file of scenarios that cannot be read: where, which key, and why."""

    def __init__(self, file: str, line: int, key: str, text: str) -> None:
        super().__init__(f"{file}:{line}: {key}: {text}" if key else f"{file}:{line}: {text}")
        self.file, self.line, self.key, self.text = file, line, key, text


@dataclass(frozen=True, slots=True)
class Subject:
    """The person: only what rules ask for."""

    born: date
    group: str
    reason: str
    died: date | None


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line of a programme: ``channel`` is the kind's own where it is empty, ``asks`` is written as in a file of
    programmes (``asking.read_asked``).
    """

    kind: str
    quantity: int
    channel: str
    asks: str


@dataclass(frozen=True, slots=True)
class GivenProgramme:
    """A programme: issued, entered (the day of the notice), its last day, and whether it was ended before."""

    issued: date
    entered: date
    until: date | None
    employer_pays: bool
    cancelled: date | None
    replaced: date | None
    lines: tuple[GivenLine, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: ``what`` is order, receive, cancel, correct, reopen, earlier or provide.

    Attributes:
        on: the day.
        kind: kind of the line.
        what: what happened.
        quantity: units; 0 where there are none.
        channel: how the line is provided from then on; "" where that stays.
        of: which order it is about, counted from 1; 0: the newest one.
        refused: the rule that has to refuse it; "" when it has to go through.
        line: of the file.
    """

    on: date
    kind: str
    what: str
    quantity: int
    channel: str
    of: int
    refused: str
    line: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms that a scenario supposes for a kind, in place of those in force."""

    kind: str
    period: str
    part: str
    part_quantity: int | None
    carry_over: str
    max_per_order: int | None
    replacement_months: int | None


@dataclass(frozen=True, slots=True)
class Supposed:
    """What a scenario supposes in place of what is in force: terms, guaranteed amounts, first days on the portal, and
    the last days until which the local body buys a kind that nobody offers in the region (``None`` without an end).
    """

    terms: tuple[Terms, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    on_portal: Mapping[str, date | None] = field(default_factory=dict)
    bought_here: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """A price of one and a quantity, for which the split is told."""

    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What the rules have to say of a kind: each name with its value; those that are not named are not compared.

    Attributes:
        kind: of the classifier.
        values: what has to be said, by name.
        prices: for which the split is told.
        offers: parameters of offers of which it is told whether they fit.
        line: of the file.
    """

    kind: str
    values: Mapping[str, Plain]
    prices: tuple[PriceAsked, ...]
    offers: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: what is given, and what is expected ``on`` a day."""

    file: str
    line: int
    title: str
    on: date
    place: str
    person: Subject
    programmes: tuple[GivenProgramme, ...]
    steps: tuple[Step, ...]
    suppose: Supposed
    expect: tuple[Expected, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of its programmes."""
        return frozenset(line.kind for one in self.programmes for line in one.lines)


_ABSENT: Final = object()


class _Map:
    """The keys of one mapping of a file, each taken once."""

    def __init__(self, file: str, node: yaml.Node, key: str) -> None:
        self._file, self.line = file, node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise BrokenScenario(file, self.line, key, "keys with values belong here")
        self._found: dict[str, tuple[int, yaml.Node]] = {}
        for name, value in node.value:
            line = name.start_mark.line + 1
            if not isinstance(name, yaml.ScalarNode):
                raise BrokenScenario(file, line, key, "a key is one word")
            if name.value in self._found:
                raise BrokenScenario(file, line, name.value, "the key stands twice")
            self._found[name.value] = line, value
        self._known: list[str] = []

    def take(self, key: str, read: Callable[[str, yaml.Node, str], T], default: T | object = _ABSENT) -> T:
        """The value of a key.

        Raises:
            BrokenScenario: it is missing, or cannot be read.
        """
        self._known.append(key)
        found = self._found.pop(key, None)
        if found is not None:
            return read(self._file, found[1], key)
        if default is _ABSENT:
            raise BrokenScenario(self._file, self.line, key, "is missing")
        return default  # type: ignore[return-value]  # what the caller gave

    def has(self, key: str) -> bool:
        """Whether the key is there and was not taken yet."""
        return key in self._found

    def end(self) -> None:
        """No other keys belong here.

        Raises:
            BrokenScenario: there is one.
        """
        for key, (line, _node) in self._found.items():
            raise BrokenScenario(self._file, line, key, f"nobody knows this key; known here: {', '.join(self._known)}")


def _text(file: str, node: yaml.Node, key: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise BrokenScenario(file, node.start_mark.line + 1, key, "one value belongs here")
    return str(node.value).strip()


def _refuse(file: str, node: yaml.Node, key: str, text: str, needed: str) -> BrokenScenario:
    return BrokenScenario(file, node.start_mark.line + 1, key, f"“{text[:_MOST_SHOWN]}” is {needed}")


def _day(file: str, node: yaml.Node, key: str) -> date:
    text = _text(file, node, key)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _refuse(file, node, key, text, "no day like 2027-02-28") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _refuse(file, node, key, text, f"not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return found


def _or_never(read: Callable[[str, yaml.Node, str], T]) -> Callable[[str, yaml.Node, str], T | None]:
    def read_it(file: str, node: yaml.Node, key: str) -> T | None:
        return None if _text(file, node, key) in {"never", "~", "null", ""} else read(file, node, key)

    return read_it


def _whole(file: str, node: yaml.Node, key: str) -> int:
    text = _text(file, node, key)
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal()):
        raise _refuse(file, node, key, text, "no whole number")
    if len(text) > _MOST_DIGITS:
        raise _refuse(file, node, key, text, "too large a number")
    return int(text)


def _amount(file: str, node: yaml.Node, key: str) -> Decimal:
    text = _text(file, node, key)
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise _refuse(file, node, key, text, "no amount like 250.50")
    if abs(found.adjusted()) > _MOST_DIGITS:
        raise _refuse(file, node, key, text, "too large or too small an amount")
    return found


def _yes(file: str, node: yaml.Node, key: str) -> bool:
    text = _text(file, node, key)
    if text not in {"yes", "no"}:
        raise _refuse(file, node, key, text, "neither yes nor no")
    return text == "yes"


def _one_of(known: Iterable[str]) -> Callable[[str, yaml.Node, str], str]:
    codes = list(known)

    def read_it(file: str, node: yaml.Node, key: str) -> str:
        text = _text(file, node, key)
        if text not in codes:
            raise _refuse(file, node, key, text, f"none of {', '.join(codes)}")
        return text

    return read_it


def _all(read: Callable[[str, yaml.Node, str], T]) -> Callable[[str, yaml.Node, str], tuple[T, ...]]:
    def read_them(file: str, node: yaml.Node, key: str) -> tuple[T, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise BrokenScenario(file, node.start_mark.line + 1, key, "a list belongs here")
        if len(node.value) > _MOST_IN_A_LIST:
            raise BrokenScenario(file, node.start_mark.line + 1, key, f"the list has more than {_MOST_IN_A_LIST} items")
        return tuple(read(file, one, key) for one in node.value)

    return read_them


def _by_kind(read: Callable[[str, yaml.Node, str], T]) -> Callable[[str, yaml.Node, str], dict[str, T]]:
    def read_them(file: str, node: yaml.Node, key: str) -> dict[str, T]:
        if not isinstance(node, yaml.MappingNode):
            raise BrokenScenario(file, node.start_mark.line + 1, key, "kinds with values belong here")
        return {_text(file, kind, key): read(file, value, _text(file, kind, key)) for kind, value in node.value}

    return read_them


def _subject(file: str, node: yaml.Node, key: str) -> Subject:
    given = _Map(file, node, key)
    found = Subject(
        born=given.take("born", _day, date(1980, 1, 1)),
        group=given.take("group", _one_of(Disability.Group.values), ""),
        reason=given.take("reason", _one_of(Disability.Reason.values), Disability.Reason.GENERAL.value),
        died=given.take("died", _day, None),
    )
    given.end()
    return found


def _line(file: str, node: yaml.Node, key: str) -> GivenLine:
    given = _Map(file, node, key)
    found = GivenLine(
        kind=given.take("kind", _text),
        quantity=given.take("quantity", _whole),
        channel=given.take("channel", _one_of(ProvisionChannel.values), ""),
        asks=given.take("asks", _text, ""),
    )
    given.end()
    return found


def _programme(file: str, node: yaml.Node, key: str) -> GivenProgramme:
    given = _Map(file, node, key)
    issued = given.take("issued", _day)
    found = GivenProgramme(
        issued=issued,
        entered=given.take("entered", _day, issued),
        until=given.take("until", _or_never(_day), None),
        employer_pays=given.take("employer_pays", _yes, default=False),
        cancelled=given.take("cancelled", _day, None),
        replaced=given.take("replaced", _day, None),
        lines=given.take("lines", _all(_line)),
    )
    given.end()
    return found


#: What may happen, and how what it says is read.
_STEPS: Final[Mapping[str, Callable[[str, yaml.Node, str], int | str | bool]]] = {
    "order": _whole,
    "receive": _whole,
    "cancel": _yes,
    "correct": _whole,
    "reopen": _yes,
    "earlier": _yes,
    "provide": _one_of(ProvisionChannel.values),
}


def _step(file: str, node: yaml.Node, key: str) -> Step:
    given = _Map(file, node, key)
    on, kind = given.take("on", _day), given.take("kind", _text)
    what = next((one for one in _STEPS if given.has(one)), "")
    if not what:
        raise BrokenScenario(file, given.line, key, f"one of {', '.join(_STEPS)} belongs here")
    said = given.take(what, _STEPS[what])
    found = Step(
        on,
        kind,
        what,
        quantity=said if type(said) is int else 0,
        channel=said if isinstance(said, str) else "",
        of=given.take("of", _whole, 0),
        refused=given.take("refused", _text, ""),
        line=given.line,
    )
    given.end()
    return found


def _terms(file: str, node: yaml.Node, key: str) -> Terms:
    given = _Map(file, node, key)
    found = Terms(
        kind=given.take("kind", _text),
        period=given.take("period", _one_of(Period.values)),
        part=given.take("part", _one_of(Period.values), ""),
        part_quantity=given.take("part_quantity", _whole, None),
        carry_over=given.take("carry_over", _one_of(CarryOver.values), CarryOver.NONE.value),
        max_per_order=given.take("max_per_order", _whole, None),
        replacement_months=given.take("replacement_months", _whole, None),
    )
    given.end()
    return found


def _supposed(file: str, node: yaml.Node, key: str) -> Supposed:
    given = _Map(file, node, key)
    found = Supposed(
        terms=given.take("terms", _all(_terms), ()),
        amounts=given.take("amounts", _by_kind(_amount), {}),
        on_portal=given.take("on_portal", _by_kind(_or_never(_day)), {}),
        bought_here=given.take("bought_here", _by_kind(_or_never(_day)), {}),
    )
    given.end()
    return found


#: What may be expected of a line, and how it is read.
EXPECTED: Final[Mapping[str, Callable[[str, yaml.Node, str], Plain]]] = {
    "rule": _text,
    "article": _text,
    "quantity": _whole,
    "most": _whole,
    "from": _or_never(_day),
    "window_first": _day,
    "window_last": _or_never(_day),
    "received": _whole,
    "held": _whole,
    "next": _or_never(_day),
    "order_by": _or_never(_day),
    "first_reminder": _or_never(_day),
    "second_reminder": _or_never(_day),
    "third_reminder": _or_never(_day),
    "term": _text,
    "asks": _text,
}
#: What may become of an offer.
FITS: Final = ("fits", "not_compared", "unknown", "does_not_fit", "barred")


def _split(file: str, node: yaml.Node, key: str) -> tuple[PriceAsked, dict[str, Plain]]:
    given = _Map(file, node, key)
    asked = PriceAsked(given.take("price", _amount), given.take("quantity", _whole))
    values: dict[str, Plain] = {}
    reads: dict[str, Callable[[str, yaml.Node, str], Plain]] = {"budget": _amount, "person": _amount, "rule": _text}
    for name, read_it in reads.items():
        if given.has(name):
            values[split_name(asked, name)] = given.take(name, read_it)
    given.end()
    return asked, values


def split_name(asked: PriceAsked, what: str) -> str:
    """How what a split says is called among the values: ``split 250 x 10 budget``."""
    return f"split {asked.price:f} x {asked.quantity} {what}"


def _offer(file: str, node: yaml.Node, key: str) -> tuple[str, str]:
    """What an offer is, and whether it fits; "barred" where the line requires something else."""
    given = _Map(file, node, key)
    found = given.take("has", _text), given.take("fits", _one_of(FITS))
    given.end()
    return found


def offer_name(has: str) -> str:
    """How the verdict over an offer is called among the values: ``offer type=static``."""
    return f"offer {has}"


def _expected(file: str, node: yaml.Node, key: str) -> Expected:
    given = _Map(file, node, key)
    kind = given.take("kind", _text)
    values: dict[str, Plain] = {}
    for name, read_it in EXPECTED.items():
        if given.has(name):
            values[name] = given.take(name, read_it)
    offers = given.take("offers", _all(_offer), ())
    values |= {offer_name(has): fits for has, fits in offers}
    splits = given.take("split", _all(_split), ())
    for _asked, said in splits:
        values |= said
    given.end()
    if not values:
        raise BrokenScenario(file, given.line, key, f"nothing is expected of {kind}")
    return Expected(
        kind, values, tuple(asked for asked, _said in splits), tuple(has for has, _fits in offers), given.line
    )


def _scenario(file: str, node: yaml.Node) -> Scenario:
    given = _Map(file, node, "")
    found = Scenario(
        file=file,
        line=given.line,
        title=given.take("title", _text),
        on=given.take("on", _day),
        place=given.take("place", _text, ""),
        person=given.take("person", _subject, Subject(date(1980, 1, 1), "", "general", None)),
        programmes=given.take("programmes", _all(_programme)),
        steps=given.take("steps", _all(_step), ()),
        suppose=given.take("suppose", _supposed, Supposed()),
        expect=given.take("expect", _all(_expected)),
    )
    given.end()
    if not found.expect:
        raise BrokenScenario(file, given.line, "expect", "nothing is expected")
    began = min((one.entered for one in found.programmes), default=found.on)
    if (found.on - began).days > _MOST_YEARS * 366:
        raise BrokenScenario(file, given.line, "on", f"is more than {_MOST_YEARS} years after the first programme")
    return found


def read(file: str, text: str) -> list[Scenario]:
    """The scenarios of a file; ``file`` is what messages call it.

    Raises:
        BrokenScenario: it is not YAML, or not of this form.
    """
    if len(text) > MOST:
        raise BrokenScenario(file, 1, "", f"the file has more than {MOST} characters")
    try:
        # a name for a part that is used again could make a small file endless
        if any(isinstance(one, yaml.AliasToken | yaml.AnchorToken) for one in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise BrokenScenario(file, 1, "", "names of parts (& and *) are not read")
        documents = [one for one in yaml.compose_all(text, Loader=yaml.SafeLoader) if one is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenScenario(file, mark.line + 1 if mark else 1, "", f"no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BrokenScenario(file, 1, "", f"no YAML: {error}") from error
    except RecursionError:
        raise BrokenScenario(file, 1, "", "too many parts within parts") from None
    if not documents:
        raise BrokenScenario(file, 1, "", "the file holds no scenario")
    return [_scenario(file, one) for one in documents]


def shipped() -> Iterator[Scenario]:
    """Every scenario that is shipped.

    Raises:
        BrokenScenario: a file is not of this form.
    """
    for path in sorted(FOLDER.glob("*.yml")):
        yield from read(path.name, path.read_text(encoding="utf-8"))


def written(scenario: Mapping[str, object]) -> str:
    """A scenario as a file has it, from plain values in the order of their keys."""
    return yaml.safe_dump(dict(scenario), allow_unicode=True, sort_keys=False, width=120)
