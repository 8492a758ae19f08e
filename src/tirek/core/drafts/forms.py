"""Which forms are kept as drafts: their names and addresses, so that lists and reminders know forms of every app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import register_address
from tirek.core.drafts import Draft, draft_for
from tirek.core.errors import DomainError, Text

Address = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class FormType:
    """One form.

    Attributes:
        code: as in ``Draft.form``.
        title: name for lists.
        url: the page on which the form goes on, by the draft's key.
        discard_url: the page on which it is thrown away.
        take_url: where it is taken up.
        about: what drafts of it are about, in words, by the draft's key; for lists.
        asks: under which names a draft keeps answers to what its pages ask.
        desks: where it is filled in.
    """

    code: str
    title: Text
    url: Address
    discard_url: Address
    take_url: Address
    desks: frozenset[Desk]
    about: Callable[[Sequence[Draft]], dict[UUID, str]] = lambda _drafts: {}
    asks: Callable[[Actor, Draft], frozenset[str]] | None = None


_forms: dict[str, FormType] = {}


def register(form: FormType) -> FormType:
    """Make a form known; once, from the app's room ``draft_forms``.

    Raises:
        ValueError: the code is taken.
    """
    if form.code in _forms:
        raise ValueError(f"Form {form.code} is registered twice.")
    _forms[form.code] = form
    return form


def known(desk: Desk | None = None) -> frozenset[str]:
    """Codes of the registered forms, or of those of a desk."""
    return frozenset(code for code, form in _forms.items() if desk is None or desk in form.desks)


@dataclass(frozen=True, slots=True)
class Begun:
    """An unfinished form in a list."""

    draft: Draft
    title: Text
    about: str
    url: str
    discard_url: str
    take_url: str


def begun(drafts: Sequence[Draft]) -> list[Begun]:
    """Unfinished forms with their names, what they are about, and their addresses, in their order; one whose form is
    not known is left out.
    """
    by_form: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.form in _forms:
            by_form.setdefault(draft.form, []).append(draft)
    about = {key: words for code, some in by_form.items() for key, words in _forms[code].about(some).items()}
    return [
        Begun(
            draft,
            form.title,
            about.get(draft.pk, ""),
            form.url(draft.pk),
            form.discard_url(draft.pk),
            form.take_url(draft.pk),
        )
        for draft in drafts
        if (form := _forms.get(draft.form)) is not None
    ]


def form_of(code: str) -> FormType:
    """The form with this code (``KeyError`` when nobody registered it)."""
    return _forms[code]


def asked_of(actor: Actor, draft: Draft) -> frozenset[str] | None:
    """Under which names a draft keeps answers to what its pages ask; ``None`` where nobody can say: its form is not
    known any more, or what it refers to is not the actor's to see. Who acts for others is asked as who acts for the
    person that it is about.
    """
    form = _forms.get(draft.form)
    if form is None or form.asks is None:
        return None
    if actor.desk is Desk.RECIPIENT and draft.subject_id is not None:
        actor = actor.behalf(draft.subject_id)
    try:
        return form.asks(actor, draft)
    except DomainError:
        return None


def address_for(actor: Actor, key: UUID) -> str:
    """Where a draft goes on, if it is the actor's to see.

    Raises:
        DraftLost: there is none, or not for this actor.
        KeyError: its form is not known any more.
    """
    return form_of(draft_for(actor, key).form).url(key)


register_address("draft", Draft, address_for)
