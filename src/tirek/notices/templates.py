"""Texts of notices in three languages, by code. Apps above register theirs; a notice keeps the code and the facts.

A text holds placeholders. A fact that needs the reader's language says how it is shown: ``{ready_on:day}``,
``{last_day:until}``, ``{sent_at:moment}``, ``{price:tenge}``; codes are turned into words by the template's ``words``.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any, Final, Protocol
from uuid import UUID

from tirek.core.errors import Text
from tirek.ui.text import day_text, moment_text, tenge_text, until_text

Fact = str | int | bool | None
Facts = dict[str, Fact]
Words = Callable[[Sequence[Mapping[str, Fact]]], list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of notice.

    Attributes:
        code: stable name, for example ``orders.accepted``.
        title: heading in the inbox and subject of an e-mail.
        body: text in the inbox and of an e-mail.
        sms: text of a short message; ``None`` when none is sent.
        words: for many notices at once, words in the reader's language to put beside the facts (names by their codes).
    """

    code: str
    title: Text
    body: Text
    sms: Text | None
    words: Words | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice in words of the present language; ``sms`` is "" when none is sent."""

    title: str
    body: str
    sms: str


_templates: dict[str, Template] = {}
_easy: dict[str, Text] = {}
_on_paper: dict[str, Callable[[Any], str]] = {}
_END_OF_SENTENCE: Final = re.compile(r"(?<=[.?!]) ")
_SHOWN: Final[dict[str, Callable[[str], str]]] = {
    "day": lambda fact: day_text(date.fromisoformat(fact)),
    "until": lambda fact: until_text(date.fromisoformat(fact)),
    "moment": lambda fact: moment_text(datetime.fromisoformat(fact)),
    "tenge": lambda fact: tenge_text(Decimal(fact)),
}


class _Facts(Formatter):
    """Puts facts into a text, each as its placeholder says."""

    def format_field(self, value: object, format_spec: str) -> str:
        show = _SHOWN.get(format_spec)
        return show(str(value)) if show else str(format(value, format_spec))


def register(code: str, *, title: Text, body: Text, sms: Text | None = None, words: Words | None = None) -> Template:
    """Make a kind of notice known; once, from the app's room ``messages``. Texts are lazy translations.

    Raises:
        ValueError: the code is taken by other texts.
    """
    template = Template(code=code, title=title, body=body, sms=sms, words=words)
    known = _templates.get(code)
    if known is not None and known != template:
        raise ValueError(f"Notice {code} is registered twice.")
    _templates[code] = template
    return template


def say_easily(code: str, body: Text) -> None:
    """The body for readers who asked for short, simple sentences, each on a line of its own; once, from the app's room
    ``easy_messages``.

    Raises:
        KeyError: nobody registered this kind of notice.
        ValueError: it is said easily already, by other words.
    """
    if code not in _templates:
        raise KeyError(code)
    if _easy.setdefault(code, body) != body:
        raise ValueError(f"Notice {code} is said easily twice.")


def easy_body(code: str) -> str:
    """The body in easy words, in the present language; "" where there is none."""
    return _END_OF_SENTENCE.sub("\n", str(_easy[code])) if code in _easy else ""


def template(code: str) -> Template:
    """The kind of notice with this code (``KeyError`` when nobody registered it)."""
    return _templates[code]


def tell_on_paper(code: str, told: Callable[[Any], str]) -> None:
    """What a letter says besides: what stands on the page that its reader does not open; once, from the app's room
    ``paper_messages``; ``told`` gets the notice.

    Raises:
        KeyError: nobody registered this kind of notice.
        ValueError: it is told already.
    """
    if code not in _templates:
        raise KeyError(code)
    if _on_paper.setdefault(code, told) is not told:
        raise ValueError(f"Notice {code} is told on paper twice.")


def on_paper(notice: Any) -> str:  # noqa: ANN401 - a notice; its table stands above
    """What a letter says besides, in the present language; "" for nothing."""
    told = _on_paper.get(notice.template)
    return told(notice) if told is not None else ""


def all_templates() -> list[Template]:
    """Every kind of notice that somebody registered."""
    return list(_templates.values())


def is_known(code: str) -> bool:
    """Whether somebody registered this kind of notice."""
    return code in _templates


def plain_facts(context: Mapping[str, object]) -> Facts:
    """Facts as they are stored: codes, ids, numbers, dates and amounts as text.

    Raises:
        TypeError: a fact is something else, for example an object that could carry personal data.
    """
    facts: Facts = {}
    for name, fact in context.items():
        if fact is None or isinstance(fact, bool | int | str):
            facts[name] = fact
        elif isinstance(fact, date):
            facts[name] = fact.isoformat()
        elif isinstance(fact, Decimal | UUID):
            facts[name] = str(fact)
        else:
            raise TypeError(f"A notice does not carry a {type(fact).__name__}: {name}")
    return facts


class _Addressed(Protocol):
    """A notice: whose inbox it stands in, and whom it is about."""

    @property
    def user_id(self) -> UUID:
        """Account."""

    @property
    def about(self) -> UUID | None:
        """Person."""

    @property
    def template(self) -> str:
        """Kind of notice."""


#: ``pairs of (account, person) -> names of those who are another than the holder of the account``, in the same order.
Names = Callable[[Sequence[tuple[UUID, UUID]]], list[str]]
_names: list[Names] = []


def name_people_by(names: Names) -> Names:
    """Say by which name a notice speaks of the person it is about to somebody else; from the app that knows people."""
    _names[:] = [names]
    return names


def names_in(notices: Sequence[_Addressed]) -> list[str]:
    """The name by which each notice begins; "" for one about its reader, or about nobody."""
    pairs = [(one.user_id, one.about) for one in notices if one.about is not None]
    if not pairs or not _names:
        return [""] * len(notices)
    found = iter(_names[0](pairs))
    return [next(found) if one.about is not None else "" for one in notices]


#: ``accounts -> those of them whose holder asked for short, simple sentences``.
EasyReaders = Callable[[Collection[UUID]], Collection[UUID]]
_easy_readers: list[EasyReaders] = []


def ask_easy_readers_of(readers: EasyReaders) -> EasyReaders:
    """Say who reads easy words; from the app that knows people."""
    _easy_readers[:] = [readers]
    return readers


def easy_in(notices: Sequence[_Addressed]) -> list[bool]:
    """Which notices are told in easy words (one question, where one of them has such)."""
    asked = {one.user_id for one in notices if one.template in _easy}
    readers = _easy_readers[0](asked) if asked and _easy_readers else ()
    return [one.template in _easy and one.user_id in readers for one in notices]


def _short(text: str, name: str) -> str:
    """A short message that names the person: behind the name of the portal where it begins with that."""
    head, sign, rest = text.partition(": ")
    return f"{head} ({name}): {rest}" if sign and " " not in head else f"{name}: {text}"


def render_many(
    code: str,
    facts: Sequence[Mapping[str, Fact]],
    *,
    names: Sequence[str] = (),
    easy: Sequence[bool] = (),
    instead: Mapping[str, str] | None = None,
) -> list[Rendered]:
    """Notices of one kind in words of the present language; ``words`` is asked once for all of them.

    Args:
        code: of the kind.
        facts: of each notice.
        names: by which name each begins (``names_in``), where it is about another than its reader.
        easy: which are told in easy words (``easy_in``).
        instead: words in the place of facts that are not told on this way (a code in a letter).
    """
    kind = template(code)
    words = kind.words(facts) if kind.words else [{} for _one in facts]
    put, found, plainly = _Facts(), [], easy_body(code)
    count = len(facts)
    for fact, word, name, is_easy in zip(facts, words, names or [""] * count, easy or [False] * count, strict=True):
        said = {**fact, **word, **(instead or {})}
        title = put.vformat(str(kind.title), (), said)
        sms = "" if kind.sms is None else put.vformat(str(kind.sms), (), said)
        found.append(
            Rendered(
                title=f"{name}: {title}" if name else title,
                body=put.vformat(plainly if is_easy else str(kind.body), (), said),
                sms=_short(sms, name) if name and sms else sms,
            )
        )
    return found
