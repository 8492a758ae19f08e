"""A file with what could not be sent from somebody's device, taken in at a counter.

The file is written by the page of what is not sent yet (``assets/src/unsent.js``) and comes through any hands: nothing
in it is believed but that somebody typed these answers. What was pressed is agreed to anew by the person who is there.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.drafts.answers import Typed
from tirek.core.drafts.drafts import MAX_FIELD, MAX_FIELDS, SHOWN, Draft, left_lying, merge
from tirek.core.drafts.errors import HeldElsewhere
from tirek.core.drafts.forms import asked_of
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.core.keys import read_key

#: Bytes of a file at most.
LARGEST: Final = 1_000_000
_WHAT: Final = "unsent"
_VERSION: Final = 1
_KEY: Final = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
#: Forms that one press sends at most.
_MOST_FORMS: Final = 20
_OLDEST: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file says.

    Attributes:
        draft_keys: the forms; several where one press was to send them together.
        typed: answers that had not reached us; empty where the form was complete and only its press waited.
    """

    draft_keys: Sequence[UUID]
    typed: Mapping[str, Typed]


def _not_ours() -> RuleBroken:
    return RuleBroken(
        _("This is no file of a form that could not be sent."),
        next_step=_("Choose the file whose name begins with “tirek-”, or fill in the form together with the person."),
        code="not_ours",
    )


def read(content: bytes) -> Brought:
    """What a file says, checked.

    Raises:
        RuleBroken: it is none of ours, of another version, or too large.
    """
    if len(content) > LARGEST:
        raise _not_ours()
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _not_ours() from error
    if not isinstance(told, dict) or told.get("tirek") != _WHAT or told.get("version") != _VERSION:
        raise _not_ours()
    fields, keys = told.get("fields"), _keys(told)
    if not keys or not isinstance(fields, dict) or len(fields) > MAX_FIELDS or (fields and len(keys) > 1):
        raise _not_ours()
    return Brought(keys, {name: _typed(name, one) for name, one in fields.items()})


def _keys(told: Mapping[str, Any]) -> list[UUID]:
    """The forms: those that the press names, else the one of the address; none where one of them is no key."""
    named = told.get("drafts") or []
    if not named:
        found = _KEY.search(str(told.get("address", ""))[:300])
        named = [found.group(1)] if found else []
    if not isinstance(named, list) or len(named) > _MOST_FORMS:
        return []
    keys = [read_key(one) if isinstance(one, str) else None for one in named]
    return [one for one in keys if one is not None] if all(keys) else []


def _is_text(value: object) -> bool:
    """Whether a value is text that the database can hold."""
    if not isinstance(value, str) or len(value) > MAX_FIELD or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _typed(name: str, one: Any) -> Typed:  # noqa: ANN401 - whatever a file holds
    if not _NAME.fullmatch(name) or name.startswith(SHOWN) or not isinstance(one, dict):
        raise _not_ours()
    value = one.get("value")
    if not _is_text(value):
        raise _not_ours()
    base, at = _number(one.get("base"), below=10**9), _number(one.get("at"), below=10**14)
    age = clock.now().timestamp() - at / 1000
    return Typed(cast("str", value), base, min(max(timedelta(seconds=age), timedelta()), _OLDEST))


def _number(told: object, *, below: int) -> int:
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told < below:
        raise _not_ours()
    return int(told)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a file.

    Attributes:
        draft: the form that goes on; the first of several.
        left_out: values that were not taken, because the form does not ask them.
    """

    draft: Draft
    left_out: Sequence[str]


def take_in(actor: Actor, brought: Brought, *, person_id: UUID, territory_code: str, forms: frozenset[str]) -> Taken:
    """An officer goes on with the forms of a person who is there, with the answers that the file brings: of two answers
    to one question the newest holds, as when both had been typed here. All forms, or none; of the answers those that
    the form asks.

    Args:
        actor: the officer, who has opened the person's file.
        brought: what the file says.
        person_id: who is there.
        territory_code: where the person lives: the form lies at that office now.
        forms: codes of the forms that an officer can fill in.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: the form is of somebody else or gone, no officer can fill it in, or the answers are none of it.
        StaleState: it was sent meanwhile.
        HeldElsewhere: another officer has it.
    """
    if actor.desk is not Desk.OFFICER or actor.user_id is None:
        raise NotAllowed
    with transaction.atomic():
        taken = [
            _take_one(actor, key, brought.typed, person_id=person_id, territory_code=territory_code, forms=forms)
            for key in sorted(brought.draft_keys)
        ]
    return taken[0]


def _take_one(
    actor: Actor,
    key: UUID,
    typed: Mapping[str, Typed],
    *,
    person_id: UUID,
    territory_code: str,
    forms: frozenset[str],
) -> Taken:
    draft = Draft.objects.select_for_update().filter(pk=key, subject_id=person_id).first()
    if draft is None or draft.state == Draft.State.ARCHIVED:
        raise RuleBroken(
            _("This form is about somebody else, or it was deleted."),
            next_step=_("Compare whose file is open here, or fill in a new form together with the person."),
            code="other_person",
        )
    if draft.state == Draft.State.SUBMITTED:
        raise StaleState(state=draft.state, message=_("This form has already been sent."))
    if draft.form not in forms:
        raise RuleBroken(
            _("Nobody but the person fills in this form."),
            next_step=_("Let the person send it from the own account, here or at home."),
            code="own_form",
        )
    with_another = draft.state == Draft.State.OPEN and bool(draft.taken_at) and draft.holder_id != actor.user_id
    if with_another and not left_lying([draft]):
        raise HeldElsewhere
    now = clock.now()
    left_out = _merge_asked(actor, draft, typed, now)
    draft.state, draft.holder_id, draft.territory_code, draft.taken_at = (
        Draft.State.OPEN,
        actor.user_id,
        territory_code,
        now,
    )
    draft.version += 1
    draft.updated_at = now
    draft.save(update_fields=["state", "holder_id", "territory_code", "taken_at", "fields", "version", "updated_at"])
    return Taken(draft, left_out)


def _merge_asked(actor: Actor, draft: Draft, typed: Mapping[str, Typed], now: datetime) -> list[str]:
    """Put the answers to what the form asks into it, also to what it asks only after some of them; the values of the
    others are given back.

    Raises:
        RuleBroken: with these answers the form could not be opened any more.
    """
    left = dict(typed)
    while left:
        asked = asked_of(actor, draft)
        if asked is None:
            raise _not_ours()
        answered = left.keys() & asked
        if not answered:
            break
        for name in answered:
            one = left.pop(name)
            merge(draft.cells(), name, one, now - one.age, actor)
    if typed and asked_of(actor, draft) is None:
        raise _not_ours()
    return [one.value for _name, one in sorted(left.items())]
