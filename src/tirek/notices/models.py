"""Notices: the portal's inbox, and what leaves by short message and e-mail."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.tables import Row


class Route(models.TextChoices):
    """Ways out of the portal."""

    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")


class ContactPoint(Row):
    """Where and in which language an account is reached."""

    user_id = models.UUIDField()
    channel = models.CharField(max_length=10, choices=Route.choices)
    address = models.CharField(max_length=254, help_text="Phone in E.164 form, or e-mail address.")
    language = models.CharField(max_length=2)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "channel"], name="notices_contact_once")]


class Notice(Row):
    """One notice in the inbox of one account. Its words are made when it is read, in the reader's language."""

    user_id = models.UUIDField()
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict, help_text="Codes, ids, dates and amounts; nothing about health.")
    case_type = models.CharField(max_length=40, blank=True)
    case_id = models.UUIDField(null=True)
    about = models.UUIDField(null=True, help_text="Person it is about; named to everybody else who reads it.")
    read_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, help_text="When its deliveries were written.")

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-created_at"], name="notices_inbox"),
            models.Index(fields=["user_id"], name="notices_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["created_at"], name="notices_undispatched", condition=Q(dispatched_at__isnull=True)),
        ]


class Delivery(Row):
    """One notice on its way by one channel; what became of it is never guessed."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        DROPPED = "dropped", _("no longer to be sent")
        UNKNOWN = "unknown", _("not known whether it arrived")

    UNFINISHED = frozenset({State.PENDING, State.CLAIMED})
    NEEDS_STAFF = frozenset({State.FAILED, State.UNKNOWN})

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Route.choices)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=100, blank=True, help_text="Code of what went wrong.")
    repeats = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="repeated_by")

    class Meta:
        indexes = [
            models.Index(fields=["try_after"], name="notices_delivery_due", condition=Q(state="pending")),
            models.Index(fields=["claimed_at"], name="notices_delivery_claimed", condition=Q(state="claimed")),
            models.Index(
                fields=["-created_at"], name="notices_delivery_staff", condition=Q(state__in=["failed", "unknown"])
            ),
        ]


class SentMessage(Row):
    """Demo channel: what would have left, with its text. Written only in demo mode."""

    channel = models.CharField(max_length=10, choices=Route.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    purpose = models.CharField(max_length=80)
    user_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=clock.now, db_index=True)
