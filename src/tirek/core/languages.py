"""Kazakh, Russian and English as equals."""

from django.utils.translation import get_language

LANGUAGES = ("kk", "ru", "en")


def current() -> str:
    """Code of the present reader's language: kk, ru or en."""
    language = (get_language() or "kk")[:2]
    return language if language in LANGUAGES else "kk"


def in_language(*, kk: str, ru: str, en: str) -> str:
    """The text in the present reader's language; Kazakh, then Russian where a text is missing."""
    return {"kk": kk, "ru": ru, "en": en}[current()] or kk or ru


def own_part(written: str) -> str:
    """A name that a paper has in Kazakh and in Russian, “Kazakh / Russian”, in the present reader's language (Kazakh
    for readers of English); one that is written otherwise stays as it is.
    """
    kazakh, slash, russian = written.partition(" / ")
    return in_language(kk=kazakh, ru=russian, en="") if slash and " / " not in russian else written
