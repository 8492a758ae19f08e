"""Ways out of the portal: who takes a text message or an e-mail. ``TIREK_NOTICE_CHANNELS`` names one per route.

A channel either takes a message, or says that it did not and will not (``Undeliverable``), or that it did not and may
be asked again (``NotNow``). Anything else it raises leaves open what happened, and is never repeated by itself.
"""

from dataclasses import dataclass
from email.errors import MessageError
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from socket import gaierror
from ssl import SSLCertVerificationError
from typing import Final, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from tirek.core import clock
from tirek.core.signing.messaging import ShortMessage, Undeliverable
from tirek.notices.models import Route, SentMessage


class NotNow(Exception):
    """The channel did not take the message and may be asked again later."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out.

    Attributes:
        address: phone in E.164 form, or e-mail address.
        subject: subject of an e-mail, "" for a text message.
        text: the text; never logged.
        purpose: stable code of what it is for.
        user_id: account it belongs to, when there is one.
        reference: id that stays the same when the same message is asked for again.
    """

    address: str
    subject: str
    text: str
    purpose: str
    user_id: UUID | None
    reference: str


class MessageChannel(Protocol):
    """Takes a message, or raises ``Undeliverable`` or ``NotNow``."""

    def __call__(self, message: Outgoing) -> None:
        """Hand the message over."""


def _keep(route: Route, message: Outgoing) -> None:
    SentMessage.objects.create(
        channel=route,
        address=message.address,
        subject=message.subject,
        text=message.text,
        purpose=message.purpose,
        user_id=message.user_id,
        at=clock.now(),
    )


def demo_sms(message: Outgoing) -> None:
    """Keeps the text message for the demo page."""
    _keep(Route.SMS, message)


def demo_email(message: Outgoing) -> None:
    """Keeps the e-mail for the demo page."""
    _keep(Route.EMAIL, message)


def smtp(message: Outgoing) -> None:
    """Sends an e-mail by the mail server of ``TIREK_SMTP_HOST``.

    Raises:
        Undeliverable: there is no mail server, or it refused the address or the message for good.
        NotNow: the server was not reached, did not let us in, or asks to come back.
    """
    if not settings.EMAIL_HOST:
        raise Undeliverable("No mail server is set (TIREK_SMTP_HOST).")
    try:
        EmailMessage(subject=message.subject, body=message.text, to=[message.address]).send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if codes and all(code < PERMANENT for code in codes):
            raise NotNow("The mail server asks to come back.") from error
        raise Undeliverable("The mail server refused the address.") from error
    except (SMTPSenderRefused, SMTPDataError, MessageError) as error:
        if getattr(error, "smtp_code", PERMANENT) < PERMANENT:
            raise NotNow("The mail server asks to come back.") from error
        raise Undeliverable("The mail server refused the message.") from error
    except (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError, SMTPNotSupportedError, *UNREACHED) as error:
        raise NotNow("The mail server was not reached, or did not let us in.") from error


#: From here on a mail server's answer is for good.
PERMANENT: Final = 500
#: Nothing was handed over. A connection that breaks later leaves open what happened, and is not repeated.
UNREACHED: Final = (ConnectionRefusedError, gaierror, SSLCertVerificationError)
_DEMO: Final = {Route.SMS: "tirek.notices.channels.demo_sms", Route.EMAIL: "tirek.notices.channels.demo_email"}
_PLAIN: Final = {Route.SMS: "tirek.notices.gateway.send", Route.EMAIL: "tirek.notices.channels.smtp"}


def channel(route: Route) -> MessageChannel:
    """The channel of this installation for ``route``: as set, else the demo's, else the gateway or the mail server."""
    named: dict[str, str] = settings.TIREK_NOTICE_CHANNELS
    return cast("MessageChannel", import_string(named.get(route) or (_DEMO if settings.DEMO else _PLAIN)[route]))


def is_connected(route: Route) -> bool:
    """Whether this installation has a way for ``route`` at all."""
    named: dict[str, str] = settings.TIREK_NOTICE_CHANNELS
    server = settings.EMAIL_HOST if route is Route.EMAIL else settings.TIREK_SMS_URL
    return bool(settings.DEMO or named.get(route) or server)


def send_now(message: ShortMessage) -> None:
    """Deliver a short message at once (``TIREK_MESSAGE_SENDER``).

    Raises:
        Undeliverable: the channel did not take it.
    """
    outgoing = Outgoing(
        address=message.address,
        subject="",
        text=message.text,
        purpose=message.purpose,
        user_id=message.user_id,
        reference="",
    )
    try:
        channel(Route(message.channel))(outgoing)
    except NotNow as error:
        raise Undeliverable(str(error)) from error
