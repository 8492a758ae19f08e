"""What can be done with a case at a desk: the words, the form, the question before what cannot be undone."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from tirek.core.actors import Actor
from tirek.core.errors import DomainError, Text
from tirek.core.tables import CaseRow

if TYPE_CHECKING:
    from tirek.ui.signing import SigningPage

#: Words, or what makes them of a case.
Words = Text | Callable[[Any], Text]


class NoFields(forms.Form):
    """Nothing to fill in."""


def words_for(words: Words, case: CaseRow) -> str:
    """Words as they are for a case."""
    return str(words(case)) if callable(words) else str(words)


def told_at_field(form: forms.Form, refusal: DomainError, fields: Mapping[str, str]) -> bool:
    """Say a rule's refusal, with the way out, at the field it speaks of; False when it speaks of none of the form's.

    ``fields`` maps the code of a refusal to the name of a field.
    """
    name = fields.get(refusal.code, "")
    if name not in form.fields:
        return False
    # the general way out leads back to the form, where the person is already
    way_out = "" if refusal.next_step is DomainError.next_step else f" {refusal.next_step}"
    form.add_error(name, forms.ValidationError(f"{refusal.message}{way_out}", code=refusal.code))
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked before an act, on a page of its own.

    Attributes:
        question: what is about to happen.
        consequence: what follows from it.
        warns: whether it takes something away: the button is red.
    """

    question: Words
    consequence: Words
    warns: bool = True


def _nothing_to_know(_case: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any case
    return {}


def _always(_actor: Actor, _case: Any) -> bool:  # noqa: ANN401 - any case
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody at a desk can do with a case.

    Attributes:
        transition: of the process; who may do it, and when, stands there.
        title: heading where it has a form on the page.
        button: words of the button or link.
        done: said afterwards.
        run: the action, ``(*, actor, <case>, **fields of the form)``.
        form: what is filled in.
        ask: asked before, on a page of its own.
        fields: which field of the form a refusal speaks of, by the code of the refusal.
        main: whether it is what the reader came for: a button; others are quieter.
        offered: whether it is offered, beside what the process says.
        hint: said under its title.
        warns: whether it takes something away without being asked first: the button is red.
        signing: the page of signing on which it is done.
        instead: on that page, the transition that is offered for when it is not right.
        knows: what the form is told of the case, as its keyword arguments: what is proposed, the last day allowed.
    """

    #: Templates read an act; they never carry it out.
    do_not_call_in_templates: ClassVar[bool] = True

    transition: str
    title: Text
    button: Text
    done: Words = ""
    run: Callable[..., object] | None = None
    form: type[forms.Form] = NoFields
    ask: Ask | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    main: bool = False
    offered: Callable[[Actor, Any], bool] = _always
    hint: Text = ""
    warns: bool = False
    signing: "SigningPage | None" = None
    instead: str = ""
    knows: Callable[[Any], Mapping[str, Any]] = _nothing_to_know

    @property
    def has_page(self) -> bool:
        """Whether it is done on a page of its own."""
        return self.ask is not None or self.signing is not None

    def form_for(
        self,
        case: CaseRow,
        sent: Mapping[str, Any] | None = None,
        files: Any = None,  # noqa: ANN401 - Django's own
    ) -> forms.Form:
        """Its form for a case: as the page offers it, or with what was sent and the files that came along."""
        return self.form(sent, files, prefix=self.transition, **self.knows(case))

    def begun(self, case: CaseRow, sent: Mapping[str, Any]) -> forms.Form | None:
        """Its form with what came along while another act of the page was sent; ``None`` where nothing did.

        It is not checked: nobody has sent it yet.
        """
        if not any(name.startswith(f"{self.transition}-") for name in sent):
            return None
        form = self.form_for(case)
        for name, asked in form.fields.items():
            form.initial[name] = asked.widget.value_from_datadict(sent, {}, form.add_prefix(name))
        return form

    def __call__(self, actor: Actor, case: CaseRow, given: Mapping[str, Any]) -> object:
        """Carry it out with what was filled in.

        Raises:
            DomainError: what the action refuses.
        """
        if self.run is None:
            raise TypeError(f"{self.transition} is done on a page of its own.")
        case_name = list(inspect.signature(self.run).parameters)[1]
        return self.run(actor=actor, **{case_name: case}, **given)
