"""Demo mode: whom a visitor can be with one press. ``TIREK_PERSONAS`` names who lists them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from tirek.core.actors import Desk

DEFAULT: Final = "tirek.site.demo.personas"


@dataclass(frozen=True, slots=True)
class Persona:
    """One demo account.

    Attributes:
        user_id: account.
        name: who it is.
        about: what can be tried with this person.
        desk: the desk that opens.
        session: what the session holds besides (the active membership).
        password: what it signs in with beside the picker; "" for none.
    """

    user_id: UUID
    name: str
    about: str
    desk: Desk
    session: Mapping[str, str] = field(default_factory=dict)
    password: str = ""


def personas() -> list[Persona]:
    """The demo accounts in their order; none outside demo mode."""
    if not settings.DEMO:
        return []
    listed = cast("Callable[[], list[Persona]]", import_string(getattr(settings, "TIREK_PERSONAS", DEFAULT)))
    return listed()


def password_of(user_id: UUID) -> str:
    """The password of a demo account, which its page may tell; "" for every other."""
    return next((one.password for one in personas() if one.user_id == user_id), "")
