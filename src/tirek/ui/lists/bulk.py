"""Many cases carried on in one go: a form for all, a page that says what will happen, then each by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.case.registry import CaseType
from tirek.core.errors import DomainError, NotFound, StaleState, Text
from tirek.core.tables import CaseRow
from tirek.ui.acts import Act
from tirek.ui.text import answer_text

NOTHING_TICKED: Final = _("Tick what you want to carry on.")
#: What a page sends beside the answers.
NO_ANSWERS: Final = frozenset({"case", "step", "filter", "csrfmiddlewaretoken"})


def _nothing(**_given: object) -> None:
    return None


def _no_words(_case: object, **_given: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done with many cases of a list at once.

    Attributes:
        act: the act that is carried out on each; its form is filled in once for all.
        title: heading of its pages.
        button: under the list, where it is not the title.
        none: said when nothing is ticked.
        check: ``(actor, case, **given)`` raises what the act would refuse, and changes nothing.
        limit: head of a column, and what it says of a case beside the form ("the last day you can promise").
        told: sentence after it is done.
        describe: a case in the lists of what will happen and what has happened.
        promise: ``(case, **given)``: what is said of a case in these lists that follows from the answers; "" for
            nothing.
    """

    act: Act
    title: Text
    button: Text = ""
    none: Text = NOTHING_TICKED
    check: Callable[..., None] = _nothing
    limit: tuple[Text, Callable[[Any], str]] | None = None
    told: Text = ""
    describe: Callable[[Any], str] = str
    promise: Callable[..., str] = _no_words

    @property
    def name(self) -> str:
        """As its address says it."""
        return self.act.transition

    @property
    def asks(self) -> bool:
        """Whether there is something to fill in."""
        return bool(self.act.form.base_fields)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page about the cases of a list that are ticked, to be read or printed: it changes nothing.

    Attributes:
        button: under the list.
        route: name of its route; it takes the numbers as ``case``.
        states: of the cases for which it is offered.
    """

    button: Text
    route: str
    states: frozenset[str]

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one of many cases: carried on, or why not.

    Attributes:
        number: as it was ticked.
        case: the case; nothing when the actor has none of this number.
        refusal: why it is not carried on.
        promise: what follows from the answers for it.
    """

    number: str
    case: CaseRow | None
    refusal: DomainError | None
    promise: str = ""


def _answered(kind: CaseType[Any], actor: Actor, numbers: Iterable[str]) -> list[Answer]:
    wanted = list(dict.fromkeys(numbers))
    found = {case.number: case for case in kind.visible_to(actor).filter(number__in=wanted)}
    return [Answer(number, found.get(number), None if number in found else NotFound()) for number in wanted]


def _tried(answers: Iterable[Answer], carry_on: Callable[[Any], str]) -> list[Answer]:
    done = []
    for one in answers:
        refusal, promise = one.refusal, ""
        if one.case is not None:
            try:
                promise = carry_on(one.case)
            except DomainError as refused:
                refusal = refused
        done.append(Answer(one.number, one.case, refusal, promise))
    return done


def _check_offered(bulk: Bulk, actor: Actor, case: CaseRow) -> None:
    if not bulk.act.offered(actor, case):
        raise StaleState(state=case.state, message=_("This no longer waits for your answer."))


def plan(
    kind: CaseType[Any], bulk: Bulk, *, actor: Actor, numbers: Iterable[str], given: dict[str, Any]
) -> Sequence[Answer]:
    """What would become of each case; nothing is changed. One entry per number, in their order."""

    def would(case: CaseRow) -> str:
        if bulk.act.transition not in kind.process.open_to(actor, case):
            raise StaleState(state=case.state, message=_("This no longer waits for your answer."))
        _check_offered(bulk, actor, case)
        bulk.check(actor=actor, case=case, **given)
        return bulk.promise(case, **given)

    return _tried(_answered(kind, actor, numbers), would)


def carry_out(
    kind: CaseType[Any], bulk: Bulk, *, actor: Actor, numbers: Iterable[str], given: dict[str, Any]
) -> Sequence[Answer]:
    """Carry the act out on each case in a transaction of its own. One entry per number, in their order."""

    def carry_on(case: CaseRow) -> str:
        _check_offered(bulk, actor, case)
        promise = bulk.promise(case, **given)
        bulk.act(actor, case, given)
        return promise

    return _tried(_answered(kind, actor, numbers), carry_on)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one of many cases.

    Attributes:
        number: of the case.
        refusal: why it is not carried on; "" when it is.
        promise: what follows from the answers for it.
    """

    number: str
    refusal: str
    promise: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What many cases are carried on with, and what becomes of each: in words, so that it can be kept.

    Attributes:
        answers: label and answer of each field.
        told: each case, in the order of the ticks.
    """

    answers: Sequence[tuple[str, str]]
    told: Sequence[Told]

    def plain(self) -> dict[str, list[list[str]]]:
        """As a session keeps it."""
        return {
            "answers": [list(one) for one in self.answers],
            "told": [[one.number, one.refusal, one.promise] for one in self.told],
        }


def kept(plain: Mapping[str, list[list[str]]]) -> Outcome:
    """What ``Outcome.plain`` gave."""
    answers = [(label, answer) for label, answer in plain["answers"]]
    return Outcome(answers, [Told(*one) for one in plain["told"]])


def told(answers: Iterable[Answer]) -> list[Told]:
    """What becomes of each case, in the reader's words."""
    return [
        Told(one.number, f"{one.refusal.message} {one.refusal.next_step}" if one.refusal else "", one.promise)
        for one in answers
    ]


def answers_of(form: forms.Form) -> list[tuple[str, str]]:
    """Label and answer of each field that was filled in, in words."""
    told = []
    for bound in form:
        value, choices = form.cleaned_data[bound.name], getattr(bound.field, "choices", None)
        if value not in bound.field.empty_values:
            told.append((str(bound.label), str(dict(choices)[value]) if choices else answer_text(value)))
    return told


def form_of(bulk: Bulk, sent: Mapping[str, str], *, bound: bool) -> forms.Form:
    """The form of the act: bound to what was sent, or with it to be changed."""
    if bound:
        return bulk.act.form(sent)
    fields = bulk.act.form().fields
    typed = {name: field.widget.value_from_datadict(dict(sent.items()), {}, name) for name, field in fields.items()}
    return bulk.act.form(initial={name: value for name, value in typed.items() if value})
