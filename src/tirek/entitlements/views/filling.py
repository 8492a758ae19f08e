"""One page of a form that is kept as it is typed."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django import forms

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken
from tirek.entitlements.answers import FORM_VERSION
from tirek.ui.desks import DeskRequest

#: Digits of a version that a page sends back; more are none of ours.
LONGEST_NUMBER: Final = 10


def begun(actor: Actor, form: str, values: dict[str, str], *, subject_id: UUID | None = None) -> Draft:
    """The actor's open draft of this form about the same thing, or a new one."""
    about = {f"fields__{name}__value": value for name, value in values.items()}
    same = drafts.open_of(actor).filter(form=form, state=Draft.State.OPEN, holder_id=actor.user_id, subject_id=subject_id, **about).first()
    return same or drafts.begin(actor, form=form, form_version=FORM_VERSION, subject_id=subject_id, values=values, step="form")


def keep(request: DeskRequest, draft: Draft, names: Iterable[str]) -> dict[str, drafts.Conflict]:
    """Keep what the page sends, each field on the version the page showed (hidden ``v_<field>``); the conflicts."""
    stored, typed = draft.versions(), {}
    for name in names:
        base = request.POST.get(f"v_{name}", "")
        is_number = base.isdecimal() and len(base) < LONGEST_NUMBER
        typed[name] = drafts.Typed(request.POST.get(name, ""), int(base) if is_number else stored.get(name, 0))
    saved = drafts.save_fields(request.actor, draft.pk, typed, step="form")
    draft.refresh_from_db()
    return saved.conflicts


def shown_anew(actor: Actor, draft: Draft, refused: RuleBroken) -> None:
    """Where the form was refused because it was changed meanwhile: the page that says so shows the answers by its present version."""
    if isinstance(refused, drafts.FormChanged):
        drafts.shown_anew(actor, draft.pk, form_version=FORM_VERSION)


def labelled(form: forms.Form, conflicts: dict[str, drafts.Conflict]) -> list[tuple[object, drafts.Conflict]]:
    """Conflicts with the labels of their fields."""
    return [(form.fields[name].label, conflict) for name, conflict in conflicts.items()]
