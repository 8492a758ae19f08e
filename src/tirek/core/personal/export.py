"""What is held about a person, section by section: for the person to read, and to take along as a file.

Each app registers its sections in its ``personal.py``; the entrance gathers them for a page and a file. A section gives
plain values; codes come as ``Word`` with their words in the reader's language, and each field has a title.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from tirek.core.actors import Actor, Channel, Desk
from tirek.core.case.journal import Event, EventNote
from tirek.core.case.registry import CaseType
from tirek.core.errors import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data are asked for: the person, and the person's account where there is one."""

    person_id: UUID
    user_id: UUID | None

    @property
    def accounts(self) -> tuple[UUID, ...]:
        """The account, or nothing."""
        return () if self.user_id is None else (self.user_id,)


@dataclass(frozen=True, slots=True)
class Word:
    """A code with its words in the reader's language."""

    code: str
    text: str


Value = None | bool | int | Decimal | str | date | datetime | UUID | Word
Entry = dict[str, "Value | Sequence[Entry]"]
Read = Callable[[Subject], Sequence[Entry]]
Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of what is held.

    Attributes:
        code: stable name in the file.
        app: whose ``personal`` room declares it; its titles name the fields.
        title: heading of the page.
        place: order of the sections.
        models: labels of the tables it tells of (``people.Consent``).
        read: entries of a person.
    """

    code: str
    app: str
    title: Text
    place: int
    models: tuple[str, ...]
    read: Read


_sections: dict[str, Section] = {}
_titles: dict[str, dict[str, Text]] = {}
_codes: dict[str, Text] = {}
_left_out: dict[str, str] = {}


def section(code: str, *models: str, title: Text, place: int) -> Callable[[Read], Read]:
    """Register a section: ``(subject) -> entries``."""

    def known(function: Read) -> Read:
        app = function.__module__.split(".")[1]
        _sections[code] = Section(code=code, app=app, title=title, place=place, models=models, read=function)
        return function

    return known


def titles(app: str, /, **words: Text) -> None:
    """Say what fields are called in the sections of an app, by their names in entries."""
    _titles.setdefault(app, {}).update(words)


def codes(**words: Text) -> None:
    """Say what codes mean that no choices name, with ``_`` for dots: purposes of signatures, kinds of forms and of
    events.
    """
    _codes.update(words)


def coded(code: str) -> Word:
    """A code with its words; one that nobody named stands for itself."""
    return Word(code, str(_codes.get(code.replace(".", "_"), code)))


def question(form: str, field: str) -> "Word | str":
    """What a field of a form is called: as ``codes`` names ``form.field``, else the field itself."""
    text = _codes.get(f"{form}.{field}".replace(".", "_"))
    return field if text is None else Word(field, str(text))


def answer(form: str, field: str, value: str) -> "Word | str":
    """What was answered in a form: a code with its words where ``codes`` names ``form.field.value``, else what was
    typed.
    """
    text = _codes.get(f"{form}.{field}.{value}".replace(".", "_"))
    return value if text is None else Word(value, str(text))


#: Keys that were answered → what people call them; a key that is gone has no name.
KeyNames = Callable[[Collection[str]], Mapping[str, str]]
_keys: dict[tuple[str, str], KeyNames] = {}


def keyed(form: str, field: str, names: KeyNames) -> None:
    """Say how keys are called that a field of a form holds: nobody reads a key."""
    _keys[form, field] = names


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def answers(form: str, filled: Sequence[Mapping[str, str]]) -> list[list[Entry]]:
    """What was answered in drafts of one form, field by field; keys by what they name (one question of each field that
    holds keys), left out where that is gone.
    """
    told = {
        field: names({values[field] for values in filled if _is_key(values.get(field, ""))})
        for (of, field), names in _keys.items()
        if of == form
    }
    return [
        [
            {
                "field": question(form, name),
                "value": told[name].get(value, "") if name in told else answer(form, name, value),
            }
            for name, value in values.items()
        ]
        for values in filled
    ]


def leaves_out(why: str, *models: str) -> None:
    """Say that tables which point at people are not in the export, and why."""
    _left_out.update(dict.fromkeys(models, why))


def sections() -> tuple[Section, ...]:
    """Every section, in order."""
    return tuple(sorted(_sections.values(), key=lambda one: (one.place, one.code)))


def left_out() -> dict[str, str]:
    """Tables that are not exported, with the reason."""
    return dict(_left_out)


def title_of(section: Section, name: str) -> str:
    """What a field of a section is called in the reader's language: as its own app says, else as everywhere.

    Raises:
        KeyError: nobody named it.
    """
    own, common = _titles.get(section.app, {}), _titles["core"]
    return str(own[name] if name in own else common[name])


def word(choices: type[models.TextChoices], code: str) -> Word:
    """A code of ``choices`` with its words; a code that is no longer known stands for itself."""
    return Word(code, str(choices(code).label) if code in choices.values else code)


def desk(code: str) -> Word:
    """The kind of user who acted."""
    return word(Desk, code)


def channel(code: str) -> Word:
    """The way in."""
    return word(Channel, code)


_COMMON: Mapping[str, type[models.TextChoices]] = {"desk": Desk, "channel": Channel}


def entry(row: models.Model, *names: str) -> Entry:
    """The named columns of a row: choices, desks and channels as ``Word``."""
    found: Entry = {}
    for name in names:
        value = getattr(row, name)
        field = row._meta.get_field(name)
        if isinstance(value, str) and value and (getattr(field, "choices", None) or name in _COMMON):
            words = dict(getattr(field, "flatchoices", None) or ())
            found[name] = Word(value, str(words[value])) if value in words else word(_COMMON.get(name, Desk), value)
        else:
            found[name] = value
    return found


def entries(rows: Iterable[models.Model], *names: str) -> list[Entry]:
    """The named columns of each row."""
    return [entry(row, *names) for row in rows]


def cases(
    kind: CaseType[Any],
    subject: Subject,
    *columns: str,
    more: Callable[[list[Any]], Mapping[UUID, Entry]] | None = None,
) -> list[Entry]:
    """The cases of a type that the person sees: number, state in words, what ``more`` tells of each, the named columns,
    and the history as the person may read it (two queries, and those of ``more``). What holds entries of its own stands
    before the history.
    """
    reader = Actor(desk=Desk.RECIPIENT, user_id=subject.user_id, person_id=subject.person_id)
    rows = list(kind.visible_to(reader).order_by("created_at", "pk"))
    told, history = more(rows) if more else {}, histories(kind, [one.pk for one in rows])
    found = []
    for one in rows:
        own = told.get(one.pk, {})
        first = {"number": one.number, "state": Word(one.state, one.get_state_display())}
        whole = first | own | entry(one, *columns) | {"history": history.get(one.pk, [])}
        found.append(dict(sorted(whole.items(), key=lambda item: isinstance(item[1], list))))
    return found


def histories(kind: CaseType[Any], keys: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """The histories of cases of one type as entries, by the key of the case (two queries); what officers noted is for
    officers.
    """
    events = list(Event.objects.filter(case_type=kind.code, case_id__in=keys).order_by("case_id", "n"))
    notes = dict(EventNote.objects.filter(event_id__in=[one.pk for one in events]).values_list("event_id", "text"))
    found: dict[UUID, list[Entry]] = {}
    for event in events:
        told: Entry = {
            "at": event.at,
            "kind": Word(event.type, kind.words.event(event.type)),
            "desk": desk(str(event.content["desk"])),
            "channel": channel(str(event.content["channel"])),
        }
        if event.pk in notes and event.content["desk"] != Desk.OFFICER:
            told["text"] = notes[event.pk]
        found.setdefault(event.case_id, []).append(told)
    return found


def plain(value: "Value | Sequence[Entry]") -> Plain:
    """A value as JSON has it: amounts as text, days and moments in ISO 8601, codes with their words."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Word):
        return {"code": value.code, "text": value.text}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return [{name: plain(item) for name, item in one.items()} for one in value]


def names_in(found: Sequence[Entry]) -> set[str]:
    """Every field name in entries, also in those within."""
    names: set[str] = set()
    for one in found:
        names |= set(one)
        for item in one.values():
            if isinstance(item, Sequence) and not isinstance(item, str):
                names |= names_in(item)
    return names


def held_about(subject: Subject) -> list[tuple[Section, Sequence[Entry]]]:
    """Every section with its entries, in order. The caller has checked who asks."""
    return [(one, one.read(subject)) for one in sections()]


def file_of(subject: Subject) -> dict[str, Plain]:
    """All that is held as JSON: ``sections`` by code, each with its title, the titles of its fields, and its entries.
    The caller has checked who asks.
    """
    return {
        "sections": {
            one.code: {
                "title": str(one.title),
                "titles": {name: title_of(one, name) for name in sorted(names_in(some))},
                "entries": plain(some),
            }
            for one, some in held_about(subject)
        }
    }
