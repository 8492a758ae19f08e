"""Which forms are kept as drafts: their names and addresses, so that lists and reminders know forms of every app."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft, draft_for
from tirek.core.errors import Text

Address = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class FormType:
    """One form.

    Attributes:
        code: as in ``Draft.form``.
        title: name for lists.
        url: the page on which the form goes on, by the draft's key.
        discard_url: the page on which it is thrown away.
        desks: where it is filled in.
    """

    code: str
    title: Text
    url: Address
    discard_url: Address
    desks: frozenset[Desk]


_forms: dict[str, FormType] = {}


def register(form: FormType) -> FormType:
    """Make a form known; once, from the app's ``ready``."""
    return _forms.setdefault(form.code, form)


def known(desk: Desk | None = None) -> frozenset[str]:
    """Codes of the registered forms, or of those of a desk."""
    return frozenset(code for code, form in _forms.items() if desk is None or desk in form.desks)


@dataclass(frozen=True, slots=True)
class Begun:
    """An unfinished form in a list."""

    draft: Draft
    title: Text
    url: str
    discard_url: str


def begun(draft: Draft) -> Begun:
    """An unfinished form with its name and addresses (``KeyError`` when its form is not known)."""
    form = form_of(draft.form)
    return Begun(draft, form.title, form.url(draft.pk), form.discard_url(draft.pk))


def form_of(code: str) -> FormType:
    """The form with this code (``KeyError`` when nobody registered it)."""
    return _forms[code]


def address_for(actor: Actor, key: UUID) -> str:
    """Where a draft goes on, if it is the actor's to see.

    Raises:
        DraftLost: there is none, or not for this actor.
        KeyError: its form is not known any more.
    """
    return form_of(draft_for(actor, key).form).url(key)
