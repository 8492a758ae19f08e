"""Who acts: ids and codes only, never names."""

from dataclasses import dataclass, replace
from typing import Final, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.core.errors import NotAllowed
from tirek.core.places import within


class Desk(models.TextChoices):
    """Kinds of users; each has its own pages."""

    PUBLIC = "public", _("Public")
    RECIPIENT = "recipient", _("Recipient")
    SUPPLIER = "supplier", _("Supplier")
    OFFICER = "officer", _("Officer")
    OPERATOR = "operator", _("Operator")
    INSPECTOR = "inspector", _("Inspector")
    ANALYST = "analyst", _("Analyst")
    ADMIN = "admin", _("Administrator")
    CLOCK = "clock", _("System")


class Channel(models.TextChoices):
    """The way by which an act reached the system."""

    WEB = "web", _("website")
    COUNTER = "counter", _("counter")
    PHONE = "phone", _("telephone")
    BOT = "bot", _("Telegram bot")
    API = "api", _("API")
    CLOCK = "clock", _("clock")


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting party, as a request or a job established it.

    Attributes:
        desk: the kind of user that is active.
        user_id: account, ``None`` for the clock and for people not signed in.
        person_id: the person behind the account.
        on_behalf_of: the person who is represented, when it is not ``person_id``.
        organisation_id: the organisation of the active membership.
        territory: КАТО code (9 digits) of the place the membership answers for; "" covers no place (``covers``).
        role: code of the active membership's role.
        channel: the way in.
        device: hash of the device, "" when unknown.
        session: hash of the session, "" when there is none.
    """

    desk: Desk
    user_id: UUID | None = None
    person_id: UUID | None = None
    on_behalf_of: UUID | None = None
    organisation_id: UUID | None = None
    territory: str = ""
    role: str = ""
    channel: Channel = Channel.WEB
    device: str = ""
    session: str = ""

    @property
    def subject_id(self) -> UUID | None:
        """The person whose affairs are acted upon at the recipient's desk."""
        return self.on_behalf_of or self.person_id

    @property
    def account(self) -> UUID:
        """The account that acts.

        Raises:
            NotAllowed: nobody is signed in (or the clock acts).
        """
        if self.user_id is None:
            raise NotAllowed
        return self.user_id

    @property
    def is_service(self) -> bool:
        """Whether the service as a whole acts, in every place: the clock, or a file that an administrator imports."""
        return self == CLOCK or (self.desk is Desk.ADMIN and self.role == BY_FILE)

    def covers(self, territory_code: str) -> bool:
        """Whether a place lies in the actor's territory; no territory covers none (``core.places``)."""
        return within(territory_code, self.territory)

    def behalf(self, person_id: UUID) -> Self:
        """The same actor, acting for ``person_id``."""
        return replace(self, on_behalf_of=person_id)


#: Role of an administrator whose file is imported: each line is an act of the service, in that administrator's name.
BY_FILE: Final = "import"
CLOCK = Actor(desk=Desk.CLOCK, channel=Channel.CLOCK, role="clock")
ANYONE = Actor(desk=Desk.PUBLIC)
