"""What a form over a draft is made of: its pages, what they refer to, and the one parser of their answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.errors import DomainError, RuleBroken, Text
from tirek.ui.desks import DeskRequest
from tirek.ui.fields import inputs_of
from tirek.ui.renderer import GovukBoundField

#: Digits of a number that a page sends back; more are none of ours.
LONGEST_NUMBER: Final = 10
_WAY_BACK: Final = _lazy("Go back to that step; everything else is kept.")


class Filled(Protocol):
    """A draft with what it refers to, as an app reads it."""

    @property
    def draft(self) -> Draft:
        """The draft."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A draft that refers to nothing else."""

    draft: Draft


F = TypeVar("F", bound=Filled)
#: ``(actor, what a press sent) -> values, person`` of a form that begins.
Refused = DomainError | None
Begins = Callable[[Actor, Mapping[str, str]], tuple[Mapping[str, str], UUID | None]]


def answers(steps: Iterable[tuple[str, forms.Form]]) -> dict[str, Any]:
    """What was answered, checked by the forms of the pages, all together.

    Args:
        steps: name of each step with its form, bound to the draft's values.

    Raises:
        RuleBroken: something is missing or not valid; ``code`` is ``incomplete_<step>``.
    """
    found: dict[str, Any] = {}
    for step, form in steps:
        if not form.is_valid():
            first = next(iter(form.errors))
            bound = form[first] if first in form.fields else None
            said = bound.error_texts[0] if isinstance(bound, GovukBoundField) else str(form.errors[first][0])
            raise RuleBroken(said, next_step=_WAY_BACK, code=f"incomplete_{step}")
        found |= form.cleaned_data
    return found


def _yes(_filled: Any) -> bool:  # noqa: ANN401 - any form
    return True


def _no(_filled: Any) -> bool:  # noqa: ANN401 - any form
    return False


def _kept(_request: DeskRequest, _filled: Any, _form: forms.Form) -> None:  # noqa: ANN401 - any form
    return None


def no_fields(_filled: Any, data: Mapping[str, Any] | None) -> forms.Form:  # noqa: ANN401 - any form
    """A form that asks nothing."""
    return forms.Form(data)


def no_context(_request: DeskRequest, _filled: Any) -> Mapping[str, object]:  # noqa: ANN401 - any form
    """No further values."""
    return {}


def nobody(_filled: Any) -> UUID | None:  # noqa: ANN401 - any form
    """No account."""
    return None


def nowhere(_filled: Any) -> str:  # noqa: ANN401 - any form
    """No district."""
    return ""


class ReasonForm(forms.Form):
    """Why an officer deletes a form that is somebody else's."""

    reason = forms.ChoiceField(
        label=_lazy("Why is it deleted?"), choices=Draft.EndReason.choices, widget=forms.RadioSelect
    )


@dataclass(frozen=True)
class Step(Generic[F]):
    """One page of a form.

    Attributes:
        name: in the address.
        title: heading, and the name where something is missing.
        form: ``(filled, data, what was typed before) -> form``; ``data`` is ``None`` when the page is opened.
        intro: said over the form.
        below: template between the fields and the button; knows what the form's ``context`` gives.
        asked: whether the page is asked at all.
        known: whether what is on file answers the page: then it is passed over on the way, and opened from the check
            page only.
        keep: what else is kept when the answers are right; it puts refusals at the form's fields.
        refused: is told when they are not.
    """

    name: str
    title: Callable[[F], Text]
    form: Callable[[F, Mapping[str, Any] | None, dict[str, Any]], forms.Form]
    intro: Callable[[F], Text] = lambda _filled: ""
    asked: Callable[[F], bool] = _yes
    known: Callable[[F], bool] = _no
    below: str = ""
    keep: Callable[[DeskRequest, F, forms.Form], None] = _kept
    refused: Callable[[DeskRequest, F, forms.Form], None] = _kept


def base(text: str, *, otherwise: int = 0) -> int:
    """The version of a field that a page showed."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else otherwise


def typed_unseen(request: DeskRequest) -> dict[str, drafts.Typed]:
    """What the page of a form sends that cannot be opened now, by the versions that it showed."""
    shown = {name.removeprefix("v_"): str(kept) for name, kept in request.POST.items() if name.startswith("v_")}
    return {
        name: drafts.Typed("\n".join(request.POST.getlist(name)), base(kept))
        for name, kept in shown.items()
        if name in request.POST
    }


def typed_in(request: DeskRequest, stored: Mapping[str, int], form: forms.Form) -> dict[str, drafts.Typed]:
    """What the page sends, each field on the version the page showed (hidden ``v_<field>``), else on what is
    ``stored``.
    """
    typed = {}
    for name in [one for field_name, field in form.fields.items() for one in inputs_of(field_name, field)]:
        shown = request.POST.get(f"v_{name}", "")
        # several answers are one text, a line each, as the script of the page sends them
        answer = "\n".join(request.POST.getlist(name))
        typed[name] = drafts.Typed(answer, base(shown, otherwise=stored.get(name, 0)))
    return typed


def that_can_be_kept(form: forms.Form, typed: Mapping[str, drafts.Typed]) -> dict[str, drafts.Typed]:
    """The answers that a draft has room for; a longer one is refused at its field, where it stands as it was typed."""
    for field_name, field in form.fields.items():
        is_long = any(len(typed[name].value) > drafts.MAX_FIELD for name in inputs_of(field_name, field))
        if is_long and field_name not in form.errors:
            words = _lazy("“%(label)s” must be %(limit_value)s characters or fewer. Shorten it.")
            params = {"label": field.label, "limit_value": drafts.MAX_FIELD}
            form.add_error(field_name, forms.ValidationError(words, code="max_length", params=params))
    return {name: one for name, one in typed.items() if len(one.value) <= drafts.MAX_FIELD}
