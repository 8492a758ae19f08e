"""Sending a short message at once (a code for sign-in or signing), without knowing who delivers it.

The deliverer is named by ``TIREK_MESSAGE_SENDER`` in the settings, the way Django names its e-mail backend.
"""

from dataclasses import dataclass
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A short message to one address.

    Attributes:
        channel: ``sms`` or ``email``.
        address: phone in E.164 form, or e-mail address.
        text: the text, in the receiver's language; it may hold a code and is never logged.
        purpose: stable code of what it is for.
        user_id: account it belongs to, when there is one.
    """

    channel: str
    address: str
    text: str
    purpose: str
    user_id: UUID | None = None


class Sender(Protocol):
    """Delivers a short message or raises ``Undeliverable``."""

    def __call__(self, message: ShortMessage) -> None:
        """Deliver ``message``, or raise ``Undeliverable``."""


class Undeliverable(Exception):
    """The channel did not take the message."""


def send(message: ShortMessage) -> None:
    """Send now, by the installation's deliverer.

    Raises:
        Undeliverable: the channel did not take the message.
    """
    sender = cast("Sender", import_string(settings.TIREK_MESSAGE_SENDER))
    sender(message)
