"""How a person wants pages to look: size, contrast, spacing, pictures.

Turned into classes of ``<html>`` by the server, so it works without scripts and from the first byte. The choice of
somebody who is signed in stands with the account and leaves nothing in the browser: it comes back on another device,
and the next person at a shared computer does not inherit it. Before sign-in it is kept in a cookie.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor

COOKIE = "tirek_display"
COOKIE_AGE = timedelta(days=365)


class Size(models.TextChoices):
    """Size of text, in percent of the usual."""

    USUAL = "100", _("Usual size")
    LARGE = "125", _("Large")
    LARGER = "150", _("Larger")
    LARGEST = "200", _("Largest")


class Contrast(models.TextChoices):
    """Colours of the page."""

    USUAL = "usual", _("Usual colours")
    LIGHT = "light", _("Black on white")
    DARK = "dark", _("White on black")
    YELLOW = "yellow", _("Yellow on black")


class Spacing(models.TextChoices):
    """Room between letters, words and lines."""

    USUAL = "usual", _("Usual spacing")
    WIDE = "wide", _("Wide spacing")


class Pictures(models.TextChoices):
    """Whether pictures are shown."""

    SHOWN = "shown", _("Show pictures")
    HIDDEN = "hidden", _("Do not show pictures")


Choice = TypeVar("Choice", bound=models.TextChoices)


def _choice(kind: type[Choice], value: object, usual: Choice) -> Choice:
    return kind(value) if value in kind.values else usual


@dataclass(frozen=True, slots=True)
class Display:
    """One person's choice; everything usual unless chosen."""

    size: Size = Size.USUAL
    contrast: Contrast = Contrast.USUAL
    spacing: Spacing = Spacing.USUAL
    pictures: Pictures = Pictures.SHOWN

    @classmethod
    def chosen(cls, values: Mapping[str, object]) -> Self:
        """The choices named in ``values``; what is missing or unknown is usual, because cookies outlive versions."""
        return cls(
            size=_choice(Size, values.get("size"), Size.USUAL),
            contrast=_choice(Contrast, values.get("contrast"), Contrast.USUAL),
            spacing=_choice(Spacing, values.get("spacing"), Spacing.USUAL),
            pictures=_choice(Pictures, values.get("pictures"), Pictures.SHOWN),
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``dump`` wrote: ``size=150.contrast=dark``."""
        pairs = (pair.partition("=") for pair in text.split("."))
        return cls.chosen({name: value for name, _equals, value in pairs})

    def dump(self) -> str:
        """The choice as ``parse`` reads it, without what is usual."""
        return ".".join(f"{name}={value.value}" for name, value in self._unusual().items())

    @property
    def classes(self) -> str:
        """Classes of ``<html>``: ``display-size-150 display-contrast-dark``."""
        return " ".join(f"display-{name}-{value.value}" for name, value in self._unusual().items())

    @property
    def words(self) -> str:
        """What differs from the usual look, in the reader's language; "" when nothing does."""
        return ", ".join(str(value.label) for value in self._unusual().values())

    @property
    def shows_pictures(self) -> bool:
        """Whether pictures are wanted."""
        return self.pictures == Pictures.SHOWN

    def stored(self) -> dict[str, str]:
        """The whole choice as ``chosen`` reads it, usual values too: an account that has chosen the usual look has
        chosen.
        """
        return {field.name: str(getattr(self, field.name).value) for field in fields(self)}

    def _unusual(self) -> dict[str, models.TextChoices]:
        chosen: dict[str, models.TextChoices] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                chosen[field.name] = value
        return chosen


Keeper = Callable[[HttpRequest, Display], None]
_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    """Say who keeps the choice of somebody who is signed in (``accounts``, once, from its ``ready``)."""
    _keepers[:] = [keeper]


def _of_account(request: HttpRequest) -> Mapping[str, object] | None:
    """What stands with the account, ``{}`` when nothing was chosen yet, ``None`` for somebody not signed in.

    The account behind an actor is read already; before there is an actor (an error page) nothing is asked.
    """
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.user_id is None:
        return None
    kept = getattr(getattr(request, "user", None), "display", None)
    return kept if isinstance(kept, dict) else None


def of_browser(request: HttpRequest) -> Display:
    """The choice that the browser brought."""
    return Display.parse(request.COOKIES.get(COOKIE, ""))


def of(request: HttpRequest) -> Display:
    """How the page looks for ``request``: as the account has chosen, else as the browser has."""
    kept = _of_account(request)
    return Display.chosen(kept) if kept else of_browser(request)


def remember(request: HttpRequest, response: HttpResponse, display: Display) -> None:
    """Keep ``display`` with the account of somebody who is signed in, else in the browser for a year."""
    if _of_account(request) is not None:
        for keep in _keepers:
            keep(request, display)
        forget(response)
    elif display == Display():
        forget(response)
    else:
        response.set_cookie(
            COOKIE,
            display.dump(),
            max_age=COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )


def forget(response: HttpResponse) -> None:
    """The browser goes back to the usual look: after signing out, for the next person."""
    response.delete_cookie(COOKIE, samesite="Lax")
