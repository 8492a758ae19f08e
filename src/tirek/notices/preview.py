"""Texts of notices as they will be read, in every language, before anybody gets one."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from tirek.core import clock
from tirek.core.errors import NotFound
from tirek.notices import rules, templates
from tirek.notices.templates import Template
from tirek.ui.text import day_text, moment_text, tenge_text, until_text

#: An amount that stands for any.
_AMOUNT: Final = "12500"
_SHOWN: Final[dict[str, Callable[[], str]]] = {
    "day": lambda: day_text(clock.today()),
    "until": lambda: until_text(clock.today()),
    "moment": lambda: moment_text(clock.now()),
    "tenge": lambda: tenge_text(_AMOUNT),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in one language, with marks in the place of facts.

    Attributes:
        language: code.
        name: of the language, in itself.
        title: heading in the inbox, and subject of an e-mail.
        body: in the inbox and of an e-mail.
        easy: the same for who asked for short, simple sentences; "" where there is none.
        sms: short message; "" when none is sent.
        signs: of the short message.
        parts: in how many parts it travels, each paid for; a fact can make it longer.
    """

    language: str
    name: str
    title: str
    body: str
    easy: str
    sms: str
    signs: int
    parts: int


def sample(text: str) -> str:
    """A text with a mark in the place of each fact: ``‹number›``; days and amounts as they are written."""
    found = []
    for words, name, spec, _conversion in Formatter().parse(text):
        found.append(words)
        if name is not None:
            show = _SHOWN.get(spec or "")
            found.append(show() if show else f"‹{name}›")
    return "".join(found)


def named(code: str) -> str:
    """The title of a kind of notices, with marks in the place of facts; one that is no longer sent has none."""
    return sample(str(templates.template(code).title)) if templates.is_known(code) else gettext("a notice of the past")


def kinds() -> list[Template]:
    """All kinds of notices, by their codes."""
    return sorted(templates.all_templates(), key=lambda one: one.code)


def shown(code: str) -> list[Shown]:
    """A kind of notice in every language.

    Raises:
        NotFound: nobody registered it.
    """
    if not templates.is_known(code):
        raise NotFound
    kind, found = templates.template(code), []
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            sms = "" if kind.sms is None else sample(str(kind.sms))
            found.append(
                Shown(
                    language=language,
                    name=str(name),
                    title=sample(str(kind.title)),
                    body=sample(str(kind.body)),
                    easy=sample(templates.easy_body(code)),
                    sms=sms,
                    signs=len(sms),
                    parts=rules.parts_of(sms),
                )
            )
    return found
