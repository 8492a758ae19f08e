"""Notices by post: who wants them so, the envelopes of a day, and the notices in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core.tables import Row
from tirek.notices.models import Notice
from tirek.people.models import Person


class ByPost(Row):
    """A person wants notices by post, whatever phone or e-mail is on file; taken back by deleting it."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    said_to = models.UUIDField(help_text="Account of the officer who entered it.")


class Envelope(Row):
    """What goes to one person on one day."""

    class State(models.TextChoices):
        QUEUED = "queued", _("to be printed")
        PRINTED = "printed", _("printed")
        POSTED = "posted", _("posted")
        RETURNED = "returned", _("came back")

    class Reason(models.TextChoices):
        NO_ADDRESS = "no_address", _("there is no address on file")
        UNKNOWN = "unknown", _("the person is not known at the address")
        MOVED = "moved", _("the person has moved")
        NOT_FETCHED = "not_fetched", _("nobody fetched the letter")
        OTHER = "other", _("another reason")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the district that posts it.")
    address = models.CharField(max_length=300, blank=True, help_text="As it stands in the window of the envelope.")
    language = models.CharField(max_length=2)
    is_large = models.BooleanField(default=False, help_text="In large print.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    printed_in = models.UUIDField(null=True, help_text="Of all that were printed in one document.")
    printed_at = models.DateTimeField(null=True)
    posted_on = models.DateField(null=True)
    posted_by = models.UUIDField(null=True)
    returned_on = models.DateField(null=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When the person was reached after it came back.")
    settled_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="letters_envelope_once"),
            models.CheckConstraint(condition=Q(state="returned") | Q(reason=""), name="letters_envelope_reason"),
        ]
        indexes = [
            models.Index(fields=["day", "territory_code", "id"], name="letters_envelope_day"),
            models.Index(
                fields=["territory_code", "returned_on"],
                name="letters_envelope_back",
                condition=Q(state="returned", settled_at__isnull=True),
            ),
        ]


class Letter(Row):
    """One notice in an envelope; a notice goes by post once."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="letters")
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="+")
