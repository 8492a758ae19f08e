"""Many cases carried on in one go: a form for all, a page that says what will happen, then each by itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.case.registry import CaseType
from tirek.core.errors import DomainError, NotFound, StaleState, Text
from tirek.core.tables import CaseRow
from tirek.ui.acts import Act


def _nothing(**_given: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done with many cases of a list at once.

    Attributes:
        act: the act that is carried out on each; its form is filled in once for all.
        title: heading of the form.
        check: ``(actor, case, **given)`` raises what the act would refuse, and changes nothing.
        limit: head of a column, and what it says of a case beside the form ("the last day you can promise").
        told: sentence after it is done.
        describe: a case in the lists of what will happen and what has happened.
    """

    act: Act
    title: Text
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
