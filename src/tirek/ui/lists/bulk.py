"""Many cases carried on in one go: a form for all, a page that says what will happen, then each by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.case.registry import CaseType
from tirek.core.errors import DomainError, NotFound, StaleState, Text
from tirek.core.tables import CaseRow
from tirek.ui.acts import Act

NOTHING_TICKED: Final = _("Tick what you want to carry on.")
#: What a page sends beside the answers.
NO_ANSWERS: Final = frozenset({"case", "step", "csrfmiddlewaretoken"})


def _nothing(**_given: object) -> None:
    return None


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
    """

    act: Act
    title: Text
    button: Text = ""
    none: Text = NOTHING_TICKED
    check: Callable[..., None] = _nothing
    limit: tuple[Text, Callable[[Any], str]] | None = None
    told: Text = ""
    describe: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one of many cases: carried on, or why not.

    Attributes:
        number: as it was ticked.
        case: the case; nothing when the actor has none of this number.
        refusal: why it is not carried on.
    """

    number: str
    case: CaseRow | None
    refusal: DomainError | None


def _answered(kind: CaseType[Any], actor: Actor, numbers: Iterable[str]) -> list[Answer]:
    wanted = list(dict.fromkeys(numbers))
    found = {case.number: case for case in kind.visible_to(actor).filter(number__in=wanted)}
    return [Answer(number, found.get(number), None if number in found else NotFound()) for number in wanted]


def _tried(answers: Iterable[Answer], carry_on: Callable[[Any], object]) -> list[Answer]:
    done = []
    for one in answers:
        refusal = one.refusal
        if one.case is not None:
            try:
                carry_on(one.case)
            except DomainError as refused:
                refusal = refused
        done.append(Answer(one.number, one.case, refusal))
    return done


def _check_offered(bulk: Bulk, actor: Actor, case: CaseRow) -> None:
    if not bulk.act.offered(actor, case):
        raise StaleState(state=case.state, message=_("This no longer waits for your answer."))


def plan(
    kind: CaseType[Any], bulk: Bulk, *, actor: Actor, numbers: Iterable[str], given: dict[str, Any]
) -> Sequence[Answer]:
    """What would become of each case; nothing is changed. One entry per number, in their order."""

    def would(case: CaseRow) -> None:
        if bulk.act.transition not in kind.process.open_to(actor, case):
            raise StaleState(state=case.state, message=_("This no longer waits for your answer."))
        _check_offered(bulk, actor, case)
        bulk.check(actor=actor, case=case, **given)

    return _tried(_answered(kind, actor, numbers), would)


def carry_out(
    kind: CaseType[Any], bulk: Bulk, *, actor: Actor, numbers: Iterable[str], given: dict[str, Any]
) -> Sequence[Answer]:
    """Carry the act out on each case in a transaction of its own. One entry per number, in their order."""

    def carry_on(case: CaseRow) -> None:
        _check_offered(bulk, actor, case)
        bulk.act(actor, case, given)

    return _tried(_answered(kind, actor, numbers), carry_on)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one of many cases: its number, and why it is not carried on ("" when it is)."""

    number: str
    refusal: str


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
            "told": [[one.number, one.refusal] for one in self.told],
        }


def kept(plain: Mapping[str, list[list[str]]]) -> Outcome:
    """What ``Outcome.plain`` gave."""
    answers = [(label, answer) for label, answer in plain["answers"]]
    return Outcome(answers, [Told(number, refusal) for number, refusal in plain["told"]])


def told(answers: Iterable[Answer]) -> list[Told]:
    """What becomes of each case, in the reader's words."""
    return [
        Told(one.number, f"{one.refusal.message} {one.refusal.next_step}" if one.refusal else "") for one in answers
    ]


def form_of(bulk: Bulk, sent: Mapping[str, str], *, bound: bool) -> forms.Form:
    """The form of the act: bound to what was sent, or with it to be changed."""
    if bound:
        return bulk.act.form(sent)
    fields = bulk.act.form().fields
    typed = {name: field.widget.value_from_datadict(dict(sent.items()), {}, name) for name, field in fields.items()}
    return bulk.act.form(initial={name: value for name, value in typed.items() if value})
